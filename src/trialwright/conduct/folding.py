"""Folding happenings into the state: one small function an act."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any, cast

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.records import read
from trialwright.conduct.state import Cohort, ParticipantState, TrialState, visible
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import refuse

Payload = Mapping[str, Any]


def fold(
    study: Study,
    records: Iterable[Recorded],
    as_of: date | None = None,
    known_at: int | None = None,
) -> TrialState:
    """Give the state of a trial.

    Parameters
    ----------
    study : Study
        The protocol in force.
    records : iterable of Recorded
        The ledger from its beginning, in order.
    as_of : date or None
        What happened later is left out; None: nothing is.
    known_at : int or None
        What was entered after this sequence number is left out; None: nothing is.

    Returns
    -------
    TrialState
        Equal for equal arguments, whenever it is asked.

    Raises
    ------
    Refusal
        If a record cannot be read by this software.
    """
    return reduce(apply, visible(records, as_of, known_at), TrialState(study))


def apply(state: TrialState, record: Recorded) -> TrialState:
    """Add one happening to a state.

    Parameters
    ----------
    state : TrialState
        Before it.
    record : Recorded
        The happening as the ledger holds it.

    Returns
    -------
    TrialState
        After it.

    Raises
    ------
    Refusal
        If the act is not known to this software.
    """
    happening = record.happening
    step = STEPS.get(happening.act)
    if step is None:
        raise refuse(
            f"happening {record.sequence}",
            f"the act {happening.act!r}",
            ", ".join(STEPS),
            "Read this ledger with the version that wrote it, or a later one",
        )
    return replace(step(state, record), sequence=record.sequence)


def _opened(state: TrialState, record: Recorded) -> TrialState:
    """Open the first cohort of every arm."""
    cohorts = {
        arm.id: Cohort(
            arm.escalation.starting_level,
            arm.escalation.cohort_size,
            arm.escalation.starting_level,
            "first cohort at the starting level",
        )
        for arm in state.study.arms
    }
    return replace(state, opened_on=record.happening.on, cohorts=cohorts)


def _consented(state: TrialState, record: Recorded) -> TrialState:
    """Begin a participant's casebook."""
    number = record.happening.subject
    begun = ParticipantState(number, record.site, record.happening.on, Casebook(number))
    return state.with_participant(begun)


def _facts_recorded(state: TrialState, record: Recorded) -> TrialState:
    """Add facts to the casebook."""
    payload = record.happening.payload
    here = _participant(state, record)
    casebook = here.casebook.with_facts(
        observations=_read_all(Observation, payload["observations"]),
        conditions=_read_all(Condition, payload["conditions"]),
    )
    born, sex = payload["born"], payload["sex"]
    casebook = replace(
        casebook,
        born=PartialDate.parse(cast(str, born)) if born else casebook.born,
        sex=cast(Any, sex) or casebook.sex,
    )
    return state.with_participant(replace(here, casebook=casebook))


def _attested(state: TrialState, record: Recorded) -> TrialState:
    """Add a person's answer to the casebook; its reason stands beside the payload."""
    here = _participant(state, record)
    answer = read(Attestation, {**record.happening.payload, "reason": record.happening.reason})
    casebook = here.casebook.with_facts(attestations=(answer,))
    return state.with_participant(replace(here, casebook=casebook))


def _screened(state: TrialState, record: Recorded) -> TrialState:
    """Note for which arm the participant was screened."""
    here = _participant(state, record)
    arm = str(record.happening.payload["arm"])
    return state.with_participant(replace(here, screened_for=(*here.screened_for, arm)))


def _registered(state: TrialState, record: Recorded) -> TrialState:
    """Note the registration."""
    here, payload = _participant(state, record), record.happening.payload
    registered = replace(
        here,
        registered_on=record.happening.on,
        arm=str(payload["arm"]),
        first_dose_planned_on=date.fromisoformat(str(payload["first_dose_on"])),
    )
    return state.with_participant(registered)


def _assigned(state: TrialState, record: Recorded) -> TrialState:
    """Note the dose level and take a place of the cohort."""
    here, payload = _participant(state, record), record.happening.payload
    assigned = replace(
        here,
        dose_level=cast(int, payload["dose_level"]),
        assigned_on=record.happening.on,
        choice=dict(cast(Mapping[str, str], payload["choice"])),
    )
    cohort = state.cohorts[here.arm]
    taken = replace(cohort, assigned=(*cohort.assigned, here.number))
    return replace(state.with_participant(assigned), cohorts={**state.cohorts, here.arm: taken})


def _doses_recorded(state: TrialState, record: Recorded) -> TrialState:
    """Add doses."""
    here = _participant(state, record)
    doses = _read_all(DoseGiven, record.happening.payload["doses"])
    return state.with_participant(replace(here, doses=here.doses + doses))


def _adverse_event_recorded(state: TrialState, record: Recorded) -> TrialState:
    """Add an adverse event."""
    here = _participant(state, record)
    event = read(AdverseEvent, record.happening.payload["event"])
    return state.with_participant(replace(here, adverse_events=(*here.adverse_events, event)))


def _tumour_baseline_recorded(state: TrialState, record: Recorded) -> TrialState:
    """Note the disease before treatment."""
    here = _participant(state, record)
    baseline = read(TumourBaseline, record.happening.payload["baseline"])
    return state.with_participant(replace(here, baseline=baseline))


def _tumour_assessed(state: TrialState, record: Recorded) -> TrialState:
    """Add a tumour assessment."""
    here = _participant(state, record)
    assessment = read(TumourAssessment, record.happening.payload["assessment"])
    return state.with_participant(replace(here, assessments=(*here.assessments, assessment)))


def _dose_decided(state: TrialState, record: Recorded) -> TrialState:
    """Open the cohort that was decided."""
    payload = record.happening.payload
    arm = str(payload["arm"])
    level = cast("int | None", payload["level"])
    decided = Cohort(
        level,
        cast(int, payload["cohort_size"]),
        level if level is not None else state.cohorts[arm].last_level,
        str(payload["because"]),
    )
    return replace(state, cohorts={**state.cohorts, arm: decided})


def _redacted(state: TrialState, record: Recorded) -> TrialState:
    """Change nothing: the redacted value reads as null where it stood."""
    return state


STEPS: dict[str, Callable[[TrialState, Recorded], TrialState]] = {
    "trial_opened": _opened,
    "consented": _consented,
    "facts_recorded": _facts_recorded,
    "attested": _attested,
    "screened": _screened,
    "registered": _registered,
    "assigned": _assigned,
    "doses_recorded": _doses_recorded,
    "adverse_event_recorded": _adverse_event_recorded,
    "tumour_baseline_recorded": _tumour_baseline_recorded,
    "tumour_assessed": _tumour_assessed,
    "dose_decided": _dose_decided,
    "redacted": _redacted,
}
"""Act of a happening to the function that adds it."""


def _participant(state: TrialState, record: Recorded) -> ParticipantState:
    """Give the participant whom a happening concerns."""
    here = state.participants.get(record.happening.subject)
    if here is None:
        raise refuse(
            f"happening {record.sequence}",
            f"{record.happening.act} of {record.happening.subject}, who has not consented",
            "a participant who has consented",
            "Fold the ledger from its beginning",
        )
    return here


def _read_all(kind: type[Any], values: Json) -> tuple[Any, ...]:
    """Read a list of recorded values."""
    return tuple(read(kind, value) for value in cast("list[Json]", values))
