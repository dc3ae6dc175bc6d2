"""Reference cases of responses and endpoints: what agrees, and that a wrong answer does not."""

import copy
import json
from decimal import Decimal

import pytest

from trialwright.questions.reference import form_of

FILES = {
    "recist/bor_cases.json": ("expected", "bor_confirmed", "CR", "PD"),
    "recist/bor_sequences.json": (None, "bor_unconfirmed", "CR", "PD"),
    "recist/baseline_cases.json": ("expected", "class", "MEASURABLE", "NORMAL"),
    "recist/endpoint_cases.json": ("expected", "os", {"event": True}, {"event": False, "day": 7}),
    "endpoints/clopper_pearson.json": (None, "lower", 0.4, 0.5),
    "endpoints/fisher.json": (None, "p", 0.4, 0.5),
}
"""File: where its answers stand, one of them, and two values of which at most one is right."""


def _compared(parsed):
    """Compare a parsed file."""
    return list(form_of(parsed).compare(parsed, None))


def _read(shared, name):
    """Read a file as the command does, with exact numbers."""
    text = (shared / "reference" / name).read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("name", [*FILES, "endpoints/km_hand.json", "endpoints/conventions.json"])
def test_every_shared_case_agrees(shared, name):
    """Best responses, sequences, baselines, endpoints, curves and exact intervals."""
    compared = _compared(_read(shared, name))

    assert [one.says for one in compared if not one.agrees] == []
    assert compared


@pytest.mark.parametrize(("name", "place"), list(FILES.items()))
def test_a_wrong_answer_disagrees(shared, name, place):
    """Each case with its answer turned into another one is counted as different."""
    parsed = copy.deepcopy(_read(shared, name))
    within, field, one, other = place
    parsed["cases"] = [
        each for each in parsed["cases"] if field in (each[within] if within else each)
    ]
    for case in parsed["cases"]:
        answers = case[within] if within else case
        answers[field] = other if answers[field] == one else one
        answers.pop("accept_confirmed", None)

    wrong = [each for each in _compared(parsed) if not each.agrees]

    assert len(wrong) >= len(parsed["cases"]) // 2 >= 1
    assert all("expected" in each.says for each in wrong)


def test_a_wrong_median_disagrees(shared):
    """A curve with another median names the scale and the numbers."""
    parsed = _read(shared, "endpoints/km_hand.json")
    for case in parsed["cases"].values():
        case["groups"]["All"]["log-log"]["median"] = Decimal("77.5")

    compared = _compared(parsed)

    assert not any(each.agrees for each in compared)
    assert "log-log median 2.5, expected 77.5" in compared[0].says


def test_a_reading_that_a_case_accepts_is_counted_apart(shared):
    """CR then SD too early is PD by the table; with NE expected and PD accepted it is ambiguous."""
    parsed = _read(shared, "recist/bor_cases.json")
    parsed["cases"] = [case for case in parsed["cases"] if case["id"] == "C03b"]
    parsed["cases"][0]["expected"]["bor_confirmed"] = "NE"

    only = _compared(parsed)[0]

    assert (only.agrees, only.is_ambiguous) == (True, True)
