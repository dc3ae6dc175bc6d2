"""The values of recorded happenings as groups of items, for formats that know rows and columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialwright.conduct.happenings import Recorded
from trialwright.terms.canonical import Json

Scalar = str | int | bool | None
"""A leaf of a payload; the ledger holds no binary fractions."""


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Values that stand together: those of a happening itself, or of one member of a list.

    Attributes
    ----------
    path : str
        Names on the way to it, joined by `.`; empty for the happening itself.
    repeat : str
        Places in lists on the way, from 1, joined by `.`; empty outside of lists.
    items : tuple of (str, Scalar)
        Name and value, in order; null when redacted or recorded as null.
    """

    path: str
    repeat: str
    items: tuple[tuple[str, Scalar], ...]


ENVELOPE = ("happened_on", "entered_at", "actor", "role", "site", "source", "software", "protocol")
"""Items of every happening that the ledger adds to its payload."""


def envelope_of(record: Recorded) -> tuple[tuple[str, Scalar], ...]:
    """Give what the ledger adds to a payload.

    Parameters
    ----------
    record : Recorded
        A happening.

    Returns
    -------
    tuple of (str, Scalar)
        In the order of `ENVELOPE`.
    """
    source = record.source if isinstance(record.source, str) else record.source.get("door", "")
    return (
        ("happened_on", record.happening.on.isoformat()),
        ("entered_at", record.entered_at),
        ("actor", record.actor),
        ("role", record.role),
        ("site", record.site),
        ("source", source if isinstance(source, str) else ""),
        ("software", record.software),
        ("protocol", record.protocol),
    )


def groups_of(payload: Mapping[str, Json]) -> tuple[ItemGroup, ...]:
    """Give every value of a payload, group by group.

    Parameters
    ----------
    payload : mapping of str to Json
        Of a happening.

    Returns
    -------
    tuple of ItemGroup
        The payload's own values first; a group without values is left out.
    """
    return tuple(each for each in _groups(payload, "", "") if each.items)


def _groups(value: Mapping[str, Json], path: str, repeat: str) -> Iterator[ItemGroup]:
    """Give the group of a mapping, then those of the lists in it."""
    items: list[tuple[str, Scalar]] = []
    below: list[tuple[str, list[Json]]] = []
    _gather(value, "", items, below)
    yield ItemGroup(path, repeat, tuple(items))
    for name, members in below:
        for place, member in enumerate(members, start=1):
            inner = f"{path}.{name}" if path else name
            key = f"{repeat}.{place}" if repeat else str(place)
            yield from _groups(
                member if isinstance(member, Mapping) else {"value": member}, inner, key
            )


def _gather(
    value: Mapping[str, Json],
    before: str,
    items: list[tuple[str, Scalar]],
    below: list[tuple[str, list[Json]]],
) -> None:
    """Sort the members of a mapping into values and lists."""
    for name, member in value.items():
        path = f"{before}.{name}" if before else name
        if isinstance(member, Mapping):
            _gather(member, path, items, below)
        elif isinstance(member, Sequence) and not isinstance(member, str):
            below.append((path, list(member)))
        else:
            items.append((path, member))
