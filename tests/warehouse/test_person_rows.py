"""Rows of some people, read back out of the tables of a hospital."""

from datetime import date, datetime, time

import ibis
import pyarrow as pa
import pytest
from tests.warehouse.hospital import hospital

from trialwright.intake import omop, omop_conditions, omop_episodes, omop_person
from trialwright.warehouse import person_rows
from trialwright.warehouse.person_rows import rows_of_people

PERSONS = [
    {"person_id": each, "gender_concept_id": 8532, "year_of_birth": 1960} for each in (1, 2, 3)
]
AT = datetime.combine(date(2026, 3, 1), time(8))
ROWS = {
    "person": PERSONS,
    "measurement": [
        {"measurement_id": 10 * who + number, "person_id": who, "measurement_concept_id": number,
         "measurement_date": date(2026, 3, 2), "value_as_number": 1.5}
        for who in (1, 2, 3, 4) for number in (5, 6)
    ],
    "episode": [{"episode_id": 7, "person_id": 2, "episode_concept_id": 32531}],
    "episode_event": [
        {"episode_id": 7, "event_id": 1, "episode_event_field_concept_id": 1147094},
        {"episode_id": 8, "event_id": 2, "episode_event_field_concept_id": 1147094},
    ],
}  # fmt: skip


def read(people, is_read=None, rows=ROWS):
    """Read rows of people back."""
    return dict(rows_of_people(hospital(rows).tables, people, is_read))


def test_rows_of_those_who_are_asked_for_come_back():
    """Each with her own, an event with the person of its episode; of nobody there is nothing."""
    found = read([3, 2, 2, 4, 99])

    assert list(found) == [2, 3]  # 4 has results, and no row of `person`
    assert [each["measurement_id"] for each in found[2]["measurement"]] == [25, 26]
    assert found[2]["measurement"][0]["measurement_date"] == date(2026, 3, 2)
    assert [each["event_id"] for each in found[2]["episode_event"]] == [1]
    assert {"measurement", "person"} == found[3].keys()


def test_rows_that_are_not_needed_are_left():
    """By their person and concepts; a concept that is not there is 0."""
    asked = []

    def is_read(person, concept, source):
        asked.append((person, concept, source))
        return concept == 5

    found = read([1], is_read)

    assert sorted(asked) == [(1, 5, 0), (1, 6, 0)]
    assert [each["measurement_id"] for each in found[1]["measurement"]] == [15]


def test_many_people_are_read_some_at_a_time(monkeypatch):
    """With the same rows, in the same order."""
    whole = read([1, 2, 3])
    monkeypatch.setattr(person_rows, "MANY", 2)

    assert read([1, 2, 3]) == whole
    assert list(whole) == [1, 2, 3]
    assert read([]) == {}


def test_cells_are_of_the_types_in_which_rules_are_worked_out():
    """Days held as text, whole numbers as text of none, instants, and small whole numbers."""
    connection = ibis.duckdb.connect()
    small = pa.table(
        {"person_id": pa.array([1], pa.int32()), "year_of_birth": pa.array([1960], pa.int16())}
    )
    results = pa.table({
        "measurement_id": pa.array([1, 2], pa.int32()), "person_id": pa.array([1, 1], pa.int32()),
        "measurement_date": ["2026-03-02", "none"],
        "value_as_number": pa.array([1, None], pa.int64()),
        "measurement_datetime": pa.array([None, AT], pa.timestamp("ms")),
    })  # fmt: skip
    tables = {"person": small, "measurement": results}
    held = {name: connection.create_table(name, rows) for name, rows in tables.items()}

    rows = dict(rows_of_people(held, [1]))[1]

    first, second = rows["measurement"]
    assert first["measurement_date"] == date(2026, 3, 2)
    assert (first["value_as_number"], type(first["value_as_number"])) == (1.0, float)
    assert (second["measurement_date"], second["measurement_datetime"]) == (
        None, AT,
    )  # fmt: skip


@pytest.mark.parametrize("module", [omop, omop_conditions, omop_episodes, omop_person])
def test_every_column_that_a_reader_names_is_read(module):
    """A column that is left out here would pass for not recorded."""
    source = module.__loader__.get_source(module.__name__)
    columns = {name for names in person_rows._READ.values() for name in names}
    columns |= {*person_rows._EVENT, *(f"{name}_id" for name in person_rows._READ)}
    ends = ("_id", "_date", "_source_value", "_of_birth", "_as_number", "_as_string", "_reason")
    quoted = {each for each in source.split('"')[1::2] if each.endswith(ends) and "{" not in each}

    assert quoted
    assert quoted - columns == set()
