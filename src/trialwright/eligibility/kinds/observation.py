"""An observation within bounds: the latest one, in the unit of the bounds, exactly compared."""

from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, Notes, unknown
from trialwright.protocol.criteria import Bounded, ObservationRule
from trialwright.protocol.data import Number
from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, comparable
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Finding

_IS = {Answer.MET: "", Answer.NOT_MET: "not ", Answer.UNKNOWN: "perhaps "}


def judge(rule: ObservationRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the latest observation up to the day judged.

    Parameters
    ----------
    rule : ObservationRule
        Fact, bounds and unit.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        Unknown when nothing is recorded, when the latest is too old or undated, when its unit
        does not convert, when it cannot be true, or when results of one day disagree.
    """
    term = context.terms[rule.fact]
    known = casebook.observed(rule.fact, context.day)
    if not known:
        return unknown(f"{term.says}: not recorded by {context.day.isoformat()}", rule.fact)
    newest = max(each.on.earliest for each in known)
    candidates = [each for each in known if each.on.latest >= newest]
    findings = [_judge_one(rule, each, term, context) for each in candidates]
    if len({each.answer for each in findings}) > 1:
        said = "; ".join(each.because for each in findings)
        evidence = tuple(each.evidence for each in candidates)
        because = f"results that may be the latest disagree: {said}"
        return Finding(Answer.UNKNOWN, because, evidence, (rule.fact,))
    return findings[-1]


def _judge_one(rule: ObservationRule, found: Observation, term: Term, context: Context) -> Finding:
    """Judge one observation."""
    shown = f"{term.says} {in_words(str(found.value))} on {found.on}"
    doubt = _doubt(rule, found, context)
    if doubt:
        return Finding(Answer.UNKNOWN, f"{shown}: {doubt}", (found.evidence,), (rule.fact,))
    if isinstance(found.value, str):
        because = f"{shown} is no amount"
        return Finding(Answer.UNKNOWN, because, (found.evidence,), (rule.fact,))
    try:
        number = found.value.exact_in(rule.unit, term.substance)
        in_term = found.value.to(term.unit, term.substance)
    except Refusal as refused:
        because = f"{shown}: {refused.faults[0].found}"
        return Finding(Answer.UNKNOWN, because, (found.evidence,), (rule.fact,))
    if term.plausible and not term.plausible.holds(in_term.value):
        because = f"{shown} can hardly be true (is the unit right?)"
        return Finding(Answer.UNKNOWN, because, (found.evidence,), (rule.fact,))
    answer = bounds_of(rule).hold(number, found.value.comparator)
    converted = (
        f" (= {found.value.to(rule.unit, term.substance)})" if found.value.unit != rule.unit else ""
    )
    because = f"{shown}{converted}, {_IS[answer]}{_limits(rule)}"
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    return Finding(answer, because, (found.evidence,), missing)


def _doubt(rule: ObservationRule, found: Observation, context: Context) -> str:
    """Say why the day of an observation does not let it count."""
    if found.on.on_or_before(context.day) is not Answer.MET:
        return f"may be later than {context.day.isoformat()}"
    if rule.within_days is None:
        return ""
    anchored = context.anchored_on
    if anchored is None:
        return f"the day of {context.anchor.replace('_', ' ')} is not known"
    first = days_after(anchored, -rule.within_days)
    if found.on.earliest < first:
        is_old = found.on.latest < first
        return ("is" if is_old else "may be") + f" older than {rule.within_days} days"
    return ""


def bounds_of(rule: Bounded) -> Bounds:
    """Give the bounds of a rule as exact numbers.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.

    Returns
    -------
    Bounds
        In the unit of the rule.
    """

    def exact(bound: Number | None) -> Fraction | None:
        return None if bound is None else Fraction(bound)

    return Bounds(exact(rule.at_least), exact(rule.above), exact(rule.at_most), exact(rule.below))


def _limits(rule: ObservationRule) -> str:
    """Say the bounds with their unit, as people read it."""
    return in_words(f"{say_bounds(rule)} {rule.unit}")


def say_bounds(rule: Bounded) -> str:
    """Say the bounds, e.g. `at least 0 and at most 2`.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.

    Returns
    -------
    str
        Words and numbers, without unit.
    """
    named = (
        ("at least", rule.at_least),
        ("above", rule.above),
        ("at most", rule.at_most),
        ("below", rule.below),
    )
    return " and ".join(f"{words} {bound:f}" for words, bound in named if bound is not None)


def say(rule: ObservationRule, terms: dict[str, Term]) -> str:
    """Say the rule as a sentence part.

    Parameters
    ----------
    rule : ObservationRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        E.g. `latest Hemoglobin at least 9 g/dL`.
    """
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    return f"latest {terms[rule.fact].says} {_limits(rule)}{window}"


def check(rule: ObservationRule, terms: dict[str, Term]) -> Notes:
    """Check the rule at design time.

    Parameters
    ----------
    rule : ObservationRule
        The rule.
    terms : dict of str to Term
        The vocabulary.

    Yields
    ------
    tuple of str
        Found, allowed, do: a unit that does not convert, bounds that nothing can meet, a bound
        outside the plausible window of the term (`Hemoglobin at least 10 mg/dL`).
    """
    term = terms[rule.fact]
    if not comparable(term.unit, term.unit):
        return  # said of the term, once
    if not comparable(rule.unit, term.unit, term.substance):
        yield (
            f"{rule.fact} bounded in {rule.unit}, recorded in {term.unit}",
            f"a unit that converts to {term.unit}",
            "Correct the unit, or name the substance of the term",
        )
        return
    beyond = [*impossible(rule, rule.fact)] or [*_implausible(rule, term)]
    yield from beyond


def _implausible(rule: ObservationRule, term: Term) -> Notes:
    """Find a bound outside the window in which values can be true."""
    window = term.plausible
    if window is None or window.at_least >= window.at_most:
        return
    for bound in (rule.at_least, rule.above, rule.at_most, rule.below):
        if bound is None:
            continue
        exact = Quantity(bound, rule.unit).exact_in(term.unit, term.substance)
        if not Fraction(window.at_least) <= exact <= Fraction(window.at_most):
            yield (
                f"{rule.fact} {say_bounds(rule)} {rule.unit}",
                f"a bound within {window.at_least:f} to {window.at_most:f} {term.unit}",
                "Correct the bound or its unit",
            )


def impossible(rule: Bounded, what: str) -> Notes:
    """Find bounds that no number can meet.

    Parameters
    ----------
    rule : Bounded
        Any rule with bounds.
    what : str
        Name of the fact.

    Yields
    ------
    tuple of str
        Found, allowed, do.
    """
    lower = rule.at_least if rule.at_least is not None else rule.above
    upper = rule.at_most if rule.at_most is not None else rule.below
    if lower is None or upper is None:
        return
    is_strict = rule.above is not None or rule.below is not None
    if lower > upper or (lower == upper and is_strict):
        yield (
            f"{what} {say_bounds(rule)}, which nothing can be",
            "a lower bound under the upper one",
            "Correct the bounds",
        )
