"""What the ledger needs of a connection to its tables, whatever database holds them."""

from collections.abc import Sequence
from typing import Any, Protocol


class Session(Protocol):
    """One connection to the tables of a ledger.

    What a database reports is turned into a refusal that says what to do; a constraint that is
    broken stays the error it is, for that is a fault of the software.
    """

    @property
    def is_in_transaction(self) -> bool:
        """Whether a transaction is open that can still be committed."""
        ...

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement.

        Parameters
        ----------
        statement : str
            With `?` for each value.
        values : sequence of object
            Text, whole numbers and nulls.

        Returns
        -------
        list of tuple
            The rows it gives; empty when it gives none.

        Raises
        ------
        Refusal
            If the database is busy, full, read-only, damaged or gone.
        """
        ...

    def run_each(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement that gives nothing for each row of values.

        Parameters
        ----------
        statement : str
            With `?` for each value.
        rows : sequence of sequence of object
            Values of each run.

        Raises
        ------
        Refusal
            As `run`.
        """
        ...

    def sealed(self, trial: str, first: int, last: int) -> list[tuple[int, int, str, str, str]]:
        """Give the fields of happenings, to be verified.

        Parameters
        ----------
        trial : str
            The trial.
        first, last : int
            Sequences of the first happening and the last.

        Returns
        -------
        list of tuple
            For each happening with fields its sequence, their number, and their paths, salts and
            values; salts joined by `statements.GAP`, the others by `statements.SEAM`. A database
            that keeps a field in several places leaves out what differs between them.

        Raises
        ------
        Refusal
            As `run`.
        """
        ...

    def guards_stand(self) -> bool:
        """Say whether tables and triggers are those that this software made.

        Returns
        -------
        bool
            False when anything was added, dropped or changed.
        """
        ...

    def fields(self) -> int | None:
        """Count the fields of all happenings of all trials.

        Returns
        -------
        int or None
            None where the database keeps a field in one place, and no look for damage is spared by
            knowing that `sealed` gave them all.

        Raises
        ------
        Refusal
            As `run`.
        """
        ...

    def damage(self, *, besides_fields: bool = False) -> str:
        """Look for damage that the database itself can see.

        Parameters
        ----------
        besides_fields : bool
            Whether to leave out what `sealed` sees, where it gives all `fields`.

        Returns
        -------
        str
            What it finds first; empty when it finds none.

        Raises
        ------
        Refusal
            As `run`.
        """
        ...
