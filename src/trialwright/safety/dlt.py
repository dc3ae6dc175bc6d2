"""Whether an adverse event is a dose-limiting toxicity by the protocol's definition.

Four questions are asked by each rule that concerns the term, and combined in three values: the
grade, how long it lasted, attribution, and onset in the DLT window. An event that began after the
window is no DLT and stays visible as late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.grading.criteria import american
from trialwright.protocol.arms import DltWindow
from trialwright.protocol.dlt_definition import DltDefinition, DltRule
from trialwright.protocol.safety_settings import DoseModification
from trialwright.safety.window import window_days
from trialwright.terms.dates import PartialDate
from trialwright.terms.verdicts import Answer, Evidence, Finding, all_of

Rule = TypeVar("Rule", DltRule, DoseModification)
"""A rule that names the terms it concerns."""

DEATH = 5
"""CTCAE grade 5 is death from the event (CTCAE v5.0, introduction)."""


@dataclass(frozen=True, slots=True)
class DltVerdict:
    """Whether one event is dose-limiting, never without its reason.

    Attributes
    ----------
    answer : Answer
        Met: it is a DLT.
    because : str
        One sentence: the event, the rule, and what decided.
    rule : str
        Id of the rule that decided; empty when no rule concerns the term.
    label : str
        `illustrative, ...` when the registry page states no such definition; else empty.
    is_late : bool
        Whether it began after the window and would be a DLT otherwise.
    evidence : tuple of Evidence
        The event.
    missing : tuple of str
        What would decide an unknown answer.
    parts : tuple of Finding
        The four questions: grade, duration, attribution, onset, as far as the rule asks them.
    """

    answer: Answer
    because: str
    rule: str
    label: str
    is_late: bool
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()
    parts: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Onset:
    """Whether an event began in the window, and whether certainly after it."""

    finding: Finding
    is_after: bool = False


def dlt_verdict(
    event: AdverseEvent,
    definition: DltDefinition,
    window: DltWindow,
    window_opened: date | None,
    as_of: date,
) -> DltVerdict:
    """Say whether an adverse event is a dose-limiting toxicity.

    Parameters
    ----------
    event : AdverseEvent
        As recorded.
    definition : DltDefinition
        The study's.
    window : DltWindow
        The arm's.
    window_opened : date or None
        First dose of the anchor agent; None: none was taken.
    as_of : date
        What happened up to this day counts.

    Returns
    -------
    DltVerdict
        Of several rules that concern the term, one that holds is enough; the first such decides.
        Else the first that is unknown, else the first that a late event would fulfil.
    """
    label = definition.label or window.label
    onset = _onset(event.started, window, window_opened, as_of)
    verdicts = [
        _verdict(event, rule, _questions(event, rule, definition, as_of), onset, label)
        for rule in rules_for(event.term, definition.rules)
    ]
    if not verdicts:
        because = f"no DLT: no rule of the definition concerns {event.term}"
        return DltVerdict(
            Answer.NOT_MET, because, "", label, is_late=False, evidence=(event.evidence,)
        )
    order = (Answer.MET, Answer.UNKNOWN, Answer.NOT_MET)
    return min(verdicts, key=lambda verdict: (order.index(verdict.answer), not verdict.is_late))


def rules_for(term: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Give the rules that concern a term: those that name it, else those that name none.

    Parameters
    ----------
    term : str
        CTCAE term; capitals, spaces and British spelling do not matter.
    rules : iterable of DltRule or of DoseModification
        As in the protocol.

    Returns
    -------
    tuple of DltRule or of DoseModification
        In the order of the protocol.
    """
    known = tuple(rules)
    named = tuple(
        rule for rule in known if american(term) in {american(each) for each in rule.terms}
    )
    return named or tuple(rule for rule in known if not rule.terms)


def _verdict(
    event: AdverseEvent, rule: DltRule, asked: list[Finding], onset: _Onset, label: str
) -> DltVerdict:
    """Combine the answers to one rule's questions."""
    parts = (*asked, onset.finding)
    answer = all_of([part.answer for part in parts])
    is_late = onset.is_after and all_of([part.answer for part in asked]) is Answer.MET
    decisive = [part for part in parts if part.answer is answer]
    reasons = "; ".join(part.because for part in decisive)
    head = {Answer.MET: "DLT", Answer.NOT_MET: "no DLT"}.get(answer, "undecided")
    because = f"{head} by rule {rule.id} ({rule.says}): {event.term}: {reasons}"
    if is_late:
        because += "; it would be a DLT within the window, and stays visible as late"
    return DltVerdict(
        answer=answer,
        because=because,
        rule=rule.id,
        label=label,
        is_late=is_late,
        evidence=(event.evidence,),
        missing=tuple(name for part in decisive for name in part.missing),
        parts=parts,
    )


def _questions(
    event: AdverseEvent, rule: DltRule, definition: DltDefinition, as_of: date
) -> list[Finding]:
    """Ask what a rule asks apart from the window."""
    asked = [_grade(event, rule, definition)]
    if rule.least_hours is not None:
        asked.append(_duration(event, rule.least_hours, as_of))
    if definition.must_be_related:
        asked.append(_related(event, definition.attributed_to))
    return asked


def graded_by(event: AdverseEvent, definition: DltDefinition) -> str:
    """Say by which version of CTCAE an event is graded.

    Parameters
    ----------
    event : AdverseEvent
        Its term in either spelling.
    definition : DltDefinition
        Of the protocol.

    Returns
    -------
    str
        E.g. `5.0`.
    """
    versions = {american(term): version for term, version in definition.graded_by.items()}
    return versions.get(american(event.term), definition.ctcae)


def _grade(event: AdverseEvent, rule: DltRule, definition: DltDefinition) -> Finding:
    """Ask whether the grade is high enough."""
    by = f"CTCAE {graded_by(event, definition)}"
    if event.grade is None:
        because = f"the grade is not recorded, {rule.least_grade} or higher counts ({by})"
        return Finding(Answer.UNKNOWN, because, missing=("grade",))
    answer = Answer.MET if event.grade >= rule.least_grade else Answer.NOT_MET
    return Finding(answer, f"grade {event.grade}, {rule.least_grade} or higher counts ({by})")


def _duration(event: AdverseEvent, least: int, as_of: date) -> Finding:
    """Ask whether the grade lasted long enough; dates alone can only say that it did not."""
    if event.grade == DEATH:
        return Finding(Answer.MET, "fatal, so no duration is asked")
    hours, longest = event.highest_grade_hours, _longest_hours(event, as_of)
    needed = f"{least} h or more count"
    if hours is not None and hours < least:
        return Finding(Answer.NOT_MET, f"the grade lasted {hours} h, {needed}")
    if longest is not None and longest < least:
        if hours is not None:
            allowed = f"its dates allow {longest} h as of {as_of.isoformat()}"
            because = f"the grade is said to have lasted {hours} h, {allowed}"
        elif event.ended is not None and event.ended.latest <= as_of:
            return Finding(Answer.NOT_MET, f"it lasted {longest} h at most, {needed}")
        else:
            because = f"{longest} h at most have passed as of {as_of.isoformat()}, {needed}"
    elif hours is not None:
        return Finding(Answer.MET, f"the grade lasted {hours} h, {needed}")
    else:
        because = f"how long the grade lasted is not recorded, {needed}"
    return Finding(Answer.UNKNOWN, because, missing=("hours at the highest grade",))


def _longest_hours(event: AdverseEvent, as_of: date) -> int | None:
    """Give the hours of all days it may have lasted up to a day; None without an onset."""
    if event.started is None:
        return None
    until = as_of if event.ended is None else min(event.ended.latest, as_of)
    return 24 * ((until - event.started.earliest).days + 1)


def _related(event: AdverseEvent, agents: tuple[str, ...]) -> Finding:
    """Ask whether the event is related to a study agent, or to one of those that count."""
    if event.related_to is None:
        because = "attribution is not recorded, only related events count"
        return Finding(Answer.UNKNOWN, because, missing=("attribution",))
    if not event.related_to:
        return Finding(Answer.NOT_MET, "related to no study agent, only related events count")
    told = f"related to {', '.join(event.related_to)}"
    if agents and not set(agents) & set(event.related_to):
        asked = " or ".join(agents)
        return Finding(Answer.NOT_MET, f"{told}, only events related to {asked} count")
    return Finding(Answer.MET, told)


def _onset(
    started: PartialDate | None, window: DltWindow, opened: date | None, as_of: date
) -> _Onset:
    """Ask whether the event began in the window."""
    if opened is None or opened > as_of:
        because = f"no {window.anchor_agent} taken as of {as_of.isoformat()}"
        return _Onset(Finding(Answer.NOT_MET, f"{because}: the DLT window is not open"))
    if started is None:
        because = "the day of onset is not recorded"
        return _Onset(Finding(Answer.UNKNOWN, because, missing=("day of onset",)))
    if started.earliest > as_of:
        because = f"onset {started} lies after {as_of.isoformat()}, up to which data count"
        return _Onset(Finding(Answer.NOT_MET, because))
    days = window_days(window, opened)
    span = f"the {window.days}-day DLT window {days.opened.isoformat()} to {days.last.isoformat()}"
    if started.latest < days.opened:
        return _Onset(Finding(Answer.NOT_MET, f"onset {started} lies before {span}"))
    if started.earliest > days.last:
        late = f"onset {started} lies after {span}"
        return _Onset(Finding(Answer.NOT_MET, late), is_after=True)
    if days.opened <= started.earliest and started.latest <= days.last:
        day = f" (day {days.day_of(started.earliest)})" if started.is_complete else ""
        return _Onset(Finding(Answer.MET, f"onset {started}{day} lies in {span}"))
    because = f"onset {started} may lie inside or outside {span}"
    return _Onset(Finding(Answer.UNKNOWN, because, missing=("day of onset",)))
