"""Reading a question's case: strict JSON, exact numbers, every fault at once."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from trialwright.terms.errors import Fault, Refusal, refuse, shorten

MOST_CHARACTERS = 5_000_000
"""Longest case read, characters."""

MOST_DEPTH = 60
"""Deepest nesting of a case."""


class Case(BaseModel):
    """The case of a question.

    Attributes
    ----------
    id : str
        Name of the case, handed back with the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str = ""


Kind = TypeVar("Kind", bound=BaseModel)


def read_json(text: str) -> Any:
    """Read JSON strictly; numbers with a point become exact decimals.

    Parameters
    ----------
    text : str
        One JSON value.

    Returns
    -------
    object
        Mappings, lists, text, int, Decimal, bool, None.

    Raises
    ------
    Refusal
        If it is no JSON, names a key twice, holds NaN or Infinity, or is too long or too deep.
    """
    if len(text) > MOST_CHARACTERS:
        raise refuse("case", f"{len(text)} characters", f"up to {MOST_CHARACTERS}", "Shorten it")
    _refuse_depth(text)
    try:
        return json.loads(
            text,
            parse_float=_exact,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as broken:
        place = f"line {broken.lineno} column {broken.colno}"
        raise refuse(
            place, f"no JSON: {broken.msg}", "one JSON value", "Correct the text"
        ) from None


def read_case(kind: type[Kind], given: object) -> Kind:
    """Read a case as the type of its question.

    Parameters
    ----------
    kind : type
        The question's case.
    given : object
        As `read_json` gave it.

    Returns
    -------
    Kind
        The typed case.

    Raises
    ------
    Refusal
        With every fault and its path.
    """
    if not isinstance(given, Mapping):
        raise refuse("case", shorten(type(given).__name__), "a JSON object", "Send an object")
    try:
        return kind.model_validate_json(json.dumps(given, default=_as_text), strict=True)
    except ValidationError as invalid:
        raise Refusal(_fault(error) for error in invalid.errors()) from None


def _fault(error: Any) -> Fault:
    """Turn one pydantic error into a fault."""
    where = ".".join(str(part) for part in error["loc"]) or "case"
    match error["type"]:
        case "missing":
            return Fault(where, "nothing", "a value", "Add it")
        case "extra_forbidden":
            return Fault(where, "an unknown name", "the names of the schema", "Correct the name")
        case _:
            found = shorten(repr(error.get("input")))
            return Fault(where, found, str(error["msg"]), "Correct the value")


def _as_text(value: object) -> str:
    """Hand decimals on as text, so that no binary float comes between."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def _exact(text: str) -> Decimal:
    """Read a number with a point or an exponent exactly; refuse one of absurd size."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise refuse("case", f"the number {shorten(text)}", "between 1e-30 and 1e30", "Correct it")
    return number


def _whole(text: str) -> int:
    """Read a whole number of a size that a trial can hold."""
    if len(text) > 30:
        raise refuse("case", f"the number {shorten(text)}", "up to 30 digits", "Correct it")
    return int(text)


def _no_constant(text: str) -> None:
    """Refuse NaN and the infinities."""
    raise refuse("case", text, "a finite number or null", "Correct it")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that names a key twice."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise refuse(shorten(name), "this name a second time", "each name once", "Remove one")
    return dict(pairs)


def _refuse_depth(text: str) -> None:
    """Refuse nesting that would exhaust the parser, counted outside quoted text."""
    depth, is_quoted, is_escaped = 0, False, False
    for sign in text:
        if is_quoted:
            is_quoted = is_escaped or sign != '"'
            is_escaped = sign == "\\" and not is_escaped
        elif sign == '"':
            is_quoted = True
        elif sign in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise refuse("case", f"nesting deeper than {MOST_DEPTH}", "less", "Flatten it")
        elif sign in "]}":
            depth -= 1
