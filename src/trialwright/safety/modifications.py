"""What the protocol proposes for an agent when adverse events occur: hold, reduce, resume, stop.

A proposal is never carried out by itself: people decide, and record the doses. The casebook holds
the highest grade of an event and its days, so an event that goes on counts with that grade.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.grading.criteria import american
from trialwright.protocol.safety_settings import DoseModification
from trialwright.safety.dlt import rules_for
from trialwright.terms.dates import PartialDate
from trialwright.terms.verdicts import Answer, Evidence, Finding, all_of

Proposed = Literal["continue", "resume", "reduce", "hold", "discontinue", "undecided"]
"""What is proposed; `undecided` needs a missing fact."""

_STRONGEST: tuple[Proposed, ...] = (
    "discontinue", "hold", "undecided", "reduce", "resume", "continue",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the protocol proposes for one agent, never without its reason.

    Attributes
    ----------
    agent : str
        Name of the agent in the protocol.
    action : {'continue', 'resume', 'reduce', 'hold', 'discontinue', 'undecided'}
        What is proposed.
    levels_lower : int
        For `reduce` and `resume`: how many dose levels lower than before.
    because : str
        One sentence: the event, the rule, and what decided.
    rule, label : str
        Id of the rule, and `illustrative, ...` when the registry page states no such rule.
    evidence : tuple of Evidence
        The event.
    missing : tuple of str
        What would decide an undecided proposal, or whether a hold has lasted too long.
    """

    agent: str
    action: Proposed
    levels_lower: int
    because: str
    rule: str
    label: str
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


def propose(
    agent: str,
    rules: Iterable[DoseModification],
    events: Iterable[AdverseEvent],
    as_of: date,
) -> tuple[Proposal, ...]:
    """Give the proposals for an agent.

    Parameters
    ----------
    agent : str
        Name of the agent in the protocol.
    rules : iterable of DoseModification
        The study's.
    events : iterable of AdverseEvent
        The participant's.
    as_of : date
        What happened up to this day counts.

    Returns
    -------
    tuple of Proposal
        One for each event and rule that concern the agent, the strongest first; a single
        `continue` when there is none.
    """
    known = tuple(rule for rule in rules if agent in rule.agents)
    happened = [event for event in events if _has_begun(event, as_of)]
    found = [
        proposal
        for event in happened
        for rule in rules_for(event.term, known)
        if (proposal := _proposal(agent, rule, event, happened, as_of)) is not None
    ]
    if not found:
        because = f"no rule on {agent} applies to an event recorded as of {as_of.isoformat()}"
        return (Proposal(agent, "continue", 0, because, "", ""),)
    return tuple(
        sorted(found, key=lambda each: (_STRONGEST.index(each.action), -each.levels_lower))
    )


def _has_begun(event: AdverseEvent, as_of: date) -> bool:
    """Say whether an event may have begun; one without a day of onset has."""
    return event.started is None or event.started.earliest <= as_of


def _proposal(
    agent: str,
    rule: DoseModification,
    event: AdverseEvent,
    events: Sequence[AdverseEvent],
    as_of: date,
) -> Proposal | None:
    """Apply one rule to one event; None when it does not apply."""
    asked = [
        _grade(event, rule),
        *_attribution(event, rule, agent),
        *_occurrence(event, rule, events),
    ]
    answer = all_of([each.answer for each in asked])
    if answer is Answer.NOT_MET:
        return None
    told = "; ".join(each.because for each in asked if each.answer is answer)
    missing = tuple(name for each in asked for name in each.missing)
    action: Proposed = "undecided"
    levels = 0
    if answer is Answer.MET:
        action, levels, when, missing = _action(rule, event, as_of)
        told += f"; {when}"
    lower = f" {levels} dose level{'s' * (levels > 1)} lower" if levels else ""
    because = f"{action} {agent}{lower} by rule {rule.id} ({rule.says}): {event.term}: {told}"
    return Proposal(agent, action, levels, because, rule.id, rule.label, (event.evidence,), missing)


def _grade(event: AdverseEvent, rule: DoseModification) -> Finding:
    """Ask whether the grade is one of the rule's."""
    span = f"{rule.least_grade} to {rule.most_grade}"
    if event.grade is None:
        because = f"the grade is not recorded, grades {span} count"
        return Finding(Answer.UNKNOWN, because, missing=("grade",))
    is_one = rule.least_grade <= event.grade <= rule.most_grade
    answer = Answer.MET if is_one else Answer.NOT_MET
    return Finding(answer, f"grade {event.grade}, grades {span} count")


def _attribution(event: AdverseEvent, rule: DoseModification, agent: str) -> tuple[Finding, ...]:
    """Ask whether the event is related to the agent."""
    if not rule.must_be_related:
        return ()
    if event.related_to is None:
        because = "attribution is not recorded"
        return (Finding(Answer.UNKNOWN, because, missing=("attribution",)),)
    answer = Answer.MET if agent in event.related_to else Answer.NOT_MET
    return (Finding(answer, f"related to {', '.join(event.related_to)}"),)


def _occurrence(
    event: AdverseEvent, rule: DoseModification, events: Sequence[AdverseEvent]
) -> tuple[Finding, ...]:
    """Ask which event of the term it is, among those of the rule's least grade or higher."""
    if rule.occurrence is None:
        return ()
    alike = [each for each in events if american(each.term) == american(event.term)]
    own = event.started
    if own is None or any(each.grade is None or each.started is None for each in alike):
        because = f"event {rule.occurrence} of the term counts, grades or days are not recorded"
        return (Finding(Answer.UNKNOWN, because, missing=("grade and onset of each",)),)
    others = [
        each.started
        for each in alike
        if each is not event and each.started is not None and (each.grade or 0) >= rule.least_grade
    ]
    first = 1 + sum(each.latest < own.earliest for each in others)
    last = 1 + sum(each.earliest <= own.latest for each in others)
    place = f"{first}" if first == last else f"{first} to {last}"
    told = f"event {place} of the term, event {rule.occurrence} counts"
    if not first <= rule.occurrence <= last:
        return (Finding(Answer.NOT_MET, told),)
    if first < last:
        told += ", and the days do not tell which began first"
        return (Finding(Answer.UNKNOWN, told, missing=("which event of the term began first",)),)
    return (Finding(Answer.MET, told),)


def _action(
    rule: DoseModification, event: AdverseEvent, as_of: date
) -> tuple[Proposed, int, str, tuple[str, ...]]:
    """Give what is proposed now, how many levels lower, why, and what is not recorded."""
    if rule.action == "discontinue":
        return "discontinue", 0, "for good", ()
    if rule.action == "reduce":
        return "reduce", rule.levels_lower, "from the next dose on", ()
    if event.ended is not None and event.ended.latest <= as_of:
        return _after_hold(rule, event.started, event.ended)
    going_on, longest = f"it goes on as of {as_of.isoformat()}", rule.longest_hold_days
    if longest is None:
        return "hold", 0, going_on, ()
    limit, began = f"{longest} days is the longest hold", event.started
    if began is not None:
        least = (as_of - began.latest).days
        if least > longest:
            at_least = "" if began.is_complete else "at least "
            return "discontinue", 0, f"it has lasted {at_least}{least} days, {limit}", ()
        if (as_of - began.earliest).days <= longest:
            return "hold", 0, going_on, ()
    told = f"{going_on}; since when is not recorded, {limit}"
    return "hold", 0, told, ("day of onset",)


def _after_hold(
    rule: DoseModification, began: PartialDate | None, ended: PartialDate
) -> tuple[Proposed, int, str, tuple[str, ...]]:
    """Resume what was held, unless the hold lasted too long or may have."""
    over, longest = f"it ended on {ended}", rule.longest_hold_days
    if longest is None:
        return "resume", rule.levels_lower, over, ()
    limit = f"{longest} days is the longest hold"
    if began is not None:
        least, most = (ended.earliest - began.latest).days, (ended.latest - began.earliest).days
        if least > longest:
            at_least = "" if least == most else "at least "
            return "discontinue", 0, f"it lasted {at_least}{least} days, {limit}", ()
        if most <= longest:
            return "resume", rule.levels_lower, over, ()
    told = f"{over}; how long it lasted is not recorded, {limit}"
    return "undecided", 0, told, ("days of onset and end",)
