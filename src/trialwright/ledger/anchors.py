"""Holding a walked chain against its signed heads, and against receipts kept outside."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, pairwise

from trialwright.ledger.findings import Discovery, Tampering, discover
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.signing import VerifyingKey
from trialwright.ledger.spreading import Run

_TOGETHER = 1_000
"""Signatures that one process checks at a time."""

Doubt = tuple[Tampering, str]
"""What is wrong with a signature, and why."""


class Anchors:
    """What the heads and receipts say of one chain.

    Attributes
    ----------
    discoveries : list of Discovery
        In the order in which they were met.
    signatures : int
        How many stored heads had their signature checked.

    Parameters
    ----------
    trial : str
        Whose chain it is.
    hashes : mapping of int to str
        Stored hash of each happening, by sequence.
    keys : sequence of VerifyingKey
        Those that were ever the ledger's.
    run : Run
        Checks signatures; of several processes, or `map`.
    """

    def __init__(
        self,
        trial: str,
        hashes: Mapping[int, str],
        keys: Sequence[VerifyingKey],
        run: Run = map,
    ) -> None:
        self.discoveries: list[Discovery] = []
        self.signatures = 0
        self._trial = trial
        self._hashes = hashes
        self._newest = max(hashes, default=0)
        self._doubts = partial(_doubts, trial, {key.key_id: key for key in keys})
        self._run = run

    def weigh_heads(self, heads: Sequence[Receipt], *, every_signature: bool) -> None:
        """Hold the stored heads against the chain.

        Parameters
        ----------
        heads : sequence of Receipt
            As stored, by sequence.
        every_signature : bool
            Whether to check all signatures, not that of the newest head alone. When the newest
            does not fit, all are checked, to find the first that does not.
        """
        is_newest_bad = bool(heads) and self._doubt(heads[-1]) is not None
        since = [1, *(head.sequence + 1 for head in heads)][: len(heads)]
        first = 0 if every_signature or is_newest_bad else max(len(heads) - 1, 0)
        asked = heads[first:]
        self.signatures = len(asked)
        parts = [asked[at : at + _TOGETHER] for at in range(0, len(asked), _TOGETHER)]
        run = self._run if len(parts) > 1 else map
        doubts = chain.from_iterable(run(self._doubts, parts))
        for head, begins, doubt in zip(asked, since[first:], doubts, strict=True):
            if doubt is not None:
                self._note(doubt[0], begins, doubt[1], head.sequence)
        self._look_for_replaced_keys(heads)
        self._lay_edge_to_edge(heads)
        self._compare_hashes(heads)

    def weigh_receipts(
        self, receipts: Sequence[Receipt], heads: Sequence[Receipt], *, may_be_older: bool
    ) -> None:
        """Hold receipts and checkpoint against the chain.

        Parameters
        ----------
        receipts : sequence of Receipt
            Kept outside the database.
        heads : sequence of Receipt
            As stored, by sequence.
        may_be_older : bool
            Whether this is a backup, which may end before the newest receipt.
        """
        usable = [receipt for receipt in receipts if self._is_usable(receipt)]
        if not usable:
            why = "without a checkpoint or receipt a cut tail or an old copy goes unseen"
            self._note(Tampering.UNANCHORED, 0, why)
            return
        stored = {head.sequence: head for head in heads}
        self._look_for_fork(usable)
        for receipt in sorted(usable, key=lambda one: one.sequence):
            if self._hashes.get(receipt.sequence) == receipt.hash:
                self._compare_head(receipt, stored.get(receipt.sequence))
        promised = max(receipt.sequence for receipt in usable)
        is_cut = any(one.kind is Tampering.TAIL_CUT for one in self.discoveries)
        if promised > self._newest and not is_cut:
            kind = Tampering.BEHIND if may_be_older else Tampering.TAIL_CUT
            why = f"a receipt shows {promised} happenings, the chain ends at {self._newest}"
            self._note(kind, self._newest + 1, why, promised)

    def _doubt(self, head: Receipt) -> Doubt | None:
        """Say what is wrong with a signature, if anything is."""
        (doubt,) = self._doubts([head])
        return doubt

    def _look_for_replaced_keys(self, heads: Sequence[Receipt]) -> None:
        """Find heads signed by a key after another had taken its place."""
        replaced: set[str] = set()
        for before, head in pairwise(heads):
            if head.key_id != before.key_id:
                replaced.add(before.key_id)
            if head.key_id in replaced:
                why = f"the head at happening {head.sequence} names a key used before another"
                self._note(Tampering.KEY_RETURNED, head.first, why, head.sequence)

    def _lay_edge_to_edge(self, heads: Sequence[Receipt]) -> None:
        """Find happenings that no head speaks of, and heads beyond the end."""
        covered = 0
        for head in heads:
            if head.first > covered + 1:
                self._miss(covered + 1, head.first - 1)
            elif head.first <= covered:
                why = f"it speaks from happening {head.first} on, as does a head before"
                self._note(Tampering.HEAD_REPLACED, head.sequence, why)
            covered = max(covered, head.sequence)
        if covered < self._newest:
            self._miss(covered + 1, self._newest)
        elif covered > self._newest:
            why = f"a stored head speaks of happening {covered}, the chain ends at {self._newest}"
            self._note(Tampering.TAIL_CUT, self._newest + 1, why, covered)

    def _miss(self, first: int, last: int) -> None:
        """Note happenings that no head speaks of: appended without the key, or head removed."""
        why = "they were appended without the key, or their head was removed"
        self._note(Tampering.UNSIGNED, first, why, last)

    def _compare_hashes(self, heads: Sequence[Receipt]) -> None:
        """Find the first properly signed head that the chain contradicts."""
        since = [1, *(head.sequence + 1 for head in heads)]
        for place, head in enumerate(heads):
            here = self._hashes.get(head.sequence)
            if here is not None and here != head.hash and self._doubt(head) is None:
                why = (
                    f"the head signed at happening {head.sequence} has another hash; heads "
                    "before it fit"
                )
                self._note(Tampering.REWRITTEN, since[place], why, self._newest)
                return

    def _is_usable(self, receipt: Receipt) -> bool:
        """Say whether a receipt proves something of this chain; note it when not."""
        if receipt.trial != self._trial:
            why = f"a receipt is of trial {receipt.trial}"
        elif self._doubt(receipt) is not None:
            why = f"the receipt for happening {receipt.sequence} is not signed by a key handed in"
        else:
            return True
        self._note(Tampering.RECEIPT_UNUSABLE, 0, why)
        return False

    def _look_for_fork(self, receipts: Sequence[Receipt]) -> None:
        """Find where the chain parts from what receipts show."""
        apart, together = [], [0]
        for receipt in receipts:
            here = self._hashes.get(receipt.sequence)
            if here == receipt.hash:
                together.append(receipt.sequence)
            elif here is not None:
                apart.append(receipt.sequence)
        if apart:
            first = min(apart)
            since = max(place for place in together if place < first)
            why = (
                f"the receipt for happening {first} has another hash; the histories part after "
                f"happening {since} at the earliest"
            )
            self._note(Tampering.FORK, first, why)

    def _compare_head(self, receipt: Receipt, head: Receipt | None) -> None:
        """Hold a fitting receipt against the stored head it was."""
        if head is None:
            why = "a receipt shows that this append was signed; its head is gone"
            self._note(Tampering.HEAD_REMOVED, receipt.first, why, receipt.sequence)
        elif head != receipt:
            why = "the stored head is not the one that was handed out"
            self._note(Tampering.HEAD_REPLACED, receipt.first, why, receipt.sequence)

    def _note(self, kind: Tampering, sequence: int, because: str, through: int = 0) -> None:
        """Keep a discovery."""
        self.discoveries.append(discover(kind, sequence, because, through))


def _doubts(
    trial: str, keys: Mapping[str, VerifyingKey], heads: Sequence[Receipt]
) -> list[Doubt | None]:
    """Say of each head what is wrong with its signature, if anything is."""
    return [_doubt(trial, keys.get(head.key_id), head) for head in heads]


def _doubt(trial: str, key: VerifyingKey | None, head: Receipt) -> Doubt | None:
    """Say what is wrong with a signature, if anything is."""
    if key is None:
        return Tampering.FOREIGN_KEY, "the head names a key that was not handed in"
    if head.trial == trial and key.fits(head.signature, head.statement):
        return None
    return Tampering.HEAD_REPLACED, "the signature does not fit what the head says"
