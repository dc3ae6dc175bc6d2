"""Two readers of one participant: in what they differ that calls for adjudication.

Independent review reads every scan twice; where the two readings differ, a third reader chooses
between the two readers' whole courses, as responses of one reader rest on lesions that this reader
chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.protocol.evaluation_settings import Trigger
from trialwright.response.best import Read


@dataclass(frozen=True, slots=True)
class Differing:
    """A day on which the two readers say different things.

    Attributes
    ----------
    on : date
        The day.
    first, second : Response or None
        What each says; None for a reader who did not read that day.
    """

    on: date
    first: Response | None
    second: Response | None

    def __str__(self) -> str:
        """Say it, e.g. `2026-03-01: PR and SD`."""
        return f"{self.on.isoformat()}: {self.first or 'not read'} and {self.second or 'not read'}"


@dataclass(frozen=True, slots=True)
class ReaderCourse:
    """What one reader says of a participant.

    Attributes
    ----------
    reads : tuple of Read
        Overall response of each visit, in any order; at most one a day.
    best : Response
        Best overall response.
    progression_on : date or None
        Day to which the first progression is dated; None without one.
    """

    reads: tuple[Read, ...]
    best: Response
    progression_on: date | None


def differing_days(first: Sequence[Read], second: Sequence[Read]) -> tuple[Differing, ...]:
    """List the days on which two readers say different things.

    Parameters
    ----------
    first, second : sequence of Read
        The overall responses of the two readers, in any order; at most one a day.

    Returns
    -------
    tuple of Differing
        By day; a day that one of them did not read is among them.
    """
    one, two = _by_day(first), _by_day(second)
    return tuple(
        Differing(on, one.get(on), two.get(on))
        for on in sorted({*one, *two})
        if one.get(on) != two.get(on)
    )


def disagreements(
    first: ReaderCourse, second: ReaderCourse, triggers: Sequence[Trigger]
) -> tuple[str, ...]:
    """Say in what two readers differ that calls for adjudication.

    Parameters
    ----------
    first, second : ReaderCourse
        Of reader 1 and reader 2.
    triggers : sequence of {'time-point', 'best-response', 'progression-date'}
        Differences that count.

    Returns
    -------
    tuple of str
        One sentence a difference, reader 1 first; empty when nothing calls for adjudication.
    """
    said: list[str] = []
    if "time-point" in triggers:
        said += [f"response of {each}" for each in differing_days(first.reads, second.reads)]
    if "best-response" in triggers and first.best != second.best:
        said.append(f"best overall response: {first.best} and {second.best}")
    if "progression-date" in triggers and first.progression_on != second.progression_on:
        days = [
            each.progression_on.isoformat() if each.progression_on else "none"
            for each in (first, second)
        ]
        said.append(f"date of progression: {days[0]} and {days[1]}")
    return tuple(said)


def _by_day(read: Sequence[Read]) -> Mapping[date, Response]:
    """Give the responses of a reader by day."""
    return {each.on: each.overall for each in read}
