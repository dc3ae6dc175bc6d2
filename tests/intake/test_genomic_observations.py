"""Variants and percentages from FHIR observations: each has one fate."""

from decimal import Decimal

import pytest

from trialwright.intake.elements import Element
from trialwright.intake.genomic_observations import read_genomics
from trialwright.terms.errors import Refusal


def coded(code, display="", system="http://loinc.org"):
    """Give a concept."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def component(code, display="", value=""):
    """Give a component with a coded value."""
    return {"code": coded(code), "valueCodeableConcept": coded(value or "x", display, "urn:x")}


def variant(*components, present="LA9633-4", **more):
    """Give a variant of a specimen."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded("69548-6"),
        "specimen": {"reference": "Specimen/1"},
        "valueCodeableConcept": coded(present),
        "component": [component("48018-6", "AKT1"), *components],
        **more,
    }


def percent(value=70, code="85329-1", unit="%", **more):
    """Give a percentage stained."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded(code),
        "specimen": {"reference": "Specimen/1"},
        "effectiveDateTime": "2026-02-12",
        "valueQuantity": {"value": Decimal(value), "unit": unit, "code": unit},
        **more,
    }


PROTEIN = component("48005-3", "p.Glu17Lys")


def read(*resources):
    """Read resources."""
    placed = (Element(each, f"entry[{place}].resource") for place, each in enumerate(resources))
    return read_genomics(placed)


def test_a_variant_is_read_with_its_specimen():
    """Gene, change, fraction as told, and where it comes from."""
    fraction = {"code": coded("81258-6"), "valueQuantity": {"value": Decimal("0.18")}}
    origin = {"code": coded("48002-0"), "valueCodeableConcept": coded("LA6684-0")}

    ((specimen, call),) = read(variant(PROTEIN, fraction, origin)).calls

    assert (specimen, call.name, call.effect, call.origin) == (
        "Specimen/1",
        "AKT1 E17K",
        "missense",
        "somatic",
    )
    assert (call.fraction, call.alt_reads) == (Decimal("0.18"), None)


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        ("p.Asn867SerfsTer2", "frameshift"),
        ("p.Lys13Ter", "nonsense"),
        ("p.Glu746_Ala750del", "in-frame"),
        ("p.Met1?", "start lost"),
        ("p.Gln75=", "silent"),
        ("p.Ter404Leu", "stop lost"),
        ("p.?", "other"),
    ],
)
def test_the_effect_comes_from_the_form_of_the_change(change, effect):
    """Nothing is computed from the genome."""
    ((_, call),) = read(variant(component("48005-3", change))).calls

    assert call.effect == effect


@pytest.mark.parametrize(("copies", "effect"), [(0, "deep deletion"), (1, "loss"), (8, "gain")])
def test_copies_without_a_change(copies, effect):
    """Eight copies are a gain: who calls it amplified says so."""
    count = {"code": coded("82155-3"), "valueQuantity": {"value": Decimal(copies)}}

    ((_, call),) = read(variant(count)).calls

    assert call.effect == effect


def test_absent_and_no_call_are_two_things():
    """Absent is kept with its gene; no call is counted aside."""
    found = read(variant(present="LA9634-2"), variant(PROTEIN, present="LA18198-4"))

    assert found.absent == (("Specimen/1", "AKT1"),)
    assert dict(found.ignored) == {"neither present nor absent": 1}


def test_percentages_become_stains_and_a_status_alone_does_not():
    """ER 70 %; HER2 present is a status without its score."""
    status = {**percent(code="85319-2"), "valueCodeableConcept": coded("LA6576-8")}
    found = read(percent(), percent(20, "85325-9"), status, percent(code="718-7"))

    assert [(each.analyte, str(each.percent), str(each.on)) for each in found.stains] == [
        ("ER", "70", "2026-02-12"),
        ("PR", "20", "2026-02-12"),
    ]
    assert dict(found.ignored) == {
        "a status without the value it was derived from": 1,
        "another observation": 1,
    }


def test_every_observation_has_one_fate():
    """They add up."""
    found = read(
        variant(PROTEIN), variant(present="LA9634-2"), percent(), percent(status="preliminary")
    )

    fates = len(found.calls) + len(found.absent) + len(found.stains) + sum(found.ignored.values())
    assert found.resources == fates == 4


def test_all_faults_are_named_at_once():
    """No gene, no change, no specimen, more than all cells, another unit."""
    nameless = variant(PROTEIN)
    nameless["component"] = [PROTEIN]
    wrong = (
        nameless,
        variant(),
        variant(PROTEIN, specimen=None),
        percent(170),
        percent(unit="mg"),
        variant(PROTEIN),
    )

    with pytest.raises(Refusal) as refused:
        read(*wrong)

    assert [each.where for each in refused.value.faults] == [
        f"entry[{place}].resource" for place in range(5)
    ]
