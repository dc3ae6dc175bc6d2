"""FHIR, OMOP and CSV tell of the same people: ids, values, days."""

import json
from collections import Counter

import pytest
from fhir.resources.R4B.bundle import Bundle

from trialwright.terms.omop import EPISODE_FIELD
from trialwright.virtual.facts_table import COLUMNS, facts_of
from trialwright.virtual.fhir_bundle import by_kind, fhir_bundle, fhir_resources

UNCOUNTED = {"preliminary", "entered-in-error"}


def resources(patients, kind):
    """Give every resource of a kind by its id."""
    return {
        each["id"]: each
        for patient in patients
        for each in fhir_resources(patient)
        if each["resourceType"] == kind
    }


def test_every_final_observation_is_a_measurement_of_the_same_value_and_day(patients, omop):
    """Number, comparator's presence and day; components hold pressures and sizes."""
    measured = {
        row["measurement_id"]: (
            row["value_as_number"], row["operator_concept_id"] is not None,
            str(row["measurement_date"]),
        )
        for row in omop["measurement"]
        if row["meas_event_field_concept_id"] != EPISODE_FIELD  # settings stand with medicines
    }  # fmt: skip

    told = {}
    for name, each in resources(patients, "Observation").items():
        if each["status"] not in UNCOUNTED and name.startswith("measurement-"):
            part = each["component"][0] if "component" in each else each
            amount = part.get("valueQuantity", {"value": part.get("valueInteger")})
            told[int(name.removeprefix("measurement-"))] = (
                amount["value"], "comparator" in amount, each["effectiveDateTime"][:10],
            )  # fmt: skip

    without_number = {key for key, row in measured.items() if row[0] is None}
    assert told.keys() == measured.keys()
    assert all(told[key] == measured[key] for key in measured.keys() - without_number)
    assert all(told[key][0] is None for key in without_number)


def test_every_condition_medicine_and_procedure_stands_in_both(patients, omop):
    """By id and first day; refuted conditions and those entered in error stand in FHIR alone."""
    rows = {
        f"{table}-{row[key]}".replace("_", "-"): str(row[since])
        for table, key, since in (
            ("condition_occurrence", "condition_occurrence_id", "condition_start_date"),
            ("observation", "observation_id", "observation_date"),
            ("drug_exposure", "drug_exposure_id", "drug_exposure_start_date"),
            ("procedure_occurrence", "procedure_occurrence_id", "procedure_date"),
        )
        for row in omop[table]
    }

    told = {}
    uncounted = set()
    for patient in patients:
        for each in fhir_resources(patient):
            verified = each.get("verificationStatus", {"coding": [{"code": ""}]})["coding"][0]
            if verified["code"] in ("refuted", "entered-in-error"):
                uncounted.add(each["id"])
            elif each["id"] in rows:
                period = each.get("effectivePeriod") or each.get("performedPeriod") or {}
                told[each["id"]] = (
                    each.get("onsetDateTime") or period.get("start")
                    or each.get("performedDateTime") or each.get("effectiveDateTime")[:10]
                )  # fmt: skip

    assert told == rows
    assert len(uncounted) > 20


def test_the_flat_table_holds_the_rows_of_omop(patients, omop):
    """`source` names each row of OMOP once, and no other; settings stand with medicines."""
    sources = Counter(row[7] for patient in patients for row in facts_of(patient))

    rows = {
        f"{table}/{row[f'{table}_id']}"
        for table, found in omop.items()
        for row in found
        if table not in ("episode", "episode_event")
        and row.get("meas_event_field_concept_id") != EPISODE_FIELD
    }

    assert set(sources) == rows
    assert all(
        number == (2 if source.startswith("person/") else 1) for source, number in sources.items()
    )


def test_the_flat_table_has_the_values_of_omop(patients, omop):
    """As decimals, with the comparator before them."""
    numbers = {
        f"measurement/{row['measurement_id']}": row["value_as_number"]
        for row in omop["measurement"]
        if row["value_as_number"] is not None
    }

    told = {
        row[7]: float(row[2].lstrip("<>="))
        for patient in patients
        for row in facts_of(patient)
        if row[7] in numbers
    }

    assert told == numbers
    assert all(len(row) == len(COLUMNS) for row in facts_of(patients[0]))


def test_bundles_are_valid_fhir(patients):
    """As an independent reader of R4 sees it; and JSON gives back every number."""
    for patient in patients[:60]:
        bundle = json.loads(json.dumps(fhir_bundle(patient), allow_nan=False))

        assert bundle == fhir_bundle(patient)
        assert len(Bundle.model_validate(bundle).entry) == len(bundle["entry"])


def test_an_export_holds_the_resources_of_the_bundle(patients):
    """Sorted by kind, each once."""
    bundled = [entry["resource"] for entry in fhir_bundle(patients[1])["entry"]]

    sorted_by_kind = [each for found in by_kind(patients[1]).values() for each in found]

    assert sorted(sorted_by_kind, key=str) == sorted(bundled, key=str)


@pytest.mark.shared
def test_resources_look_as_those_of_the_vignettes(patients, shared):
    """Each kind has all that every vignette's resource of that kind has, and the same systems."""
    folder = shared / "reference" / "eligibility" / "vignettes"
    entries = [
        entry["resource"]
        for path in sorted(folder.glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]
    ]
    drawn = [each for patient in patients[:200] for each in fhir_resources(patient)]

    for kind in ("Patient", "Condition", "Observation", "MedicationStatement"):
        theirs = [set(each) for each in entries if each["resourceType"] == kind]
        ours = [set(each) for each in drawn if each["resourceType"] == kind]
        missing = set.intersection(*theirs) - set.intersection(*ours) - {"clinicalStatus"}
        assert missing == set(), kind


def test_what_does_not_count_stands_in_fhir_alone(patients, omop):
    """Preliminary results and those entered in error have no row."""
    rows = {row["measurement_id"] for row in omop["measurement"]}

    uncounted = {
        int(name.removeprefix("measurement-")): each["status"]
        for name, each in resources(patients, "Observation").items()
        if each["status"] in UNCOUNTED and name.startswith("measurement-")
    }

    assert set(uncounted.values()) == UNCOUNTED
    assert not rows & uncounted.keys()
