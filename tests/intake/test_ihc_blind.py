"""Scores of stained tissue in many forms: as a table of expected readings says, or refused."""

import pytest
from tests.intake.ihc_blind import HER2_SCORE, PERCENT, RATIO

from trialwright.intake.ihc_scores import read_her2_score, read_percent, read_ratio
from trialwright.terms.errors import Refusal


def percent(written):
    """Say what a percentage was read as."""
    found = read_percent(written).percent
    if found is None:
        return "none"
    if found.low == found.high:
        return f"{found.low}"
    above, below = ">" if found.is_above_low else ">=", "<" if found.is_below_high else "<="
    return f"{above}{found.low} {below}{found.high}"


def score(written):
    """Say what a score of HER2 was read as."""
    found = read_her2_score(written).score
    if found is None:
        return "none"
    return f"{found.low}" if found.low == found.high else f"{found.low} to {found.high}"


def ratio(written):
    """Say what a ratio of HER2 was read as."""
    found = read_ratio(written).ish
    if found is None:
        return "none"
    return f"{found.ratio}" + (f", {found.copies} copies" if found.copies is not None else "")


@pytest.mark.parametrize(
    ("read", "written", "expected"),
    [
        (read, written, expected)
        for read, table in ((percent, PERCENT), (score, HER2_SCORE), (ratio, RATIO))
        for written, expected in table.items()
    ],
)
def test_a_score_is_read_as_people_do_or_refused(read, written, expected):
    """Nothing is read as something else."""
    try:
        found = read(written)
    except Refusal:
        found = "refused"

    assert found in expected.split(" or ")


def test_words_that_repeat_a_score_must_agree_with_it():
    """`3+ (negative)` is one of two, and nobody can tell which."""
    assert read_her2_score("0 (negative)").score.high == 0
    for written in ("3+ (negative)", "1-2+ (negative)", "0 (equivocal)", "2+ (positive)"):
        with pytest.raises(Refusal, match="a word that contradicts the score"):
            read_her2_score(written)
