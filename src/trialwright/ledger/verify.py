"""Verifying one chain: pure, over what any store or export holds."""

from collections.abc import Iterable, Sequence

from trialwright.ledger.anchors import Anchors
from trialwright.ledger.chain import Link
from trialwright.ledger.findings import Discovery, Report, Tampering, discover
from trialwright.ledger.looking import Stretch
from trialwright.ledger.receipts import Receipt, is_sound
from trialwright.ledger.signing import VerifyingKey
from trialwright.ledger.spreading import Run
from trialwright.ledger.walk import Walk


def verify(
    trial: str,
    links: Iterable[Link | Stretch],
    heads: Sequence[Receipt],
    keys: Sequence[VerifyingKey],
    receipts: Sequence[Receipt] = (),
    *,
    every_signature: bool = False,
    may_be_older: bool = False,
    others: Sequence[str] = (),
    run: Run = map,
) -> Report:
    """Check one chain and say what was found, where, why, and what to do.

    Parameters
    ----------
    trial : str
        Whose chain it should be.
    links : iterable of (Link or Stretch)
        All happenings as stored, by sequence; those that are sound may be told many at once.
    heads : sequence of Receipt
        All signed heads as stored, by sequence.
    keys : sequence of VerifyingKey
        Public keys that were ever the ledger's; from outside the database.
    receipts : sequence of Receipt
        The checkpoint and any receipts that people kept.
    every_signature : bool
        Check every signature; otherwise that of the newest head, which covers all before it.
    may_be_older : bool
        Whether this is a backup, for which ending before a receipt is a warning.
    others : sequence of str
        Other trials that the same store holds.
    run : Run
        Checks many signatures; of several processes, or `map`.

    Returns
    -------
    Report
        Never only a yes or no.
    """
    sound, found = [], []
    for head in heads:
        if is_sound(head):
            sound.append(head)
        else:
            found.append(_unsound_head(head))
    heads = sound
    walk = Walk(trial, {head.hash: head.sequence for head in heads})
    walk.over(links)
    anchors = Anchors(trial, walk.hashes, keys, run)
    anchors.weigh_heads(heads, every_signature=every_signature)
    anchors.weigh_receipts(receipts, heads, may_be_older=may_be_older)
    found += [*walk.discoveries, *anchors.discoveries]
    if others and not walk.checked and not heads and receipts:
        found.append(_other_trial(trial, others))
    return Report(
        trial=trial,
        happenings=walk.checked,
        signatures=anchors.signatures,
        head=heads[-1] if heads else None,
        discoveries=tuple(sorted(found, key=lambda one: (one.sequence, one.through))),
    )


def _other_trial(trial: str, others: Sequence[str]) -> Discovery:
    """Say that the store holds other trials instead of this one."""
    why = f"receipts show happenings of {trial}; the store holds {', '.join(others)} instead"
    return discover(Tampering.OTHER_TRIAL, 0, why)


def _unsound_head(head: Receipt) -> Discovery:
    """Say that a stored head has another form."""
    sequence = head.sequence if type(head.sequence) is int else 0
    return discover(Tampering.DAMAGED, sequence, "the stored head has another form")
