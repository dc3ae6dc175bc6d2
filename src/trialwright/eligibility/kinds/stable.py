"""A condition that has been stable or decreasing for some time."""

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.newest import told
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
        return unknown(f"{says}: the day of {context.anchor} is not known", context.anchor)
    places = {each.source.place for each in casebook.conditions_of(rule.fact, context.day)}
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
    turns = (days_after(found[0].on.latest, rule.for_days),)
    answer = _answer(rule, found, context)
    is_so = {Answer.MET: "stable since", Answer.NOT_MET: "not stable since"}.get(
        answer, "perhaps stable since"
    )
    because = f"{says}: {shown}; {is_so} {start.isoformat()}"
    missing = (rule.status,) if answer is Answer.UNKNOWN else ()
    turned = tuple(day for day in turns if day > anchored)
    return Finding(answer, because, evidence, missing, turns_on=turned)


def _answer(rule: StableRule, found: list[Observation], context: Context) -> Answer:
    """Say whether findings, oldest first, are stable over the time asked."""
    if any(not each.on.is_complete for each in found):
        return Answer.UNKNOWN
    newest = [each.value for each in found if each.on == found[-1].on]
    if all(value in BAD for value in newest):
        return Answer.NOT_MET
    if not all(value in GOOD for value in newest):
        return Answer.UNKNOWN
    start = days_after(context.anchored_on or context.day, -rule.for_days)
    before = [each for each in found if each.on.latest <= start]
    if not before:
        return Answer.UNKNOWN
    last_before = before[-1].on
    from_then = [each for each in found if each.on.latest >= last_before.latest]
    return Answer.MET if all(each.value in GOOD for each in from_then) else Answer.UNKNOWN


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
