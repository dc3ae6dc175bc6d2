"""Requests by number: what was sent twice is done once.

The number stands in the ledger, in the source of what the request recorded, and is looked for
under the trial's lock: so a retry finds what was done, whatever failed between.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from trialwright.conduct.happenings import Recorded
from trialwright.ledger.stores import LedgerTransaction
from trialwright.terms.canonical import Json, canonical
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Request:
    """Which request an act comes by.

    Attributes
    ----------
    number : str
        Of account and key; keyed by a secret, for ledgers are handed on.
    content : str
        Of what is asked; keyed as well, for a plain digest would outlive a redaction and let
        anybody try names against it.
    door : str
        Through which it came.
    """

    number: str
    content: str
    door: str = "api"

    @classmethod
    def of(cls, secret: str, account: str, key: str, act: str, given: Json) -> Self:
        """Give the request of a key.

        Parameters
        ----------
        secret : str
            Of this installation.
        account, key : str
            Who sends it, and the key that the sender chose.
        act : str
            Name of the act.
        given : Json
            Its fields as sent.

        Returns
        -------
        Request
            Equal for a retry.
        """
        return cls(_keyed(secret, [account, key]), _keyed(secret, [account, key, act, given]))

    @property
    def source(self) -> dict[str, Json]:
        """Source of what it records: door, number and content."""
        return {"door": self.door, "request": self.number, "content": self.content}


def _keyed(secret: str, value: Json) -> str:
    """Give a keyed digest."""
    return hmac.new(secret.encode(), canonical(value).encode(), "sha256").hexdigest()


@dataclass(slots=True)
class Requests:
    """What requests recorded, read from the ledger once.

    Attributes
    ----------
    known : dict of str to list of Recorded
        By number of the request.
    upto : int
        Last happening that was read.
    """

    known: dict[str, list[Recorded]] = field(default_factory=dict)
    upto: int = 0

    def done(self, chain: LedgerTransaction, request: Request) -> tuple[Recorded, ...]:
        """Give what a request has recorded before.

        Parameters
        ----------
        chain : LedgerTransaction
            Under the trial's lock, with nothing appended yet.
        request : Request
            The one that comes in.

        Returns
        -------
        tuple of Recorded
            Empty for a request that comes for the first time.

        Raises
        ------
        Refusal
            If its number stands for something else.
        """
        for record in chain.records(after=self.upto):
            self.upto = record.sequence
            if isinstance(record.source, Mapping) and record.source.get("request"):
                self.known.setdefault(str(record.source["request"]), []).append(record)
        before = self.known.get(request.number, [])
        for record in before:
            content = record.source["content"] if isinstance(record.source, Mapping) else None
            if content != request.content:
                raise refuse("Idempotency-Key", "a key that was used for something else",
                             "one key for each request, the same for its retries",
                             "Choose a new key")  # fmt: skip
        return tuple(before)
