"""The table of analytes and the table of units hold what they say."""

from collections import Counter
from decimal import Decimal

import pytest

from trialwright.protocol.vocabulary import Term
from trialwright.registry.proposing.analytes import (
    ANALYTES,
    BY_FACT,
    analyte_named,
    bare,
    is_sign,
    term_of,
)
from trialwright.registry.proposing.reading import read_limits
from trialwright.registry.proposing.units import unit_of
from trialwright.terms.units import measured

ASKED = (
    "anc wbc lymphocytes platelets hemoglobin hematocrit total-bilirubin direct-bilirubin ast alt"
    " transaminases alkaline-phosphatase ldh ggt albumin creatinine creatinine-clearance bun"
    " proteinuria glucose fasting-glucose hba1c potassium calcium magnesium sodium phosphate inr pt"
    " ptt lvef systolic-pressure diastolic-pressure heart-rate qtc qtcf cholesterol triglycerides"
    " cd4 weight bmi oxygen-saturation fev1 dlco temperature testosterone pr-interval"
)


@pytest.mark.parametrize("fact", ASKED.split())
def test_every_analyte_asked_for_is_known(fact):
    """Records limit these; each has a row."""
    analyte = BY_FACT[fact]

    assert analyte.spelled or analyte.exact


@pytest.mark.parametrize("analyte", ANALYTES, ids=lambda each: each.fact)
def test_an_analyte_is_whole(analyte):
    """Its unit is UCUM, its numbers stand in order, and its term is one of a protocol's."""
    measured(analyte.unit)
    term = Term.model_validate({**term_of(analyte.fact), "codes": tuple(analyte.codes)})

    assert Decimal(analyte.low) < Decimal(analyte.high)
    assert analyte.measures
    assert term.kind == "observation"


def test_no_spelling_means_two_analytes():
    """A spelling that stood in two rows would be read as one of them by chance."""
    rows = Counter(
        word
        for each in ANALYTES
        for word in {bare(spelled) for spelled in (*each.spelled, *each.signs)}
    )

    assert [word for word, count in rows.items() if count > 1] == []


@pytest.mark.parametrize("analyte", ANALYTES, ids=lambda each: each.fact)
def test_every_spelling_is_read(analyte):
    """`<spelling> > <number> <unit>` proposes a limit on this analyte for every spelling."""
    unit = "" if analyte.unit == "1" else f" {analyte.unit.replace('[', '').replace(']', '')}"
    unit = {" mIU/L": " mIU/L", " {copies}/mL": " copies/mL", " Cel": " °C"}.get(unit, unit)
    unit = unit.replace("10*", "x 10^").replace("(24.h)", "24h")
    low = analyte.low
    missed = [
        word
        for word in (*analyte.spelled, *analyte.exact, *analyte.signs)
        if analyte.fact
        not in {
            each.fact
            for each in (
                *read_limits(f"{word} > {low}{unit}").proposals,
                *read_limits(f"{word} > {low}{unit}").open,
            )
        }
    ]

    assert missed == []


def test_an_abbreviation_in_other_letters_is_a_word():
    """`PT` is prothrombin time, `pt` a patient; `GOT` is an enzyme, `got` a verb."""
    facts = [analyte_named(word) for word in ("PT", "pt", "GOT", "got")]

    assert [each.fact if each else None for each in facts] == ["pt", None, "ast", None]


def test_a_state_is_told_from_what_is_measured():
    """`fever` limits the temperature only beside a number with its unit."""
    assert is_sign("Fever")
    assert not is_sign("temperature")
    assert read_limits("fever > 2 days").proposals == ()


def test_a_term_is_known_for_scores_too():
    """A rule on ECOG needs a term as well; what is not known has none."""
    assert term_of("ecog")["unit"] == "{score}"
    assert term_of("no-such-fact") == {}


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("/mm3", "/mm3"),
        ("cells/mcl", "/uL"),
        ("x 10^9/l", "10*9/L"),
        ("x 109/l", "10*9/L"),
        ("x10(9)/l", "10*9/L"),
        ("10e9/l", "10*9/L"),
        ("k/ul", "10*3/uL"),
        ("x 10^3/mm^3", "10*3/mm3"),
        ("billion/l", "10*9/L"),
        ("/cubic millimeter", "/mm3"),
        ("gm/dl", "g/dL"),
        ("mg%", "mg/dL"),
        ("umol/l", "umol/L"),
        ("iu/l", "[IU]/L"),
        ("cc/min", "mL/min"),
        ("ml/min/1.73 m^2", "mL/min/{1.73_m2}"),
        ("mm hg", "mm[Hg]"),
        ("msec", "ms"),
        ("bpm", "/min"),
        ("g/24 hours", "g/(24.h)"),
        ("kg/m2", "kg/m2"),
        ("°c", "Cel"),
        ("meq/l", "meq/L"),
    ],
)
def test_a_spelling_of_a_unit_has_its_ucum_code(spelling, code):
    """The everyday spellings of records turn into UCUM."""
    unit = unit_of(spelling)

    assert unit.code == code
    measured(unit.code)
