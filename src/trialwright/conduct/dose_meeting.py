"""The dose meeting: DLT verdicts become an escalation outcome, and the design decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.cohort_control import control
from trialwright.conduct.happenings import Happening
from trialwright.conduct.redaction import lost_fault, require_legible
from trialwright.conduct.state import Cohort, Lost, ParticipantState, TrialState
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import Decision, LevelCount, decide
from trialwright.escalation.observed import Observed
from trialwright.protocol.arms import Arm
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
    lost : tuple of Lost
        What redactions took from doses and adverse events, as far as it is not settled.
    """

    participant: str
    dose_level: int
    verdicts: tuple[DltVerdict, ...]
    evaluable: Evaluability
    lost: tuple[Lost, ...] = ()


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
    data : Observed
        Counts by dose level and the last cohort: what the design looked at.
    decision : Decision
        What the design says.
    """

    arm: str
    cutoff: date
    statuses: tuple[DltStatus, ...]
    data: Observed
    decision: Decision

    @property
    def counts(self) -> tuple[LevelCount, ...]:
        """Counts by dose level, lowest first."""
        return self.data.seen


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
        Verdict of each event, and evaluability: unknown when a part of what was recorded of doses
        or adverse events was redacted and no DLT is certain.
    """
    arm = state.study.required_arm(participant.arm)
    window, level = arm.dlt_window, participant.dose_level or 0
    opened = window_opened(participant.doses, window.anchor_agent, cutoff)
    verdicts = tuple(
        dlt_verdict(event, state.study.dlt, window, opened, cutoff)
        for event in participant.adverse_events
    )
    start = participant.first_dose_on or participant.first_dose_planned_on or cutoff
    delay = (opened - start).days if opened else 0
    cycles = 1 + (delay + window.days) // state.study.cycle_days
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
    lost = tuple(each for each in participant.unreadable if each.act in _DECISIVE)
    if lost and counted.state != "dlt":
        because = "; ".join(f"{each} was redacted" for each in lost)
        counted = replace(counted, state="unknown", because=f"{because}: {counted.because}")
    return DltStatus(participant.number, level, verdicts, counted, lost)


_DECISIVE = ("doses_recorded", "adverse_event_recorded")
"""Acts on which it rests whether somebody counts."""


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
        If the trial is not open, the escalation has stopped, it is not known whether somebody
        counts, or what became known since an earlier decision contradicts it: then each
        participant is named whose count has changed.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts.get(arm)
    require_legible(state)
    statuses = tuple(dlt_status(state, each, cutoff) for each in state.of_arm(arm))
    if cohort is None or cohort.level is None:
        because = cohort.because if cohort else "the trial is not open"
        ended = Fault(f"arm {arm}", because, "an escalation that goes on", "Nothing is to decide")
        raise Refusal((*_changes(statuses, cohort), ended))
    unclear = [each for each in statuses if each.evaluable.state == "unknown"]
    if unclear:
        raise Refusal(fault for each in unclear for fault in _unclear(each))
    data = _observed(found, cohort, statuses)
    try:
        decision = _asked(found, data)
    except Refusal as refused:
        raise Refusal((*_changes(statuses, cohort), *refused.faults)) from None
    return DoseMeeting(arm, cutoff, statuses, data, decision)


def objections(state: TrialState, arm: str, as_of: date) -> tuple[Fault, ...]:
    """Say what speaks against treating one more participant at the open dose level.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id, of an open trial.
    as_of : date
        Data up to this day count.

    Returns
    -------
    tuple of Fault
        Empty when the design goes on here. Else that it has closed the level (two DLTs decide at
        once), or that it could not have led here: then each participant whose count has changed
        since the last decision is named, e.g. for a late DLT at a dose level already left.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts[arm]
    if cohort.level is None:
        return ()
    statuses = tuple(dlt_status(state, each, as_of) for each in state.of_arm(arm))
    try:
        decision = _asked(found, _observed(found, cohort, statuses))
    except Refusal as refused:
        return (*_changes(statuses, cohort), *refused.faults)
    if decision.act in ("stop", "de-escalate"):
        allowed = "a dose level at which the design goes on"
        return (Fault(f"arm {arm}", decision.because, allowed, "Hold the dose meeting first"),)
    return ()


def _observed(arm: Arm, cohort: Cohort, statuses: Sequence[DltStatus]) -> Observed:
    """Give what the design looks at; whoever was assigned last is the last cohort."""
    newest = [each for each in statuses if each.participant in cohort.assigned]
    last = _count(newest, cohort.last_level) if newest else None
    return Observed(_counts(arm, statuses), cohort.last_level, last)


def _asked(arm: Arm, data: Observed) -> Decision:
    """Ask the arm's design."""
    design = design_from(arm.escalation, len(arm.ladder.doses))
    return decide(design, data.seen, data.at, data.last)


def _unclear(status: DltStatus) -> Iterator[Fault]:
    """Say what is to be recorded before it is known whether somebody counts."""
    for lost in status.lost:
        yield lost_fault(status.participant, lost)
    if not status.lost:
        yield Fault(status.participant, status.evaluable.because, "dlt, evaluable, pending or not",
                    "Record what is missing before the dose meeting")  # fmt: skip


def _changes(statuses: Sequence[DltStatus], cohort: Cohort | None) -> Iterator[Fault]:
    """Name each participant who now counts otherwise than in the last dose decision."""
    counted = cohort.counted if cohort else {}
    for each in statuses:
        before, now = counted.get(each.participant), each.evaluable
        if before is not None and before != now.state:
            day = cohort.opened_on.isoformat() if cohort and cohort.opened_on else "its day"
            yield Fault(
                f"{each.participant}, dose level {each.dose_level}",
                f"counted as {before} in the dose decision of {day}, and now {now.state}: "
                f"{now.because}",
                f"{before}, as decided upon",
                "Hold the arm; people decide what follows for the dose levels since",
            )


def _counts(arm: Arm, statuses: Sequence[DltStatus]) -> tuple[LevelCount, ...]:
    """Count every dose level, lowest first."""
    return tuple(_count(statuses, level) for level in range(1, len(arm.ladder.doses) + 1))


def _count(statuses: Sequence[DltStatus], level: int) -> LevelCount:
    """Count a dose level; whoever is not evaluable is replaced, whoever is unknown is pending."""
    states = [each.evaluable.state for each in statuses if each.dose_level == level]
    dlts, open_ones = states.count("dlt"), states.count("pending") + states.count("unknown")
    return LevelCount(dlts + states.count("evaluable"), dlts, open_ones)


def free_places(cohort: Cohort | None, statuses: Sequence[DltStatus]) -> int:
    """Count the places of an open cohort that are free.

    Parameters
    ----------
    cohort : Cohort or None
        The open cohort.
    statuses : sequence of DltStatus
        Of every participant assigned to the arm.

    Returns
    -------
    int
        Its places less those taken, and one more for each participant of it who is not
        DLT-evaluable and is replaced. Negative when somebody counts after all who was replaced.
    """
    if cohort is None or cohort.level is None:
        return 0
    taken = [each.evaluable.state for each in statuses if each.participant in cohort.assigned]
    return cohort.size - len(taken) + taken.count("not evaluable")


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
        `dose_decided`, with the inputs frozen at the cutoff and the design's reason. It may be to
        stay, when the cohort has no free place and the design asks for more all the same.

    Raises
    ------
    Refusal
        If places of the open cohort are free or participants are in the window (nothing is to be
        decided yet), if a later decision was taken before, if people hold the cohort, and as
        `prepare`.
    """
    if act.cutoff > act.on:
        raise refuse("cutoff", act.cutoff.isoformat(), f"{act.on.isoformat()} or earlier",
                     "Cut off the data by the day of the meeting")  # fmt: skip
    cohort = state.cohorts.get(act.arm)
    if cohort and cohort.opened_on and act.on < cohort.opened_on:
        found = f"{act.on.isoformat()}, before the decision of {cohort.opened_on.isoformat()}"
        raise refuse("on", found, "the day of the last decision or later", "Correct the day")
    if cohort and (now := control(state, act.arm, act.on)).word == "on hold":
        raise refuse(f"cohort of arm {act.arm}", f"on hold: {now.because}",
                     "a cohort that is not on hold",
                     "Resume the cohort first, with the reason")  # fmt: skip
    meeting = prepare(state, act.arm, act.cutoff)
    is_open = meeting.decision.act == "stay" and free_places(cohort, meeting.statuses) > 0
    if meeting.decision.act == "wait" or is_open:
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
