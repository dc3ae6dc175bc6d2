"""The marker table: participants by markers, each cell with its state and its reason."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from trialwright.terms.errors import refuse, shorten
from trialwright.terms.markers import Family

EXPLORATORY = "exploratory, hypothesis-generating"
"""The words beside every marker that the protocol did not name beforehand."""


class CellState(StrEnum):
    """What is known of one marker in one participant."""

    ALTERED = "altered"
    NOT_ALTERED = "not altered"
    GERMLINE = "germline"
    SUSPECTED_HAEMATOPOIESIS = "suspected clonal haematopoiesis"
    UNDETERMINED = "undetermined"
    NOT_COVERED = "not covered"
    FAILED = "failed"
    NOT_ASSAYED = "not assayed"

    @property
    def is_known(self) -> bool:
        """Whether the participant stands in the denominator: altered, or not altered."""
        return self in (CellState.ALTERED, CellState.NOT_ALTERED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One marker in one participant.

    Attributes
    ----------
    state : CellState
        What is known.
    because : str
        One sentence.
    specimen : str
        Id of the material it rests on; empty when there is none.
    lacking : str
        What a specimen lacks to count at a landmark, in words that name no specimen, so that
        participants can be counted by them; empty otherwise.
    """

    state: CellState
    because: str
    specimen: str = ""
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class MarkerColumn:
    """A marker as the table holds it.

    Attributes
    ----------
    id : str
        Short name, unique in the table.
    says : str
        The marker in words.
    family : {'tissue DNA', 'cfDNA', 'IHC'}
        Within which tests are corrected.
    is_prespecified : bool
        Whether the protocol named it before anybody looked.
    rule : str
        Name of the rule by which a participant is altered.
    label : str
        Words to show beside it: where its definition is illustrative, or that it is exploratory.
    landmark_day : int or None, study day
        Day by which a marker measured on treatment is known; None for one known on day 1.
    """

    id: str
    says: str
    family: Family
    is_prespecified: bool
    rule: str
    label: str = ""
    landmark_day: int | None = None


@dataclass(frozen=True, slots=True)
class MarkerCounts:
    """How the participants of the analysis set stand to one marker; the states add up to them.

    Attributes
    ----------
    participants : int
        Of the analysis set.
    states : mapping of CellState to int
        Every state, also those of nobody.
    """

    participants: int
    states: Mapping[CellState, int]

    @property
    def altered(self) -> int:
        """Participants who are altered."""
        return self.states[CellState.ALTERED]

    @property
    def known(self) -> int:
        """Participants who are altered or not altered: the denominator."""
        return self.altered + self.states[CellState.NOT_ALTERED]

    @property
    def assayed(self) -> int:
        """Participants of whom a specimen gave a result that covers the marker, known or not."""
        unseen = (CellState.NOT_COVERED, CellState.FAILED, CellState.NOT_ASSAYED)
        return self.participants - sum(self.states[each] for each in unseen)


@dataclass(frozen=True, slots=True)
class MarkerTable:
    """Participants of an analysis set by markers.

    Attributes
    ----------
    participants : tuple of str
        Study numbers, in the order of the analysis set; everybody in it has a row.
    markers : tuple of MarkerColumn
        In the order of the protocol, exploratory ones after them.
    cells : tuple of tuple of Cell, shape (participants, markers)
        What is known of each.

    Raises
    ------
    ValueError
        If the cells have another shape, or a name stands twice.
    """

    participants: tuple[str, ...]
    markers: tuple[MarkerColumn, ...]
    cells: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a table with holes."""
        names = [each.id for each in self.markers]
        if len(set(names)) < len(names) or len(set(self.participants)) < len(self.participants):
            raise ValueError("a marker or a participant stands in the table twice")
        if [len(row) for row in self.cells] != [len(names)] * len(self.participants):
            raise ValueError("the cells are not one for each participant and marker")

    def column(self, marker: str) -> tuple[Cell, ...]:
        """Give a marker in every participant.

        Parameters
        ----------
        marker : str
            Its id.

        Returns
        -------
        tuple of Cell, length of participants
            In the order of the participants.

        Raises
        ------
        Refusal
            If the table has no such marker.
        """
        for place, each in enumerate(self.markers):
            if each.id == marker:
                return tuple(row[place] for row in self.cells)
        known = ", ".join(each.id for each in self.markers)
        raise refuse("marker", shorten(marker), known or "none", "Name a marker of the table")

    def altered(self, marker: str) -> tuple[bool | None, ...]:
        """Say who is altered.

        Parameters
        ----------
        marker : str
            Its id.

        Returns
        -------
        tuple of (bool or None), length of participants
            None for everybody who is not in the denominator.

        Raises
        ------
        Refusal
            If the table has no such marker.
        """
        return tuple(
            cell.state is CellState.ALTERED if cell.state.is_known else None
            for cell in self.column(marker)
        )

    def counts(self, marker: str) -> MarkerCounts:
        """Count the participants by what is known of them.

        Parameters
        ----------
        marker : str
            Its id.

        Returns
        -------
        MarkerCounts
            Whose states add up to the participants.

        Raises
        ------
        Refusal
            If the table has no such marker.
        """
        found = Counter(cell.state for cell in self.column(marker))
        states = MappingProxyType({state: found[state] for state in CellState})
        return MarkerCounts(len(self.participants), states)
