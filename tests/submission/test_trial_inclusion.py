"""The domain TI: one row a criterion, in the words of the protocol."""

import csv
from io import StringIO

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.trees import say
from trialwright.submission.trial_inclusion import (
    too_long,
    trial_inclusion,
    trial_inclusion_csv,
    words_of,
)


@pytest.fixture(scope="module")
def study():
    """Give the shipped study."""
    return shipped("nct03959891").study


def test_each_criterion_has_a_row_in_the_order_of_the_protocol(study):
    """With its list, its rule in words and the version of the protocol."""
    rows = trial_inclusion(study)

    assert [each.IETESTCD for each in rows] == [each.id for each in study.criteria]
    assert {(each.STUDYID, each.DOMAIN, each.TIVERS) for each in rows} == {
        ("NCT03959891", "TI", study.version)
    }
    assert {(each.IETESTCD[0], each.IECAT) for each in rows} == {
        ("I", "INCLUSION"),
        ("E", "EXCLUSION"),
    }
    ecog = next(each for each in rows if each.IETESTCD == "I04")
    assert say(study.criterion("I04").rule, study.terms) == ecog.TIRL


def test_a_permission_has_no_rule(study):
    """It never restricts."""
    rows = {each.IETESTCD: each for each in trial_inclusion(study)}

    assert rows["I07"].TIRL == ""


@pytest.mark.parametrize(("length", "expected"), [(200, "a" * 200), (201, "a" * 197 + "...")])
def test_words_are_cut_after_200_characters(study, length, expected):
    """At 200 they are whole."""
    criterion = study.criteria[0].model_copy(update={"says": "a" * length})

    assert words_of(criterion) == expected


def test_words_stand_on_one_line(study):
    """A line end becomes a blank."""
    criterion = study.criteria[0].model_copy(update={"says": "one\n  two"})

    assert words_of(criterion) == "one two"


def test_rules_that_no_variable_holds_are_named(study):
    """They are not cut: half a rule is another rule."""
    rows = trial_inclusion(study)

    named = too_long(rows)

    assert "I01" in named
    assert "I04" not in named


def test_the_csv_reads_back(study):
    """Line by line, commas and quotes included; the columns are SDTM's."""
    rows = trial_inclusion(study)

    read = list(csv.DictReader(StringIO(trial_inclusion_csv(rows))))

    assert list(read[0]) == ["STUDYID", "DOMAIN", "IETESTCD", "IETEST", "IECAT", "TIRL", "TIVERS"]
    assert [each["TIRL"] for each in read] == [each.TIRL for each in rows]
