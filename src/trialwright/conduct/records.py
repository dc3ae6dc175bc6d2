"""Facts as recorded values and back: the same typed records, through one library codec."""

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse

Record = TypeVar("Record")


def write(fact: object) -> Json:
    """Write a typed record as a recorded value.

    Parameters
    ----------
    fact : object
        A frozen record of the casebook, or a tuple of them.

    Returns
    -------
    Json
        Mappings, lists and text; decimals as text, dates in ISO 8601.
    """
    return cast(Json, _codec(cast(Any, type(fact))).dump_python(fact, mode="json"))


def read(kind: type[Record], value: Json) -> Record:
    """Read a recorded value back as a typed record.

    Parameters
    ----------
    kind : type
        The record's type.
    value : Json
        As `write` gave it.

    Returns
    -------
    Record
        Equal to the one written.

    Raises
    ------
    Refusal
        If the value is no such record, e.g. because a part of it was redacted; if a text in it
        holds half a surrogate pair, which no file can hold.
    """
    try:
        text = to_json(value)
    except PydanticSerializationError:
        raise refuse(kind.__name__, "text with half a surrogate pair", "Unicode text",
                     "Correct the text") from None  # fmt: skip
    try:
        return cast(Record, _codec(cast(Any, kind)).validate_json(text, strict=True))
    except ValidationError as invalid:
        raise Refusal(
            Fault(
                ".".join(str(part) for part in error["loc"]) or kind.__name__,
                str(error["msg"]),
                f"a recorded {kind.__name__}",
                "Record it again, or look whether it was redacted",
            )
            for error in invalid.errors()
        ) from None


@cache
def _codec(kind: Any) -> TypeAdapter[Any]:
    """Make the codec of a type once."""
    return TypeAdapter(kind)
