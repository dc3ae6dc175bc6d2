"""A second cycle that begins late: planned for 2026-03-16, up to 7 days late allowed."""

from datetime import date

import pytest

from trialwright.protocol.dlt_definition import DelayedStart
from trialwright.safety.delayed_start import CycleBeginning, delayed_start_verdict
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer

RULE = DelayedStart(id="late", says="Cycle 2 more than 7 days late", most_days_late=7)
PLANNED, LAST, TOO_LATE = date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 24)
SOURCE = Source("example", "row 1")


def judged(as_of, began=None, toxic=None, never=None):
    """Judge one beginning."""
    seen = CycleBeginning(PLANNED, began, toxic, never, SOURCE)
    return delayed_start_verdict(RULE, "illustrative", seen, as_of)


@pytest.mark.parametrize(
    ("as_of", "began", "toxic", "answer"),
    [
        (date(2026, 3, 16), PLANNED, None, Answer.NOT_MET),
        (date(2026, 5, 1), LAST, True, Answer.NOT_MET),
        (date(2026, 5, 1), TOO_LATE, True, Answer.MET),
        (date(2026, 5, 1), TOO_LATE, False, Answer.NOT_MET),
        (date(2026, 5, 1), TOO_LATE, None, Answer.UNKNOWN),
        (LAST, None, None, Answer.NOT_MET),
        (TOO_LATE, None, None, Answer.UNKNOWN),
        (TOO_LATE, date(2026, 4, 2), True, Answer.MET),
        (LAST, date(2026, 4, 2), True, Answer.NOT_MET),
    ],
)
def test_a_cycle_begun_more_than_seven_days_late_by_toxicity_is_a_dlt(as_of, began, toxic, answer):
    """The seventh day still belongs; before it nothing is certain; the cause decides."""
    assert judged(as_of, began, toxic).answer is answer


@pytest.mark.parametrize(
    ("toxic", "answer"),
    [(True, Answer.MET), (False, Answer.NOT_MET), (None, Answer.UNKNOWN)],
)
def test_treatment_ended_by_toxicity_before_the_cycle_is_a_dlt(toxic, answer):
    """It never began."""
    found = judged(date(2026, 3, 17), toxic=toxic, never=date(2026, 3, 10))

    assert found.answer is answer
    assert "treatment ended on 2026-03-10 before it" in found.because


def test_an_end_of_treatment_after_the_cutoff_is_not_seen():
    """Adding a later fact changes nothing."""
    before = judged(LAST)
    assert judged(LAST, toxic=True, never=date(2026, 4, 1)).answer is before.answer


def test_the_verdict_names_the_plan_and_what_is_missing():
    """Rule, planned day, what was found."""
    found = judged(TOO_LATE)

    assert found.because == (
        "undecided by rule late (Cycle 2 more than 7 days late): cycle 2 was planned for "
        "2026-03-16: no beginning is recorded as of 2026-03-24"
    )
    assert found.missing == ("first day of cycle 2",)
    assert judged(date(2026, 5, 1), TOO_LATE).missing == ("cause of the delay",)
    assert judged(date(2026, 5, 1), TOO_LATE, toxic=True).because.endswith(
        "begins 8 days late, because of toxicity"
    )


@pytest.mark.parametrize(
    ("as_of", "began", "toxic", "never", "head", "told"),
    [
        (PLANNED, PLANNED, None, None, "no DLT",
         "began on 2026-03-16, 0 days late, 7 are allowed"),
        (LAST, LAST, None, None, "no DLT", "began on 2026-03-23, 7 days late, 7 are allowed"),
        (LAST, date(2026, 3, 15), None, None, "no DLT",
         "began on 2026-03-15, 0 days late, 7 are allowed"),
        (LAST, TOO_LATE, None, None, "no DLT", "may begin until 2026-03-23"),
        (date(2026, 3, 16), date(2026, 3, 17), None, None, "no DLT", "may begin until 2026-03-23"),
        (TOO_LATE, TOO_LATE, True, None, "DLT", "begins 8 days late, because of toxicity"),
        (TOO_LATE, TOO_LATE, False, None, "no DLT", "begins 8 days late, not because of toxicity"),
        (TOO_LATE, TOO_LATE, None, None, "undecided",
         "begins 8 days late, the cause is not recorded"),
        (PLANNED, None, True, PLANNED, "DLT",
         "treatment ended on 2026-03-16 before it, because of toxicity"),
    ],
)  # fmt: skip
def test_the_whole_verdict(as_of, began, toxic, never, head, told):
    """On the very day asked about a beginning or an end counts; one later does not."""
    found = judged(as_of, began, toxic, never)

    planned = "cycle 2 was planned for 2026-03-16"
    assert found.because == f"{head} by rule late ({RULE.says}): {planned}: {told}"
    assert (found.rule, found.label, found.is_late) == ("late", "illustrative", False)
    (evidence,) = found.evidence
    assert (evidence.what, evidence.value, evidence.on, evidence.source) == (
        "cycle 2", told, "2026-03-16", SOURCE)  # fmt: skip
