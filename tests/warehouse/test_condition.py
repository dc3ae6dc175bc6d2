"""A condition of every person, at a bound on each side."""

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, answers, before

from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.omop import PRELIMINARY

TERMS = {"gout": Term(says="Gout", kind="condition", omop=(7,))}


def had(person, since, until=None, **columns):
    """Give a record of the condition."""
    return {
        "condition_occurrence_id": columns.pop("row", person * 10), "person_id": person,
        "condition_concept_id": 7, "condition_start_date": before(since),
        "condition_end_date": None if until is None else before(until), **columns,
    }  # fmt: skip


ROWS = {
    "condition_occurrence": [
        had(1, 400),
        had(2, 400, 1),
        had(3, 400, 0),
        had(4, 400, -1),
        had(5, 400, condition_status_concept_id=PRELIMINARY),
        had(6, 400, 300, condition_status_concept_id=PRELIMINARY),
        had(6, 40, 30, row=61),
        had(7, -1),
        had(8, 400, 14),
        had(9, 400, 15),
        had(10, 14),
        had(11, 15),
        had(12, 400, 300, row=122),
        had(12, 400, row=121),
        had(15, 400, condition_concept_id=0, condition_source_concept_id=7),
    ],
    "procedure_occurrence": [
        {"procedure_occurrence_id": 130, "person_id": 13, "procedure_concept_id": 7,
         "procedure_date": before(90), "procedure_end_date": before(89)},
    ],
    "observation": [
        {"observation_id": 140, "person_id": 14, "observation_concept_id": 7,
         "observation_date": before(90)},
    ],
}  # fmt: skip

FIRST = {
    **{person: f"condition_occurrence/{person * 10}" for person in (*range(1, 12), 15)},
    7: None,
    12: "condition_occurrence/121",
    13: "procedure_occurrence/130",
    14: "observation/140",
}
"""The first record of each person by the day judged."""


def asked(**options):
    """Give a rule on the condition."""
    return ConditionRule(kind="condition", fact="gout", **{"expect": "present", **options})


@pytest.mark.parametrize(
    ("rule", "by_person"),
    [
        (
            asked(when="now"),
            {1: MET, 2: NOT_MET, 3: NOT_MET, 4: MET, 5: UNKNOWN, 6: NOT_MET, 7: UNKNOWN,
             8: NOT_MET, 9: NOT_MET, 10: MET, 11: MET, 12: MET, 13: MET, 14: MET, 15: MET},
        ),
        (
            asked(when="ever"),
            {1: MET, 2: MET, 3: MET, 4: MET, 5: UNKNOWN, 6: MET, 7: UNKNOWN, 8: MET, 9: MET,
             10: MET, 11: MET, 12: MET, 13: MET, 14: MET, 15: MET},
        ),
        (
            asked(when="within", within_days=14, lasting=True),
            {1: UNKNOWN, 2: MET, 3: MET, 4: MET, 5: UNKNOWN, 6: NOT_MET, 7: UNKNOWN, 8: MET,
             9: NOT_MET, 10: MET, 11: UNKNOWN, 12: UNKNOWN, 13: UNKNOWN, 14: UNKNOWN, 15: UNKNOWN},
        ),
        (
            asked(when="within", within_days=14),
            {1: NOT_MET, 2: MET, 3: MET, 4: MET, 5: NOT_MET, 6: NOT_MET, 7: UNKNOWN, 8: MET,
             9: NOT_MET, 10: MET, 11: NOT_MET, 12: NOT_MET, 13: NOT_MET, 14: NOT_MET, 15: NOT_MET},
        ),
        (
            asked(when="now", expect="absent", not_recorded="absent"),
            {1: NOT_MET, 2: MET, 3: MET, 4: NOT_MET, 5: UNKNOWN, 6: MET, 7: MET, 8: MET,
             9: MET, 10: NOT_MET, 11: NOT_MET, 12: NOT_MET, 13: NOT_MET, 14: NOT_MET, 15: NOT_MET},
        ),
    ],
    ids=["now", "ever", "within 14 days, lasting", "within 14 days", "absent"],
)  # fmt: skip
def test_a_condition_is_present_at_the_time_asked(rule, by_person):
    """An end on the day is an end, the 14th day before counts, a suspicion is open on its days."""
    assert answers(rule, ROWS, TERMS) == {
        person: (answer, FIRST[person]) for person, answer in by_person.items()
    }


def test_silence_is_absence_in_a_record_that_was_observed():
    """The first period that holds the whole look-back says so; one a day short does not."""
    period = "observation_period"
    rows = {period: [
        {f"{period}_id": number, "person_id": person, f"{period}_start_date": before(since),
         f"{period}_end_date": before(until)}
        for number, person, since, until in (
            (11, 1, 365, 0), (21, 2, 364, 0), (31, 3, 365, 1), (43, 4, 365, -9), (42, 4, 999, 0),
        )
    ]}  # fmt: skip
    rule = asked(when="now", not_recorded="absent-if-complete", look_back_days=365)

    found = answers(rule, rows, TERMS)

    assert found == {
        1: (NOT_MET, "observation_period/11"),
        2: (UNKNOWN, None),
        3: (UNKNOWN, None),
        4: (NOT_MET, "observation_period/42"),
    }
