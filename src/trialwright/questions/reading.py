"""Reading a question's case: strict JSON, exact numbers, every fault at once."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from trialwright.terms.errors import Fault, Refusal, refuse, shape, shorten

MOST_CHARACTERS = 5_000_000
"""Longest case read, characters."""

MOST_DEPTH = 60
"""Deepest nesting of a case."""

MOST_POWER = 30
"""Greatest power of ten, up or down, of a number that a trial can hold."""


class Case(BaseModel):
    """The case of a question.

    Attributes
    ----------
    id : str
        Name of the case, handed back with the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    verbatim: ClassVar[tuple[str, ...]] = ()
    """Fields that hold a whole record of another format: handed on as they were read."""

    id: str = ""


Kind = TypeVar("Kind", bound=BaseModel)


def read_json(text: str, most_power: int = MOST_POWER) -> Any:
    """Read JSON strictly; numbers with a point become exact decimals.

    Parameters
    ----------
    text : str
        One JSON value.
    most_power : int
        Greatest power of ten, up or down, of a number with a point or an exponent.

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
            parse_float=partial(_exact, most_power=most_power),
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as broken:
        line = f"line {broken.lineno} " if "\n" in text.strip() else ""
        raise refuse(
            f"{line}column {broken.colno}",
            f"no JSON: {broken.msg}",
            "one JSON value, or one on each line",
            "Correct the text",
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
        raise refuse("case", form_of(given), "a JSON object", "Send an object")
    whole = getattr(kind, "verbatim", ())
    kept = {name: given[name] for name in whole if isinstance(given.get(name), Mapping)}
    rest = {name: {} if name in kept else value for name, value in given.items()}
    try:
        case = kind.model_validate_json(json.dumps(rest, default=_as_text), strict=True)
    except ValidationError as invalid:
        raise Refusal(_joined(_fault(error, kind) for error in invalid.errors())) from None
    return case.model_copy(update=kept) if kept else case


@dataclass(slots=True)
class Gathering:
    """Faults found one after another in a case, to be refused together.

    Attributes
    ----------
    faults : list of Fault
        Each with its path in the case.
    """

    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Keep the refusal of one part, and go on with the next.

        Parameters
        ----------
        where : str
            Path of the part; put before the places that its faults name.

        Yields
        ------
        None
            To read the part.
        """
        try:
            yield
        except Refusal as refused:
            for each in refused.faults:
                is_inside = each.where == where or each.where.startswith(f"{where}.")
                path = each.where if is_inside else ".".join(filter(None, (where, each.where)))
                self.faults.append(replace(each, where=path))

    def end(self) -> None:
        """Refuse the case when a part of it was refused.

        Raises
        ------
        Refusal
            With every fault gathered.
        """
        if self.faults:
            raise Refusal(self.faults)


def _joined(faults: Iterable[Fault]) -> Iterable[Fault]:
    """Make one fault of those of one place, which may hold a value of several types."""
    by_place: dict[str, Fault] = {}
    for each in faults:
        before = by_place.get(each.where)
        known = before.allowed.split(" or ") if before else []
        allowed = " or ".join(dict.fromkeys((*known, each.allowed)))
        by_place[each.where] = replace(each, allowed=allowed)
    return by_place.values()


_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_UNION_PARTS = frozenset({"str", "int", "decimal"})
"""What pydantic adds to the path of a value that may have one of several types."""


_ALLOWED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "is_instance_of": "a number",
    "decimal_type": "a number",
    "date_from_datetime_parsing": "a day of the calendar as YYYY-MM-DD",
    "date_parsing": "a day of the calendar as YYYY-MM-DD",
    "date_type": "a day of the calendar as YYYY-MM-DD",
}
"""Kind of error to what is allowed, where the library's own words are about Python."""


def _fault(error: Any, kind: type[BaseModel]) -> Fault:
    """Turn one pydantic error into a fault; what people wrote is shown by its form alone."""
    path = [str(part) for part in error["loc"]]
    if len(path) > 1 and path[-1] in _UNION_PARTS:
        path.pop()
    where = ".".join(shorten(part) for part in path) or "case"
    said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    allowed = _ALLOWED.get(error["type"], said)
    match error["type"]:
        case "missing":
            return Fault(where, "nothing", "a value", "Add it")
        case "extra_forbidden":
            names = ", ".join(kind.model_fields) if len(path) == 1 else "the names of the schema"
            return Fault(where, "an unknown name", names, "Correct the name")
        case "json_invalid":
            return Fault(where, "text with half a surrogate pair", "Unicode text", "Correct it")
        case "value_error" if not isinstance(error["input"], str | int):
            return Fault(where, "names that do not go together", allowed, "Correct the case")
        case "literal_error" | "enum":
            found = shorten(repr(error["input"]))
            return Fault(where, found, allowed, "Choose one of these")
        case _:
            return Fault(where, form_of(error["input"]), allowed, "Correct the value")


def form_of(value: object) -> str:
    """Say of what form a value is; a number is shown, a text is not, for it may be a name.

    Parameters
    ----------
    value : object
        As found in a case.

    Returns
    -------
    str
        For a message.
    """
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return shorten(value)
        case str() if _NUMBER.fullmatch(value):
            return value
        case str():
            return f"text of the form {shape(value)!r}"
        case Mapping():
            return "an object"
        case _:
            return "a list"


def _as_text(value: object) -> str:
    """Hand decimals on as text, so that no binary float comes between."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def _exact(text: str, most_power: int) -> Decimal:
    """Read a number with a point or an exponent exactly; refuse one of absurd size."""
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > most_power:
        allowed = f"between 1e-{most_power} and 1e{most_power}"
        raise refuse("case", f"the number {shorten(text)}", allowed, "Correct it")
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
    once = dict(pairs)
    if len(once) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        raise Refusal(
            Fault(shorten(name), "this name a second time", "each name once", "Remove one")
            for name, count in counted.items()
            if count > 1
        )
    return once


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
