"""One text for one value: canonical JSON, and digests over it.

Numbers other than whole ones travel as text, so that no binary float ever decides a digest.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from trialwright.terms.errors import refuse

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"
"""What a recorded value may be made of. No floats: 0.1 has no exact binary form."""


def canonical(value: Json) -> str:
    """Write a value as canonical JSON: sorted keys, no spaces, UTF-8 signs as they are.

    Parameters
    ----------
    value : Json
        Nested lists and mappings of text, whole numbers, booleans and null.

    Returns
    -------
    str
        Equal for equal values, whatever the order of keys.

    Raises
    ------
    Refusal
        If the value holds a float or another type that has no canonical text.
    """
    _refuse_foreign(value, "value")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """Give the SHA-256 of a text in UTF-8, as 64 lower-case hexadecimal digits.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The digest.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_foreign(value: object, where: str) -> None:
    """Refuse what has no canonical text, naming its place."""
    match value:
        case None | bool() | int() | str():
            return
        case Mapping():
            for key, inner in value.items():
                if not isinstance(key, str):
                    raise refuse(where, f"a key of type {type(key).__name__}", "text", "Name it")
                _refuse_foreign(inner, f"{where}.{key}")
        case list() | tuple():
            for place, inner in enumerate(value):
                _refuse_foreign(inner, f"{where}.{place}")
        case _:
            raise refuse(
                where,
                f"a value of type {type(value).__name__}",
                "text, whole numbers, true, false, null, lists and mappings",
                "Write decimal numbers as text",
            )
