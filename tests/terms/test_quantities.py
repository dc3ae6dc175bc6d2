"""Amounts compared exactly: a limit is a limit in every unit."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms import quantities, units
from trialwright.terms.bounds import Bounds
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import SUBSTANCES, Quantity, comparable, decimal
from trialwright.terms.verdicts import Answer

F = Fraction
D = Decimal


@pytest.mark.parametrize(
    ("text", "unit", "substance", "number"),
    [
        # bilirubin < 1.5 mg/dL is 25.65 umol/L at 17.1
        ("1.5 mg/dL", "umol/L", "bilirubin", F("25.65")),
        ("25.65 umol/L", "mg/dL", "bilirubin", F("1.5")),
        ("25.64 umol/L", "mg/dL", "bilirubin", F(2564, 1710)),
        # counts
        ("1.2 K/uL", "/mm3", "", F(1200)),
        ("1.0 10*9/L", "/mm3", "", F(1000)),
        ("1000 /mm3", "10*3/uL", "", F(1)),
        ("100 G/L", "/uL", "", F(100_000)),
        ("1000 /uL", "10*9/L", "", F(1)),
        # glucose < 140 mg/dL at 18.016 mg/dL per mmol/L
        ("140 mg/dL", "mmol/L", "glucose", F(140_000, 18_016)),
        ("1 mmol/L", "mg/dL", "glucose", F("18.016")),
        ("7.77 mmol/L", "mg/dL", "glucose", F("139.98432")),
        # creatinine at 88.42
        ("1 mg/dL", "umol/L", "creatinine", F("88.42")),
        ("88.42 umol/L", "mg/dL", "creatinine", F(1)),
        # hemoglobin >= 9 g/dL
        ("90 g/L", "g/dL", "", F(9)),
        ("9 g/dL", "g/L", "", F(90)),
        ("10 mmol/L", "g/dL", "hemoglobin", F("16.114")),
        # 3.0 x 40 U/L
        ("2 ukat/L", "U/L", "", F(120)),
        ("120 U/L", "ukat/L", "", F(2)),
        ("1 U/L", "nkat/L", "", F(1000, 60)),
        # HbA1c: 0.09148 x IFCC + 2.152
        ("53 mmol/mol", "%", "hba1c", F("7.00044")),
        ("7 %", "mmol/mol", "hba1c", F(4848, 1) * 1000 / 91480),
        ("7.00044 %", "mmol/mol", "hba1c", F(53)),
        ("7.0 %", "%", "hba1c", F(7)),
        ("7.0 %{Hb}", "%", "hba1c", F(7)),
        ("53 mmol/mol", "mmol/mol{Hb}", "hba1c", F(53)),
        ("0 mmol/mol{Hb}", "%{NGSP}", "hba1c", F("2.152")),
        # electrolytes: an equivalent of a divalent ion is half a mole
        ("3.5 mEq/L", "mmol/L", "potassium", F("3.5")),
        ("1.0 mEq/L", "mmol/L", "magnesium", F("0.5")),
        ("1.0 mEq/L", "mg/dL", "magnesium", F("1.21525")),
        ("1 mmol/L", "mg/dL", "magnesium", F("2.4305")),
        ("2.4305 mg/dL", "meq/L", "magnesium", F(2)),
        ("2 mmol/L", "meq/L", "calcium", F(4)),
        ("4.0078 mg/dL", "mmol/L", "calcium", F(1)),
        ("140 mEq/L", "mmol/L", "sodium", F(140)),
        ("100 meq/L", "mmol/L", "chloride", F(100)),
        # hormones and enzymes: IU is the unit U of an enzyme
        ("30 mIU/mL", "[IU]/L", "", F(30)),
        ("30 IU/L", "[IU]/L", "", F(30)),
        ("30 [IU]/L", "U/L", "", F(30)),
        ("30 m[IU]/mL", "mU/mL", "", F(30)),
        ("20 pg/mL", "pmol/L", "estradiol", F(20_000) / F("272.38")),
        ("1 /g", "/mol", "glucose", F("180.16")),
        # others
        ("5 %", "1", "", F(1, 20)),
        ("1 1", "%", "", F(100)),
        ("1 L/min", "mL/s", "", F(50, 3)),
        ("28 d", "wk", "", F(4)),
        ("450 ms", "s", "", F(45, 100)),
        ("160 mm[Hg]", "kPa", "", F("21.33152")),
        ("98.6 [degF]", "Cel", "", F(37)),
        ("37 Cel", "[degF]", "", F("98.6")),
        ("0 Cel", "K", "", F("273.15")),
        ("-40 Cel", "[degF]", "", F(-40)),
        ("2 {score}", "{score}", "", F(2)),
        ("60 mL/min/1.73m2", "L/h/{1.73_m2}", "", F(36, 10)),
        ("3 10*3{cells}/uL", "/uL", "", F(3000)),
    ],
)
def test_conversion_is_exact_at_clinical_limits(text, unit, substance, number):
    """Every factor is a fraction: a value at the limit is at the limit in any unit."""
    assert Quantity.read(text).exact_in(unit, substance) == number


@pytest.mark.parametrize(
    ("text", "unit", "substance"),
    [
        ("2 {score}", "1", ""),
        ("2 1", "{score}", ""),
        ("2 {score}", "{count}", ""),
        ("5 %", "{score}", ""),
        ("7 %{Hb}", "%", ""),
        ("1.5 mg/dL", "umol/L", ""),
        ("1.5 mg/dL", "umol/L", "unobtainium"),
        ("1.5 mg/dL", "umol", "bilirubin"),
        ("1.5 mg", "umol/L", "bilirubin"),
        ("4 mEq/L", "mmol/L", ""),
        ("4 mEq/L", "mmol/L", "glucose"),
        ("4 mEq/L", "mg/dL", "bilirubin"),
        ("4 [IU]/L", "/L", ""),
        ("4 [IU]/L", "[arb'U]/L", ""),
        ("4 U/L", "[IU]/mol", ""),
        ("4 [IU]/L", "mmol/L", ""),
        ("4 mosm/kg", "mmol/kg", ""),
        ("60 mL/min/{1.73_m2}", "mL/min", ""),
        ("53 mmol/mol", "%", ""),
        ("53 mmol/mol", "1", ""),
        ("5 %", "mmol/mol", "glucose"),
        ("53 mol/mol", "%", "hba1c"),
        ("0.07 1", "%", "hba1c"),
        ("126 mg/dL", "%", "hba1c"),
        ("5 K", "10*3/uL", ""),
        ("20 dB", "1", ""),
        ("7 [pH]", "mol/L", ""),
        ("1 g", "m", ""),
        ("1 g2/L", "mol2/L", "glucose"),
    ],
)
def test_units_of_different_kinds_are_refused(text, unit, substance):
    """A score is no number, a mass no amount without its substance, and 53 mmol/mol no 5.3 %."""
    quantity = Quantity.read(text)

    with pytest.raises(Refusal) as refused:
        quantity.exact_in(unit, substance)

    named = f" for {substance}" if substance else ""
    assert refused.value.faults == (
        Fault(
            "unit",
            f"{quantity.unit} cannot be turned into {unit}{named}",
            "units of one kind, or mass and amount of a substance whose molar mass is named",
            "Correct the unit, or name the substance",
        ),
    )
    assert not comparable(quantity.unit, unit, substance)


@pytest.mark.parametrize(
    ("unit", "other", "substance", "answer"),
    [
        ("mg/dL", "g/L", "", True),
        ("K/uL", "cells/mm3", "", True),
        ("mg/dL", "umol/L", "bilirubin", True),
        ("mg/dL", "umol/L", "", False),
        ("%", "1", "", True),
        ("{score}", "{score}", "", True),
        ("no unit", "no unit", "", False),
        ("mg", "no unit", "", False),
        ("", "1", "", False),
    ],
)
def test_comparable_says_whether_a_conversion_exists(unit, other, substance, answer):
    """What is no unit compares with nothing, not even itself."""
    assert comparable(unit, other, substance) is answer


def test_amount_ratios_of_one_kind_convert():
    """Millimole and micromole per mole are one kind."""
    assert Quantity.read("5 mmol/mol").exact_in("umol/mol") == 5000


def test_unit_and_substance_need_not_be_given():
    """Left out, they are empty: no unit to fall back on, no substance to name."""
    with pytest.raises(Refusal, match=r"is no amount with a unit"):
        Quantity.read("90")
    with pytest.raises(Refusal, match=r"g cannot be turned into m\. Allowed"):
        Quantity.read("1 g").exact_in("m")
    assert comparable("g", "mg")


def test_unit_that_nobody_knows_is_refused_on_either_side():
    """A quantity made with a wrong unit, and a wrong unit asked for, are both refused."""
    with pytest.raises(Refusal, match="'zzz' is no unit"):
        Quantity(D(1), "zzz").exact_in("g")
    with pytest.raises(Refusal, match="'zzz' is no unit"):
        Quantity(D(1), "g").exact_in("zzz")


@pytest.mark.parametrize("substance", SUBSTANCES)
def test_molar_mass_is_that_of_the_formula(substance):
    """Each factor lies within 0.05 % of the molar mass (IUPAC weights), and names its source."""
    molar_masses = {
        "bilirubin": 584.67,
        "glucose": 180.156,
        "creatinine": 113.12,
        "hemoglobin": 16_114,
        "calcium": 40.078,
        "magnesium": 24.305,
        "potassium": 39.098,
        "sodium": 22.990,
        "chloride": 35.45,
        "cholesterol": 386.66,
        "triglycerides": 885.45,
        "urate": 168.11,
        "estradiol": 272.39,
    }

    named = SUBSTANCES[substance]
    assert abs(float(named.grams_per_mole) / molar_masses[substance] - 1) < 0.0005
    assert named.source


@pytest.mark.parametrize(
    ("substance", "charge"),
    [("potassium", 1), ("sodium", 1), ("chloride", 1), ("calcium", 2), ("magnesium", 2)],
)
def test_ions_have_their_charge(substance, charge):
    """Equivalents per mole are the size of the charge."""
    assert SUBSTANCES[substance].charge == charge


@pytest.mark.parametrize(
    ("text", "unit", "value", "read_unit", "comparator"),
    [
        ("90 g/L", "", "90", "g/L", ""),
        ("90g/L", "", "90", "g/L", ""),
        ("9.50 g/dL", "", "9.50", "g/dL", ""),
        ("<0.3 mg/dL", "", "0.3", "mg/dL", "<"),
        ("< 0.3 mg/dL", "", "0.3", "mg/dL", "<"),
        ("<=5 U/L", "", "5", "U/L", "<="),
        (">=1 %", "", "1", "%", ">="),
        (">90 mL/min", "", "90", "mL/min", ">"),
        ("90", "g/L", "90", "g/L", ""),
        ("<90", "g/L", "90", "g/L", "<"),
        ("5 mg/dL", "g/L", "5", "mg/dL", ""),
        (" 1.2\u00a0K/uL ", "", "1.2", "10*3/uL", ""),
        ("5 10*9/L", "", "5", "10*9/L", ""),
        ("5x10^9/L", "", "5", "10*9/L", ""),
        ("5 x 10⁹/L", "", "5", "10*9/L", ""),
        ("0 {score}", "", "0", "{score}", ""),
        ("1 1", "", "1", "1", ""),
        ("-2.5 {T-score}", "", "-2.5", "{T-score}", ""),
        ("+2 d", "", "2", "d", ""),
        ("12 /min", "", "12", "/min", ""),
    ],
)
def test_amount_is_read_with_comparator_and_unit(text, unit, value, read_unit, comparator):
    """Number, unit and comparator are taken as written; a unit given apart fills the gap."""
    read = Quantity.read(text, unit)

    assert (str(read.value), read.unit, read.comparator) == (value, read_unit, comparator)


@pytest.mark.parametrize(
    ("text", "unit", "form"),
    [
        ("", "", ""),
        ("", "g/L", ""),
        ("90", "", "99"),
        ("<0.3", "", "<9.9"),
        ("pending", "g/L", "aaaaaaa"),
        ("Anna Smith", "g/L", "aaaa aaaaa"),
        ("≥1 %", "", "≥9 %"),
        (".5 g/L", "", ".9 a/a"),
        ("--1 g/L", "", "--9 a/a"),
        ("<=>1 g/L", "", "<=>9 a/a"),
        ("９０ g/L", "", "99 a/a"),
        ("٩ g/L", "", "9 a/a"),
        ("1 g\nL", "", "9 a\\na"),
        ("NaN g/L", "", "aaa a/a"),
        ("x" * 99, "g", "a" * 29 + "…"),
    ],
)
def test_text_that_is_no_amount_is_refused(text, unit, form):
    """No number, no unit, or a sign nobody asked for: refused, and the words are not shown."""
    with pytest.raises(Refusal) as refused:
        Quantity.read(text, unit)

    assert refused.value.faults == (
        Fault(
            "quantity",
            f"text of the form {form!r} is no amount with a unit",
            "a number with a decimal point and a UCUM unit, e.g. 9.5 g/dL",
            "Add the unit, or correct the number",
        ),
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,5 g/L", ""),
        ("1,500 /uL", ""),
        ("1 500 /uL", ""),
        ("1 500/uL", ""),
        ("1 500", "/uL"),
        ("120/80", "mm[Hg]"),
        ("5-7", "d"),
        ("5 - 7 d", ""),
        ("1e5 /uL", ""),
        ("1.5e3", "/uL"),
        ("1_000", "/uL"),
        ("1. g/L", ""),
        ("1.5.2 g/L", ""),
        ("3.0 x ULN", ""),
        ("12:30", "h"),
        ("1.5 mg/dL (high)", ""),
        ("14/03/1960", "g"),
        ("1960-03-14", "g"),
        ("5 109/L", ""),
        ("5", "109/L"),
        ("5", "K/L"),
        ("5 G/m3", ""),
    ],
)
def test_number_is_never_cut_out_of_other_text(text, unit):
    """A thousands blank, a blood pressure or a range is refused, not read as its first number."""
    with pytest.raises(Refusal) as refused:
        Quantity.read(text, unit)

    assert [fault.where for fault in refused.value.faults] == ["unit"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("9", "9"),
        ("9.50", "9.50"),
        ("+1", "1"),
        ("-1.5", "-1.5"),
        ("007", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("0.00", "0.00"),
        ("9" * 30 + "." + "9" * 30, "9" * 30 + "." + "9" * 30),
    ],
)
def test_decimal_number_keeps_its_digits(text, written):
    """9.50 stays 9.50; a negative zero is zero."""
    assert str(decimal(text)) == written


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", ""),
        ("-", "-"),
        (".", "."),
        ("1.", "9."),
        (".5", ".9"),
        ("1.5.5", "9.9.9"),
        ("1,000", "9,999"),
        ("1_0", "9_9"),
        ("1e5", "9a9"),
        ("1E5", "9a9"),
        ("0x1", "9a9"),
        ("nan", "aaa"),
        ("NaN", "aaa"),
        ("Infinity", "aaaaaaaa"),
        ("-inf", "-aaa"),
        (" 1", " 9"),
        ("1 ", "9 "),
        ("1\n", "9\\n"),
        ("１", "9"),
        ("٣", "9"),
        ("−1", "−9"),
        ("l0", "a9"),
        ("9" * 31, "9" * 29 + "…"),
        ("1." + "9" * 31, "9." + "9" * 27 + "…"),
        ("\ud800", "\\ud800"),
    ],
)
def test_text_that_is_no_plain_decimal_is_refused(text, form):
    """Separators, exponents, NaN, other scripts' digits and line ends are refused."""
    with pytest.raises(Refusal) as refused:
        decimal(text)

    assert refused.value.faults == (
        Fault(
            "number",
            f"text of the form {form!r} is no plain decimal number",
            "digits with at most one decimal point, up to 30 on each side",
            "Write it out, e.g. 1500 or 0.3",
        ),
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (D("NaN"), "NaN"),
        (D("sNaN"), "sNaN"),
        (D("Infinity"), "Infinity"),
        (D("-Infinity"), "-Infinity"),
        (D("1E+101"), "1E+101"),
        (D("1E-101"), "1E-101"),
        (D("1E+999999"), "1E+999999"),
        (D("0E-101"), "0E-101"),
        (D("0." + "1" * 201), "0." + "1" * 57 + "…"),
    ],
)
def test_number_that_is_no_amount_is_refused(value, shown):
    """NaN, infinity and numbers of a million digits never reach a comparison."""
    with pytest.raises(Refusal) as refused:
        Quantity(value, "g")

    assert refused.value.faults == (
        Fault(
            "value",
            f"{shown} is no amount",
            "a finite number of moderate length",
            "Correct the number",
        ),
    )


@pytest.mark.parametrize("value", [D("1E+100"), D("1E-100"), D("0." + "1" * 200)])
def test_long_number_is_an_amount(value):
    """A hundred powers of ten on each side are enough for every laboratory."""
    assert Quantity(value, "g").value == value


@pytest.mark.parametrize(
    ("value", "kind"), [(1.5, "float"), (True, "bool"), (1, "int"), ("1", "str")]
)
def test_value_of_another_type_is_a_mistake_in_the_program(value, kind):
    """Binary floats and booleans are no amounts."""
    with pytest.raises(TypeError) as raised:
        Quantity(value, "g")

    assert str(raised.value) == f"a value of type {kind} is not decimal"


@pytest.mark.parametrize("comparator", ["~", "=", "≤", "< ", "=<", "ad"])
def test_other_comparators_are_refused(comparator):
    """Only four comparators have a meaning here."""
    with pytest.raises(Refusal) as refused:
        Quantity(D(1), "g", comparator)

    assert refused.value.faults == (
        Fault("comparator", comparator, "<, <=, >=, > or none", "Correct the sign"),
    )


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (Quantity(D("9.50"), "g/dL"), "9.50 g/dL"),
        (Quantity(D("1E+5"), "/uL"), "100000 /uL"),
        (Quantity(D("1"), "%", ">="), ">=1 %"),
        (Quantity(D("-0.0"), "g"), "0.0 g"),
        (Quantity(D("1"), ""), "1"),
        (Quantity(D("1E-7"), "g"), "0.0000001 g"),
    ],
)
def test_amount_is_said_with_its_unit(quantity, said):
    """No exponent, no negative zero, digits as reported."""
    assert str(quantity) == said


def test_equal_amounts_are_equal_however_written():
    """1.5 and 1.50 are one amount with two texts."""
    one, other = Quantity(D("1.5"), "g"), Quantity(D("1.50"), "g")

    assert one == other
    assert hash(one) == hash(other)
    assert str(one) != str(other)


@pytest.mark.parametrize(
    ("text", "unit", "substance", "said"),
    [
        ("1.5 mg/dL", "umol/L", "bilirubin", "25.65 umol/L"),
        ("100 mg/dL", "mmol/L", "glucose", "5.55062166963 mmol/L"),
        ("<0.3 mg/dL", "umol/L", "bilirubin", "<5.13 umol/L"),
        ("1.2 K/uL", "/mm^3", "", "1200 /mm3"),
        ("0 mg", "g", "", "0 g"),
        ("1 L/min", "mL/s", "", "16.6666666667 mL/s"),
        ("1 g", "fg", "", "1000000000000000 fg"),
    ],
)
def test_amount_is_converted_for_display(text, unit, substance, said):
    """Twelve digits are shown, the comparator stays, the unit is written in UCUM."""
    assert str(Quantity.read(text).to(unit, substance)) == said


def test_display_refuses_what_cannot_be_converted():
    """Display guesses no more than comparison does."""
    with pytest.raises(Refusal, match=r"mg/dL cannot be turned into umol/L\. Allowed"):
        Quantity.read("1 mg/dL").to("umol/L")


LAB_UNITS = st.sampled_from(
    [
        ("mg/dL", "umol/L", "bilirubin"),
        ("mg/dL", "mmol/L", "glucose"),
        ("mg/dL", "umol/L", "creatinine"),
        ("K/uL", "/mm3", ""),
        ("g/dL", "g/L", ""),
        ("g/dL", "mmol/L", "hemoglobin"),
        ("U/L", "ukat/L", ""),
        ("mmol/mol", "%", "hba1c"),
        ("meq/L", "mg/dL", "magnesium"),
        ("meq/L", "mmol/L", "calcium"),
        ("mIU/mL", "[IU]/L", ""),
        ("IU/L", "[IU]/L", ""),
        ("Cel", "[degF]", ""),
        ("d", "a", ""),
        ("mm[Hg]", "kPa", ""),
    ]
)
VALUES = st.decimals(-10_000, 10_000, allow_nan=False, places=4)


@given(LAB_UNITS, VALUES)
def test_there_and_back_is_the_same_number(pair, value):
    """Scale and shift one way undo those of the other, exactly."""
    unit, other, substance = pair
    scale, shift = quantities._conversion(units.ucum(other), units.ucum(unit), substance)

    there = Quantity(value, unit).exact_in(other, substance)

    assert there * scale + shift == F(value)


@given(LAB_UNITS, VALUES, VALUES)
def test_conversion_keeps_the_order(pair, one, two):
    """The greater of two readings is the greater in every unit."""
    unit, other, substance = pair
    converted = [Quantity(value, unit).exact_in(other, substance) for value in (one, two)]

    assert (converted[0] < converted[1]) is (one < two)


@given(LAB_UNITS, VALUES)
def test_reading_at_a_limit_is_at_the_limit_in_any_unit(pair, value):
    """`< limit` excludes the limit itself, however the laboratory writes it."""
    unit, other, substance = pair
    number = Quantity(value, unit).exact_in(other, substance)

    assert Bounds(below=number).hold(number) is Answer.NOT_MET
    assert Bounds(at_most=number).hold(number) is Answer.MET


@given(
    VALUES, st.sampled_from(["g/L", "10*3/uL", "{score}", "%"]), st.sampled_from(["", "<", ">="])
)
def test_amount_said_reads_back(value, unit, comparator):
    """What is shown can be read again."""
    quantity = Quantity(value, unit, comparator)

    assert Quantity.read(str(quantity)) == quantity


@given(st.text(max_size=40), st.sampled_from(["", "g/L"]))
def test_no_text_breaks_the_reader(text, unit):
    """Whatever the text, it is an amount or it is refused."""
    try:
        read = Quantity.read(text, unit)
    except Refusal:
        return

    assert read.value.is_finite()


def test_importing_quantities_loads_no_unit_library():
    """A command that reads no unit does not wait for pint or lark."""
    code = (
        "import sys, trialwright.terms.quantities;"
        "print(sorted({'pint', 'ucumvert', 'lark'} & sys.modules.keys()))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout == "[]\n"


def test_conversion_is_computed_once():
    """A thousand participants with one unit cost one conversion."""
    Quantity.read("1 mg/dL").exact_in("umol/L", "bilirubin")
    before = quantities._conversion.cache_info().misses

    for number in range(1000):
        Quantity(D(number), "mg/dL").exact_in("umol/L", "bilirubin")

    assert quantities._conversion.cache_info().misses == before
