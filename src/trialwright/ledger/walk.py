"""Walking one chain from its first happening, comparing each with what it commits to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from trialwright.ledger.chain import NO_HASH, Link, hash_over
from trialwright.ledger.commitments import Opening, opens, read_commitments
from trialwright.ledger.envelope import FORMAT
from trialwright.ledger.findings import Discovery, Tampering, discover
from trialwright.ledger.looking import HASH_SIGNS, Stretch
from trialwright.ledger.redaction import PROTECTED, REDACTED, Target, read_target
from trialwright.terms.errors import Refusal

_RUNS = {
    Tampering.ENVELOPE_EDITED: "its hash does not fit its envelope, commitments and past",
    Tampering.RENUMBERED: "its hash fits another sequence number",
    Tampering.OTHER_TRIAL: "its envelope names another trial",
    Tampering.UNLINKED: "its previous hash is not the hash of the happening before",
}
"""Kinds told once for neighbouring happenings, in words that fit each of them."""


class Walk:
    """One walk over a chain: what was seen so far.

    Attributes
    ----------
    discoveries : list of Discovery
        In the order in which they were met.
    hashes : dict of int to str
        Stored hash by sequence.
    newest : int
        Largest sequence met; 0 before the first.
    checked : int
        How many happenings were met.

    Parameters
    ----------
    trial : str
        Whose chain it should be.
    signed : mapping of str to int
        Sequence by hash, as the stored heads have it: tells where a renumbered happening was.
    """

    def __init__(self, trial: str, signed: Mapping[str, int]) -> None:
        self.discoveries: list[Discovery] = []
        self.hashes: dict[int, str] = {}
        self.newest = 0
        self.checked = 0
        self._trial = trial
        self._signed = signed
        self._places = {NO_HASH: 0}
        self._follows = {NO_HASH}
        self._entered_at = ""
        self._erased: set[Target] = set()
        self._redactions: dict[Target, int] = {}

    def over(self, links: Iterable[Link | Stretch]) -> None:
        """Walk over the links and close the account of redactions.

        Parameters
        ----------
        links : iterable of (Link or Stretch)
            As stored, by sequence. A Refusal from reading them is noted as damage.
        """
        try:
            for link in links:
                if isinstance(link, Stretch):
                    self._pass(link)
                else:
                    self._step(link)
        except Refusal as refusal:
            why = refusal.faults[0].found
            self.discoveries.append(discover(Tampering.DAMAGED, self.newest + 1, why))
        self._settle_redactions()

    def _pass(self, sound: Stretch) -> None:
        """Hold happenings that are sound, and follow one another, against the one before."""
        first, previous, joined, begins, ends = sound
        is_next = self._count(first)
        if self._follows and is_next and previous not in self._follows:
            self._run(Tampering.UNLINKED, first)
        own = [joined[at : at + HASH_SIGNS] for at in range(0, len(joined), HASH_SIGNS)]
        self._come_to(first, own[0], begins)
        last = first + len(own) - 1
        self.checked += last - first
        self.hashes.update(zip(range(first, last + 1), own, strict=True))
        self._places.update(zip(own, range(first, last + 1), strict=True))
        self._follows, self._entered_at = {own[-1]}, ends
        self.newest = max(self.newest, last)

    def _step(self, link: Link) -> None:
        """Compare one happening with what it says of itself and of the one before."""
        sequence = link.envelope.sequence
        if type(sequence) is not int:
            self._note(Tampering.DAMAGED, self.newest + 1, "its sequence is no whole number")
            return
        is_next = self._count(sequence)
        self._compare(link, sequence, follows_gap=not is_next)
        entered_at = link.envelope.entered_at
        self._come_to(sequence, link.hash, entered_at if isinstance(entered_at, str) else "")

    def _count(self, sequence: int) -> bool:
        """Count a happening, and say whether it is the one whose turn it is."""
        self.checked += 1
        expected = self.newest + 1
        if sequence > expected:
            gap = "the sequence has a gap"
            self.discoveries.append(discover(Tampering.DELETED, expected, gap, sequence - 1))
        elif sequence < expected:
            self._note(Tampering.RENUMBERED, sequence, "its sequence number is there twice")
        return sequence == expected

    def _come_to(self, sequence: int, own: str, entered_at: str) -> None:
        """Go on from a happening, with a warning when it was entered before the one before."""
        if entered_at < self._entered_at:
            why = f"entered at {entered_at}, after an entry at {self._entered_at}"
            self._note(Tampering.CLOCK_BACK, sequence, why)
        self._entered_at = entered_at
        self.newest = max(self.newest, sequence)
        self.hashes[sequence] = own
        self._places[own] = sequence

    def _compare(self, link: Link, sequence: int, *, follows_gap: bool) -> None:
        """Check fields, hash and link of one happening."""
        follows, self._follows = self._follows, {link.hash}
        try:
            commitments = read_commitments(link.commitments)
            computed = hash_over(link.envelope, link.previous, link.commitments)
        except Refusal as refusal:
            kind = Tampering.COMMITMENT_EDITED
            if refusal.faults[0].where != "commitments":
                kind = Tampering.DAMAGED
            self._note(kind, sequence, refusal.faults[0].found)
            self._follows = set()
            return
        unfit = self._open(link, commitments)
        self._follows.add(computed)
        if computed != link.hash:
            self._blame(link, unfit)
            self._follows = set()
            return
        if link.envelope.format != FORMAT:
            self._note(Tampering.DAMAGED, sequence, "its record format is not known here")
        if link.envelope.trial != self._trial:
            self._run(Tampering.OTHER_TRIAL, sequence)
        for path, kind in unfit.items():
            self._note(kind, sequence, f"{path} does not fit its commitment")
        if follows and not follows_gap and link.previous not in follows:
            self._run(Tampering.UNLINKED, sequence)

    def _blame(self, link: Link, unfit: Mapping[str, Tampering]) -> None:
        """Say what was changed in a happening whose hash does not fit."""
        sequence = link.envelope.sequence
        if unfit:
            for path in unfit:
                why = f"neither the hash nor the value of {path} fits its commitment"
                self._note(Tampering.COMMITMENT_EDITED, sequence, why)
        elif self._was_elsewhere(link):
            self._run(Tampering.RENUMBERED, sequence)
        else:
            self._run(Tampering.ENVELOPE_EDITED, sequence)

    def _was_elsewhere(self, link: Link) -> bool:
        """Say whether the hash fits the same happening under another number."""
        here = link.envelope.sequence
        guesses = {here - 1, here + 1, self._signed.get(link.hash, here)}
        guesses.add(self._places.get(link.previous, here - 1) + 1)
        return any(
            hash_over(replace(link.envelope, sequence=guess), link.previous, link.commitments)
            == link.hash
            for guess in guesses - {here}
        )

    def _open(self, link: Link, commitments: Mapping[str, str]) -> dict[str, Tampering]:
        """Give the fields that do not fit their commitments; keep account of redactions."""
        sequence = link.envelope.sequence
        unfit: dict[str, Tampering] = {}
        for path, promised in commitments.items():
            opening = link.openings.get(path)
            if opening is None:
                self._erased.add(Target(sequence, path))
                continue
            salt, value = opening
            if salt is None and value is None:
                self._erased.add(Target(sequence, path))
            elif not opens(path, opening, promised):
                unfit[path] = _moved_or_edited(path, opening, commitments)
        for path in link.openings.keys() - commitments.keys():
            unfit[path] = Tampering.VALUE_ADDED
        if link.envelope.act == REDACTED and unfit.keys().isdisjoint(PROTECTED):
            self._note_redaction(link)
        return unfit

    def _note_redaction(self, link: Link) -> None:
        """Remember what a redaction names."""
        sequence = link.envelope.sequence
        target = read_target(link.openings)
        reason = link.openings.get("reason")
        if target is None or target.sequence >= sequence:
            why = "it names no field of an earlier happening"
            self._note(Tampering.REDACTION_UNFOUNDED, sequence, why)
            return
        if reason is None or reason.value == '""':
            self._note(Tampering.REDACTION_UNFOUNDED, sequence, "it gives no reason")
        self._redactions.setdefault(target, sequence)

    def _settle_redactions(self) -> None:
        """Hold what is gone against what was redacted, both ways."""
        for target in sorted(self._erased - self._redactions.keys()):
            why = f"{target.field} is gone and no later happening redacts it"
            self._note(Tampering.VALUE_ERASED, target.sequence, why)
        for target in sorted(self._redactions.keys() - self._erased):
            if target.sequence in self.hashes:
                by = self._redactions[target]
                why = f"happening {by} redacts {target.field}, which is not gone"
                self._note(Tampering.REDACTION_UNDONE, target.sequence, why)

    def _note(self, kind: Tampering, sequence: int, because: str) -> None:
        """Keep a discovery about one happening."""
        self.discoveries.append(discover(kind, sequence, because))

    def _run(self, kind: Tampering, sequence: int) -> None:
        """Keep a discovery, as one with that of the neighbour before when it is the same."""
        last = self.discoveries[-1] if self.discoveries else None
        if last is not None and (last.kind, last.through + 1) == (kind, sequence):
            self.discoveries[-1] = discover(kind, last.sequence, _RUNS[kind], sequence)
        else:
            self._note(kind, sequence, _RUNS[kind])


def _moved_or_edited(path: str, opening: Opening, commitments: Mapping[str, str]) -> Tampering:
    """Say whether a value that does not fit here fits another field of the same happening."""
    others = (other for other in commitments if other != path)
    is_moved = any(opens(other, opening, commitments[other]) for other in others)
    return Tampering.VALUE_MOVED if is_moved else Tampering.VALUE_EDITED
