"""The sentences of grading: what was compared with what, and why the answers differ."""

from decimal import Decimal
from fractions import Fraction

from trialwright.grading.criteria import SIDES, Criterion
from trialwright.grading.readings import Placed, Reading
from trialwright.grading.standing import Outcome

_WORDS = {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below"}


def plain(number: Fraction) -> str:
    """Write a fraction as a decimal number.

    Parameters
    ----------
    number : Fraction
        Any number.

    Returns
    -------
    str
        Exact when its decimals end within 9 places, else rounded to 6 significant digits.
    """
    if (number * 10**9).denominator > 1:
        return f"{float(number):.6g}"
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(name: str) -> str:
    """Say the name of a fact or a reference limit.

    Parameters
    ----------
    name : str
        E.g. `transfusion_indicated`, `uln`.

    Returns
    -------
    str
        E.g. `transfusion indicated`, `ULN`.
    """
    return name.upper() if name in ("uln", "lln") else name.replace("_", " ")


def fact_in_words(name: str, answer: bool) -> str:
    """Say a fact.

    Parameters
    ----------
    name : str
        Name in the vocabulary of facts.
    answer : bool
        As recorded.

    Returns
    -------
    str
        E.g. `symptomatic: no`.
    """
    return f"{in_words(name)}: {'yes' if answer else 'no'}"


def why(criterion: Criterion, shown: str, outcome: Outcome, reading: Reading) -> str:
    """Say which grade a result has and by which printed limit.

    Parameters
    ----------
    criterion : Criterion
        The criteria of the term.
    shown : str
        The value with its unit, and how calcium was corrected.
    outcome : Outcome
        What the limbs gave.
    reading : Reading
        The result.

    Returns
    -------
    str
        One sentence.
    """
    head = f"{criterion.term} (CTCAE {criterion.version}): {shown}"
    tail = _references(criterion, reading) + _idle(criterion, outcome, reading)
    if outcome.grade is None:
        return f"{head} cannot be graded: {_open(outcome)}{tail}"
    if outcome.decided_by is None:
        first = min(criterion.limbs, key=lambda limb: limb.grade)
        return f"{head} is grade 0: no limit is reached, the first is '{first.says}'{tail}"
    limb = outcome.decided_by.limb
    limits = _limits(outcome.decided_by, reading.unit)
    facts = "".join(f"; {words}" for words in _conditions(outcome.decided_by, reading))
    normal = _though_normal(criterion, outcome.decided_by, reading)
    return f"{head} is grade {limb.grade}: '{limb.says}'{limits}{normal}{facts}{tail}"


def why_different(
    criterion: Criterion, outcome: Outcome, alone: Outcome, reading: Reading, corrected: str
) -> str:
    """Say why the grade differs from what the value alone gives.

    Parameters
    ----------
    criterion : Criterion
        The criteria of the term.
    outcome, alone : Outcome
        In context, and for the value alone.
    reading : Reading
        The result in context.
    corrected : str
        How calcium was corrected for albumin; empty when it was not.

    Returns
    -------
    str
        One sentence, or empty when they are equal.
    """
    if outcome.grade == alone.grade:
        return ""
    if criterion.by_management:
        return f"CTCAE {criterion.version} grades {criterion.term} by what was done, not by value"
    says = f" ('{alone.decided_by.limb.says}')" if alone.decided_by else ""
    if alone.grade is None:
        return "The value alone decides no grade"
    start = f"The value alone gives grade {alone.grade}{says}"
    if outcome.grade is None:
        return f"{start}; in context {_open(outcome)}"
    reasons = [corrected] if corrected else []
    if reading.is_baseline:
        reasons.append("the result is the baseline itself, graded against the reference limits")
    for placed in (alone.decided_by, outcome.decided_by):
        reasons += _conditions(placed, reading)
    return f"{start}; {'; '.join(dict.fromkeys(reasons)) or 'the context decides otherwise'}"


def _conditions(placed: Placed | None, reading: Reading) -> list[str]:
    """Say the facts that a limb asks for, but not those that follow from the baseline value."""
    if placed is None:
        return []
    names = [name for name in placed.limb.when if name != "baseline_abnormal"]
    recorded = [fact_in_words(name, reading.facts[name]) for name in names if name in reading.facts]
    words = [f"recorded: {', '.join(recorded)}"] if recorded else []
    words += [
        f"{in_words(name)} not recorded"
        for name in names
        if name not in reading.facts and name != "above_baseline"
    ]
    return words


def _open(outcome: Outcome) -> str:
    """Say what is not recorded and which grades that leaves open."""
    missing = ", ".join(in_words(name) for name in outcome.missing)
    grades = [str(grade) for grade in outcome.possible]
    most = grades[-1] if grades else ""
    listed = f"{', '.join(grades[:-1])} or {most}" if len(grades) > 1 else most
    return f"{missing or 'a decisive fact'} not recorded, grade {listed or 'any'} possible"


def _limits(placed: Placed, unit: str) -> str:
    """Say the limits of a limb in the unit of the value."""
    parts = [
        f"{_WORDS[side]} {plain(number)}"
        for side in SIDES
        if (number := getattr(placed.bounds, side)) is not None
    ]
    shown = "" if unit == "1" else f" {unit}"
    return f", here {' and '.join(parts)}{shown}" if parts else ""


def _though_normal(criterion: Criterion, placed: Placed, reading: Reading) -> str:
    """Say so when a printed limit is reached though the value is within the reference range."""
    name = "ULN" if criterion.side == "high" else "LLN"
    reference = reading.references.get(name)
    if reference is None or not placed.limb.limits:
        return ""
    if criterion.side == "high":
        return "" if reading.number > reference else ", though not above ULN"
    return "" if reading.number < reference else ", though not below LLN"


def _idle(criterion: Criterion, outcome: Outcome, reading: Reading) -> str:
    """Say which recorded facts did not count because the value is not abnormal."""
    names = [
        name
        for limb in criterion.limbs
        if not limb.limits and outcome.grade is not None and limb.grade > outcome.grade
        for name, wanted in limb.when.items()
        if reading.facts.get(name) is wanted
    ]
    words = ", ".join(in_words(name) for name in names)
    return f"; {words} recorded, but the value is not abnormal for this term" if words else ""


def _references(criterion: Criterion, reading: Reading) -> str:
    """Say the reference values that were recorded, and a baseline that was not."""
    order = [name for name in ("LLN", "ULN", "baseline") if name in reading.references]
    unit = "" if reading.unit == "1" else f" {reading.unit}"
    words = [f"{name} {plain(reading.references[name])}{unit}" for name in order]
    if reading.is_baseline:
        words.append("this is the baseline record")
    elif "baseline" not in order and any(limb.needs_baseline for limb in criterion.limbs):
        words.append("no baseline given")
    return f"; {', '.join(words)}" if words else "; no reference limits given"
