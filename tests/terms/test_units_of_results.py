"""What is told of common units is what UCUM's grammar reads, and needs no grammar."""

import re
import subprocess
import sys
from pathlib import Path

import make_units_of_results
import pytest
from ucumvert import InvalidUcumError, get_ucum_parser, parse_ucum, xml_util

from trialwright.terms.units import SPELLINGS, by_grammar, measured
from trialwright.terms.units_of_results import OF_RESULTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("unit", OF_RESULTS)
def test_row_is_what_the_grammar_reads(unit):
    """Reading a row comes to what reading the text does."""
    assert measured(unit) == by_grammar(unit)


def test_every_everyday_spelling_is_common():
    """What an everyday spelling means is told without the grammar too."""
    assert set(SPELLINGS.values()) <= set(OF_RESULTS)


def test_module_is_what_its_tool_writes():
    """No row was changed by hand."""
    written = ROOT / "src" / "trialwright" / "terms" / "units_of_results.py"
    assert make_units_of_results.page() == written.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("unit", "loaded"), [("g/dL", False), ("furlong", False), ("m[H2O]", True), ("g/hL", True)]
)
def test_common_unit_and_plain_word_need_no_grammar(unit, loaded):
    """The library of the grammar is loaded for other units alone."""
    ask = f"import sys; from trialwright.terms.units import by_grammar, OF_RESULTS; unit = {unit!r}"
    told = f"{ask}; unit in OF_RESULTS or by_grammar(unit); print('ucumvert' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(loaded)


def test_no_unit_has_six_letters_in_a_row():
    """What is refused as a word for its letters alone is no unit by the grammar."""
    prefixes = ["", *xml_util.get_prefixes()]
    metric = xml_util.get_base_units() + xml_util.get_metric_units()
    units = [*metric, *xml_util.get_non_metric_units()]
    units += [prefix + unit for prefix in prefixes for unit in metric]
    bare = [re.sub(r"\{.*?\}|\[.*?\]", " ", unit) for unit in units]
    assert max(len(run) for unit in bare for run in re.findall("[A-Za-z]+", unit)) == len("damol")


@pytest.mark.parametrize("text", ["furlong", "units/L", "mmol/liters", "10*3/microliter", "gramme"])
def test_word_is_no_unit_by_the_grammar_either(text):
    """Texts with a word in them are refused as the grammar refuses them."""
    with pytest.raises(InvalidUcumError):
        parse_ucum(text, get_ucum_parser())
    assert by_grammar(text) is None
