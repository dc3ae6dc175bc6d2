"""Rows of many persons, table by table, put together person by person as they come."""

from collections.abc import Iterable, Iterator, Mapping

from trialwright.intake.omop_cells import Row
from trialwright.intake.omop_episodes import Rows
from trialwright.terms.errors import Refusal, refuse

PERSON = "person"
"""The table that says which persons there are."""


def by_person(tables: Mapping[str, Iterable[Row]]) -> Iterator[Rows]:
    """Put the rows of each person together, without holding more than one person.

    Parameters
    ----------
    tables : mapping of str to iterable of mapping
        Table to its rows, each in the order of `person_id`; needs the table `person`. The model
        gives rows of `episode_event` none: they come with that of their episode.

    Yields
    ------
    mapping of str to sequence of mapping
        Table to the rows of one person, in the order of the table `person`.

    Raises
    ------
    Refusal
        If there is no table `person`, rows are not in order, or rows belong to nobody in it.
    """
    if PERSON not in tables:
        raise refuse("tables", "no table person", "the tables of OMOP CDM 5.4", "Add it")
    readers = {name: _Table(name, rows) for name, rows in tables.items()}
    persons = readers.pop(PERSON)
    while persons.next_id is not None:
        person_id = persons.next_id
        rows = {PERSON: persons.of(person_id)}
        for name, reader in readers.items():
            found = reader.of(person_id)
            if found:
                rows[name] = found
        yield rows
    for reader in readers.values():
        if reader.next_id is not None:
            raise reader.nobodys()


class _Table:
    """The rows of one table, read as far as they are asked for."""

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        self._name, self._rows = name, iter(rows)
        self._row: Row | None = None
        self.next_id: int | None = None
        self._read()

    def of(self, person_id: int) -> list[Row]:
        """Give the rows of a person, which are the next ones if there are any."""
        if self.next_id is not None and self.next_id < person_id:
            raise self.nobodys()
        found = []
        while self._row is not None and self.next_id == person_id:
            found.append(self._row)
            self._read()
        return found

    def nobodys(self) -> Refusal:
        """Say that the next row belongs to nobody."""
        return refuse(
            f"{self._name}.person_id",
            "rows of nobody in the table person",
            "persons of the table person",
            "Export the tables together",
        )

    def _read(self) -> None:
        """Read one row further."""
        before = self.next_id
        self._row = next(self._rows, None)
        self.next_id = None if self._row is None else int(self._row["person_id"])
        if before is not None and self.next_id is not None and self.next_id < before:
            raise refuse(
                f"{self._name}.person_id",
                "rows that are not in order",
                "each table in the order of person_id",
                "Sort the rows",
            )
