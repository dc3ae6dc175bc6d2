"""Lines of an export give the same casebook as a bundle; a broken line is refused by its number."""

import io
import json

import pytest

from trialwright.intake import bundle_stream
from trialwright.intake.ndjson import read_ndjson
from trialwright.terms.errors import Refusal

HB = {"value": 11.8, "code": "g/dL"}
CANARY = "Zyxwvut"


@pytest.fixture
def lines(terms, medicines):
    """Give a reader of lines."""

    def run(*texts, patient=""):
        stream = io.BytesIO(b"\n".join(texts))
        return read_ndjson(stream, terms, "P-001", patient, medicines)

    return run


@pytest.fixture
def told(lines):
    """Give the words in which lines are refused."""

    def run(*texts):
        with pytest.raises(Refusal) as caught:
            lines(*texts)
        return str(caught.value)

    return run


def test_lines_and_bundle_say_the_same(read, lines, patient, observed, taken, diagnosed):
    """Whatever the packaging, with lines in any order and empty lines between."""
    resources = [
        observed("718-7", valueQuantity=HB),
        taken("letrozole", effectiveDateTime="2026-01-05"),
        diagnosed("94225005"),
        patient,
    ]
    found = lines(b"", *(json.dumps(each).encode() for each in resources), b" ", b"")

    assert found.casebook == read(*resources).casebook
    assert (found.entries, found.used) == (4, 4)


def test_a_fault_is_placed_by_its_line(lines, patient, observed):
    """Counted from 1, empty lines too; a resource without an id is named by its line."""
    strange = json.dumps(observed("718-7", id=None, valueString=CANARY)).encode()
    found = lines(json.dumps(patient).encode(), b"", strange)

    assert [each.fault.where for each in found.questions] == ["line[3].valueString"]
    assert str(found.casebook.observations[0].source) == "fhir line[3]"


def test_a_name_that_stands_twice_is_a_question_of_its_line(lines, patient, observed):
    """The rest is read."""
    twice = json.dumps(observed("718-7", valueQuantity=HB))[:-1] + ', "status": "final"}'
    found = lines(json.dumps(patient).encode(), twice.encode())

    assert [each.fault.where for each in found.questions] == ["line[2].status"]
    assert found.casebook.born is not None


@pytest.mark.parametrize("text", [b"7", b"[]", b"null", b'"text"', b"{}"])
def test_a_line_that_is_no_resource_is_a_question(lines, patient, text):
    """It is counted as one."""
    found = lines(json.dumps(patient).encode(), text)

    assert (found.entries, found.used, found.questioned) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        (b'{"id": "Zyxwvut"', "line[1]", "no valid JSON"),
        (b'{"a": NaN}', "line[1].a", "no valid JSON"),
        (b'{"a": ' + b"9" * 700 + b"}", "line[1]", "a number beyond"),
        (b"[" * 300 + b"]" * 300, "line[1]", "levels"),
        (b"{}}]}", "line[1]", "goes on after the end of the line"),
        (b'{}}, {"resource": {}', "line[1]", "no valid JSON"),
        (b'{}, "fullUrl": "Zyxwvut"', "line[1]", "no valid JSON"),
        (b'{}}], "x": [{"y": {}', "line[1]", "no valid JSON"),
        (b'{"a": "\xff"}', "line[1]", "no valid JSON"),
        (b"\x1f\x8b", "bundle", "a gzip archive"),
        (b"", "bundle", "an empty file"),
    ],
)
def test_a_broken_line_is_refused_and_nothing_of_it_shown(told, text, where, found):
    """No line can pass for more than one value."""
    words = told(text)

    assert words.startswith(where)
    assert found in words
    assert CANARY not in words


def test_lines_have_limits(told, monkeypatch):
    """A line without end, and one of too many values, are refused."""
    monkeypatch.setattr(bundle_stream, "MOST_VALUES", 10)
    assert "more than 10 values" in told(b"[1,2,3,4,5,6,7,8,9,10,11,12]")

    monkeypatch.setattr(bundle_stream, "MOST_APART", 1000)
    assert "one line of more than 1000 bytes" in told(b'"' + b"a" * 3000 + b'"')


def test_the_one_meant_is_chosen_of_several(lines, patient, observed):
    """Lines of others are counted as theirs."""
    other = patient | {"id": "22222222-2222-4222-8222-222222222222"}
    hers = observed("718-7", valueQuantity=HB)
    texts = [json.dumps(each).encode() for each in (other, patient, hers)]
    found = lines(*texts, patient=f"Patient/{other['id']}")

    assert found.casebook.observations == ()
    assert found.ignored == {"Patient: another patient's": 1, "Observation: another patient's": 1}
