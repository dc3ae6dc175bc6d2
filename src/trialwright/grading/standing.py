"""Which limbs of a criterion hold for one result, and what is left open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from trialwright.grading.criteria import SIDES, Criterion, Limb
from trialwright.grading.readings import Placed, Reading
from trialwright.terms.verdicts import Answer, all_of

_REFERENCES = ("uln", "lln", "baseline")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the limbs give for one number.

    Attributes
    ----------
    grade : int or None
        None when what is not recorded decides it.
    decided_by : Placed or None
        The limb that gave the grade; None for grade 0 and for no grade.
    missing : tuple of str
        What is not recorded and could change the answer.
    possible : tuple of int
        Grades left open; the grade alone when it is decided.
    """

    grade: int | None
    decided_by: Placed | None
    missing: tuple[str, ...]
    possible: tuple[int, ...]


def decide(criterion: Criterion, limbs: Sequence[Placed], reading: Reading) -> Outcome:
    """Give the grade of a result in its context.

    Parameters
    ----------
    criterion : Criterion
        The criteria of the term.
    limbs : sequence of Placed
        Its limbs in the unit of the result.
    reading : Reading
        The result. With a comparator, every number it may mean must have one grade.

    Returns
    -------
    Outcome
        The highest grade of which one limb holds; none when something unknown decides.

    Notes
    -----
    Unknown are: a limit whose reference is not recorded; a value that a comparator leaves open;
    a fact that splits the range the value lies in (`asymptomatic` or not). A limb that asks
    nothing of the value (`; transfusion indicated`) and is not recorded is not counted: in CTCAE
    it is a further reason for a grade, which nobody gave.
    """
    outcomes = [
        _at(criterion, limbs, reading, number) for number in _numbers(criterion, limbs, reading)
    ]
    return _one(outcomes)


def value_alone(criterion: Criterion, limbs: Sequence[Placed], reading: Reading) -> Outcome:
    """Give the grade of the value alone, each qualifier of a printed limit taken as met.

    Parameters
    ----------
    criterion, limbs, reading
        As in `decide`; limbs without a limit are left out.

    Returns
    -------
    Outcome
        No grade when the criteria ask what was done instead of the value.
    """
    if criterion.by_management:
        return Outcome(None, None, (), ())
    bare = [
        replace(one, when=_measured(one.limb.when, reading))
        for one in limbs
        if one.limb.limits and "baseline" not in one.lacking
    ]
    return decide(criterion, bare, reading)


def _measured(when: Mapping[str, bool], reading: Reading) -> dict[str, bool]:
    """Keep the conditions that follow from numbers."""
    known = {
        "baseline_abnormal",
        *(("above_baseline",) if "baseline" in reading.references else ()),
    }
    return {fact: wanted for fact, wanted in when.items() if fact in known}


def _numbers(
    criterion: Criterion, limbs: Sequence[Placed], reading: Reading
) -> tuple[Fraction, ...]:
    """Give one number for every stretch between limits that a result may lie in."""
    if not reading.comparator:
        return (reading.number,)
    cuts = {Fraction(0), reading.number, *reading.references.values()}
    for one in limbs:
        bounds = (getattr(one.bounds, side) for side in SIDES)
        cuts |= {bound for bound in bounds if bound is not None}
    inside = sorted(cut for cut in cuts if _may_be(cut, reading))
    ends = sorted({*inside, reading.number, max(cuts) + 1})
    middles = [(low + high) / 2 for low, high in pairwise(ends)]
    return tuple(
        number for number in (*inside, *middles, max(cuts) + 1) if _may_be(number, reading)
    )


def _may_be(number: Fraction, reading: Reading) -> bool:
    """Say whether a result with a comparator may mean a number."""
    match reading.comparator:
        case "<":
            return number < reading.number
        case "<=":
            return number <= reading.number
        case ">":
            return number > reading.number
        case _:
            return number >= reading.number


def _one(outcomes: Sequence[Outcome]) -> Outcome:
    """Give the outcome when all agree on one grade, else none with what is possible."""
    first = outcomes[0]
    if all(outcome.grade == first.grade for outcome in outcomes) and first.grade is not None:
        return first
    if len(outcomes) == 1:
        return first
    missing = tuple(dict.fromkeys(name for outcome in outcomes for name in outcome.missing))
    possible = {grade for outcome in outcomes for grade in outcome.possible}
    exact = ("exact value",) if len({outcome.grade for outcome in outcomes}) > 1 else ()
    return Outcome(None, None, exact + missing, tuple(sorted(possible)))


def _at(
    criterion: Criterion, limbs: Sequence[Placed], reading: Reading, number: Fraction
) -> Outcome:
    """Decide one number."""
    facts = _facts_at(reading, number)
    values = [_value(one, number) for one in limbs]
    conditions = [all_of([_fact(facts, *pair) for pair in one.when.items()]) for one in limbs]
    beyond = _beyond(criterion, reading, number, zip(values, conditions, strict=True))
    answers = [
        _holds(one.limb, value, condition, beyond)
        for one, value, condition in zip(limbs, values, conditions, strict=True)
    ]
    holding = [one for one, answer in zip(limbs, answers, strict=True) if answer is Answer.MET]
    best = max(holding, key=lambda one: one.limb.grade, default=None)
    grade = best.limb.grade if best else 0
    higher = [
        (one, value)
        for one, value, answer in zip(limbs, values, answers, strict=True)
        if answer is Answer.UNKNOWN and one.limb.grade > grade
    ]
    blocked = [one for one, value in higher if _is_blocked(one, value, facts)]
    asked = [one for one, value in higher if value is Answer.MET]
    if criterion.by_management and not best and (asked or _is_treated(facts)):
        asked += [one for one, value in higher if _is_unsaid(one, value)]
    missing = _missing(blocked + asked, criterion, reading, facts)
    if blocked or (asked and not best):
        possible = {one.limb.grade for one in [*blocked, *asked]} | {grade}
        if not blocked and (_is_one_of_two(asked) or missing == ("intervention",)):
            possible -= {0}  # one of them must hold
        return Outcome(None, None, missing, tuple(sorted(possible)))
    return Outcome(grade, best, missing + _unplaced(criterion, reading), (grade,))


def _facts_at(reading: Reading, number: Fraction) -> Mapping[str, bool]:
    """Give the recorded facts and whether the number lies above baseline."""
    if "above_baseline" in reading.facts:
        return reading.facts
    if reading.is_baseline:  # a baseline is graded against the reference limits
        return {**reading.facts, "above_baseline": True}
    if "baseline" in reading.references:
        return {**reading.facts, "above_baseline": number > reading.references["baseline"]}
    return reading.facts


def _fact(facts: Mapping[str, bool], name: str, wanted: bool) -> Answer:
    """Say whether a fact is recorded as wanted."""
    if name not in facts:
        return Answer.UNKNOWN
    return Answer.MET if facts[name] == wanted else Answer.NOT_MET


def _value(one: Placed, number: Fraction) -> Answer:
    """Say whether a number lies within a limb's limits; not applicable when it has none."""
    if not one.limb.limits:
        return Answer.NOT_APPLICABLE
    inside = one.bounds.hold(number)
    return Answer.UNKNOWN if inside is Answer.MET and one.lacking else inside


def _beyond(
    criterion: Criterion,
    reading: Reading,
    number: Fraction,
    standings: Iterable[tuple[Answer, Answer]],
) -> Answer:
    """Say whether a number is abnormal to the side of the term."""
    for value, condition in standings:
        if value is Answer.MET and condition is not Answer.NOT_MET:
            return Answer.MET
    reference = reading.references.get("ULN" if criterion.side == "high" else "LLN")
    if reference is None:
        return Answer.UNKNOWN
    is_beyond = number > reference if criterion.side == "high" else number < reference
    return Answer.MET if is_beyond else Answer.NOT_MET


def _holds(limb: Limb, value: Answer, condition: Answer, beyond: Answer) -> Answer:
    """Say whether a limb holds."""
    if value is Answer.NOT_APPLICABLE and not limb.even_if_normal:
        return all_of([condition, beyond])
    return all_of([value, condition])


def _is_blocked(one: Placed, value: Answer, facts: Mapping[str, bool]) -> bool:
    """Say whether an unknown limit or normal range leaves a limb of higher grade open."""
    if value is Answer.UNKNOWN:
        return True
    is_recorded = all(name in facts for name in one.when)
    return value is Answer.NOT_APPLICABLE and is_recorded


def _is_treated(facts: Mapping[str, bool]) -> bool:
    """Say whether an intervention is recorded."""
    return any(facts.get(name) for name in ("intervention_initiated", "intervention_indicated"))


def _is_unsaid(one: Placed, value: Answer) -> bool:
    """Say whether a limb asks only for a fact that may have gone unrecorded; death does not."""
    return value is Answer.NOT_APPLICABLE and one.limb.grade < 5


def _is_one_of_two(asked: Sequence[Placed]) -> bool:
    """Say whether two open limbs ask opposite answers to one fact, so that one must hold."""
    pairs = [pair for one in asked if len(one.when) == 1 for pair in one.when.items()]
    return any((name, not wanted) in pairs for name, wanted in pairs)


def _missing(
    limbs: Iterable[Placed], criterion: Criterion, reading: Reading, facts: Mapping[str, bool]
) -> tuple[str, ...]:
    """Name what is not recorded of some limbs."""
    names: list[str] = []
    for one in limbs:
        names += one.lacking
        names += [name for name in one.when if name not in facts]
        if not one.limb.limits and not one.limb.even_if_normal:
            reference = "ULN" if criterion.side == "high" else "LLN"
            names += [] if reference in reading.references else [reference.lower()]
    renamed = {"above_baseline": "baseline"}
    if criterion.by_management:
        renamed |= {name: "intervention" for name in names if name not in _REFERENCES}
        renamed["above_baseline"] = "baseline"
    return tuple(dict.fromkeys(renamed.get(name, name) for name in names))


def _unplaced(criterion: Criterion, reading: Reading) -> tuple[str, ...]:
    """Name the baseline when limbs counted from it were left out for want of it."""
    if reading.is_baseline or "baseline" in reading.references:
        return ()
    return ("baseline",) if any(limb.needs_baseline for limb in criterion.limbs) else ()
