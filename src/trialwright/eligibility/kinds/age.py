"""Age in completed years at the anchor."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate, completed_years
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding

OLDEST = 130
"""Greatest age in completed years that can be true."""

_LAST_YEAR = 9999


def judge(rule: AgeRule, casebook: Casebook, context: Context) -> Finding:
    """Judge age in completed years on the anchor's day.

    Parameters
    ----------
    rule : AgeRule
        Bounds in years.
    casebook : Casebook
        What is known; the birth date may be partial.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        Unknown without a birth date or an anchor, when a partial birth date straddles a bound,
        and for an age that can hardly be true. The age is told, never the birth date.
    """
    if casebook.born is None:
        return unknown("date of birth: not recorded", "age")
    anchored = context.anchored_on
    named = context.anchor.replace("_", " ")
    if anchored is None:
        return unknown(f"age: the day of {named} is not known", context.anchor)
    least, most = completed_years(casebook.born, anchored)
    shown = (evidence(casebook.born, anchored, casebook.person),)
    ages = range(max(0, least), min(most, OLDEST) + 1)
    if not ages:
        because = f"age {_told(least, most)} years at {named} can hardly be true"
        return Finding(Answer.UNKNOWN, because, shown, ("age",))
    bounds = bounds_of(rule)
    answers = {bounds.hold(Fraction(years)) for years in ages}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    because = (
        f"age {_told(least, most)} years at {named} {anchored.isoformat()}, "
        f"{BE[answer]}{say_bounds(rule)} years"
    )
    missing = ("age",) if answer is Answer.UNKNOWN else ()
    years = {int(bound) + add for bound in _bounds(rule) for add in (0, 1)}
    turns = turning_birthdays(
        casebook.born, anchored, years, lambda age: bounds.hold(Fraction(age))
    )
    return Finding(answer, because, shown, missing, turns_on=turns)


def evidence(born: PartialDate, anchored: date, person: Source | None) -> Evidence:
    """Give age at the anchor as evidence, without the birth date.

    Parameters
    ----------
    born : PartialDate
        Date of birth as known.
    anchored : date
        The anchor's day.
    person : Source or None
        The record that holds the birth date.

    Returns
    -------
    Evidence
        Age in years, with the record of the person as its source.
    """
    least, most = completed_years(born, anchored)
    source = person or Source("derived", "birth date")
    return Evidence("age", f"{_told(least, most)} a", anchored.isoformat(), source)


def _told(least: int, most: int) -> str:
    """Say an age that may be one of two."""
    return f"{least}" if least == most else f"{least} or {most}"


def _bounds(rule: AgeRule) -> tuple[Decimal, ...]:
    """Give the bounds that the rule has."""
    bounds = (rule.at_least, rule.above, rule.at_most, rule.below)
    return tuple(bound for bound in bounds if bound is not None)


def turning_birthdays(
    born: PartialDate, after: date, years: Iterable[int], answer_at: Callable[[int], Answer]
) -> tuple[date, ...]:
    """Give the birthdays on which an answer turns.

    Parameters
    ----------
    born : PartialDate
        Date of birth as known; of a partial one, the first and the last day it may be.
    after : date
        Earlier birthdays, and one on this day, are left out.
    years : iterable of int, years
        Ages at which the answer may turn.
    answer_at : callable (int) -> Answer
        The answer at an age in completed years.

    Returns
    -------
    tuple of date
        In order, each once.
    """
    turning = [age for age in years if age > 0 and answer_at(age) is not answer_at(age - 1)]
    days = {
        _birthday(each, age)
        for each in (born.earliest, born.latest)
        for age in turning
        if each.year + age <= _LAST_YEAR
    }
    return tuple(sorted(day for day in days if day > after))


def _birthday(born: date, years: int) -> date:
    """Give the day on which somebody completes so many years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February: completed on 1 March of a common year
        return date(born.year + years, 3, 1)


def say(rule: AgeRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : AgeRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Returns
    -------
    str
        E.g. `age above 60 years`.
    """
    return f"age {say_bounds(rule)} years"


def check(rule: AgeRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : AgeRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Yields
    ------
    tuple of str
        Found, allowed, do: bounds that no age can meet.
    """
    yield from impossible(rule, "age")
    if any(not 0 <= bound <= OLDEST for bound in _bounds(rule)):
        yield ("an age bound outside 0 to 130 years", "0 to 130 years", "Correct the bound")
