"""Facts of a participant and the evidence they give."""

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

CHART = Source("fhir", "Observation/1")
DAY = PartialDate.parse("2026-03-14")
MONTH = PartialDate.parse("2026-03")


@pytest.mark.parametrize(
    ("value", "on", "said", "dated"),
    [
        (Quantity(Decimal("9.50"), "g/dL"), DAY, "9.50 g/dL", "2026-03-14"),
        (Quantity(Decimal("0.3"), "mg/dL", "<"), MONTH, "<0.3 mg/dL", "2026-03"),
        (Quantity(Decimal(0), "{score}"), DAY, "0 {score}", "2026-03-14"),
        ("positive", DAY, "positive", "2026-03-14"),
    ],
)
def test_observation_gives_evidence_as_recorded(value, on, said, dated):
    """Digits, unit, comparator and precision of the date stay as recorded."""
    observation = Observation("hemoglobin", value, on, CHART)

    assert observation.evidence == Evidence("hemoglobin", said, dated, CHART)


def test_observation_needs_no_reference_range():
    """Many laboratories send none; a missing limit is not zero."""
    observation = Observation("hemoglobin", "positive", DAY, CHART)

    assert (observation.low, observation.high) == (None, None)


@pytest.mark.parametrize(
    ("is_present", "since", "recorded", "said", "dated"),
    [
        (True, MONTH, DAY, "present", "2026-03"),
        (True, None, DAY, "present", "2026-03-14"),
        (False, None, DAY, "absent", "2026-03-14"),
        (True, None, None, "present", ""),
    ],
)
def test_condition_gives_evidence_with_its_best_date(is_present, since, recorded, said, dated):
    """The day it began is told before the day it was put on record; no date is no text."""
    condition = Condition("cns-metastasis", is_present, since, None, CHART, recorded)

    assert condition.evidence == Evidence("cns-metastasis", said, dated, CHART)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_attestation_gives_answer_and_role_and_keeps_the_reason(answer):
    """Evidence says who answered in which role; the person's own words stay out of it."""
    given = Attestation("consent", answer, "told me so at home", "investigator", DAY, CHART)

    assert given.evidence == Evidence("consent", f"{answer} (investigator)", "2026-03-14", CHART)
    assert "home" not in str(given.evidence)


@pytest.mark.parametrize(
    "fact",
    [
        Observation("hemoglobin", "positive", DAY, CHART),
        Condition("diabetes", is_present=True, since=None, until=None, source=CHART),
        Attestation("consent", "yes", "", "investigator", DAY, CHART),
    ],
)
def test_fact_cannot_be_changed(fact):
    """A correction is a new fact, never a changed one."""
    with pytest.raises(FrozenInstanceError):
        fact.source = Source("person", "somebody else")
