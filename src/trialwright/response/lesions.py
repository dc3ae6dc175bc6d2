"""Each target lesion at one visit: what it adds to the sum, and whether it is gone.

Diameters become whole numbers of 0.001 mm here, so that no sum and no limit is rounded.
Sections named are those of RECIST 1.1 [1]_.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from trialwright.casebook.tumours import (
    Merged,
    Split,
    TargetLesion,
    TargetReading,
    TargetWord,
    TumourAssessment,
    TumourBaseline,
)

MICROMETRES = 1000
"""Whole units in one millimetre; three decimals are the finest reading accepted."""

NORMAL_NODE_BELOW = 10 * MICROMETRES
"""A node with a short axis below 10 mm is not pathological (section 3.1)."""

TOO_SMALL_COUNTS = 5 * MICROMETRES
"""A target lesion too small to measure counts 5 mm (section 4.3.2)."""


@dataclass(frozen=True, slots=True)
class LesionSize:
    """A target lesion at one visit.

    Attributes
    ----------
    label : str
        Name of the lesion.
    is_node : bool
        Whether it is a lymph node.
    adds : int or None, 0.001 mm
        What it adds to the sum: 0 when merged into another lesion; None when not evaluated.
    extent : int or None, 0.001 mm
        Its own size, or that of the lesion it merged into; None when not evaluated.
    says : str
        The reading in words.
    """

    label: str
    is_node: bool
    adds: int | None
    extent: int | None
    says: str

    @property
    def is_evaluated(self) -> bool:
        """Whether anything is known of its size."""
        return self.extent is not None

    @property
    def is_gone(self) -> bool:
        """Whether it meets complete response: absent, or a node under 10 mm (section 4.3.1)."""
        if self.extent is None:
            return False
        return self.extent < NORMAL_NODE_BELOW if self.is_node else self.extent == 0


def micrometres(mm: Decimal) -> int:
    """Turn a diameter into whole units of 0.001 mm.

    Parameters
    ----------
    mm : Decimal, mm
        With at most three decimals, as the casebook accepts them.

    Returns
    -------
    int, 0.001 mm
        The same length, exactly.
    """
    return int(mm * MICROMETRES)


def millimetres(length: int) -> Decimal:
    """Turn whole units of 0.001 mm back into a diameter.

    Parameters
    ----------
    length : int, 0.001 mm
        A length, a sum or a difference, which may be below 0.

    Returns
    -------
    Decimal, mm
        Without trailing zeros.
    """
    return Decimal(_written(length))


def in_words(length: int) -> str:
    """Say a length, e.g. `23.31 mm`.

    Parameters
    ----------
    length : int, 0.001 mm
        A length, a sum or a difference, which may be below 0.

    Returns
    -------
    str
        With its unit.
    """
    return f"{_written(length)} mm"


@lru_cache(maxsize=4096)
def _written(length: int) -> str:
    """Write a length in mm without trailing zeros."""
    whole, rest = divmod(abs(length), MICROMETRES)
    sign = "-" if length < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0") if rest else f"{sign}{whole}"


def baseline_sizes(baseline: TumourBaseline) -> tuple[LesionSize, ...]:
    """Give the target lesions as measured at baseline.

    Parameters
    ----------
    baseline : TumourBaseline
        All disease before treatment.

    Returns
    -------
    tuple of LesionSize
        In the order of the baseline.
    """
    return tuple(_size(lesion, lesion.mm, lesion.label) for lesion in baseline.targets)


def lesion_sizes(baseline: TumourBaseline, assessment: TumourAssessment) -> tuple[LesionSize, ...]:
    """Give every baseline target lesion as seen at one assessment.

    Parameters
    ----------
    baseline : TumourBaseline
        Names the target lesions.
    assessment : TumourAssessment
        The readings; lesions it does not name were not evaluated.

    Returns
    -------
    tuple of LesionSize
        In the order of the baseline.
    """
    sizes, known = [], {lesion.label for lesion in baseline.targets}
    for lesion in baseline.targets:
        carrier = carrier_of(lesion.label, assessment)
        reading = assessment.targets.get(carrier, TargetWord.NOT_EVALUATED)
        if isinstance(reading, Merged) or carrier not in known:
            reading = TargetWord.NOT_EVALUATED
        sizes.append(_size(lesion, reading, carrier))
    return tuple(sizes)


def carrier_of(label: str, assessment: TumourAssessment) -> str:
    """Find the lesion that carries the diameter of a merged one.

    Parameters
    ----------
    label : str
        A target lesion.
    assessment : TumourAssessment
        The readings.

    Returns
    -------
    str
        The label itself unless it merged; in a circle of mergers, a lesion that is merged too.
    """
    reading: TargetReading | None = assessment.targets.get(label)
    if not isinstance(reading, Merged):
        return label
    passed: set[str] = set()
    while isinstance(reading, Merged) and label not in passed:
        passed.add(label)
        label = reading.into
        reading = assessment.targets.get(label)
    return label


def listed(parts: Sequence[str]) -> str:
    """Join words for a sentence.

    Parameters
    ----------
    parts : sequence of str
        At least one.

    Returns
    -------
    str
        E.g. `T1, T2 and T3`.
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _size(lesion: TargetLesion, reading: TargetReading, carrier: str) -> LesionSize:
    """Turn a reading into what it adds and how large the lesion is."""
    extent, words = _extent(reading)
    if carrier == lesion.label:
        return LesionSize(lesion.label, lesion.is_node, extent, extent, f"{lesion.label} {words}")
    adds = None if extent is None else 0
    says = f"{lesion.label} merged into {carrier}"
    if extent is None:
        says += ", which was not evaluated"
    return LesionSize(lesion.label, lesion.is_node, adds, extent, says)


@lru_cache(maxsize=4096)
def _measured(mm: Decimal) -> tuple[int, str]:
    """Give the length of a diameter, and its words."""
    length = micrometres(mm)
    return length, in_words(length)


def _extent(reading: TargetReading) -> tuple[int | None, str]:
    """Give the size a reading stands for, and its words."""
    if isinstance(reading, Decimal):
        return _measured(reading)
    match reading:
        case Split():
            pieces = [micrometres(fragment) for fragment in reading.fragments]
            joined = " + ".join(_written(piece) for piece in pieces)
            return sum(pieces), f"split into {joined} = {in_words(sum(pieces))}"
        case TargetWord.ABSENT:
            return 0, "absent (0 mm)"
        case TargetWord.TOO_SMALL:
            return TOO_SMALL_COUNTS, "too small to measure (counts 5 mm)"
        case _:
            return None, "not evaluated"
