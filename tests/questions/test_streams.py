"""Cases in a stream: one object over many lines, or one on each line."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.questions.streams import MOST_BYTES, given_cases, lines_of
from trialwright.terms.errors import Refusal

ONE = {"id": "a", "seen": [{"n": 1}, {"n": 2}], "deep": {"x": [1, 2]}}


def cases(content):
    """Give line and text of each case."""
    raw = content.encode() if isinstance(content, str) else content
    return [(case.line, case.text) for case in given_cases(io.BytesIO(raw))]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("indent", [1, 2, 4, "\t"])
def test_one_object_over_many_lines_is_one_case(end, mark, indent):
    """Pretty-printed, with or without a byte order mark, by any system's line ends."""
    text = mark + json.dumps(ONE, indent=indent).replace("\n", end) + end

    ((line, found),) = cases(text)

    assert line == 1
    assert json.loads(found) == ONE


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_one_object_a_line_is_many_cases(end, mark):
    """Blank lines count as lines and are no cases."""
    text = mark + end.join(['{"id": 1}', "", "   ", '{"id": 2}', '{"id": 3}'])

    assert cases(text) == [(1, '{"id": 1}'), (4, '{"id": 2}'), (5, '{"id": 3}')]


def test_blank_lines_before_the_first_case_are_passed_over():
    """Also before an object over many lines; its line is the one on which it begins."""
    assert cases('\n\n{"id": 1}\n{"id": 2}') == [(3, '{"id": 1}'), (4, '{"id": 2}')]
    assert cases('\n\n{\n"id": 1}\n')[0][0] == 3


@pytest.mark.parametrize(
    "first", ["nonsense", '{"id": 1', '{"id": 1}}', '{"id": 1},', "[", "}", '"text', "\x00"]
)
def test_a_broken_first_line_leaves_the_others_to_be_answered(first):
    """One typing error in the first of many cases costs that case alone."""
    found = cases(f'{first}\n{{"id": 2}}\n{{"id": 3}}\n')

    assert found == [(1, first), (2, '{"id": 2}'), (3, '{"id": 3}')]


def test_a_broken_object_over_many_lines_is_one_broken_case():
    """Its lines are not told one by one."""
    text = '{\n  "id": "a",\n  "seen": [\n    {"n": 1}\n    {"n": 2}\n  ]\n}\n'

    assert [line for line, _ in cases(text)] == [1]


@pytest.mark.parametrize("content", ["", "\n", " \r\n\t\n", "\ufeff", "\ufeff\n"])
def test_no_case_is_a_refusal(content):
    """An empty file is no answered one."""
    with pytest.raises(Refusal, match="Give a case"):
        cases(content)


def test_bytes_that_are_no_utf_8_are_refused_on_their_own_line():
    """The case names the byte; the next case is whole."""
    bad, good = given_cases(io.BytesIO(b'{"id": "\xe9"}\n{"id": 2}\n'))

    with pytest.raises(Refusal, match="the byte 0xe9"):
        _ = bad.text
    assert good.text == '{"id": 2}'


def test_a_line_beyond_the_limit_costs_that_case_alone():
    """It is cut, refused by its length, and the next line is read from its beginning."""
    long = b'{"id": "' + b"a" * (2 * MOST_BYTES) + b'"}'
    first, second = given_cases(io.BytesIO(long + b'\n{"id": 2}\n'))

    assert len(first.content) <= MOST_BYTES + 2
    with pytest.raises(Refusal, match="longer"):
        _ = first.text
    assert (second.line, second.text) == (2, '{"id": 2}')


def test_many_cases_are_not_held_in_memory():
    """The first answer can be given before the last case is read."""
    stream = io.BytesIO(b'{"id": 1}\n' * 100_000)

    next(given_cases(stream))

    assert stream.tell() < 1000


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3), min_size=1))
def test_what_is_written_a_line_each_comes_back_in_order(values):
    """Nothing is lost, joined or turned around."""
    text = "\n".join(json.dumps(value) for value in values)

    assert [json.loads(found) for _, found in cases(text)] == values


@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_cases_or_a_refusal(content):
    """Never an exception of another kind, never a case from nowhere."""
    try:
        found = list(given_cases(io.BytesIO(content)))
    except Refusal:
        assert not content.removeprefix(b"\xef\xbb\xbf").strip()
        return

    assert all(case.content.strip() for case in found)
    assert [case.line for case in found] == sorted({case.line for case in found})


def test_texts_are_numbered_as_lines():
    """The way in for callers that have texts and no stream."""
    assert [(case.line, case.text) for case in lines_of(["a", "", "b"])] == [(1, "a"), (3, "b")]
