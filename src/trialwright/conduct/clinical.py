"""Forms and entries of a participant's course: each is one happening, with what it calls for."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from trialwright.casebook.course import VISIT_CODE
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    CountDrug,
    DelayCycle,
    EndStudy,
    EndTreatment,
    EntryAct,
    RecordDeath,
    RecordForm,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.conduct.course import departures
from trialwright.conduct.course_rules import COURSE
from trialwright.conduct.course_stages import waits_for_end
from trialwright.conduct.drug_counts import account_of
from trialwright.conduct.happenings import Happening
from trialwright.conduct.observing import agents_of
from trialwright.conduct.planning import planned_windows, starts_of
from trialwright.conduct.records import write
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.warned_medicines import medicine_of, memberships
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Fault, Stood, refuse_others, shorten

FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "medical-history": ("conditions",),
        "prior-therapy": ("treatments",),
        "laboratory": ("observations",),
        "vital-signs": ("observations",),
        "ecg": ("observations",),
        "specimens": ("specimens",),
    }
)
"""Form to the kinds of facts it holds; each may hold others beside them."""

HAPPENING: Mapping[type, str] = MappingProxyType(
    {
        ScreenFail: "screen_failed",
        RecordVisit: "visit_recorded",
        RecordMedicine: "medicine_recorded",
        CountDrug: "drug_counted",
        RecordProgression: "progression_recorded",
        RecordSubsequentTherapy: "therapy_recorded",
        ContactSurvival: "survival_contacted",
        RecordPregnancy: "pregnancy_recorded",
        EndTreatment: "treatment_ended",
        EndStudy: "study_ended",
        RecordDeath: "died",
        DelayCycle: "cycle_delayed",
    }
)
"""Act to what is recorded."""

_KINDS = ("observations", "conditions", "treatments", "specimens")


def record_form(state: TrialState, act: RecordForm, standing: Stood = ()) -> tuple[Happening, ...]:
    """Enter a form of a participant who has consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordForm
        Form, visit and facts.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `form_recorded`.

    Raises
    ------
    Refusal
        If the form or the visit is none, it is empty, it holds facts of another form, a fact is no
        term of the protocol, or a day lies after that of the entry.
    """
    known(state, act.participant, act.on)
    faults = [*_form_faults(state.study, act), *_future(act)]
    refuse_others(faults, standing)
    payload: dict[str, Json] = {"form": act.form, "visit": act.visit}
    for kind in (*_KINDS, "others"):
        payload[kind] = [write(each) for each in getattr(act, kind)]
    return (Happening("form_recorded", act.participant, act.on, payload),)


def record_entry(state: TrialState, act: EntryAct, standing: Stood = ()) -> tuple[Happening, ...]:
    """Record one entry of a participant's course.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; that the entry fits the course is asked by `require_course`.
    act : EntryAct
        Any of the acts of `HAPPENING`.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        With `says`: what the entry calls for, e.g. a warning or a deviation with its reason.

    Raises
    ------
    Refusal
        If the entry contradicts what is recorded, or a day lies after that of the entry.
    """
    here = known(state, act.participant, act.on)
    check = _CHECKS.get(type(act))
    faults = [*_future(act), *(check(state, here, act) if check else ())]
    refuse_others(faults, standing)
    payload: dict[str, Json] = {"entry": write(act.entry)}
    if isinstance(act, RecordVisit):
        windows = planned_windows(state, here, act.entry.code)
        payload["windows"] = [write(each) for each in windows]
        payload["says"] = list(departures(act.entry, windows))
    elif isinstance(act, CountDrug):
        payload["says"] = [account_of(here, act.entry).says]
    elif isinstance(act, RecordMedicine):
        medicine = medicine_of(state.study, act.entry.name)
        payload["medicine"] = medicine
        payload["says"] = [
            f"warning: {each}; the record is kept, tell the investigator"
            for each in memberships(state.study, medicine)
        ]
    return (Happening(HAPPENING[type(act)], act.participant, act.on, payload, act.note.strip()),)


def against_course(state: TrialState, here: ParticipantState, act: EntryAct) -> Iterator[Fault]:
    """Name what contradicts an entry among others that may be corrected after it.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    act : EntryAct
        A later therapy, a progression or a delay; of other entries nothing is named.

    Yields
    ------
    Fault
        A therapy before the last dose, a progression before the first one, or a cycle that begins
        before the one before it is over.
    """
    if isinstance(act, RecordSubsequentTherapy | RecordProgression | DelayCycle):
        yield from _CHECKS[type(act)](state, here, act)


def _form_faults(study: Study, act: RecordForm) -> Iterator[Fault]:
    """Find what is wrong with a form."""
    if act.form not in FORMS:
        yield Fault("form", shorten(act.form), ", ".join(FORMS), "Name a form")
        return
    if not VISIT_CODE.fullmatch(act.visit):
        yield Fault("visit", "something of another form",
                    "a cycle day such as C1D8, a week such as W8, SCREENING, UNSCHEDULED, "
                    "END, FU-1, FU-2 ...",
                    "Name the visit by its code")  # fmt: skip
    for kind in _KINDS:
        if getattr(act, kind) and kind not in FORMS[act.form]:
            yield Fault(kind, f"{kind} on the form {act.form}",
                        " and others: ".join((", ".join(FORMS[act.form]), "")).strip(": "),
                        "Use the form that holds them")  # fmt: skip
    if not any(getattr(act, kind) for kind in (*_KINDS, "others")):
        yield Fault("form", f"an empty form {act.form}", "one entry or more", "Give the entries")
    named = [("observations", each.term) for each in act.observations]
    named += [("conditions", each.term) for each in act.conditions]
    for where, term in named:
        if term not in study.terms:
            yield Fault(where, shorten(term), "terms of the protocol's vocabulary",
                        "Map it, or enter it among the others")  # fmt: skip
    for treatment in act.treatments:
        if treatment.medicine not in study.medicines:
            yield Fault("treatments", shorten(treatment.medicine), "medicines of the protocol",
                        "Map it, or enter it among the others")  # fmt: skip


def _future(act: Any) -> Iterator[Fault]:
    """Refuse what certainly lies after the day of its entry."""
    for where, day in COURSE[type(act)].days(act):
        if day > act.on:
            yield Fault(where, f"{day.isoformat()}, after the entry on {act.on.isoformat()}",
                        "a past day", "Enter it when it has happened")  # fmt: skip


def _screen_failure(state: TrialState, here: ParticipantState, act: ScreenFail) -> Iterator[Fault]:
    """Refuse criteria that are none, and a screening failure of which nothing is said."""
    entry, listed = act.entry, ", ".join(each.id for each in state.study.criteria)
    for place, criterion in enumerate(entry.criteria):
        if state.study.criterion(criterion) is None:
            yield Fault(f"entry.criteria.{place}", shorten(criterion), listed, "Name a criterion")
    if not entry.criteria and not act.note.strip():
        yield Fault("entry.criteria", "neither a criterion nor a note",
                        f"one of {listed}, or words",
                    "Say why screening ended")  # fmt: skip
    yield from _before(here.consented_on, "consent", "entry.on", entry.on)


def _visit(state: TrialState, here: ParticipantState, act: RecordVisit) -> Iterator[Fault]:
    """Refuse a second record of a planned visit, and a visit on treatment that is none."""
    entry = act.entry
    is_planned = entry.code not in ("UNSCHEDULED", "SCREENING")
    if is_planned and any(each.visit.code == entry.code for each in here.course.visits):
        yield Fault("entry.code", f"{entry.code} a second time", "one record of a visit",
                    "Correct the recorded one, or enter an unscheduled visit")  # fmt: skip
    if re.match("[CW][0-9]", entry.code):
        if here.assigned_on is None:
            yield Fault("participant", f"{here.number} has no dose level",
                        "a participant who is assigned",
                        "Assign the participant first")  # fmt: skip
        elif int(entry.code.partition("D")[2] or 0) > state.study.cycle_days:
            yield Fault("entry.code", f"{entry.code} in cycles of {state.study.cycle_days} days",
                        f"days 1 to {state.study.cycle_days}", "Correct the code")  # fmt: skip
    if waits_for_end(here, entry):
        yield Fault("entry.code", f"{entry.code} of somebody not off treatment",
                    "a visit of the course so far",
                    "Record the end of treatment first")  # fmt: skip
    if entry.on:
        yield from _before(here.consented_on, "consent", "entry.on", entry.on)


def _count(state: TrialState, here: ParticipantState, act: CountDrug) -> Iterator[Fault]:
    """Refuse an agent that the participant does not take, and a difference without a reason."""
    taken = agents_of(state, here)
    if act.entry.agent not in taken:
        yield Fault("entry.agent", shorten(act.entry.agent), ", ".join(sorted(taken)),
                    "Name an agent of the participant")  # fmt: skip
    if here.assigned_on:
        yield from _before(here.assigned_on, "assignment", "entry.dispensed_on",
                           act.entry.dispensed_on)  # fmt: skip
    account = account_of(here, act.entry)
    if account.has_difference and not act.note.strip():
        yield Fault("note", f"no words; {account.says}", "words for a difference",
                    "Count again, record the doses that lack, or say why")  # fmt: skip


def _end_of_treatment(
    state: TrialState, here: ParticipantState, act: EndTreatment
) -> Iterator[Fault]:
    """Refuse a last dose other than the doses recorded."""
    taken = [dose.on for dose in here.doses if dose.was_taken]
    recorded, said = max(taken, default=None), act.entry.last_dose
    if recorded and (said is None or said < recorded):
        found = said.isoformat() if said else "none"
        yield Fault("entry.last_dose", f"{found}; a dose of {recorded.isoformat()} is recorded",
                    f"{recorded.isoformat()} or later",
                    "Correct the last dose, or the dose")  # fmt: skip
    if here.assigned_on:
        yield from _before(here.assigned_on, "assignment", "entry.on", act.entry.on)
    if act.entry.cause == "other" and not act.note.strip():
        yield Fault("note", "the cause `other` without words", "words", "Say why it ended")


def _end_of_study(state: TrialState, here: ParticipantState, act: EndStudy) -> Iterator[Fault]:
    """Refuse the end of follow-up while treatment goes on."""
    if here.first_dose_on and here.course.off_treatment is None:
        yield Fault("participant", f"{here.number}, on treatment",
                    "a participant who is off treatment",
                    "Record the end of treatment first")  # fmt: skip
    yield from _before(here.consented_on, "consent", "entry.on", act.entry.on)
    if act.entry.cause == "other" and not act.note.strip():
        yield Fault("note", "the cause `other` without words", "words", "Say why it ended")


def _death(state: TrialState, here: ParticipantState, act: RecordDeath) -> Iterator[Fault]:
    """Refuse a death that certainly lies before a day on which the participant was alive."""
    alive = [("consent", here.consented_on)]
    alive += [("a dose", dose.on) for dose in here.doses if dose.was_taken]
    alive += [("a survival contact", each.alive_on) for each in here.course.contacts]
    alive += [("a visit", each.visit.on) for each in here.course.visits if each.visit.on]
    what, last = max(alive, key=lambda each: each[1])
    yield from _before(last, what, "entry.on", act.entry.on.latest)


def _progression(
    state: TrialState, here: ParticipantState, act: RecordProgression
) -> Iterator[Fault]:
    """Refuse progression that certainly lies before the first dose."""
    if here.first_dose_on:
        yield from _before(here.first_dose_on, "first dose", "entry.on", act.entry.on.latest)


def _therapy(
    state: TrialState, here: ParticipantState, act: RecordSubsequentTherapy
) -> Iterator[Fault]:
    """Refuse a therapy that certainly began before the study treatment ended."""
    ended = here.course.off_treatment
    if ended and ended.last_dose and act.entry.since:
        yield from _before(ended.last_dose, "last dose", "entry.since", act.entry.since.latest)


def _contact(state: TrialState, here: ParticipantState, act: ContactSurvival) -> Iterator[Fault]:
    """Refuse a contact before registration."""
    if here.registered_on:
        yield from _before(here.registered_on, "registration", "entry.alive_on",
                           act.entry.alive_on)  # fmt: skip


def _delay(state: TrialState, here: ParticipantState, act: DelayCycle) -> Iterator[Fault]:
    """Refuse a cycle that would begin before the one before it is over."""
    starts = starts_of(state, here, act.entry.cycle - 1)
    if not starts:
        return
    over = days_after(starts[-1].on, state.study.cycle_days)
    yield from _before(over, f"the end of cycle {starts[-1].cycle}", "entry.begins_on",
                       act.entry.begins_on)  # fmt: skip


def _before(first: Any, what: str, where: str, day: Any) -> Iterator[Fault]:
    """Refuse a day before another one."""
    if day < first:
        yield Fault(where, f"{day.isoformat()}, before {what} on {first.isoformat()}",
                    f"{first.isoformat()} or later", "Correct the day")  # fmt: skip


_CHECKS: Mapping[type, Callable[[TrialState, ParticipantState, Any], Iterator[Fault]]] = (
    MappingProxyType(
        {
            ScreenFail: _screen_failure,
            RecordVisit: _visit,
            CountDrug: _count,
            EndTreatment: _end_of_treatment,
            EndStudy: _end_of_study,
            RecordDeath: _death,
            RecordProgression: _progression,
            RecordSubsequentTherapy: _therapy,
            ContactSurvival: _contact,
            DelayCycle: _delay,
        }
    )
)
"""Act to what else is asked of its entry."""
