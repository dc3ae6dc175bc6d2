"""What verification found: where, which kind of tampering, why, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from trialwright.ledger.receipts import Receipt


class Tampering(StrEnum):
    """Kinds of tampering and damage that verification tells apart."""

    VALUE_EDITED = "value edited"
    VALUE_MOVED = "value moved from another field"
    VALUE_ERASED = "value erased without a redaction"
    VALUE_ADDED = "value added"
    REDACTION_UNDONE = "redaction not carried out"
    REDACTION_UNFOUNDED = "redaction that names no field, or gives no reason"
    COMMITMENT_EDITED = "commitment edited"
    ENVELOPE_EDITED = "envelope edited"
    RENUMBERED = "happening renumbered"
    DELETED = "happening deleted"
    UNLINKED = "happening that does not follow the one before"
    REWRITTEN = "history rewritten"
    UNSIGNED = "happenings without a signed head"
    HEAD_REMOVED = "head removed"
    HEAD_REPLACED = "head replaced"
    FOREIGN_KEY = "signature by an unknown key"
    KEY_RETURNED = "signature by a key that was replaced"
    TAIL_CUT = "tail cut off, or an old copy put in place"
    FORK = "fork"
    OTHER_TRIAL = "another trial's ledger"
    GUARD_REMOVED = "guard of the database changed"
    DAMAGED = "damaged record"
    CLOCK_BACK = "clock set back"
    BEHIND = "copy older than the checkpoint"
    RECEIPT_UNUSABLE = "receipt that proves nothing"
    UNANCHORED = "nothing from outside to compare with"


_DO = {
    Tampering.VALUE_EDITED: "Take the value from a backup or export that verifies; ask who "
    "could write to the database",
    Tampering.VALUE_MOVED: "Take both values from a backup or export that verifies",
    Tampering.VALUE_ERASED: "Take the value from a backup or export that verifies",
    Tampering.VALUE_ADDED: "Do not use the value; ask who could write to the database",
    Tampering.REDACTION_UNDONE: "Compare with a backup made after the redaction; redact again",
    Tampering.REDACTION_UNFOUNDED: "Ask the account that redacted, and who else could write",
    Tampering.COMMITMENT_EDITED: "Restore the happening from a backup or export that verifies",
    Tampering.ENVELOPE_EDITED: "Restore the happening from a backup or export that verifies",
    Tampering.RENUMBERED: "Restore the order from a backup or export that verifies",
    Tampering.DELETED: "Restore the happening from a backup or export that verifies",
    Tampering.UNLINKED: "Compare with a backup or export that verifies, from here on",
    Tampering.REWRITTEN: "Trust nothing from here on; compare with a backup that verifies",
    Tampering.UNSIGNED: "Trust none of them until a receipt or a backup confirms them",
    Tampering.HEAD_REMOVED: "Put the head back from the receipt; ask who could write",
    Tampering.HEAD_REPLACED: "Trust nothing up to here that no later good head covers",
    Tampering.FOREIGN_KEY: "Hand in the key if it was yours before; otherwise trust nothing "
    "signed by it",
    Tampering.KEY_RETURNED: "Ask who still holds that key; trust nothing from here on that no "
    "receipt confirms",
    Tampering.TAIL_CUT: "Restore the newest backup and enter again what the receipts show",
    Tampering.FORK: "Stop writing; find out which copy holds the receipts that people were given",
    Tampering.OTHER_TRIAL: "Open the ledger of the trial that was asked for",
    Tampering.GUARD_REMOVED: "Ask who changed the database; check every happening since",
    Tampering.DAMAGED: "Restore a backup that verifies; check the disk",
    Tampering.CLOCK_BACK: "Correct the clock of the machine; the order of entry is the sequence",
    Tampering.BEHIND: "After restoring it, enter again what is missing, from receipts and sources",
    Tampering.RECEIPT_UNUSABLE: "Take the receipt as it was handed out, with the key of that time",
    Tampering.UNANCHORED: "Hand in the checkpoint or a receipt",
}
_WARNINGS = frozenset(
    {
        Tampering.CLOCK_BACK,
        Tampering.BEHIND,
        Tampering.RECEIPT_UNUSABLE,
        Tampering.UNANCHORED,
    }
)


@dataclass(frozen=True, slots=True)
class Discovery:
    """One thing that verification found.

    Attributes
    ----------
    sequence, through : int
        First and last happening concerned; 0 for the ledger as a whole.
    kind : Tampering
        Which kind.
    because : str
        What was compared with what; names fields, never their values.
    do : str
        What to do about it, as an imperative sentence.
    """

    sequence: int
    through: int
    kind: Tampering
    because: str
    do: str

    @property
    def is_broken(self) -> bool:
        """Whether the record is no longer what was entered; otherwise it is a warning."""
        return self.kind not in _WARNINGS

    def __str__(self) -> str:
        """Say the discovery on one line."""
        where = f"happening {self.sequence}" if self.sequence else "ledger"
        if self.through > self.sequence:
            where = f"happenings {self.sequence}-{self.through}"
        return f"{where}: {self.kind}: {self.because}. {self.do}."


def discover(kind: Tampering, sequence: int, because: str, through: int = 0) -> Discovery:
    """Make a discovery with the advice of its kind.

    Parameters
    ----------
    kind : Tampering
        Which kind.
    sequence : int
        First happening concerned, or 0.
    because : str
        What was compared with what.
    through : int
        Last happening concerned, when there are several.

    Returns
    -------
    Discovery
        With what to do.
    """
    return Discovery(sequence, max(sequence, through), kind, because, _DO[kind])


@dataclass(frozen=True, slots=True)
class Report:
    """What verification of one chain found.

    Attributes
    ----------
    trial : str
        Whose chain it is.
    happenings : int
        How many were read and checked.
    signatures : int
        How many heads had their signature checked.
    head : Receipt or None
        The newest head as stored; None when there is none.
    discoveries : tuple of Discovery
        By sequence; empty when nothing at all was found.
    """

    trial: str
    happenings: int
    signatures: int
    head: Receipt | None
    discoveries: tuple[Discovery, ...]

    @property
    def broken(self) -> tuple[Discovery, ...]:
        """What shows that the record is not what was entered."""
        return tuple(one for one in self.discoveries if one.is_broken)

    @property
    def warnings(self) -> tuple[Discovery, ...]:
        """What limits the proof, or wants looking at, though the record stands."""
        return tuple(one for one in self.discoveries if not one.is_broken)

    @property
    def is_intact(self) -> bool:
        """Whether nothing broken was found; `warnings` says how far that reaches."""
        return not self.broken

    def __str__(self) -> str:
        """Say the outcome, one line for each discovery."""
        outcome = "intact" if self.is_intact else "NOT intact"
        counted = f"{self.happenings} happenings, {self.signatures} signatures checked"
        return "\n".join([f"{self.trial}: {outcome}: {counted}", *map(str, self.discoveries)])
