"""Scores and statuses by named rules."""

from decimal import Decimal

import pytest
from tests.biomarkers.made import ER_ONE_PERCENT, PTEN_HALF, PTEN_TEN, stain, status_rule

from trialwright.biomarkers.scores import allred, h_score
from trialwright.biomarkers.statuses import status_of
from trialwright.casebook.stains import Ish, Span, Stain
from trialwright.terms.errors import Refusal

HER2_2013 = status_rule("her2-2013", "HER2", "HER2 2013")
HER2_2018 = status_rule("her2-2018", "HER2", "HER2 2018")


@pytest.mark.parametrize(
    ("parts", "expected"), [("0/0/0", 0), ("0/0/100", 300), ("20/30/10", 110), ("", None)]
)
def test_h_score(parts, expected):
    """20 weak, 30 moderate and 10 strong: 20 + 60 + 30."""
    assert h_score(stain("ER", parts=parts)) == expected


@pytest.mark.parametrize(
    ("percent", "intensity", "expected"),
    [
        ("0", "none", 0),
        ("0", None, 0),
        ("0.5", "weak", 2),
        ("1", "weak", 3),
        ("10", "moderate", 4),
        ("11", "moderate", 5),
        ("33", "moderate", 5),
        ("34", "moderate", 6),
        ("66", "strong", 7),
        ("67", "strong", 8),
        ("100", "strong", 8),
        ("70-90", "strong", 8),
        ("30-60", "strong", None),
        ("50", None, None),
        ("50", "none", None),
        ("", "strong", None),
    ],
)
def test_allred(percent, intensity, expected):
    """Proportions as Harvey 1999 has them; a range over two proportions has no score."""
    assert allred(stain("ER", percent, intensity=intensity)) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(Decimal(0), Decimal(1), is_above_low=True, is_below_high=True), 3),
        (Span(Decimal(0), Decimal(1), is_above_low=True), None),
        (Span(Decimal(10), Decimal(30), is_above_low=True), 5),
        (Span(Decimal(10), Decimal(30)), None),
    ],
)
def test_allred_at_open_ends(span, expected):
    """Under 1 % but above none is proportion 1; above 10 % is proportion 3."""
    base = stain("ER", intensity="moderate")
    found = Stain(
        base.material, "ER", "read", None, base.source, percent=span, intensity="moderate"
    )

    assert allred(found) == expected


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("0", "negative"),
        ("0.9", "negative"),
        ("1", "positive"),
        ("0-1", "unknown"),
        ("", "unknown"),
    ],
)
def test_er_by_one_percent(percent, expected):
    """The cut itself is positive; nothing told is unknown."""
    found = status_of(stain("ER", percent), ER_ONE_PERCENT)

    assert (found.status, "er-1-percent" in found.because) == (expected, True)


@pytest.mark.parametrize(
    ("percent", "by_ten", "by_half"),
    [
        ("0", "lost", "lost"),
        ("9", "lost", "lost"),
        ("10", "retained", "lost"),
        ("50", "retained", "lost"),
        ("51", "retained", "retained"),
        ("40-60", "retained", "unknown"),
        ("5-20", "unknown", "lost"),
    ],
)
def test_two_rules_for_pten_disagree_between_10_and_50(percent, by_ten, by_half):
    """Stained in 10-50 % of cells, PTEN is lost by one rule and retained by the other."""
    seen = stain("PTEN", percent)

    assert status_of(seen, PTEN_TEN).status == by_ten
    assert status_of(seen, PTEN_HALF).status == by_half


def test_percentages_by_intensity_give_the_stained_cells():
    """2 + 3 + 4 = 9 % stained: lost."""
    assert status_of(stain("PTEN", parts="2/3/4"), PTEN_TEN).status == "lost"


@pytest.mark.parametrize(
    ("score", "ish", "by_2013", "by_2018"),
    [
        ((3, 3), None, "positive", "positive"),
        ((0, 0), None, "negative", "negative"),
        ((0, 1), None, "negative", "negative"),
        ((2, 2), None, "equivocal", "equivocal"),
        ((1, 2), None, "unknown", "unknown"),
        ((1, 2), ("2.4", "5.9"), "positive", "positive"),
        ((2, 3), ("2.4", "5.9"), "positive", "positive"),
        ((2, 2), ("2.4", "5.9"), "positive", "positive"),
        ((2, 2), ("2.0", "4.0"), "positive", "positive"),
        ((2, 2), ("2.5", "3"), "positive", "negative"),
        ((2, 2), ("1.7", "6.2"), "positive", "positive"),
        ((1, 1), ("1.7", "6.2"), "positive", "negative"),
        ((2, 2), ("1.8", "5.3"), "equivocal", "negative"),
        ((2, 2), ("1.2", "2.4"), "negative", "negative"),
        ((2, 2), ("2.2", None), "positive", "unknown"),
        ((2, 2), ("1.4", None), "negative", "unknown"),
        ((1, 1), ("1.4", None), "negative", "negative"),
        ((3, 3), ("1.2", "2.4"), "positive", "positive"),
        (None, ("2.4", "5.9"), "positive", "positive"),
        (None, ("1.2", "2.4"), "negative", "negative"),
        (None, ("1.8", "5.3"), "equivocal", "unknown"),
        (None, None, "unknown", "unknown"),
    ],
)
def test_her2_by_two_guidelines(score, ish, by_2013, by_2018):
    """Groups 2, 3 and 4 are where 2018 differs; without copies, 2018 does not decide them."""
    seen = stain("HER2", score=score, ish=ish)

    assert status_of(seen, HER2_2013).status == by_2013
    assert status_of(seen, HER2_2018).status == by_2018


def test_a_stain_that_failed_has_no_status():
    """Failed is unknown, with its reason."""
    found = status_of(stain("ER", outcome="failed"), ER_ONE_PERCENT)

    assert (found.status, found.because) == ("unknown", "ER: failed (er-1-percent)")


def test_a_rule_of_another_protein_is_an_error():
    """PR is not judged by the rule for ER."""
    with pytest.raises(ValueError, match="of ER, the stain of PR"):
        status_of(stain("PR", "50"), ER_ONE_PERCENT)


@pytest.mark.parametrize(
    ("make", "where"),
    [
        (lambda: stain("ER", "101"), "percent"),
        (lambda: stain("HER2", score=(2, 4)), "score"),
        (lambda: stain("ER", parts="50/40/20"), "weak, moderate, strong"),
        (lambda: stain("ER", "50", parts="10/10/10"), "percent"),
        (lambda: Ish(Decimal(0)), "ratio"),
        (lambda: Span(Decimal(2), Decimal(1)), ""),
    ],
)
def test_readings_that_cannot_be_are_refused(make, where):
    """More than all cells, a score of 4, a ratio of 0."""
    with pytest.raises(Refusal) as refused:
        make()

    assert refused.value.faults[0].where == where
