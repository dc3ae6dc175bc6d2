"""The dose meeting: DLT verdicts become an escalation outcome, and the design decides."""

from dataclasses import dataclass
from datetime import date

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.happenings import Happening
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.safety.dlt import DltVerdict, dlt_verdict
from trialwright.safety.evaluability import Evaluability, evaluability
from trialwright.safety.window import window_opened
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.visits.dosing_days import dosing_calendar


@dataclass(frozen=True, slots=True)
class DltStatus:
    """What one participant brings to the dose decision.

    Attributes
    ----------
    participant : str
        Study number.
    dose_level : int
        As assigned.
    verdicts : tuple of DltVerdict
        One for each adverse event, in order.
    evaluable : Evaluability
        Whether the participant counts, with the reason.
    """

    participant: str
    dose_level: int
    verdicts: tuple[DltVerdict, ...]
    evaluable: Evaluability


@dataclass(frozen=True, slots=True)
class DoseMeeting:
    """What a dose meeting has before it.

    Attributes
    ----------
    arm : str
        Arm id.
    cutoff : date
        Data up to this day count.
    statuses : tuple of DltStatus
        Every participant assigned to the arm.
    counts : tuple of LevelCount
        Lowest dose level first.
    decision : Decision
        What the design says.
    """

    arm: str
    cutoff: date
    statuses: tuple[DltStatus, ...]
    counts: tuple[LevelCount, ...]
    decision: Decision


def dlt_status(state: TrialState, participant: ParticipantState, cutoff: date) -> DltStatus:
    """Say what one assigned participant brings to the dose decision.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : ParticipantState
        Somebody with an arm and a dose level.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    DltStatus
        Verdict of each event, and evaluability.
    """
    arm = state.study.required_arm(participant.arm)
    window, level = arm.dlt_window, participant.dose_level or 0
    opened = window_opened(participant.doses, window.anchor_agent, cutoff)
    verdicts = tuple(
        dlt_verdict(event, state.study.dlt, window, opened, cutoff)
        for event in participant.adverse_events
    )
    start = participant.first_dose_on or participant.first_dose_planned_on or cutoff
    cycles = 1 + window.days // state.study.cycle_days
    planned = dosing_calendar(
        arm,
        state.study.agents,
        state.study.cycle_days,
        start,
        cycles,
        choice=participant.choice,
        dose_level=level,
    )
    anchor_days = [dose.on for dose in planned if dose.agent == window.anchor_agent]
    counted = evaluability(window, anchor_days, participant.doses, verdicts, cutoff)
    return DltStatus(participant.number, level, verdicts, counted)


def prepare(state: TrialState, arm: str, cutoff: date) -> DoseMeeting:
    """Lay out a dose meeting: who counts, the tally by level, and what the design says.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    DoseMeeting
        With the decision and its reason.

    Raises
    ------
    Refusal
        If the trial is not open, the escalation has stopped, or it is not known whether somebody
        counts.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts.get(arm)
    if cohort is None or cohort.level is None:
        because = cohort.because if cohort else "the trial is not open"
        raise refuse(f"arm {arm}", because, "an escalation that goes on", "Nothing is to decide")
    statuses = tuple(dlt_status(state, each, cutoff) for each in state.of_arm(arm))
    unclear = [each for each in statuses if each.evaluable.state == "unknown"]
    if unclear:
        raise Refusal(
            Fault(each.participant, each.evaluable.because, "dlt, evaluable, pending or not",
                  "Record what is missing before the dose meeting")
            for each in unclear
        )  # fmt: skip
    levels = len(found.ladder.doses)
    counts = tuple(_count(statuses, level) for level in range(1, levels + 1))
    decision = design_from(found.escalation, levels).next_dose(counts, cohort.last_level)
    return DoseMeeting(arm, cutoff, statuses, counts, decision)


def _count(statuses: tuple[DltStatus, ...], level: int) -> LevelCount:
    """Count a dose level; whoever is not evaluable is replaced and not counted."""
    states = [each.evaluable.state for each in statuses if each.dose_level == level]
    dlts = states.count("dlt")
    return LevelCount(dlts + states.count("evaluable"), dlts, states.count("pending"))


def decide_dose(state: TrialState, act: DecideDose) -> tuple[Happening, ...]:
    """Take the dose decision of an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : DecideDose
        Arm, day and data cutoff.

    Returns
    -------
    tuple of Happening
        `dose_decided`, with the inputs frozen at the cutoff and the design's reason.

    Raises
    ------
    Refusal
        If places of the open cohort are free or participants are in the window (nothing is to be
        decided yet), and as `prepare`.
    """
    if act.cutoff > act.on:
        raise refuse("cutoff", act.cutoff.isoformat(), f"{act.on.isoformat()} or earlier",
                     "Cut off the data by the day of the meeting")  # fmt: skip
    meeting = prepare(state, act.arm, act.cutoff)
    if meeting.decision.act in ("wait", "stay"):
        raise refuse(f"arm {act.arm}", meeting.decision.because, "a cohort that is complete",
                     "Complete the cohort, or wait for the DLT windows")  # fmt: skip
    return (Happening("dose_decided", f"arm-{act.arm}", act.on, _payload(meeting)),)


def _payload(meeting: DoseMeeting) -> dict[str, Json]:
    """Write a dose meeting as a recorded value."""
    decision = meeting.decision
    return {
        "arm": meeting.arm,
        "cutoff": meeting.cutoff.isoformat(),
        "act": decision.act,
        "level": decision.level,
        "cohort_size": decision.cohort_size,
        "mtd": decision.mtd,
        "rule": decision.rule,
        "because": decision.because,
        "counts": [
            {"evaluable": each.evaluable, "dlts": each.dlts, "pending": each.pending}
            for each in meeting.counts
        ],
        "participants": [
            {
                "participant": each.participant,
                "dose_level": each.dose_level,
                "state": each.evaluable.state,
                "because": each.evaluable.because,
            }
            for each in meeting.statuses
        ],
    }
