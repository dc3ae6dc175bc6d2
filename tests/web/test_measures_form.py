"""The form of measurements: limits of normal, as many lines as are needed, and what it refuses."""

import re

import pytest

AT = "/participants/MGH-016/record/laboratory/"
HEAD = {"visit": "SCREENING", "on": "2026-11-27", "source": "report 18"}


def line(number, term="", value="", unit="", low="", high="", other=""):
    """Give the fields of a line."""
    told = {"term": term, "value": value, "unit": unit, "low": low, "high": high, "other": other}
    return {f"{name}_{number}": typed for name, typed in told.items()}


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_limits_of_normal_decide_a_criterion(signed_in, trial):
    """AST and ALT under 3 times ULN: open without the laboratory's own limit, met with it."""
    client = signed_in("coordinator")
    rows = line(1, "ast", "24", "U/L", "", "40") | line(2, "alt", "20", "U/L", "5", "41")

    answer = client.post(AT, HEAD | rows)

    held = {each.term: each for each in
            trial.gateway.state().participants["MGH-016"].casebook.observations
            if each.source.place == "report 18"}  # fmt: skip
    assert answer.status_code == 302, words(answer)
    assert [str(held["ast"].low), str(held["ast"].high)] == ["None", "40"]
    assert [str(held["alt"].low), str(held["alt"].high)] == ["5", "41"]


def test_a_form_takes_as_many_values_as_a_report_holds(signed_in, trial):
    """More lines are shown with what was typed kept; twelve values are one entry."""
    client = signed_in("coordinator")
    first = HEAD | {"lines": "5"} | line(1, "potassium", "4.1", "mmol/L")
    shown = client.post(AT, first | {"more": "1"}).content.decode()
    assert 'name="term_10"' in shown
    assert 'value="4.1"' in shown

    rows = {}
    for number in range(1, 13):
        rows |= line(number, "other", str(number), "U/L", other=f"enzyme {number}")
    answer = client.post(AT, HEAD | {"lines": "15"} | rows)

    assert answer.status_code == 302, words(answer)
    assert len(trial.records()[-1].happening.payload["others"]) == 12


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (line(1, "ast", "24", "U/L", "50", "40"), "The upper limit lies below the lower one."),
        (line(1, "other", "2", "U/L", "", "3", "lipase"), "Limits are kept of the values that"),
        (line(1, "ast", "24", "U/L", other="lipase"), "Choose “Another, by name” beside it"),
        (line(1, "", "24", "U/L"), "Say what was measured."),
        (line(1, "ast", "", "U/L"), "Give the amount, or leave the line empty."),
        (line(1, "ast", "24"), "Give the unit; it is never guessed."),
        ({}, "Give at least one value."),
    ],
)
def test_what_a_line_lacks_is_asked_for(signed_in, trial, rows, says):
    """Nothing is recorded, and what to do stands at the field."""
    before = len(trial.records())

    answer = signed_in("coordinator").post(AT, HEAD | rows)

    assert answer.status_code == 422
    assert says in words(answer)
    assert len(trial.records()) == before


def test_a_day_that_concerns_every_line_is_told_once(signed_in):
    """Two values of a day to come: one fault at the day."""
    rows = line(1, "ast", "24", "U/L") | line(2, "alt", "20", "U/L")

    answer = signed_in("coordinator").post(AT, HEAD | rows | {"on": "2026-12-24"})

    assert words(answer).count("Enter it when it has happened") == 1


def test_more_lines_need_nothing_filled_in_first(signed_in):
    """A browser does not hold the button back because other fields are still empty."""
    shown = signed_in("coordinator").get(AT).content.decode()

    assert re.search(r'<button[^>]*name="more"[^>]*formnovalidate', shown)
