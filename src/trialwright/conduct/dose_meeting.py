"""The dose meeting: DLT verdicts become an escalation outcome, and the design decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from trialwright.conduct.dlt_statuses import DltStatus, dlt_status
from trialwright.conduct.redaction import lost_fault, require_legible
from trialwright.conduct.state import Cohort, TrialState
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import Decision, Design, LevelCount
from trialwright.escalation.follow_up import decide_observed
from trialwright.escalation.observed import Observed
from trialwright.protocol.arms import Arm
from trialwright.terms.errors import Fault, Refusal

if TYPE_CHECKING:
    from trialwright.escalation.backfill import Backfill
    from trialwright.escalation.backfilling import Backfilled


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What a dose meeting has before it, whether or not the design decides on it.

    Attributes
    ----------
    arm : str
        Arm id.
    cutoff : date
        Data up to this day count.
    statuses : tuple of DltStatus
        Every participant assigned to the arm.
    data : Observed
        Counts of cohorts by dose level and the last cohort: what the design looked at.
    decision : Decision or None
        What the design says; None where it refuses the data.
    beside : Backfilled or None
        The same with those backfilled; None in an arm without backfill.
    refused : tuple of Fault
        Why the design does not decide; empty where it does.
    """

    arm: str
    cutoff: date
    statuses: tuple[DltStatus, ...]
    data: Observed
    decision: Decision | None
    beside: "Backfilled | None" = None
    refused: tuple[Fault, ...] = ()

    @property
    def counts(self) -> tuple[LevelCount, ...]:
        """Counts by dose level, lowest first."""
        return self.data.seen


@dataclass(frozen=True, slots=True)
class DoseMeeting(LaidOut):
    """The same where the design decides.

    Attributes
    ----------
    decision : Decision
        What the design says.
    """

    decision: Decision


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
        As `lay_out`, or if the design refuses the data, or what became known since an earlier
        decision contradicts it: then each participant is named whose count has changed.
    """
    laid = lay_out(state, arm, cutoff)
    if laid.decision is None:
        raise Refusal(laid.refused)
    return DoseMeeting(arm, cutoff, laid.statuses, laid.data, laid.decision, laid.beside)


def lay_out(state: TrialState, arm: str, cutoff: date) -> LaidOut:
    """Lay out a dose meeting at which people may decide although the design does not.

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
    LaidOut
        With the decision of the design, or why it refuses the data.

    Raises
    ------
    Refusal
        If the trial is not open, the escalation has stopped, or it is not known whether somebody
        counts.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts.get(arm)
    require_legible(state)
    statuses = tuple(dlt_status(state, each, cutoff) for each in state.of_arm(arm))
    if cohort is None or cohort.level is None:
        because = cohort.because if cohort else "the trial is not open"
        ended = Fault(f"arm {arm}", because, "an escalation that goes on", "Nothing is to decide")
        raise Refusal((*_changes(statuses, cohort), ended))
    everybody = (*statuses, *_sharing(state, arm, cutoff))
    unclear = [each for each in everybody if each.evaluable.state == "unknown"]
    if unclear:
        raise Refusal(fault for each in unclear for fault in _unclear(each))
    return _laid_out(state, found, cohort, statuses, cutoff)


def _laid_out(
    state: TrialState, arm: Arm, cohort: Cohort, statuses: tuple[DltStatus, ...], cutoff: date
) -> LaidOut:
    """Count, and ask the arm's design, with its backfill where it has one."""
    data, around = _observed(arm, cohort, statuses), backfill_of(arm)
    beside = None if around is None else _beside(state, arm, data, statuses, cutoff)
    design = design_at(state, arm.id, cutoff) if around is None else around.design
    decision: Decision | None = None
    faults: tuple[Fault, ...] = ()
    try:
        if around is None or beside is None:
            decision = decide_observed(design, data)
        else:
            from trialwright.escalation.backfilling import decide_backfilled

            decision = decide_backfilled(around, beside)
    except Refusal as refused:
        faults = (*_changes(statuses, cohort), *refused.faults)
    return LaidOut(arm.id, cutoff, statuses, data, decision, beside, faults)


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
        since the last decision is named, e.g. for a late DLT at a dose level already left. Where
        people decided otherwise than advised, the design need not know a state like it, nor agree
        before anything else is seen: then only a count that has changed since, and a level that the
        design has closed, speak against it.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts[arm]
    if cohort.level is None:
        return ()
    statuses = tuple(dlt_status(state, each, as_of) for each in state.of_arm(arm))
    laid = _laid_out(state, found, cohort, statuses, as_of)
    decision = laid.decision
    is_decided = decision is None or _is_as_decided(statuses, cohort)
    if is_decided and _is_decided_by_people(state, arm):
        return (*_changes(statuses, cohort), *_closed(state, laid))
    if decision is None:
        return laid.refused
    if decision.act in ("stop", "de-escalate"):
        allowed = "a dose level at which the design goes on"
        return (Fault(f"arm {arm}", decision.because, allowed, "Hold the dose meeting first"),)
    return ()


def _is_as_decided(statuses: Sequence[DltStatus], cohort: Cohort) -> bool:
    """Say whether nothing was seen since the last decision; who came since has not counted yet."""
    return all(
        each.evaluable.state == cohort.counted.get(each.participant, "pending") for each in statuses
    )


def _is_decided_by_people(state: TrialState, arm: str) -> bool:
    """Say whether people decided the open cohort of an arm otherwise than advised."""
    decision = state.oversight.last_decision(arm)
    return decision is not None and bool(decision.payload.get("is_overridden"))


def _closed(state: TrialState, laid: LaidOut) -> Iterator[Fault]:
    """Say that the design has closed the level that people decided on."""
    from trialwright.escalation.advice import is_closed  # NumPy, which most acts do without

    at = laid.data.at
    if is_closed(design_at(state, laid.arm, laid.cutoff), laid.data, at):
        yield Fault(f"arm {laid.arm}", f"dose level {at}, which its DLTs close",
                    "a dose level that is not closed", "Hold the dose meeting first")  # fmt: skip


def _observed(arm: Arm, cohort: Cohort, statuses: Sequence[DltStatus]) -> Observed:
    """Give what the design looks at of cohorts; whoever was assigned last is the last cohort.

    Where an amendment took the backfill away, whoever was backfilled counts as everybody does.
    """
    if arm.escalation.backfill is not None:
        statuses = [each for each in statuses if not each.is_backfilled]
    assigned = frozenset(cohort.assigned)
    newest = [each for each in statuses if each.participant in assigned]
    last = _count(newest, cohort.last_level) if newest else None
    after_all = len(arm.ladder.doses) + 1  # earlier participants stand by level
    people = tuple(
        each.treated(after_all if each.participant in assigned else each.dose_level)
        for each in sorted(statuses, key=lambda each: each.participant)
    )
    return Observed(_counts(arm, statuses), cohort.last_level, last, participants=people)


def backfill_of(arm: Arm) -> "Backfill | None":
    """Give the backfill that the protocol puts around the design of an arm.

    Parameters
    ----------
    arm : Arm
        Of the protocol.

    Returns
    -------
    Backfill or None
        None for a design without.

    Raises
    ------
    Refusal
        If a setting of the protocol is none.
    """
    if arm.escalation.backfill is None:
        return None
    from trialwright.escalation import backfilling  # NumPy, which most meetings do without

    return backfilling.backfill_from(arm.escalation, len(arm.ladder.doses))


def with_backfilled(state: TrialState, arm: str, cutoff: date) -> "Backfilled":
    """Count the participants of cohorts, those backfilled, and responses.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id, of an open trial.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    Backfilled
        Apart. A response is a CR or PR, confirmed or not, before progression and other therapy.

    Raises
    ------
    Refusal
        If tumour assessments of one participant contradict each other.
    """
    found = state.study.required_arm(arm)
    statuses = tuple(dlt_status(state, each, cutoff) for each in state.of_arm(arm))
    data = _observed(found, state.cohorts[arm], statuses)
    return _beside(state, found, data, statuses, cutoff)


def _beside(
    state: TrialState, arm: Arm, data: Observed, statuses: Sequence[DltStatus], cutoff: date
) -> "Backfilled":
    """Put those backfilled, and responses, beside what was seen in cohorts."""
    from trialwright.conduct.outcomes import has_responded
    from trialwright.escalation.backfilling import Backfilled

    more = [each for each in statuses if each.is_backfilled]
    responded = [
        each.dose_level for each in state.of_arm(arm.id) if has_responded(state, each, cutoff)
    ]
    ladder = range(1, len(arm.ladder.doses) + 1)
    return Backfilled(data, _counts(arm, more), tuple(responded.count(level) for level in ladder))


def design_at(state: TrialState, arm: str, cutoff: date) -> Design:
    """Give the design of an arm; where it shares, with what was seen in the other arms.

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
    Design
        Ready to decide.

    Raises
    ------
    Refusal
        If a setting of the protocol is none.
    """
    found = state.study.required_arm(arm)
    if not any(arm in each.arms for each in state.study.sharing):
        return design_from(found.escalation, len(found.ladder.doses))
    from trialwright.escalation.sharing import sharing_arm  # NumPy, which most meetings do without

    others = {
        each: _counts(
            state.study.required_arm(each),
            tuple(dlt_status(state, one, cutoff) for one in state.of_arm(each)),
        )
        for each in _partners(state, arm)
    }
    return sharing_arm(state.study, arm, others)


def _partners(state: TrialState, arm: str) -> tuple[str, ...]:
    """Name the arms that an arm shares with."""
    groups = (each.arms for each in state.study.sharing if arm in each.arms)
    return tuple(each for group in groups for each in group if each != arm)


def _sharing(state: TrialState, arm: str, cutoff: date) -> Iterator[DltStatus]:
    """Give everybody whose data reach the design from another arm."""
    for each in _partners(state, arm):
        for one in state.of_arm(each):
            yield dlt_status(state, one, cutoff)


def _unclear(status: DltStatus) -> Iterator[Fault]:
    """Say what is to be recorded before it is known whether somebody counts."""
    for lost in status.lost:
        yield lost_fault(status.participant, lost)
    if not status.lost:
        yield Fault(status.participant, status.evaluable.because, "dlt, evaluable, pending or not",
                    "Record what is missing before the dose meeting")  # fmt: skip


FOLLOWED_TO_THE_END = ("pending", "evaluable")
"""What becomes of whoever was pending in a decision and had no DLT: nothing that contradicts it."""


def _changes(statuses: Sequence[DltStatus], cohort: Cohort | None) -> Iterator[Fault]:
    """Name each participant who now counts otherwise than in the last dose decision."""
    counted = cohort.counted if cohort else {}
    for each in statuses:
        before, now = counted.get(each.participant), each.evaluable
        is_news = before not in (None, now.state) and (before, now.state) != FOLLOWED_TO_THE_END
        if is_news:
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
