"""Whatever a line holds, reading it ends, raises nothing, and keeps exact places."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import sized

from trialwright.registry.proposing.levelling import levelled
from trialwright.registry.proposing.lexicon import tokens_of
from trialwright.registry.proposing.reading import LONGEST, Reading, read_limits

SEEDS = (
    "AST(SGOT)/ALT(SGPT) =< 2.5 x ULN (or <= 5 x ULN with liver metastases)",
    "Hemoglobin \\>= 9 g/dL; platelets &gt; 100,000/mm^3, ANC ≥ 1.5 x 109/L",
    "Systolic blood pressure > 160 or < 90 mmHg * QTcF > 470 ms (mean of 3 ECGs)",
    "Male or female, aged 18 to 75 years; ECOG 0, 1 or 2 (Karnofsky >= 60%)",
    "Life expectancy of at least three (3) months",
    "Chemotherapy within 4 weeks (6 weeks for nitrosoureas) prior to entering the study",
    "CYP3A inhibitors within 14 days or 5 half-lives, whichever is longer",
    "ANC and platelets ≥ 1500/mm3 and ≥ 100,000/mm3, respectively; blood pressure > 140/90 mmHg",
    "at least 1 prior regimen, but not more than 2, for metastatic disease",
)
FRAGMENTS = sorted({word for seed in SEEDS for word in seed.split()})
SIGNS = "<>=≥≤³()/.,;:+-*x0 19%\n\t\\&\u2028\x00é"


def assert_exact(words: str, reading: Reading) -> None:
    """Hold every place of a reading against its words."""
    for each in (*reading.proposals, *reading.open):
        assert words[each.start : each.end] == each.words


@pytest.mark.sized
@settings(max_examples=sized(4000, 100), deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read_without_an_exception(words, carry):
    """No text raises, and places are exact."""
    reading = read_limits(words, carry=carry)

    assert_exact(words, reading)


@pytest.mark.sized
@settings(max_examples=sized(4000, 100), deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40), st.booleans())
def test_any_order_of_words_is_read_without_an_exception(fragments, carry):
    """Words of limits in any order raise nothing, and places are exact."""
    words = " ".join(fragments)

    reading = read_limits(words, carry=carry)

    assert_exact(words, reading)


@pytest.mark.sized
@settings(max_examples=sized(4000, 100), deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(SIGNS), st.booleans()), max_size=8),
    st.booleans(),
)
def test_mutated_limits_are_read_without_an_exception(seed, edits, carry):
    """Limits with signs put in and taken out raise nothing, and places are exact."""
    words = seed
    for place, sign, is_added in edits:
        at = min(place, len(words))
        words = words[:at] + (sign if is_added else "") + words[at + (not is_added) :]

    reading = read_limits(words, carry=carry)

    assert_exact(words, reading)


@pytest.mark.sized
@settings(max_examples=sized(2000, 50), deadline=None)
@given(
    st.sampled_from(
        [
            "Platelets {} 100,000/uL",
            "ALT {} 2.5 x ULN",
            "LVEF {} 50%",
            "Age {} 18 years",
            "ECOG {} 1",
        ]
    ),
    st.sampled_from(
        ["", " ", "  ", "³", "?", "=", "£", "><", ">>", "~", "\ufffd", "of", "is", ":"]
    ),
)
def test_no_direction_comes_from_nothing(sentence, sign):
    """Where a comparator is missing or garbled nothing is proposed."""
    reading = read_limits(sentence.format(sign))

    assert reading.proposals == ()


@pytest.mark.sized
@settings(max_examples=sized(2000, 50), deadline=None)
@given(st.text(max_size=200))
def test_levelled_words_know_their_places(words):
    """Each sign of the levelled text has its place, and the tokens cover all but white space."""
    line = levelled(words)
    tokens = tokens_of(line.text)

    assert len(line.places) == len(line.text) + 1
    assert list(line.places) == sorted(line.places)
    assert "".join(tokens).replace(" ", "") == line.text.replace(" ", "")


def test_a_line_too_long_is_left_to_people():
    """Beyond 20,000 characters nothing is proposed, and the reason is given."""
    words = "ANC >= 1500/mm3, " * (LONGEST // 17 + 1)

    reading = read_limits(words)

    assert reading.proposals == ()
    assert [each.words == words for each in reading.open] == [True]
    assert str(LONGEST) in reading.open[0].because


@pytest.mark.parametrize(
    "unit",
    [">", "(", "1 ", "0 or ", "a", ",1", "upper limit of ", "ANC >= 1500/mm3, ", "1500 x ",
     "within 4 weeks or ", ">= 3 weeks prior to surgery ", "platelets (", " ", "less than or "],
)  # fmt: skip
def test_a_hostile_line_of_ten_thousand_characters_is_read_in_bounded_time(unit):
    """No repetition makes the time grow out of hand."""
    words = (unit * 10_000)[:10_000]
    before = time.process_time()

    reading = read_limits(words)

    assert time.process_time() - before < 10
    assert_exact(words, reading)


def test_signs_that_nobody_sees_are_not_proposed():
    """A protocol file holds no invisible signs, so such a limit stays open."""
    reading = read_limits("Hemoglobin\u2028 >= 9 g/dL")

    assert reading.proposals == ()
    assert reading.open[0].fact == "hemoglobin"
