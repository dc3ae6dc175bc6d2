"""Backfill at a dose meeting: from protocol data, with people as they were recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialwright.escalation.backfill import Backfill, OpenLevel
from trialwright.escalation.catalogue import design_from
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.participants import Treated, tallied
from trialwright.escalation.tally_design import TallyDesign
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Backfilled:
    """Participants of cohorts, and those backfilled, with responses.

    Attributes
    ----------
    cohorts : Observed
        What was seen in cohorts.
    more : tuple of LevelCount
        What was seen of those backfilled, by dose level.
    responses : tuple of int
        Participants with a response, by dose level, of both.
    """

    cohorts: Observed
    more: tuple[LevelCount, ...]
    responses: tuple[int, ...]


def backfill_from(data: EscalationDesign, levels: int) -> Backfill | None:
    """Make the backfill that the protocol puts around a design.

    Parameters
    ----------
    data : EscalationDesign
        The design as the protocol writes it.
    levels : int
        Number of dose levels of its ladder.

    Returns
    -------
    Backfill or None
        None for a design without.

    Raises
    ------
    Refusal
        If a setting is none, or the design is no table of tallies.
    """
    told = data.backfill
    if told is None:
        return None
    design = design_from(data.model_copy(update={"backfill": None}), levels)
    if not isinstance(design, TallyDesign):
        allowed = "BOIN, keyboard, mTPI, mTPI-2, i3+3 or a decision table"
        do = "Take a design that says E, S, D or U for the tally of a level, or leave backfill out"
        raise refuse("backfill", f"around {design.name}", allowed, do)
    return Backfill(
        design=design,
        cap=told.cap,
        needs_response=told.needs_response,
        choice=told.choice,
    )


def nobody_backfilled(data: Observed) -> Backfilled:
    """Take data in which nobody was backfilled, and no response is known.

    Parameters
    ----------
    data : Observed
        What was seen in cohorts.

    Returns
    -------
    Backfilled
        With counts of 0.
    """
    levels = len(data.seen)
    return Backfilled(data, (LevelCount(0, 0),) * levels, (0,) * levels)


def with_backfilled(
    participants: Sequence[Treated], levels: int, starting_level: int, window_days: int | None
) -> Backfilled:
    """Count participants of cohorts and those backfilled.

    Parameters
    ----------
    participants : sequence of Treated
        Everybody treated in the escalation.
    levels, starting_level : int
        Number of dose levels, and level of the first cohort.
    window_days : int or None, days
        Length of the DLT window.

    Returns
    -------
    Backfilled
        Apart.

    Raises
    ------
    Refusal
        With every fault of every participant.
    """
    single = [
        replace(each, cohort=place, is_backfilled=False) if each.is_backfilled is True else each
        for place, each in enumerate(participants, start=len(participants) + 1)
    ]
    tallied(single, levels, window_days)  # the faults of all at once
    cohorts = [each for each in participants if not each.is_backfilled]
    pairs = zip(single, participants, strict=True)
    more = [one for one, given in pairs if given.is_backfilled]
    responses = tuple(
        sum(each.has_response for each in participants if each.counted_at == level)
        for level in range(1, levels + 1)
    )
    seen = observed(cohorts, levels, starting_level, window_days)
    return Backfilled(seen, tallied(more, levels, window_days).seen, responses)


def together(data: Backfilled) -> Observed:
    """Add up participants of cohorts and those backfilled.

    Parameters
    ----------
    data : Backfilled
        Apart.

    Returns
    -------
    Observed
        At the level of the last cohort.
    """
    pairs = zip(data.cohorts.seen, data.more, strict=True)
    seen = tuple(
        LevelCount(
            one.evaluable + other.evaluable, one.dlts + other.dlts, one.pending + other.pending
        )
        for one, other in pairs
    )
    return replace(data.cohorts, seen=seen, participants=())


def decide_backfilled(backfill: Backfill, data: Backfilled) -> Decision:
    """Say what follows the last cohort.

    Parameters
    ----------
    backfill : Backfill
        Around the design.
    data : Backfilled
        Counts.

    Returns
    -------
    Decision
        With its reason.

    Raises
    ------
    Refusal
        If the design cannot have led to these counts.
    """
    return backfill.next_dose(data.cohorts.seen, data.more, data.cohorts.at)


def levels_said(backfill: Backfill, data: Backfilled, *, responses_known: bool) -> tuple[str, ...]:
    """Name the levels below the running cohort, and whether they are open for backfilling.

    Parameters
    ----------
    backfill : Backfill
        Around the design.
    data : Backfilled
        Counts.
    responses_known : bool
        Whether responses were told; if not, a level that is open but for them says so.

    Returns
    -------
    tuple of str
        One sentence a level, lowest first.
    """
    asked = backfill if responses_known else replace(backfill, needs_response=False)
    found = asked.open_levels(data.cohorts.seen, data.more, data.cohorts.at, data.responses)
    is_awaited = backfill.needs_response and not responses_known
    return tuple(_said(each, is_awaited=is_awaited) for each in found)


def _said(found: OpenLevel, *, is_awaited: bool) -> str:
    """Say whether a level is open."""
    word = "open" if found.is_open else "closed"
    if found.is_open and is_awaited:
        word = "open once a response was seen there"
    return f"backfill at dose level {found.level}: {word}: {found.because}"
