"""A last dose on the days around the one judged, by the judge and by a whole hospital."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb

from trialwright.virtual.omop_schema import TABLES

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": AS_OF, "screening": AS_OF, "registration": AS_OF,
           "first_dose": date(2026, 3, 9)}  # fmt: skip
ENDS = (-15, -14, -11, -10, -2, -1, 0, 1, 2, None)
"""Days from the day judged to the last dose; None: the exposure has no end."""

MEDICINES = {"72965": 9001, "21212": 9002, "274783": 9003}
"""Letrozole, clarithromycin and insulin glargine, as a site numbers them."""

OPEN = {"I06": "72965", "E02": "72965", "E04": "21212"}
"""Criteria that a last dose decides, with the medicine."""

NOT_MET, UNKNOWN = 0, 1


def hospital():
    """Give one person for each medicine and day of its last dose, all else unknown."""
    pairs = [(code, end) for code in MEDICINES for end in ENDS]
    rows = {
        "person": [{"person_id": number, "gender_concept_id": 8532, "year_of_birth": 1960}
                   for number in range(1, len(pairs) + 1)],
        "concept": [{"concept_id": concept, "vocabulary_id": "RxNorm", "concept_code": code}
                    for code, concept in MEDICINES.items()],
        "drug_exposure": [
            {"drug_exposure_id": number, "person_id": number, "drug_concept_id": MEDICINES[code],
             "drug_exposure_start_date": date(2026, 1, 1),
             "drug_exposure_end_date": None if end is None else AS_OF + timedelta(end)}
            for number, (code, end) in enumerate(pairs, start=1)
        ],
    }  # fmt: skip
    tables = {name: pa.Table.from_pylist(rows.get(name, []), form) for name, form in TABLES.items()}
    return pairs, tables


@pytest.fixture(scope="module")
def found(shipped, tmp_path_factory):
    """Give the judge's answers by criterion, medicine and last dose, once DuckDB gave the same."""
    pairs, tables = hospital()
    asked = Asked(shipped, AS_OF, ANCHORS)
    with in_duckdb(tmp_path_factory.mktemp("last-dose"), tables) as population:
        expected = judged(asked, tables, population)
        difference = compared(asked, expected, population)

    assert difference.told == []
    assert difference.compared == len(pairs) * 3 * len(shipped.criteria)
    return {
        (name, *pairs[person - 1]): answer
        for (person, arm, name), (answer, _, _) in expected.items()
        if arm == "A"
    }


@pytest.mark.parametrize(
    ("criterion", "kept_out"),
    [
        ("I06", (0, 1, 2)),
        ("E02", (-14, -11, -10, -2, -1, 0, 1, 2)),
        ("E04", (-10, -2, -1, 0, 1, 2)),  # 14 days before the first dose, four days later
    ],
)
def test_the_day_of_the_last_dose_is_a_day_of_treatment(found, criterion, kept_out):
    """Kept out up to and on it, and by a wash-out up to its last day; never let in by silence."""
    answers = {end: found[criterion, OPEN[criterion], end] for end in ENDS if end is not None}

    assert {end for end, answer in answers.items() if answer == NOT_MET} == set(kept_out)
    assert {answers[end] for end in answers if end not in kept_out} == {UNKNOWN}
