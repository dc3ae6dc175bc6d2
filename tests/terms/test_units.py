"""Units: UCUM and everyday spellings, measured exactly, and nothing guessed."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest
import ucumvert
from hypothesis import given
from hypothesis import strategies as st
from ucumvert import parser, xml_util

from trialwright.terms import units
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.units import SPELLINGS, Measure, in_words, measured, ucum

PER_LITRE = (("m", -3),)
F = Fraction


def _fault(shown):
    """Give the fault of a text that is no unit."""
    return Fault(
        "unit",
        f"{shown!r} is no unit",
        "UCUM, e.g. g/dL, 10*3/uL, U/L, mm[Hg], {score}",
        "Write the unit in UCUM",
    )


@pytest.mark.parametrize(
    ("unit", "scale", "kinds"),
    [
        ("1", 1, ()),
        ("%", F(1, 100), ()),
        ("[ppm]", F(1, 10**6), ()),
        ("10*3", 1000, ()),
        ("10^3", 1000, ()),
        ("10*-3", F(1, 1000), ()),
        ("/uL", 10**9, PER_LITRE),
        ("/mm3", 10**9, PER_LITRE),
        ("10*3/uL", 10**12, PER_LITRE),
        ("10*9/L", 10**12, PER_LITRE),
        ("L", F(1, 1000), (("m", 3),)),
        ("cm3", F(1, 10**6), (("m", 3),)),
        ("mg/dL", 10, (("g", 1), ("m", -3))),
        ("g/dL", 10**4, (("g", 1), ("m", -3))),
        ("mg%", 10, (("g", 1), ("m", -3))),
        ("umol/L", F(1, 1000), (("m", -3), ("mol", 1))),
        ("U/L", F(1, 60_000), (("m", -3), ("mol", 1), ("s", -1))),
        ("ukat/L", F(1, 1000), (("m", -3), ("mol", 1), ("s", -1))),
        ("m[IU]/mL", 1000, (("[IU]", 1), ("m", -3))),
        ("[iU]/L", 1000, (("[IU]", 1), ("m", -3))),
        ("meq/L", 1, (("eq", 1), ("m", -3))),
        ("mosm/kg", F(1, 10**6), (("g", -1), ("osm", 1))),
        ("mm[Hg]", 133_322, (("g", 1), ("m", -1), ("s", -2))),
        ("min", 60, (("s", 1),)),
        ("a", 31_557_600, (("s", 1),)),
        ("mo", 2_629_800, (("s", 1),)),
        ("L/min", F(1, 60_000), (("m", 3), ("s", -1))),
        ("mL.min-1", F(1, 60_000_000), (("m", 3), ("s", -1))),
        ("mL/min/{1.73_m2}", F(1, 60_000_000), (("m", 3), ("s", -1), ("{1.73_m2}", -1))),
        ("kg/m2", 1000, (("g", 1), ("m", -2))),
        ("(m/s)", 1, (("m", 1), ("s", -1))),
        ("(/m)", 1, (("m", -1),)),
        ("m/m", 1, ()),
        ("{score}", 1, (("{score}", 1),)),
        ("{a}{b}", 1, (("{a}", 1), ("{b}", 1))),
        ("10*3{cells}/uL", 10**12, (("m", -3), ("{cells}", 1))),
        ("dB", F(1, 10), (("B", 1),)),
        ("[pH]", 1, (("[pH]", 1),)),
        ("[HPF]", 1, (("[HPF]", 1),)),
        ("daL", F(1, 100), (("m", 3),)),
        ("cd", 1, (("cd", 1),)),
        ("[in_i]", F(254, 10_000), (("m", 1),)),
        ("[lb_av]", F(45_359_237, 100_000), (("g", 1),)),
        ("10*30", 10**30, ()),
        ("m-30", 1, (("m", -30),)),
        ("mK", F(1, 1000), (("K", 1),)),
        ("1/uL", 10**9, PER_LITRE),
        ("mg/(24.h)", F(1, 86_400_000), (("g", 1), ("s", -1))),
    ],
)
def test_unit_measures_what_ucum_says(unit, scale, kinds):
    """Scale in base units and kinds follow UCUM's table, exactly."""
    assert measured(unit) == Measure(Fraction(scale), kinds)


@pytest.mark.parametrize(
    ("unit", "scale", "shift"),
    [("K", 1, 0), ("Cel", 1, F("273.15")), ("[degF]", F(5, 9), F(45_967, 180))],
)
def test_temperatures_have_their_zero(unit, scale, shift):
    """37 Cel is 310.15 K: scale and zero point are both known."""
    assert measured(unit) == Measure(Fraction(scale), (("K", 1),), Fraction(shift))


@pytest.mark.parametrize(
    "unit",
    [
        "",
        "xyz",
        "MG/DL",
        "mg/",
        "/",
        "//min",
        "mg-dL",
        "-mg",
        "m0",
        "{score",
        "{{a}}",
        "1e5",
        "ULN",
        "xULN",
        "[ULN]",
        "K/L",
        "/K",
        "K2",
        "K.m",
        "K/m3",
        "mK/L",
        "G/m3",
        "T/m3",
        "Cel/min",
        "500",
        "/80",
        "1/2",
        "(5)",
        "109/L",
        "103/uL",
        "12/L",
        "3.g/L",
        "10*31",
        "10*9999/L",
        "10*99999999999/L",
        "m31",
        "m-31",
        "m99999",
        "(((((((((((((((((((",
    ],
)
def test_text_that_is_no_unit_is_refused(unit):
    """Neither a number, a lost superscript, a misread count nor a tower of powers is a unit."""
    with pytest.raises(Refusal) as refused:
        measured(unit)

    assert refused.value.faults == (_fault(unit),)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("mg / dL", "aa / aa"),
        ("see note", "aaa aaaa"),
        ("Anna Smith, born 1960", "aaaa aaaaa, aaaa 9999"),
        ("мg", "aa"),
        ("mg/dＬ", "aa/aa"),
        ("mg\x00", "aa\\x00"),
        ("\ud800", "\\ud800"),
        ("{ü}", "{a}"),
        ("x" * 20, "x" * 20),
        ("x" * 21, "a" * 21),
        ("x" * 100_000, "a" * 29 + "…"),
    ],
)
def test_words_in_place_of_a_unit_are_not_shown(unit, shown):
    """A look-alike letter is refused; text that may concern a participant is shown by its form."""
    with pytest.raises(Refusal) as refused:
        ucum(unit)

    assert refused.value.faults == (_fault(shown),)


@pytest.mark.parametrize("long", ["{" + "a" * 38 + "}"])
def test_longest_text_that_is_read(long):
    """Forty characters are read, one more is not."""
    assert measured(long).scale == 1
    with pytest.raises(Refusal):
        measured("{" + "a" * 39 + "}")


TRUE_MEANINGS = {
    ("10*3/uL", F(1)): [
        *("K/uL", "k/uL", "K/ul", "K/mcL", "K/mm3", "K/cmm", "G/L", "G/l"),
        *("thou/uL", "Thousand/uL", "10*3{cells}/uL"),
        *("GI/L", "Giga/L", "1000/uL", "1000/mm3", "10*3/mcL"),
    ],
    ("10*3/uL", F(1000)): ["M/uL", "T/L", "T/l", "Million/uL", "10*6/mcL"],
    ("10*3/uL", F(1, 1000)): [
        *("cells/uL", "cells/mcL", "cells/mm3", "{cells}/uL", "/mm^3", "/cmm", "/mcL"),
    ],
    ("uL", F(1)): ["mm^3"],
    ("mg", F(1, 1000)): ["mcg"],
    ("mg/L", F(1, 100)): ["mcg/dL"],
    ("mg/L", F(1, 1000)): ["mcg/L"],
    ("mg/L", F(1)): ["mcg/mL"],
    ("mg/L", F(10)): ["mg/100 mL"],
    ("mol/L", F(1, 1000000)): ["mcmol/L"],
    ("g/L", F(10)): ["gm/dL"],
    ("eq/L", F(1, 1000)): ["mEq/L"],
    ("umol/min/L", F(1)): ["IU/L"],
    ("[IU]/L", F(1)): ["mIU/mL"],
    ("[IU]/L", F(1, 1000)): ["mIU/L", "uIU/mL"],
    ("mL/min/{1.73_m2}", F(1)): [
        "mL/min/1.73m2",
        "mL/min/1.73 m2",
        "mL/min/1.73m²",
        "mL/min/{1.73m2}",
    ],
    ("g/cm2", F(1, 10)): ["kg/m²"],
    ("g/m2", F(1, 1000)): ["mg/m²"],
    ("Pa", F("133.322")): ["mmHg", "mm Hg"],
    ("kg", F(1)): ["Kg", "kgs"],
    ("g", F("453.59237")): ["lb", "lbs"],
    ("K", F(1)): ["°C"],
    ("K", F(5, 9)): ["°F"],
    ("/s", F(1, 60)): ["bpm", "beats/min", "{beats}/min"],
    ("d", F("365.25")): ["year", "years"],
    ("d", F(7)): ["week", "weeks"],
    ("h", F(24)): ["day", "days"],
    ("min", F(60)): ["hour", "hours"],
    ("min", F(1, 60)): ["sec"],
    ("s", F(1, 1000)): ["msec"],
}
"""Unit, factor, and the spellings that mean factor x unit: written from laboratory reports."""


def _meanings():
    """List spelling, unit and factor."""
    return [
        (spelling, unit, factor)
        for (unit, factor), spellings in TRUE_MEANINGS.items()
        for spelling in spellings
    ]


@pytest.mark.parametrize(("spelling", "unit", "factor"), _meanings())
def test_everyday_spelling_measures_what_it_says(spelling, unit, factor):
    """K/uL is thousand per microlitre, not kelvin; G/L giga per litre, not gauss."""
    read, meant = measured(ucum(spelling)), measured(unit)

    assert read.kinds == meant.kinds
    assert read.scale / meant.scale == factor


def test_every_spelling_has_its_meaning_tested():
    """A new entry of the table needs its meaning here, once."""
    tested = [spelling for spelling, _, _ in _meanings()]

    assert sorted(tested) == sorted(SPELLINGS)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_turned_to_ucum_stays(spelling):
    """Reading twice gives the same unit as reading once."""
    assert ucum(ucum(spelling)) == ucum(spelling) == SPELLINGS[spelling]


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [
        ("10^9/L", "10*9/L"),
        ("x10^9/L", "10*9/L"),
        ("x10*9/L", "10*9/L"),
        ("x10(9)/L", "10*9/L"),
        ("x10(3)/uL", "10*3/uL"),
        ("10(12)/L", "10*12/L"),
        ("10e9/L", "10*9/L"),
        ("10E3/uL", "10*3/uL"),
        ("x10E3/uL", "10*3/uL"),
        ("x 10^9/L", "10*9/L"),
        ("x 10*9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"),
        ("10³/µL", "10*3/uL"),
        ("10¹²/L", "10*12/L"),
        ("10⁶/L", "10*6/L"),
        ("10⁴/L", "10*4/L"),
        ("10⁵/L", "10*5/L"),
        ("10⁷/L", "10*7/L"),
        ("10⁸/L", "10*8/L"),
        ("10²/L", "10*2/L"),
        ("10*9/L", "10*9/L"),
        ("10^9/l", "10*9/l"),
    ],
)
def test_power_of_ten_is_read_however_it_is_written(spelling, unit):
    """Laboratories write the power of ten in a dozen ways; UCUM has one."""
    assert ucum(spelling) == unit


@pytest.mark.parametrize(
    "text", ["x109/L", "10 9/L", "x10/L", "10**9/L", "10⁰/L", "10^999/L", "x10(9/L"]
)
def test_damaged_power_of_ten_is_refused(text):
    """A superscript lost on the way is not guessed; UCUM has no exponent 0."""
    with pytest.raises(Refusal):
        ucum(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (" mg/dL ", "mg/dL"),
        ("\u00a0mg", "mg"),
        ("µmol/L", "umol/L"),
        ("μmol/L", "umol/L"),
        ("µg/dL", "ug/dL"),
        ("mg/dl", "mg/dl"),
        ("{score}", "{score}"),
        ("10^3", "10^3"),
    ],
)
def test_ucum_keeps_what_is_ucum(text, unit):
    """Only blanks at the ends and both micro signs are changed in a UCUM unit."""
    assert ucum(text) == unit


UNREADABLE_EXAMPLES = {"10.L/min", "10.L/(min.m2)", "10.uN.s/(cm5.m2)", "24.h", "K/W", "/100"}
"""Valid UCUM refused on purpose: they begin with a number, or hold kelvin in a ratio."""


def _ucum_examples():
    """Read the codes of UCUM's own table of examples."""
    table = Path(ucumvert.__file__).parent / "vendor" / "ucum_examples.tsv"
    with table.open(encoding="utf-8") as rows:
        return [row[1] for row in csv.reader(rows, delimiter="\t") if row[1:]][1:]


def test_examples_of_ucum_are_read():
    """Of UCUM's 848 examples all are read, but for those refused on purpose and one misprint."""
    refused = set()
    for unit in _ucum_examples():
        try:
            measured(unit)
        except Refusal:
            refused.add(unit)

    assert len(_ucum_examples()) == 848
    assert refused == UNREADABLE_EXAMPLES | {"Torr"}  # Torr is no UCUM unit


def test_every_unit_of_the_table_is_measured():
    """Each of UCUM's units has a scale; only numbers and ratios are of no kind."""
    codes = xml_util.get_units() + xml_util.get_base_units()

    ratios = {"10*", "10^", "[pi]", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "[car_Au]"}
    assert len(codes) > 300
    assert {code for code in codes if not measured(code).kinds} == ratios


def _measured_or_faults(text):
    """Read a text: its measure, or the places of the faults."""
    try:
        return measured(ucum(text))
    except Refusal as refused:
        return [fault.where for fault in refused.faults]


@given(st.text(max_size=45))
def test_no_text_breaks_the_reader(text):
    """Whatever the text, it is a unit or it is refused."""
    read = _measured_or_faults(text)

    assert read == ["unit"] or read.scale > 0


PIECES = st.lists(
    st.sampled_from(["m", "g", "/", ".", "2", "-3", "10*", "(", ")", "{a}", "K", "u", "L", "mol"]),
    max_size=12,
).map("".join)


@given(PIECES)
def test_text_of_unit_pieces_never_breaks_the_reader(text):
    """Pieces of units in any order are a unit or are refused."""
    read = _measured_or_faults(text)

    assert read == ["unit"] or read.scale > 0


ATOMS = st.sampled_from(["mg", "L", "dL", "mol", "U", "min", "m2", "{cells}", "10*3", "[IU]"])


@given(ATOMS, ATOMS, ATOMS)
def test_products_and_ratios_follow_arithmetic(one, other, third):
    """A ratio of ratios is what fractions say, and what cancels is gone."""
    ratio = measured(f"{one}/{other}/{third}" if one[0] != "1" else f"1.{one}/{other}/{third}")

    assert ratio.scale == measured(one).scale / measured(other).scale / measured(third).scale
    assert measured(f"1.{one}.{other}/{other}") == measured(one)


def test_table_of_ucum_is_read():
    """Prefixes and definitions are UCUM's own; special and arbitrary units have none."""
    prefixes, definitions = units._read_definitions()

    assert len(prefixes) == 24
    assert (prefixes["u"], prefixes["da"], prefixes["Ki"]) == (F(1, 10**6), 10, 1024)
    assert definitions["U"] == (1, "umol/min")
    assert definitions["[gr]"] == (F("64.79891"), "mg")
    assert [definitions[code] for code in ("Cel", "[pH]", "[IU]", "[arb'U]", "B")] == [None] * 5


def test_grammar_is_loaded_once(monkeypatch):
    """Loading takes longer than all the units of a casebook; texts share one parser."""
    loaded = []

    def load():
        loaded.append(True)
        return make()

    make = parser.get_ucum_parser
    monkeypatch.setattr(parser, "get_ucum_parser", load)
    monkeypatch.setattr(ucumvert, "get_ucum_parser", load)

    parse, unreadable = units._load_grammar()

    assert (parse("mg").data, parse("mg/dL").data) == ("main_term", "main_term")
    assert len(loaded) == 1
    with pytest.raises(unreadable):
        parse("no unit")


def test_refused_text_is_parsed_once(monkeypatch):
    """A million rows with one wrong unit cost one parse."""
    with pytest.raises(Refusal):
        measured("mg/dxL")
    monkeypatch.setattr(units, "_grammar", lambda: pytest.fail("parsed again"))

    with pytest.raises(Refusal):
        measured("mg/dxL")


def test_read_unit_is_parsed_once(monkeypatch):
    """A unit seen before is not parsed again."""
    first = measured("mg/dL")
    monkeypatch.setattr(units, "_grammar", lambda: pytest.fail("parsed again"))

    assert measured("mg/dL") is first


@pytest.mark.parametrize(
    ("amount", "told"),
    [("1 {score}", "1"), ("{score}", ""), ("3.2 10*3/uL", "3.2 10*3/uL"), ("90 %", "90 %")],
)
def test_annotations_are_left_out_of_sentences(amount, told):
    """People read a score without the annotation that UCUM needs."""
    assert in_words(amount) == told
