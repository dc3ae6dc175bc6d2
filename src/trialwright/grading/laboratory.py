"""Grade one laboratory result (or QTc) by CTCAE, in its recorded context."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from trialwright.casebook.facts import Observation
from trialwright.grading.context import Context, read_context
from trialwright.grading.criteria import Criterion, LabRules, american
from trialwright.grading.findings import GradeFinding
from trialwright.grading.readings import Reading, amount_in, place
from trialwright.grading.sentences import plain, why, why_different
from trialwright.grading.standing import Outcome, decide, value_alone
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.quantities import Quantity, decimal, ucum

ALBUMIN_NORMAL = Fraction(4)
"""g/dL of albumin at which total calcium needs no correction."""

CALCIUM_PER_ALBUMIN = (
    Quantity(decimal("0.8"), "mg/dL"),
    Quantity(decimal("0.2"), "mmol/L"),
)
"""Calcium added for each g/dL of albumin below 4.0: the usual correction, 0.8 mg/dL (0.02 mmol/L
for each g/L); CTCAE names corrected calcium but prints no formula."""

_NO_UNIT = ("", "1", "pH", "[pH]", "{pH}", "{INR}", "INR", "ratio", "{ratio}")
_IONIZED = ("caion", "ica")
_DENIED = re.compile(r"\b(non|not|un)[ -]?(fasting|corrected|adjusted)")


def grade(
    rules: LabRules,
    term: str,
    value: Quantity,
    *,
    test: str = "",
    lln: Decimal | int | None = None,
    uln: Decimal | int | None = None,
    baseline: Decimal | Fraction | int | None = None,
    context: Mapping[str, object] | None = None,
    version: str = "5.0",
) -> GradeFinding:
    """Grade one result.

    Parameters
    ----------
    rules : LabRules
        The criteria, as read by `read_table`.
    term : str
        CTCAE term, e.g. `Neutrophil count decreased`.
    value : Quantity
        The result; with a comparator (`<0.3`) it is graded only if every number it may mean has
        one grade.
    test : str
        What was measured, as the laboratory names it: `CA corrected`, `CA total`,
        `CA ionized`, `GLUC fasting` change how it is graded; a test of another term is refused.
    lln, uln : Decimal or int or None, unit of `value`
        The laboratory's own reference limits.
    baseline : Decimal or Fraction or int or None, unit of `value`
        The participant's value before treatment.
    context : mapping of str to object, optional
        What else is recorded; see `context.read_context`.
    version : str
        CTCAE version that the protocol pins.

    Returns
    -------
    GradeFinding
        With the reason. `grade` is None, never a guess, when a limit or a fact that decides it
        is not recorded.

    Raises
    ------
    Refusal
        If the term or version is not shipped, or for every fault of value, unit, reference
        limits, test and context.

    Notes
    -----
    A limb that the value does not enter (`transfusion indicated`) counts only when it is
    recorded and the value is abnormal. With an abnormal baseline the multiples of baseline
    count, except for the baseline record itself. Without a baseline the multiples of ULN do.
    """
    criterion = _for_test(rules, rules.find(term, version), test)
    around, faults = _context(context or {})
    faults += _test_faults(rules, criterion, test)
    faults += _number_faults(criterion, value, {"lln": lln, "uln": uln, "baseline": baseline})
    unit = _unit(criterion, value, faults)
    if faults or around is None:
        raise Refusal(faults)
    given = {"LLN": lln, "ULN": uln, "baseline": None if around.is_baseline else baseline}
    references = {name: Fraction(number) for name, number in given.items() if number is not None}
    facts = _facts(criterion, test, around, references)
    reading = Reading(
        Fraction(value.value), unit, value.comparator, references, facts, around.is_baseline
    )
    corrected = ""
    shown = str(replace(value, unit=unit if unit != "1" else ""))
    raw = reading
    if "corrected" in criterion.requires and "corrected" not in facts and around.albumin:
        reading, corrected = _correct(reading, around.albumin)
        shown = f"{plain(reading.number)} {unit} ({corrected} from {shown})"
    return _finding(criterion, reading, raw, shown, corrected, baseline)


def grade_observation(
    rules: LabRules,
    term: str,
    seen: Observation,
    *,
    baseline: Observation | None = None,
    test: str = "",
    context: Mapping[str, object] | None = None,
    version: str = "5.0",
) -> GradeFinding:
    """Grade an observation of the casebook by its own reference limits.

    Parameters
    ----------
    rules : LabRules
        The criteria.
    term : str
        CTCAE term.
    seen : Observation
        The result, with the limits of its laboratory.
    baseline : Observation or None
        The result before treatment; it may have another unit and other limits, by which it is
        judged normal or abnormal. The same observation as `seen`: the baseline is graded.
    test, context, version
        As in `grade`.

    Returns
    -------
    GradeFinding
        As `grade`.

    Raises
    ------
    Refusal
        As `grade`; also if an observation is no amount, or the baseline's unit does not convert.
    """
    value = _amount(seen, "value")
    around = dict(context or {})
    before: Fraction | None = None
    if baseline is not None and baseline == seen:
        around.setdefault("record", "baseline")
    elif baseline is not None:
        criterion = rules.find(term, version)
        amount = _amount(baseline, "baseline")
        if not amount.comparator:
            before = amount.exact_in(value.unit, criterion.substance)
        abnormal = _is_abnormal(criterion, amount, baseline)
        if abnormal is not None:
            around.setdefault("baseline_abnormal", abnormal)
    return grade(
        rules,
        term,
        value,
        test=test,
        lln=seen.low,
        uln=seen.high,
        baseline=before,
        context=around,
        version=version,
    )


def _amount(seen: Observation, where: str) -> Quantity:
    """Give the amount of an observation."""
    if isinstance(seen.value, Quantity):
        return seen.value
    raise refuse(where, f"{seen.term} is recorded in words", "an amount with a unit", "Correct it")


def _is_abnormal(criterion: Criterion, amount: Quantity, baseline: Observation) -> bool | None:
    """Say whether a baseline lies beyond its own reference limit; None when that is unknown."""
    limit = baseline.high if criterion.side == "high" else baseline.low
    if limit is None:
        return None
    value, sign = amount.value, amount.comparator
    is_high = criterion.side == "high"
    if not sign:
        return value > limit if is_high else value < limit
    if is_high == (sign in ("<", "<=")):  # what it may mean goes on into the normal range
        is_normal = value <= limit if is_high else value >= limit
        return False if is_normal else None
    is_beyond = value > limit if is_high else value < limit
    return True if is_beyond or (value == limit and sign in ("<", ">")) else None


def _for_test(rules: LabRules, criterion: Criterion, test: str) -> Criterion:
    """Take the criteria of ionized calcium when that was measured."""
    ionized = f"{criterion.term} (Ionized)"
    words = test.lower()
    if not (words.startswith(_IONIZED) or "ioni" in words):
        return criterion
    known = {american(rule.term) for rule in rules.criteria if rule.version == criterion.version}
    return rules.find(ionized, criterion.version) if american(ionized) in known else criterion


def _context(given: Mapping[str, object]) -> tuple[Context | None, list[Fault]]:
    """Read the context, keeping its faults."""
    try:
        return read_context(given), []
    except Refusal as refusal:
        return None, list(refusal.faults)


def _test_faults(rules: LabRules, criterion: Criterion, test: str) -> list[Fault]:
    """Fault a test that other terms grade and this one does not."""
    words = set(test.upper().split())
    foreign = sorted(words & rules.tests_elsewhere(criterion))
    if foreign and not words & set(criterion.tests):
        found, allowed = f"{foreign[0]} is not graded as this term", ", ".join(criterion.tests)
        return [Fault("test", found, allowed, "Correct the test or the term")]
    if "(Ionized)" in criterion.term and ("CORRECT" in test.upper() or "TOTAL" in test.upper()):
        return [Fault("test", shorten(test), "ionized calcium", "Grade it as the term without it")]
    return []


def _number_faults(
    criterion: Criterion, value: Quantity, given: Mapping[str, Decimal | Fraction | int | None]
) -> list[Fault]:
    """Fault numbers that no laboratory reports."""
    faults = []
    if value.value < 0 or (value.value == 0 and value.comparator == "<"):
        faults.append(Fault("value", str(value), "0 or more", "Correct the value"))
    is_multiplied = any(limb.needs_baseline for limb in criterion.limbs)
    for name, number in given.items():
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int | Decimal | Fraction):
            found = f"a {type(number).__name__}"
            faults.append(Fault(name, found, "an exact number", "Read it as decimal text"))
        elif isinstance(number, Decimal) and not number.is_finite():
            faults.append(Fault(name, str(number), "a finite number", "Correct it"))
        elif number < 0 or (number == 0 and (name == "uln" or _is_divisor(name, is_multiplied))):
            faults.append(Fault(name, f"{number}", "above 0", "Correct it, or leave it out"))
    low, high = given["lln"], given["uln"]
    if not faults and low is not None and high is not None and low > high:
        faults.append(
            Fault("lln", f"{low} is above the upper limit {high}", "below it", "Correct it")
        )
    return faults


def _is_divisor(name: str, is_multiplied: bool) -> bool:
    """Say whether zero would make every multiple of it zero."""
    return name == "baseline" and is_multiplied


def _unit(criterion: Criterion, value: Quantity, faults: list[Fault]) -> str:
    """Give the value's unit in UCUM; results without unit have `1`."""
    if criterion.unit == "1":
        if value.unit.strip() in _NO_UNIT:
            return "1"
        faults.append(Fault("unit", shorten(value.unit), "1 (a number without unit)", "Correct it"))
        return "1"
    try:
        return ucum(value.unit)
    except Refusal as refusal:
        faults += refusal.faults
        return value.unit


def _facts(
    criterion: Criterion, test: str, around: Context, references: Mapping[str, Fraction]
) -> Mapping[str, bool]:
    """Add to the recorded facts what the test name and the baseline say."""
    facts = {**_named(test), **around.facts}
    if around.is_baseline:
        facts["baseline_abnormal"] = False
    elif "baseline" not in references:
        facts.setdefault("baseline_abnormal", False)
    else:
        limit = references.get("ULN" if criterion.side == "high" else "LLN")
        before = references["baseline"]
        if limit is not None:
            is_beyond = before > limit if criterion.side == "high" else before < limit
            facts.setdefault("baseline_abnormal", is_beyond)
    return facts


def _named(test: str) -> dict[str, bool]:
    """Give the facts that a test's name states."""
    denied = {found.group(2) for found in _DENIED.finditer(test.lower())}
    words = _DENIED.sub(" ", test.lower())
    named = {}
    if "fasting" in denied or "random" in words:
        named["fasting"] = False
    elif "fasting" in words or {"fpg", "fbg"} & set(words.split()):
        named["fasting"] = True
    if "correct" in words or "adjusted" in words:
        named["corrected"] = True
    return named


def _correct(reading: Reading, albumin: Quantity) -> tuple[Reading, str]:
    """Correct total calcium for albumin."""
    lacking = ALBUMIN_NORMAL - albumin.exact_in("g/dL")
    added = lacking * amount_in(CALCIUM_PER_ALBUMIN, reading.unit, "calcium")
    facts = {**reading.facts, "corrected": True}
    words = f"calcium corrected for albumin {albumin}"
    return replace(reading, number=max(reading.number + added, Fraction(0)), facts=facts), words


def _finding(
    criterion: Criterion,
    reading: Reading,
    raw: Reading,
    shown: str,
    corrected: str,
    baseline: Decimal | Fraction | int | None,
) -> GradeFinding:
    """Grade a reading in context and alone, and say both."""
    limbs = place(criterion, reading)
    lacking = _unmet(criterion, reading)
    if lacking is None:
        outcome = decide(criterion, limbs, reading)
    else:
        grades = {0, *(limb.grade for limb in criterion.limbs)} - {5}
        outcome = Outcome(None, None, (lacking,), tuple(sorted(grades)))
    before = {} if baseline is None else {"baseline": Fraction(baseline)}
    alone_reading = _alone(criterion, replace(raw, references={**raw.references, **before}))
    alone = value_alone(criterion, place(criterion, alone_reading), alone_reading)
    return GradeFinding(
        term=criterion.term,
        version=criterion.version,
        grade=outcome.grade,
        lab_only_grade=alone.grade,
        because=why(criterion, shown, outcome, reading),
        differs_because=why_different(criterion, outcome, alone, reading, corrected),
        missing=outcome.missing,
        possible=outcome.possible,
        source=f"{criterion.source}, {criterion.soc}: {criterion.term}",
    )


def _alone(criterion: Criterion, reading: Reading) -> Reading:
    """Forget the context of a reading; what follows from numbers stays."""
    bare = Context({})
    facts = _facts(criterion, "", bare, reading.references)
    return replace(reading, facts=facts, is_baseline=False)


def _unmet(criterion: Criterion, reading: Reading) -> str | None:
    """Name what the criteria ask of every value and this one does not have."""
    for name, wanted in criterion.requires.items():
        if reading.facts.get(name) is not wanted:
            return {"corrected": "albumin", "fasting": "fasting value"}.get(name, name)
    return None
