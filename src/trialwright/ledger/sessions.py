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

    def guards_stand(self) -> bool:
        """Say whether tables and triggers are those that this software made.

        Returns
        -------
        bool
            False when anything was added, dropped or changed.
        """
        ...

    def damage(self) -> str:
        """Look for damage that the database itself can see.

        Returns
        -------
        str
            What it finds first; empty when it finds none.
        """
        ...
