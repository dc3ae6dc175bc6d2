"""Several RR of one instant: the last that came in counts on every engine, read or not."""

from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb, in_postgres

from trialwright.protocol.criteria import Criterion
from trialwright.virtual.omop_schema import TABLES

DAY = date(2026, 3, 2)
QT, RR, MS = 2_000_000_001, 2_000_000_002, 2_000_000_003
READ, UNREAD, SLOW = 1000.0, 10.0**7, 1500.0
RRS = ([READ], [READ, UNREAD], [UNREAD, READ], [READ, SLOW], [UNREAD], [READ, None])
EXPECTED = ("not met", "unknown", "not met", "met", "unknown", "not met")
"""Of the exclusion of a mean QTcF above 470 ms, with a QT of 500 ms; a row without a value says
nothing."""


@pytest.fixture(scope="module")
def asked(shipped):
    """Ask one rule of everybody."""
    rule = {"kind": "qtcf", "fact": "qtcf", "qt": "qt", "rr": "rr", "of": 3,
            "above": Decimal(470)}  # fmt: skip
    made = Criterion.model_validate(
        {"id": "E06", "says": "x", "place": "exclusion 6", "kind": "rule", "rule": rule}
    )
    study = shipped.model_copy(update={"criteria": (made,), "obligations": ()})
    return Asked(study, DAY, dict.fromkeys(("screening", "registration"), DAY))


def hospital(study):
    """Give one person for each list of RR, with three QT a minute apart."""
    codes = {name: study.terms[name].coded[0].code for name in ("qt", "rr")}
    results = []
    for person, rrs in enumerate(RRS, start=1):
        values = [(QT, 500.0), *((RR, each) for each in rrs)]
        results += [
            {"measurement_id": 100 * person + 10 * place + minute, "person_id": person,
             "measurement_concept_id": concept, "measurement_date": DAY,
             "measurement_datetime": datetime.combine(DAY, time(9, minute)),
             "value_as_number": value, "unit_concept_id": MS}
            for place, (concept, value) in enumerate(values)
            for minute in range(3)
        ]  # fmt: skip
    rows = {
        "person": [{"person_id": number, "gender_concept_id": 8532, "year_of_birth": 1960}
                   for number in range(1, len(RRS) + 1)],
        "concept": [
            {"concept_id": QT, "vocabulary_id": "LOINC", "concept_code": codes["qt"]},
            {"concept_id": RR, "vocabulary_id": "LOINC", "concept_code": codes["rr"]},
            {"concept_id": MS, "vocabulary_id": "UCUM", "concept_code": "ms"},
        ],
        "measurement": results,
    }  # fmt: skip
    return {
        name: pa.Table.from_pylist(rows.get(name, []), schema) for name, schema in TABLES.items()
    }


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_an_unread_rr_gives_way_to_no_earlier_one(engine, asked, request, tmp_path):
    """The judge and the engine give the same verdict by the same record."""
    tables = hospital(asked.study)
    opened = (
        in_duckdb(tmp_path, tables)
        if engine == "duckdb"
        else in_postgres(request.getfixturevalue("postgres"), tables)
    )

    with opened as population:
        expected = judged(asked, tables, population)
        found = compared(asked, expected, population)

    words = {0: "not met", 1: "unknown", 2: "met"}
    assert found.told == []
    answers = [words[expected[person, "A", "E06"][0]] for person in range(1, len(RRS) + 1)]
    assert answers == [*EXPECTED]
