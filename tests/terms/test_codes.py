"""Codes of the terminologies: exact, but for the tree of ICD-10-CM."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.codes import SYSTEMS, Code

ICD10 = st.from_regex(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", fullmatch=True)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("C50", "C50"),
        ("C50", "C50.911"),
        ("C50", "C50911"),
        ("C50.9", "C50.911"),
        ("C50.91", "C50.911"),
        ("C5091", "C50.911"),
        ("C50.", "C50.911"),
        ("c50", "C50.911"),
        ("C50", "c50.911"),
        ("C50 ", " C50.911"),
        ("T45.1", "T45.1X5A"),
        ("C5", "C5"),
    ],
)
def test_icd_10_code_covers_what_stands_below_it(code, other):
    """C50 covers C50.911, with or without the dot; every code covers itself."""
    assert Code("ICD10CM", code).covers(Code("ICD10CM", other))


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("C5", "C50"),
        ("C5", "C50.911"),
        ("C", "C50"),
        ("", "C50"),
        (".", "C50"),
        ("C50", "C5"),
        ("C50", "C51.0"),
        ("C50.1", "C50.911"),
        ("C50.911", "C50"),
        ("C50.911", "C50.91"),
        ("C50.911", "C50.912"),
        ("C50", "D50.0"),
        ("Z17", "Z1.7"),
    ],
)
def test_icd_10_code_covers_nothing_beside_or_above_it(code, other):
    """C5 is no category and does not cover C50; a detail does not cover its category."""
    assert not Code("ICD10CM", code).covers(Code("ICD10CM", other))


@pytest.mark.parametrize("system", ["LOINC", "SNOMEDCT", "RXNORM", "LOCAL"])
def test_other_systems_are_compared_exactly(system):
    """LOINC 718-7 covers itself and no code that begins like it."""
    code = Code(system, "718-7")

    assert code.covers(Code(system, "718-7"))
    assert not code.covers(Code(system, "718-71"))
    assert not code.covers(Code(system, "7187"))


def test_code_of_another_system_is_never_covered():
    """The same characters in two systems are two things."""
    assert not Code("ICD10CM", "C50").covers(Code("SNOMEDCT", "C50"))
    assert not Code("SNOMEDCT", "C50").covers(Code("ICD10CM", "C50"))


@given(ICD10, ICD10)
def test_covering_both_ways_means_the_same_code(one, other):
    """Two codes cover each other only when they are one code."""
    both = Code("ICD10CM", one).covers(Code("ICD10CM", other)) and Code("ICD10CM", other).covers(
        Code("ICD10CM", one)
    )

    assert both is (one == other)


@given(ICD10, st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4))
def test_every_refinement_of_a_code_is_covered(code, detail):
    """What is written behind a code of the tree stands below it."""
    below = f"{code}{detail}" if "." in code else f"{code}.{detail}"

    assert Code("ICD10CM", code).covers(Code("ICD10CM", below))


def test_code_is_said_with_its_system():
    """A code without its system means nothing."""
    assert str(Code("LOINC", "718-7")) == "LOINC 718-7"


def test_codes_sort_by_system_and_code():
    """Code lists have one order."""
    assert sorted([Code("RXNORM", "1"), Code("LOINC", "2"), Code("LOINC", "1")]) == [
        Code("LOINC", "1"),
        Code("LOINC", "2"),
        Code("RXNORM", "1"),
    ]


def test_system_addresses_have_their_short_names():
    """FHIR writes a system as an address; protocol files write its short name."""
    assert SYSTEMS == {
        "http://loinc.org": "LOINC",
        "http://snomed.info/sct": "SNOMEDCT",
        "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM",
        "http://hl7.org/fhir/sid/icd-10-cm": "ICD10CM",
        "http://unitsofmeasure.org": "UCUM",
        "http://cancerstaging.org": "AJCC",
    }
