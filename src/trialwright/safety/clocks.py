"""Until when a serious adverse event must be reported, by the protocol's clocks.

Day 0 is the day on which the sponsor first knew of the event; a clock of 15 days ends with the
fifteenth day after it. Calendar days, as 21 CFR 312.32 (c) counts them [1]_: an unexpected fatal or
life-threatening suspected reaction within 7 of the sponsor's initial receipt of the information;
what else qualifies within 15 of the day on which the sponsor determines that it does. That day is
day 0 or later, so that 15 days begun on day 0 never end too late.

References
----------
.. [1] 21 CFR 312.32 (c) (1) for 15 days, to FDA and all participating investigators, and (c) (2)
   for 7 days, to FDA: https://www.law.cornell.edu/cfr/text/21/312.32, as quoted by others.
"""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.protocol.safety_settings import ReportingClock
from trialwright.terms.dates import days_after
from trialwright.terms.verdicts import Answer, Evidence, Finding, all_of


@dataclass(frozen=True, slots=True)
class ReportDue:
    """Whether one clock runs for one event, and until when.

    Attributes
    ----------
    answer : Answer
        Met: it must be reported by this clock.
    rule, to : str
        Id of the clock, and who is told.
    due : date or None
        Last day; None when it does not run, or day 0 is not recorded.
    because : str
        One sentence.
    label : str
        `illustrative, ...`, or empty.
    evidence : tuple of Evidence
        The event.
    missing : tuple of str
        What would decide an unknown answer, or the last day.
    """

    answer: Answer
    rule: str
    to: str
    due: date | None
    because: str
    label: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()


def report_due(event: AdverseEvent, clock: ReportingClock, as_of: date) -> ReportDue:
    """Say whether a clock runs for an event, and until when.

    Parameters
    ----------
    event : AdverseEvent
        As recorded.
    clock : ReportingClock
        One of the study's.
    as_of : date
        The day up to which is asked; the days left are counted from it.

    Returns
    -------
    ReportDue
        Each question that the clock asks must be met; one that is not recorded leaves it open.
    """
    asked = [_serious(event), *_criteria(event, clock), *_unexpected(event, clock)]
    if clock.must_be_related:
        asked.append(_related(event))
    answer = all_of([each.answer for each in asked])
    decisive = [each for each in asked if each.answer is answer]
    told = "; ".join(each.because for each in decisive)
    missing = tuple(name for each in decisive for name in each.missing)
    due, known = None, event.sponsor_aware_on
    if answer is not Answer.NOT_MET and known is None:
        missing = (*missing, "day on which the sponsor knew of it")
        told += "; day 0 is not recorded"
    elif answer is not Answer.NOT_MET and known is not None:
        due = days_after(known, clock.days)
        told += f"; day 0 is {known.isoformat()}, the last day {due.isoformat()}"
        told += f" ({_left((due - as_of).days)})"
    head = {Answer.MET: "must be reported", Answer.NOT_MET: "no report"}.get(answer, "undecided")
    because = f"{event.term}: {head} by {clock.id} ({clock.says}): {told}"
    return ReportDue(
        answer, clock.id, clock.to, due, because, clock.label, (event.evidence,), missing
    )


def _left(days: int) -> str:
    """Say how many days are left."""
    if days < 0:
        return f"{-days} days ago"
    return "today" if days == 0 else f"{days} days left"


def _serious(event: AdverseEvent) -> Finding:
    """Ask whether the event is serious."""
    if event.is_serious is None and not event.serious_because:
        because = "whether it is serious is not recorded"
        return Finding(Answer.UNKNOWN, because, missing=("seriousness",))
    if event.is_serious is False:
        return Finding(Answer.NOT_MET, "not serious")
    return Finding(Answer.MET, "serious")


def _criteria(event: AdverseEvent, clock: ReportingClock) -> tuple[Finding, ...]:
    """Ask whether one of the clock's criteria applies."""
    if not clock.criteria:
        return ()
    asked, found = " or ".join(clock.criteria), event.serious_because
    if found is None:
        because = f"why it is serious is not recorded, {asked} counts"
        return (Finding(Answer.UNKNOWN, because, missing=("criteria of seriousness",)),)
    shared = [each for each in clock.criteria if each in found]
    if shared:
        return (Finding(Answer.MET, f"serious because of {', '.join(shared)}"),)
    return (Finding(Answer.NOT_MET, f"neither {asked} is recorded"),)


def _unexpected(event: AdverseEvent, clock: ReportingClock) -> tuple[Finding, ...]:
    """Ask whether the event is unexpected."""
    if not clock.must_be_unexpected:
        return ()
    if event.is_expected is None:
        because = "whether it is expected is not recorded"
        return (Finding(Answer.UNKNOWN, because, missing=("expectedness",)),)
    if event.is_expected:
        return (Finding(Answer.NOT_MET, "expected by the reference safety information"),)
    return (Finding(Answer.MET, "unexpected"),)


def _related(event: AdverseEvent) -> Finding:
    """Ask whether the event is related to a study agent."""
    if event.related_to is None:
        because = "attribution is not recorded"
        return Finding(Answer.UNKNOWN, because, missing=("attribution",))
    if not event.related_to:
        return Finding(Answer.NOT_MET, "related to no study agent")
    return Finding(Answer.MET, f"related to {', '.join(event.related_to)}")
