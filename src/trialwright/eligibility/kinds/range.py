"""A result in the laboratory's own range for a group of people."""

from decimal import Decimal
from fractions import Fraction

from trialwright.casebook.facts import Observation, ReferenceRange
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, binding
from trialwright.eligibility.context import Context, LaboratoryRange, Notes
from trialwright.eligibility.newest import (
    amount_of,
    nothing_recorded,
    of_newest,
    unless_unread,
)
from trialwright.eligibility.telling import plain
from trialwright.protocol.leaf_rules import RangeRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds
from trialwright.terms.quantities import Quantity, comparable
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Finding


def judge(rule: RangeRule, casebook: Casebook, context: Context) -> Finding:
    """Judge whether the latest result lies in the laboratory's range for a group.

    Parameters
    ----------
    rule : RangeRule
        Fact and group.
    casebook : Casebook
        What is known.
    context : Context
        Days, vocabulary and the institution's table.

    Returns
    -------
    Finding
        Unknown without a result, and where neither the result nor the institution's table gives
        a range for the group.
    """
    found = of_newest(
        rule.fact,
        rule.within_days,
        casebook,
        context,
        lambda each: _judge_one(rule, each, context),
    )
    found = found or nothing_recorded(rule.fact, casebook, context)
    return unless_unread(found, (rule.fact,), casebook, context)


def _judge_one(rule: RangeRule, found: Observation, context: Context) -> Finding:
    """Judge one result."""
    unit = context.terms[rule.fact].unit
    amount = amount_of(found, unit, context)
    if isinstance(amount, Finding):
        return amount
    limits = _limits(rule, found, unit, context)
    if limits is None:
        because = f"{amount.shown}: no {rule.group} range of its laboratory is recorded"
        return Finding(Answer.UNKNOWN, because, (amount.evidence,), (rule.fact,))
    bounds, source = limits
    possible = binding(bounds, context.terms[rule.fact])
    answer = possible.hold(amount.number, amount.comparator)
    ends = in_words(f"{_told(bounds)} {unit}")
    because = f"{amount.shown}, {BE[answer]}in the {rule.group} range {ends} ({source})"
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    return Finding(answer, because, (amount.evidence,), missing)


def _limits(
    rule: RangeRule, found: Observation, unit: str, context: Context
) -> tuple[Bounds, str] | None:
    """Give the range of the group in the term's unit, and where it comes from."""
    substance = context.terms[rule.fact].substance
    given = found.value.unit if isinstance(found.value, Quantity) else unit
    for own in found.ranges:
        if own.group == rule.group and _has_end(own):
            return _bounds(own.low, own.high, given, unit, substance), "own range"
    for line in context.laboratory:
        is_meant = line.term == rule.fact and line.group == rule.group and _has_end(line)
        if is_meant and comparable(line.unit, unit, substance):
            source = f"institution's table {line.source}".strip()
            return _bounds(line.low, line.high, line.unit, unit, substance), source
    return None


def _has_end(given: ReferenceRange | LaboratoryRange) -> bool:
    """Say whether a range has an end at all: one without holds everything, and says nothing."""
    return given.low is not None or given.high is not None


def _bounds(
    low: Decimal | None, high: Decimal | None, given: str, unit: str, substance: str
) -> Bounds:
    """Give both ends in a unit, included."""

    def exact(end: Decimal | None) -> Fraction | None:
        return None if end is None else Quantity(end, given).exact_in(unit, substance)

    return Bounds(at_least=exact(low), at_most=exact(high))


def _told(bounds: Bounds) -> str:
    """Say a range."""
    low = "" if bounds.at_least is None else f"from {plain(bounds.at_least, 6)} "
    high = "" if bounds.at_most is None else f"to {plain(bounds.at_most, 6)}"
    return f"{low}{high}".strip()


def say(rule: RangeRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : RangeRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `latest Estradiol in the laboratory's own postmenopausal range`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"latest {terms[rule.fact].says} in the laboratory's own {rule.group} range{window}"


def check(rule: RangeRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time; nothing can be wrong with it but the term, said elsewhere.

    Parameters
    ----------
    rule : RangeRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Nothing.
    """
    yield from ()
