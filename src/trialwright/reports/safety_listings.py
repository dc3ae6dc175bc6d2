"""Listings of a safety report: DLTs, serious events with their clocks, proposals, lab shifts."""

from collections.abc import Iterator
from datetime import date

from trialwright.casebook.facts import Observation
from trialwright.conduct.state import TrialState
from trialwright.grading.criteria import LabRules
from trialwright.grading.laboratory import grade_observation
from trialwright.protocol.safety_settings import LabGrading
from trialwright.protocol.study import Study
from trialwright.reports.members import Member
from trialwright.reports.results import Result, counted, told
from trialwright.safety.clocks import report_due
from trialwright.safety.modifications import propose
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.verdicts import Answer

LIMITING = "Dose-limiting toxicities and events left open"
COUNTS = "Who counts in dose decisions"
SERIOUS = "Serious adverse events and reporting"
PROPOSED = "Dose modifications proposed by the protocol"
SHIFT = "Laboratory shift: grade before treatment to worst grade on it"

OPEN = "open"
"""Column of values whose grade the record does not decide."""


def limiting_events(found: tuple[Member, ...]) -> Iterator[Result]:
    """List events that are dose-limiting, may be, or would be had they begun in the window.

    Parameters
    ----------
    found : tuple of Member
        The safety set.

    Yields
    ------
    Result
        One row an event, with the reason.
    """
    for member in found:
        for place, verdict in enumerate(member.status.verdicts, start=1):
            if verdict.answer is Answer.NOT_MET and not verdict.is_late:
                continue
            row = f"{member.number} / {place}"
            name = {Answer.MET: "DLT", Answer.UNKNOWN: "undecided"}.get(verdict.answer, "late")
            yield told(LIMITING, row, "group", member.group)
            yield told(LIMITING, row, "is", name)
            yield told(LIMITING, row, "because", verdict.because)


def who_counts(found: tuple[Member, ...]) -> Iterator[Result]:
    """List whether each participant counts in dose decisions, and why.

    Parameters
    ----------
    found : tuple of Member
        The safety set.

    Yields
    ------
    Result
        One row a participant.
    """
    for member in found:
        yield told(COUNTS, member.number, "group", member.group)
        yield told(COUNTS, member.number, "state", member.status.evaluable.state)
        yield told(COUNTS, member.number, "because", member.status.evaluable.because)


def serious_events(state: TrialState, found: tuple[Member, ...], cutoff: date) -> Iterator[Result]:
    """List serious events, and those whose seriousness is not recorded, with their clocks.

    Parameters
    ----------
    state : TrialState
        Gives the clocks of the protocol.
    found : tuple of Member
        The safety set.
    cutoff : date
        Days left are counted from it.

    Yields
    ------
    Result
        One row an event and clock; one for an event that no clock concerns.
    """
    for member in found:
        events = [event for event, _ in member.events if event.is_serious is not False]
        for place, event in enumerate(events, start=1):
            due = [report_due(event, clock, cutoff) for clock in state.study.safety.clocks]
            running = [each for each in due if each.answer is not Answer.NOT_MET]
            for number, each in enumerate(running or [None], start=1):
                row = f"{member.number} / {place}.{number}"
                grade = "not recorded" if event.grade is None else str(event.grade)
                yield told(SERIOUS, row, "event", f"{event.term}, grade {grade}")
                yield told(SERIOUS, row, "began", str(event.started or "not recorded"))
                yield told(SERIOUS, row, "report to", each.to if each else "nobody")
                last = each.due.isoformat() if each and each.due else "not known"
                yield told(SERIOUS, row, "last day", last if each else "-")
                yield told(SERIOUS, row, "because", each.because if each else "no clock runs")


def proposals(state: TrialState, found: tuple[Member, ...], cutoff: date) -> Iterator[Result]:
    """List what the protocol proposes for each agent, unless it is to go on as before.

    Parameters
    ----------
    state : TrialState
        Gives the rules of the protocol.
    found : tuple of Member
        The safety set.
    cutoff : date
        Data up to this day count.

    Yields
    ------
    Result
        One row a participant, agent and proposal, the strongest first.
    """
    for member in found:
        events = [event for event, _ in member.events]
        for taken in member.exposures:
            rules = state.study.safety.modifications
            for place, each in enumerate(propose(taken.agent, rules, events, cutoff), start=1):
                if each.action == "continue":
                    continue
                row = f"{member.number} / {taken.agent} {place}"
                yield told(PROPOSED, row, "proposal", each.action)
                yield told(PROPOSED, row, "because", each.because)
                yield told(PROPOSED, row, "origin", each.label or "protocol")


def shifts(study: Study, found: tuple[Member, ...], rules: LabRules) -> Iterator[Result]:
    """Count laboratory grades before treatment against the worst grade on it.

    Parameters
    ----------
    study : Study
        Names which facts are graded as which CTCAE terms.
    found : tuple of Member
        The safety set.
    rules : LabRules
        The CTCAE criteria.

    Yields
    ------
    Result
        One row a term and grade before treatment, one column a worst grade. A grade that the
        record does not decide is `open`; a participant without a value on treatment is not
        counted.
    """
    for graded in study.safety.laboratory:
        for term in graded.terms:
            version = study.dlt.graded_by.get(term, study.dlt.ctcae)
            pairs = [
                pair
                for member in found
                if (pair := _shift(member, graded, term, version, rules)) is not None
            ]
            for before in sorted({pair[0] for pair in pairs}):
                inside = [after for first, after in pairs if first == before]
                row = f"{term}, {before} before"
                for after in (*map(str, range(5)), OPEN):
                    name = f"worst {after}"
                    yield counted(SHIFT, row, name, inside.count(after), len(pairs))


def _shift(
    member: Member, graded: LabGrading, term: str, version: str, rules: LabRules
) -> tuple[str, str] | None:
    """Give the grade before treatment and the worst one on it."""
    seen = [
        each
        for each in member.here.casebook.observations
        if each.term == graded.fact and isinstance(each.value, Quantity)
    ]
    before = [each for each in seen if each.on.latest <= member.first_dose]
    after = [each for each in seen if each.on.earliest > member.first_dose]
    if not after:
        return None
    baseline = max(before, key=lambda each: each.on.latest, default=None)
    first = "not recorded"
    if baseline is not None:
        first = f"grade {_grade(rules, term, baseline, baseline, graded, version)}"
    grades = [_grade(rules, term, each, baseline, graded, version) for each in after]
    known = [each for each in grades if each != OPEN]
    return first, max(known) if known else OPEN


def _grade(
    rules: LabRules,
    term: str,
    seen: Observation,
    baseline: Observation | None,
    graded: LabGrading,
    version: str,
) -> str:
    """Grade one observation; `open` when the record does not decide it or it cannot be graded."""
    try:
        found = grade_observation(
            rules, term, seen, baseline=baseline, test=graded.test, version=version
        )
    except Refusal:
        return OPEN
    return OPEN if found.grade is None else str(found.grade)
