"""Requests for places as the ledger has them, and what became of each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from trialwright.conduct.cohort_records import CohortChange

REQUEST_ID = re.compile(r"request-[0-9]{1,6}")
"""Form of a request id. It stands in the clear for good, so that nothing of a person fits in."""

EndWord = Literal["released", "refused", "withdrawn", "expired"]
"""How a request ends without anybody being assigned."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A place that is held for a request.

    Attributes
    ----------
    cohort : int
        Number of the cohort in its arm.
    on : date
        Day of the reservation.
    until : date
        Last day on which it is held, if the cohort is never on hold meanwhile.
    reason : str
        Why this one and not the next of the list; else empty.
    sequence : int
        The happening.
    """

    cohort: int
    on: date
    until: date
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How a request ended.

    Attributes
    ----------
    word : {'released', 'refused', 'withdrawn', 'expired'}
        What became of it.
    on : date
        Since when; of an expiry the day after the last on which the place was held.
    reason : str
        As given; empty for an expiry.
    sequence : int
        The happening; 0: an expiry that nothing has recorded yet.
    """

    word: EndWord
    on: date
    reason: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class PassOver:
    """Somebody later in the list was given a place before this request.

    Attributes
    ----------
    on : date
        Day of that.
    chosen : str
        Who was given the place.
    why : str
        `site not active`, `site at its limit` or `sponsor choice`.
    sequence : int
        The happening.
    """

    on: date
    chosen: str
    why: str
    sequence: int


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """A request for a place.

    Attributes
    ----------
    reference : str
        Study number, or request id.
    arm, site : str
        For which arm, from which site.
    on : date
        Day of the request.
    sequence : int
        The happening; its place in the list goes by it.
    participant : str
        Study number; empty while a request made before consent is not linked.
    reservation : Reservation or None
        The last one.
    ended : Ending or None
        None while it waits or holds a place.
    passed_over : tuple of PassOver
        Each time somebody later was given a place first.
    """

    reference: str
    arm: str
    site: str
    on: date
    sequence: int
    participant: str = ""
    reservation: Reservation | None = None
    ended: Ending | None = None
    passed_over: tuple[PassOver, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotBook:
    """Every request for a place, and every change that people made to a cohort.

    Attributes
    ----------
    requests : mapping of str to tuple of SlotRequest
        By reference, in ledger order: somebody whose place was lost may ask again.
    changes : mapping of str to tuple of CohortChange
        By arm, in ledger order.
    entries : mapping of str to tuple of (int, str)
        Sequence and act of the happenings about a request id or an arm's cohort.
    """

    requests: Mapping[str, tuple[SlotRequest, ...]] = field(default_factory=dict)
    changes: Mapping[str, tuple[CohortChange, ...]] = field(default_factory=dict)
    entries: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)

    def every(self, arm: str = "") -> tuple[SlotRequest, ...]:
        """Give the requests in ledger order.

        Parameters
        ----------
        arm : str
            Of this arm; empty: of all.

        Returns
        -------
        tuple of SlotRequest
            Ended ones too.
        """
        found = (each for asked in self.requests.values() for each in asked)
        return tuple(
            sorted(
                (each for each in found if arm in ("", each.arm)), key=lambda each: each.sequence
            )
        )

    def of(self, name: str) -> SlotRequest | None:
        """Give the last request of somebody.

        Parameters
        ----------
        name : str
            Its reference, or the study number linked with it.

        Returns
        -------
        SlotRequest or None
            None when there is none.
        """
        return max(self._named(name), key=lambda each: each.sequence, default=None)

    def _named(self, name: str) -> Iterator[SlotRequest]:
        """Give the requests under a reference, and those linked with a study number."""
        yield from self.requests.get(name, ())
        for asked in self.requests.values():
            yield from (each for each in asked if each.participant == name != each.reference)

    def last_on(self, arm: str) -> tuple[date, int] | None:
        """Give the last day on which something was done about the places of an arm.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        tuple of date and int, or None
            Day, and the happening.
        """
        done = [
            (when.on, when.sequence)
            for each in self.every(arm)
            for when in (each, each.reservation, each.ended)
            if when is not None
        ]
        return max(done, default=None)

    def with_request(self, request: SlotRequest) -> "SlotBook":
        """Give a book in which a request stands as said.

        Parameters
        ----------
        request : SlotRequest
            New or changed.

        Returns
        -------
        SlotBook
            A new one.
        """
        others = tuple(
            each
            for each in self.requests.get(request.reference, ())
            if each.sequence != request.sequence
        )
        return replace(self, requests={**self.requests, request.reference: (*others, request)})

    def with_change(self, arm: str, change: CohortChange) -> "SlotBook":
        """Give a book with one more change of a cohort.

        Parameters
        ----------
        arm : str
            Arm id.
        change : CohortChange
            The change.

        Returns
        -------
        SlotBook
            A new one.
        """
        changes = (*self.changes.get(arm, ()), change)
        return replace(self, changes={**self.changes, arm: changes})

    def with_entry(self, subject: str, sequence: int, act: str) -> "SlotBook":
        """Give a book that knows a happening about something that is no participant.

        Parameters
        ----------
        subject : str
            Request id, or an arm's cohort.
        sequence : int
            The happening.
        act : str
            What was done.

        Returns
        -------
        SlotBook
            A new one.
        """
        entries = (*self.entries.get(subject, ()), (sequence, act))
        return replace(self, entries={**self.entries, subject: entries})
