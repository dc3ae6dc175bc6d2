"""Whatever stands in the text: a draft in which every sign has its place, or a refusal."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sizes import sized

from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.compare import compare
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.terms.errors import Refusal

UNKNOWN = "Qzx unknown words"
PIECES = [
    " * ", " ** ", "• ", "- ", ", and ", " (", ")", ". ", ": ", " on days 900-1", "as in arm A",
    "\t", "\x0b", "\x85", "\u2028", '"', "\\", "#", "\ufeff", "\r", "Status: ", "I. ",
]  # fmt: skip
SIGNS = st.text(st.characters(codec="utf-8"), max_size=40)
EDIT = st.tuples(
    st.sampled_from(["delete", "repeat", "move", "cut", "put", "insert", "close up"]),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.one_of(st.sampled_from(PIECES), SIGNS),
)
quick = settings(
    max_examples=sized(800, 20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def edited(text, edits):
    """Delete, repeat, move, cut and change lines."""
    lines = text.split("\n")
    for act, one, other, piece in edits:
        here, there = one % len(lines), other % len(lines)
        line = lines[here]
        match act:
            case "delete":
                lines[here : here + 1] = [] if len(lines) > 1 else [""]
            case "repeat":
                lines.insert(there, line)
            case "move":
                lines[here], lines[there] = lines[there], line
            case "cut":
                lines[here] = line[: other % (len(line) + 1)]
            case "put":
                place = other % (len(line) + 1)
                lines[here] = line[:place] + piece + line[place:]
            case "insert":
                lines.insert(there, piece)
            case "close up":
                lines = [each for each in lines if each.strip()] or [""]
    return "\n".join(lines)


def loose_signs(text, draft):
    """Give the places of signs that no span holds, or that two hold."""
    held = {}
    for span in draft.spans:
        assert span.first_line == span.last_line
        for place in range(span.start, span.end):
            held[span.first_line, place] = held.get((span.first_line, place), 0) + 1
    lines = enumerate(re.split("\r\n|\r|\n", text.removeprefix("\ufeff")), start=1)
    signs = {
        (number, place)
        for number, line in lines
        for place, sign in enumerate(line)
        if not sign.isspace()
    }
    return [place for place in signs if held.get(place) != 1]


def check(text, study):
    """Read a text: a refusal with its reason, or a draft that holds every sign once."""
    try:
        draft = read_page(text, "page.txt")
    except Refusal:
        return None
    assert loose_signs(text, draft) == []
    assert [kept.span for kept in draft.kept] == [
        span for span in draft.spans if span.standing == "kept"
    ]
    assert all(kept.because for kept in draft.kept)
    assert compare(draft, study).bullets == len(draft.criteria)
    assert read_yaml(draft_yaml(draft)).value["format"] == 1
    return draft


@pytest.mark.sized
@quick
@given(edits=st.lists(EDIT, max_size=8))
def test_a_changed_page_is_read_or_refused(page, study, edits):
    """Lines deleted, repeated, moved, cut or changed give a draft or a refusal, nothing else."""
    check(edited(page, edits), study)


@pytest.mark.sized
@quick
@given(text=SIGNS)
def test_any_text_is_read_or_refused(study, text):
    """Random text gives a draft or a refusal, nothing else."""
    check(text, study)


@pytest.mark.sized
@quick
@given(value=SIGNS)
def test_any_value_behind_a_known_name_is_read_or_refused(study, value):
    """Known names with random values give a draft or a refusal, nothing else."""
    names = [
        "Trial Status: ",
        "ARM A: Patients receive ",
        "OUTLINE: ",
        "Inclusion Criteria\n• a: * ",
        "Lead Organization\n",
        "  • Secondary IDs ",
        "Hospital\nStatus: ",
    ]
    check("\n\n".join(f"{name}{value}" for name in names), study)


@pytest.mark.sized
@quick
@given(order=st.randoms(use_true_random=False))
def test_a_shuffled_page_is_read_or_refused(page, study, order):
    """All lines in another order give a draft or a refusal, nothing else."""
    lines = page.split("\n")
    order.shuffle(lines)
    check("\n".join(lines), study)


@pytest.mark.sized
@quick
@given(place=st.integers(0, 200), is_set_off=st.booleans())
def test_an_unknown_line_stays_for_people(page, study, place, is_set_off):
    """An unknown line anywhere is kept, word for word."""
    lines = page.split("\n")
    inserted = ["", UNKNOWN, ""] if is_set_off else [UNKNOWN]
    place %= len(lines)
    draft = check("\n".join([*lines[:place], *inserted, *lines[place:]]), study)

    assert [kept.words for kept in draft.kept if UNKNOWN in kept.words] == [UNKNOWN]


@pytest.mark.sized
@settings(parent=quick, max_examples=sized(300, 10))
@given(edits=st.lists(EDIT, max_size=8))
def test_the_first_trials_page_changed_is_read_or_refused(real_page, study, edits):
    """The same for the first trial's page."""
    check(edited(real_page, edits), study)


def test_every_sign_of_the_first_trials_page_has_its_place(real_page, study):
    """Unchanged, all of it is understood."""
    draft = check(real_page, study)

    assert {span.standing for span in draft.spans} == {"understood"}
