"""Acts from JSON: the form of each is derived from the act itself, by the codec of the ledger."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, make_dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from pydantic import TypeAdapter

from trialwright.conduct.acts import Act
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.deciding import DECIDED_BY
from trialwright.conduct.records import read, write
from trialwright.conduct.signing_acts import Sign
from trialwright.terms.canonical import Json
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

ACTS: Mapping[str, type] = MappingProxyType(
    {kind.__name__: kind for kind in DECIDED_BY if kind is not Sign}
)
"""Acts that can be given as JSON, by name. A signature cannot: whoever signs is asked for the
credentials again and must be shown what is signed."""

_DATE = {"text", "earliest", "latest"}
"""Fields of a date that may be partial."""

_ANY = ("old", "new")
"""Fields of a correction that hold a recorded value of any form."""


def _form(kind: type) -> type:
    """Give the type by which an act is read: itself, but for the fields of any form."""
    if kind is not Correct:
        return kind
    plain = [(each.name, Any if each.name in _ANY else each.type) for each in fields(Correct)]
    return make_dataclass(Correct.__name__, plain, frozen=True, slots=True)


_FORMS: Mapping[str, type] = MappingProxyType({name: _form(kind) for name, kind in ACTS.items()})


def read_act(name: str, value: Json) -> Act:
    """Read an act.

    Parameters
    ----------
    name : str
        One of `ACTS`.
    value : Json
        Its fields: dates in ISO 8601, decimals as text.

    Returns
    -------
    Act
        To be decided.

    Raises
    ------
    Refusal
        If there is no such act; with every field that is missing, unknown or of another form.
    """
    if name not in ACTS:
        raise refuse("act", shorten(name), ", ".join(ACTS), "Name one of these")
    if not isinstance(value, Mapping):
        raise refuse(name, "no JSON object", "an object with the fields of the act", "Send one")
    try:
        made: Any = read(_FORMS[name], value)
    except Refusal as refused:
        do = f"Correct it: the form of {name} is published"
        raise Refusal(replace(each, do=do) for each in refused.faults) from None
    faults = (*_unknown(value, write(made), ""), *_bent(value, ""))
    if faults:
        raise Refusal(faults)
    if ACTS[name] is Correct:
        return Correct(**{each.name: getattr(made, each.name) for each in fields(Correct)})
    return cast(Act, made)


def _unknown(given: Json, held: Json, where: str) -> Iterator[Fault]:
    """Name what was given and would be lost: the codec passes over what it does not know."""
    if isinstance(given, Mapping) and isinstance(held, Mapping):
        for name, value in given.items():
            path = f"{where}.{shorten(name)}" if where else shorten(name)
            if name in held:
                yield from _unknown(value, held[name], path)
            else:
                yield Fault(path, "an unknown field", ", ".join(held) or "nothing", "Leave it out")
    elif _is_list(given) and _is_list(held):
        pairs = zip(cast(Sequence[Json], given), cast(Sequence[Json], held), strict=True)
        for place, (one, other) in enumerate(pairs):
            yield from _unknown(one, other, f"{where}.{place}")


def _bent(given: Json, where: str) -> Iterator[Fault]:
    """Find dates whose days are not those of their text."""
    if isinstance(given, Mapping):
        if given.keys() == _DATE and not _fits(given):
            found = "a date whose days are not those of its text"
            yield Fault(where, found, "text and days that say the same", "Correct one of them")
        for name, value in given.items():
            yield from _bent(value, f"{where}.{shorten(name)}" if where else shorten(name))
    elif _is_list(given):
        for place, value in enumerate(cast(Sequence[Json], given)):
            yield from _bent(value, f"{where}.{place}")


def _fits(given: Mapping[str, Json]) -> bool:
    """Say whether the days of a partial date are those of its text."""
    text, earliest, latest = (str(given[part]) for part in ("text", "earliest", "latest"))
    if "/" in text:  # an interval, open where `..` stands
        ends = {("..", date.min.isoformat()), ("..", date.max.isoformat())}
        first, _, last = text.partition("/")
        return all(
            one == other or (one, other) in ends
            for one, other in ((first, earliest), (last, latest))
        )
    try:
        read_as = PartialDate.parse(text)
    except Refusal:
        return False
    return (read_as.earliest.isoformat(), read_as.latest.isoformat()) == (earliest, latest)


def _is_list(value: Json) -> bool:
    """Say whether a value is a list; text is none."""
    return isinstance(value, Sequence) and not isinstance(value, str)


@cache
def act_schemas(at: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give the JSON Schemas of all acts.

    Parameters
    ----------
    at : str
        Where definitions will stand, with `{model}` for the name of each.

    Returns
    -------
    tuple of mapping of str to object
        The schema of each act by its name, and the definitions they share. No object holds more
        than the fields it names.
    """
    adapters = [(name, "validation", TypeAdapter(cast(Any, kind))) for name, kind in _FORMS.items()]
    made, shared = TypeAdapter.json_schemas(cast(Any, adapters), ref_template=at)
    defined = shared.get("$defs", {})
    return {name: _closed(made[name, "validation"]) for name in _FORMS}, {
        name: _closed(each) for name, each in defined.items()
    }


def _closed(node: Any) -> Any:
    """Close every object that names its fields, and say in one sentence what it is."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items()}
    if isinstance(node.get("description"), str):
        closed["description"] = node["description"].partition("\n\n")[0]
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def plain(value: object) -> Json:
    """Write JSON as its reader gave it with decimals as text, as acts hold them.

    Parameters
    ----------
    value : object
        Mappings, lists, text, whole numbers, Decimal, yes or no, None.

    Returns
    -------
    Json
        The same without binary or decimal numbers.
    """
    return cast(Json, json.loads(json.dumps(value, default=str)))
