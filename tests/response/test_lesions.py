"""Lesions in whole units of 0.001 mm, and in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.response.lesions import (
    baseline_sizes,
    in_words,
    lesion_sizes,
    listed,
    micrometres,
    millimetres,
)


@given(length=st.integers(0, 5_000_000))
def test_lengths_survive_the_way_there_and_back(length):
    """A length in mm turns into the same length of 0.001 mm."""
    assert micrometres(millimetres(length)) == length


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 mm"), (100, "0.1 mm"), (10_000, "10 mm"), (23_310, "23.31 mm"),
        (1_000_000, "1000 mm"), (-14_600, "-14.6 mm"), (-400, "-0.4 mm"), (-2_000, "-2 mm"),
    ],
)  # fmt: skip
def test_lengths_are_said_without_needless_digits(length, words):
    """Whole millimetres have no point, and no exponent appears; a shrinkage is said as it is."""
    assert in_words(length) == words


@pytest.mark.parametrize(
    ("reading", "adds", "is_gone", "says"),
    [
        ("12.5", 12_500, False, "T1 12.5 mm"),
        (0, 0, True, "T1 0 mm"),
        ("ABSENT", 0, True, "T1 absent (0 mm)"),
        ("TOO SMALL TO MEASURE", 5_000, False, "T1 too small to measure (counts 5 mm)"),
        (["10", "2.5"], 12_500, False, "T1 split into 10 + 2.5 = 12.5 mm"),
        ("NE", None, False, "T1 not evaluated"),
        ("MERGED:T2", 0, False, "T1 merged into T2"),
    ],
)
def test_each_reading_adds_and_is_said(bench, reading, adds, is_gone, says):
    """Each kind of reading has one size and one wording."""
    baseline = bench.baseline({"T1": 20, "T2": 20})

    lesion = lesion_sizes(baseline, bench.visit(57, {"T1": reading, "T2": 30}))[0]

    assert (lesion.adds, lesion.is_gone, lesion.says) == (adds, is_gone, says)


def test_a_chain_of_mergers_ends_at_the_measured_lesion(bench):
    """T3 in T2 in T1: the diameter of T1 counts once for all three."""
    baseline = bench.baseline({"T1": 20, "T2": 20, "T3": 20})
    visit = bench.visit(57, {"T1": 55, "T2": "MERGED:T1", "T3": "MERGED:T2"})

    sizes = lesion_sizes(baseline, visit)

    assert [lesion.adds for lesion in sizes] == [55_000, 0, 0]
    assert [lesion.extent for lesion in sizes] == [55_000] * 3


def test_a_lesion_merged_into_one_nobody_measured_is_unknown(bench):
    """The merged lesion shares what is not known of the other."""
    sizes = lesion_sizes(bench.baseline({"T1": 20, "T2": 20}), bench.visit(57, {"T2": "MERGED:T1"}))

    assert [lesion.is_evaluated for lesion in sizes] == [False, False]
    assert sizes[1].says == "T2 merged into T1, which was not evaluated"


def test_baseline_lesions_keep_their_diameters(bench):
    """The baseline is read as it was measured."""
    sizes = baseline_sizes(bench.baseline({"T1": Decimal("20.5"), "LN1": 16}))

    assert [(lesion.adds, lesion.is_node) for lesion in sizes] == [(20_500, False), (16_000, True)]


@pytest.mark.parametrize(
    ("parts", "words"),
    [(["T1"], "T1"), (["T1", "T2"], "T1 and T2"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_as_a_sentence(parts, words):
    """The last two are joined by `and`."""
    assert listed(parts) == words
