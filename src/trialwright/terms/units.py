"""Units of measure, read as UCUM and measured in exact fractions.

Grammar and definitions are UCUM's own [1]_, as `ucumvert` carries them; both are read with the
first unit that is none of `units_of_results`. Three things are kept apart that dimensions alone
would mix: an arbitrary unit such as `[IU]` measures only itself, an annotation such as `{score}` is
a kind of its own, and `mol`, `eq` and `osm` are three kinds, for an equivalent of magnesium is half
a mole.

References
----------
.. [1] The Unified Code for Units of Measure. https://ucum.org/ucum
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from trialwright.terms.errors import refuse, shape
from trialwright.terms.units_of_results import OF_RESULTS

SPELLINGS = {
    # counts: K is kelvin, G gauss and T tesla to UCUM
    "K/uL": "10*3/uL",
    "k/uL": "10*3/uL",
    "K/ul": "10*3/uL",
    "K/mcL": "10*3/uL",
    "K/mm3": "10*3/mm3",
    "K/cmm": "10*3/mm3",
    "M/uL": "10*6/uL",
    "G/L": "10*9/L",
    "G/l": "10*9/L",
    "GI/L": "10*9/L",
    "Giga/L": "10*9/L",
    "1000/uL": "10*3/uL",
    "1000/mm3": "10*3/mm3",
    "/cmm": "/mm3",
    "T/L": "10*12/L",
    "T/l": "10*12/L",
    "thou/uL": "10*3/uL",
    "Thousand/uL": "10*3/uL",
    "Million/uL": "10*6/uL",
    "cells/uL": "/uL",
    "cells/mcL": "/uL",
    "cells/mm3": "/mm3",
    "10*3/mcL": "10*3/uL",
    "10*6/mcL": "10*6/uL",
    "/mcL": "/uL",
    "{cells}/uL": "/uL",
    "10*3{cells}/uL": "10*3/uL",
    "mm^3": "mm3",
    "/mm^3": "/mm3",
    # mass, amount and activity
    "mcg": "ug",
    "mcg/dL": "ug/dL",
    "mcg/L": "ug/L",
    "mcg/mL": "ug/mL",
    "mcmol/L": "umol/L",
    "mg/100 mL": "mg/dL",
    "gm/dL": "g/dL",
    "mEq/L": "meq/L",
    "IU/L": "U/L",
    "mIU/mL": "m[IU]/mL",
    "mIU/L": "m[IU]/L",
    "uIU/mL": "u[IU]/mL",
    # clearance per body surface is another kind than mL/min
    "mL/min/1.73m2": "mL/min/{1.73_m2}",
    "mL/min/1.73 m2": "mL/min/{1.73_m2}",
    "mL/min/1.73m²": "mL/min/{1.73_m2}",
    "mL/min/{1.73m2}": "mL/min/{1.73_m2}",
    "kg/m²": "kg/m2",
    "Kg": "kg",
    "kgs": "kg",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "mg/m²": "mg/m2",
    # vital signs and time
    "mmHg": "mm[Hg]",
    "mm Hg": "mm[Hg]",
    "°C": "Cel",
    "°F": "[degF]",
    "bpm": "/min",
    "beats/min": "/min",
    "{beats}/min": "/min",
    "year": "a",
    "years": "a",
    "week": "wk",
    "weeks": "wk",
    "day": "d",
    "days": "d",
    "hour": "h",
    "hours": "h",
    "sec": "s",
    "msec": "ms",
}
"""Everyday spelling to UCUM; micro signs and powers of ten (`x10^9/L`, `10⁹/L`, `x10(9)/L`,
`10E9/L`) are turned to UCUM before. Each entry has one meaning in a laboratory report, but for IU:
of an enzyme it is the unit U, of a hormone the international unit, so `U` and `[IU]` convert one
to one."""

_SIGNS = str.maketrans("µμ×", "uux")  # both micro signs
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER_OF_TEN = re.compile(r"x? ?10(?:[*^eE]([0-9]{1,2})|\(([0-9]{1,2})\)|([⁰¹²³⁴-⁹]{1,2}))(?=/)")
_LONGEST = 40  # characters; UCUM's own examples have at most 20
_STEEPEST = 30  # exponent; 10*30 is beyond any count
_SEEMS_UNIT = re.compile(r"[!-~]{1,20}")  # other text may be words about a participant
_NUMBER = re.compile(r"[0-9/.()]+|(?!10[*^]|1(?![0-9]))[0-9].*")  # `109/L` has lost its superscript

_OWN_KINDS = frozenset({"m", "s", "g", "rad", "K", "C", "cd", "mol", "eq", "osm"})
_RATIOS = frozenset({"10*", "10^", "[pi]"})  # defined as plain numbers; any other such is a kind
_ZERO_POINTS = {  # shift and scale in kelvin
    "Cel": (Fraction("273.15"), Fraction(1)),
    "[degF]": (Fraction("459.67") * 5 / 9, Fraction(5, 9)),
}
_NOT_READ = re.compile(r"\{[^{}]*\}")
_WORD = re.compile("[A-Za-z]{6}")  # no unit: symbols have up to four letters, metric ones three
_BRACKETED = re.compile(r"\{[^{}]*\}|\[[^][]*\]")  # annotations, and words such as `[degF]`
_ALONE = frozenset({"K", "G", "T", *_ZERO_POINTS})  # in a ratio these are misread counts


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit measures, and how much of it one unit is.

    Attributes
    ----------
    scale : Fraction, base units
        One unit in base units (m, s, g, rad, K, C, cd, mol).
    kinds : tuple of (str, int)
        Base units, arbitrary units and annotations with their powers, sorted.
    shift : Fraction, K
        Where the unit's zero lies; 0 except for Celsius and Fahrenheit.
    """

    scale: Fraction
    kinds: tuple[tuple[str, int], ...] = ()
    shift: Fraction = Fraction(0)


def in_words(amount: str) -> str:
    """Leave out of an amount, or of a unit, the annotations that people do not read.

    Parameters
    ----------
    amount : str
        E.g. `1 {score}`, `{score}` or `3.2 10*3/uL`.

    Returns
    -------
    str
        `1`, an empty text, `3.2 10*3/uL`: for sentences only, never read back.
    """
    return (_NOT_READ.sub("", amount) if "{" in amount else amount).rstrip()


def ucum(unit: str) -> str:
    """Turn an everyday spelling into UCUM and refuse what is neither.

    Parameters
    ----------
    unit : str
        As found in a record or a protocol.

    Returns
    -------
    str
        A unit that `measured` reads; annotations such as `{score}` stay.

    Raises
    ------
    Refusal
        If the text is no unit.
    """
    spelled = _spelled(unit)
    measured(spelled)
    return spelled


def _respell(unit: str) -> str:
    """Turn an everyday spelling into UCUM, whether it is a unit or not."""
    plain = _with_power_of_ten(unit.strip().translate(_SIGNS))
    return SPELLINGS.get(plain, plain)


_spelled = lru_cache(maxsize=4096)(_respell)
"""Spellings turned before."""


def _with_power_of_ten(unit: str) -> str:
    """Write a leading power of ten as UCUM does."""
    found = _POWER_OF_TEN.match(unit)
    if not found:
        return unit
    exponent = next(filter(None, found.groups())).translate(_RAISED)
    return f"10*{exponent}{unit[found.end() :]}"


def measured(unit: str) -> Measure:
    """Say what a UCUM unit measures.

    Parameters
    ----------
    unit : str
        UCUM, e.g. `10*3/uL`.

    Returns
    -------
    Measure
        Exact; equal kinds convert.

    Raises
    ------
    Refusal
        If the text is no unit, begins with a number that is neither 1 nor a power of ten, or is
        a count that UCUM reads as a physical unit (`K/L`: kelvin per litre).
    """
    found = _known(unit)
    if found is None:
        raise refuse(
            "unit",
            f"{unit if _SEEMS_UNIT.fullmatch(unit) else shape(unit)!r} is no unit",
            "UCUM, e.g. g/dL, 10*3/uL, U/L, mm[Hg], {score}",
            "Write the unit in UCUM",
        )
    return found


def _read(unit: str) -> Measure | None:
    """Read a UCUM unit; None for what is none."""
    row = OF_RESULTS.get(unit)
    if row is None:
        return by_grammar(unit)
    numerator, denominator, kinds, *shift = row
    return Measure(Fraction(numerator, denominator), kinds, Fraction(*shift))


_known = lru_cache(maxsize=4096)(_read)
"""Units read before, and texts that are none: imports repeat their faults a million times."""


def by_grammar(unit: str) -> Measure | None:
    """Read a unit by UCUM's grammar, loaded for it.

    Parameters
    ----------
    unit : str
        As found, e.g. `10*3/uL`.

    Returns
    -------
    Measure or None
        None: it is no unit.
    """
    if len(unit) > _LONGEST:
        return None
    if unit != "1" and _NUMBER.fullmatch(unit):
        return None
    if _WORD.search(_BRACKETED.sub(" ", unit)):
        return None
    parse, unreadable = _grammar()
    try:
        tree = parse(unit)
        return None if _is_misread_count(tree) else _of(tree)
    except (unreadable, ValueError):
        return None


def _is_misread_count(tree: Any) -> bool:
    """Say whether kelvin, gauss or tesla stand in a ratio, where people mean thousands."""
    tokens = list(tree.scan_values(lambda _: True))
    is_ratio = any(token.type in ("OPERATOR", "DIVIDE", "EXPONENT") for token in tokens)
    return is_ratio and any(token in _ALONE for token in tokens)


def _of(node: Any) -> Measure:
    """Measure one node of UCUM's grammar."""
    if not hasattr(node, "children"):
        return Measure(Fraction(1), ((str(node), 1),))  # an annotation
    parts = node.children
    match str(node.data):
        case "simple_unit":
            return _times(_prefix(*parts[:-1]), _symbol(str(parts[-1])))
        case "annotatable":
            return _power(_of(parts[0]), int(parts[1]))
        case "component":
            return _times(_of(parts[0]), _of(parts[1]))
        case "term":
            return _times(_of(parts[0]), _of(parts[2]), -1 if parts[1] == "/" else 1)
        case _:  # main_term
            return _power(_of(parts[-1]), -1 if len(parts) > 1 else 1)


def _times(one: Measure, other: Measure, power: int = 1) -> Measure:
    """Multiply a measure by a power of another."""
    raised = _power(other, power)
    kinds = dict(one.kinds)
    for kind, exponent in raised.kinds:
        kinds[kind] = kinds.get(kind, 0) + exponent
    left = tuple(sorted((kind, exponent) for kind, exponent in kinds.items() if exponent))
    return Measure(one.scale * raised.scale, left, one.shift + raised.shift)


def _power(one: Measure, exponent: int) -> Measure:
    """Raise a measure to a power."""
    if abs(exponent) > _STEEPEST:
        raise ValueError  # `_read` says that this is no unit
    kinds = tuple((kind, power * exponent) for kind, power in one.kinds)
    return Measure(one.scale**exponent, kinds, one.shift)


def _prefix(*written: str) -> Measure:
    """Measure a metric prefix, or its absence."""
    return Measure(_definitions()[0][str(written[0])] if written else Fraction(1))


def _atom(code: str) -> Measure:
    """Measure a unit symbol or a whole number by UCUM's definitions."""
    if code in _ZERO_POINTS:
        shift, scale = _ZERO_POINTS[code]
        return Measure(scale, (("K", 1),), shift)
    if code in _OWN_KINDS:
        return Measure(Fraction(1), ((code, 1),))
    if code.isdecimal():
        return Measure(Fraction(code))
    definition = _definitions()[1][code]
    if definition is None or (definition[1] == "1" and code not in _RATIOS):
        return Measure(Fraction(1), ((code.replace("iU", "IU"), 1),))
    factor, unit = definition
    return _times(Measure(factor), _of(_grammar()[0](unit)))


_symbol = lru_cache(maxsize=4096)(_atom)
"""Symbols measured before."""


def _read_definitions() -> tuple[dict[str, Fraction], dict[str, tuple[Fraction, str] | None]]:
    """Read UCUM's prefixes and unit definitions; None for special and arbitrary units."""
    from ucumvert import xml_util

    prefixes = {
        prefix.attrib["Code"]: Fraction(prefix.find("{*}value").attrib["value"])
        for prefix in xml_util.root.findall(".//{*}prefix")
    }
    units = {
        unit.code_cs: None
        if unit.is_special or unit.is_arbitrary
        else (Fraction(unit.conversion_factor), unit.defining_unit)
        for unit in xml_util.get_units_with_full_definition()
    }
    return prefixes, units


_definitions = cache(_read_definitions)
"""UCUM's table, read once."""


def _load_grammar() -> tuple[Callable[[str], Any], type[Exception]]:
    """Load UCUM's grammar: how to parse, and what an unreadable text raises."""
    from ucumvert import InvalidUcumError, get_ucum_parser, parse_ucum

    parser = get_ucum_parser()
    return lambda text: parse_ucum(text, parser), InvalidUcumError


_grammar = cache(_load_grammar)
"""UCUM's grammar, loaded once (0.2 s with its library)."""
