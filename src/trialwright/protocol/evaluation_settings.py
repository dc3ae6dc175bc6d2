"""Who evaluates tumour response, when a third reader decides, and whose answer counts where."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Illustrated

Trigger = Literal["time-point", "best-response", "progression-date"]
"""What two readers can differ in: any visit, the best overall response, the day of progression."""

EvaluatedBy = Literal["investigator", "central"]
"""Whose reading an endpoint rests on: the investigator's, or that of independent central review."""


class EvaluationSettings(Illustrated):
    """Who evaluates tumour response.

    Attributes
    ----------
    review : {'investigator', 'two-readers'}
        The investigator alone; or two independent readers besides, with an adjudicator for where
        they differ.
    adjudicate_on : tuple of {'time-point', 'best-response', 'progression-date'}
        Differences between the readers that call for adjudication; best overall response and the
        day of progression by default.
    response_by : {'investigator', 'central'}
        Whose reading objective response, clinical benefit and duration of response rest on.
    progression_by : {'investigator', 'central'}
        Whose reading progression-free survival rests on.
    """

    review: Literal["investigator", "two-readers"] = "investigator"
    adjudicate_on: Annotated[tuple[Trigger, ...], Field(min_length=1)] = (
        "best-response",
        "progression-date",
    )
    response_by: EvaluatedBy = "investigator"
    progression_by: EvaluatedBy = "investigator"
