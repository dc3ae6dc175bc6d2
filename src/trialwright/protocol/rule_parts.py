"""What several kinds of rule are made of: bounds, what silence means, days, roles."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Number

Role = Literal["investigator", "principal-investigator"]
"""Who may answer for a medical judgement."""

Silence = Literal["unknown", "absent", "absent-if-complete"]
"""What it means that nothing is recorded: nothing; absence, where the protocol itself asks for a
record (a *known* ejection fraction); or absence if the record is known to be complete over the
look-back, by an attestation or by an observation period of the source."""

Days = Annotated[int, Field(ge=0, le=3650)]
"""Whole days."""

LookBack = Annotated[int, Field(ge=1, le=36500)]
"""Days before the anchor over which a record must be complete."""

StopReason = Literal["progression", "toxicity", "completed", "refused", "other"]
"""Why a treatment ended."""

CodedAnswer = Annotated[str, Field(min_length=1, max_length=40)]
"""What a coded result says, e.g. `negative`."""

Intent = Literal["metastatic", "adjuvant", "neoadjuvant"]
"""For which setting a treatment was given; metastatic holds palliative intent too."""


class Bounded(Data):
    """Numbers allowed, by strict or non-strict bounds.

    Attributes
    ----------
    at_least, above : Number or None
        Lower bound, included or excluded.
    at_most, below : Number or None
        Upper bound, included or excluded.
    """

    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Self:
        """Refuse no bound at all, and two bounds on one side."""
        if self.at_least is not None and self.above is not None:
            raise ValueError("has two lower bounds: keep at_least or above")
        if self.at_most is not None and self.below is not None:
            raise ValueError("has two upper bounds: keep at_most or below")
        if {self.at_least, self.above, self.at_most, self.below} == {None}:
            raise ValueError("has no bound: give at_least, above, at_most or below")
        return self


class Recorded(Data):
    """A rule that says what silence in the record means.

    Attributes
    ----------
    not_recorded : {'unknown', 'absent', 'absent-if-complete'}
        What it means that nothing is recorded; `absent` only where the protocol says so.
    look_back_days : int or None, days
        For `absent-if-complete`: over how many days before the anchor the record must be complete.
    """

    not_recorded: Silence = "unknown"
    look_back_days: LookBack | None = None

    @model_validator(mode="after")
    def _look_back_where_needed(self) -> Self:
        """Refuse completeness without its span, and a span without completeness."""
        if (self.not_recorded == "absent-if-complete") != (self.look_back_days is not None):
            raise ValueError("has no use for one alone: absent-if-complete and look_back_days")
        return self
