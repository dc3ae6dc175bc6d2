"""Registration with a complete checklist, and assignment to the dose level that is open."""

from collections.abc import Collection, Iterator
from datetime import date

from trialwright.conduct.acts import Assign, Register
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.cohort_control import taking_faults
from trialwright.conduct.dlt_statuses import dlt_status, free_places
from trialwright.conduct.dose_decisions import missing_signatures, require_decision_signed
from trialwright.conduct.dose_meeting import objections
from trialwright.conduct.happenings import Happening
from trialwright.conduct.redaction import lost_fault, require_legible
from trialwright.conduct.screening import checklist, judge, known, lost_for_eligibility
from trialwright.conduct.slot_queue import taking_place
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.eligibility.screening import Overall, Screening
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.verdicts import Answer
from trialwright.visits.dosing_days import dosing_calendar


def register(state: TrialState, act: Register) -> tuple[Happening, ...]:
    """Register a participant whose criteria for the arm are all met.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Register
        Participant, arm, day and planned first dose.

    Returns
    -------
    tuple of Happening
        `registered`, with the checklist as judged on that day.

    Raises
    ------
    Refusal
        Naming every criterion that is not met or not known, and every fact that a redaction took
        and that is not settled. A criterion that is not met stays so, and keeps the participant
        out unless an exception or deviation stands on record for it; what is unknown has none.
    """
    here = known(state, act.participant)
    if here.registered_on:
        raise refuse(
            "participant",
            f"{act.participant} was registered on {here.registered_on.isoformat()}",
            "a participant who is not registered",
            "Look at the registration",
        )
    if act.first_dose_on < act.on:
        raise refuse(
            "first_dose_on",
            f"{act.first_dose_on.isoformat()}, before registration on {act.on.isoformat()}",
            "the day of registration or later",
            "Correct one of the days",
        )
    judged = judge(state, act.participant, act.arm, act.on, act.first_dose_on)
    lost = [lost_fault(here.number, each) for each in lost_for_eligibility(here)]
    open_ones = [*in_the_way(judged, here.excepted)]
    if open_ones or lost:
        raise Refusal([*open_ones, *lost])
    payload = {**checklist(judged), "first_dose_on": act.first_dose_on.isoformat()}
    if judged.overall is not Overall.ELIGIBLE:
        payload["excepted"] = sorted(set(here.excepted))
    return (Happening("registered", act.participant, act.on, payload),)


def in_the_way(judged: Screening, excepted: Collection[str]) -> Iterator[Fault]:
    """Name each criterion that keeps a participant from registration.

    Parameters
    ----------
    judged : Screening
        The checklist of an arm.
    excepted : collection of str
        Criteria for which an exception or deviation stands on record.

    Yields
    ------
    Fault
        With the reason of the verdict, and what to do.
    """
    for verdict in judged.verdicts:
        if verdict.finding.answer in (Answer.MET, Answer.NOT_APPLICABLE):
            continue
        if verdict.finding.answer is Answer.NOT_MET:
            if verdict.criterion in excepted:
                continue
            do = (
                "The participant cannot be registered for this arm unless an exception is on record"
            )
        elif verdict.awaits_approval:
            do = "Ask for the approval that the protocol allows"
        else:
            missing = ", ".join(verdict.finding.missing) or "what the record leaves open"
            do = f"Record what decides it: {missing}"
        yield Fault(verdict.criterion, verdict.finding.because, verdict.says, do)


def assign(state: TrialState, act: Assign) -> tuple[Happening, ...]:
    """Assign a registered participant to the dose level that is open in the arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Assign
        Participant, day and the agents chosen.

    Returns
    -------
    tuple of Happening
        `assigned`; before it `slot_passed_over` for whoever waits and cannot be next.

    Raises
    ------
    Refusal
        If the participant is not registered by that day or is assigned, if no place is open on
        that day, if the protocol declares slots and every open place is held for somebody else or
        somebody else is next, if people hold or have closed the cohort, if the design has closed
        the dose level or what became known since contradicts the last dose decision, or if a
        choice that the arm asks for is missing or is none of those offered.
    """
    here = assignable(state, act.participant, act.on)
    cohort = state.cohorts[here.arm]
    if cohort.level is None or open_places(state, here.arm, act.on) < 1:
        raise refuse(
            f"arm {here.arm}",
            f"no place is open at dose level {cohort.level} ({cohort.because})",
            "a cohort with a free place",
            "Wait for the next dose decision of this arm",
        )
    _require_level(state, here.arm, cohort.level)
    passed_over = taking_place(state, here.number, here.arm, act.on)
    payload = assignment(state, here, act, cohort.level, cohort.because)
    return (*passed_over, Happening("assigned", act.participant, act.on, payload))


def assignable(state: TrialState, participant: str, on: date) -> ParticipantState:
    """Give a registered participant who may be given a dose level in the arm on a day.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Study number.
    on : date
        Day of the assignment.

    Returns
    -------
    ParticipantState
        Registered by that day, without a dose level.

    Raises
    ------
    Refusal
        If there is no such participant, the cohort was opened later, its dose decision waits for
        signatures, people hold or have closed the cohort, or the design has closed its dose level
        or contradicts it.
    """
    here = known(state, participant, on)
    require_legible(state)
    is_registered = here.registered_on is not None and here.registered_on <= on
    if not is_registered or here.assigned_on is not None:
        where = f"at dose level {here.dose_level}" if here.assigned_on else "not registered"
        where += f" by {on.isoformat()}"
        raise refuse(
            "participant", f"{participant}, {where}", "registered and not assigned",
            "Register the participant first, once",
        )  # fmt: skip
    cohort = state.cohorts[here.arm]
    if cohort.opened_on and on < cohort.opened_on:
        raise refuse("on", f"{on.isoformat()}, before the cohort was opened",
                     f"{cohort.opened_on.isoformat()} or later", "Correct the day")  # fmt: skip
    require_decision_signed(state, here.arm, on)
    against = (*taking_faults(state, here.arm, on), *objections(state, here.arm, on))
    if against:
        raise Refusal(against)
    return here


def assignment(
    state: TrialState,
    here: ParticipantState,
    act: Assign | AssignBackfill,
    level: int,
    because: str,
) -> dict[str, Json]:
    """Write a dose level that is given to a participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        Who is given it.
    act : Assign or AssignBackfill
        Day and the agents chosen.
    level : int
        Dose level.
    because : str
        Why this one.

    Returns
    -------
    dict of str to Json
        With the doses of the first day.

    Raises
    ------
    Refusal
        If a choice that the arm asks for is missing or is none of those offered.
    """
    planned = dosing_calendar(
        state.study.required_arm(here.arm),
        state.study.agents,
        state.study.cycle_days,
        here.first_dose_planned_on or act.on,
        1,
        choice=act.choice,
        dose_level=level,
    )
    return {
        "arm": here.arm,
        "dose_level": level,
        "choice": dict(act.choice),
        "because": because,
        "first_day": [
            f"{dose.agent} {dose.amount}" for dose in planned if dose.on == planned[0].on
        ],
    }


def _require_level(state: TrialState, arm: str, level: int) -> None:
    """Refuse a dose level that the version of the protocol in force at the site does not have."""
    levels = len(state.study.required_arm(arm).ladder.doses)
    if level > levels:
        raise refuse(f"arm {arm}", f"dose level {level}, which an amendment added",
                     f"dose levels 1-{levels} of version {state.study.version}, in force here",
                     "Activate the amendment at the site first")  # fmt: skip


def open_places(state: TrialState, arm: str, as_of: date) -> int:
    """Count the places that are open in an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    as_of : date
        Data up to this day count.

    Returns
    -------
    int
        Places of the open cohort, less those taken, and one more for each participant of it who
        is not DLT-evaluable and is replaced; 0 when the escalation has stopped, or while the dose
        decision waits for signatures that the protocol asks for.

    Raises
    ------
    Refusal
        If the trial has no such arm or is not open.
    """
    state.study.required_arm(arm)
    if arm not in state.cohorts:
        raise refuse("trial", "not open", "an open trial", "Open the trial first")
    waits = state.study.dose_decisions.opens_when_signed
    if waits and missing_signatures(state, arm, as_of):
        return 0
    statuses = [dlt_status(state, each, as_of) for each in state.of_arm(arm)]
    return free_places(state.cohorts[arm], statuses)
