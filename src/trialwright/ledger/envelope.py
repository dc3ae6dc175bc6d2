"""The envelope of a happening: what stands in the clear and is never changed.

Nothing here can be redacted, so nothing here may hold a person's name or free text: every text
is a code of a fixed ASCII form. What people type goes into redactable fields (`flatten`).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import attrgetter, itemgetter
from typing import Any

from trialwright.terms.canonical import Json, canonical
from trialwright.terms.errors import Fault, Refusal, refuse

FORMAT = 1
"""Number of the record format. It says how a happening is hashed and signed."""

SHA256 = re.compile(r"[0-9a-f]{64}")
"""How a digest is written everywhere in the ledger."""

_CODE = "a letter or digit, then up to 63 of letters, digits and ._/- (ASCII)"
_FORMS = {
    "trial": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
        "a letter or digit, then up to 63 of letters, digits and ._- (ASCII)",
    ),
    "actor": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}"),
        "a letter or digit, then up to 63 of letters, digits and ._@+- (ASCII)",
    ),
    "role": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}"),
        "a letter or digit, then up to 63 of letters, digits, blanks and ._/- (ASCII)",
    ),
    "site": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}"), _CODE),
    "act": (
        re.compile(r"[a-z][a-z0-9_]{0,63}"),
        "a lower-case letter, then up to 63 of lower-case letters, digits and _ (ASCII)",
    ),
    "subject": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}"), _CODE),
    "protocol": (SHA256, "a SHA-256 digest, 64 lower-case hexadecimal digits"),
    "software": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+@:-]{0,63}"),
        "a letter or digit, then up to 63 of letters, digits, blanks and ._/+@:- (ASCII)",
    ),
}
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly (RFC 7493)."""

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who did what, whom it concerns, when, where and under which rules.

    Attributes
    ----------
    format : int
        Number of the record format, 1.
    trial : str
        The trial whose chain this is.
    sequence : int
        Place in that chain, from 1, without gaps.
    entered_at : str
        Time of entry in UTC, `2026-03-14T09:26:53.589Z`.
    happened_on : str
        Civil day on which it happened, `2026-03-14`.
    actor, role, site : str
        Account that acted, its role at that time, its site.
    act : str
        What was done, e.g. `registered`.
    subject : str
        Whom or what it concerns: a study number or a cohort, never a name.
    schema : int
        Number of the payload's form, counted from 1 for each act.
    protocol : str
        SHA-256 of the protocol text in force.
    software : str
        Version of the software that decided.
    """

    format: int
    trial: str
    sequence: int
    entered_at: str
    happened_on: str
    actor: str
    role: str
    site: str
    act: str
    subject: str
    schema: int
    protocol: str
    software: str


COLUMNS = tuple(place.name for place in fields(Envelope))
"""Names of the envelope's entries, in the order in which they are stored."""

_NUMBERS = ("format", "schema", "sequence")
_KINDS = tuple(int if name in _NUMBERS else str for name in sorted(COLUMNS))
_FORM = "{" + ",".join(f'"{name}":%s' for name in sorted(COLUMNS)) + "}"
_PLAIN_FORM = "{" + ",".join(
    f'"{name}":%d' if name in _NUMBERS else f'"{name}":"%s"' for name in sorted(COLUMNS)
) + "}"  # fmt: skip
_row = attrgetter(*COLUMNS)
_in_order = itemgetter(*map(COLUMNS.index, sorted(COLUMNS)))
_numbers = itemgetter(*map(COLUMNS.index, _NUMBERS))
_quoted = json.encoder.encode_basestring


def plain(envelope: Envelope) -> dict[str, Json]:
    """Give the envelope as a mapping, ready for canonical JSON.

    Parameters
    ----------
    envelope : Envelope
        Any.

    Returns
    -------
    dict of str to Json
        By the names in `COLUMNS`.
    """
    return {name: getattr(envelope, name) for name in COLUMNS}


def written(envelope: Envelope) -> str:
    """Write the envelope as canonical JSON.

    Parameters
    ----------
    envelope : Envelope
        Any.

    Returns
    -------
    str
        As `canonical(plain(envelope))`.

    Raises
    ------
    Refusal
        If an entry has no canonical JSON.
    """
    return written_row(_row(envelope)) or canonical(plain(envelope))


def written_row(row: Sequence[Any]) -> str | None:
    """Write the entries of an envelope as canonical JSON.

    Put together by hand where every entry has its type, for it is written for each happening of a
    chain.

    Parameters
    ----------
    row : sequence
        Entries in the order of `COLUMNS`.

    Returns
    -------
    str or None
        None where an entry has another type, is too large a number or holds other signs than ASCII.
    """
    values = _in_order(row)
    if tuple(map(type, values)) == _KINDS and max(map(abs, _numbers(row))) <= LARGEST:
        text = _FORM % tuple([_quoted(value) if type(value) is str else value for value in values])
        if text.isascii():
            return text
    return None


def written_rows(rows: Sequence[Sequence[Any]]) -> list[str | None]:
    """Write the entries of many envelopes as canonical JSON.

    Parameters
    ----------
    rows : sequence of sequence
        Each begins with the entries in the order of `COLUMNS`.

    Returns
    -------
    list of (str or None)
        As `written_row` gives each. Where no text of any row has a sign to be escaped, as the
        ledger takes none, all are looked at together.
    """
    every = [_in_order(row) for row in rows]
    texts: list[str] = []
    for kind, column in zip(_KINDS, zip(*every, strict=True), strict=False):
        if set(map(type, column)) != {kind}:
            break
        if kind is str:
            texts += column
        elif max(map(abs, column)) > LARGEST:
            break
    else:
        joined = "".join(texts)
        if joined.isascii() and joined.isprintable() and '"' not in joined and "\\" not in joined:
            return [_PLAIN_FORM % entries for entries in every]
    return [written_row(row) for row in rows]


def check(envelope: Envelope) -> None:
    """Refuse an envelope that may not enter a ledger, naming every fault.

    Parameters
    ----------
    envelope : Envelope
        About to be appended.

    Raises
    ------
    Refusal
        If an entry has another form. What was found is not shown: it may be a name.
    """
    faults = [
        _fault(name, allowed)
        for name, (form, allowed) in _FORMS.items()
        if not _fits(form, getattr(envelope, name))
    ]
    if not is_instant(envelope.entered_at):
        faults.append(_fault("entered_at", "a time in UTC, e.g. 2026-03-14T09:26:53.589Z"))
    if not _is_day(envelope.happened_on):
        faults.append(_fault("happened_on", "a civil day, e.g. 2026-03-14"))
    faults += [
        _fault(name, "a whole number from 1 to 2^53 - 1")
        for name in ("format", "sequence", "schema")
        if not _counts(getattr(envelope, name))
    ]
    if faults:
        raise Refusal(faults)


def check_trial(trial: str) -> None:
    """Refuse a text that names no trial.

    Parameters
    ----------
    trial : str
        As asked for.

    Raises
    ------
    Refusal
        If it has another form.
    """
    form, allowed = _FORMS["trial"]
    if not _fits(form, trial):
        raise Refusal([_fault("trial", allowed)])


def instant(at: datetime) -> str:
    """Write a clock reading as the ledger holds it.

    Parameters
    ----------
    at : datetime
        With a time zone.

    Returns
    -------
    str
        UTC with milliseconds (cut, not rounded) and `Z`.

    Raises
    ------
    Refusal
        If the reading has no time zone.
    """
    if at.tzinfo is None:
        raise refuse(
            "entered_at", "a time without a time zone", "a time with its zone", "Read the UTC clock"
        )
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_instant(text: object) -> bool:
    """Say whether a text is a time of the calendar in the ledger's one form.

    Parameters
    ----------
    text : object
        As found.

    Returns
    -------
    bool
        False also for 30 February and for a leap second.
    """
    if not _fits(_INSTANT, text):
        return False
    try:
        datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _is_day(text: object) -> bool:
    """Say whether a text is a civil day."""
    if not _fits(_DAY, text):
        return False
    try:
        date.fromisoformat(str(text))
    except ValueError:
        return False
    return True


def _fits(form: re.Pattern[str], text: object) -> bool:
    """Say whether something is a text of a form."""
    return isinstance(text, str) and form.fullmatch(text) is not None


def _counts(number: object) -> bool:
    """Say whether something is a whole number from 1 to 2^53 - 1."""
    return type(number) is int and 1 <= number <= LARGEST


def _fault(name: str, allowed: str) -> Fault:
    """Name the entry without showing what stands there."""
    return Fault(name, "something of another form", allowed, "Correct it; nothing was recorded")
