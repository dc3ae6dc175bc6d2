"""Variants and percentages from FHIR observations: each has one fate."""

from decimal import Decimal

import pytest

from trialwright.intake.elements import Element
from trialwright.intake.genomic_observations import read_genomics
from trialwright.intake.stain_observations import joined
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


def test_a_variant_of_no_specimen_or_of_a_number_is_left_aside():
    """Nobody can say which material it was found in, or which gene 11389 is."""
    numbered = variant(PROTEIN)
    numbered["component"] = [component("48018-6", value="HGNC:11389"), PROTEIN]

    found = read(variant(PROTEIN, specimen=None), numbered)

    assert dict(found.ignored) == {"without a specimen": 1, "a gene without its symbol": 1}


def test_absent_and_no_call_are_two_things():
    """Absent is kept with its gene; no call is counted aside."""
    found = read(variant(present="LA9634-2"), variant(PROTEIN, present="LA18198-4"))

    assert found.absent == (("Specimen/1", "AKT1"),)
    assert dict(found.ignored) == {"neither present nor absent": 1}


def test_percentages_become_stains_and_a_status_alone_does_not():
    """ER 70 %; HER2 present is a status without its score."""
    status = percent(code="85319-2", valueQuantity=None, valueCodeableConcept=coded("LA6576-8"))
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


@pytest.mark.parametrize(
    ("comparator", "said"), [(">=", "10-100"), (">", "above 10 to 100"), ("<", "0 to below 10")]
)
def test_a_percentage_with_a_comparator_is_a_range(comparator, said):
    """At least 10 % is not 10 %."""
    quantity = {"value": Decimal(10), "comparator": comparator, "unit": "%"}
    (stain,) = read(percent(valueQuantity=quantity)).stains

    assert str(stain.percent) == said


def her2(code="85319-2", *, more_codes=(), **value):
    """Give an observation of HER2."""
    codings = [{"system": "http://loinc.org", "code": each} for each in (code, *more_codes)]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": codings},
        "specimen": {"reference": "Specimen/1"},
        **value,
    }


def amount(value, unit="", **more):
    """Give a quantity."""
    return {"value": Decimal(value), "code": unit, **more}


def signals(above, below, **more):
    """Give a ratio."""
    return {"numerator": amount(above, **more), "denominator": amount(below, **more)}


@pytest.mark.parametrize(
    ("observation", "score", "percentage"),
    [
        (her2(valueInteger=3), "3", "None"),
        (her2("48676-1", more_codes=["85319-2"], valueQuantity=amount(2)), "2", "None"),
        (her2(valueQuantity=amount(2, comparator=">=")), "2-3", "None"),
        (her2(valueCodeableConcept={"text": "1-2+"}), "1-2", "None"),
        (her2("18474-7", valueString="0+"), "0", "None"),
        (her2(valueQuantity=amount(30, "%")), "None", "30"),
    ],
)
def test_a_score_of_her2_is_read(observation, score, percentage):
    """As a number, as people write it, or as cells stained."""
    (stain,) = read(observation).stains

    assert (stain.analyte, str(stain.score), str(stain.percent)) == ("HER2", score, percentage)


@pytest.mark.parametrize(
    ("observation", "ratio", "copies"),
    [
        (her2("49683-6", valueQuantity=amount("2.4", "{ratio}")), "2.4", None),
        (her2("85318-4", valueRatio=signals(9, 4)), "2.25", None),
        (her2("74860-8", valueQuantity=amount("5.3", "{copies}/{nucleus}")), None, "5.3"),
        (
            her2(
                "74885-5",
                component=[
                    her2("49683-6", valueQuantity=amount("1.8", "1")),
                    her2("74860-8", valueQuantity=amount("4.1", "{#}")),
                ],
            ),
            "1.8",
            "4.1",
        ),
    ],
)
def test_signals_of_her2_are_read(observation, ratio, copies):
    """Ratio and copies a nucleus, alone or as components of a panel."""
    (stain,) = read(observation).stains

    assert (stain.ish.ratio, stain.ish.copies) == tuple(
        each and Decimal(each) for each in (ratio, copies)
    )


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (her2("85318-4", valueRatio=signals(1, 100, comparator=">=")),
         "a ratio of which bounds alone are told"),
        (her2("85318-4", valueString="Positive (qualifier value)"),
         "a status without the value it was derived from"),
        (her2(valueCodeableConcept={"text": "Positive"}),
         "a status without the value it was derived from"),
        (her2("48676-1", valueCodeableConcept={"text": "Negative"}),
         "a status without the value it was derived from"),
        (her2(valueInteger=3, status="entered-in-error"), "entered-in-error"),
        (her2(valueInteger=3, specimen=None), "without a specimen"),
    ],
)  # fmt: skip
def test_what_tells_no_value_is_left_aside_by_name(observation, reason):
    """A status is not turned back into a score."""
    assert dict(read(observation).ignored) == {reason: 1}


def test_score_and_signals_of_one_specimen_are_one_stain():
    """The rules of 2018 need both; another specimen stands apart."""
    other = her2(valueInteger=1, specimen={"reference": "Specimen/2"})
    day = {"effectiveDateTime": "2026-02-12"}
    found = read(
        her2(valueInteger=2, **day), other, her2("49683-6", valueQuantity=amount("2.1"), **day)
    )

    one, two = joined(found.stains)

    assert (str(one.score), one.ish.ratio, str(one.on)) == ("2", Decimal("2.1"), "2026-02-12")
    assert (str(two.score), two.ish) == ("1", None)


def test_two_scores_of_one_specimen_that_differ_are_refused():
    """Nobody chooses between them here."""
    with pytest.raises(Refusal, match="2 values of HER2 in one specimen that differ"):
        joined(read(her2(valueInteger=1), her2(valueInteger=3)).stains)


@pytest.mark.parametrize(
    "observation",
    [
        her2(valueInteger=4),
        her2(valueQuantity=amount("2.5")),
        her2(valueQuantity=amount(2, "mg")),
        her2(valueCodeableConcept={"text": "3+ (who knows)"}),
        her2("85318-4", valueRatio=signals(3, 0)),
        her2("49683-6", valueQuantity=amount(0)),
        her2("49683-6", valueQuantity=amount(2, comparator=">=")),
        her2("74860-8", valueQuantity=amount(5, "mg")),
        her2(valueInteger=3, modifierExtension=[{"url": "urn:x"}]),
    ],
)
def test_a_value_that_her2_never_has_is_refused_with_its_place(observation):
    """It is no status, and no result."""
    with pytest.raises(Refusal) as refused:
        read(observation)

    assert all(each.where.startswith("entry[0].resource") for each in refused.value.faults)


@pytest.mark.parametrize(
    ("coding", "effect"),
    [("c.1002+1G>A", "splice"), ("c.1003-2A>T", "splice"), ("c.5+12G>A", "other")],
)
def test_a_variant_without_a_change_of_the_protein_keeps_its_place(coding, effect):
    """Beside an exon it is one of splicing."""
    ((_, call),) = read(variant(component("48004-6", coding))).calls

    assert (call.change, call.place, call.effect) == ("", coding, effect)


def test_all_faults_are_named_at_once():
    """No gene, no change, more than all cells, another unit."""
    nameless = variant(PROTEIN)
    nameless["component"] = [PROTEIN]
    wrong = (
        nameless,
        variant(),
        percent(170),
        percent(unit="mg"),
        variant(PROTEIN),
    )

    with pytest.raises(Refusal) as refused:
        read(*wrong)

    assert [each.where for each in refused.value.faults] == [
        f"entry[{place}].resource" for place in range(4)
    ]


def scored(name, value, *, code="85337-4", unit=None, **more):
    """Give an observation of ER that is called a score."""
    number = {"valueInteger": value} if unit is None else {"valueQuantity": amount(value, unit)}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {**coded(code), "text": name},
        "specimen": {"reference": "Specimen/1"},
        **number,
        **more,
    }


@pytest.mark.parametrize(
    ("observation", "h_score", "allred"),
    [
        (scored("Allred score", 7), None, 7),
        (scored("Estrogen receptor total Allred score", 0), None, 0),
        (scored("ER H-score", 180), 180, None),
        (scored("Histoscore", Decimal("12.5"), unit="{score}"), Decimal("12.5"), None),
        (scored("ER", 7, unit="{Allred score}"), None, 7),
        (scored("ER", Decimal("7.0"), unit="{Allred score}"), None, 7),
        (scored("ER", 180, unit="{H-score}"), 180, None),
    ],
)
def test_a_score_is_read_where_words_or_the_unit_name_it(observation, h_score, allred):
    """No code that is known here tells which score it is."""
    (stain,) = read(observation).stains

    assert (stain.analyte, stain.percent) == ("ER", None)
    assert (stain.h_score, stain.allred) == (h_score, allred)


def test_scores_stand_beside_their_percentage():
    """As components of it; proportion and intensity alone are no score."""
    parts = [
        {"code": {"text": name}, "valueInteger": value}
        for name, value in (
            ("Allred score", 8), ("H-score", 210), ("Allred proportion score", 5),
            ("Allred intensity score", 3),
        )
    ]  # fmt: skip

    (stain,) = read(percent(component=parts)).stains

    assert (str(stain.percent), stain.h_score, stain.allred) == ("70", 210, 8)


@pytest.mark.parametrize("name", ["ER", "ER score", "Allred proportion score", "H-score note"])
def test_a_number_that_does_not_say_which_score_it_is_is_no_score(name):
    """7 may be an Allred score; nobody said so."""
    found = read(scored(name, 7))

    assert found.stains == ()
    assert dict(found.ignored) == {"a status without the value it was derived from": 1}


@pytest.mark.parametrize(
    ("observation", "found"),
    [
        (scored("Allred score", 1), "1"),
        (scored("Allred score", 9), "9"),
        (scored("ER H-score", 301), "301"),
        (scored("Allred score", Decimal("2.5"), unit=""), "a score between two scores"),
        (scored("Allred score", 7, unit="%"), "a score with a unit"),
        (scored("Allred score", 180, unit="{H-score}"), "the names of two scores"),
        (scored("H-score", 7, unit="", valueQuantity=amount(7, comparator=">")),
         "no exact number"),
        (scored("Allred score", 7, component=[{"code": {"text": "Allred score"},
                                               "valueInteger": 6}]), "a second allred"),
        (percent(7, unit="{Allred score}"), "no percentage"),
    ],
)  # fmt: skip
def test_a_score_that_cannot_be_is_refused_with_its_place(observation, found):
    """And with what was found."""
    with pytest.raises(Refusal) as refused:
        read(observation)

    (fault,) = refused.value.faults
    assert fault.where.startswith("entry[0].resource")
    assert fault.found == found
