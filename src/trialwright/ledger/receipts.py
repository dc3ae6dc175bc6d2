"""Receipts: the signed head of a chain, as it leaves the database.

Each append signs the head it leaves behind. `first` says from which happening on it speaks, so
the heads of a chain lie edge to edge, and a head that was removed leaves a hole.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from trialwright.ledger.envelope import SHA256, is_instant
from trialwright.ledger.signing import SigningKey
from trialwright.terms.canonical import Json, canonical
from trialwright.terms.errors import refuse

_HEAD = "trialwright head 1"
_SIGNATURE = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed head: the proof that a chain stood so, kept by whoever was handed it.

    Attributes
    ----------
    trial : str
        The trial whose chain it is.
    first, sequence : int
        First and last happening of the append that it closes.
    hash : str
        Hash of the last one, and so of everything before it.
    signed_at : str
        Time of entry of that append, UTC.
    key_id : str
        SHA-256 of the public key.
    signature : str
        Ed25519 signature of `statement`, 128 hexadecimal digits.
    """

    trial: str
    first: int
    sequence: int
    hash: str
    signed_at: str
    key_id: str
    signature: str

    @property
    def statement(self) -> str:
        """The text that is signed: canonical JSON of all but the signature, with its context."""
        return _statement(
            self.trial, self.first, self.sequence, self.hash, self.signed_at, self.key_id
        )

    @property
    def text(self) -> str:
        """The receipt as one line of canonical JSON, to be kept or sent."""
        return canonical(self.as_mapping())

    def as_mapping(self) -> dict[str, Json]:
        """Give the receipt as a mapping.

        Returns
        -------
        dict of str to Json
            By the names of its attributes.
        """
        return {place.name: getattr(self, place.name) for place in fields(self)}

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """Read a receipt from its text.

        Parameters
        ----------
        text : str
            As `text` gives it.

        Returns
        -------
        Receipt
            Its signature is not checked here but by `verify`.

        Raises
        ------
        Refusal
            If the text is no receipt.
        """
        try:
            found = json.loads(text)
        except (TypeError, ValueError, RecursionError):
            found = None
        return receipt_of(found)


def receipt_of(found: object) -> Receipt:
    """Read a receipt from a mapping.

    Parameters
    ----------
    found : object
        As parsed from JSON.

    Returns
    -------
    Receipt
        Its signature is not checked here.

    Raises
    ------
    Refusal
        If an entry is missing, unknown or of another form.
    """
    names = {place.name for place in fields(Receipt)}
    if isinstance(found, Mapping) and found.keys() == names:
        receipt = Receipt(**found)
        if is_sound(receipt):
            return receipt
    raise refuse(
        "receipt", "no receipt", "the JSON of a receipt, unchanged", "Take it as it was handed out"
    )


def sign(
    signing: SigningKey, trial: str, first: int, sequence: int, head: str, signed_at: str
) -> Receipt:
    """Sign the head of a chain.

    Parameters
    ----------
    signing : SigningKey
        The ledger's private key.
    trial : str
        The trial.
    first, sequence : int
        First and last happening of the append.
    head : str
        Hash of the last.
    signed_at : str
        Time of entry, UTC.

    Returns
    -------
    Receipt
        To be stored as a head and handed out once the append is committed.
    """
    key_id = signing.verifying.key_id
    signature = signing.sign(_statement(trial, first, sequence, head, signed_at, key_id))
    return Receipt(trial, first, sequence, head, signed_at, key_id, signature)


def _statement(
    trial: str, first: int, sequence: int, head: str, signed_at: str, key_id: str
) -> str:
    """Write what is signed."""
    return canonical(
        {
            "context": _HEAD,
            "first": first,
            "hash": head,
            "key_id": key_id,
            "sequence": sequence,
            "signed_at": signed_at,
            "trial": trial,
        }
    )


def is_sound(receipt: Receipt) -> bool:
    """Say whether every entry of a receipt has its form.

    Parameters
    ----------
    receipt : Receipt
        As read from a file or a database that somebody may have changed.

    Returns
    -------
    bool
        Says nothing of the signature.
    """
    texts = (receipt.trial, receipt.hash, receipt.signed_at, receipt.key_id, receipt.signature)
    return (
        {*map(type, texts)} == {str}
        and {type(receipt.first), type(receipt.sequence)} == {int}
        and 1 <= receipt.first <= receipt.sequence
        and SHA256.fullmatch(receipt.hash) is not None
        and SHA256.fullmatch(receipt.key_id) is not None
        and _SIGNATURE.fullmatch(receipt.signature) is not None
        and is_instant(receipt.signed_at)
    )
