"""Pictures of laboratory values over time, with the bands of their CTCAE grades."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trialwright.assembly.plates import Plate
from trialwright.casebook.facts import Observation
from trialwright.endpoints.follow_up import study_day
from trialwright.figures.toxicity_plots import Band, Series, laboratory
from trialwright.grading.bands import grade_bands
from trialwright.grading.criteria import Criterion, LabRules
from trialwright.grading.laboratory import grade_observation
from trialwright.protocol.safety_settings import LabGrading
from trialwright.protocol.study import Study
from trialwright.reports.members import Member
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

HIGHEST_BAND = 4
"""Grade 5 is death, and no value."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a participant."""

    member: Member
    seen: Observation
    amount: Quantity


def laboratory_pictures(study: Study, found: Sequence[Member], rules: LabRules) -> Iterator[Plate]:
    """Show each graded test of which somebody has a value on treatment.

    Parameters
    ----------
    study : Study
        Names which facts are graded as which CTCAE terms.
    found : sequence of Member
        The safety set.
    rules : LabRules
        The CTCAE criteria.

    Yields
    ------
    Plate
        Not drawn yet; one for each term.
    """
    for graded in study.safety.laboratory:
        values = list(_values(graded, found))
        if not any(each.seen.on.earliest > each.member.first_dose for each in values):
            continue
        for term in graded.terms:
            version = study.dlt.graded_by.get(term, study.dlt.ctcae)
            measured = study.terms[graded.fact].says or graded.fact
            name = f"{term}: {measured[:1].lower()}{measured[1:]} over time"
            yield _plate((name, measured), graded, rules.find(term, version), values, rules)


def _values(graded: LabGrading, found: Sequence[Member]) -> Iterator[_Value]:
    """Give the exact amounts of a fact whose day is known, in their order."""
    for member in found:
        seen = [each for each in member.here.casebook.observations if each.term == graded.fact]
        for each in sorted(seen, key=lambda one: one.on.earliest):
            amount = each.value
            if not isinstance(amount, Quantity) or amount.comparator:
                continue
            if each.on.earliest == each.on.latest:
                yield _Value(member, each, amount)


def _plate(
    said: tuple[str, str],
    graded: LabGrading,
    criterion: Criterion,
    values: list[_Value],
    rules: LabRules,
) -> Plate:
    """Show one term, said as a heading and as what is measured."""
    name, measured = said
    unit = values[0].amount.unit
    by_member: dict[str, list[tuple[int, float, int | None]]] = {}
    for each in values:
        number = each.amount.exact_in(unit, criterion.substance)
        day = study_day(each.member.first_dose, each.seen.on.earliest)
        point = (day, float(number), _grade(each, values, graded, criterion, rules))
        by_member.setdefault(each.member.number, []).append(point)
    bands, note = _bands(values, unit, graded, criterion)
    series = [Series(number, tuple(points)) for number, points in by_member.items()]
    return Plate(name, laboratory, (series, bands, f"{measured}, {unit}", name, note))


def _grade(
    one: _Value,
    values: Sequence[_Value],
    graded: LabGrading,
    criterion: Criterion,
    rules: LabRules,
) -> int | None:
    """Grade a value against the participant's last one before treatment; None: not decided."""
    first = one.member.first_dose
    before = [
        each.seen for each in values if each.member is one.member and each.seen.on.latest <= first
    ]
    try:
        found = grade_observation(
            rules, criterion.term, one.seen, baseline=before[-1] if before else None,
            test=graded.test, version=criterion.version,
        )  # fmt: skip
    except Refusal:
        return None
    return found.grade


def _bands(
    values: Sequence[_Value], unit: str, graded: LabGrading, criterion: Criterion
) -> tuple[list[Band], str]:
    """Give the bands of the one laboratory, or say why there are none."""
    printed = f"CTCAE {criterion.version}"
    limits = {(each.seen.low, each.seen.high) for each in values if each.amount.unit == unit}
    if len(limits) != 1 or any(each.amount.unit != unit for each in values):
        return [], f"{printed}; no bands: laboratories differ in unit or limits"
    ((low, high),) = limits
    references = {
        name: Fraction(number)
        for name, number in (("LLN", low), ("ULN", high))
        if number is not None
    }
    facts = {"fasting": True} if "fasting" in graded.test else {}
    bands = [
        Band(each.grade, _number(each.low), _number(each.high))
        for each in grade_bands(criterion, unit, references, facts)
        if each.grade <= HIGHEST_BAND
    ]
    named = ", ".join(f"{name} {float(number):g}" for name, number in references.items())
    return bands, f"bands: {printed}{f', {named}' if named else ''}" if bands else printed


def _number(limit: Fraction | None) -> float | None:
    """Give a limit as a picture takes it."""
    return None if limit is None else float(limit)
