"""Every question: good cases are answered, bad ones are refused on their own line, none breaks."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from trialwright.questions.asking import (
    QUESTIONS,
    answer_or_error,
    answer_schema,
    ask,
    ask_lines,
    question_of,
    schema,
)
from trialwright.questions.reading import read_json
from trialwright.terms.errors import Refusal

NAMES = list(QUESTIONS)


def faults(answer):
    """Give the faults of an error object by their place."""
    return {fault["where"]: fault for fault in answer["error"]["faults"]}


def valid(described, value):
    """Say how a value breaks a schema; nothing when it does not."""
    checker = Draft202012Validator(described, format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(value)]


@pytest.mark.parametrize("name", NAMES)
def test_good_cases_are_answered_with_a_reason(name, good, library):
    """No answer comes without its reason, and every answer is JSON as published."""
    for text in good[name]:
        answer = ask(name, read_json(text), library)

        assert answer["question"] == name
        assert answer["because"].strip()
        assert valid(answer_schema(name), json.loads(json.dumps(answer))) == []
        assert valid(schema(name), json.loads(text)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_id_of_a_case_is_handed_back(name, good, library):
    """Answers and errors alike carry the id, so that many cases can be told apart."""
    case = {"id": "case 7", **json.loads(good[name][0])}
    wrong = {**case, "no-such-name": 1}

    for each in (case, wrong):
        assert answer_or_error(name, json.dumps(each), library, 1)["id"] == "case 7"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "column 1"),
        ("nonsense", "column 1"),
        ('{"id": "a"', "column 11"),
        ('{"id": "a"} {"id": "b"}', "column 13"),
        ('{\n"id": nope}', "line 2 column 7"),
        ("[1]", "case"),
        ("3", "case"),
        ("null", "case"),
        ('"text"', "case"),
        ('{"id": NaN}', "case"),
        ('{"id": -Infinity}', "case"),
        ('{"id": 1e309}', "case"),
        ('{"id": 1e-99}', "case"),
        ('{"id": ' + "9" * 5000 + "}", "case"),
        ('{"id": "a", "id": "b"}', "id"),
        ('{"id": "a", "x": {"y": 1, "y": 1}}', "y"),
        ('{"id": ' + "[" * 200_000, "case"),
        ('{"id": "\\ud800"}', "case"),
        ('{"id": 5}', "id"),
        ('{"id": null}', "id"),
        ('{"id": "a", "nonsense": 1}', "nonsense"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_bad_cases_give_an_error_that_names_the_place(name, text, where, library):
    """No traceback and no guess: what is wrong, what is allowed, what to do."""
    answer = answer_or_error(name, text, library, 12)

    assert answer["error"]["line"] == 12
    assert where in faults(answer)
    assert all(each["allowed"] and each["do"] for each in answer["error"]["faults"])
    assert valid(answer_schema(name), answer) == []


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        (
            "calendar",
            '{"arm": 1, "start": "2026-02-30", "cycles": 0, "dose_level": "1", "x": 1}',
            {"arm", "start", "cycles", "dose_level", "x"},
        ),
        ("calendar", "{}", {"arm", "start"}),
        (
            "criterion",
            '{"criterion": 4, "as_of": 20260101, "given": {"ecog": true, "age": [1]}}',
            {"criterion", "as_of", "given.ecog", "given.age"},
        ),
        (
            "criterion",
            '{"criterion": "I04", "as_of": "2026-03-05", "given": {"ecog": "x", "shoes": 1}}',
            {"ecog", "shoes"},
        ),
        (
            "grade",
            '{"term": "Anemia", "value": "x", "unit": 1, "lln": [], "version": 5}',
            {"value", "unit", "lln", "version"},
        ),
        (
            "grade",
            '{"term": "Anemia", "value": 7.9, "unit": "stones", "comparator": "~"}',
            {"unit", "comparator"},
        ),
        (
            "next-dose",
            '{"seen": [{"evaluable": 3, "x": 1}, {"dlts": "a"}], "at": 1.5, "levels": 99}',
            {"seen.0.dlts", "seen.0.x", "seen.1.evaluable", "seen.1.dlts", "at", "levels"},
        ),
        (
            "next-dose",
            '{"design": "3+3", "variant": "six-at-mtd", "levels": 2, "at": 1,'
            ' "seen": [{"evaluable": 3, "dlts": 5}, {"evaluable": -1, "dlts": 0}]}',
            {"seen.0.dlts", "seen.1.evaluable"},
        ),
        (
            "timepoint-response",
            '{"baseline": {"target": [{"id": "T1", "mm": -1}, {"id": "T2", "mm": 0}]}, "visits":'
            ' [{"day": 57, "target": {"T1": "BIG"}}, {"day": 9999999999, "nontarget": {"N": {}}}]}',
            {
                "baseline.target.0.T1.mm",
                "baseline.target.1.T2.mm",
                "visits.0.target.T1",
                "visits.1.day.date",
                "visits.1.nontarget.N",
            },
        ),
    ],
)
def test_every_fault_of_a_case_is_named_at_once_with_its_path(name, text, places, library):
    """Whoever corrects a case corrects it once."""
    answer = answer_or_error(name, text, library, 1)

    assert set(faults(answer)) == places


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("calendar", '{"arm": "Z", "start": "2026-03-09"}', "arm Z"),
        ("calendar", '{"arm": "A", "start": "2026-03-09", "protocol": "nct1"}', "nct1"),
        ("calendar", '{"arm": "A", "start": "9999-12-30"}', "outside the calendar"),
        ("criterion", '{"criterion": "I99", "as_of": "2026-03-05", "given": {}}', "I99"),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05"}', "do not go together"),
        ("grade", '{"term": "Sadness", "value": 1, "unit": "g/dL"}', "Sadness"),
        ("next-dose", '{"design": "3+3", "levels": 3, "outcomes": "1N"}', "do not go together"),
        ("next-dose", '{"design": "4+4", "variant": "x", "levels": 3, "outcomes": "1N"}', "4+4"),
    ],
)
def test_names_that_are_not_known_are_refused(name, text, found, library):
    """The message says what was found and what there is."""
    answer = answer_or_error(name, text, library, 1)

    assert any(found in fault["found"] for fault in answer["error"]["faults"])


CANARIES = ("Canary", "Birdsong", "1961-09-23")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("criterion", '{"criterion": "I04", "as_of": "Canary Birdsong", "given": {}}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "given": {"ecog": "Canary"}}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "given": {"age": "Canary"}}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "given": {"sex": "Canary"}}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "given": {},'
         ' "bundle": {"name": "Canary Birdsong", "birthDate": "1961-09-23"}}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "bundle": "Canary Birdsong"}'),
        ("criterion", '{"criterion": "I04", "as_of": "2026-03-05", "bundle": {"resourceType":'
         ' "Bundle", "entry": [{"resource": {"resourceType": "Patient", "birthDate": "Canary",'
         ' "name": [{"family": "Birdsong"}]}}]}}'),
        ("timepoint-response", '{"baseline": {"target": "Canary Birdsong"}, "visits": []}'),
        ("calendar", '{"arm": "A", "start": "1961-09-23 Canary Birdsong"}'),
    ],
)  # fmt: skip
def test_what_people_wrote_is_not_shown_in_an_error(name, text, library):
    """A name or a birth date in the wrong field must not travel on in a message or a log."""
    told = json.dumps(answer_or_error(name, text, library, 1))

    assert not [each for each in CANARIES if each in told]


def test_a_bundle_is_read_with_every_digit(library, good):
    """9.05 in a bundle is an amount of 9.05, not a text and not a binary float."""
    answer = ask("criterion", read_json(good["criterion"][5]), library)

    assert answer["answer"] == "met"
    assert "9.05 g/dL" in answer["because"]


@pytest.mark.parametrize(("patient", "answered"), [("zz", "unknown"), ("Patient/p", "met")])
def test_the_patient_who_is_meant_is_judged(patient, answered, library, good):
    """A bundle of two patients: each has only their own records."""
    case = read_json(good["criterion"][5])
    bundle = case["bundle"]
    bundle["entry"][0]["resource"]["id"] = "p"
    bundle["entry"][1]["resource"]["subject"] = {"reference": "Patient/p"}
    bundle["entry"].append({"resource": {"resourceType": "Patient", "id": "zz"}})

    assert ask("criterion", {**case, "patient": patient}, library)["answer"] == answered
    with pytest.raises(Refusal, match="2 patients"):
        ask("criterion", case, library)


@pytest.mark.parametrize(
    ("mm", "overall"), [("37.44", "PD"), ("37.43", "SD"), ("37.439", "SD"), ("37.440", "PD")]
)
def test_a_limit_is_met_exactly(mm, overall, library):
    """31.2 mm to 37.44 mm is +20 % exactly, and 6.24 mm: progression (RECIST 1.1, 4.3.1)."""
    text = (
        '{"baseline": {"target": [{"id": "T1", "mm": 31.2}]},'
        f' "visits": [{{"day": 57, "target": {{"T1": {mm}}}}}]}}'
    )

    assert ask("timepoint-response", read_json(text), library)["overall"] == [overall]


def test_sentences_speak_of_study_days_as_the_case_does(library):
    """No calendar date is made up for a visit of which only the study day was given."""
    text = (
        '{"baseline": {"day": -6, "target": [{"id": "T1", "mm": 50}]},'
        ' "visits": [{"day": 57, "target": {"T1": 40}}, {"day": 113, "target": {"T1": 60}}]}'
    )

    answer = ask("timepoint-response", read_json(text), library)

    assert "on day 57" in answer["because"]
    assert not [year for year in ("1999-", "2000-") if year in json.dumps(answer)]


def test_lines_are_answered_in_their_order(library, good):
    """Blank lines are passed over; a bad line gives an error where it stands."""
    lines = ["", good["grade"][0], "  ", "nonsense", good["grade"][1], "{}"]

    answers = list(ask_lines("grade", lines, library))

    assert [answer.get("grade") for answer in answers] == [3, None, 3, None]
    assert [answer["error"]["line"] for answer in answers if "error" in answer] == [4, 6]


@pytest.mark.parametrize("call", [question_of, schema, answer_schema])
def test_a_question_that_is_not_there_is_refused(call):
    """The questions there are stand in the message."""
    with pytest.raises(Refusal, match="timepoint-response"):
        call("weather")


def test_lines_for_a_question_that_is_not_there_are_refused(library):
    """At once, and not at the first line."""
    with pytest.raises(Refusal, match="weather"):
        list(ask_lines("weather", [], library))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda number: number if abs(number) < Decimal(10) ** 25 else Decimal(1)
    )
    | st.text(max_size=12)
    | st.sampled_from(["A", "I04", "ecog", "2026-03-05", "g/dL", "Anemia", "1NNN", "NE", "3+3"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(name=st.sampled_from(NAMES), value=JSON_VALUES)
@settings(max_examples=150, deadline=None)
def test_any_value_gives_an_answer_or_an_error(name, value, library):
    """Whatever JSON comes, nothing but an answer or an error object leaves."""
    answer = answer_or_error(name, json.dumps(value, default=float), library, 1)

    assert ("error" in answer) != ("because" in answer)
    json.dumps(answer)


def places_in(value, way=()):
    """Give the way to every value inside a JSON value."""
    yield way
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for name, each in inner:
        yield from places_in(each, (*way, name))


def exchange(value, way, new):
    """Give a JSON value in which one place holds another value."""
    if not way:
        return new
    copied = value.copy()
    copied[way[0]] = exchange(value[way[0]], way[1:], new)
    return copied


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_good_case_bent_anywhere_gives_an_answer_or_an_error(data, good, library):
    """Any value in any place of a case that was good: never an exception."""
    name = data.draw(st.sampled_from(NAMES))
    case = json.loads(data.draw(st.sampled_from(good[name])))
    for _ in range(data.draw(st.integers(1, 2))):
        way = data.draw(st.sampled_from(list(places_in(case))))
        case = exchange(case, way, data.draw(JSON_VALUES))

    answer = answer_or_error(name, json.dumps(case, default=float), library, 1)

    assert ("error" in answer) != ("because" in answer)
    assert valid(answer_schema(name), json.loads(json.dumps(answer))) == []
