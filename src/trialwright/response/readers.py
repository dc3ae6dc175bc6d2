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
    one, two = _by_day(first), _by_day(second)
    differing = tuple(
        Differing(on, one.get(on), two.get(on))
        for on in sorted({*one, *two})
        if one.get(on) != two.get(on)
    )
    said = "; ".join(str(each) for each in differing)
    if not differing:
        queries: tuple[Query, ...] = ()
        if chosen is not None:
            queries = (Query("readers", "adjudicated although both readers agree"),)
        return Agreement("reader 1", (), f"both readers agree on {len(one)} days", queries)
    if chosen is None:
        query = Query("readers", f"the readers differ and nobody has adjudicated ({said})")
        return Agreement(None, differing, f"the readers differ ({said})", (query,))
    return Agreement(
        chosen, differing, f"the readers differ ({said}); the adjudicator chose {chosen}", ()
    )


def _by_day(read: Sequence[Read]) -> Mapping[date, Response]:
    """Give the responses of a reader by day."""
    return {each.on: each.overall for each in read}
