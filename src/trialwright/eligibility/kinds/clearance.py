"""Creatinine clearance calculated by Cockcroft and Gault's formula."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.derived import creatinine_clearance
from trialwright.eligibility.kinds import age
from trialwright.eligibility.newest import (
    Amount,
    amount_of,
    nothing_recorded,
    of_newest,
    unless_unread,
)
from trialwright.eligibility.telling import told_number
from trialwright.protocol.leaf_rules import ClearanceRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import completed_years
from trialwright.terms.quantities import comparable
from trialwright.terms.verdicts import Answer, Finding

_TURNED = {"": "", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
MOST = 300
"""Greatest clearance that a rule may ask, mL/min: nobody has more."""

_OLDEST = 139  # the formula gives nothing above 0 from 140 years on


def judge(rule: ClearanceRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the clearance from the latest creatinine and weight, age at the anchor, and sex.

    Parameters
    ----------
    rule : ClearanceRule
        Bounds in mL/min, and the terms of creatinine and weight.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Finding
        Unknown for want of any of the four, and where a partial birth date or a reported limit
        straddles a bound.
    """
    missing = _missing(rule, casebook, context)
    if missing and missing != (rule.creatinine,):  # a weight that is no number is said first
        named = ", ".join(_named(each, context) for each in missing)
        return unknown(f"creatinine clearance: {named} not known", *missing)
    weighed = _weighed(rule, casebook, context)
    if isinstance(weighed, Finding):
        return weighed
    found = of_newest(
        rule.creatinine,
        rule.within_days,
        casebook,
        context,
        lambda each: _judge_one(rule, each, weighed, casebook, context),
    )
    found = found or nothing_recorded(rule.creatinine, casebook, context)
    return unless_unread(found, (rule.creatinine, rule.weight), casebook, context)


def _missing(rule: ClearanceRule, casebook: Casebook, context: Context) -> tuple[str, ...]:
    """Name everything that is not known; empty as soon as the formula can be tried."""
    known = {
        "age": casebook.born is not None,
        "sex": casebook.sex is not None,
        context.anchor: context.anchored_on is not None,
        rule.creatinine: bool(casebook.observed(rule.creatinine, context.day)),
        rule.weight: bool(casebook.observed(rule.weight, context.day)),
    }
    return tuple(name for name, is_known in known.items() if not is_known)


def _named(missing: str, context: Context) -> str:
    """Name something missing as people read it."""
    if missing in context.terms:
        return context.terms[missing].says
    if missing == context.anchor:
        return f"the day of {missing.replace('_', ' ')}"
    return missing


def _weighed(rule: ClearanceRule, casebook: Casebook, context: Context) -> Amount | Finding:
    """Give the latest weight in kg, if it is one exact number above 0."""
    taken: list[Amount] = []

    def take(each: Observation) -> Finding:
        amount = amount_of(each, "kg", context)
        if isinstance(amount, Finding):
            return amount
        if amount.comparator or amount.number <= 0:
            because = f"{amount.shown} is no exact weight"
            return Finding(Answer.UNKNOWN, because, (amount.evidence,), (rule.weight,))
        taken.append(amount)
        return Finding(Answer.MET, amount.shown, (amount.evidence,))

    found = of_newest(rule.weight, None, casebook, context, take)
    if found is None:
        return nothing_recorded(rule.weight, casebook, context)
    if found.answer is Answer.UNKNOWN:
        return found
    if len({each.number for each in taken}) > 1:
        because = f"weights of one day differ: {'; '.join(each.shown for each in taken)}"
        evidence = tuple(each.evidence for each in taken)
        return Finding(Answer.UNKNOWN, because, evidence, (rule.weight,))
    return taken[-1]


def _judge_one(
    rule: ClearanceRule, found: Observation, weight: Amount, casebook: Casebook, context: Context
) -> Finding:
    """Judge with one creatinine."""
    amount = amount_of(found, "mg/dL", context)
    if isinstance(amount, Finding):
        return amount
    if amount.number <= 0:
        because = f"{amount.shown} is no creatinine to divide by"
        return Finding(Answer.UNKNOWN, because, (amount.evidence,), (rule.creatinine,))
    born, sex, anchored = casebook.born, casebook.sex, context.anchored_on
    if born is None or sex is None or anchored is None:
        raise TypeError("age, sex and anchor were asked for before")
    bounds, sign = bounds_of(rule), _TURNED[amount.comparator]

    def clearance_at(years: int) -> Fraction:
        return creatinine_clearance(years, weight.number, amount.number, sex)

    def answer_at(years: int) -> Answer:
        return bounds.hold(clearance_at(years), sign)

    least, most = completed_years(born, anchored)
    ages = range(max(0, least), min(most, _OLDEST) + 1)
    answers = {answer_at(years) for years in ages}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    shown = " or ".join(f"{sign}{told_number(clearance_at(years), rule)}" for years in ages)
    because = (
        f"creatinine clearance {shown} mL/min from {amount.shown}, {weight.shown} and age "
        f"{' or '.join(str(years) for years in ages)}, {BE[answer]}{say_bounds(rule)} mL/min"
    )
    evidence = (amount.evidence, weight.evidence, age.evidence(born, anchored, casebook.person))
    missing = (rule.creatinine if sign else "age",) if answer is Answer.UNKNOWN else ()
    turns = age.turning_birthdays(born, anchored, _turning(rule, clearance_at(_OLDEST)), answer_at)
    return Finding(answer, because, evidence, missing, turns_on=turns)


def _turning(rule: ClearanceRule, a_year: Fraction) -> Iterator[int]:
    """Give the ages about which a clearance that falls so much a year crosses a bound."""
    for bound in (rule.at_least, rule.above, rule.at_most, rule.below):
        if bound is not None:
            crossed = floor(140 - Fraction(bound) / a_year)
            yield from (years for years in (crossed, crossed + 1) if years <= _OLDEST)


def say(rule: ClearanceRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    terms : dict of str to Term
        The vocabulary; not needed here.

    Returns
    -------
    str
        E.g. `creatinine clearance by Cockcroft and Gault at least 30 mL/min`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"creatinine clearance by Cockcroft and Gault {say_bounds(rule)} mL/min{window}"


def check(rule: ClearanceRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: bounds that nothing or nobody can meet, and terms in other units.
    """
    yield from impossible(rule, "creatinine clearance")
    bounds = (rule.at_least, rule.above, rule.at_most, rule.below)
    if any(bound is not None and not 0 < bound <= MOST for bound in bounds):
        yield (
            f"creatinine clearance {say_bounds(rule)} mL/min",
            f"a clearance above 0, up to {MOST} mL/min",
            "Correct the bound",
        )
    for fact, unit in ((rule.creatinine, "mg/dL"), (rule.weight, "kg")):
        term = terms[fact]
        if not comparable(term.unit, unit, term.substance):
            yield (
                f"{fact} recorded in {term.unit}",
                f"a unit that converts to {unit}",
                "Correct the unit of the term, or name its substance",
            )
