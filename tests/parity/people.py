"""A generated population as OMOP rows, for the judge and for the warehouse alike."""

from collections import defaultdict
from datetime import date

from trialwright.assembly.generating import Order, generate

AS_OF = date(2026, 3, 5)
ANCHORS = {"screening": AS_OF, "registration": AS_OF, "first_dose": date(2026, 3, 9)}
TABLES = (
    "person",
    "observation_period",
    "measurement",
    "condition_occurrence",
    "procedure_occurrence",
    "drug_exposure",
    "observation",
    "episode",
)


def write(path, patients, form="omop", seed=7):
    """Write a population."""
    generate(Order(patients, seed, date(2026, 3, 2), 0.5), path, form, lambda done: None, "parquet")


def rows_of(connection, first, last):
    """Give the rows of some people, by person and table."""
    people = defaultdict(dict)
    for table in TABLES:
        found = connection.execute(
            f"SELECT * FROM {table} WHERE person_id BETWEEN {first} AND {last}"  # noqa: S608
            f" ORDER BY person_id, {table}_id"
        )
        names = [each[0] for each in found.description]
        for row in found.fetchall():
            named = dict(zip(names, row, strict=True))
            people[named["person_id"]].setdefault(table, []).append(named)
    found = connection.execute(
        "SELECT person_id, episode_event.* FROM episode_event JOIN episode USING (episode_id)"  # noqa: S608
        f" WHERE person_id BETWEEN {first} AND {last}"
    )
    names = [each[0] for each in found.description]
    for row in found.fetchall():
        named = dict(zip(names, row, strict=True))
        people[named["person_id"]].setdefault("episode_event", []).append(named)
    return people
