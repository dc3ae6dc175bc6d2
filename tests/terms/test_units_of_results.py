"""What is told of common units is what UCUM's grammar reads, and needs no grammar."""

import subprocess
import sys
from pathlib import Path

import make_units_of_results
import pytest

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


@pytest.mark.parametrize(("unit", "loaded"), [("g/dL", False), ("g/hL", True)])
def test_common_unit_needs_no_grammar(unit, loaded):
    """The library of the grammar is loaded for other units alone."""
    ask = f"import sys; from trialwright.terms.units import measured; measured({unit!r})"
    told = f"{ask}; print('ucumvert' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(loaded)
