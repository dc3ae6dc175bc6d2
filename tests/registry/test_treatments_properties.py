"""Whatever an arm's text is: an answer in which every sign has its place."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import sized

from trialwright.registry.lines import Stretch
from trialwright.registry.treatments.arms import MOST_LINE, ArmText, read_treatments

PIECES = [
    "testinib", "Docetaxel", "capecitabine (Xeloda)", "XY-101", "placebo", "letrozole or",
    "aromatase inhibitor (letrozole, anastrozole, or exemestane)", "100 mg/m2", "AUC 5", "IV",
    "orally", "BID", "daily", "weekly", "twice weekly", "every 3 weeks", "q21d", "on days 1-14",
    "on day 1", "days 1, 8 and 15", "day -7", "D1-D5", "C1D1", "C2D1-3", "of each 21-day cycle",
    "of a 28-day cycle", "of cycle 1", "of subsequent cycles", "cycles 2 and beyond", "Cycle 1:",
    "for 14 days", "x 3", "3 weeks on, 1 week off", "followed by 7 days off", "1 week off",
    "14 days out of every 21 days", "Cycle repeated every 21 days.", "first cycle lasted 30 days",
    "for up to 6 cycles", "until disease progression or toxicity", "until", "and", "or", "plus",
    "with", "followed by", "then", ", ", "; ", ". ", "(", ")", ":", "+", "/", "- ", "Patients",
    "receive", "may", "if", "starting on", "biopsy", "zqx", "Zqx", "12", "0", "900", "week 2",
    "Patients receive testinib PO QD on days 1-28.", "Cohort 1:", "Part B", "\u00a0", "\t", "\n",
    "²", "–", "µg", "İ", "\u2028", "\x85",
]  # fmt: skip
WORDS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec="utf-8"), max_size=8)),
    min_size=1,
    max_size=30,
)
LINES = st.lists(
    st.tuples(WORDS, st.sampled_from(["", " "])).map(lambda pair: pair[1].join(pair[0]).strip()),
    max_size=4,
)


def stretches(lines):
    """Give the lines with words, as a reader of a record would."""
    return tuple(
        Stretch(words, number, 3, "arm") for number, words in enumerate(lines, 1) if words.strip()
    )


@pytest.mark.sized
@settings(max_examples=sized(3000, 75), deadline=None)
@given(LINES, LINES, st.lists(st.text(max_size=20), max_size=3))
def test_every_sign_has_its_place(one, other, agents):
    """Each sign that is no white space lies in one span, and what is read fits the protocol."""
    texts = [
        ArmText("A", one[0] if one else "", "", 1, stretches(one)),
        ArmText("B", "", "", 9, stretches(other)),
    ]

    read = read_treatments(texts, agents)

    assert len(read) == 2
    for text, (arm, spans) in zip(texts, read, strict=True):
        counted: dict[tuple[int, int], int] = {}
        for span in spans:
            assert span.first_line == span.last_line
            assert span.field == "arm"
            for place in range(span.start, span.end):
                counted[span.first_line, place] = counted.get((span.first_line, place), 0) + 1
        signs = {
            (line.line, line.start + place)
            for line in text.lines
            for place, sign in enumerate(line.words)
            if not sign.isspace()
        }
        assert signs <= set(counted)
        assert set(counted.values()) <= {1}
        by_line = {line.line: line for line in text.lines}
        for kept in arm.kept:
            line = by_line[kept.span.first_line]
            assert line.words[kept.span.start - 3 : kept.span.end - 3] == kept.words
            assert kept.because
        for dosed in arm.dosing:
            assert dosed.days
            assert arm.cycle_days is None or dosed.days[-1].last <= arm.cycle_days
            assert {each.lower() for each in dosed.choices} <= {each.lower() for each in arm.agents}


@pytest.mark.parametrize(
    "piece",
    ["(", "a-", "1, ", "days 1, ", "docetaxel and ", "docetaxel on day 1 of cycle 1; ", "and ",
     "Docetaxel on day 1. ", "letrozole, anastrozole ", "3 weeks on, ", "2 (2) ", "\u00a0x"],
)  # fmt: skip
def test_a_long_line_takes_bounded_time(piece):
    """The longest line that is read takes seconds, whatever stands in it."""
    words = (piece * MOST_LINE)[:MOST_LINE].strip()
    begun = time.process_time()

    read_treatments([ArmText("A", "", "", 1, (Stretch(words, 1, 0),))])

    assert time.process_time() - begun < 10
