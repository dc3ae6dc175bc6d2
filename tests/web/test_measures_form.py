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


def found(number, term, answer, **more):
    """Give the fields of a line whose result is told in words."""
    return line(number, term, **more) | {f"answer_{number}": answer}


def test_findings_are_told_in_words_beside_amounts(signed_in, trial):
    """HIV and pregnancy by the protocol's names, HBsAg by its own, and a score of HER2."""
    rows = (found(1, "hiv-test", "negative") | line(2, "ast", "24", "U/L")
            | found(3, "other", "positive", other="HBsAg")
            | found(4, "her2-ihc", "1+"))  # fmt: skip

    answer = signed_in("coordinator").post(AT, HEAD | rows)

    assert answer.status_code == 302, words(answer)
    here = trial.gateway.state().participants["MGH-016"]
    held = {each.term: str(each.value) for each in here.casebook.observations
            if each.source.place == "report 18"}  # fmt: skip
    assert held == {"hiv-test": "negative", "ast": "24 U/L", "her2-ihc": "1+"}
    assert [(each.name, each.value) for each in here.course.others] == [("HBsAg", "positive")]


def test_a_finding_decides_a_criterion(signed_in, trial):
    """A positive pregnancy test of the day excludes."""
    client, at = signed_in("coordinator"), "/participants/MGH-016/eligibility/?arm=A"
    before = words(client.get(at))

    client.post(AT, HEAD | found(1, "pregnancy-test", "positive"))

    assert "Pregnancy test positive on 2026-11-27" not in before
    assert re.search(r"Pregnancy test .{0,60}positive", words(client.get(at)))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (found(1, "hiv-test", ""), "Choose the result: it is told in words."),
        (line(1, "hiv-test", "1", "{score}"), "Choose the result: it is told in words."),
        (found(1, "hiv-test", "negative", value="1"), "A result in words has none. Empty this."),
        (found(1, "hiv-test", "negative", high="1"), "A result in words has none. Empty this."),
        (found(1, "hiv-test", "2+"), "Scores are of HER2 by immunohistochemistry alone."),
        (found(1, "ast", "negative"), "It is measured: give amount and unit, and no words."),
        (found(1, "other", "2+", other="HBsAg"), "Scores are of HER2"),
        (found(1, "other", "positive"), "Name it."),
        (found(1, "", "positive"), "Say what was measured."),
        (found(1, "hiv-test", "perhaps"), "Select a valid choice"),
    ],
)
def test_a_result_in_words_that_cannot_be_is_refused(signed_in, trial, rows, says):
    """Nothing is recorded."""
    before = len(trial.records())

    answer = signed_in("coordinator").post(AT, HEAD | rows)

    assert answer.status_code == 422
    assert says in words(answer)
    assert len(trial.records()) == before


def test_vital_signs_and_an_ecg_hold_no_findings(signed_in):
    """They are measured."""
    for kind in ("vital-signs", "ecg"):
        page = signed_in("coordinator").get(f"/participants/MGH-016/record/{kind}/")
        assert "hiv-test" not in page.content.decode()
        assert "Result in words" not in page.content.decode()
