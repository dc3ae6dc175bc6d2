"""A mapping says what columns mean; whatever it says that means nothing is refused by line."""

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.intake.table_mapping import read_mapping
from trialwright.terms.errors import Refusal

LONG = """\
participant: Subject
long:
  term: Test
  value: Result
  day: Collected
  names:
    HGB: {term: hemoglobin, in_unit: g/dL}
"""
WIDE = """\
participant: Subject
wide:
  - {term: hemoglobin, value: Hb, in_unit: g/dL, day: Visit}
"""

BRAIN = "participant: Subject\nwide:\n  - {term: cns-metastasis, value: Brain, answers: "


@pytest.fixture(scope="module")
def study(terms, medicines):
    """Give a study with the small vocabulary of these tests."""
    named = shipped("nct03959891").study
    return named.model_copy(update={"terms": terms, "medicines": medicines})


@pytest.fixture
def told(study):
    """Give the words in which a mapping is refused."""

    def run(text):
        with pytest.raises(Refusal) as caught:
            read_mapping(text, study, "labs.yaml")
        return str(caught.value)

    return run


@pytest.mark.parametrize("text", [LONG, WIDE])
def test_a_mapping_names_its_columns(study, text):
    """Each once, the participant first."""
    columns = read_mapping(text, study).columns

    assert columns[0] == "Subject"
    assert len(columns) == len(set(columns)) >= 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LONG.replace("hemoglobin", "haemoglobin"), "labs.yaml:7: long.names.HGB.term: "
         "'haemoglobin'"),
        (LONG.replace("hemoglobin", "haemoglobin"), "perhaps to hemoglobin"),
        (WIDE.replace("hemoglobin", "consent"), "labs.yaml:3: wide.0.term: 'consent', a question"),
        (LONG.replace("in_unit: g/dL", "in_unit: per bottle"), "long.names.HGB.in_unit"),
        (LONG.replace(", in_unit: g/dL", ""), "no unit"),
        (LONG.replace("  value: Result\n", ""), "no column"),
        (LONG.replace("  day: Collected\n", ""), "the column of the day"),
        (WIDE.replace("wide", "wides"), "the unknown name 'wides'. Allowed: participant, born"),
        (WIDE.replace("value", "values"), "perhaps to value"),
        (LONG.replace("in_unit", "unit"), "long.names.HGB.unit: the unknown name"),
        (LONG.replace("  value", "  vale"), "perhaps to value"),
        (LONG + WIDE.split("\n", 1)[1], "both `long` and `wide`"),
        ("participant: Subject\n", "no fact"),
        (WIDE + "dates: DD/MM/YY\n", "the order of dates 'DD/MM/YY'"),
        (WIDE + "dates: DD/DD/YYYY\n", "the order of dates"),
        (WIDE + "dates: MM-MMM-YYYY\n", "the order of dates"),
        (WIDE + "decimal: ','\n", "labs.yaml:4: decimal"),
        (WIDE + "heading: 0\n", "heading"),
        (WIDE + "sex: Sex\nsexes: {F: woman}\n", "sexes.F"),
        (WIDE.replace("day:", "answers: {low: negative}, day:"), "numbers alone"),
        (BRAIN + "{Yes: there}}\n", "'there'. Allowed: absent, present, suspected"),
        (BRAIN + "{NO: absent}}\n", "the key 'NO'"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_by_its_line(told, text, said):
    """With what is allowed there, and perhaps what was meant."""
    assert said in told(text)


def test_all_faults_are_told_at_once(told):
    """Those of names, words and units together."""
    text = LONG + "    Brain: {term: brain}\n    HIV: {term: hiv-test}\n    FSH: {term: fsh}\n"
    text += '    Mets: {term: cns-metastasis, answers: {"1": yes-it-is}}\n'

    assert [line.split(": ")[1] for line in told(text).split("\n")] == [
        "long.names.Brain.term",
        "long.names.FSH.in_unit",
        "long.names.Mets.answers",
    ]


@pytest.mark.parametrize("order", ["DD/MM/YYYY", "MM/DD/YYYY", "DD-MMM-YYYY", "YYYY.MM.DD"])
def test_orders_of_dates_can_be_declared(study, order):
    """With the year in full."""
    assert read_mapping(WIDE + f"dates: {order}\n", study).dates == order


def test_a_form_that_names_nothing_is_told_in_plain_words():
    """Without the library's word for a mapping."""
    text = "participant: Subject\nlong: {term: Test, value: Result, names: {}}\n"

    with pytest.raises(Refusal) as caught:
        read_mapping(text, shipped("nct03959891").study, "labs.yaml")

    said = "labs.yaml:2: long.names: an empty mapping. Allowed: at least 1 item. Correct the value."
    assert str(caught.value) == said
