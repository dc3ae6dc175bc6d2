"""Cutting a text into lines."""

import pytest

from trialwright.registry.lines import MOST_CHARACTERS, MOST_LINES, Line, lines_of
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read_alike(end):
    """LF, CRLF and a bare CR give the same lines with the same numbers."""
    lines = lines_of(end.join(["one", "", "  • two "]))

    assert lines == (
        Line("one", 1, 0, is_after_blank=True),
        Line("• two", 3, 2, is_after_blank=True),
    )


def test_a_line_directly_below_another_is_not_after_blank():
    """Only white space or the beginning of the text sets a line off."""
    first, second, third = lines_of("a\nb\n \t\nc")

    assert (first.is_after_blank, second.is_after_blank, third.is_after_blank) == (
        True,
        False,
        True,
    )


def test_a_byte_order_mark_is_passed_over():
    """Text saved with a byte order mark begins with its first word."""
    assert lines_of("\ufeffTrial")[0].words == "Trial"


@pytest.mark.parametrize(
    ("text", "found", "line"),
    [
        ("", "without words", 0),
        (" \r\n\t\r", "without words", 0),
        ("a\r\nb\rc\x00", "a zero byte", 3),
        ("a\n\ud800", "no UTF-8", 2),
        ("x" * (MOST_CHARACTERS + 1), f"{MOST_CHARACTERS + 1} characters", 0),
        ("x\n" * (MOST_LINES + 1), f"{MOST_LINES + 1} lines", 0),
    ],
)
def test_a_text_that_is_no_page_is_refused_with_its_place(text, found, line):
    """The refusal names the file, what was found and where."""
    with pytest.raises(Refusal) as refused:
        lines_of(text, "page.txt")

    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == ("page.txt", line)
    assert found in fault.found


def test_all_faults_of_a_text_are_named_at_once():
    """A text too long with a zero byte and a broken sign has three faults."""
    with pytest.raises(Refusal) as refused:
        lines_of("\x00\ud800" * MOST_CHARACTERS)

    assert len(refused.value.faults) == 3


def test_the_longest_text_and_the_most_lines_are_read():
    """The limits themselves are allowed."""
    assert len(lines_of("x" * MOST_CHARACTERS)) == 1
    assert len(lines_of("x\n" * MOST_LINES)) == MOST_LINES
