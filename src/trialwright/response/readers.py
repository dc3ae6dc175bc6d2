"""Two readers and an adjudicator: whose reading counts, and where the readers differ.

Independent review reads every scan twice; where the two readings differ, a third reader chooses.
Here the choice is between the two readers' whole courses, as responses of one reader rest on
lesions that this reader chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.casebook.tumours import Response
from trialwright.protocol.evaluation_settings import Trigger
from trialwright.response.best import Read
from trialwright.response.queries import Query

Reader = Literal["reader 1", "reader 2"]


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
class Agreement:
    """Whose reading counts.

    Attributes
    ----------
    counted : {'reader 1', 'reader 2'} or None
        None while readers differ and nobody has adjudicated.
    differing : tuple of Differing
        Days on which they differ, by day.
    because : str
        The reason.
    queries : tuple of Query
        What is to be done.
    """

    counted: Reader | None
    differing: tuple[Differing, ...]
    because: str
    queries: tuple[Query, ...]


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


def adjudicated(first: Sequence[Read], second: Sequence[Read], chosen: Reader | None) -> Agreement:
    """Say whose reading of a participant counts.

    Parameters
    ----------
    first, second : sequence of Read
        The overall responses of the two readers, in any order; at most one a day.
    chosen : {'reader 1', 'reader 2'} or None
        Whom the adjudicator chose; None when nobody has.

    Returns
    -------
    Agreement
        The first reader's where both agree on every day; else the adjudicator's choice, and
        without one nothing counts yet.
    """
    differing = differing_days(first, second)
    said = "; ".join(str(each) for each in differing)
    if not differing:
        queries: tuple[Query, ...] = ()
        if chosen is not None:
            queries = (Query("readers", "adjudicated although both readers agree"),)
        return Agreement(
            "reader 1", (), f"both readers agree on {len(_by_day(first))} days", queries
        )
    if chosen is None:
        query = Query("readers", f"the readers differ and nobody has adjudicated ({said})")
        return Agreement(None, differing, f"the readers differ ({said})", (query,))
    return Agreement(
        chosen, differing, f"the readers differ ({said}); the adjudicator chose {chosen}", ()
    )


def _by_day(read: Sequence[Read]) -> Mapping[date, Response]:
    """Give the responses of a reader by day."""
    return {each.on: each.overall for each in read}
