"""Redaction: the act that erases one field, and is itself a happening with a reason.

ICH E6(R3) 4.2.2(b) allows it in rare cases, such as a name entered by mistake, with a log and a
justification.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from trialwright.conduct.happenings import Happening
from trialwright.ledger.commitments import Opening
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal, refuse

REDACTED = "redacted"
"""The act of a redaction happening."""

PROTECTED = ("payload/sequence", "payload/field")
"""Fields of a redaction that cannot be redacted: they say what is gone."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The field that a redaction erases.

    Attributes
    ----------
    sequence : int
        Happening that holds it.
    field : str
        Its path: `reason`, `source` or a leaf of the payload.
    """

    sequence: int
    field: str


def target_of(happening: Happening) -> Target:
    """Give the field that a redaction about to be appended names.

    Parameters
    ----------
    happening : Happening
        Act `redacted`, payload with `sequence` and `field`, and a reason.

    Returns
    -------
    Target
        Not yet looked up in the ledger.

    Raises
    ------
    Refusal
        If the payload names no field or the reason is blank.
    """
    payload = happening.payload if isinstance(happening.payload, Mapping) else {}
    target = _target(payload.get("sequence"), payload.get("field"))
    if target is None:
        raise refuse(
            "redaction",
            "a payload that names no field",
            "`sequence` (whole number from 1) and `field` (path of a field)",
            "Name the happening and the field",
        )
    if not isinstance(happening.reason, str) or not happening.reason.strip():
        raise refuse(
            f"happening {target.sequence}",
            "a redaction without a reason",
            "a reason",
            "Say why it is erased, without repeating what is erased",
        )
    return target


def read_target(openings: Mapping[str, Opening]) -> Target | None:
    """Give the field that a stored redaction names.

    Parameters
    ----------
    openings : mapping of str to Opening
        Fields of a happening with the act `redacted`.

    Returns
    -------
    Target or None
        None when the fields name none.
    """
    found: list[Json] = []
    for path in PROTECTED:
        try:
            found.append(json.loads(openings[path].value or "null"))
        except (KeyError, TypeError, ValueError, RecursionError):
            return None
    return _target(*found)


def refuse_target(target: Target, act: str | None, opening: Opening | None) -> Refusal | None:
    """Say why a field cannot be redacted.

    Parameters
    ----------
    target : Target
        Named by the redaction.
    act : str or None
        Act of the happening that holds it; None when there is no such happening.
    opening : Opening or None
        The field as stored; None when there is no such field.

    Returns
    -------
    Refusal or None
        None when it can be redacted.
    """
    where = f"happening {target.sequence}"
    if act is None or opening is None:
        return refuse(
            where, "no such field", "a field recorded before", "Name a field of that happening"
        )
    if opening.is_redacted:
        return refuse(where, "a field redacted already", "a field that is held", "Leave it")
    if act == REDACTED and target.field in PROTECTED:
        return refuse(
            where,
            "a field that says what a redaction erased",
            "any other field",
            "Leave it: without it nobody could tell what is gone",
        )
    return None


def _target(sequence: Json, field: Json) -> Target | None:
    """Read sequence and field, if they are such."""
    if isinstance(sequence, bool) or not isinstance(sequence, int) or sequence < 1:
        return None
    return Target(sequence, field) if isinstance(field, str) and field else None
