"""A condition that must have been stable, of every person."""

from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, answers, before

from trialwright.protocol.event_rules import StableRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.omop import CONDITION_FIELD

TERMS = {
    "cyst": Term(says="Cyst", kind="condition", omop=(7,)),
    "status": Term(says="Status", kind="finding", omop=(8,)),
}
STABLE, WORSE, BETTER = 21, 22, 23
CONCEPTS = [
    {"concept_id": STABLE, "vocabulary_id": "SNOMED", "concept_code": "359746009"},
    {"concept_id": WORSE, "vocabulary_id": "SNOMED", "concept_code": "271299001"},
    {"concept_id": BETTER, "vocabulary_id": "SNOMED", "concept_code": "268910001"},
]

SEEN = {
    1: [(30, STABLE)],
    2: [(29, STABLE)],
    3: [(90, WORSE), (30, BETTER), (2, STABLE)],
    4: [(90, STABLE), (2, WORSE)],
    5: [(90, STABLE), (10, WORSE), (2, STABLE)],
    6: [(90, STABLE), (2, WORSE), (2, STABLE)],
    7: [(30, WORSE), (30, STABLE)],
    8: [(90, STABLE), (-1, WORSE)],
    9: [],
}
"""Findings of each person: days before, and what was found."""


def hospital_rows():
    """Give each person a cyst, and findings that speak of it."""
    found = [(person, *each) for person, several in SEEN.items() for each in several]
    return {
        "concept": CONCEPTS,
        "condition_occurrence": [
            {"condition_occurrence_id": person, "person_id": person, "condition_concept_id": 7,
             "condition_start_date": before(400)} for person in SEEN
        ],
        "measurement": [
            {"measurement_id": number, "person_id": person, "measurement_concept_id": 8,
             "measurement_date": before(days), "value_as_concept_id": answer,
             "measurement_event_id": person, "meas_event_field_concept_id": CONDITION_FIELD}
            for number, (person, days, answer) in enumerate(found)
        ],
    }  # fmt: skip


def test_stable_is_counted_to_the_day_and_what_is_worse_breaks_it():
    """Thirty days are enough and 29 are not; the oldest finding is the first of the evidence."""
    rule = StableRule(kind="stable", fact="cyst", status="status", for_days=30)

    found = answers(rule, hospital_rows(), TERMS)

    assert {person: answer for person, (answer, _) in found.items()} == {
        1: MET, 2: UNKNOWN, 3: MET, 4: NOT_MET, 5: UNKNOWN, 6: UNKNOWN, 7: UNKNOWN, 8: MET,
        9: UNKNOWN,
    }  # fmt: skip
    assert [found[person][1] for person in (3, 9)] == ["measurement/2", None]


def test_a_finding_that_speaks_of_something_else_says_nothing():
    """Of another condition, of the same number in another table, or of nothing at all."""
    rows = hospital_rows()
    one = rows["measurement"][0]
    rows["measurement"] = [
        {**one, "measurement_event_id": 99},
        {**one, "measurement_id": 50, "person_id": 2, "measurement_event_id": 2,
         "meas_event_field_concept_id": 1147165},
        {**one, "measurement_id": 51, "person_id": 3, "measurement_event_id": None},
        {**one, "measurement_id": 52, "person_id": 4, "measurement_event_id": 1},
        {**one, "measurement_id": 53, "person_id": 60, "measurement_event_id": 60},
    ]  # fmt: skip
    rows["observation"] = [
        {"observation_id": 60, "person_id": 60, "observation_concept_id": 7,
         "observation_date": before(400)},
    ]  # fmt: skip
    rule = StableRule(kind="stable", fact="cyst", status="status", for_days=30)

    assert set(answers(rule, rows, TERMS).values()) == {(UNKNOWN, None)}
