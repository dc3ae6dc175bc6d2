"""Scopes: what a query, a verification, a freeze or a lock is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Level = Literal["data point", "form", "participant", "trial"]
"""How much a scope takes in, from least to most."""

PART_OF: Mapping[str, str] = MappingProxyType(
    {
        "facts_recorded": "casebook",
        "attested": "casebook",
        "doses_recorded": "doses",
        "adverse_event_recorded": "adverse_events",
        "tumour_baseline_recorded": "baseline",
        "tumour_assessed": "assessments",
        "form_recorded": "casebook",
        **dict.fromkeys(
            ("central_baseline_recorded", "central_assessed", "adjudicated"), "central_review"
        ),
        **dict.fromkeys(
            ("materials_recorded", "sequencing_recorded", "stain_recorded"), "biomarkers"
        ),
        **dict.fromkeys(
            ("screen_failed", "visit_recorded", "medicine_recorded", "drug_counted",
             "progression_recorded", "therapy_recorded", "survival_contacted",
             "pregnancy_recorded", "treatment_ended", "study_ended", "died", "cycle_delayed"),
            "course",
        ),
    }
)  # fmt: skip
"""Act of an entry to the form it is an entry of: a part of the participant's state, by its name."""


WHOLE = frozenset({"event", "entry", "baseline", "assessment", "run", "stain"})
"""Names in a payload that hold the whole entry, and need no word."""


def in_words(path: str) -> str:
    """Say the path of a field as people do.

    Parameters
    ----------
    path : str
        In a happening or in what is shown, e.g. `payload/observations/#0/value`.

    Returns
    -------
    str
        Names from the outside in, lists with the place of a line: `observations 1, value`; `the
        whole entry` where no field is named.
    """
    steps, words = path.removeprefix("payload").strip("/").split("/"), list[str]()
    for step in steps[1:] if len(steps) > 1 and steps[0] in WHOLE else steps:
        name, number = step.replace("_", " ").replace("-", " "), step.removeprefix("#")
        if number.isdecimal() and words:
            words[-1] += f" {int(number) + 1}"
        elif name and words[-1:] != [name]:
            words.append(name)
    return ", ".join(words) or "the whole entry"


@dataclass(frozen=True, slots=True)
class Scope:
    """A place in the trial's data; what is left empty widens it.

    Attributes
    ----------
    participant : str
        Study number; empty: the whole trial.
    part : str
        A form: a part of the participant's state by its name, e.g. `adverse_events`; for a data
        point the form of its entry.
    sequence : int
        The happening that holds a data point; 0: a whole form or more.
    field : str
        Path of the data point in it, e.g. `payload/event/grade`.
    """

    participant: str = ""
    part: str = ""
    sequence: int = 0
    field: str = ""

    @property
    def level(self) -> Level:
        """How much it takes in."""
        if self.sequence:
            return "data point"
        if self.part:
            return "form"
        return "participant" if self.participant else "trial"

    def covers(self, other: "Scope") -> bool:
        """Say whether a scope is, or lies in, this one.

        Parameters
        ----------
        other : Scope
            The one that may lie in it.

        Returns
        -------
        bool
            A field covers what stands inside it.
        """
        match self.level:
            case "trial":
                return True
            case "participant":
                return self.participant == other.participant
            case "form":
                return (self.participant, self.part) == (other.participant, other.part)
        is_same = (self.participant, self.sequence) == (other.participant, other.sequence)
        return is_same and f"{other.field}/".startswith(f"{self.field}/")

    def __str__(self) -> str:
        """Name the place."""
        match self.level:
            case "trial":
                return "the trial"
            case "participant":
                return self.participant
            case "form":
                return f"{in_words(self.part)} of {self.participant}"
        return f"{in_words(self.field)} in entry {self.sequence} of {self.participant}"
