"""A treatment without a first day, which OMOP forbids, by the judge and by a whole hospital."""

from datetime import date

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb

from trialwright.virtual.omop_schema import TABLES

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": AS_OF, "screening": AS_OF, "registration": AS_OF,
           "first_dose": date(2026, 3, 9)}  # fmt: skip
MEDICINES = {"72965": 9001, "21212": 9002, "274783": 9003, "56946": 9004, "6809": 9005,
             "50610": 9006}  # fmt: skip
"""Letrozole, clarithromycin, insulin glargine, paclitaxel, metformin and goserelin."""

AKT = 9010
DAYS = (
    (None, None), (None, date(2026, 2, 27)), (None, date(2019, 1, 1)),
    (date(2019, 1, 1), date(2019, 6, 1)), (date(2026, 3, 6), None),
)  # fmt: skip
"""First and last day; the last two are read, and the first of these has begun."""

NOT_MET, UNKNOWN, MET = 0, 1, 2


def hospital():
    """Give people whom a source observed: each medicine on each pair of days, and two of them."""
    courses = [((concept, days),) for concept in (*MEDICINES.values(), AKT) for days in DAYS]
    courses += [
        ((concept, DAYS[0]), (concept, days))
        for concept in (*MEDICINES.values(), AKT)
        for days in DAYS[1:]
    ]
    courses.append(())
    numbers = range(1, len(courses) + 1)
    rows = {
        "person": [{"person_id": number, "gender_concept_id": 8532, "year_of_birth": 1960}
                   for number in numbers],
        "concept": [
            *({"concept_id": concept, "vocabulary_id": "RxNorm", "concept_code": code}
              for code, concept in MEDICINES.items()),
            {"concept_id": AKT, "vocabulary_id": "RxNorm", "concept_code": "2670297"},
        ],
        "observation_period": [
            {"observation_period_id": number, "person_id": number,
             "observation_period_start_date": date(1990, 1, 1),
             "observation_period_end_date": date(2026, 12, 31)}
            for number in numbers
        ],
    }  # fmt: skip
    rows["drug_exposure"] = [
        {"person_id": number, "drug_concept_id": concept, "drug_exposure_start_date": since,
         "drug_exposure_end_date": until}
        for number, some in zip(numbers, courses, strict=True)
        for concept, (since, until) in some
    ]  # fmt: skip
    for number, row in enumerate(rows["drug_exposure"], start=1):
        row["drug_exposure_id"] = number
    tables = {name: pa.Table.from_pylist(rows.get(name, []), form) for name, form in TABLES.items()}
    return courses, tables


@pytest.fixture(scope="module")
def found(shipped, tmp_path_factory):
    """Give the judge's answers by courses and criterion, once DuckDB gave the same."""
    courses, tables = hospital()
    asked = Asked(shipped, AS_OF, ANCHORS)
    with in_duckdb(tmp_path_factory.mktemp("first-day"), tables) as population:
        expected = judged(asked, tables, population)
        difference = compared(asked, expected, population)

    assert difference.told == []
    assert difference.compared == len(courses) * 3 * len(shipped.criteria)
    return {
        (courses[person - 1], name): answer
        for (person, arm, name), (answer, _, _) in expected.items()
        if arm == "A"
    }


def test_a_medicine_of_an_unknown_day_is_no_silence(found):
    """Nobody gave an AKT inhibitor; somebody did; somebody may have, on a day nobody wrote down."""
    undated, dated = ((AKT, DAYS[0]),), ((AKT, DAYS[3]),)

    assert found[(), "E03"] == MET
    assert found[dated, "E03"] == NOT_MET
    assert {found[((AKT, days),), "E03"] for days in DAYS[:3]} == {UNKNOWN}
    assert found[(*undated, *dated), "E03"] == NOT_MET


def test_a_medicine_of_an_unknown_first_day_clears_nobody(found):
    """Beside an old course too, which alone is over."""
    undated, old = (9002, DAYS[0]), (9002, DAYS[3])

    assert found[(old,), "E04"] == MET
    assert found[(undated,), "E04"] == UNKNOWN
    assert found[(undated, old), "E04"] == UNKNOWN
