"""What is asked of a hospital."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialwright.protocol.criteria import Anchor


@dataclass(frozen=True, slots=True)
class Order:
    """What is screened.

    Attributes
    ----------
    population : str
        Address of the population.
    arms : tuple of str
        Arms asked about.
    as_of : date
        Facts of later days do not count; screening and registration fall on it.
    first_dose : date
        Planned first dose.
    laboratory : Path or None
        The institution's table of reference ranges.
    """

    population: str
    arms: tuple[str, ...]
    as_of: date
    first_dose: date
    laboratory: Path | None = None

    @property
    def anchors(self) -> Mapping[Anchor, date]:
        """The named days."""
        return {
            "screening": self.as_of,
            "registration": self.as_of,
            "first_dose": self.first_dose,
        }
