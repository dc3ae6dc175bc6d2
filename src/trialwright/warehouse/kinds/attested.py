"""A question that a person answers: no warehouse holds the answer."""

from trialwright.warehouse.by_people import gather, verdict

__all__ = ["NEEDS_PERSON", "gather", "verdict"]

NEEDS_PERSON = True
"""No record decides it."""
