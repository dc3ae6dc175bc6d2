"""Rows of a hospital that nobody can read are counted and named."""

from datetime import date

from tests.warehouse.hospital import hospital

from trialwright.assembly.protocols import shipped
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.unread_rows import unread_rows

DAY = date(2026, 3, 2)
CONCEPTS = [
    {"concept_id": 5, "vocabulary_id": "ICD10CM", "concept_code": "J10.1"},
    {"concept_id": 6, "vocabulary_id": "Read", "concept_code": "G58.."},
]


PEOPLE = [{"person_id": number} for number in (1, 2, 3, 4)]


def told(**rows):
    """Give what is said of rows."""
    population = hospital({"concept": CONCEPTS, "person": PEOPLE, **rows})
    meanings = read_meanings(population.tables, shipped("nct03959891").study)
    return unread_rows(population.tables, meanings)


def diagnosed(number, person, concept, source=None, on=DAY):
    """Give a diagnosis."""
    return {
        "condition_occurrence_id": number, "person_id": person, "condition_concept_id": concept,
        "condition_source_concept_id": source, "condition_start_date": on,
    }  # fmt: skip


def test_rows_without_a_name_are_counted_with_their_people():
    """A source concept of a vocabulary that protocols use tells what a row is."""
    rows = [diagnosed(1, 1, 0), diagnosed(2, 1, None, 6), diagnosed(3, 2, 0, 5),
            diagnosed(4, 3, 77), diagnosed(5, 4, 0)]  # fmt: skip

    assert told(condition_occurrence=rows) == (
        "condition_occurrence: 3 rows of 2 people name nothing that can be read, and leave open"
        " what they may be",
    )


def test_rows_without_a_day_are_counted_too():
    """Whatever they say."""
    rows = [diagnosed(1, 1, 77, on=None), diagnosed(2, 2, 77)]

    assert told(condition_occurrence=rows) == (
        "condition_occurrence: 1 rows of 1 people have no day that can be read",
    )


def test_nothing_is_said_where_all_can_be_read():
    """Nor of tables without rows."""
    assert told(condition_occurrence=[diagnosed(1, 1, 77)]) == ()


def test_rows_of_people_who_are_not_in_the_table_of_people_are_counted():
    """Nobody is answered for by them; neither are those that name nobody."""
    rows = [diagnosed(1, 1, 77), diagnosed(2, 5, 77), diagnosed(3, 5, 77), diagnosed(4, None, 77)]

    assert told(condition_occurrence=rows) == (
        "condition_occurrence: 3 rows of 1 people who are not in table person are left out",
    )
