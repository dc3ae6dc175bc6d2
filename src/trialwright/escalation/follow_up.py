"""Participants with their follow-up, for designs that decide while some are in the DLT window.

Follow-up counts days of the DLT window: of whoever is pending those completed without a DLT, of
whoever had a DLT the day it was seen. Whoever is evaluable without a DLT has the whole window.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast

from trialwright.escalation.decision import Decision, Design, LevelCount, decide
from trialwright.escalation.observed import Observed
from trialwright.escalation.participants import Treated, tallied
from trialwright.terms.errors import Fault, Refusal


class FollowsUp(Protocol):
    """A design that weighs follow-up."""

    @property
    def window_days(self) -> int:
        """Length of the DLT window, in days."""

    def next_dose_followed(self, data: "FollowedUp") -> Decision:
        """Decide what follows, with some participants pending.

        Parameters
        ----------
        data : FollowedUp
            Counts and follow-up.

        Returns
        -------
        Decision
            With its reason.

        Raises
        ------
        Refusal
            If the design cannot have led to these data.
        """


@dataclass(frozen=True, slots=True)
class Watched:
    """One participant as far as the DLT window is over.

    Attributes
    ----------
    level : int
        Dose level, 1 = lowest.
    had_dlt : bool
        Whether a DLT was seen.
    followed : float, days
        Days from the first dose to the DLT, or to the data cutoff.
    """

    level: int
    had_dlt: bool
    followed: float


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What participants with their follow-up come to.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level, lowest first.
    at : int
        Dose level of the last cohort; before the first, the starting level.
    last : LevelCount or None
        Counts of the last cohort alone; None before the first.
    days : tuple of int
        Days of follow-up of those pending, summed up by dose level.
    watched : tuple of Watched
        Everybody who counts, with follow-up.
    """

    seen: tuple[LevelCount, ...]
    at: int
    last: LevelCount | None
    days: tuple[int, ...]
    watched: tuple[Watched, ...]


def follows_up(design: Design) -> bool:
    """Say whether a design weighs the follow-up of those pending.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    bool
        True when `decide_followed` gives more than waiting for them.
    """
    return hasattr(design, "next_dose_followed")


def decide_followed(
    design: Design, participants: Sequence[Treated], window_days: int | None = None
) -> Decision:
    """Ask any design what follows participants, with their follow-up where it weighs that.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    participants : sequence of Treated
        Everybody treated in the escalation.
    window_days : int or None, days
        Length of the DLT window, for a design that has none of its own.

    Returns
    -------
    Decision
        With its reason.

    Raises
    ------
    Refusal
        With every fault of the participants, or if the design cannot have led to them.
    """
    if follows_up(design):
        weighing = cast(FollowsUp, design)
        data = followed_up(participants, design.levels, weighing.window_days, design.starting_level)
        return weighing.next_dose_followed(data)
    found = tallied(participants, design.levels, window_days)
    at = design.starting_level if found.at is None else found.at
    return decide(design, found.seen, at, found.last)


def decide_observed(design: Design, data: Observed) -> Decision:
    """Ask any design what follows counts, with the follow-up of participants where it weighs that.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    data : Observed
        Counts, last cohort, and participants where they are known one by one.

    Returns
    -------
    Decision
        With its reason; without participants whoever is pending is waited for.

    Raises
    ------
    Refusal
        With every fault of the participants, or if the design cannot have led to the data.
    """
    if not follows_up(design) or not data.participants:
        return decide(design, data.seen, data.at, data.last)
    weighing, levels = cast(FollowsUp, design), design.levels
    found = followed_up(data.participants, levels, weighing.window_days, design.starting_level)
    asked = replace(found, seen=data.seen, at=data.at, last=data.last)
    return weighing.next_dose_followed(asked)


def followed_up(
    participants: Sequence[Treated], levels: int, window_days: int, starting_level: int
) -> FollowedUp:
    """Take participants with their follow-up.

    Parameters
    ----------
    participants : sequence of Treated
        Everybody treated in the escalation.
    levels : int
        Number of dose levels of the ladder.
    window_days : int, days
        Length of the DLT window.
    starting_level : int
        Dose level of the first cohort.

    Returns
    -------
    FollowedUp
        Counts and follow-up.

    Raises
    ------
    Refusal
        With every fault: those of `tallied`, and follow-up that is not stated.
    """
    missing = list(_not_stated(participants))
    try:
        found = tallied(participants, levels, window_days)
    except Refusal as refused:
        raise Refusal([*refused.faults, *missing]) from None
    if missing:
        raise Refusal(missing)
    counted = [each for each in participants if each.standing in ("evaluable", "pending")]
    return FollowedUp(
        seen=found.seen,
        at=starting_level if found.at is None else found.at,
        last=found.last,
        days=tuple(
            sum(each.followed or 0 for each in counted if _is_pending_at(each, level))
            for level in range(1, levels + 1)
        ),
        watched=tuple(_watched(each, window_days) for each in counted),
    )


def complete(seen: Sequence[LevelCount], window_days: int) -> tuple[Watched, ...]:
    """Give counts as participants with the whole window behind them.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level, nobody pending.
    window_days : int, days
        Length of the DLT window.

    Returns
    -------
    tuple of Watched
        One for each evaluable participant; the day of a DLT is the last of the window, which
        changes nothing when nobody is pending.
    """
    return tuple(
        Watched(level, had_dlt=number < count.dlts, followed=window_days)
        for level, count in enumerate(seen, start=1)
        for number in range(count.evaluable)
    )


def _is_pending_at(one: Treated, level: int) -> bool:
    """Say whether somebody is pending at a level."""
    return one.standing == "pending" and one.counted_at == level


def _watched(one: Treated, window_days: int) -> Watched:
    """Give one participant as far as the window is over."""
    days = one.dlt_day if one.has_dlt else one.followed
    if one.standing == "evaluable" and not one.has_dlt:
        days = window_days
    return Watched(one.counted_at, one.has_dlt, float(days or 0))


def _not_stated(participants: Sequence[Treated]) -> Iterator[Fault]:
    """Name follow-up that the design needs and nobody stated."""
    for each in participants:
        if each.standing == "pending" and each.followed is None:
            do = "Give the days of the DLT window completed"
            yield Fault(f"{each.participant}, followed", "not stated", "days", do)
        if each.has_dlt is True and each.dlt_day is None:
            do = "Give the day of the DLT, day 1 = first dose"
            yield Fault(f"{each.participant}, dlt_day", "not stated", "a day", do)
