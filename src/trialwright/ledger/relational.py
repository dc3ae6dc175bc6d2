"""The ledger in the tables of a database: all that does not depend on which database it is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from trialwright.conduct.happenings import Recorded
from trialwright.ledger import export, reading, rows
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.envelope import check_trial
from trialwright.ledger.findings import Discovery, Report, Tampering, discover
from trialwright.ledger.looking import Looked
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.sessions import Session
from trialwright.ledger.signing import SigningKey, VerifyingKey
from trialwright.ledger.spreading import Run, Spread, wrong_with
from trialwright.ledger.verify import verify
from trialwright.ledger.writing import Writing, check_ground, spoiled
from trialwright.terms.errors import Refusal, refuse


@dataclass(frozen=True, slots=True)
class RelationalLedger(ABC):
    """A ledger in the tables of a database.

    Attributes
    ----------
    keys : tuple of VerifyingKey
        Public keys that were ever the ledger's.
    signing : SigningKey or None
        Signs new heads; None when the ledger is only read.
    checkpoint : CheckpointFile or None
        Keeps the newest receipts outside the database.
    salts : callable
        Gives as many random bytes as asked.
    """

    keys: tuple[VerifyingKey, ...]
    signing: SigningKey | None
    checkpoint: CheckpointFile | None
    salts: Callable[[int], bytes]

    @abstractmethod
    def copy_to(self, fresh: Path) -> None:
        """Copy the ledger, as it stands at one moment, to a SQLite file.

        Parameters
        ----------
        fresh : Path
            A file that does not exist yet, in a folder that does.
        """

    @abstractmethod
    def scrub(self) -> str:
        """Take what redactions erased out of the space that the database has not used again.

        Returns
        -------
        str
            What was done, and what still holds erased values.

        Raises
        ------
        Refusal
            If the account may not.
        """

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Session]:
        """Open a session that sees one moment of the ledger and writes nothing."""

    @abstractmethod
    def _writing(self, trial: str) -> AbstractContextManager[Session]:
        """Open a session that holds the lock of a trial; it commits, or rolls back and raises."""

    def with_rows(self, use: Callable[[Session], None]) -> None:
        """Let somebody read the rows as they stand at one moment.

        Parameters
        ----------
        use : callable
            Gets a session that writes nothing.
        """
        with self._reading() as session:
            use(session)

    def trials(self) -> tuple[str, ...]:
        """Name the trials that have happenings.

        Returns
        -------
        tuple of str
            In order.
        """
        with self._reading() as session:
            return rows.trials(session)

    def head(self, trial: str) -> Receipt | None:
        """Give the newest signed head.

        Parameters
        ----------
        trial : str
            The trial.

        Returns
        -------
        Receipt or None
            None when the trial has no happening yet.
        """
        with self._reading() as session:
            last = rows.newest(session, trial)
            return next(iter(rows.heads(session, trial, last - 1)), None)

    def records(self, trial: str, after: int = 0) -> Iterator[Recorded]:
        """Give the happenings of a trial in order, without holding a lock meanwhile.

        Parameters
        ----------
        trial : str
            The trial.
        after : int
            Sequence after which to begin; 0 for all.

        Yields
        ------
        Recorded
            With the payload put together; a redacted leaf reads as null.
        """
        check_trial(trial)
        for most in reading.sizes():
            with self._reading() as session:
                found = reading.page(session, trial, after, most)
            if not found:
                return
            yield from found
            after = found[-1].sequence

    @contextmanager
    def transaction(self, trial: str) -> Iterator[Writing]:
        """Lock the ledger; commit at the end, or roll back on any exception.

        Parameters
        ----------
        trial : str
            The trial; its chain begins with the first append.

        Yields
        ------
        Writing
            To read and append.

        Raises
        ------
        Refusal
            If the ledger was opened for reading, is busy, or does not end as it was signed
            and kept.
        CheckpointNotKept
            If the append is recorded but its receipt could not be kept outside.
        """
        check_trial(trial)
        if self.signing is None:
            raise refuse(
                "ledger", "opened for reading", "opened with a signing key", "Hand in the key"
            )
        with self._writing(trial) as session:
            kept = self.checkpoint.newest(trial) if self.checkpoint is not None else None
            check_ground(session, trial, self.keys, self.signing.verifying, kept)
            opened = Writing(session, trial, self.signing, self.salts)
            yield opened
            if opened.is_spoiled or not session.is_in_transaction:
                raise spoiled()
        if opened.receipts and self.checkpoint is not None:
            self.checkpoint.keep(opened.receipts[-1])

    def verify(
        self,
        trial: str,
        *,
        receipts: Sequence[Receipt] = (),
        every_signature: bool = False,
        may_be_older: bool = False,
        run: Run | None = None,
    ) -> Report:
        """Check a trial's chain against itself, its signatures, the checkpoint and receipts.

        Parameters
        ----------
        trial : str
            The trial.
        receipts : sequence of Receipt
            That people kept, besides the checkpoint.
        every_signature : bool
            Check every signature, not that of the newest head alone.
        may_be_older : bool
            Whether this is a backup, which may end before the checkpoint.
        run : Run or None
            As `map`, of several processes that look at a long ledger and check many signatures;
            None: this one does so alone.

        Returns
        -------
        Report
            What was found, where, why, and what to do: the same, however many processes look. A
            damaged file is a discovery, too.
        """
        check_trial(trial)
        kept, wrong = self._kept(trial)
        held = partial(
            verify, trial, keys=self.keys, receipts=[*receipts, *kept],
            every_signature=every_signature, may_be_older=may_be_older, run=run or map,
        )  # fmt: skip
        try:
            report = self._spread(trial, held, run) if run is not None else None
            if report is None:
                with self._reading() as session:
                    own, report = _alone(session, trial, held)
                wrong += own
        except Refusal as refusal:
            damage = discover(Tampering.DAMAGED, 0, refusal.faults[0].found)
            return Report(trial, 0, 0, None, (*wrong, damage))
        return replace(report, discoveries=(*wrong, *report.discoveries))

    def _spread(self, trial: str, held: Callable[..., Report], run: Run) -> Report | None:
        """Verify in several processes; None where one has to look alone."""
        spread = Spread(replace(self, keys=(), signing=None, checkpoint=None), trial, run)
        if not spread.is_fit:
            return None
        others = [each for each in spread.trials if each != trial]
        report = held(spread.found(), spread.heads, others=others)
        if not spread.holds:
            return None
        return report

    def export_lines(self, trial: str) -> Iterator[str]:
        """Give everything stored of a trial as JSON Lines, as it stood at one moment.

        Parameters
        ----------
        trial : str
            The trial.

        Yields
        ------
        str
            One line without its end, values and salts included.
        """
        with self._reading() as session:
            links = rows.links(session, trial)
            heads = rows.heads(session, trial)
            lines = list(export.write_lines(trial, links, heads))
        yield from lines

    def _kept(self, trial: str) -> tuple[list[Receipt], list[Discovery]]:
        """Give the receipt of the checkpoint, or say why there is none to be had."""
        if self.checkpoint is None:
            return [], []
        try:
            kept = self.checkpoint.newest(trial)
        except Refusal as refusal:
            why = f"the checkpoint is {refusal.faults[0].found}"
            return [], [discover(Tampering.RECEIPT_UNUSABLE, 0, why)]
        return ([] if kept is None else [kept]), []


def _alone(
    session: Session, trial: str, held: Callable[..., Report]
) -> tuple[list[Discovery], Report]:
    """Verify in one session; give what is wrong with the database beside the report."""
    heads, trials = rows.heads(session, trial), rows.trials(session)
    others = [each for each in trials if each != trial]
    looked, report = Looked(session, trial), None
    if not others:  # where all fields are read, the look at their index is spared
        fields = session.fields()
        if not wrong_with(session, besides_fields=True):
            report = held(looked, heads, others=others)
            if fields in (None, looked.fields):
                return [], report
    own = wrong_with(session)
    if not own:
        return [], report or held(looked, heads, others=others)
    # types of values are in doubt: each is read by itself
    return own, held(rows.links(session, trial), heads, others=others)
