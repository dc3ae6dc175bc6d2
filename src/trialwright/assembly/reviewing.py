"""Drafts under review: each decision is written to the file as it is made."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialwright.assembly.files import read_text, replace_text
from trialwright.protocol.proposals import Proposal
from trialwright.registry.protocol_draft import gaps
from trialwright.registry.reviewing import editing
from trialwright.registry.reviewing.draft_text import Pending, decided, pending
from trialwright.registry.reviewing.rules import Ruled
from trialwright.terms.errors import Fault


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who reviews which draft on which day.

    Attributes
    ----------
    draft : Path
        The draft file; it is written after each decision.
    by : str
        Account or initials, kept with each decision.
    on : date
        Day, kept with each decision.
    """

    draft: Path
    by: str
    on: date

    def open(self) -> tuple[Pending, ...]:
        """Give the proposals that wait.

        Returns
        -------
        tuple of Pending
            In the order of the file.

        Raises
        ------
        Refusal
            If the draft cannot be read.
        """
        return pending(read_text(self.draft), self.draft.name)

    def accept(self, item: Pending) -> Ruled | None:
        """Take a proposal as it is.

        Parameters
        ----------
        item : Pending
            Of the draft as it stands.

        Returns
        -------
        Ruled or None
            What became of its criterion; None while another proposal of it waits.
        """
        return self._write(item, editing.accepted(item.proposed, self.by, self.on))

    def attest(self, item: Pending) -> Ruled | None:
        """Leave a proposal to a person's answer.

        Parameters
        ----------
        item : Pending
            Of the draft as it stands.

        Returns
        -------
        Ruled or None
            What became of its criterion; None while another proposal of it waits.
        """
        return self._write(item, editing.attested(item.proposed, self.by, self.on))

    def edit(self, item: Pending, limit: str) -> Ruled | None:
        """Take a proposal with another limit.

        Parameters
        ----------
        item : Pending
            Of the draft as it stands.
        limit : str
            The limit as a criterion would word it.

        Returns
        -------
        Ruled or None
            What became of its criterion; None while another proposal of it waits.

        Raises
        ------
        Refusal
            If the words do not say exactly one limit of the same kind.
        """
        return self._write(item, self.worded(item, limit))

    def worded(self, item: Pending, limit: str) -> Proposal:
        """Say how another limit would be taken; nothing is written.

        Parameters
        ----------
        item : Pending
            Of the draft as it stands.
        limit : str
            The limit as a criterion would word it.

        Returns
        -------
        Proposal
            As `edit` would keep it.

        Raises
        ------
        Refusal
            If the words do not say exactly one limit of the same kind.
        """
        return editing.edited(item.proposed, limit, self.by, self.on)

    def missing(self) -> tuple[Fault, ...]:
        """Say what the draft still lacks to be a protocol.

        Returns
        -------
        tuple of Fault
            Empty when nothing is missing.
        """
        return gaps(read_text(self.draft))

    def _write(self, item: Pending, decision: Proposal) -> Ruled | None:
        """Write one decision."""
        text, outcome = decided(read_text(self.draft), item, decision, self.draft.name)
        replace_text(self.draft, text)
        return outcome
