"""JSON of a record is read strictly; every fault names its place."""

import json

import pytest

from trialwright.registry.shapes.strict_json import Written, compact, field_of, read_json
from trialwright.terms.errors import Refusal


def faults(text):
    """Give the faults of a text that is refused."""
    with pytest.raises(Refusal) as refused:
        read_json(text, "record.json")
    return refused.value.faults


def test_values_are_read_as_they_are_written():
    """Numbers keep their digits; a byte order mark is passed over."""
    value = read_json('\ufeff{"a": [1.50, -0, 1E5, true, null, "é"]}')

    assert value == {"a": [Written("1.50"), Written("-0"), Written("1E5"), True, None, "é"]}
    assert compact(value) == '{"a":[1.50,-0,1E5,true,null,"é"]}'


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ('{"a": {"b": 1, "b": 2}}', "a.b", "twice"),
        ('{"a": [NaN]}', "a.0", "NaN"),
        ('{"a": -Infinity}', "a", "-Infinity"),
        ('{"a": 1e309}', "a", "1e309"),
        ('{"a": 1e99999999999}', "a", "number 1e99999999999"),
        (f'{{"a": {"9" * 400}}}', "a", "number 999"),
        ('{"a": "\\ud800"}', "a", "surrogate"),
        ('{"\\udc00": 1}', "\\udc00", "surrogate"),
        ("[1]", "record", "list"),
        ("5", "record", "number"),
        ('"text"', "record", "text"),
        ("null", "record", "null"),
    ],
)
def test_what_is_no_strict_json_is_refused_with_its_path(text, where, found):
    """The path of the value stands in the fault, and what was found."""
    (fault,) = faults(text)

    assert fault.where.encode("ascii", "backslashreplace").decode() == where
    assert found in fault.found
    assert fault.file == "record.json"
    str(fault).encode()


def test_all_faults_are_named_at_once():
    """Three faults in three places give three faults."""
    found = faults('{"a": NaN, "b": {"c": 1e400}, "d": [{"e": 1, "e": 1}]}')

    assert [fault.where for fault in found] == ["d.0.e", "a", "b.c"] or {
        fault.where for fault in found
    } == {"a", "b.c", "d.0.e"}


@pytest.mark.parametrize(
    ("text", "line"),
    [('{"a": 1,\n "b" 2}', 2), ("", 1), ('{"a":\n"\x00"}', 2), ('{"a": 1}\n\n{"b": 2}', 3)],
)
def test_text_that_is_no_json_is_refused_with_its_line(text, line):
    """The line is named at which it stops being JSON."""
    (fault,) = faults(text)

    assert fault.line == line


def test_deep_nesting_is_refused_before_it_is_read():
    """100,000 brackets are a fault and no crash; brackets inside text do not count."""
    (fault,) = faults('{"a":\n' + "[" * 100_000)
    value = read_json(json.dumps({"a": "[" * 1000, "b": '"' + "{" * 1000}))

    assert (fault.line, "200 levels" in fault.found) == (2, True)
    assert set(value) == {"a", "b"}


def test_nesting_of_200_levels_is_read():
    """The limit itself is allowed."""
    value = read_json('{"a":' + "[" * 199 + "]" * 199 + "}")

    assert "a" in value


def test_a_very_long_record_is_refused(monkeypatch):
    """The fault names the limit."""
    monkeypatch.setattr("trialwright.registry.shapes.strict_json.MOST_CHARACTERS", 10)

    (fault,) = faults('{"a": "long"}')

    assert (fault.where, fault.allowed) == ("record", "up to 10 characters")


def test_paths_are_written_without_doubt():
    """A point, an asterisk or a backslash inside a key has a backslash before it."""
    assert field_of(("a.b", 0, "c*", "d\\")) == "a\\.b.0.c\\*.d\\\\"


@pytest.mark.parametrize(
    ("text", "whole"),
    [("24", 24), ("-3", -3), ("0", 0), ("2.0", None), ("1e3", None), ("9" * 30, None)],
)
def test_whole_numbers_are_told_from_others(text, whole):
    """A number with point or exponent is no count."""
    assert Written(text).whole == whole
