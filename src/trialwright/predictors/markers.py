"""What is put into every test: participants, a marker, and what became of them.

Columns are tuples with one entry for each participant of the cohort, in the cohort's order.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trialwright.terms.errors import Fault, Refusal

Call = Literal[
    "altered",
    "not altered",
    "germline",
    "suspected clonal haematopoiesis",
    "undetermined",
    "not covered",
    "failed",
    "not assayed",
]
"""What an assay says of a participant's marker; only the first two count in a test."""

ASSAYED: tuple[Call, ...] = ("altered", "not altered")

Answer = Literal["yes", "no", "not yet", "not evaluable"]
"""Whether a participant attained an endpoint; only the first two count in a test."""

ANSWERED: tuple[Answer, ...] = ("yes", "no")

Label = Literal["pre-specified", "exploratory, hypothesis-generating"]
"""Whether the protocol names the marker beforehand; no other result confirms anything."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The participants of an analysis set.

    Attributes
    ----------
    name : str
        The analysis set, e.g. `response-evaluable`.
    numbers : tuple of str, shape (participants,)
        Study numbers, each once.
    arms : tuple of str, shape (participants,)
        Arm of each: the strata of permutations and of stratified tests.
    covariates : mapping of str to tuple of float, shape (participants,)
        What estimates are adjusted for beside the arm, e.g. `dose level`, and
        `prior CDK4/6 inhibitor` as 0 and 1.
    """

    name: str
    numbers: tuple[str, ...]
    arms: tuple[str, ...]
    covariates: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse columns of other lengths, and a participant who stands there twice."""
        columns = {"arms": self.arms, **{f"covariates.{k}": v for k, v in self.covariates.items()}}
        faults = _of_other_length(columns, len(self.numbers))
        twice = [number for number, count in Counter(self.numbers).items() if count > 1]
        if twice:
            faults.append(
                Fault(
                    "numbers",
                    f"{', '.join(twice)} more than once",
                    "each participant once",
                    "Give one row for a participant",
                )
            )
        if faults:
            raise Refusal(faults)

    @property
    def size(self) -> int:
        """How many participants there are."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of every participant.

    Attributes
    ----------
    name : str
        E.g. `PIK3CA` or `ctDNA decrease`.
    family : str
        Markers corrected together, e.g. `tissue DNA`, `cell-free DNA` or `protein`.
    calls : tuple of Call, shape (participants,)
        What the assay says; `not assayed` is never `not altered`.
    label : {'pre-specified', 'exploratory, hypothesis-generating'}
        Printed with every result.
    landmark_day : int or None
        Study day by which an on-treatment marker is known; None for a marker known on day 1.
    lacking : tuple of str, shape (participants,) or empty
        Why there is no call, where more is known than the call says, e.g. `specimen taken after
        the landmark`; participants who are left out are counted by it.
    """

    name: str
    family: str
    calls: tuple[Call, ...]
    label: Label = "exploratory, hypothesis-generating"
    landmark_day: int | None = None
    lacking: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a landmark that lies before treatment."""
        if self.landmark_day is not None and self.landmark_day < 1:
            raise Refusal(
                [
                    Fault(
                        "landmark_day",
                        f"{self.landmark_day}",
                        "a study day from 1",
                        "Leave it out for a marker known before treatment",
                    )
                ]
            )


@dataclass(frozen=True, slots=True)
class Responses:
    """Whether each participant attained an endpoint, e.g. objective response.

    Attributes
    ----------
    endpoint : str
        Its name.
    answers : tuple of Answer, shape (participants,)
        `not yet` and `not evaluable` are left out and counted.
    """

    endpoint: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """Time to an event of each participant, e.g. progression-free survival.

    Attributes
    ----------
    endpoint : str
        Its name.
    days : tuple of (int or None), shape (participants,)
        Whole days from day 1 to event or censoring; None: never followed, left out and counted.
        Months would make near ties of equal days, which estimates take for different.
    had_event : tuple of bool, shape (participants,)
        True where the time ended with the event.
    """

    endpoint: str
    days: tuple[int | None, ...]
    had_event: tuple[bool, ...]

    def __post_init__(self) -> None:
        """Refuse days that are not whole, and columns of different length."""
        faults = _of_other_length({"had_event": self.had_event}, len(self.days))
        faults += [
            Fault(
                f"days.{place}",
                f"{day}",
                "a whole number of days from 0",
                "Give days as they were counted, not months turned back into days",
            )
            for place, day in enumerate(self.days)
            if day is not None and (day != int(day) or day < 0)
        ]
        if faults:
            raise Refusal(faults)


def same_length(cohort: Cohort, columns: Mapping[str, tuple[object, ...]]) -> None:
    """Refuse columns that do not have one entry for each participant.

    Parameters
    ----------
    cohort : Cohort
        The participants.
    columns : mapping of str to tuple
        Columns by their names.

    Raises
    ------
    Refusal
        Naming every column of another length.
    """
    faults = _of_other_length(columns, cohort.size)
    if faults:
        raise Refusal(faults)


def _of_other_length(columns: Mapping[str, tuple[object, ...]], size: int) -> list[Fault]:
    """Name each column that has not one entry for each participant."""
    return [
        Fault(
            name,
            f"{len(column)} entries",
            f"{size}, one for each participant",
            "Give every participant in the order of the cohort",
        )
        for name, column in columns.items()
        if len(column) != size
    ]
