"""Refusals: where, what was found, what is allowed, what to do."""

import copy
import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.errors import Fault, Refusal, refuse, shape, shorten

FAULT = Fault("arms.C.days", "day 29", "1-28", "Correct the days")


@pytest.mark.parametrize(
    ("file", "line", "where", "said"),
    [
        ("", 0, "arms.C.days", "arms.C.days: day 29. Allowed: 1-28. Correct the days."),
        ("p.yaml", 0, "arms", "p.yaml: arms: day 29. Allowed: 1-28. Correct the days."),
        ("p.yaml", 7, "arms", "p.yaml:7: arms: day 29. Allowed: 1-28. Correct the days."),
        ("", 7, "arms", "line 7: arms: day 29. Allowed: 1-28. Correct the days."),
        ("p.yaml", 7, "", "p.yaml:7: day 29. Allowed: 1-28. Correct the days."),
        ("", 0, "", "day 29. Allowed: 1-28. Correct the days."),
    ],
)
def test_fault_says_place_finding_allowance_and_remedy(file, line, where, said):
    """A fault is one sentence chain: file, line, path, found, allowed, do."""
    fault = Fault(where, "day 29", "1-28", "Correct the days", file, line)

    assert str(fault) == said


def test_fault_needs_no_file():
    """A value that came from no file has neither file nor line."""
    assert (FAULT.file, FAULT.line) == ("", 0)


@pytest.mark.parametrize("part", ["where", "found", "allowed", "do", "file"])
@pytest.mark.parametrize("sign", ["\n", "\r", "\x00", "\x1b", "\u2028", "\u202e", "\u200b", "\x85"])
def test_fault_stays_on_one_line(part, sign):
    """Line ends, control, direction and invisible signs are shown escaped, whoever put them in."""
    parts = {"where": "w", "found": "f", "allowed": "a", "do": "d", "file": "x"}

    said = str(Fault(**(parts | {part: f"one{sign}two"})))

    assert sign not in said
    assert len(said.splitlines()) == 1
    assert f"one{sign!r}two".replace("'", "") in said


def test_all_faults_come_in_one_refusal():
    """A reader that finds three faults says three lines, in the order found."""
    others = [Fault("b", "2", "1", "Do"), Fault("c", "3", "1", "Do")]

    refusal = Refusal(fault for fault in (FAULT, *others))

    assert refusal.faults == (FAULT, *others)
    assert str(refusal).splitlines() == [str(fault) for fault in refusal.faults]


def test_refusal_of_nothing_is_a_mistake_in_the_program():
    """A refusal without a fault would say nothing."""
    with pytest.raises(ValueError, match=r"^a refusal names at least one fault$"):
        Refusal([])


@pytest.mark.parametrize("carried", [lambda one: pickle.loads(pickle.dumps(one)), copy.copy])  # noqa: S301
def test_refusal_survives_the_way_between_processes(carried):
    """A simulation in another process hands back the same faults."""
    refusal = Refusal([FAULT, Fault("b", "2", "1", "Do", "f", 3)])

    arrived = carried(refusal)

    assert arrived.faults == refusal.faults
    assert str(arrived) == str(refusal)


def test_refuse_makes_a_refusal_of_one_fault():
    """The short form for one fault keeps its four parts apart."""
    assert refuse("arms.C.days", "day 29", "1-28", "Correct the days").faults == (FAULT,)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("g/dL", "g/dL"),
        ("", ""),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 100_000, "x" * 59 + "…"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("a\\b'c", "a\\b'c"),
        ("\ud800", "\\ud800"),
        ("\n" * 30, "\\n" * 30),
        ("\n" * 31, "\\n" * 29 + "\\…"),
        (12, "12"),
        (None, "None"),
        (True, "True"),
        (["a", 1], "['a', 1]"),
        pytest.param(10**5000, "a large value of type int", id="5001 digits"),
        (list(range(100_000)), "[0, 1, 2, 3, 4, 5, ...]"),
    ],
)
def test_value_in_a_message_is_short_and_on_one_line(value, shown):
    """At most 60 signs are shown, control characters escaped, large values not written out."""
    assert shorten(value) == shown


@given(st.text(), st.integers(1, 80))
def test_shortened_text_never_floods(text, most):
    """Whatever the text, it is printable, on one line and no longer than asked."""
    shown = shorten(text, most)

    assert len(shown) <= most
    assert shown.isprintable()


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Pd"]), max_size=60))
def test_text_that_fits_is_shown_whole(text):
    """Nothing is cut off a short printable text."""
    if text.isprintable():
        assert shorten(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("14/03/1960", "99/99/9999"),
        ("1960-3-14", "9999-9-99"),
        ("Müller, Anna", "aaaaaa, aaaa"),
        ("٣.５", "9.9"),
        ("e\u0301", "aa"),
        ("1\n2", "9\\n9"),
        ("x" * 30, "a" * 30),
        ("x" * 31, "a" * 29 + "…"),
        ("", ""),
    ],
)
def test_shape_shows_form_without_content(text, shown):
    """A birth date or a name in a wrong column is told by its form alone."""
    assert shape(text) == shown


@given(st.text(st.characters(categories=["L", "Nd", "P", "Sm", "Mn"]), max_size=25))
def test_shape_keeps_length_and_marks_and_hides_the_rest(text):
    """Only 9 and a stand for digits and letters; every other sign stays in its place."""
    hidden = shape(text)

    if text.isprintable():
        assert len(hidden) == len(text)
        for sign, shown in zip(text, hidden, strict=True):
            kind = unicodedata.category(sign)[0]
            assert shown == {"L": "a", "M": "a", "N": "9"}.get(kind, sign)
