"""Lines of therapy of every person: an interval, for no table of OMOP holds a setting."""

import pytest
from tests.warehouse.hospital import MET, UNKNOWN, answers, before

from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.omop import PRELIMINARY

MEDICINES = {
    "one": Medicine(says="One", omop=(1,)),
    "two": Medicine(says="Two", omop=(2,)),
    "three": Medicine(says="Three", omop=(3,)),
}
TERMS = {
    "chemo": Term(says="Chemotherapy", kind="treatment", members=("two", "one")),
    "endocrine": Term(says="Endocrine therapy", kind="treatment", members=("three",)),
    "relapse": Term(says="Relapse", kind="condition", omop=(7,)),
}
ON_SKIN = [{"concept_id": 30, "vocabulary_id": "SNOMED", "concept_code": "6064005"}]


def given(row, person, since, until=None, medicine=1, **columns):
    """Give an exposure."""
    return {
        "drug_exposure_id": row, "person_id": person, "drug_concept_id": medicine,
        "drug_exposure_start_date": before(since),
        "drug_exposure_end_date": None if until is None else before(until), **columns,
    }  # fmt: skip


def asked(**options):
    """Give a rule on lines."""
    return LinesRule(kind="lines", fact="chemo", **options)


def test_starts_at_most_28_days_apart_are_one_line():
    """From one to the next, whatever the medicine; a start 29 days later opens another line."""
    rows = [
        given(11, 1, 100), given(12, 1, 72, medicine=2), given(13, 1, 44),
        given(21, 2, 100), given(22, 2, 71, medicine=2),
        given(31, 3, 72, medicine=2), given(32, 3, 100),
        given(41, 4, 90), given(42, 4, 90, medicine=2),
        given(51, 5, 90, medicine=3),
    ]  # fmt: skip

    found = answers(asked(at_most=1), {"drug_exposure": rows}, TERMS, MEDICINES)

    assert found == {
        1: (MET, "drug_exposure/11"),
        2: (UNKNOWN, "drug_exposure/21"),
        3: (MET, "drug_exposure/32"),
        4: (MET, "drug_exposure/42"),  # of one day, by the order of the set
        5: (UNKNOWN, None),
    }


@pytest.mark.parametrize(
    ("options", "columns", "expected"),
    [
        ({"stopped_for": ("progression",)}, {"stop_reason": "toxicity"}, MET),
        ({"stopped_for": ("progression",)}, {"stop_reason": "pd"}, UNKNOWN),
        ({"stopped_for": ("progression",)}, {}, UNKNOWN),
        ({"least_days": 21}, {"drug_exposure_end_date": before(80)}, UNKNOWN),
        ({"least_days": 22}, {"drug_exposure_end_date": before(80)}, MET),
        ({"least_days": 101}, {}, UNKNOWN),
        ({"least_days": 102}, {}, MET),
        ({"least_days": 102}, {"drug_exposure_end_date": before(-50)}, MET),
    ],
)
def test_a_line_counts_only_if_a_treatment_of_it_may(options, columns, expected):
    """It began 100 days ago: its length holds its first and its last day; no line is allowed."""
    row = {**given(1, 1, 100), **columns}

    found = answers(asked(at_most=0, **options), {"drug_exposure": [row]}, TERMS, MEDICINES)

    assert found == {1: (expected, "drug_exposure/1")}


@pytest.mark.parametrize("lines", [1, 2])
def test_too_few_lines_on_record_decide_nothing(lines):
    """No table says that it holds every line; the one here does not count."""
    row = {**given(1, 1, 100), "stop_reason": "toxicity"}
    rule = asked(at_least=lines, stopped_for=("progression",))

    assert answers(rule, {"drug_exposure": [row]}, TERMS, MEDICINES) == {
        1: (UNKNOWN, "drug_exposure/1")
    }


def test_what_is_applied_locally_is_no_treatment_of_a_line():
    """A cream alone leaves nothing recorded."""
    rows = [given(1, 1, 100, route_concept_id=30), given(2, 2, 100, route_concept_id=30),
            given(3, 2, 50)]  # fmt: skip

    found = answers(asked(at_most=1), {"drug_exposure": rows, "concept": ON_SKIN}, TERMS, MEDICINES)

    assert found == {1: (UNKNOWN, None), 2: (MET, "drug_exposure/3")}


def test_a_relapse_soon_after_the_last_dose_may_count_as_a_line():
    """Thirty days after it may, 31 do not; nor before the first dose, nor a suspicion."""
    given_three = [
        row
        for person in range(1, 6)
        for row in (given(person, person, 100), given(person + 50, person, 400, 200, 3))
    ]
    began = {1: 170, 2: 169, 3: 401, 4: 170, 5: 170}
    relapses = [
        {"condition_occurrence_id": person, "person_id": person, "condition_concept_id": 7,
         "condition_start_date": before(days),
         "condition_status_concept_id": PRELIMINARY if person == 4 else None}
        for person, days in began.items()
    ]  # fmt: skip
    given_three[-1]["route_concept_id"] = 30
    rule = asked(at_most=1, relapse="relapse", relapse_after="endocrine", relapse_days=30)
    rows = {"drug_exposure": given_three, "condition_occurrence": relapses, "concept": ON_SKIN}

    found = answers(rule, rows, TERMS, MEDICINES)

    assert {person: answer for person, (answer, _) in found.items()} == {
        1: UNKNOWN, 2: MET, 3: MET, 4: MET, 5: MET,
    }  # fmt: skip
