"""Salted commitments: what of a field stands in the chain, and what opens it."""

import hashlib
import json
import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple, cast

from trialwright.terms.canonical import canonical, digest
from trialwright.terms.errors import Refusal, refuse

SOURCE = "source"
"""Field that says through which door a happening came; or the beginning of such fields."""

_FIELD = "trialwright field 1"
BEGINS = f'["{_FIELD}",'
"""How the text begins whose digest is a commitment."""

_HEXADECIMAL = re.compile(r"[0-9a-f]*")
_quoted = json.encoder.encode_basestring
"""Quotes a text as canonical JSON does; that of four texts is then put together by hand, for a
chain has some twenty commitments a happening."""

_quoted_path = lru_cache(4096)(_quoted)
"""The same, kept: a trial has some hundred paths."""

_written = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""Writes a flat mapping of texts as canonical JSON does, without a look at each of them."""


_digests = re.compile(r':"([0-9a-f]{64})"').split
"""Parts commitments into what stands between the digests, and the digests."""

_SHAPES, _LONGEST = 1024, 400
"""Shapes of commitments that are kept, and into how many parts one of them may part."""


class Opening(NamedTuple):
    """What opens a commitment; both are null once the field is redacted.

    Attributes
    ----------
    salt : str or None
        32 random bytes as 64 lower-case hexadecimal digits.
    value : str or None
        The field's value as canonical JSON; a recorded null is the text `null`.
    """

    salt: str | None
    value: str | None

    @property
    def is_redacted(self) -> bool:
        """Whether both salt and value are gone."""
        return self.salt is None and self.value is None


def commitment(path: str, opening: Opening) -> str:
    """Commit to the value of one field.

    Parameters
    ----------
    path : str
        Path of the field; a value moved to another field does not fit there.
    opening : Opening
        Salt and value, not redacted.

    Returns
    -------
    str
        SHA-256 of the canonical JSON of `["trialwright field 1", salt, path, value]`.

    Raises
    ------
    Refusal
        If salt or value is no text.
    """
    salt, value = opening
    if isinstance(salt, str) and isinstance(value, str):
        text = f"{BEGINS}{_quoted(salt)},{_quoted_path(path)},{_quoted(value)}]"
        try:
            return hashlib.sha256(text.encode()).hexdigest()
        except UnicodeEncodeError:  # half a sign is refused, by its place
            pass
    return digest(canonical([_FIELD, salt, path, value]))


def opens(path: str, opening: Opening, promised: str) -> bool:
    """Say whether salt and value open a commitment.

    Parameters
    ----------
    path : str
        Path of the field.
    opening : Opening
        Salt and value as stored.
    promised : str
        The commitment as stored.

    Returns
    -------
    bool
        False also for what cannot be committed to.
    """
    try:
        return commitment(path, opening) == promised
    except Refusal:
        return False


def read_commitments(text: str) -> dict[str, str]:
    """Read the stored commitments of a happening.

    Parameters
    ----------
    text : str
        Canonical JSON of path to commitment.

    Returns
    -------
    dict of str to str
        Path to commitment.

    Raises
    ------
    Refusal
        If the text is anything else.
    """
    parts = _digests(text) if isinstance(text, str) else []
    if len(parts) <= _LONGEST:
        paths = _paths_of(tuple(parts[::2]))
        if paths and len(paths) == len(parts) // 2:
            return dict(zip(paths, parts[1::2], strict=True))
    return _read_whole(text)


@lru_cache(_SHAPES)
def _paths_of(between: tuple[str, ...]) -> tuple[str, ...]:
    """Give the paths of sound commitments by what stands between their digests; else nothing.

    Most happenings have the fields of some hundred others. What makes commitments sound but for
    the form of the digests lies between them, and any digest may stand in the place of another.
    """
    try:
        return tuple(_read_whole(f':"{"0" * 64}"'.join(between)))
    except Refusal:
        return ()


def _read_whole(text: str) -> dict[str, str]:
    """Read commitments, looking at each part of them."""
    try:
        found = json.loads(text)
        is_sound = (
            isinstance(found, dict)
            and "reason" in found
            and (SOURCE in found or any(is_source(path) for path in found))
            and _are_digests(found.values())
            and _written(found) == text
        )
        str.encode(text)  # half a sign has no canonical text
    except (TypeError, ValueError, RecursionError):
        is_sound = False
    if not is_sound:
        raise refuse(
            "commitments", "no commitments", "the commitments as recorded", "Verify the ledger"
        )
    return dict(found)


def is_source(path: str) -> bool:
    """Say whether a path is the source, or lies in it.

    Parameters
    ----------
    path : str
        Of a field.

    Returns
    -------
    bool
        True for `source` and `source/page`.
    """
    return path == SOURCE or path.startswith(f"{SOURCE}/")


def _are_digests(found: Collection[object]) -> bool:
    """Say whether all are SHA-256 digests as the ledger writes them; looked at all at once."""
    return (
        {str} == set(map(type, found))
        and {64} == set(map(len, cast("Collection[str]", found)))
        and _HEXADECIMAL.fullmatch("".join(cast("Collection[str]", found))) is not None
    )
