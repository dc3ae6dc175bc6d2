"""What becomes of the invented participants of the demo, as the acts that record it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from trialwright.assembly import story
from trialwright.assembly.demo_courses import COURSES, Course, Disease, Event, Scan
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import SubsequentTherapy, SurvivalContact
from trialwright.casebook.course_ends import Death, OffTreatment
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetLesion,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import (
    Act,
    RecordAdverseEvent,
    RecordDoses,
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    EndTreatment,
    RecordDeath,
    RecordForm,
    RecordSubsequentTherapy,
)
from trialwright.conduct.roles import Actor
from trialwright.protocol.arms import Arm
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

_FILM, _CHART = Source("person", "CT report"), Source("person", "interview and chart")
_BLOOD = Source("person", "laboratory report")
_CYCLE = 28
_TESTS = ("anc", "hemoglobin", "platelets", "total-bilirubin", "ast", "alt", "creatinine",
          "fasting-glucose", "potassium", "magnesium")  # fmt: skip
"""Facts of a laboratory form."""

_DRIFT = (98, 101, 103, 100, 97)
"""Per cent of the result at screening, one test and day after another, where nothing happened."""

Doing = tuple[date, Act, Actor]
"""Day of entry, act, and who does it."""


def as_screened(number: str, casebook: Casebook) -> Casebook:
    """Make an invented participant's record their own: age, performance status, results.

    Parameters
    ----------
    number : str
        Study number.
    casebook : Casebook
        The example's, moved in time.

    Returns
    -------
    Casebook
        Unchanged for somebody without a course.
    """
    course = COURSES.get(number)
    if course is None:
        return casebook
    born = casebook.born
    if born is not None:
        day = born.earliest
        born = PartialDate.of(day.replace(year=day.year - course.years))
    last = max(each.on.latest for each in casebook.observations if each.term == "ecog")
    own = {**course.before, "ecog": course.ecog}
    observations = tuple(
        _with(each, Decimal(own[each.term]))
        if each.term in own and (each.term != "ecog" or each.on.latest == last)
        else each
        for each in casebook.observations
    )
    return replace(casebook, born=born, observations=observations)


def doses_of(number: str, told: RecordDoses, first_dose: date, arm: Arm) -> RecordDoses:
    """Give doses with what was held and reduced for adverse events.

    Parameters
    ----------
    number : str
        Study number.
    told : RecordDoses
        As planned.
    first_dose : date
        Day 1.
    arm : Arm
        Gives the dose one level lower.

    Returns
    -------
    RecordDoses
        The same doses, day by day.
    """
    course = COURSES.get(number, Course())

    def taken(dose: DoseGiven) -> DoseGiven:
        """Hold or reduce a dose of ipatasertib."""
        if dose.agent != "ipatasertib" or dose.amount is None:
            return dose
        day = (dose.on - first_dose).days + 1
        if any(begin <= day <= end for begin, end in course.held):
            return replace(dose, amount=None, status="held", reason="adverse event")
        if course.reduced_from is not None and day >= course.reduced_from:
            lower = max(each for each in arm.ladder.doses if each < dose.amount.value)
            less = Quantity(lower, dose.amount.unit)
            return replace(dose, amount=less, status="reduced", reason="adverse event")
        return dose

    return replace(told, doses=tuple(map(taken, told.doses)))


def course_acts(
    number: str, casebook: Casebook, first_dose: date, ended_day: int | None
) -> Iterator[Doing]:
    """Give what was seen of an invented participant from the first dose on.

    Parameters
    ----------
    number : str
        Study number.
    casebook : Casebook
        As screened.
    first_dose : date
        Day 1.
    ended_day : int or None
        Last day of treatment; None while it goes on.

    Yields
    ------
    tuple of (date, Act, Actor)
        Results, adverse events, tumours, end of treatment, follow-up and death; nothing for
        somebody without a course.
    """
    course = COURSES.get(number)
    if course is None:
        return
    for day, found in course.laboratory.items():
        on = _on(first_dose, day)
        seen = tuple(_results(casebook, found, on, day))
        form = RecordForm(number, on, "laboratory", _visit(day), seen)
        yield on, form, story.COORDINATOR
    for event in course.events:
        on = _on(first_dose, max(event.day + event.days, 15))
        act = RecordAdverseEvent(number, on, _event(event, first_dose))
        yield on, act, story.COORDINATOR
    for each in _tumours(number, course, first_dose):
        yield each.on, each, story.INVESTIGATOR
    yield from _afterwards(number, course, first_dose, ended_day)


def _on(first_dose: date, day: int) -> date:
    """Give the date of a day of treatment."""
    return first_dose + timedelta(days=day - 1)


def _visit(day: int) -> str:
    """Give the code of the visit on a day of treatment."""
    return f"C{(day - 1) // _CYCLE + 1}D{(day - 1) % _CYCLE + 1}"


def _with(seen: Observation, amount: Decimal) -> Observation:
    """Give an observation with another amount of its unit."""
    if not isinstance(seen.value, Quantity):
        raise TypeError(f"{seen.term} is not an amount")
    return replace(seen, value=Quantity(amount, seen.value.unit))


def _results(
    casebook: Casebook, found: Mapping[str, str], on: date, day: int
) -> Iterator[Observation]:
    """Give the results of one day: what happened, and the rest near that at screening."""
    last = {each.term: each for each in casebook.observations if isinstance(each.value, Quantity)}
    for place, term in enumerate(_TESTS):
        at_screening = last[term]
        usual = at_screening.value.value  # type: ignore[union-attr]  # amounts alone were taken
        drifted = usual * _DRIFT[(day + place) % len(_DRIFT)] / 100
        amount = Decimal(found[term]) if term in found else drifted.quantize(usual)
        yield replace(_with(at_screening, amount), on=PartialDate.of(on), source=_BLOOD)


def _event(event: Event, first_dose: date) -> AdverseEvent:
    """Give an adverse event as recorded."""
    began = _on(first_dose, event.day)
    told = story.event(event.term, event.grade, began, event.days)
    return replace(
        told, is_serious=bool(event.serious_because), related_to=event.related_to,
        serious_because=event.serious_because or None, is_expected=event.is_expected,
        sponsor_aware_on=began + timedelta(days=1) if event.serious_because else None,
        source=_CHART,
    )  # fmt: skip


def _tumours(
    number: str, course: Course, first_dose: date
) -> Iterator[RecordTumourBaseline | RecordTumourAssessment]:
    """Give the lesions before treatment and each assessment; the story's for its participant."""
    if course.disease is None:
        moved = first_dose - story.FIRST_DOSE
        baseline = replace(story.tumour_baseline(), on=story.SCREENING + moved)
        seen = [replace(each, on=each.on + moved) for each in story.tumour_assessments()]
    else:
        baseline = _baseline(course.disease, first_dose + (story.SCREENING - story.FIRST_DOSE))
        seen = [_assessment(baseline, each, first_dose) for each in course.scans]
    yield RecordTumourBaseline(number, baseline)
    for each in seen:
        yield RecordTumourAssessment(number, each)


def _baseline(disease: Disease, on: date) -> TumourBaseline:
    """Give the disease before treatment."""
    targets = tuple(
        TargetLesion(f"T{place}", site, is_node=site == "LYMPH NODE", mm=Decimal(mm))
        for place, (site, mm) in enumerate(disease.targets, start=1)
    )
    others = tuple(
        NonTargetLesion(f"N{place}", site, is_node=site == "LYMPH NODE")
        for place, site in enumerate(disease.others, start=1)
    )
    return TumourBaseline(on, targets, others, _FILM, "CT SCAN")


def _assessment(baseline: TumourBaseline, scan: Scan, first_dose: date) -> TumourAssessment:
    """Give an assessment of the lesions of a baseline."""
    targets = (each.label for each in baseline.targets)
    new = None
    if scan.new is not None:
        new = (NewLesion(Certainty.UNEQUIVOCAL, scan.new, "NEW1"),) if scan.new else ()
    return TumourAssessment(
        _on(first_dose, scan.day), dict(zip(targets, scan.targets, strict=True)),
        {each.label: scan.others for each in baseline.nontargets}, new, _FILM,
    )  # fmt: skip


def _afterwards(
    number: str, course: Course, first_dose: date, ended_day: int | None
) -> Iterator[Doing]:
    """Give the end of treatment, therapy after it, contacts and death."""
    if course.ended is not None and ended_day is not None:
        ended, last = _on(first_dose, ended_day + 1), _on(first_dose, ended_day)
        entry = OffTreatment(ended, course.ended, last, _CHART)
        yield ended, EndTreatment(number, ended, entry), story.INVESTIGATOR
    for day, name in course.therapy:
        on = _on(first_dose, day)
        therapy = SubsequentTherapy(name, PartialDate.of(on), None, _CHART)
        yield on, RecordSubsequentTherapy(number, on, therapy), story.COORDINATOR
    for day in course.alive:
        on = _on(first_dose, day)
        contact = SurvivalContact(on, "telephone", _CHART)
        yield on, ContactSurvival(number, on, contact), story.COORDINATOR
    if course.died is not None:
        day, cause = course.died
        on = _on(first_dose, day)
        death = Death(PartialDate.of(on), cause, _CHART)
        yield on, RecordDeath(number, on, death), story.COORDINATOR
