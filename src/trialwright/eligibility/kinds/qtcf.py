"""The mean of several QTcF of one day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility import derived
from trialwright.eligibility.bounding import impossible, mean_within, say_bounds
from trialwright.eligibility.context import Context, Notes
from trialwright.eligibility.newest import (
    Amount,
    amount_of,
    doubtful_day,
    instant,
    leaving,
    newest,
    nothing_recorded,
    unless_unread,
)
from trialwright.eligibility.plausibility import implausible
from trialwright.protocol.leaf_rules import QtcfRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.quantities import comparable
from trialwright.terms.verdicts import Answer, Evidence, Finding


@dataclass(frozen=True, slots=True)
class _Tracing:
    """One ECG: its QTcF, or why it gives none, with every record it is taken from."""

    seen: Observation
    number: Amount | Finding
    evidence: tuple[Evidence, ...]

    @classmethod
    def recorded(cls, found: Observation, context: Context) -> "_Tracing":
        """Take a recorded QTcF."""
        number = amount_of(found, "ms", context)
        return cls(found, number, _evidence(number))

    @classmethod
    def calculated(cls, qt: Observation, rr: Observation, context: Context) -> "_Tracing":
        """Calculate the QTcF of a QT and the RR of its instant."""
        here, beside = amount_of(qt, "ms", context), amount_of(rr, "ms", context)
        evidence = (*_evidence(here), *_evidence(beside))
        if isinstance(here, Finding) or isinstance(beside, Finding):
            return cls(qt, here if isinstance(here, Finding) else beside, evidence)
        if here.comparator or beside.comparator or beside.number <= 0:
            because = f"{here.shown} with {beside.shown} gives no QTcF"
            return cls(qt, Finding(Answer.UNKNOWN, because, evidence, (qt.term,)), evidence)
        number = derived.qtcf(here.number, beside.number)
        return cls(qt, replace(here, number=number), evidence)


def _evidence(number: Amount | Finding) -> tuple[Evidence, ...]:
    """Give what a number, or the reason why it is none, rests on."""
    return number.evidence if isinstance(number, Finding) else (number.evidence,)


def judge(rule: QtcfRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the mean QTcF of the newest day with ECGs; of QT and RR where too few are recorded.

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
        Unknown with fewer ECGs of that day than the mean needs: no older ones take their place.
    """
    seen = _newest(rule, casebook, context)
    if not seen:
        return nothing_recorded(rule.fact, casebook, context)
    recorded = [_Tracing.recorded(each, context) for each in seen if each.term == rule.fact]
    paired = _paired([each for each in seen if each.term == rule.qt], rule, casebook, context)
    for tracings in (recorded, paired):
        if len(tracings) >= rule.of:
            found = _judged(rule, tracings, seen, context)
            return unless_unread(found, (rule.fact, rule.qt), casebook, context)
    shown = [each.seen for each in recorded] or seen
    says, day = context.terms[rule.fact].says, shown[-1].on
    number = len(recorded) or sum(each.seen.on == day for each in paired)
    because = f"{says}: {number} of {rule.of} ECGs on {day}"
    evidence = tuple(each.evidence for each in shown)
    return Finding(Answer.UNKNOWN, because, evidence, (rule.fact,))


def _newest(rule: QtcfRule, casebook: Casebook, context: Context) -> list[Observation]:
    """Give the QTcF and the QT of the newest day that has either, or that may be of it."""
    found = [*newest(rule.fact, casebook, context), *newest(rule.qt, casebook, context)]
    latest = max((each.on.earliest for each in found), default=context.day)
    return [each for each in found if each.on.latest >= latest]


def _paired(
    qts: Sequence[Observation], rule: QtcfRule, casebook: Casebook, context: Context
) -> list[_Tracing]:
    """Give the QTcF of each QT that has an RR of its instant."""
    rrs = {instant(each): each for each in casebook.observed(rule.rr, context.day)}
    return [
        _Tracing.calculated(qt, rrs[instant(qt)], context)
        for qt in qts
        if instant(qt) and instant(qt) in rrs
    ]


def _judged(
    rule: QtcfRule, tracings: Sequence[_Tracing], seen: Sequence[Observation], context: Context
) -> Finding:
    """Judge the mean of the newest ECGs of a day, if it is sure which day that is."""
    results = [each.seen for each in tracings]
    says, day = context.terms[rule.fact].says, results[-1].on
    doubt = _doubt(rule, seen, context)
    if doubt:
        evidence = tuple(fact for each in tracings for fact in each.evidence)
        return Finding(Answer.UNKNOWN, f"{says}: {doubt}", evidence, (rule.fact,))
    read = sorted(tracings, key=lambda each: instant(each.seen))[-rule.of :]
    for each in read:
        if isinstance(each.number, Finding):
            return replace(each.number, evidence=each.evidence)
    exact = [each.number for each in read if isinstance(each.number, Amount)]
    calculated = " from QT and RR" if results[0].term == rule.qt else ""
    found = mean_within(rule, exact, f"{says}{calculated} on {day}", "ms", rule.fact)
    evidence = tuple(fact for each in read for fact in each.evidence)
    turns = leaving(results[-1], rule.within_days, context)
    return replace(found, evidence=evidence, turns_on=turns)


def _doubt(rule: QtcfRule, results: Sequence[Observation], context: Context) -> str:
    """Say what is doubtful about the one day of results; empty when nothing is."""
    doubts = [doubtful_day(each, rule.within_days, context) for each in results]
    day = results[-1].on
    if not day.is_complete or any(each.on != day for each in results):
        doubts.append("a day that is not sure")
    return next((each for each in doubts if each), "")


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
        Found, allowed, do: bounds that nothing can meet or no QTcF can have, and terms that are
        no time.
    """
    yield from impossible(rule, "QTcF")
    timeless = [
        fact for fact in (rule.fact, rule.qt, rule.rr) if not comparable(terms[fact].unit, "ms")
    ]
    for fact in timeless:
        yield (f"{fact} recorded in {terms[fact].unit}", "a unit of time", "Correct the unit")
    if rule.fact not in timeless:
        yield from implausible(rule, "QTcF", "ms", terms[rule.fact])
