"""Readings as records write them, and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.tumour_words import read_nontarget, read_target, record_reading
from trialwright.casebook.tumours import Merged, NonTargetWord, Split, TargetWord
from trialwright.terms.canonical import canonical
from trialwright.terms.errors import Refusal

LENGTHS = st.integers(0, 1_000_000).map(lambda length: Decimal(length) / 1000)


@pytest.mark.parametrize(
    ("recorded", "reading"),
    [
        (42, Decimal(42)),
        (Decimal("23.31"), Decimal("23.31")),
        ("23.31", Decimal("23.31")),
        (0, Decimal(0)),
        ("ABSENT", TargetWord.ABSENT),
        ("TOO SMALL TO MEASURE", TargetWord.TOO_SMALL),
        ("NE", TargetWord.NOT_EVALUATED),
        ("MERGED:T1", Merged("T1")),
        ([12, "7.5"], Split((Decimal(12), Decimal("7.5")))),
    ],
)
def test_target_readings_are_read(recorded, reading):
    """Numbers, words, mergers and fragments are told apart."""
    assert read_target(recorded, "T1") == reading


@pytest.mark.parametrize(
    "recorded",
    [0.1, True, None, "", "absent", "PRESENT", "-3", "1e3", "3 mm", [], [5], [5, "ABSENT"], {}],
)
def test_what_is_no_target_reading_is_refused(recorded):
    """Binary floats, booleans, other words and single fragments are refused, never guessed."""
    with pytest.raises(Refusal):
        read_target(recorded, "T1")


@pytest.mark.parametrize("word", list(NonTargetWord))
def test_nontarget_words_are_read(word):
    """Each word of a non-target lesion is its own reading."""
    assert read_nontarget(word.value, "N1") is word


@pytest.mark.parametrize("recorded", ["TOO SMALL TO MEASURE", "MERGED:N2", [5, 6], 9.5, "present"])
def test_what_is_no_nontarget_reading_is_refused(recorded):
    """Target words and fragments mean nothing for a non-target lesion."""
    with pytest.raises(Refusal):
        read_nontarget(recorded, "N1")


@given(
    reading=st.one_of(
        LENGTHS,
        st.sampled_from(TargetWord),
        st.lists(LENGTHS, min_size=2, max_size=4).map(lambda parts: Split(tuple(parts))),
        st.sampled_from(["T1", "L 2"]).map(Merged),
    )
)
def test_target_readings_come_back_as_written(reading):
    """What is recorded is canonical JSON and reads back equal."""
    recorded = record_reading(reading)

    assert canonical(recorded)
    assert read_target(recorded, "T1") == reading


@given(reading=st.one_of(LENGTHS, st.sampled_from(NonTargetWord)))
def test_nontarget_readings_come_back_as_written(reading):
    """Words and diameters of non-target lesions survive the record."""
    assert read_nontarget(record_reading(reading), "N1") == reading
