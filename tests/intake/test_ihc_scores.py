"""Scores of stained tissue: every string of a real file as people read it, or refused."""

import csv
import gzip
from decimal import Decimal

import pytest
from tests.intake.ihc_expected import (
    HER2_SCORE,
    MISSING,
    PERCENT,
    RATIO,
    RATIO_ALONE,
    RATIO_REFUSED,
)

from trialwright.casebook.stains import Ish, Span
from trialwright.intake.ihc_scores import (
    read_her2_score,
    read_percent,
    read_ratio,
    read_total,
)
from trialwright.terms.errors import Refusal


def ends(span):
    """Give the two ends of a span as numbers; None of none."""
    return None if span is None else (span.low, span.high)


@pytest.mark.parametrize(("written", "expected"), PERCENT.items())
def test_percentages(written, expected):
    """Ends, which of them is left out, and the intensity."""
    low, high, *said = expected
    word = said[0] if said else ""

    found = read_percent(written)

    assert ends(found.percent) == (low, high)
    assert found.percent.is_above_low == (word == "without the low end")
    assert found.percent.is_below_high == (word == "without the high end")
    assert found.intensity == ("weak" if word == "weak" else None)
    assert found.missing == ""


@pytest.mark.parametrize(("written", "expected"), HER2_SCORE.items())
def test_her2_scores(written, expected):
    """Own score, another laboratory's, pattern, and the part that has it."""
    found = read_her2_score(written)

    assert ends(found.score) == expected.get("score")
    assert ends(found.outside) == expected.get("outside")
    assert found.pattern == expected.get("pattern", "")
    assert ends(found.positive_percent) == expected.get("positive_percent")


@pytest.mark.parametrize("written", RATIO_ALONE)
def test_ratios_alone(written):
    """The number, and nothing else."""
    assert read_ratio(written).ish == Ish(Decimal(written))


@pytest.mark.parametrize(("written", "expected"), RATIO.items())
def test_ratios_with_remarks(written, expected):
    """Ratio, copies, and those of another laboratory."""
    numbers = {
        name: Decimal(expected[name]) if name in expected else None
        for name in ("ratio", "copies", "outside_ratio", "outside_copies")
    }

    assert read_ratio(written).ish == Ish(**numbers, pattern=expected.get("pattern", ""))


@pytest.mark.parametrize(("written", "reason"), RATIO_REFUSED.items())
def test_what_one_cannot_know_is_refused(written, reason):
    """Each with its reason."""
    with pytest.raises(Refusal, match=reason):
        read_ratio(written)


@pytest.mark.parametrize(("written", "word"), MISSING.items())
@pytest.mark.parametrize("read", [read_percent, read_her2_score, read_ratio])
def test_why_there_is_none(read, written, word):
    """A reason is kept, and no value is made of it."""
    assert read(written).missing == word


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (read_percent, "101"),
        (read_percent, "60-30"),
        (read_percent, ">30-60"),
        (read_percent, "<0"),
        (read_percent, ">100"),
        (read_percent, "7O"),
        (read_percent, "about 70"),
        (read_percent, "70 (weak) (strong)"),
        (read_percent, "-5"),
        (read_percent, "٧٠"),
        (read_percent, "9" * 200),
        (read_her2_score, "1.5"),
        (read_her2_score, "2\u00b2"),
        (read_percent, "1\u00b2"),
        (read_her2_score, "4+"),
        (read_her2_score, "2-1+"),
        (read_her2_score, "3+ (focal) (outside)"),
        (read_her2_score, "3+ (repeat)"),
        (read_her2_score, "3+ (heterogenous 80-70% pos)"),
        (read_her2_score, "3+ (heterogenous 70-180% pos)"),
        (read_ratio, "2.5 (CN 0)"),
        (read_ratio, "2.5 (CN 3) (CN 4)"),
        (read_ratio, "2.5 (repeat)"),
        (read_ratio, "2,500"),
        (read_ratio, "0.0"),
        (read_ratio, "1.5 (outside)"),
    ],
)
def test_other_text_is_refused_and_not_repeated(read, written):
    """The refusal shows the form of the text, not the text."""
    with pytest.raises(Refusal) as refused:
        read(written)

    assert "repeat" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_open_ends_that_include_their_number():
    """`>=60` takes 60 in."""
    assert read_percent(">=60").percent == Span(Decimal(60), Decimal(100))
    assert read_percent("<= 5 %").percent == Span(Decimal(0), Decimal(5))


@pytest.mark.parametrize(
    ("written", "most", "number"),
    [("180", 300, "180"), ("12,5", 300, "12.5"), ("180/300", 300, "180"), ("7", 8, "7"),
     (" 7 / 8 ", 8, "7"), ("0", 8, "0"), ("9", 8, "9")],
)  # fmt: skip
def test_scores_told_as_one_number(written, most, number):
    """Alone or out of the highest; whether there is such a score the stain says."""
    found = read_total(written, most)

    assert (found.number, found.missing) == (Decimal(number), "")


@pytest.mark.parametrize("written", ["6-7", ">6", "7+", "7/300", "5+2", "high", "-7", "7/8/8"])
def test_other_texts_are_no_score(written):
    """A range, a sum, a score out of another number."""
    with pytest.raises(Refusal, match="one number up to 8, or that out of 8"):
        read_total(written, 8)


def test_why_there_is_no_score():
    """The words are those of the other scores."""
    assert read_total("Not done", 8).missing == "not done"
    assert read_total("", 300).missing == "not recorded"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("columns", "table", "read"),
    [
        (("ER_PCT_PRIMARY", "PR_PCT_PRIMARY"), {**PERCENT}, read_percent),
        (("HER2_IHC_VALUE_PRIMARY", "HER2_IHC_SCORE"), {**HER2_SCORE}, read_her2_score),
        (
            ("HER2_FISH_RATIO_PRIMARY", "HER2_FISH_RATIO"),
            {**RATIO, **dict.fromkeys(RATIO_ALONE), **RATIO_REFUSED},
            read_ratio,
        ),
    ],
)
def test_the_table_holds_every_string_of_the_real_file(shared, columns, table, read):
    """No string of the file is missing in the table, and none is refused that it does not name."""
    path = shared / "data" / "biomarkers" / "msk_2018" / "data_clinical_sample.txt.gz"
    if not path.is_file():
        pytest.skip("the study is not in the data folder")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(
            (line for line in file if not line.startswith("#")), delimiter="\t", strict=True
        )
        strings = {row[column] for row in rows for column in columns}

    assert strings <= {*table, *MISSING}
    for written in strings - {*RATIO_REFUSED}:
        read(written)
