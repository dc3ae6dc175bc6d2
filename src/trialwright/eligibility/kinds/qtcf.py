"""The mean of several QTcF of one day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility import derived
from trialwright.eligibility.bounding import impossible, mean_within, say_bounds
from trialwright.eligibility.context import Context, Notes
from trialwright.eligibility.newest import (
    Amount,
    amount_of,
    doubtful_day,
    newest,
    nothing_recorded,
    of_one_day,
)
from trialwright.eligibility.windows import leaves_window_on
from trialwright.protocol.leaf_rules import QtcfRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.quantities import comparable
from trialwright.terms.verdicts import Answer, Finding

Read = list[Amount | Finding]
"""Numbers in ms, or why one is none."""


def judge(rule: QtcfRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the mean of the newest QTcF; of QT and RR where too few QTcF are recorded.

    Parameters
    ----------
    rule : QtcfRule
        Bounds in ms, terms, and how many ECGs the mean needs.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Unknown with fewer ECGs of one day than the mean needs.
    """
    recorded = newest(rule.fact, casebook, context)
    found = _judged(rule, recorded, _numbers(rule, recorded, context), context)
    if found is not None:
        return found
    qts = newest(rule.qt, casebook, context)
    pairs = _pairs(rule, qts, casebook, context)
    computed = _judged(rule, [qt for qt, _ in pairs], [number for _, number in pairs], context)
    if computed is not None:
        return computed
    if not recorded and not qts:
        return nothing_recorded(rule.fact, context)
    seen = recorded or qts
    number = len(recorded) or len(pairs)
    because = f"{context.terms[rule.fact].says}: {number} of {rule.of} ECGs on {seen[-1].on}"
    evidence = tuple(each.evidence for each in seen)
    return Finding(Answer.UNKNOWN, because, evidence, (rule.fact,))


def _judged(
    rule: QtcfRule, results: Sequence[Observation], numbers: Read, context: Context
) -> Finding | None:
    """Judge the mean of ECGs; None when there are too few of one day."""
    if len(results) < rule.of:
        return None
    day = _one_day(rule, results, context)
    if isinstance(day, Finding):
        return day
    order = {id(each): number for each, number in zip(results, numbers, strict=True)}
    chosen = of_one_day(results, rule.of)
    read = [order[id(each)] for each in chosen]
    undecided = next((each for each in read if isinstance(each, Finding)), None)
    if undecided is not None:
        return undecided
    exact = [each for each in read if isinstance(each, Amount)]
    shown = f"{context.terms[rule.fact].says} on {day.isoformat()}"
    found = mean_within(rule, exact, shown, "ms", rule.fact)
    if rule.within_days is None:
        return found
    return replace(found, turns_on=(leaves_window_on(day, rule.within_days),))


def _one_day(rule: QtcfRule, results: Sequence[Observation], context: Context) -> date | Finding:
    """Give the one day of results, or say what is doubtful about it."""
    doubts = [doubtful_day(each, rule.within_days, context) for each in results]
    doubt = next((each for each in doubts if each), "")
    day = results[-1].on
    if not doubt and (not day.is_complete or any(each.on != day for each in results)):
        doubt = "a day that is not sure"
    if not doubt:
        return day.earliest
    because = f"{context.terms[rule.fact].says}: {doubt}"
    evidence = tuple(each.evidence for each in results)
    return Finding(Answer.UNKNOWN, because, evidence, (rule.fact,))


def _numbers(rule: QtcfRule, results: Sequence[Observation], context: Context) -> Read:
    """Take recorded QTcF as numbers in ms."""
    return [amount_of(each, "ms", context) for each in results]


def _pairs(
    rule: QtcfRule, qts: Sequence[Observation], casebook: Casebook, context: Context
) -> list[tuple[Observation, Amount | Finding]]:
    """Give the QTcF of each QT with the RR of its instant; a QT without one is left out."""
    rrs = {each.at: each for each in casebook.observed(rule.rr, context.day) if each.at}
    paired = [(each, rrs[each.at]) for each in qts if each.at in rrs]
    return [(qt, _corrected(qt, rr, context)) for qt, rr in paired]


def _corrected(qt: Observation, rr: Observation, context: Context) -> Amount | Finding:
    """Give the QTcF of one instant."""
    here, beside = amount_of(qt, "ms", context), amount_of(rr, "ms", context)
    if isinstance(here, Finding):
        return here
    if isinstance(beside, Finding):
        return beside
    if here.comparator or beside.comparator or beside.number <= 0:
        because = f"{here.shown} with {beside.shown} gives no QTcF"
        return Finding(Answer.UNKNOWN, because, (here.evidence, beside.evidence), (qt.term,))
    number = derived.qtcf(here.number, beside.number)
    return replace(here, number=number, shown=f"{here.shown} with {beside.shown}")


def say(rule: QtcfRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Returns
    -------
    str
        E.g. `mean QTcF of 3 ECGs above 470 ms`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"mean QTcF of {rule.of} ECGs {say_bounds(rule)} ms{window}"


def check(rule: QtcfRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: bounds that nothing can meet, and terms that are no time.
    """
    yield from impossible(rule, "QTcF")
    for fact in (rule.fact, rule.qt, rule.rr):
        if not comparable(terms[fact].unit, "ms"):
            yield (f"{fact} recorded in {terms[fact].unit}", "a unit of time", "Correct the unit")
