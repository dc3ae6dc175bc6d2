"""Rows of many persons come together person by person, and none is lost on the way."""

import pytest

from trialwright.intake.omop_rows import by_person
from trialwright.terms.errors import Refusal


def of(*persons):
    """Give rows of persons, numbered as they come."""
    return [{"person_id": each, "number": place} for place, each in enumerate(persons)]


def test_rows_of_a_person_come_together():
    """A person without rows comes too; tables may end at different persons."""
    tables = {"person": of(1, 2, 5), "measurement": of(1, 1, 5), "drug_exposure": of(2)}
    found = list(by_person({name: iter(rows) for name, rows in tables.items()}))

    assert [sorted(each) for each in found] == [
        ["measurement", "person"],
        ["drug_exposure", "person"],
        ["measurement", "person"],
    ]
    assert [row["number"] for row in found[0]["measurement"]] == [0, 1]


def test_no_more_than_a_person_is_read_ahead():
    """Tables of any length are read as they come."""
    read = []

    def rows():
        for row in of(1, 1, 2, 3):
            read.append(row)
            yield row

    next(by_person({"person": of(1, 2, 3), "measurement": rows()}))

    assert len(read) == 3


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"measurement": of(1)}, "no table person"),
        ({"person": of(2), "measurement": of(1, 2)}, "measurement.person_id: rows of nobody"),
        ({"person": of(2), "measurement": of(2, 3)}, "measurement.person_id: rows of nobody"),
        ({"person": of(1, 2), "measurement": of(2, 1)}, "not in order"),
        ({"person": of(2, 1)}, "person.person_id: rows that are not in order"),
    ],
)
def test_rows_that_would_be_lost_are_refused(tables, said):
    """Rows of nobody, and rows out of order."""
    with pytest.raises(Refusal, match=said):
        list(by_person(tables))
