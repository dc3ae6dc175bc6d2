"""Observations within bounds: the latest, a mean, every one or any, exactly compared."""

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.bounding import (
    BE,
    bounds_of,
    impossible,
    mean_within,
    say_bounds,
)
from trialwright.eligibility.context import Context, Notes
from trialwright.eligibility.newest import (
    amount_of,
    doubtful_day,
    leaving,
    newest,
    nothing_recorded,
    of_newest,
    of_one_day,
    told,
    turning,
    unless_unread,
)
from trialwright.eligibility.plausibility import implausible
from trialwright.eligibility.silence import silent
from trialwright.eligibility.windows import within
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.quantities import comparable
from trialwright.terms.units import in_words
from trialwright.terms.verdicts import Answer, Finding, all_of, any_of


def judge(rule: ObservationRule, casebook: Casebook, context: Context) -> Finding:
    """Judge the observations of a fact up to the day judged.

    Parameters
    ----------
    rule : ObservationRule
        Fact, bounds, unit, and which observations count.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        Unknown when the newest is too old or undated, when its unit does not convert, when it
        cannot be true, when results of one day disagree, or when one that could not be read may be
        newer; by the rule's policy when nothing is recorded.
    """
    match rule.pick:
        case "latest":
            found = of_newest(
                rule.fact,
                rule.within_days,
                casebook,
                context,
                lambda each: _judge_one(rule, each, context),
            )
        case "mean":
            found = _mean(rule, casebook, context)
        case _:
            found = _several(rule, casebook, context)
    found = found or _silent(rule, casebook, context)
    if rule.pick in ("latest", "mean"):
        return unless_unread(found, (rule.fact,), casebook, context)
    return found


def _silent(rule: ObservationRule, casebook: Casebook, context: Context) -> Finding:
    """Say what it means that nothing is recorded."""
    if rule.not_recorded == "unknown":
        return nothing_recorded(rule.fact, casebook, context)
    return silent(rule, context.terms[rule.fact].says, (rule.fact,), casebook, context)


def _judge_one(rule: ObservationRule, found: Observation, context: Context) -> Finding:
    """Judge one observation."""
    amount = amount_of(found, rule.unit, context)
    if isinstance(amount, Finding):
        return amount
    answer = bounds_of(rule).hold(amount.number, amount.comparator)
    because = f"{amount.shown}, {BE[answer]}{_limits(rule)}"
    if rule.methods and found.method not in rule.methods and answer is not Answer.NOT_MET:
        answer = Answer.NOT_MET if found.method else Answer.UNKNOWN
        by = f"by {found.method}" if found.method else "by a method not recorded"
        because = f"{amount.shown}, {by}, {BE[answer]}by {' or '.join(rule.methods)}"
    missing = (rule.fact,) if answer is Answer.UNKNOWN else ()
    return Finding(answer, because, (amount.evidence,), missing)


def _several(rule: ObservationRule, casebook: Casebook, context: Context) -> Finding | None:
    """Judge every observation in the window; None when there is none."""
    findings = []
    for each in casebook.observed(rule.fact, context.day):
        if _is_too_old(rule, each, context):
            continue
        doubt = doubtful_day(each, rule.within_days, context)
        judged = _judge_one(rule, each, context)
        if doubt:
            shown = f"{told(each, context.terms[rule.fact])}: {doubt}"
            judged = Finding(Answer.UNKNOWN, shown, (each.evidence,), (rule.fact,))
        findings.append(turning(judged, leaving(each, rule.within_days, context)))
    if not findings:
        return None
    combine = all_of if rule.pick == "worst" else any_of
    answer = combine([each.answer for each in findings])
    deciding = [each for each in findings if each.answer is answer]
    told_of = [each.because for each in deciding]
    is_open = rule.fact in casebook.unsettled
    if is_open and answer is (Answer.MET if rule.pick == "worst" else Answer.NOT_MET):
        answer = Answer.UNKNOWN  # what could not be read may decide otherwise
        told_of.append("another result on record could not be read")
    return Finding(
        answer,
        "; ".join(told_of),
        tuple(fact for each in deciding for fact in each.evidence),
        (rule.fact,) if answer is Answer.UNKNOWN else (),
        turns_on=tuple(sorted({day for each in findings for day in each.turns_on})),
    )


def _is_too_old(rule: ObservationRule, found: Observation, context: Context) -> bool:
    """Say whether a result certainly lies before the window."""
    days = rule.within_days
    return days is not None and within(found.on, days, context) is Answer.NOT_MET


def _mean(rule: ObservationRule, casebook: Casebook, context: Context) -> Finding | None:
    """Judge the mean of the newest results of the newest day; None when there is none."""
    candidates = newest(rule.fact, casebook, context)
    if not candidates:
        return None
    number, says = rule.of or 1, context.terms[rule.fact].says
    evidence = tuple(each.evidence for each in candidates)
    doubts = [doubtful_day(each, rule.within_days, context) for each in candidates]
    day = candidates[-1].on
    if any(doubts) or any(each.on != day or not day.is_complete for each in candidates):
        doubt = next((each for each in doubts if each), "a day that is not sure")
        return Finding(Answer.UNKNOWN, f"{says}: {doubt}", evidence, (rule.fact,))
    chosen = of_one_day(candidates, number)
    amounts = [amount_of(each, rule.unit, context) for each in chosen]
    undecided = next((each for each in amounts if isinstance(each, Finding)), None)
    if undecided or len(chosen) < number:
        because = f"{says}: {len(chosen)} of {number} results on {day}"
        return undecided or Finding(Answer.UNKNOWN, because, evidence, (rule.fact,))
    exact = [each for each in amounts if not isinstance(each, Finding)]
    mean = mean_within(rule, exact, f"{says} on {day}", rule.unit, rule.fact)
    return turning(mean, leaving(candidates[-1], rule.within_days, context))


def _limits(rule: ObservationRule) -> str:
    """Say the bounds with their unit, as people read it."""
    return in_words(f"{say_bounds(rule)} {rule.unit}")


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
    picked = {
        "latest": "latest",
        "mean": f"mean of {rule.of}",
        "worst": "every",
        "any": "any",
    }[rule.pick]
    window = f" within {rule.within_days} days" if rule.within_days is not None else ""
    method = f" by {' or '.join(rule.methods)}" if rule.methods else ""
    return f"{picked} {terms[rule.fact].says} {_limits(rule)}{method}{window}"


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
        outside the plausible window of the term (`Hemoglobin at least 10 mg/dL`), and methods
        of a mean, which is of results by whatever method.
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
    if rule.pick == "mean" and rule.methods:
        yield (
            f"methods of a mean of {rule.fact}",
            "methods of single results",
            "Remove them, or pick another way",
        )
    yield from [*impossible(rule, rule.fact)] or [*implausible(rule, rule.fact, rule.unit, term)]
