"""Tumour lesions of one participant: what was seen at baseline and at each assessment.

The words are those of the CDISC oncology codelists (`PRESENT`, `TOO SMALL TO MEASURE`, `NE`), so
that an export is a renaming. Diameters are exact: millimetres as `Decimal`, at most three
decimals; longest diameter, or short axis for a lymph node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.sources import Source

LARGEST_MM = 1000
"""No lesion of a person measures more; a larger number is a wrong unit."""


class Response(StrEnum):
    """A tumour response in the words of RECIST 1.1; NE is an answer, not a gap."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"
    NE = "NE"
    NON_CR_NON_PD = "NON-CR/NON-PD"


class TargetWord(StrEnum):
    """What is said of a target lesion that has no diameter."""

    ABSENT = "ABSENT"
    TOO_SMALL = "TOO SMALL TO MEASURE"
    NOT_EVALUATED = "NE"


class NonTargetWord(StrEnum):
    """What is said of a non-target lesion."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    UNEQUIVOCAL_PROGRESSION = "UNEQUIVOCAL PROGRESSION"
    NOT_EVALUATED = "NE"


class Certainty(StrEnum):
    """How sure the reader is that a finding is a new malignant lesion."""

    EQUIVOCAL = "EQUIVOCAL"
    UNEQUIVOCAL = "UNEQUIVOCAL"


class Marker(StrEnum):
    """Where the tumour marker stands, when one is followed."""

    NORMAL = "NORMAL"
    ABOVE_NORMAL = "ABOVE NORMAL"
    NOT_EVALUATED = "NE"
    NOT_FOLLOWED = "NOT FOLLOWED"


@dataclass(frozen=True, slots=True)
class Split:
    """A target lesion that fell into fragments.

    Attributes
    ----------
    fragments : tuple of Decimal, mm
        Diameter of each fragment, in any order; at least two.
    """

    fragments: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        """Refuse a split into fewer than two measured fragments."""
        if len(self.fragments) < 2:
            raise refuse(
                "fragments",
                f"{len(self.fragments)} fragments",
                "two or more diameters in mm",
                "Give each fragment, or the one diameter",
            )
        require_lengths(self.fragments, "fragments")


@dataclass(frozen=True, slots=True)
class Merged:
    """A target lesion that grew together with another one.

    Attributes
    ----------
    into : str
        Label of the target lesion that carries the diameter of both.
    """

    into: str


TargetReading: TypeAlias = Decimal | TargetWord | Split | Merged
"""One reading of a target lesion: a diameter in mm, a word, fragments, or merged."""

NonTargetReading: TypeAlias = Decimal | NonTargetWord
"""One reading of a non-target lesion: a word, or the short axis of a lymph node in mm."""


@dataclass(frozen=True, slots=True)
class TargetLesion:
    """A target lesion as measured at baseline.

    Attributes
    ----------
    label : str
        Name of the lesion in this participant, e.g. `T1`.
    site : str
        Organ, e.g. `LIVER`.
    is_node : bool
        Whether it is a lymph node, measured by its short axis.
    mm : Decimal, mm
        Longest diameter, or short axis for a node; above 0.
    """

    label: str
    site: str
    is_node: bool
    mm: Decimal

    def __post_init__(self) -> None:
        """Refuse a diameter that cannot be one."""
        require_lengths((self.mm,), f"{self.label}.mm")
        if not self.mm:
            raise refuse(
                f"{self.label}.mm",
                "0 mm at baseline",
                "a diameter above 0 mm",
                "Measure the lesion, or leave it out of the targets",
            )


@dataclass(frozen=True, slots=True)
class NonTargetLesion:
    """A non-target lesion as listed at baseline.

    Attributes
    ----------
    label : str
        Name of the lesion in this participant, e.g. `N1`.
    site : str
        Organ, e.g. `BONE`; empty when not recorded.
    is_node : bool
        Whether it is a lymph node.
    """

    label: str
    site: str
    is_node: bool


@dataclass(frozen=True, slots=True)
class TumourBaseline:
    """All disease before treatment.

    Attributes
    ----------
    on : date
        Day of the baseline imaging; the last day when it took several.
    targets : tuple of TargetLesion
        Empty when nothing was measurable.
    nontargets : tuple of NonTargetLesion
        All other disease.
    source : Source
        Where it stands.
    method : str
        Imaging method, e.g. `CT SCAN`; empty when not recorded.
    """

    on: date
    targets: tuple[TargetLesion, ...]
    nontargets: tuple[NonTargetLesion, ...]
    source: Source
    method: str = ""

    def __post_init__(self) -> None:
        """Refuse two lesions under one label."""
        labels = [lesion.label for lesion in self.targets]
        labels += [lesion.label for lesion in self.nontargets]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            raise Refusal(
                Fault(label, "two lesions have this label", "one label a lesion", "Rename one")
                for label in twice
            )


@dataclass(frozen=True, slots=True)
class NewLesion:
    """A finding that was not there at baseline.

    Attributes
    ----------
    certainty : Certainty
        Whether the reader takes it for a new malignant lesion without doubt.
    site : str
        Organ; empty when not recorded.
    label : str
        Name of the finding, to follow it from one assessment to the next; may be empty.
    """

    certainty: Certainty
    site: str = ""
    label: str = ""

    def is_same_as(self, other: "NewLesion") -> bool:
        """Say whether two assessments speak of one finding.

        Parameters
        ----------
        other : NewLesion
            The finding of another assessment.

        Returns
        -------
        bool
            By label when both have one, else by site.
        """
        if self.label and other.label:
            return self.label == other.label
        return self.site.casefold() == other.site.casefold()


@dataclass(frozen=True, slots=True)
class TumourAssessment:
    """One tumour assessment after baseline.

    Attributes
    ----------
    on : date
        Day of the assessment; the last day when it took several.
    targets : mapping of str to TargetReading
        By label. A target that is left out was not evaluated.
    nontargets : mapping of str to NonTargetReading
        By label. A non-target lesion that is left out was not evaluated.
    new_lesions : tuple of NewLesion or None
        Empty when somebody looked and found none; None when nobody could look.
    source : Source
        Where it stands.
    marker : Marker
        Level of the tumour marker, when one is followed.
    method : str
        Imaging method; empty when not recorded.
    recorded_overall : Response or None
        Overall response that the investigator wrote down; None when none was.
    """

    on: date
    targets: Mapping[str, TargetReading]
    nontargets: Mapping[str, NonTargetReading]
    new_lesions: tuple[NewLesion, ...] | None
    source: Source
    marker: Marker = Marker.NOT_FOLLOWED
    method: str = ""
    recorded_overall: Response | None = None

    def __post_init__(self) -> None:
        """Refuse diameters that cannot be ones, all at once."""
        faults: list[Fault] = []
        for readings in (self.targets, self.nontargets):
            for label, reading in readings.items():
                if isinstance(reading, Decimal):
                    faults.extend(_length_faults((reading,), label))
        if faults:
            raise Refusal(faults)


def require_lengths(diameters: tuple[Decimal, ...], where: str) -> None:
    """Refuse what is no diameter of a lesion.

    Parameters
    ----------
    diameters : tuple of Decimal, mm
        As measured.
    where : str
        Path of the value, for the message.

    Raises
    ------
    Refusal
        If one is negative, longer than `LARGEST_MM`, or finer than 0.001 mm.
    """
    faults = _length_faults(diameters, where)
    if faults:
        raise Refusal(faults)


def _length_faults(diameters: tuple[Decimal, ...], where: str) -> list[Fault]:
    """Name each number that is no diameter: negative, too long, finer than 0.001 mm."""
    return [
        Fault(
            where,
            f"{shorten(mm)} mm",
            f"0 to {LARGEST_MM} mm with at most three decimals",
            "Correct the number, or turn it into mm",
        )
        for mm in diameters
        if not _is_length(mm)
    ]


def _is_length(mm: Decimal) -> bool:
    """Say whether a number is a diameter that can be added exactly."""
    exponent = mm.as_tuple().exponent
    if not mm.is_finite() or not isinstance(exponent, int) or not -30 <= exponent <= 3:
        return False
    return 0 <= mm <= LARGEST_MM and (Fraction(mm) * 1000).denominator == 1
