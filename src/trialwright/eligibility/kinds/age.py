"""Age in completed years at the anchor."""

from fractions import Fraction

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.eligibility.kinds.observation import bounds_of, impossible, say_bounds
from trialwright.protocol.criteria import AgeRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import completed_years
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence, Finding


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
    age = f"{least}" if least == most else f"{least} or {most}"
    answer = answers.pop() if len(answers) == 1 else Answer.UNKNOWN
    is_so = {Answer.MET: "", Answer.NOT_MET: "not "}.get(answer, "perhaps ")
    because = f"age {age} years at {named} {anchored.isoformat()}, {is_so}{say_bounds(rule)} years"
    evidence = Evidence("age", f"{age} a", anchored.isoformat(), Source("derived", "birth date"))
    return Finding(answer, because, (evidence,), ("age",) if answer is Answer.UNKNOWN else ())


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
    if any(bound is not None and not 0 <= bound <= 130 for bound in bounds):
        yield ("an age bound outside 0 to 130 years", "0 to 130 years", "Correct the bound")
