"""Folding what was recorded of a participant's course: one table, one step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from trialwright.casebook.course import (
    ClinicalProgression,
    ConcomitantMedicine,
    CycleDelay,
    DrugCount,
    OtherEntry,
    Pregnancy,
    SubsequentTherapy,
    SurvivalContact,
    Visit,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure
from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Coverage, Specimen, Treatment
from trialwright.conduct.course import Filed, PlannedWindow, VisitEntry
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import ParticipantState, changed
from trialwright.terms.dates import PartialDate

ONCE: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "screen_failed": (ScreenFailure, "screen_failure"),
        "treatment_ended": (OffTreatment, "off_treatment"),
        "study_ended": (OffStudy, "off_study"),
        "died": (Death, "death"),
    }
)
"""Act to the record it holds and its place in the course, for what happens once."""

MANY: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "cycle_delayed": (CycleDelay, "delays"),
        "medicine_recorded": (ConcomitantMedicine, "medicines"),
        "drug_counted": (DrugCount, "counts"),
        "progression_recorded": (ClinicalProgression, "progressions"),
        "therapy_recorded": (SubsequentTherapy, "therapies"),
        "survival_contacted": (SurvivalContact, "contacts"),
        "pregnancy_recorded": (Pregnancy, "pregnancies"),
    }
)
"""Act to the record it holds and its place in the course, for what may happen several times."""


def with_facts(before: Casebook, seen: Legible) -> Casebook:
    """Read the facts of a happening into a casebook.

    Parameters
    ----------
    before : Casebook
        Without them.
    seen : Legible
        The happening `facts_recorded`.

    Returns
    -------
    Casebook
        With every fact of which nothing was redacted.

    Raises
    ------
    Refusal
        If one of them cannot be read by this software.
    """
    casebook = before.with_facts(
        observations=seen.facts(Observation, "observations"),
        conditions=seen.facts(Condition, "conditions"),
        treatments=seen.facts(Treatment, "treatments"),
    )
    unsettled = cast("tuple[str, ...]", seen.value("unsettled") or ())
    born, sex = seen.value("born"), seen.value("sex")
    return replace(
        casebook,
        born=PartialDate.parse(cast(str, born)) if born else casebook.born,
        sex=cast(Any, sex) or casebook.sex,
        specimens=casebook.specimens + seen.facts(Specimen, "specimens"),
        coverage=casebook.coverage + seen.facts(Coverage, "coverage"),
        unsettled=casebook.unsettled.union(str(each) for each in unsettled),
    )


def _facts_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add facts to the casebook."""
    casebook = here.casebook.later(lambda before: with_facts(before, seen))
    return changed(here, casebook=casebook)


def _entered_once(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Put an entry in its place of the course."""
    kind, place = ONCE[seen.happening.act]
    entry = seen.fact(kind, "entry")
    if entry is None:
        return here
    course = changed(here.course, **{place: entry}, filed=(*here.course.filed, _filed(seen)))
    return changed(here, course=course)


def _entered(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add an entry to those of its kind."""
    kind, place = MANY[seen.happening.act]
    entry = seen.fact(kind, "entry")
    if entry is None:
        return here
    entries = (*getattr(here.course, place), entry)
    course = changed(here.course, **{place: entries}, filed=(*here.course.filed, _filed(seen)))
    return changed(here, course=course)


def _medicine_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a medicine, and let the criteria know of one that the protocol names."""
    here, entry = _entered(here, seen), seen.fact(ConcomitantMedicine, "entry")
    medicine = seen.value("medicine")
    if entry is None or not medicine:
        return here
    on = seen.happening.on
    casebook = here.casebook.later(
        lambda before: before.with_facts(treatments=(_treatment(entry, str(medicine), on),))
    )
    return changed(here, casebook=casebook)


def _treatment(entry: ConcomitantMedicine, medicine: str, on: date) -> Treatment:
    """Give a medicine under the protocol's name for it."""
    return Treatment(
        medicine, entry.since, entry.until, entry.is_ongoing, entry.source,
        recorded=PartialDate.of(on),
    )  # fmt: skip


def _visit_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a visit with the windows planned for it."""
    visit = seen.fact(Visit, "entry")
    if visit is None:
        return here
    entry = VisitEntry(seen.record.sequence, visit, seen.facts(PlannedWindow, "windows"))
    filed = (*here.course.filed, Filed(seen.record.sequence, "visit", visit.code))
    course = changed(here.course, visits=(*here.course.visits, entry), filed=filed)
    return changed(here, course=course)


def _form_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add the facts of a form to the casebook, and what no rule reads to the course."""
    casebook = here.casebook.later(lambda before: _with_form(before, seen))
    form, visit = str(seen.value("form") or ""), str(seen.value("visit") or "")
    course = changed(
        here.course,
        others=here.course.others + seen.facts(OtherEntry, "others"),
        filed=(*here.course.filed, Filed(seen.record.sequence, form, visit)),
    )
    return changed(here, casebook=casebook, course=course)


def _with_form(before: Casebook, seen: Legible) -> Casebook:
    """Read the facts of a form into a casebook."""
    casebook = before.with_facts(
        observations=seen.facts(Observation, "observations"),
        conditions=seen.facts(Condition, "conditions"),
        treatments=seen.facts(Treatment, "treatments"),
    )
    return replace(casebook, specimens=casebook.specimens + seen.facts(Specimen, "specimens"))


def _filed(seen: Legible) -> Filed:
    """Say where an entry stands that belongs to no visit."""
    return Filed(seen.record.sequence, seen.happening.act.replace("_", "-"), "")


COURSE_STEPS: dict[str, Callable[[ParticipantState, Legible], ParticipantState]] = {
    "facts_recorded": _facts_recorded,
    **dict.fromkeys(ONCE, _entered_once),
    **dict.fromkeys(MANY, _entered),
    "medicine_recorded": _medicine_recorded,
    "visit_recorded": _visit_recorded,
    "form_recorded": _form_recorded,
}
"""Act of a happening to the function that adds it to its participant."""
