"""The checkpoint: the newest receipt of each trial, in a file outside the database.

A chain alone cannot tell that its tail was cut off or that an old backup was put in its place; a
head kept elsewhere can. Keep the file on another disk or machine than the database.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trialwright.ledger.durable import replace
from trialwright.ledger.receipts import Receipt, receipt_of
from trialwright.terms.canonical import canonical
from trialwright.terms.errors import Refusal, refuse

_FORMAT = 1


class CheckpointNotKept(Refusal):
    """The append is recorded, but its receipt could not be written to the checkpoint.

    Attributes
    ----------
    receipt : Receipt
        Of the append that is recorded: it must not be repeated.
    """

    def __init__(self, refusal: Refusal, receipt: Receipt) -> None:
        super().__init__(refusal.faults)
        self.receipt = receipt


class CheckpointFile:
    """A file with the newest receipt of each trial.

    Parameters
    ----------
    path : Path
        The file; made at the first receipt. A file `<name>.lock` lies beside it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def newest(self, trial: str) -> Receipt | None:
        """Give the receipt kept for a trial.

        Parameters
        ----------
        trial : str
            The trial.

        Returns
        -------
        Receipt or None
            None when nothing was kept for it yet. The signature is not checked here.

        Raises
        ------
        Refusal
            If the file cannot be read as a checkpoint.
        """
        return self._receipts().get(trial)

    def trials(self) -> tuple[str, ...]:
        """Name the trials for which a receipt is kept.

        Returns
        -------
        tuple of str
            In order.

        Raises
        ------
        Refusal
            If the file cannot be read as a checkpoint.
        """
        return tuple(sorted(self._receipts()))

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt unless a newer one is kept, so that it survives a power loss.

        Parameters
        ----------
        receipt : Receipt
            Of an append that is committed.

        Raises
        ------
        CheckpointNotKept
            If the file cannot be written or read. The append stays recorded.
        """
        try:
            with self._alone():
                kept = self._receipts()
                before = kept.get(receipt.trial)
                if before is not None and before.sequence >= receipt.sequence:
                    return
                kept[receipt.trial] = receipt
                replace(self.path, _text(kept), 0o600)
        except OSError as failed:
            raise CheckpointNotKept(_unwritten(receipt, failed), receipt) from failed
        except Refusal as refusal:
            raise CheckpointNotKept(refusal, receipt) from refusal

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one writer at a time in, of all threads and processes."""
        with open(self.path.with_name(f"{self.path.name}.lock"), "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _receipts(self) -> dict[str, Receipt]:
        """Read the file; nothing is kept when there is none."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise _unreadable() from None
        try:
            found = json.loads(text)
            if found["format"] != _FORMAT:
                raise _unreadable()
            receipts = [receipt_of(entry) for entry in found["receipts"]]
        except (TypeError, ValueError, KeyError, RecursionError):
            raise _unreadable() from None
        return {receipt.trial: receipt for receipt in receipts}


def _text(kept: dict[str, Receipt]) -> str:
    """Write the file."""
    receipts = [kept[trial].as_mapping() for trial in sorted(kept)]
    return canonical({"format": _FORMAT, "receipts": receipts}) + "\n"


def _unreadable() -> Refusal:
    """Say that the file is no checkpoint."""
    return refuse(
        "checkpoint",
        "a file that cannot be read as a checkpoint",
        "the file as this software wrote it",
        "Keep it as evidence and ask who changed it; verify with a receipt meanwhile",
    )


def _unwritten(receipt: Receipt, failed: OSError) -> Refusal:
    """Say that the act is recorded although its checkpoint is not kept."""
    return refuse(
        "checkpoint",
        f"happening {receipt.sequence} is recorded, but its checkpoint could not be written "
        f"({failed.strerror})",
        "a file in a folder with free space that this account may use",
        "Do not repeat the act. Make room; the next append writes the checkpoint",
    )
