"""Write what the units of nearly all results measure, as UCUM's grammar reads them.

The grammar and its library take half a second to load, which a command that screens one participant
otherwise spends on `g/dL`. `tests/terms` holds each row to the grammar:

    python tools/make_units_of_results.py src/trialwright/terms/units_of_results.py
"""

import sys
from pathlib import Path

from trialwright.terms.units import SPELLINGS, Measure, by_grammar

UNITS = (
    # counts and shares
    "1", "%", "{score}", "/uL", "/mm3", "10*3/uL", "10*6/uL", "10*3/mm3", "10*6/mm3", "10*6/L",
    "10*9/L", "10*12/L", "/L", "/mL", "[ppm]",
    # mass, amount and activity in a volume
    "g/dL", "g/L", "mg/dL", "mg/L", "ug/dL", "ug/L", "ug/mL", "ng/dL", "ng/mL", "ng/L", "pg/mL",
    "mol/L", "mmol/L", "umol/L", "nmol/L", "pmol/L", "meq/L", "mmol/mol", "mg/g", "mg/mmol",
    "U/L", "U/mL", "kU/L", "ukat/L", "nkat/L", "[IU]/L", "[IU]/mL", "k[IU]/L", "m[IU]/mL",
    "m[IU]/L", "u[IU]/mL",
    # clearance
    "mL/min", "mL/s", "mL/min/{1.73_m2}",
    # mass, length, surface
    "kg", "g", "mg", "ug", "[lb_av]", "m", "cm", "mm", "[in_i]", "m2", "kg/m2", "mg/m2", "mL", "L",
    # vital signs and time
    "mm[Hg]", "Cel", "[degF]", "/min", "s", "ms", "min", "h", "d", "wk", "mo", "a",
)  # fmt: skip
"""Units of results of laboratories and wards, in UCUM."""

_HEAD = '''"""What common units measure: as UCUM's grammar reads them, without loading it.

Written by `tools/make_units_of_results.py`; each row is held to the grammar by a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

Row = tuple[int, int, tuple[tuple[str, int], ...], int, int]
"""Scale (numerator, denominator), kinds with their powers, shift (numerator, denominator)."""

OF_RESULTS: Mapping[str, Row] = MappingProxyType(
    {
'''

_FOOT = '''    }
)  # fmt: skip
"""By UCUM code."""
'''


def page() -> str:
    """Give the module as text."""
    units = dict.fromkeys((*UNITS, *SPELLINGS.values()))
    return _HEAD + "".join(_row(unit, by_grammar(unit)) for unit in units) + _FOOT


def _row(unit: str, read: Measure | None) -> str:
    """Write one row."""
    if read is None:
        raise SystemExit(f"{unit} is no unit of UCUM")
    scale, shift = read.scale.as_integer_ratio(), read.shift.as_integer_ratio()
    told = repr((*scale, read.kinds, *shift)).replace("'", '"')
    return f'        "{unit}": {told},\n'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
