"""Biomarkers of FHIR records: specimens become material, reports runs; each has one fate."""

from decimal import Decimal

import pytest

from trialwright.casebook.materials import Material
from trialwright.intake.biomarker_records import read_biomarkers
from trialwright.intake.elements import Element
from trialwright.intake.own_records import Record
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

HER = {"reference": "Patient/her"}
B1 = Material("B1", "block", "", "archival", None, "adequate", Source("csv", "x:2"))
T1 = Material("T1", "tube", "", "C1D1", None, "adequate", Source("csv", "x:3"))


def coded(*codes, system="http://loinc.org", **more):
    """Give a concept."""
    return {"coding": [{"system": system, "code": each, **more} for each in codes]}


def patient(id_="her"):
    """Give a patient."""
    return {"resourceType": "Patient", "id": id_, "gender": "female", "birthDate": "1960-01-01"}


def specimen(id_="s1", label="B1", kind="441652008", **more):
    """Give a specimen."""
    return {
        "resourceType": "Specimen",
        "id": id_,
        "subject": HER,
        "accessionIdentifier": {"value": label},
        "type": coded(kind, system="http://snomed.info/sct"),
        "collection": {"collectedDateTime": "2026-01-15"},
        **more,
    }


def variant(id_="v1", gene="AKT1", change="p.Glu17Lys", of="Specimen/s1", **more):
    """Give a variant."""
    named = [("48018-6", gene), ("48005-3", change)]
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": coded("69548-6"),
        "subject": HER,
        "specimen": {"reference": of},
        "effectiveDateTime": "2026-02-20",
        "valueCodeableConcept": coded("LA9633-4"),
        "component": [
            {"code": coded(code), "valueCodeableConcept": coded("x", system="urn:x", display=shown)}
            for code, shown in named
        ],
        **more,
    }


def percent(id_="er", value=70, **more):
    """Give a percentage of ER."""
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": coded("85329-1"),
        "subject": HER,
        "specimen": {"reference": "Specimen/s1"},
        "effectiveDateTime": "2026-02-12",
        "valueQuantity": {"value": Decimal(value), "code": "%"},
        **more,
    }


def report(*results, id_="r1", panel="tissue-panel", of="Specimen/s1", status="final", **more):
    """Give a report of sequencing."""
    return {
        "resourceType": "DiagnosticReport",
        "id": id_,
        "status": status,
        "code": {**coded("51969-4"), "text": panel},
        "subject": HER,
        "specimen": [{"reference": of}],
        "effectiveDateTime": "2026-02-20",
        "identifier": [{"value": "RUN-7"}],
        "result": [{"reference": each} for each in results],
        **more,
    }


HERSELF = patient()


def read(*resources, recorded=(B1,), people=(HERSELF,)):
    """Read resources of one patient; every one of them has one fate."""
    placed = (
        Record(Element(each, f"entry[{place}].resource"))
        for place, each in enumerate((*people, *resources))
    )
    found = read_biomarkers(placed, {each.id: each for each in recorded}, ["tissue-panel"])
    assert found.resources == found.used + sum(found.ignored.values())
    return found


def test_a_report_is_a_run_on_the_recorded_material_of_its_specimen():
    """The label of the specimen is that of the block; its panel and day are told."""
    found = read(report("Observation/v1"), variant(), specimen())

    (run,) = found.runs
    assert (run.id, run.material, run.panel, str(run.on)) == (
        "RUN-7", "B1", "tissue-panel", "2026-02-20",
    )  # fmt: skip
    assert [each.name for each in run.calls] == ["AKT1 E17K"]
    assert (found.materials, found.silent, found.resources, found.used) == ((), (), 3, 3)


def test_a_report_that_found_nothing_is_a_run_as_well():
    """Its one result is of another kind, and is in the file: nothing else was reported."""
    other = {"resourceType": "Observation", "id": "tmb", "code": coded("94076-7"), "subject": HER}
    (run,) = read(report("Observation/tmb"), other, specimen()).runs

    assert (run.panel, run.calls) == ("tissue-panel", ())


@pytest.mark.parametrize(
    ("results", "resources"),
    [
        ((), ()),
        (("Observation/elsewhere",), ()),
        (("Observation/v1",), (variant(valueCodeableConcept=coded("LA18198-4")),)),
        (("Observation/v1",), (variant(of="Specimen/unknown"),)),
        (("Observation/v1",), (variant(status="preliminary"),)),
    ],
)
def test_nothing_is_absent_where_a_result_is_not_read(results, resources):
    """Not told, elsewhere, no call, another specimen, not final: the panel is left out."""
    found = read(report(*results), *resources, specimen())

    assert [each.panel for each in found.runs] == [""]
    assert found.silent == ("RUN-7",)


def test_a_report_that_does_not_count_takes_its_variants_with_it():
    """Entered in error: neither a run nor a variant."""
    found = read(report("Observation/v1", status="entered-in-error"), variant(), specimen())

    assert found.runs == ()
    assert dict(found.ignored) == {
        "DiagnosticReport: its status is not final": 1,
        "Observation: of a report that is not final": 1,
        "Specimen: no result rests on it": 1,
    }


def test_variants_without_a_report_are_a_run_without_a_panel():
    """Of one material and day; what it does not report is not known to be absent."""
    (run,) = read(variant(), variant("v2", "PIK3CA", "p.His1047Arg"), specimen()).runs

    assert (run.id, run.panel, len(run.calls)) == ("B1/2026-02-20", "", 2)


def test_a_specimen_that_is_not_recorded_becomes_material_of_its_kind():
    """Without a time point, which FHIR does not tell; made of the recorded tube."""
    plasma = specimen(
        "s2", "PL-1", "119361006", status="unsatisfactory", parent=[{"reference": "Specimen/t"}]
    )
    tube = specimen("t", "T1", "119297000")
    (made,) = read(variant(of="Specimen/s2"), plasma, tube, recorded=(T1,)).materials

    assert (made.id, made.kind, made.made_of, made.time_point) == ("PL-1", "plasma", "T1", None)
    assert (str(made.on), made.quality) == ("2026-01-15", "inadequate")


def test_blood_that_is_not_recorded_is_no_material():
    """It may have been drawn for the germline; the recorded label alone says what it is."""
    blood = specimen("s1", "T9", "119297000")

    assert dict(read(variant(), blood, recorded=()).ignored) == {
        "Observation: a specimen that is not recorded, of a kind that tells no material: record "
        "the material first": 1,
        "Specimen: no result rests on it": 1,
    }


def test_results_of_others_of_nobody_and_in_error_never_count():
    """A relative's variant, one of another patient, and one that was entered in error."""
    sister = {"resourceType": "RelatedPerson", "id": "sis"}
    found = read(
        sister,
        variant(subject={"reference": "Patient/other"}),
        variant("v2", focus=[{"reference": "RelatedPerson/sis"}]),
        variant("v3", status="entered-in-error"),
        variant("v4", of="Specimen/s2"),
        variant("v5", subject=None),
        percent(),
        percent(),
        specimen(),
        specimen("s2", "B2", status="entered-in-error"),
        specimen("s3", "B3", subject={"reference": "Patient/other"}),
    )

    assert (found.runs, [each.material for each in found.stains]) == ((), ["B1"])
    assert dict(found.ignored) == {
        "Observation: about no patient of this file": 2,
        "Observation: not about a patient": 1,
        "Observation: entered-in-error": 1,
        "Observation: of a specimen that was entered in error": 1,
        "Observation: repeated": 1,
        "Specimen: about no patient of this file": 1,
        "Specimen: no result rests on it": 1,
    }


def test_of_two_patients_nobody_is_chosen():
    """The file of one participant is asked for."""
    with pytest.raises(Refusal, match="2 patients in the bundle"):
        read(variant(), people=(patient(), patient("other")))


def test_all_faults_are_named_with_their_places():
    """A percentage beyond 100, a result that stands twice and differs, a day that is none."""
    with pytest.raises(Refusal) as refused:
        read(percent(value=170), variant(), variant(change="p.Glu17Gly"), specimen(),
             report("Observation/v1", effectiveDateTime="soon"))  # fmt: skip

    assert [each.where.split(".")[0] for each in refused.value.faults] == [
        "entry[3]", "entry[5]", "entry[1]",
    ]  # fmt: skip
