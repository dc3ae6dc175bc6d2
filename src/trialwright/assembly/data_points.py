"""Data points that acts name: they must stand in the ledger as named."""

from collections.abc import Callable, Iterator

from trialwright.conduct.acts import Act
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.locking_acts import DataPoint, VerifySource
from trialwright.conduct.query_acts import RaiseQuery
from trialwright.ledger.flatten import flatten
from trialwright.terms.errors import Fault, Refusal, shorten


def require_recorded(records: Callable[..., Iterator[Recorded]], act: Act) -> None:
    """Refuse an act about a data point that the ledger does not hold.

    Parameters
    ----------
    records : callable
        Gives the happenings after a sequence number: `records(after=...)`.
    act : Act
        What is asked; queries and verifications name data points.

    Raises
    ------
    Refusal
        Naming each path that the happening does not have.
    """
    faults = []
    for point in _named(act):
        record = next(records(after=point.sequence - 1))
        if point.field not in flatten(record.happening.payload):
            faults.append(
                Fault(
                    "field",
                    f"{shorten(point.field)} of entry {point.sequence}",
                    "the path of one value that was entered",
                    "Name the data point",
                )
            )
    if faults:
        raise Refusal(faults)


def _named(act: Act) -> tuple[DataPoint, ...]:
    """Give the data points that an act names."""
    if isinstance(act, VerifySource):
        return act.points
    if isinstance(act, RaiseQuery) and act.sequence:
        return (DataPoint(act.sequence, act.field),)
    return ()
