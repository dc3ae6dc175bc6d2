"""A condition that has been stable or decreasing for some time."""

from datetime import date

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.newest import told, unless_unread
from trialwright.eligibility.windows import up_to
from trialwright.protocol.event_rules import StableRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import days_after
from trialwright.terms.verdicts import Answer, Finding

GOOD = frozenset({"stable", "improved"})
"""Findings of a condition that has not grown."""

BAD = frozenset({"worsened"})
"""Findings of one that has."""


def judge(rule: StableRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether findings of a condition say that it has been stable for so long.

    Parameters
    ----------
    rule : StableRule
        Condition, findings and time.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Unknown without findings that speak of the condition, and while they are stable for a
        shorter time.
    """
    says = context.terms[rule.fact].says
    anchored = context.anchored_on
    if anchored is None:
        named = context.anchor.replace("_", " ")
        return unknown(f"{says}: the day of {named} is not known", context.anchor)
    records = casebook.conditions_of(rule.fact, context.day)
    places = {each.source.place for each in records if each.is_present}
    found = [
        each
        for each in casebook.observed(rule.status, context.day)
        if places.intersection(each.about)
    ]
    if not found:
        return unknown(f"{says}: no finding speaks of it", rule.status)
    shown = "; ".join(told(each, context.terms[rule.status]) for each in found)
    evidence = tuple(each.evidence for each in found)
    start = days_after(anchored, -rule.for_days)
    answer = _answer(found, start)
    is_so = {Answer.MET: "stable since", Answer.NOT_MET: "not stable since"}.get(
        answer, "perhaps stable since"
    )
    because = f"{says}: {shown}; {is_so} {start.isoformat()}"
    missing = (rule.status,) if answer is Answer.UNKNOWN else ()
    turns = {up_to(each.on.latest, rule.for_days) for each in _lasting(found)}
    turned = tuple(sorted(day for day in turns if day > anchored))[:1]
    judged = Finding(answer, because, evidence, missing, turns_on=turned)
    return unless_unread(judged, (rule.status,), casebook, context)


def _answer(found: list[Observation], start: date) -> Answer:
    """Say whether findings are stable from a day on; a partial date decides where it can."""
    newest_from = max(each.on.earliest for each in found)
    if all(each.value in BAD for each in found if each.on.latest >= newest_from):
        return Answer.NOT_MET
    is_stable = any(each.on.latest <= start for each in _lasting(found))
    return Answer.MET if is_stable else Answer.UNKNOWN


def _lasting(found: list[Observation]) -> list[Observation]:
    """Give the findings of stable or better that certainly no other finding follows."""
    others = [each for each in found if each.value not in GOOD]
    return [
        each
        for each in found
        if each.value in GOOD and all(other.on.latest < each.on.earliest for other in others)
    ]


def say(rule: StableRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : StableRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `Central nervous system metastasis stable for at least 30 days`.
    """
    return f"{terms[rule.fact].says} stable or better for at least {rule.for_days} days"


def check(rule: StableRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : StableRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Yields
    ------
    tuple of str
        Found, allowed, do: no time at all.
    """
    if rule.for_days == 0:
        yield (f"{rule.fact} stable for 0 days", "at least 1 day", "Correct for_days")
