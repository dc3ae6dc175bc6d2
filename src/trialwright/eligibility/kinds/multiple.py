"""A multiple of the laboratory's own limit of normal, on that result's own range."""

from decimal import Decimal
from fractions import Fraction

from trialwright.casebook.facts import Observation, ReferenceRange
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, LaboratoryRange, Notes
from trialwright.eligibility.newest import (
    Amount,
    amount_of,
    nothing_recorded,
    of_newest,
    unless_unread,
)
from trialwright.eligibility.telling import plain, told_number
from trialwright.protocol.leaf_rules import MultipleRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Finding

MOST = 100
"""Greatest multiple of a limit of normal that a rule may ask."""


def judge(rule: MultipleRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the latest result as a multiple of its laboratory's limit of normal.

    Parameters
    ----------
    rule : MultipleRule
        Fact, limit of normal and bounds.
    casebook : Casebook
        What is known.
    context : Context
        Days, vocabulary and the institution's table.

    Returns
    -------
    Finding
        Unknown without a result, and where neither the result nor the institution's table gives
        the limit of normal.
    """
    found = of_newest(
        rule.fact,
        rule.within_days,
        casebook,
        context,
        lambda each: _judge_one(rule, each, casebook.sex, context),
    )
    found = found or nothing_recorded(rule.fact, casebook, context)
    return unless_unread(found, (rule.fact,), casebook, context)


def _judge_one(
    rule: MultipleRule, found: Observation, sex: str | None, context: Context
) -> Finding:
    """Judge one result of a participant of a sex."""
    amount = amount_of(found, context.terms[rule.fact].unit, context)
    if isinstance(amount, Finding):
        return amount
    limit = _multiple(rule, found, amount, sex, context)
    if isinstance(limit, str):
        because = f"{amount.shown}: {limit}"
        return Finding(Answer.UNKNOWN, because, (amount.evidence,), (rule.fact,))
    times, told_limit = limit
    answer = bounds_of(rule).hold(times, amount.comparator)
    told = f"{amount.comparator}{told_number(times, rule)} x {rule.times}"
    because = (
        f"{amount.shown} = {told} ({told_limit}), {BE[answer]}{say_bounds(rule)} x {rule.times}"
    )
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    return Finding(answer, because, (amount.evidence,), missing)


def _multiple(
    rule: MultipleRule, found: Observation, amount: Amount, sex: str | None, context: Context
) -> tuple[Fraction, str] | str:
    """Give a result as a multiple of its limit of normal, with that limit; or say why it is none.

    By its own limit in its own unit, both as the laboratory wrote them: for everybody, else for the
    participant's sex.
    """
    own = _end_of(found, rule)
    if own is None:
        ends = (_end_of(each, rule) for each in found.ranges if each.group == sex)
        own = next((end for end in ends if end is not None), None)
    if own is not None and isinstance(found.value, Quantity):
        return _by(rule, Fraction(found.value.value), Fraction(own), found.value.unit, "own range")
    unit = context.terms[rule.fact].unit
    for line in context.laboratory:
        end = line.high if rule.times == "ULN" else line.low
        if line.term == rule.fact and not line.group and end is not None:
            normal = _in_unit(end, line.unit, unit, rule, context)
            if normal is not None:
                return _by(rule, amount.number, normal, unit, _named(line))
    return f"its {rule.times} is not recorded"


def _end_of(found: Observation | ReferenceRange, rule: MultipleRule) -> Decimal | None:
    """Give the end of a range that the rule asks for."""
    return found.high if rule.times == "ULN" else found.low


def _by(
    rule: MultipleRule, number: Fraction, normal: Fraction, unit: str, source: str
) -> tuple[Fraction, str] | str:
    """Divide a number by a limit of normal, if that is above 0."""
    if normal <= 0:
        return f"its {rule.times} is not above 0"
    return number / normal, f"{in_words(f'{plain(normal, 6)} {unit}')}, {source}"


def _in_unit(
    end: Decimal, given: str, unit: str, rule: MultipleRule, context: Context
) -> Fraction | None:
    """Convert the end of a range; None where it does not convert."""
    try:
        return Quantity(end, given).exact_in(unit, context.terms[rule.fact].substance)
    except Refusal:
        return None


def _named(line: LaboratoryRange) -> str:
    """Name a line of the institution's table."""
    return f"institution's table {line.source}".strip()


def say(rule: MultipleRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : MultipleRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `latest Aspartate aminotransferase below 3 x ULN`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"latest {terms[rule.fact].says} {say_bounds(rule)} x {rule.times}{window}"


def check(rule: MultipleRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : MultipleRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: bounds that nothing can meet, or that are no multiples.
    """
    yield from impossible(rule, rule.fact)
    bounds = [rule.at_least, rule.above, rule.at_most, rule.below]
    if any(bound is not None and not 0 < bound <= MOST for bound in bounds):
        yield (
            f"{rule.fact} {say_bounds(rule)} x {rule.times}",
            f"a multiple above 0, up to {MOST}",
            "Correct the bound; a bound in a unit is the kind observation",
        )
