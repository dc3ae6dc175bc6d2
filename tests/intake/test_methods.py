"""The size of a tumour comes with the method by which it was measured."""

import pytest

SNOMED = "http://snomed.info/sct"


def sized(value=24, unit="mm", method=None):
    """Make the elements of a tumour's size, as mCODE gives it."""
    code = {"coding": [{"system": "http://loinc.org", "code": "33728-7"}]}
    size = {"code": code, "valueQuantity": {"value": value, "code": unit}}
    return {"component": [size], "method": method}


def by(words="", code=""):
    """Make a method."""
    concept = {"text": words} if words else {}
    return concept | ({"coding": [{"system": SNOMED, "code": code}]} if code else {})


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (None, ""),
        (by("Spiral CT, 5 mm slices", "77477000"), "spiral-ct"),
        (by("helical", "77477000"), "spiral-ct"),
        (by("Multidetector CT"), "spiral-ct"),
        (by("CT chest", "77477000"), ""),
        (by("Non-spiral CT", "77477000"), "conventional"),
        (by("conventional CT", "77477000"), "conventional"),
        (by("X-ray computed tomography"), ""),
        (by("conventional and spiral CT"), ""),
        (by(code="113091000"), "mri"),
        (by("MRI of the liver"), "mri"),
        (by("CT and MRI"), ""),
        (by(code="168537006"), "conventional"),
        (by(code="16310003"), "conventional"),
        (by(code="5880005"), "conventional"),
        (by("Ultrasound"), "conventional"),
        (by("by the participant"), ""),
    ],
)
def test_a_method_is_named_as_protocols_name_it(read, patient, observed, method, name):
    """Tomography that does not say whether it is spiral is not named."""
    found = read(patient, observed("21889-1", **sized(method=method)))

    assert [(str(each.value), each.method) for each in found.casebook.observations] == [
        ("24 mm", name)
    ]


def test_a_size_keeps_its_unit(read, patient, observed):
    """Centimetres stay centimetres until a rule compares them."""
    [fact] = read(patient, observed("21889-1", **sized(2.4, "cm"))).casebook.observations

    assert str(fact.value) == "2.4 cm"


@pytest.mark.parametrize(
    ("written", "at"),
    [("2026-03-02T09:13:00-05:00", "2026-03-02T09:13:00-05:00"), ("2026-03-02", "")],
)
def test_an_instant_is_kept_as_recorded(read, patient, observed, written, at):
    """Its day is that of its own offset."""
    [fact] = read(
        patient, observed("21889-1", effectiveDateTime=written, **sized())
    ).casebook.observations

    assert (fact.at, str(fact.on)) == (at, "2026-03-02")
