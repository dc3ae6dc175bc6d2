"""Age of every person: the answer of the judge, where a birth date is partial or cannot be true."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import DAY, MET, NOT_MET, UNKNOWN, hospital

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.screening import screen
from trialwright.intake.omop import read_person
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.protocol.omop_codes import Meanings
from trialwright.warehouse.screening import screened

BORN = [
    (None, None, None),
    (1800, None, None),
    (1895, 3, 2),  # 131 on the day judged, 2 March 2026
    (1895, 3, 3),
    (1965, 3, 2),
    (1965, 3, 3),
    (1965, None, None),
    (2026, None, None),
    (2026, 3, 3),
    (9999, None, None),
]
"""Year, month and day of birth of each person."""

ABOVE = [UNKNOWN, UNKNOWN, UNKNOWN, MET, MET, NOT_MET, UNKNOWN, NOT_MET, UNKNOWN, UNKNOWN]
BELOW = [UNKNOWN, UNKNOWN, UNKNOWN, NOT_MET, MET, MET, MET, MET, UNKNOWN, UNKNOWN]
NUMBERS = {"met": MET, "not met": NOT_MET, "unknown": UNKNOWN}


@pytest.mark.parametrize(
    ("side", "bound", "expected"), [("above", 60, ABOVE), ("below", 75, BELOW)]
)
def test_age_is_the_same_for_one_and_for_all(side, bound, expected):
    """Nobody is over 130, or born after the day judged; the person is the record."""
    rule = AgeRule(kind="age", **{side: Decimal(bound)})
    criterion = Criterion(id="I01", says="Asked.", place="nowhere", kind="rule", rule=rule)
    study = shipped("nct03959891").study.model_copy(
        update={"terms": {}, "medicines": {}, "criteria": (criterion,), "obligations": ()}
    )
    persons = [
        {"person_id": number, "gender_concept_id": 8532, "year_of_birth": year,
         "month_of_birth": month, "day_of_birth": day}
        for number, (year, month, day) in enumerate(BORN)
    ]  # fmt: skip
    population, days = hospital({"person": persons}), {"registration": DAY}

    matrix = screened(population.tables, study, Meanings(), DAY, days, population)
    found = [row for rows in matrix.part().evidence(criterion) for row in rows.to_pylist()]
    by_warehouse = {each["person_id"]: (each["verdict"], each["record"]) for each in found}
    by_judge = {}
    for person in persons:
        casebook = read_person({"person": [person]}, study, Meanings(), "1").casebook
        [verdict] = screen(study, casebook, "A", DAY, days).verdicts
        record = verdict.finding.evidence[0].source.place if verdict.finding.evidence else None
        by_judge[person["person_id"]] = (NUMBERS[verdict.finding.answer], record)

    assert [answer for answer, _ in by_judge.values()] == expected
    assert by_warehouse == by_judge
