"""Age in completed years at the anchor."""

from datetime import date
from fractions import Fraction

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import PartialDate, completed_years
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding

_OLDEST = 130
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
        Unknown without a birth date or an anchor, and when a partial birth date straddles a
        bound. The age is told, never the birth date.
    """
    if casebook.born is None:
        return unknown("date of birth: not recorded", "age")
    anchored = context.anchored_on
    named = context.anchor.replace("_", " ")
    if anchored is None:
        return unknown(f"age: the day of {named} is not known", context.anchor)
    least, most = completed_years(casebook.born, anchored)
    bounds = bounds_of(rule)
    answers = {bounds.hold(Fraction(years)) for years in range(least, most + 1)}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    because = (
        f"age {_told(least, most)} years at {named} {anchored.isoformat()}, "
        f"{BE[answer]}{say_bounds(rule)} years"
    )
    missing = ("age",) if answer is Answer.UNKNOWN else ()
    turns = _turns(rule, casebook.born, anchored)
    return Finding(answer, because, (evidence(casebook, context),), missing, turns_on=turns)


def evidence(casebook: Casebook, context: Context) -> Evidence:
    """Give age at the anchor as evidence, without the birth date.

    Parameters
    ----------
    casebook : Casebook
        What is known.
    context : Context
        Gives the anchor.

    Returns
    -------
    Evidence
        Age in years, with the record of the person as its source.
    """
    source = casebook.person or Source("derived", "birth date")
    if casebook.born is None or context.anchored_on is None:
        return Evidence("age", "not known", "", source)
    least, most = completed_years(casebook.born, context.anchored_on)
    return Evidence("age", f"{_told(least, most)} a", context.anchored_on.isoformat(), source)


def _told(least: int, most: int) -> str:
    """Say an age that may be one of two."""
    return f"{least}" if least == most else f"{least} or {most}"


def _turns(rule: AgeRule, born: PartialDate, anchored: date) -> tuple[date, ...]:
    """Give the birthdays after the anchor at which the answer may turn."""
    years = {
        int(bound) + add
        for bound in (rule.at_least, rule.above, rule.at_most, rule.below)
        if bound is not None
        for add in (0, 1)
    }
    days = {
        _birthday(each, after)
        for each in {born.earliest, born.latest}
        for after in years
        if each.year + after <= _LAST_YEAR
    }
    return tuple(sorted(day for day in days if day > anchored))


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
    bounds = [rule.at_least, rule.above, rule.at_most, rule.below]
    if any(bound is not None and not 0 <= bound <= _OLDEST for bound in bounds):
        yield ("an age bound outside 0 to 130 years", "0 to 130 years", "Correct the bound")
