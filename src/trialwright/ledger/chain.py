"""The chain: salted commitments of the fields, and a hash over envelope, commitments and past.

The hash of a happening covers commitments, not values. A value whose random salt is gone cannot
be guessed from its commitment, and the hash stands: so a name entered by mistake can be erased
without breaking the chain. Each digest is over canonical JSON that holds its own context, so that
no digest of one kind can pass for another.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trialwright.conduct.happenings import Happening
from trialwright.ledger.commitments import SOURCE, Opening, commitment
from trialwright.ledger.envelope import Envelope, written
from trialwright.ledger.flatten import flatten
from trialwright.terms.canonical import Json, canonical, digest
from trialwright.terms.errors import refuse

NO_HASH = "0" * 64
"""What the first happening of a chain has as its previous hash."""

SALT_BYTES = 32
"""Length of a salt, bytes: as much as the digest, so that a value cannot be guessed."""

MOST_FIELDS = 100_000
"""How many fields one happening may have."""

MOST_SIGNS = 2**24
"""How many signs the texts of one happening may have together."""

_HAPPENING = "trialwright happening 1"


@dataclass(frozen=True, slots=True)
class Link:
    """One happening as it is stored.

    Attributes
    ----------
    envelope : Envelope
        What stands in the clear.
    previous : str
        Hash of the happening before; 64 zeros for the first.
    hash : str
        Hash of this one.
    commitments : str
        Canonical JSON of field path to commitment.
    openings : mapping of str to Opening
        By field path: `reason`, `source` or each leaf of it, and each leaf of the payload.
    """

    envelope: Envelope
    previous: str
    hash: str
    commitments: str
    openings: Mapping[str, Opening]


def link_hash(envelope: Envelope, previous: str, commitments: Mapping[str, str]) -> str:
    """Hash one happening with everything before it.

    Parameters
    ----------
    envelope : Envelope
        What stands in the clear.
    previous : str
        Hash of the happening before.
    commitments : mapping of str to str
        Field path to commitment.

    Returns
    -------
    str
        SHA-256 of the canonical JSON of `commitments`, `context`, `envelope` and `previous`.

    Raises
    ------
    Refusal
        If an entry has no canonical JSON.
    """
    return hash_over(envelope, previous, canonical(commitments))


def hash_over(envelope: Envelope, previous: str, commitments: str) -> str:
    """Hash one happening with commitments that are written already.

    Parameters
    ----------
    envelope, previous
        As in `link_hash`.
    commitments : str
        Canonical JSON, as `read_commitments` takes it.

    Returns
    -------
    str
        As `link_hash` gives.

    Raises
    ------
    Refusal
        If an entry has no canonical JSON.
    """
    return hash_of(written(envelope), canonical(previous), commitments)


def hash_of(who: str, before: str, commitments: str) -> str:
    """Hash one happening of which everything is written already.

    Parameters
    ----------
    who, before, commitments : str
        Canonical JSON of envelope, previous hash and commitments.

    Returns
    -------
    str
        As `link_hash` gives.
    """
    return digest(
        f'{{"commitments":{commitments},"context":"{_HAPPENING}","envelope":{who},'
        f'"previous":{before}}}'
    )


def fields_of(happening: Happening, source: str | Mapping[str, Json]) -> dict[str, Json]:
    """Give the redactable fields of a happening.

    Parameters
    ----------
    happening : Happening
        As decided.
    source : str or mapping of str to Json
        Through which door it came in: a text, or what is known of it by name.

    Returns
    -------
    dict of str to Json
        `reason`, `source` or each leaf of it, and each leaf of the payload, by path.

    Raises
    ------
    Refusal
        If one of them cannot be recorded exactly, or they are too many or too long.
    """
    fields: dict[str, Json] = {"reason": _text("reason", happening.reason)}
    if isinstance(source, Mapping) and source:
        fields |= flatten(source, SOURCE)
    else:
        fields[SOURCE] = _text(SOURCE, source)
    fields |= flatten(happening.payload)
    signs = sum(len(value) for value in fields.values() if isinstance(value, str))
    if len(fields) > MOST_FIELDS or signs > MOST_SIGNS:
        raise refuse(
            "payload",
            f"{len(fields):,} fields with {signs:,} signs",
            f"at most {MOST_FIELDS:,} fields with {MOST_SIGNS:,} signs in one happening",
            "Record it in parts; keep files elsewhere and record their digests",
        )
    return fields


def forge(
    envelope: Envelope,
    previous: str,
    fields: Mapping[str, Json],
    salts: Callable[[int], bytes],
) -> Link:
    """Make the next link of a chain.

    Parameters
    ----------
    envelope : Envelope
        Checked.
    previous : str
        Hash of the happening before, or `NO_HASH`.
    fields : mapping of str to Json
        As `fields_of` gives them.
    salts : callable
        Gives as many random bytes as asked; a cryptographic generator outside tests.

    Returns
    -------
    Link
        With a fresh salt for each field.
    """
    openings = {path: Opening(_salt(salts), canonical(fields[path])) for path in sorted(fields)}
    commitments = {path: commitment(path, opening) for path, opening in openings.items()}
    return Link(
        envelope,
        previous,
        link_hash(envelope, previous, commitments),
        canonical(commitments),
        openings,
    )


def follow(
    envelopes: Sequence[Envelope],
    previous: str,
    fields: Sequence[Mapping[str, Json]],
    salts: Callable[[int], bytes],
) -> list[Link]:
    """Make several links, each following the one before.

    Parameters
    ----------
    envelopes : sequence of Envelope
        In the order of their sequence numbers.
    previous : str
        Hash before the first of them.
    fields : sequence of mapping
        As many as envelopes.
    salts : callable
        As in `forge`.

    Returns
    -------
    list of Link
        As many as envelopes.
    """
    links: list[Link] = []
    for envelope, leaves in zip(envelopes, fields, strict=True):
        links.append(forge(envelope, links[-1].hash if links else previous, leaves, salts))
    return links


def _text(name: str, text: object) -> str:
    """Refuse what is no text that can be written in UTF-8."""
    if not isinstance(text, str) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise refuse(name, "something that is no text", "Unicode text", "Correct it")
    return text


def _salt(salts: Callable[[int], bytes]) -> str:
    """Draw one salt."""
    drawn = salts(SALT_BYTES)
    if len(drawn) != SALT_BYTES:
        raise refuse(
            "salts", f"{len(drawn)} bytes", f"{SALT_BYTES} random bytes", "Use secrets.token_bytes"
        )
    return drawn.hex()
