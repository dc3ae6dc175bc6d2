"""An approval that a person gives: no warehouse holds it."""

from trialwright.warehouse.by_people import gather, verdict

__all__ = ["NEEDS_PERSON", "gather", "verdict"]

NEEDS_PERSON = True
"""No record decides it."""
