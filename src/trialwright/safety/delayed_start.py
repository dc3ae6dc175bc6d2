"""A cycle that toxicity keeps from beginning in time, as a dose-limiting toxicity."""

from dataclasses import dataclass
from datetime import date

from trialwright.protocol.dlt_definition import DelayedStart
from trialwright.safety.dlt import DltVerdict
from trialwright.terms.dates import days_after
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer, Evidence


@dataclass(frozen=True, slots=True)
class CycleBeginning:
    """What is recorded of the beginning of one cycle.

    Attributes
    ----------
    planned : date
        Planned first day.
    began : date or None
        First day on which an agent was taken from then on, or the day set by a recorded delay.
    by_toxicity : bool or None
        Whether toxicity was the cause of a delay, or ended treatment before the cycle; None when no
        cause is recorded.
    never_began_on : date or None
        Day on which treatment ended before the cycle began.
    source : Source
        Where it stands.
    """

    planned: date
    began: date | None
    by_toxicity: bool | None
    never_began_on: date | None
    source: Source


def delayed_start_verdict(
    rule: DelayedStart, label: str, seen: CycleBeginning, as_of: date
) -> DltVerdict:
    """Say whether a cycle that began late, or not at all, is a dose-limiting toxicity.

    Parameters
    ----------
    rule : DelayedStart
        The study's.
    label : str
        `illustrative, ...`, or empty.
    seen : CycleBeginning
        What is recorded.
    as_of : date
        What happened up to this day counts.

    Returns
    -------
    DltVerdict
        Met when the cycle began more days late than allowed, had not begun by then, or never
        began, and toxicity is recorded as the cause. Unknown when the cause, or whether it began,
        is not recorded.
    """
    last = days_after(seen.planned, rule.most_days_late)
    began = seen.began if seen.began is not None and seen.began <= as_of else None
    planned = f"cycle {rule.cycle} was planned for {seen.planned.isoformat()}"
    answer, missing = Answer.UNKNOWN, tuple[str, ...]()
    if seen.never_began_on is not None and seen.never_began_on <= as_of and began is None:
        told = f"treatment ended on {seen.never_began_on.isoformat()} before it"
        answer, cause, missing = _by_cause(seen.by_toxicity)
        told += f", {cause}"
    elif began is not None and began <= last:
        days = max((began - seen.planned).days, 0)
        answer = Answer.NOT_MET
        told = f"began on {began.isoformat()}, {days} days late, {rule.most_days_late} are allowed"
    elif as_of <= last:
        answer = Answer.NOT_MET
        told = f"may begin until {last.isoformat()}"
    elif began is None and seen.began is None:
        told = f"no beginning is recorded as of {as_of.isoformat()}"
        missing = (f"first day of cycle {rule.cycle}",)
    else:
        day = seen.began or as_of
        answer, cause, missing = _by_cause(seen.by_toxicity)
        told = f"begins {(day - seen.planned).days} days late, {cause}"
    head = {Answer.MET: "DLT", Answer.NOT_MET: "no DLT"}.get(answer, "undecided")
    return DltVerdict(
        answer=answer,
        because=f"{head} by rule {rule.id} ({rule.says}): {planned}: {told}",
        rule=rule.id,
        label=label,
        is_late=False,
        evidence=(Evidence(f"cycle {rule.cycle}", told, seen.planned.isoformat(), seen.source),),
        missing=missing,
    )


def _by_cause(by_toxicity: bool | None) -> tuple[Answer, str, tuple[str, ...]]:
    """Answer by the recorded cause."""
    if by_toxicity is None:
        return Answer.UNKNOWN, "the cause is not recorded", ("cause of the delay",)
    if by_toxicity:
        return Answer.MET, "because of toxicity", ()
    return Answer.NOT_MET, "not because of toxicity", ()
