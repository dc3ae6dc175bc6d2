"""What somebody wants to import, and what that would record."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from trialwright.assembly.gateway import Step
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.markers import TimePoint
from trialwright.terms.sources import Source

DOOR = "import"
"""Door through which imported entries come."""

Sees = Callable[[ParticipantState], bool]
"""Whether somebody may look at a participant."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a file would record.

    Attributes
    ----------
    file, digest : str
        Its name and its SHA-256.
    mapping : str
        SHA-256 of the mapping; empty for a bundle.
    rows : int
        Rows of a table, or entries of a bundle.
    steps : tuple of Step
        Acts in order.
    recorded : int
        Rows of those acts.
    duplicates : tuple of str
        Rows that add nothing, each with why.
    left_aside : mapping of str to int
        Rows left aside, by reason.
    notes : tuple of str
        Of a bundle: its resources, and those left aside.
    has_proposed : bool
        Whether a time point is proposed for material, and not taken yet.
    """

    file: str
    digest: str
    mapping: str
    rows: int
    steps: tuple[Step, ...]
    recorded: int
    duplicates: tuple[str, ...]
    left_aside: Mapping[str, int]
    notes: tuple[str, ...] = ()
    has_proposed: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """What was read and what becomes of it, in lines."""
        aside = sum(self.left_aside.values())
        return (
            f"{self.file}, SHA-256 {self.digest}",
            *((f"mapping, SHA-256 {self.mapping}",) if self.mapping else ()),
            *self.notes,
            f"{self.rows} read = {self.recorded} to record + {len(self.duplicates)} that add "
            f"nothing + {aside} left aside",
            *(f"adds nothing: {each}" for each in self.duplicates),
            *(f"left aside: {count} x {why}" for why, count in sorted(self.left_aside.items())),
        )


class PartlyPlannedError(Refusal):
    """Some rows of a file keep all of it out; what the others would record is planned.

    Attributes
    ----------
    faults : tuple of Fault
        Of rows that cannot be read, contradict each other, or are of nobody whom the importer may
        look at.
    planned : Import
        What the other rows would record, without what may rest on a row that is missing. It is only
        rehearsed.
    """

    def __init__(self, faults: Iterable[Fault], planned: Import) -> None:
        super().__init__(faults)
        self.planned = planned


def planned_beside(faults: Sequence[Fault], make: Callable[[], Import]) -> Import:
    """Plan an import; where anything keeps the file out, say what the rest would record.

    Parameters
    ----------
    faults : sequence of Fault
        Of what keeps it out already.
    make : callable () -> Import
        Plans the rest; it may refuse more of it by a `PartlyPlannedError`.

    Returns
    -------
    Import
        What the whole file would record.

    Raises
    ------
    PartlyPlannedError
        With every fault, if there is any.
    """
    try:
        planned = make()
    except PartlyPlannedError as partly:
        faults, planned = [*faults, *partly.faults], partly.planned
    if faults:
        raise PartlyPlannedError(faults, planned)
    return planned


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody wants to import.

    Attributes
    ----------
    file : Path
        A table (CSV or workbook), or FHIR records.
    kind : str
        `facts`, a kind of entries, `fhir`, or a kind of table about biomarkers.
    mapping : Path or None
        What the columns of a table mean.
    participant : str
        Whose records a FHIR file holds.
    on : date
        Day of entry.
    times : mapping of str to TimePoint
        When new material of a FHIR file was taken, by its label, as a person says.
    takes_proposed : bool
        Whether a person confirmed the time points that are proposed for other new material.
    """

    file: Path
    kind: str
    mapping: Path | None
    participant: str
    on: date
    times: Mapping[str, TimePoint] = field(default_factory=dict)
    takes_proposed: bool = False


def source_of(digest: str, mapped: str, line: int) -> dict[str, Any]:
    """Give the source of an entry.

    Parameters
    ----------
    digest : str
        SHA-256 of the file.
    mapped : str
        SHA-256 of the mapping; empty without one.
    line : int
        Line of the file; 0: the file as a whole.

    Returns
    -------
    dict of str to Any
        Door, file, line and mapping.
    """
    source = {"door": DOOR, "file": digest, "line": line}
    return {**source, "mapping": mapped} if mapped else source


def require_seen(
    state: TrialState, rows: Iterable[tuple[int, str]], file: str, sees: Sees | None
) -> None:
    """Refuse rows of participants of other sites, as those of nobody.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    rows : iterable of (int, str)
        Line and study number of each.
    file : str
        Name of the file.
    sees : callable (ParticipantState) -> bool, or None
        Whom the importer may look at; None: everybody.

    Raises
    ------
    Refusal
        With every row of somebody else.
    """
    faults = [*unseen(state, rows, file, sees)]
    if faults:
        raise Refusal(faults)


def unseen(
    state: TrialState, rows: Iterable[tuple[int, str]], file: str, sees: Sees | None
) -> Iterator[Fault]:
    """Name rows of participants of other sites, as those of nobody.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    rows : iterable of (int, str)
        Line and study number of each.
    file : str
        Name of the file.
    sees : callable (ParticipantState) -> bool, or None
        Whom the importer may look at; None: everybody.

    Yields
    ------
    Fault
        One for each row of somebody else.
    """
    for line, number in rows:
        if not is_seen(state, number, sees):
            yield Fault("participant", "nobody of your site by this number",
                        "a participant who consented there",
                        "Correct the study number, or take the row out", file, line)  # fmt: skip


def is_seen(state: TrialState, number: str, sees: Sees | None) -> bool:
    """Say whether anything may be told of a study number.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    number : str
        As a file gives it.
    sees : callable (ParticipantState) -> bool, or None
        Whom the importer may look at; None: everybody.

    Returns
    -------
    bool
        False of nobody, and of somebody elsewhere, where not everybody may be looked at.
    """
    here = state.participants.get(number)
    return sees is None or (here is not None and sees(here))


def plain(fact: Any) -> Any:
    """Give a fact without where it stands, to be compared.

    Parameters
    ----------
    fact : Any
        With a field `source`.

    Returns
    -------
    Any
        Equal for two facts that say the same.
    """
    return replace(fact, source=Source("", ""))
