"""Any design asked for many trials at once, by the object that decides at the dose meeting.

A design that weighs follow-up may decide many trials by itself; trials in which it is too near to
another decision, and all trials of a design that does not, are put to it one by one. Any other
design looks at counts alone and is asked once for each combination of them.
"""

from typing import Literal, NamedTuple, Protocol, cast

import numpy as np

from trialwright.escalation.decision import Decision, Design, LevelCount, decide, looks_back
from trialwright.escalation.follow_up import decide_followed, follows_up
from trialwright.escalation.isotonic import Ints
from trialwright.escalation.known import NEW, RUNNING, Answers, Bools, Known
from trialwright.escalation.meeting import INCOMPLETE

Again = Literal["daily", "when-known", "turned-away"]
"""What follows when nobody may be enrolled: the participant waits and the design is asked again
tomorrow, or when more is known; or the participant is turned away."""


class Asked(Protocol):
    """What is asked before each enrolment, for many trials at once.

    Attributes
    ----------
    again : {'daily', 'when-known', 'turned-away'}
        What follows when nobody may be enrolled.
    """

    again: Again

    def answers(self, known: Known) -> Answers:
        """Decide what follows.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        Answers
            One a trial.
        """


class DecidesMany(Protocol):
    """A design that weighs follow-up for many trials at once."""

    def answers_followed(self, known: Known) -> tuple[Answers, Bools]:
        """Decide what follows.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        answers : Answers
            One a trial.
        is_settled : ndarray of bool, shape (trials,)
            False where it is too near to another decision.
        """


def asked_of(design: Design, window_days: int) -> Asked:
    """Give a design as it is asked for many trials at once.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    window_days : int, days
        Length of the DLT window.

    Returns
    -------
    Asked
        By the fastest way that the design has.
    """
    if hasattr(design, "answers_followed"):
        return AskedTogether(design, window_days)
    if follows_up(design):
        return AskedEach(design, window_days)
    return AskedOnce(design)


class _Answer(NamedTuple):
    """What a design decides in one trial; see `Answers`."""

    level: int
    size: int
    mtd: int
    place: int


class AskedEach:
    """A design put to each trial by itself, as at a dose meeting.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    window_days : int, days
        Length of the DLT window.
    """

    def __init__(self, design: Design, window_days: int) -> None:
        self._design, self._window = design, window_days
        self.again: Again = "daily" if follows_up(design) else "when-known"

    def answers(self, known: Known) -> Answers:
        """Decide what follows, as `Asked.answers`.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        Answers
            One a trial.
        """
        at = known.at(self._design.starting_level).tolist()
        return _together([self._one(known, trial, level) for trial, level in enumerate(at)])

    def _one(self, known: Known, trial: int, at: int) -> _Answer:
        """Decide in one trial."""
        return _answer(decide_followed(self._design, known.participants(trial), self._window), at)


class AskedTogether:
    """A design that decides many trials by itself; those too near a limit are put to it one by one.

    Parameters
    ----------
    design : Design
        One that has `answers_followed`.
    window_days : int, days
        Length of the DLT window.
    """

    def __init__(self, design: Design, window_days: int) -> None:
        self._many, self._each = cast(DecidesMany, design), AskedEach(design, window_days)
        self.again: Again = "daily"

    def answers(self, known: Known) -> Answers:
        """Decide what follows, as `Asked.answers`.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        Answers
            One a trial.
        """
        found, is_settled = self._many.answers_followed(known)
        left = np.flatnonzero(~is_settled)
        if len(left):
            for part, decided in zip(found, self._each.answers(known.only(left)), strict=True):
                part[left] = decided
        return found


class AskedOnce:
    """A design that looks at counts alone, asked once for each combination of them.

    Parameters
    ----------
    design : Design
        Its decisions depend on the counts and the last cohort.
    """

    def __init__(self, design: Design) -> None:
        self._design, self._looks_back = design, looks_back(design)
        self._remembered: dict[bytes, _Answer] = {}
        self.again: Again = "when-known"

    def answers(self, known: Known) -> Answers:
        """Decide what follows, as `Asked.answers`.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        Answers
            One a trial.
        """
        columns = [*known.seen, known.at(self._design.starting_level)]
        if self._looks_back:
            columns += known.last
        return _together([self._of_counts(row) for row in np.column_stack(columns)])

    def _of_counts(self, row: Ints) -> _Answer:
        """Decide for counts, or remember what was decided."""
        key = row.tobytes()
        if key not in self._remembered:
            levels, counts = self._design.levels, row.tolist()
            parts = [counts[place : place + levels] for place in (0, levels, 2 * levels)]
            at, last = counts[3 * levels], counts[3 * levels + 1 :]
            seen = [LevelCount(*each) for each in zip(*parts, strict=True)]
            is_begun = bool(last) and sum(last) > 0
            decided = decide(self._design, seen, at, LevelCount(*last) if is_begun else None)
            self._remembered[key] = _answer(decided, at)
        return self._remembered[key]


def _answer(decided: Decision, at: int) -> _Answer:
    """Take a decision as numbers."""
    if decided.level is None:
        return _Answer(0, 0, decided.mtd or 0, NEW)
    completes = decided.act == "wait" or decided.rule == INCOMPLETE
    enrols = decided.cohort_size > 0
    place = RUNNING if enrols and completes and decided.level == at else NEW
    return _Answer(decided.level, decided.cohort_size, 0, place)


def _together(found: list[_Answer]) -> Answers:
    """Put answers of single trials together."""
    return Answers(*np.array(found, dtype=np.int64).reshape(-1, len(_Answer._fields)).T)
