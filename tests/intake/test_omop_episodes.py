"""For which setting a medicine was given, by the episodes of one person."""

from datetime import date

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.intake.omop import read_person
from trialwright.intake.omop_episodes import intents_of
from trialwright.protocol.omop_codes import Meanings, meanings
from trialwright.terms.omop import CONDITION_FIELD, DRUG_FIELD, EPISODE_FIELD, METASTATIC_DISEASE

MEANINGS = Meanings(intents={41: "metastatic", 42: "adjuvant"})
EVENT = {"episode_id": 5, "event_id": 11, "episode_event_field_concept_id": DRUG_FIELD}
TOLD = {"measurement_id": 1, "measurement_concept_id": 41, "measurement_event_id": 5,
        "meas_event_field_concept_id": EPISODE_FIELD, "measurement_date": None}  # fmt: skip
REGIMEN = {"episode_id": 5, "episode_concept_id": 32531, "episode_parent_id": 6}
SPREAD = {"episode_id": 6, "episode_concept_id": METASTATIC_DISEASE, "episode_parent_id": None}


@pytest.mark.parametrize(
    ("rows", "intent"),
    [
        ({"measurement": [TOLD]}, "metastatic"),
        ({"measurement": [TOLD | {"measurement_concept_id": 42}]}, "adjuvant"),
        ({"measurement": [TOLD | {"measurement_concept_id": 43}]}, None),
        ({"measurement": [TOLD | {"measurement_event_id": 7}]}, None),
        ({"measurement": [TOLD | {"measurement_event_id": None}]}, None),
        ({"measurement": [TOLD | {"meas_event_field_concept_id": CONDITION_FIELD}]}, None),
        ({"measurement": [TOLD, TOLD | {"measurement_concept_id": 42}]}, None),
        ({"episode": [REGIMEN, SPREAD]}, "metastatic"),
        ({"episode": [REGIMEN, SPREAD | {"episode_concept_id": 32528}]}, None),
        ({"episode": [REGIMEN]}, None),
        ({"episode": [REGIMEN | {"episode_parent_id": None}, SPREAD]}, None),
        ({"measurement": [TOLD], "episode": [REGIMEN, SPREAD]}, "metastatic"),
        (
            {"measurement": [TOLD | {"measurement_concept_id": 42}], "episode": [REGIMEN, SPREAD]},
            None,
        ),
        ({}, None),
    ],
)
def test_an_episode_tells_the_setting(rows, intent):
    """Where it is told once, or twice alike."""
    assert intents_of({"episode_event": [EVENT], **rows}, MEANINGS) == {11: intent}


def test_two_episodes_of_one_exposure_must_agree():
    """One may tell nothing."""
    other = EVENT | {"episode_id": 8}
    adjuvant = TOLD | {"measurement_concept_id": 42, "measurement_event_id": 8}

    one = intents_of({"episode_event": [EVENT, other], "measurement": [TOLD]}, MEANINGS)
    both = intents_of({"episode_event": [EVENT, other], "measurement": [TOLD, adjuvant]}, MEANINGS)

    assert (one, both) == ({11: "metastatic"}, {11: None})


def test_what_is_no_exposure_is_passed_over():
    """A condition may have the id of an exposure."""
    event = EVENT | {"episode_event_field_concept_id": CONDITION_FIELD}

    assert intents_of({"episode_event": [event], "measurement": [TOLD]}, MEANINGS) == {}


def test_a_measurement_that_tells_a_setting_is_used():
    """It gives no fact of its own; every row has one fate."""
    study = shipped("nct03959891").study
    concepts = [(41, "SNOMED", "363676003"), (72, "RxNorm", "72965")]
    site = meanings(study, concepts)
    rows = {
        "person": [{"person_id": 7, "year_of_birth": 1961}],
        "drug_exposure": [
            {"drug_exposure_id": 11, "drug_concept_id": 72,
             "drug_exposure_start_date": date(2025, 1, 1)},
        ],
        "measurement": [TOLD, TOLD | {"measurement_id": 2, "meas_event_field_concept_id": 0}],
        "episode": [REGIMEN],
        "episode_event": [EVENT],
    }  # fmt: skip

    intake = read_person(rows, study, site, "P-7")

    assert [each.intent for each in intake.casebook.treatments] == ["metastatic"]
    assert (intake.rows, intake.used, intake.questioned) == (3, 2, 0)
    assert dict(intake.ignored) == {"measurement: not in the vocabulary": 1}
    assert intake.casebook.observations == ()
