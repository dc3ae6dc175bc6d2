"""What is seen on study: doses, adverse events, tumours."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import get_args

from trialwright.casebook.exposure import DoseGiven, DoseReason
from trialwright.conduct.acts import (
    RecordAdverseEvent,
    RecordDoses,
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.central_records import Evaluator, Reading
from trialwright.conduct.happenings import Happening
from trialwright.conduct.records import write
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Stood, refuse, refuse_others
from trialwright.terms.quantities import Quantity, comparable
from trialwright.visits.dosing_days import dosing_calendar

LESION_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,15}")
"""Form of a lesion's label. Later readings are recorded under it, in the clear for good."""


def record_doses(
    state: TrialState, act: RecordDoses, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record doses of an assigned participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordDoses
        The doses.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `doses_recorded`.

    Raises
    ------
    Refusal
        If the participant is not assigned, if an agent is none that the participant takes (of a
        line that offers several, the one chosen), if a dose of that agent and day is recorded
        already, lies before the assignment, was held or reduced without a reason, is in a unit of
        another kind than planned, or is said to be reduced and is no less than planned.
    """
    here = _assigned(state, act.participant, act.on)
    agents, planned = agents_of(state, here), level_amounts(state, here)
    recorded = {(dose.agent, dose.on) for dose in here.doses}
    faults: list[Fault] = []
    for place, dose in enumerate(act.doses):
        where = f"doses.{place}"
        if dose.agent not in agents:
            faults.append(
                Fault(f"{where}.agent", dose.agent, ", ".join(sorted(agents)), "Correct it")
            )
        if (dose.agent, dose.on) in recorded:
            found = f"{dose.agent} on {dose.on.isoformat()} a second time"
            faults.append(Fault(where, found, "one record a day", "Correct the earlier record"))
        if dose.on > act.on:
            found = f"{dose.on.isoformat()}, after the entry on {act.on.isoformat()}"
            faults.append(Fault(f"{where}.on", found, "a past day", "Record it when it is taken"))
        if here.assigned_on and dose.on < here.assigned_on:
            first = here.assigned_on.isoformat()
            found = f"{dose.on.isoformat()}, before the assignment on {first}"
            faults.append(Fault(f"{where}.on", found, f"{first} or later", "Correct the day"))
        faults += _amount_faults(f"{where}.amount", dose, planned.get(dose.agent))
        if dose.status != "given" and dose.reason is None:
            found = f"a dose {dose.status} without a reason"
            allowed = ", ".join(get_args(DoseReason))
            faults.append(Fault(f"{where}.reason", found, allowed, "Say why"))
        recorded.add((dose.agent, dose.on))
    if not act.doses:
        faults.append(Fault("doses", "none", "one or more", "Give the doses"))
    refuse_others(faults, standing)
    payload = {"doses": [write(dose) for dose in act.doses]}
    return (Happening("doses_recorded", act.participant, act.on, payload),)


def _amount_faults(where: str, dose: DoseGiven, planned: Quantity | None) -> Iterator[Fault]:
    """Refuse an amount of another kind than planned, and a reduced dose that is no less."""
    if dose.amount is None or planned is None:
        return
    if not comparable(dose.amount.unit, planned.unit):
        yield Fault(where, str(dose.amount), f"an amount in {planned.unit}", "Correct the unit")
    elif dose.status == "reduced" and dose.amount.exact_in(planned.unit) >= planned.value:
        yield Fault(where, f"{dose.amount} reduced, where {planned} is planned",
                    f"under {planned.value} {planned.unit}",
                    "Give the amount taken, or choose given")  # fmt: skip


def level_amounts(state: TrialState, here: ParticipantState) -> Mapping[str, Quantity]:
    """Give what the dose level of a participant is of each agent.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.

    Returns
    -------
    mapping of str to Quantity
        Agent to the amount of a planned dose; empty without a dose level. An agent of which
        several amounts are planned is left out.
    """
    if here.dose_level is None or here.assigned_on is None or not here.arm:
        return {}
    study = state.study
    planned = dosing_calendar(
        study.required_arm(here.arm), study.agents, study.cycle_days, here.assigned_on, 2,
        choice=here.choice, dose_level=here.dose_level,
    )  # fmt: skip
    amounts: dict[str, set[Quantity]] = {}
    for dose in planned:
        if dose.amount is not None:
            amounts.setdefault(dose.agent, set()).add(dose.amount)
    return {agent: next(iter(each)) for agent, each in amounts.items() if len(each) == 1}


def record_adverse_event(
    state: TrialState, act: RecordAdverseEvent, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record an adverse event of a participant who has consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordAdverseEvent
        The event.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `adverse_event_recorded`.

    Raises
    ------
    Refusal
        If it is attributed to an agent that the participant does not take, or lies in the future.
    """
    here = known(state, act.participant, act.on)
    faults = []
    if act.event.started and act.event.started.earliest > act.on:
        found = f"{act.event.started}, after the entry on {act.on.isoformat()}"
        faults.append(Fault("event.started", found, "a past day",
                            "Correct the onset or the day of entry"))  # fmt: skip
    agents = attributable(state, here)
    strangers = set(act.event.related_to or ()) - agents
    if strangers:
        faults.append(Fault(
            "event.related_to", ", ".join(sorted(strangers)), ", ".join(sorted(agents)),
            "Name agents that the participant takes" if here.arm else "Name agents of the protocol",
        ))  # fmt: skip
    refuse_others(faults, standing)
    payload = {"event": write(act.event)}
    return (Happening("adverse_event_recorded", act.participant, act.on, payload),)


def record_tumour_baseline(
    state: TrialState, act: RecordTumourBaseline, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record all disease before treatment, once.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordTumourBaseline
        Targets and non-targets.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `tumour_baseline_recorded`; `central_baseline_recorded` of an independent reader.

    Raises
    ------
    Refusal
        If this evaluator recorded a baseline already, or a label is no code.
    """
    here = known(state, act.participant)
    before = reading_of(here, act.evaluator).baseline
    if before is not None:
        raise refuse(
            "baseline", f"a baseline of {before.on.isoformat()}{_by(act.evaluator)}",
            "one baseline", "Correct the recorded one",
        )  # fmt: skip
    labels = {
        "targets": [lesion.label for lesion in act.baseline.targets],
        "nontargets": [lesion.label for lesion in act.baseline.nontargets],
    }
    faults = [
        Fault(
            f"baseline.{kind}.{place}.label",  # what was found is not shown: it may be free text
            "something of another form",
            "a letter or digit, then up to 15 of these and _.- (ASCII), e.g. T1",
            "Name the lesion by a code; its organ is its site",
        )
        for kind, given in labels.items()
        for place, label in enumerate(given)
        if not LESION_LABEL.fullmatch(label)
    ]
    refuse_others(faults, standing)
    payload = {**_read_by(act.evaluator), "baseline": write(act.baseline)}
    # Imaging may precede consent; it is on record in the trial from the consent on.
    on = max(act.on, here.consented_on)
    name = "central_baseline_recorded" if act.evaluator else "tumour_baseline_recorded"
    return (Happening(name, act.participant, on, payload),)


def record_tumour_assessment(
    state: TrialState, act: RecordTumourAssessment, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Record a tumour assessment after baseline.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordTumourAssessment
        Readings and new lesions.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `tumour_assessed`; `central_assessed` of an independent reader.

    Raises
    ------
    Refusal
        Without a baseline of this evaluator, before it, or on the day of another assessment of the
        same evaluator.
    """
    here = known(state, act.participant, act.on)
    reading = reading_of(here, act.evaluator)
    faults = [*before_baseline(here, act)]
    if any(each.on == act.on for each in reading.assessments):
        found = f"a second one on {act.on.isoformat()}{_by(act.evaluator)}"
        faults.append(Fault("assessment", found, "one a day", "Correct the recorded one"))
    refuse_others(faults, standing)
    payload = {**_read_by(act.evaluator), "assessment": write(act.assessment)}
    name = "central_assessed" if act.evaluator else "tumour_assessed"
    return (Happening(name, act.participant, act.on, payload),)


def before_baseline(here: ParticipantState, act: RecordTumourAssessment) -> Iterator[Fault]:
    """Name an assessment that does not come after the baseline of its evaluator.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    act : RecordTumourAssessment
        The assessment.

    Yields
    ------
    Fault
        If it has no baseline, or lies on its day or before.
    """
    baseline = reading_of(here, act.evaluator).baseline
    if baseline is None:
        found = f"an assessment on {act.on.isoformat()}{_by(act.evaluator)}"
        yield Fault("assessment", found, "a day after the baseline", "Record the baseline first")
    elif act.on <= baseline.on:
        day = baseline.on.isoformat()
        found = f"an assessment on {act.on.isoformat()}{_by(act.evaluator)}, baseline on {day}"
        yield Fault("assessment", found, "a day after the baseline", "Correct one of the days")


def reading_of(here: ParticipantState, evaluator: Evaluator) -> Reading:
    """Give what one evaluator read of a participant.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    evaluator : {'', 'reader 1', 'reader 2', 'adjudicator'}
        Empty: the investigator.

    Returns
    -------
    Reading
        Empty when nothing is on record.
    """
    if evaluator:
        return here.central_review.of(evaluator)
    return Reading(here.baseline, here.assessments)


def _read_by(evaluator: Evaluator) -> dict[str, Json]:
    """Write who read; of the investigator nothing is written."""
    return {"evaluator": evaluator} if evaluator else {}


def _by(evaluator: Evaluator) -> str:
    """Name an independent reader in a message."""
    return f" by {evaluator}" if evaluator else ""


def agents_of(state: TrialState, here: ParticipantState) -> frozenset[str]:
    """Give the agents that a participant takes.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        Somebody with an arm.

    Returns
    -------
    frozenset of str
        Of a line that offers several, the one chosen at the assignment; all of them when the
        choice cannot be read.
    """
    arm = state.study.arm(here.arm)
    lines = arm.dosing if arm else ()
    return frozenset(
        each.agent
        for line in lines
        for each in line.choices
        if each.agent == here.choice.get(line.id, each.agent)
    )


def attributable(state: TrialState, here: ParticipantState) -> frozenset[str]:
    """Give the agents to which an adverse event of a participant may be attributed.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.

    Returns
    -------
    frozenset of str
        Those that the participant takes, and those of which a dose was taken before an amendment
        or a correction; before the arm is known, those of all arms.
    """
    if not here.arm:
        return frozenset(state.study.agents)
    return agents_of(state, here) | {each.agent for each in here.doses if each.was_taken}


def _assigned(state: TrialState, participant: str, on: date) -> ParticipantState:
    """Give a participant who has an arm and a dose level by a day."""
    here = known(state, participant, on)
    if here.assigned_on is None or on < here.assigned_on:
        raise refuse("participant", f"{participant} has no dose level by {on.isoformat()}",
                     "a participant who is assigned", "Assign the participant first")  # fmt: skip
    return here
