"""Data for a dose decision, participant by participant, and everything wrong with them at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from trialwright.escalation.decision import LevelCount, is_level
from trialwright.terms.errors import Fault, Refusal, shorten

Standing = Literal["evaluable", "pending", "replaced", "not evaluable"]
"""How a participant counts: DLT-evaluable; in the DLT window without a DLT; not evaluable and
replaced, or not (yet) replaced: neither of these two is counted."""

CORRECT = "Correct the record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """One participant who was treated in the escalation.

    Attributes
    ----------
    participant : str
        Study number.
    cohort : int
        Which cohort, counted from 1 in the order of treatment.
    level : int
        Dose level assigned, 1 = lowest.
    standing : {'evaluable', 'pending', 'replaced', 'not evaluable'}
        How the participant counts.
    has_dlt : bool
        Whether a DLT was seen; never taken for granted. Of somebody pending, so far.
    dlt_day : int or None, days from first dose, day 1 = first dose
        Day of the DLT; None without one, or when it is not stated.
    given : int or None
        Dose level given; None: as assigned.
    followed : int or None, days
        Days of the DLT window completed; None: not stated.
    deviation : str
        Why a dose was given that was not assigned, as recorded; empty without such a record.
    is_backfilled : bool
        Whether the participant was treated at a lower level beside the cohorts.
    has_response : bool
        Whether a tumour response was seen.
    """

    participant: str
    cohort: int
    level: int
    standing: Standing
    has_dlt: bool
    dlt_day: int | None = None
    given: int | None = None
    followed: int | None = None
    deviation: str = ""
    is_backfilled: bool = False
    has_response: bool = False

    @property
    def counted_at(self) -> int:
        """Dose level at which the participant counts: the one given."""
        return self.level if self.given is None else self.given


@dataclass(frozen=True, slots=True)
class Tallied:
    """What participants come to.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level, lowest first.
    at : int or None
        Dose level of the last cohort; None before the first.
    last : LevelCount or None
        Counts of the last cohort alone.
    warnings : tuple of str
        What people should know before they decide.
    """

    seen: tuple[LevelCount, ...]
    at: int | None
    last: LevelCount | None
    warnings: tuple[str, ...]


def tallied(participants: Sequence[Treated], levels: int, window_days: int | None) -> Tallied:
    """Count participants, in whatever order they are given.

    Parameters
    ----------
    participants : sequence of Treated
        Everybody treated in the escalation.
    levels : int
        Number of dose levels of the ladder.
    window_days : int or None, days
        Length of the DLT window; None: days are not compared with it.

    Returns
    -------
    Tallied
        Counts, last cohort and warnings.

    Raises
    ------
    Refusal
        With every fault of every participant, each with participant and field.
    """
    faults = [
        *_repeated(participants),
        *(fault for each in participants for fault in _faults(each, levels, window_days)),
    ]
    faults = faults or [*_torn_cohorts(participants)]
    if faults:
        raise Refusal(faults)
    newest = max((each.cohort for each in participants), default=None)
    last = [each for each in participants if each.cohort == newest]
    return Tallied(
        seen=tuple(
            _count([each for each in participants if each.counted_at == level])
            for level in range(1, levels + 1)
        ),
        at=last[0].level if last else None,
        last=_count([each for each in last if each.given in (None, each.level)]) if last else None,
        warnings=tuple(sorted(warning for each in participants for warning in _warnings(each))),
    )


def _count(participants: Sequence[Treated]) -> LevelCount:
    """Count participants of one dose level or cohort."""
    standings = Counter(each.standing for each in participants)
    return LevelCount(
        evaluable=standings["evaluable"],
        dlts=sum(each.has_dlt for each in participants),
        pending=standings["pending"],
    )


def _warnings(one: Treated) -> Iterator[str]:
    """Say what is unusual about one participant."""
    if one.given not in (None, one.level):
        yield (
            f"{one.participant}: given dose level {one.given}, assigned {one.level}; counted at "
            f"dose level {one.given} ({shorten(one.deviation)})"
        )
    if one.standing == "not evaluable":
        yield f"{one.participant}: not evaluable and not replaced yet; counted nowhere"


def _repeated(participants: Sequence[Treated]) -> Iterator[Fault]:
    """Name participants who are listed more than once."""
    for number, times in Counter(each.participant for each in participants).items():
        if times > 1:
            found = f"listed {times} times"
            yield Fault(f"{number}, participant", found, "once", "List each participant once")


def _torn_cohorts(participants: Sequence[Treated]) -> Iterator[Fault]:
    """Name cohorts whose participants were assigned to several dose levels."""
    for cohort in sorted({each.cohort for each in participants}):
        levels = sorted({each.level for each in participants if each.cohort == cohort})
        if len(levels) > 1:
            found = f"assigned to dose levels {', '.join(map(str, levels))}"
            yield Fault(f"cohort {cohort}", found, "one dose level", "Number the cohorts apart")


def _faults(one: Treated, levels: int, window: int | None) -> Iterator[Fault]:
    """Find what is wrong with one participant."""
    for field, found, allowed, do in (
        *_number_faults(one, levels),
        *_standing_faults(one),
        *_dlt_faults(one, window),
        *_follow_up_faults(one, window),
        *_backfill_faults(one),
    ):
        yield Fault(f"{one.participant}, {field}", found, allowed, do)


Found = Iterator[tuple[str, str, str, str]]
"""Field, what was found, what is allowed, what to do."""


def _number_faults(one: Treated, levels: int) -> Found:
    """Find dose levels and cohorts that are none."""
    for field, level in (("level", one.level), ("given", one.counted_at)):
        if not is_level(level, levels) and (field == "level" or one.given is not None):
            yield field, f"dose level {shorten(level)}", f"1-{levels}", CORRECT
    if not _is_whole(one.cohort) or one.cohort < 1:
        yield "cohort", shorten(one.cohort), "a whole number from 1", "Count the cohorts"
    if one.given not in (None, one.level) and not one.deviation.strip():
        found = f"dose level {shorten(one.given)}, assigned {shorten(one.level)}"
        yield "given", found, "the dose level assigned", "Correct it, or record the deviation"


def _standing_faults(one: Treated) -> Found:
    """Find a standing that is none, or that a DLT contradicts."""
    if one.standing not in get_args(Standing):
        yield (
            "standing",
            shorten(repr(one.standing)),
            ", ".join(get_args(Standing)),
            "Say how the participant counts",
        )
    elif one.has_dlt is True and one.standing != "evaluable":
        found = f"{one.standing}, with a DLT"
        yield "standing", found, "evaluable", "Count whoever had a DLT as evaluable"


def _dlt_faults(one: Treated, window: int | None) -> Found:
    """Find a DLT that is none, without one, or outside the window."""
    if not isinstance(one.has_dlt, bool):
        yield "has_dlt", shorten(one.has_dlt), "true or false", "Say whether a DLT was seen"
        return
    day = one.dlt_day
    if day is None:
        return
    if not one.has_dlt:
        yield "dlt_day", f"day {shorten(day)}, without a DLT", "no day", CORRECT
    elif not _is_whole(day) or day < 1:
        yield "dlt_day", f"day {shorten(day)}", "a whole number from 1", CORRECT
    elif window is not None and day > window:
        found, allowed = f"day {day}, after the DLT window", f"day 1-{window}"
        yield "dlt_day", found, allowed, "Bring a late event to the committee, not into the count"


def _follow_up_faults(one: Treated, window: int | None) -> Found:
    """Find a follow-up that is none, or that the standing contradicts."""
    days = one.followed
    if days is None:
        return
    if not _is_whole(days) or days < 0:
        yield "followed", f"{shorten(days)} days", "a whole number from 0", CORRECT
    elif window is None:
        return
    elif days > window:
        yield "followed", f"{days} days", f"0-{window}", "Count days of the DLT window alone"
    elif one.has_dlt is True:
        return
    elif one.standing == "evaluable" and days < window:
        found = f"evaluable without a DLT after {days} of {window} days"
        yield "standing", found, "pending, or not evaluable", "Wait for the end of the window"
    elif one.standing == "pending" and days == window:
        found = f"pending after all {window} days"
        yield "standing", found, "evaluable, or not evaluable", "Say how the participant counts"


def _backfill_faults(one: Treated) -> Found:
    """Find answers that are none, and whoever was backfilled where the design has no backfill."""
    for field, given in (("backfilled", one.is_backfilled), ("response", one.has_response)):
        if not isinstance(given, bool):
            yield field, shorten(given), "true or false", CORRECT
    if one.is_backfilled is True:
        do = "Give the design a backfill, or correct the record"
        yield "backfilled", "yes", "no: the design keeps no lower level open", do


def _is_whole(value: object) -> bool:
    """Say whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)
