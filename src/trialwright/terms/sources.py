"""Where a fact came from, so that every number can be walked back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """The origin of one fact.

    Attributes
    ----------
    kind : str
        How it came in: `fhir`, `csv`, `person`, `ledger`, `protocol`, `derived`, `example`.
    place : str
        Where in that source: a resource reference (`Observation/123`), a row, a role, a section.
    """

    kind: str
    place: str

    def __str__(self) -> str:
        """Say the source, e.g. `fhir Observation/123`."""
        return f"{self.kind} {self.place}".strip()
