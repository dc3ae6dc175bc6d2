"""What the model refuses, told as faults: where, what was found, what is allowed, what to do."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from trialwright.protocol.criteria import Rule
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.protocol.plain_text import Path, Plain, PlainText, dotted
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, shorten

_ALLOWED = {
    "string_type": "text",
    "int_type": "a whole number",
    "decimal_type": "a number",
    "is_instance_of": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of names to values",
    "model_attributes_type": "a mapping of names to values",
    "none_required": "null",
}
"""Kind of error to the value that is wanted, where the library's own words are about Python."""

_PLAIN_WORDS = {
    "Input should be ": "",
    "Tuple should have ": "",
    "Dictionary should have ": "",
    "String should have ": "text of ",
    "String should match pattern ": "text of the pattern ",
}
"""How the library's sentences begin, and what is said instead."""


def told(
    invalid: ValidationError, plain: PlainText, file: str, root: type[BaseModel] = Study
) -> list[Fault]:
    """Tell every error of the model as a fault.

    Parameters
    ----------
    invalid : ValidationError
        As the model raised it.
    plain : PlainText
        The values it looked at, with their lines.
    file : str
        Name shown in the faults.
    root : type
        What the whole file was to be.

    Returns
    -------
    list of Fault
        One for each value that is wrong: alternatives of one value are told together.
    """
    faults: dict[tuple[str, str], Fault] = {}
    for error in invalid.errors(include_url=False):
        if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
            continue  # its items are wrong, and each is told; the library counts the sound ones
        path = _followed(error["loc"], plain.value, is_missing=error["type"] == "missing")
        found, allowed, do = _said(error, root)
        where = dotted(path)
        earlier = faults.get((where, found))
        if earlier and allowed not in earlier.allowed.split(" or "):
            faults[where, found] = replace(earlier, allowed=f"{earlier.allowed} or {allowed}")
        elif not earlier:
            faults[where, found] = Fault(where, found, allowed, do, file, plain.line_of(path))
    return list(faults.values())


def _said(error: Any, root: type[BaseModel]) -> tuple[str, str, str]:
    """Say one error: found, allowed, do."""
    match error["type"]:
        case "missing":
            name = error["loc"][-1]
            return f"no {name!r}", f"a value for {name!r}", "Add it"
        case "extra_forbidden":
            return _stranger(error["loc"], root)
        case "union_tag_invalid":
            tag, (word, known) = shorten(error["ctx"]["tag"]), _alternatives(error)
            return f"the {word} {tag!r}", ", ".join(known), "Choose one of them"
        case "union_tag_not_found":
            word, known = _alternatives(error)
            is_rule = word == "kind"
            do = "Say which kind of rule it is" if is_rule else "Name the design"
            return "no 'kind'" if is_rule else "no 'name'", ", ".join(known), do
        case "value_error":
            found, _, allowed = str(error["ctx"]["error"]).partition(": ")
            return found, allowed or "a value that fits the others", "Correct it"
        case kind:
            allowed = _ALLOWED.get(kind) or _in_plain_words(str(error["msg"]))
            is_unquoted = kind == "string_type" and isinstance(error["input"], int | Decimal)
            do = "Put it in quotes" if is_unquoted else "Correct the value"
            is_all = not error["loc"] and isinstance(error["input"], str)  # of a whole file
            return "text" if is_all else _shown(error["input"]), allowed, do


def _in_plain_words(message: str) -> str:
    """Say what is allowed without the library's words for lists and text."""
    for begins, plain in _PLAIN_WORDS.items():
        if message.startswith(begins):
            return plain + message.removeprefix(begins).partition(" after validation")[0]
    return message


def _shown(value: object) -> str:
    """Show a value that is wrong."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case str():
            return repr(shorten(value))
        case dict():
            return "a mapping" if value else "an empty mapping"
        case tuple():
            return "a list" if value else "an empty list"
        case _:
            return shorten(value)


def _stranger(loc: tuple[Any, ...], root: type[BaseModel]) -> tuple[str, str, str]:
    """Say that a name is unknown, which names there are, and which was perhaps meant."""
    name = str(loc[-1])
    record = _record_at(root, loc[:-1])
    known = tuple(record.model_fields) if record else ()
    close = get_close_matches(name, known, n=1)
    do = f"Correct the name, perhaps to {close[0]}" if close else "Correct the name or remove it"
    return f"the unknown name {shorten(name)!r}", ", ".join(known), do


def _record_at(annotation: Any, loc: tuple[Any, ...]) -> type[BaseModel] | None:
    """Give the record that a location of an error lies in."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not loc:
            return annotation
        held = annotation.model_fields.get(loc[0])
        return _record_at(held.annotation, loc[1:]) if held else None
    kinds = {_kind(member): member for member in get_args(annotation) if _kind(member)}
    if kinds:
        return _record_at(kinds.get(loc[0]), loc[1:]) if loc else None
    is_many = getattr(annotation, "__origin__", None) in (tuple, dict)
    inside = (_record_at(each, loc[1:] if is_many else loc) for each in get_args(annotation))
    return next((each for each in inside if each), None)


def _kind(annotation: Any) -> str:
    """Give the kind of a record that has one."""
    fields = getattr(annotation, "model_fields", {})
    held = fields.get("kind", fields.get("name"))
    values = get_args(held.annotation) if held else ()
    return str(values[0]) if len(values) == 1 else ""


def _alternatives(error: Any) -> tuple[str, Iterator[str]]:
    """Give the word for what tells alternatives apart, and the values it may have."""
    is_rule = error["ctx"]["discriminator"] == "'kind'"
    union = get_args(Rule if is_rule else EscalationDesign)[0]
    return "kind" if is_rule else "design", (_kind(each) for each in get_args(union))


def _followed(loc: tuple[Any, ...], value: Plain, *, is_missing: bool) -> Path:
    """Keep of a location the parts that stand in the file, and the name that is missing there."""
    path: list[str | int] = []
    here: Any = value
    for part in loc:
        is_there = (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and part < len(here)
        )
        if is_there:
            path.append(part)
            here = here[part]
    return (*path, loc[-1]) if is_missing else tuple(path)
