"""Variants and stains of FHIR records through the import: acts beside the facts, or nothing."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.assembly.beside import told_beside
from tests.intake.test_biomarker_records import patient, percent, report, specimen, variant

from trialwright.assembly.biomarker_records_in import biomarker_reader, plan_records
from trialwright.assembly.import_plans import Given
from trialwright.assembly.planned_imports import plan
from trialwright.assembly.records_in import read_named
from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY, ENTRY = date(2026, 2, 5), date(2026, 3, 30)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
MATERIALS = """participant,material,kind,made_of,time_point,date,quality
P-1,B1,block,,archival,2026-01-10,adequate
"""
MCODE = Path(os.environ.get("TRIALWRIGHT_SHARED", "nowhere"), "data", "patients")


@pytest.fixture
def gateway(desk, tmp_path):
    """Give a trial with a participant who consented, and her block."""
    opened = desk.open()
    opened.execute(Consent("P-1", DAY), CHIEF)
    table = tmp_path / "materials.csv"
    table.write_text(MATERIALS, encoding="utf-8")
    planned = plan(opened, Given(table, "materials", None, "", ENTRY))
    opened.execute_whole(planned.steps, CHIEF, is_rehearsal=False)
    return opened


@pytest.fixture
def given(tmp_path):
    """Give a writer of a bundle, or of lines."""

    def write(*resources, name="records.json"):
        if name.endswith(".ndjson"):
            text = "\n".join(json.dumps(each, default=float) for each in resources)
        else:
            entries = [{"resource": each} for each in resources]
            text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries},
                              default=float)  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Given(tmp_path / name, "fhir", None, "P-1", ENTRY)

    return write


def her2(**value):
    """Give HER2 by immune stain."""
    code = {"coding": [{"system": "http://loinc.org", "code": "85319-2"}]}
    day = {"effectiveDateTime": "2026-02-12"}
    return percent("her2", code=code, valueQuantity=None) | day | value


RECORDS = (patient(), report("Observation/v1"), variant(), specimen(), her2(valueInteger=1))


def run(gateway, asked):
    """Plan an import and do it."""
    planned = plan(gateway, asked)
    gateway.execute_whole(planned.steps, CHIEF, is_rehearsal=False)
    return planned


@pytest.mark.parametrize("name", ["records.json", "records.ndjson"])
def test_variants_and_stains_become_entries_and_count(gateway, given, name):
    """AKT1 E17K in the block of P-1: altered; the panel covers PTEN: not altered."""
    told = run(gateway, given(*RECORDS, name=name)).told

    here = gateway.state().participants["P-1"].biomarkers
    settings = gateway.protocol.study.biomarkers
    table = tabulate(("P-1",), {"P-1": here}, prespecified(settings), settings)
    assert table.altered("akt1-tissue") == (True,)
    assert [(each.analyte, str(each.score)) for each in here.stains] == [("HER2", "1")]
    assert (
        "biomarkers: 4 resources = 4 used + 0 left aside; 0 new pieces of material, 1 runs, "
        "1 stains"
    ) in told


def test_an_entry_names_the_file_by_its_digest(gateway, given):
    """Participant, file and place, and no name of the file."""
    asked = given(*RECORDS)
    digest = run(gateway, asked).digest

    *_, last = gateway.store.records(gateway.trial)

    assert last.source["file"] == digest
    (stain,) = gateway.state().participants["P-1"].biomarkers.stains
    assert stain.source.place == f"{digest} entry[4].resource"


def test_the_same_results_in_another_file_add_nothing(gateway, given):
    """A file saved anew records what is new in it alone."""
    run(gateway, given(*RECORDS))

    again = run(gateway, given(*RECORDS, percent(), name="again.json"))

    assert again.duplicates == (
        "Observation/her2: recorded before",  # the fact for eligibility
        "RUN-7: recorded before",
        "HER2 of B1: recorded before",
    )
    assert len(gateway.state().participants["P-1"].biomarkers.stains) == 2


NEW = (
    patient(),
    report("Observation/v1"),
    variant(),
    specimen(label="B7"),
    specimen("s2", label="T7", kind="119361006"),
    report("Observation/v2", id_="r2", panel="plasma-panel", of="Specimen/s2",
           identifier=[{"value": "RUN-8"}]),
    variant("v2", of="Specimen/s2"),
)  # fmt: skip


def times_of(gateway):
    """Give the time point of each material of P-1."""
    return {
        each.id: each.time_point
        for each in gateway.state().participants["P-1"].biomarkers.materials
    }


def test_new_material_has_no_time_point_until_a_person_confirms_one(gateway, given):
    """P-1 is not registered: her block is archival, and of blood the rule tells nothing."""
    planned = run(gateway, given(*NEW))

    assert times_of(gateway) == {"B1": "archival", "B7": None, "T7": None}
    assert planned.has_proposed
    assert (
        "material B7: archival is proposed by the rule `day of collection`: taken 2026-01-15, "
        "before any registration. Until a time point is confirmed it is in no marker"
    ) in planned.notes
    assert any(each.startswith("material T7: no time point") for each in planned.notes)


def test_a_person_confirms_what_is_proposed_and_says_the_rest(gateway, given):
    """What is said goes before what is proposed."""
    asked = replace(given(*NEW), takes_proposed=True, times={"T7": "C1D1"})

    planned = run(gateway, asked)

    assert times_of(gateway) == {"B1": "archival", "B7": "archival", "T7": "C1D1"}
    assert not planned.has_proposed
    assert any("archival by the rule `day of collection`, confirmed" in each
               for each in planned.notes)  # fmt: skip


def test_a_time_point_of_other_material_is_refused(gateway, given):
    """B1 is on record and has one; B9 is nowhere."""
    with pytest.raises(Refusal) as refused:
        plan(gateway, replace(given(*NEW), times={"B1": "C1D1", "B9": "C1D1"}))

    assert [each.where for each in refused.value.faults] == ["--time-point B1", "--time-point B9"]


def test_a_fault_of_a_biomarker_keeps_the_facts_out(gateway, given):
    """All or nothing, with the place."""
    before = len(list(gateway.store.records(gateway.trial)))

    with pytest.raises(Refusal) as refused:
        run(gateway, given(*RECORDS, variant("v2", gene="not a gene")))

    assert [(each.file, each.where) for each in refused.value.faults] == [
        ("records.json", "entry[5].resource")
    ]
    assert len(list(gateway.store.records(gateway.trial))) == before


def test_beside_a_fault_of_a_biomarker_the_rest_is_decided(gateway, given):
    """A variant without a gene; the stain beside it was read before the block was taken."""
    unread = variant()
    unread["component"] = []
    asked = given(
        *RECORDS[:2], unread, specimen(), her2(valueInteger=1, effectiveDateTime="2026-01-02")
    )

    before, says, after = told_beside(gateway, asked, CHIEF)

    assert len(before) == 1
    assert says == "1 fault keeps all out; of what could be read, 1 fault follows"
    assert after == [(0, "stain.material")]


@pytest.mark.skipif(not MCODE.is_dir(), reason="needs the bundles of TRIALWRIGHT_SHARED")
def test_a_real_bundle_without_specimens_records_no_biomarker(gateway):
    """ER and HER2 of no specimen, a ratio of bounds, and two variants of a patient elsewhere."""
    asked = Given(MCODE / "mcode-trial-matching-patient.json", "fhir", None, "P-1", ENTRY)

    reader = biomarker_reader(gateway.state(), "P-1")
    read_named(asked.file, gateway.protocol.study, "P-1", beside=[reader])

    planned = plan_records(gateway.state(), asked, "digest", reader)

    assert planned.steps == ()
    assert planned.notes == (
        "biomarkers: 5 resources = 0 used + 5 left aside; 0 new pieces of material, 0 runs, "
        "0 stains",
        "left aside: 1 x Observation: a ratio of which bounds alone are told",
        "left aside: 2 x Observation: about no patient of this file",
        "left aside: 2 x Observation: without a specimen",
    )
