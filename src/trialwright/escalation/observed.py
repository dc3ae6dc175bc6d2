"""What a dose decision rests on, in whatever form it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.outcomes import Outcomes, read_outcomes
from trialwright.escalation.participants import Treated, tallied
from trialwright.terms.canonical import Json, canonical, digest
from trialwright.terms.errors import Fault, Refusal, refuse


@dataclass(frozen=True, slots=True)
class Observed:
    """Counts by dose level and the last cohort.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level, lowest first.
    at : int
        Dose level of the last cohort; before the first, the starting level.
    last : LevelCount or None
        Counts of the last cohort alone; None before the first, or when they are not known.
    warnings : tuple of str
        What people should know before they decide.
    participants : tuple of Treated
        Everybody treated, by study number, where the data were given so: some designs weigh their
        follow-up.
    """

    seen: tuple[LevelCount, ...]
    at: int
    last: LevelCount | None = None
    warnings: tuple[str, ...] = ()
    participants: tuple[Treated, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of everything a design looks at; equal for the same data in another form."""
        return digest(canonical(self._plain()))

    @property
    def digest_with_follow_up(self) -> str:
        """SHA-256 of what a design looks at that weighs the follow-up of each participant."""
        told: list[Json] = [
            [each.counted_at, each.standing, each.has_dlt, each.dlt_day, each.followed]
            for each in self.participants
        ]
        return digest(canonical({"counts": self._plain(), "participants": told}))

    def _plain(self) -> Json:
        """Give the counts as a plain value."""
        return {
            "at": self.at,
            "last": None if self.last is None else _numbers(self.last),
            "seen": [_numbers(count) for count in self.seen],
        }

    @property
    def pending(self) -> int:
        """Participants in the DLT window, at all levels."""
        return sum(count.pending for count in self.seen)


Given = str | Outcomes | Observed | Sequence[Treated] | None
"""Data as people have them: the notation `1NNN 2NTP`, cohorts, counts, participants, or nothing
before the first cohort."""


def observed(
    given: Given, levels: int, starting_level: int, window_days: int | None = None
) -> Observed:
    """Take the data of a dose decision.

    Parameters
    ----------
    given : str, Outcomes, Observed, sequence of Treated, or None
        The data; None before the first cohort.
    levels : int
        Number of dose levels of the ladder.
    starting_level : int
        Dose level of the first cohort.
    window_days : int or None, days
        Length of the DLT window, to check participants by.

    Returns
    -------
    Observed
        What the design looks at.

    Raises
    ------
    Refusal
        With every fault of the data.
    """
    if isinstance(given, Observed):
        return given
    if given is None or isinstance(given, str):
        given = read_outcomes(given or "", levels)
    if isinstance(given, Outcomes):
        _require_ladder(given, levels)
        return Observed(given.seen, given.last_level or starting_level, given.last_cohort)
    found = tallied(_participants(given), levels, window_days)
    at = starting_level if found.at is None else found.at
    people = tuple(sorted(given, key=lambda each: each.participant))
    return Observed(found.seen, at, found.last, found.warnings, people)


def _participants(given: object) -> list[Treated]:
    """Take participants, and refuse what is none of the forms of data."""
    if isinstance(given, Sequence):
        found = [each for each in given if isinstance(each, Treated)]
        if len(found) == len(given):
            return found
    allowed = "cohorts as '1NNT 2NN', participants, or counts as Observed(seen, at)"
    do = "Say with counts at which level the last cohort was"
    raise refuse("data", f"a value of type {type(given).__name__}", allowed, do)


def _require_ladder(outcomes: Outcomes, levels: int) -> None:
    """Refuse cohorts on another ladder."""
    if outcomes.levels != levels:
        found = f"cohorts on a ladder of {outcomes.levels} dose levels"
        do = "Read the cohorts for the ladder of the design"
        raise Refusal([Fault("levels", found, f"{levels} dose levels", do)])


def _numbers(count: LevelCount) -> tuple[int, int, int]:
    """Give the numbers of one dose level."""
    return count.evaluable, count.dlts, count.pending
