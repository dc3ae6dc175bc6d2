"""Corrections in the ledger: what replaced a recorded value, by whom, when and why.

Nothing is overwritten: the first value stays in its happening, and every later one in the happening
that corrected it. A fold reads a happening as the corrections left it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import erased_fields, overlap
from trialwright.conduct.state import Correction
from trialwright.terms.canonical import Json
from trialwright.terms.errors import refuse, shorten

CORRECTED = "corrected"
"""Act of the happening that corrects a value."""

NO_HAPPENING = 0
"""In place of a sequence that was redacted: no happening has this number."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value that a field had.

    Attributes
    ----------
    value : Json
        As recorded; None when it was redacted.
    sequence : int
        The happening that recorded it.
    entered_at : str
        Time of entry in UTC.
    actor, role : str
        Who entered it, in which role.
    reason : str
        Why it was corrected; of the first value, the reason given with the entry.
    is_redacted : bool
        Whether it, or a part of it, was erased.
    """

    value: Json
    sequence: int
    entered_at: str
    actor: str
    role: str
    reason: str
    is_redacted: bool


def value_at(payload: Mapping[str, Json], path: str) -> Json:
    """Give the value at a path of a payload.

    Parameters
    ----------
    payload : mapping of str to Json
        Of a happening.
    path : str
        E.g. `payload/event/grade` or `payload/doses/#0/amount`; a leaf, or what holds several.

    Returns
    -------
    Json
        The value.

    Raises
    ------
    Refusal
        If there is no such field.
    """
    first, *way = path.split("/")
    if first != "payload" or not way:
        raise _no_field(path)
    place: Json = cast(Json, payload)
    for part in way:
        place = _inside(place, part, path)
    return place


def as_corrected(record: Recorded, corrections: Sequence[Correction]) -> Recorded:
    """Give a happening as corrections left it.

    Parameters
    ----------
    record : Recorded
        As the ledger holds it.
    corrections : sequence of Correction
        Of this happening, in ledger order; a later one of the same field wins.

    Returns
    -------
    Recorded
        With the last value in each place.

    Raises
    ------
    Refusal
        If it has no such field: no ledger written by this software says so.
    """
    if not corrections:
        return record
    payload: Json = cast(Json, record.happening.payload)
    for each in corrections:
        payload = _with(payload, each.field.split("/")[1:], each.value, each.field)
    happening = replace(record.happening, payload=cast("Mapping[str, Json]", payload))
    return replace(record, happening=happening)


def lost_by(corrections: Sequence[Correction]) -> frozenset[str]:
    """Give the fields whose last value was redacted in the happening that corrected them.

    Parameters
    ----------
    corrections : sequence of Correction
        Of one happening, in ledger order.

    Returns
    -------
    frozenset of str
        Their paths.
    """
    if not corrections:
        return frozenset()
    return frozenset(
        each.field
        for place, each in enumerate(corrections)
        if each.is_lost
        and not any(_covers(later.field, each.field) for later in corrections[place + 1 :])
    )


def corrections_in(
    records: Iterable[Recorded],
    erased: Mapping[int, frozenset[str]],
    known_at: int | None = None,
) -> dict[int, tuple[Correction, ...]]:
    """Find the corrections of a ledger.

    Parameters
    ----------
    records : iterable of Recorded
        In ledger order.
    erased : mapping of int to frozenset of str
        Fields that redactions erased, by happening.
    known_at : int or None
        Corrections entered after this sequence number do not count; None: all do. The day of a
        correction does not matter: what was wrong was wrong from its first day.

    Returns
    -------
    dict of int to tuple of Correction
        By the happening corrected, in ledger order.
    """
    found: dict[int, tuple[Correction, ...]] = {}
    for record in records:
        if known_at is not None and record.sequence > known_at:
            break
        if record.happening.act != CORRECTED:
            continue
        payload, gone = record.happening.payload, erased.get(record.sequence, frozenset())
        sequence, path = sequence_corrected(record), payload.get("field")
        if sequence == NO_HAPPENING or not isinstance(path, str):
            continue  # redacted: it is not known what it corrected
        is_lost = any(overlap(each, "payload/new") for each in gone)
        value = None if is_lost else payload.get("new")
        correction = Correction(record.sequence, path, value, is_lost)
        found[sequence] = (*found.get(sequence, ()), correction)
    return found


def sequence_corrected(record: Recorded) -> int:
    """Give the happening that a correction corrects.

    Parameters
    ----------
    record : Recorded
        With the act `corrected`.

    Returns
    -------
    int
        Its sequence; `NO_HAPPENING` when that was redacted.
    """
    sequence = record.happening.payload.get("sequence")
    return sequence if isinstance(sequence, int) else NO_HAPPENING


def history(records: Iterable[Recorded], sequence: int, field: str) -> tuple[FieldValue, ...]:
    """Give every value that a field had, with who entered it, when and why.

    Parameters
    ----------
    records : iterable of Recorded
        The whole ledger.
    sequence : int
        Happening that holds the field.
    field : str
        Its path, e.g. `payload/event/grade`.

    Returns
    -------
    tuple of FieldValue
        The first value first. A correction of what holds the field, or of a part of it, is told
        too, with the value that the field then had.

    Raises
    ------
    Refusal
        If there is no such happening or field.
    """
    held = tuple(records)
    first = next((each for each in held if each.sequence == sequence), None)
    if first is None:
        raise refuse("sequence", f"happening {shorten(sequence)}", "a happening of the ledger",
                     "Correct the number")  # fmt: skip
    erased = erased_fields(held)
    by = {each.sequence: each for each in held}
    told = [_told(first, first, field, erased.get(sequence, frozenset()))]
    done: tuple[Correction, ...] = ()
    for each in corrections_in(held, erased).get(sequence, ()):
        done = (*done, each)
        if overlap(each.field, field):
            told.append(_told(as_corrected(first, done), by[each.by], field, lost_by(done)))
    return tuple(told)


def _told(shown: Recorded, by: Recorded, field: str, gone: frozenset[str]) -> FieldValue:
    """Tell one value of a field."""
    is_redacted = any(overlap(each, field) for each in gone)
    value = None if is_redacted else value_at(shown.happening.payload, field)
    return FieldValue(value, by.sequence, by.entered_at, by.actor, by.role,
                      by.happening.reason, is_redacted)  # fmt: skip


def _covers(path: str, other: str) -> bool:
    """Say whether a path is another, or holds it."""
    return other == path or other.startswith(f"{path}/")


def _inside(place: Json, part: str, path: str) -> Json:
    """Give what stands one step further on a path."""
    if isinstance(place, Mapping) and part in place:
        return place[part]
    if isinstance(place, list) and part.startswith("#") and part[1:].isdecimal():
        number = int(part[1:])
        if number < len(place):
            return cast(Json, place[number])
    raise _no_field(path)


def _with(place: Json, way: Sequence[str], value: Json, path: str) -> Json:
    """Copy a value with another one at the end of a way."""
    if not way:
        return value
    part, *rest = way
    inner = _with(_inside(place, part, path), rest, value, path)
    if isinstance(place, list):
        number, listed = int(part[1:]), cast("list[Json]", place)
        return [*listed[:number], inner, *listed[number + 1 :]]
    held = cast("Mapping[str, Json]", place)
    return {**held, part: inner}


def _no_field(path: str) -> Exception:
    """Say that a happening has no such field."""
    return refuse("field", shorten(path), "the path of a recorded value, e.g. payload/event/grade",
                  "Name a field of that happening")  # fmt: skip
