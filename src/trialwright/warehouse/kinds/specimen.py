"""A specimen at hand: no table of OMOP says what it suffices for."""

from trialwright.warehouse.by_people import gather, verdict

__all__ = ["NEEDS_PERSON", "gather", "verdict"]

NEEDS_PERSON = True
"""No record decides it."""
