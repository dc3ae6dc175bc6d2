"""OMOP rows: the schema, enough of everything, references that hold, no number that is none."""

import math
from collections import Counter
from datetime import date

import pytest

from trialwright.virtual.omop_schema import TABLES, VOCABULARY
from trialwright.virtual.omop_tables import vocabulary_tables

SCREENING = date(2026, 3, 2)


def test_every_table_but_the_vocabulary_is_drawn(omop):
    """Nothing is written that the schema does not name."""
    assert set(omop) == set(TABLES) - set(VOCABULARY)


@pytest.mark.parametrize(
    ("table", "least"), [("condition_occurrence", 4), ("measurement", 12), ("drug_exposure", 5)]
)
def test_everybody_has_enough_of_everything(omop, table: str, least: int):
    """At least 4 conditions, 12 measurements and 5 exposures a person."""
    number = Counter(row["person_id"] for row in omop[table])

    assert len(number) == 3000
    assert min(number.values()) >= least


def test_no_number_is_nan(omop):
    """What is missing is null, in every table."""
    numbers = [
        value
        for rows in omop.values()
        for row in rows
        for value in row.values()
        if isinstance(value, float)
    ]

    assert len(numbers) > 50_000
    assert not any(math.isnan(value) or math.isinf(value) for value in numbers)


def test_row_ids_are_unique_and_say_whose_they_are(omop):
    """Row n of person p is 1000 p + n."""
    for name, rows in omop.items():
        if name == "episode_event":  # rows of the model that have neither
            continue
        ids = [row[f"{name}_id"] for row in rows]
        assert len(ids) == len(set(ids)), name
        if name != "person":
            assert all(row[f"{name}_id"] // 1000 == row["person_id"] for row in rows), name


def test_every_concept_is_in_the_vocabulary(omop):
    """But for 0 and the concepts of the model itself."""
    concepts = vocabulary_tables()["concept"].to_pylist()
    known = {row["concept_id"] for row in concepts} | {None, 0, 8507, 8532, 32817, 32899, 1147127}
    known |= {32531, 32944, 756290, 1147094}  # episodes and fields
    known |= {4171756, 4171754, 4171755, 4172704}

    used = {
        value
        for rows in omop.values()
        for row in rows
        for column, value in row.items()
        if column.endswith("concept_id")
    }

    assert used <= known


def test_site_local_concepts_begin_at_two_thousand_million():
    """A concept without a verified id does not pretend to have one."""
    ids = [row["concept_id"] for row in vocabulary_tables()["concept"].to_pylist()]

    assert len(ids) == len(set(ids))
    assert all(each < 100_000_000 or each > 2_000_000_000 for each in ids)


def test_what_a_status_speaks_of_is_a_condition_of_the_same_person(omop):
    """`measurement_event_id` leads to a row of condition_occurrence."""
    conditions = {
        (row["condition_occurrence_id"], row["person_id"]) for row in omop["condition_occurrence"]
    }
    about = [
        (row["measurement_event_id"], row["person_id"])
        for row in omop["measurement"]
        if row["meas_event_field_concept_id"] == 1147127
    ]

    assert len(about) > 100
    assert set(about) <= conditions


def test_nothing_ends_before_it_begins(omop):
    """In conditions, exposures, procedures and periods."""
    for table, since, until in (
        ("condition_occurrence", "condition_start_date", "condition_end_date"),
        ("drug_exposure", "drug_exposure_start_date", "drug_exposure_end_date"),
        ("procedure_occurrence", "procedure_date", "procedure_end_date"),
        ("observation_period", "observation_period_start_date", "observation_period_end_date"),
    ):
        ended = [row for row in omop[table] if row[until] is not None]
        assert ended, table
        assert all(row[since] <= row[until] for row in ended), table


def test_births_are_known_to_the_day_month_or_year(omop):
    """About one in twenty is not known to the day."""
    known = Counter(
        (row["month_of_birth"] is not None, row["day_of_birth"] is not None)
        for row in omop["person"]
    )

    assert set(known) == {(True, True), (True, False), (False, False)}
    assert 90 <= known[True, False] + known[False, False] <= 220


def test_records_are_complete_short_ended_or_not_at_all(omop):
    """Most periods cover ten years before screening."""
    spans = [
        (SCREENING - row["observation_period_start_date"],
         row["observation_period_end_date"] - SCREENING)
        for row in omop["observation_period"]
    ]  # fmt: skip
    people = {row["person_id"] for row in omop["observation_period"]}

    assert sum(since.days >= 3650 and until.days >= 0 for since, until in spans) > 2000
    assert sum(since.days < 1825 for since, _ in spans) > 100
    assert sum(until.days < 0 for _, until in spans) > 80
    assert 60 < 3000 - len(people) < 200


def test_products_are_descendants_of_their_ingredients():
    """concept_ancestor leads from letrozole to its tablet, and from each medicine to itself."""
    vocabulary = {name: table.to_pylist() for name, table in vocabulary_tables().items()}
    code = {row["concept_id"]: row["concept_code"] for row in vocabulary["concept"]}
    below = {
        (code[row["ancestor_concept_id"]], code[row["descendant_concept_id"]])
        for row in vocabulary["concept_ancestor"]
    }

    assert {("72965", "PRODUCT-LETROZOLE"), ("72965", "72965")} <= below


def test_every_setting_that_is_told_in_fhir_is_told_by_an_episode(omop):
    """By the disease above it or by a measurement; an exposure belongs to one episode at most."""
    episodes = {row["episode_id"]: row for row in omop["episode"]}
    exposures = {row["drug_exposure_id"]: row for row in omop["drug_exposure"]}
    below = {number for number, row in episodes.items() if row["episode_parent_id"] is not None}
    modified = Counter(
        row["measurement_event_id"]
        for row in omop["measurement"]
        if row["meas_event_field_concept_id"] == 756290
    )
    regimens = {number for number, row in episodes.items() if row["episode_concept_id"] == 32531}
    events = Counter(row["event_id"] for row in omop["episode_event"])

    assert len(below) > 100
    assert len(modified) > 100
    assert set(modified) | below == regimens
    assert not set(modified) & below
    assert set(modified.values()) == set(events.values()) == {1}
    assert all(
        episodes[episodes[number]["episode_parent_id"]]["episode_concept_id"] == 32944
        for number in below
    )
    for row in omop["episode_event"]:
        exposure, episode = exposures[row["event_id"]], episodes[row["episode_id"]]
        assert exposure["person_id"] == episode["person_id"]
        assert exposure["drug_exposure_start_date"] == episode["episode_start_date"]


def test_intents_are_those_of_the_flat_table(omop, patients):
    """What an episode tells of an exposure is what FHIR and CSV tell of it."""
    settings = {row["concept_id"]: row["concept_code"]
                for row in vocabulary_tables()["concept"].to_pylist()}  # fmt: skip
    words = {"363676003": "metastatic", "373846009": "adjuvant"}
    told = {
        row["measurement_event_id"]: words[settings[row["measurement_concept_id"]]]
        for row in omop["measurement"]
        if row["meas_event_field_concept_id"] == 756290
    }
    told |= {
        row["episode_id"]: "metastatic"
        for row in omop["episode"]
        if row["episode_parent_id"] is not None
    }
    by_exposure = {row["event_id"]: told[row["episode_id"]] for row in omop["episode_event"]}

    intents = {
        int(each.source.rpartition("/")[2]): each.intent
        for patient in patients
        for each in patient.exposures
        if each.intent
    }

    assert by_exposure == intents
