"""The limits of all criteria of a record, read together: what one line shows, all are read by.

Where a copy has lost signs of comparison, a comparator is never carried from one limit to the next,
in no criterion of that record: the sign between them may be the one that was lost.
"""

from collections.abc import Sequence
from dataclasses import replace

from trialwright.registry.draft import DraftCriterion
from trialwright.registry.proposing.amounts import NO_COMPARATOR
from trialwright.registry.proposing.reading import OpenLimit, Reading, read_limits
from trialwright.registry.spans import Remark
from trialwright.terms.errors import shorten

_GARBLED = "its comparator is garbled"


def with_proposals(
    criteria: Sequence[DraftCriterion],
) -> tuple[tuple[DraftCriterion, ...], tuple[Remark, ...]]:
    """Read the limits of all criteria of a record.

    Parameters
    ----------
    criteria : sequence of DraftCriterion
        All criteria of one record.

    Returns
    -------
    tuple of (tuple of DraftCriterion, tuple of Remark)
        The criteria with what is proposed for each, and a remark for each limit that stays open.
    """
    readings = [read_limits(each.source_text, carry=True) for each in criteria]
    if any(_is_lost(limit) for each in readings for limit in each.open):
        readings = [read_limits(each.source_text, carry=False) for each in criteria]
    proposed = tuple(
        replace(criterion, proposals=reading.proposals)
        for criterion, reading in zip(criteria, readings, strict=True)
    )
    remarks = (
        remark
        for criterion, reading in zip(criteria, readings, strict=True)
        for remark in _open(criterion, reading)
    )
    return proposed, tuple(remarks)


def _is_lost(limit: OpenLimit) -> bool:
    """Say whether a limit stays open because a sign of comparison is missing or garbled."""
    return limit.kind == "limit" and limit.because.startswith((NO_COMPARATOR, _GARBLED))


def _open(criterion: DraftCriterion, reading: Reading) -> tuple[Remark, ...]:
    """Say which limits of a criterion stay open."""
    span = criterion.head.span
    line = 0 if span.field else span.first_line  # a line of a value in JSON is none of the file
    return tuple(
        Remark(line, f"{criterion.id}: '{shorten(each.words)}' stays open: {each.because}.")
        for each in reading.open
    )
