"""Folding independent central review into its participant."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.central_records import Adjudication, Reading
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import ParticipantState, changed


def _baseline(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note the lesions that a reader chose."""
    baseline = seen.fact(TumourBaseline, "baseline")
    if baseline is None:
        return here
    return _with(here, seen, lambda reading: replace(reading, baseline=baseline))


def _assessed(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add an assessment of a reader."""
    found = seen.fact(TumourAssessment, "assessment")
    if found is None:
        return here
    return _with(
        here, seen, lambda reading: replace(reading, assessments=(*reading.assessments, found))
    )


def _with(
    here: ParticipantState, seen: Legible, add: Callable[[Reading], Reading]
) -> ParticipantState:
    """Change the reading of one evaluator; one whose evaluator was redacted is nobody's."""
    evaluator = seen.value("evaluator")
    if evaluator is None:
        return here
    review, name = here.central_review, str(evaluator)
    reading = add(review.of(name))
    accounts = tuple(dict.fromkeys((*reading.accounts, seen.record.actor)))
    readings = {**review.readings, name: replace(reading, accounts=accounts)}
    return changed(here, central_review=replace(review, readings=readings))


def _adjudicated(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a decision between the readers; one of which a part was redacted counts no more."""
    if not seen.is_whole():
        return here
    done, review = seen.happening, here.central_review
    differing = tuple(str(each) for each in cast("list[Any]", done.payload["differing"]))
    made = Adjudication(done.on, cast(Any, done.payload["chosen"]), differing, seen.record.actor)
    adjudications = (*review.adjudications, made)
    return changed(here, central_review=replace(review, adjudications=adjudications))


CENTRAL_STEPS: Mapping[str, Callable[[ParticipantState, Legible], ParticipantState]] = {
    "central_baseline_recorded": _baseline,
    "central_assessed": _assessed,
    "adjudicated": _adjudicated,
}
"""Act of a happening to the function that adds it to its participant."""
