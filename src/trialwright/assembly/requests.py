"""Requests by number, and files by digest: what was sent twice is done once.

Both stand in the ledger, in the source of what was recorded by them, and are looked for under the
trial's lock: so a retry finds what was done, whatever failed between, and of two who import the
same file at once the second is refused.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from trialwright.conduct.happenings import Recorded
from trialwright.ledger.stores import LedgerTransaction
from trialwright.terms.canonical import Json, canonical
from trialwright.terms.errors import Fault, Refusal, refuse


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
    """What requests and files recorded, read from the ledger once.

    Attributes
    ----------
    known : dict of str to list of Recorded
        By number of the request.
    files : dict of str to tuple of (int, int)
        First and last happening that came from a file, by its digest.
    upto : int
        Last happening that was read.
    """

    known: dict[str, list[Recorded]] = field(default_factory=dict)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
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
        self._read(chain)
        before = self.known.get(request.number, [])
        for record in before:
            content = record.source["content"] if isinstance(record.source, Mapping) else None
            if content != request.content:
                raise refuse("Idempotency-Key", "a key that was used for something else",
                             "one key for each request, the same for its retries",
                             "Choose a new key")  # fmt: skip
        return tuple(before)

    def require_new(self, chain: LedgerTransaction, files: Iterable[tuple[str, str]]) -> None:
        """Refuse files that were imported before.

        Parameters
        ----------
        chain : LedgerTransaction
            Under the trial's lock, with nothing appended yet.
        files : iterable of (str, str)
            Digest and name of each.

        Raises
        ------
        Refusal
            Naming each with the happenings that came from it.
        """
        self._read(chain)
        faults = [imported_before(*self.files[digest], name)
                  for digest, name in files if digest in self.files]  # fmt: skip
        if faults:
            raise Refusal(faults)

    def take_up(self, records: Iterable[Recorded]) -> None:
        """Take what was read of the ledger already, so that the first to write need not read it.

        Parameters
        ----------
        records : iterable of Recorded
            Every happening of the trial, in ledger order.
        """
        self._take(each for each in records if each.sequence > self.upto)

    def _read(self, chain: LedgerTransaction) -> None:
        """Read what was recorded since."""
        self._take(chain.records(after=self.upto))

    def _take(self, records: Iterable[Recorded]) -> None:
        """Note which request and which file each came by."""
        for record in records:
            self.upto = record.sequence
            source = record.source if isinstance(record.source, Mapping) else {}
            if source.get("request"):
                self.known.setdefault(str(source["request"]), []).append(record)
            if source.get("file"):
                first, _ = self.files.get(str(source["file"]), (record.sequence, 0))
                self.files[str(source["file"])] = (first, record.sequence)


def imported_before(first: int, last: int, file: str) -> Fault:
    """Say that a file was imported before.

    Parameters
    ----------
    first, last : int
        First and last happening that came from it.
    file : str
        Its name.

    Returns
    -------
    Fault
        There is nothing left to do.
    """
    found = f"imported before, as entries {first} to {last}"
    return Fault("", found, "a file that was not", "Nothing is left to do", file)
