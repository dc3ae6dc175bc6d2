"""Recorded values laid flat, so that each can be shown with the entry it stands in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trialwright.conduct.happenings import Recorded
from trialwright.terms.canonical import Json


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a participant and the entry it came with.

    Attributes
    ----------
    kind : str
        What sort of record it is, e.g. `observation`.
    what, value, on, source : str
        Its name, the value with unit, its day as known, and where it stood.
    record : Recorded
        The entry.
    """

    kind: str
    what: str
    value: str
    on: str
    source: str
    record: Recorded


_LISTS = {
    "observations": ("observation", ("term",), ("value",), ("on",)),
    "conditions": ("condition", ("term",), ("is_present",), ("since", "recorded")),
    "treatments": ("treatment", ("medicine",), ("is_ongoing", "intent"), ("since", "recorded")),
    "specimens": ("specimen", ("form",), ("number",), ("on",)),
    "doses": ("dose", ("agent",), ("amount", "status"), ("on",)),
    "event": ("adverse event", ("term",), ("grade",), ("started",)),
    "baseline": ("tumour baseline", ("method",), (), ("on",)),
    "assessment": ("tumour assessment", (), (), ("on",)),
    "materials": ("biomarker material", ("kind",), ("id", "time_point"), ("on",)),
    "entry": (
        "",
        ("code", "name", "agent"),
        ("outcome", "cause", "how", "begins_on"),
        ("on", "since", "alive_on", "known_on", "dispensed_on"),
    ),
    "run": ("run of sequencing", (), ("id", "outcome", "panel"), ("on",)),
    "stain": ("stain", ("analyte",), ("outcome", "material"), ("on",)),
}
"""Name in a payload to: sort (empty: that of the act), and the fields that name it, hold its value
and its day."""


def values_of(records: Iterable[Recorded], participant: str) -> Iterator[Value]:
    """Give every value of a participant with its entry.

    Parameters
    ----------
    records : iterable of Recorded
        Of the trial.
    participant : str
        Study number.

    Yields
    ------
    Value
        In ledger order.
    """
    for record in records:
        if record.happening.subject == participant:
            yield from _values(record)


def _values(record: Recorded) -> Iterator[Value]:
    """Give the values of one entry."""
    payload = record.happening.payload
    if record.happening.act == "attested":
        yield Value("answer", str(payload["question"]), str(payload["answer"]),
                    _plain(payload["on"]), _plain(payload["source"]), record)  # fmt: skip
    if payload.get("born"):
        yield Value("birth", "born", str(payload["born"]), "", "", record)
    for name, (kind, names, value, days) in _LISTS.items():
        held = payload.get(name)
        for each in held if isinstance(held, list | tuple) else [held]:
            if isinstance(each, Mapping):
                shown = ", ".join(filter(None, (_shown(each.get(part), part) for part in value)))
                what = next((_plain(each[part]) for part in names if each.get(part)), "")
                day = next((_plain(each[part]) for part in days if each.get(part)), "")
                sort = kind or record.happening.act.replace("_", " ")
                yield Value(sort, what, shown, day, _plain(each.get("source")), record)


def _shown(value: Json, name: str) -> str:
    """Write a value; a yes or no is told by what it says."""
    if name == "is_present":
        return "present" if value else "absent"
    if name == "is_ongoing":
        return {True: "going on", False: "ended"}.get(bool(value), "") if value is not None else ""
    if name == "grade":
        return f"grade {value}" if value is not None else ""
    return _plain(value)


def _plain(value: Json) -> str:
    """Write a recorded value as words: quantities, days and sources have parts."""
    if isinstance(value, Mapping):
        if "earliest" in value:
            is_day = value["earliest"] == value.get("latest")
            return str(value["earliest"] if is_day else value.get("text") or "")
        if "unit" in value:
            number = value.get("value")  # null where it was redacted
            sign = value.get("comparator") or ""
            return f"{sign}{'–' if number is None else number} {value['unit']}"
        return " ".join(str(part) for part in value.values() if part not in (None, ""))
    return "" if value is None else str(value)


def leaves_of(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Lay a payload flat.

    Parameters
    ----------
    value : Json
        The payload, or a part of it.
    path : str
        Where it stands.

    Yields
    ------
    tuple of str and str
        Path and value of each leaf; a leaf that was redacted or left open reads as a dash.
    """
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from leaves_of(inner, f"{path}/{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value, start=1):
            yield from leaves_of(inner, f"{path}/{place}")
    else:
        yield path, "–" if value is None else str(value)


def points_of(value: Json, path: str = "payload") -> Iterator[tuple[str, Json]]:
    """Give each value of a payload under the path by which acts name it.

    Parameters
    ----------
    value : Json
        The payload, or a part of it.
    path : str
        Where it stands.

    Yields
    ------
    tuple of str and Json
        E.g. `payload/doses/#0/amount`; an empty list or mapping is a value.
    """
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from points_of(inner, f"{path}/{name}")
    elif isinstance(value, list | tuple) and value:
        for place, inner in enumerate(value):
            yield from points_of(inner, f"{path}/#{place}")
    else:
        yield path, value
