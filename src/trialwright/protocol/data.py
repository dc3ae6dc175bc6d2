"""Building blocks of the protocol file: strict frozen records, exact numbers, marked origins."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

ILLUSTRATIVE = "illustrative, not from the registry"
"""The label shown wherever a value is shown that the registry page does not state."""

Origin = Literal["registry", "not_in_registry"]
"""Whether the registry page states a value, or people must supply it."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A name inside the protocol file: lower-case words joined by hyphens."""

Text = Annotated[str, Field(min_length=1, max_length=6000)]
"""Words for people."""


UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Signs that people do not see and machines obey: control signs but the line feed, other line ends,
changes of the direction of writing, half surrogate pairs, the byte order mark, and what is no
character."""

_REACH = 40  # powers of ten; a longer number is not even written out
_WRITTEN = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")


def _decimal(number: object, place: ValidationInfo) -> object:
    """Take a whole number, and in JSON a written one; what is no decimal is refused after this."""
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    is_written = place.mode == "json" and isinstance(number, str) and _WRITTEN.fullmatch(number)
    return Decimal(str(number)) if is_whole or is_written else number


def _plainly_written(number: Decimal) -> Decimal:
    """Refuse what a protocol file cannot hold, and write an exponent out."""
    is_moderate = number.is_finite() and abs(number.adjusted()) <= _REACH
    written = f"{number:f}" if is_moderate else ""
    if not _WRITTEN.fullmatch(written):
        raise ValueError("is too long a number: up to 18 digits on each side of the point")
    return Decimal(written) if number else Decimal(written.removeprefix("-"))


Number = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    AfterValidator(_plainly_written),
    PlainSerializer(lambda number: f"{number:f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "number"}, mode="validation"),
]
"""An exact decimal number."""

PositiveNumber = Annotated[
    Number,
    Field(gt=0),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}, mode="validation"),
]
"""An exact decimal number above 0."""

Percentage = Annotated[
    Number,
    Field(ge=0, le=100),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}, mode="validation"),
]
"""An exact decimal number from 0 to 100."""


def _day(written: object) -> object:
    """Read a civil date as year-month-day; other forms of ISO 8601 are refused."""
    if not isinstance(written, str):
        return written
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        with suppress(ValueError):
            return date.fromisoformat(written)
    raise ValueError("is no day of the calendar: year-month-day, e.g. 2026-03-14")


Day = Annotated[date, BeforeValidator(_day)]
"""A civil date."""


class Data(BaseModel):
    """A frozen record of the protocol file; unknown fields and silent coercions are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @field_validator("*", mode="after")
    @classmethod
    def _all_seen(cls, value: object) -> object:
        """Refuse text with signs that nobody sees."""
        for text in _texts(value):
            found = UNSEEN.search(text)
            if found:
                raise ValueError(
                    f"holds the sign U+{ord(found.group()):04X}: text without invisible signs"
                )
        return value


def _texts(value: object) -> Iterator[str]:
    """Give the texts of a field; records inside have been looked at themselves."""
    match value:
        case str():
            yield value
        case tuple():
            for each in value:
                yield from _texts(each)
        case dict():
            for name, each in value.items():
                yield from _texts(name)
                yield from _texts(each)


class Illustrated(Data):
    """A record whose values the registry page may not state.

    Attributes
    ----------
    origin : {'registry', 'not_in_registry'}
        `not_in_registry` marks an illustrative value that people must replace and sign.
    note : str
        Why this value stands here.
    """

    origin: Origin = "registry"
    note: str = ""

    @property
    def label(self) -> str:
        """The words to show beside the value; empty when the registry page states it."""
        return ILLUSTRATIVE if self.origin == "not_in_registry" else ""


def frozen(value: object) -> Any:
    """Turn lists into tuples, as the records of the protocol hold them.

    Parameters
    ----------
    value : object
        Plain values of a file.

    Returns
    -------
    object
        The same values, mappings as `dict`.
    """
    match value:
        case Mapping():
            return {name: frozen(inner) for name, inner in value.items()}
        case list():
            return tuple(frozen(inner) for inner in value)
        case _:
            return value
