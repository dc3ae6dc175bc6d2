"""Creatinine clearance calculated by Cockcroft and Gault's formula."""

from dataclasses import replace
from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import BE, bounds_of, impossible, say_bounds
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.derived import MICROMOLES_PER_MG_DL, creatinine_clearance
from trialwright.eligibility.kinds import age
from trialwright.eligibility.newest import Amount, amount_of, nothing_recorded, of_newest
from trialwright.protocol.leaf_rules import ClearanceRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import completed_years
from trialwright.terms.quantities import comparable
from trialwright.terms.verdicts import Answer, Finding

_TURNED = {"": "", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
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
    missing = _missing(casebook, context)
    if missing:
        return unknown(f"creatinine clearance: {', '.join(missing)} not known", *missing)
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
    return found or nothing_recorded(rule.creatinine, context)


def _missing(casebook: Casebook, context: Context) -> tuple[str, ...]:
    """Name what is not known of the participant."""
    known = {
        "age": casebook.born is not None,
        "sex": casebook.sex is not None,
        context.anchor: context.anchored_on is not None,
    }
    return tuple(name for name, is_known in known.items() if not is_known)


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
        return nothing_recorded(rule.weight, context)
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
    amount = _creatinine(found, context)
    if isinstance(amount, Finding):
        return amount
    if amount.number <= 0:
        because = f"{amount.shown} is no creatinine to divide by"
        return Finding(Answer.UNKNOWN, because, (amount.evidence,), (rule.creatinine,))
    if casebook.born is None or casebook.sex is None or context.anchored_on is None:
        raise TypeError("age, sex and anchor were asked for before")
    least, most = completed_years(casebook.born, context.anchored_on)
    ages = range(max(0, least), min(most, _OLDEST) + 1)
    sign = _TURNED[amount.comparator]
    found_of = {
        years: creatinine_clearance(years, weight.number, amount.number, casebook.sex)
        for years in ages
    }
    answers = {bounds_of(rule).hold(number, sign) for number in found_of.values()}
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    shown = " or ".join(f"{sign}{float(number):.2f}" for number in found_of.values())
    because = (
        f"creatinine clearance {shown} mL/min from {amount.shown}, {weight.shown} and age, "
        f"{BE[answer]}{say_bounds(rule)} mL/min"
    )
    evidence = (amount.evidence, weight.evidence, age.evidence(casebook, context))
    return Finding(answer, because, evidence, ("age",) if answer is Answer.UNKNOWN else ())


def _creatinine(found: Observation, context: Context) -> Amount | Finding:
    """Give a creatinine in mg/dL, by 88.42 umol/L to the mg/dL where it is an amount of it."""
    amount = amount_of(found, "mg/dL", context)
    if isinstance(amount, Finding) or isinstance(found.value, str):
        return amount
    if not comparable(found.value.unit, "umol/L"):
        return amount
    micromoles: Fraction = found.value.exact_in("umol/L")
    return replace(amount, number=micromoles / MICROMOLES_PER_MG_DL)


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
        Found, allowed, do: bounds that nothing can meet, and terms in other units.
    """
    yield from impossible(rule, "creatinine clearance")
    for fact, unit in ((rule.creatinine, "mg/dL"), (rule.weight, "kg")):
        term = terms[fact]
        if not comparable(term.unit, unit, term.substance):
            yield (f"{fact} recorded in {term.unit}", f"a unit that converts to {unit}", "Correct")
