"""How records write units: every spelling with its UCUM code and what it measures."""

import re
from dataclasses import dataclass
from functools import lru_cache

_CELLS = (
    r"(?:(?:cells?|neutrophils?|granulocytes?|platelets?|plts?|lymphocytes?|leu[ck]ocytes?|wbcs?"
    r"|polys|pmns?) ?)"
)
_PER = r" ?(?:/|per|\bin a) ?"
_CUBIC_MM = (
    r"(?:mm ?(?:\^|\*\*?)? ?[\(\{]? ?[3\u00b3] ?[\)\}]?|cu(?:bic)?\.? ?(?:mm|millimet(?:er"
    r"|re)s?)"
    r"|cmm|cumm|mmc|millimet(?:er|re)s? ?cubed|mm cubed)"
)
_MICROLITRE = r"(?:u ?l|mcl|micro ?-?l(?:it(?:er|re)s?)?|uliters?)"
_LITRE = r"(?:l(?:it(?:er|re)s?)?)"
_MILLILITRE = r"(?:ml|milliliters?|millilitres?|cc)"
_DECILITRE = r"(?:d ?l|deciliters?|decilitres?|100 ?ml|100 ?cc)"
_GRAM = r"(?:gm?s?|gr|grams?)"
_MILLIGRAM = r"(?:mgs?|mgm|milligrams?)"
_MICROGRAM = r"(?:ug|mcg|micrograms?)"
_MINUTE = r"(?:min(?:ute)?s?|mn)"
_PER_DAY = r" ?(?:/|per|a|in|over|in a|in a single) ?"
_SQUARE_METRE = (
    r"(?:m(?:eters?)? ?(?:\^|\*\*?)? ?[\(\{]? ?[2\u00b2] ?[\)\}]?"
    r"|sq(?:uared?|\.)? ?m(?:eters?)?)"
)
_SURFACE = rf"(?: ?(?:/|per|x|\*)? ?[\(\{{]? ?1[.,]73 ?(?:{_SQUARE_METRE}|m\b)(?: ?bsa)? ?[\)\}}]?)"

_VOLUMES = {
    "mm3": _CUBIC_MM,
    "uL": _MICROLITRE,
    "mL": _MILLILITRE,
    "dL": _DECILITRE,
    "nL": "nl",
    "L": _LITRE,
}
_RAISED = {"\u00b3": "3", "\u2076": "6", "\u2079": "9", "\u00b9\u00b2": "12", "\u00b9\u2070": "10"}
_POWER = (
    r"(?:(?:x|\*|by) ?)?10 ?(?:\^|\*\*?|e|exp|to the|\^ ?\(|\(|\{) ?\+?[\(\{]? ?"
    r"(?P<power>1[0-2]|[1-9])(?:th|rd)?(?: power)? ?[\)\}]?"
)
_LOST_CARET = r"(?:x|\*) ?10 ?(?P<lost>12|[369])"
_SUPERSCRIPT = r"(?:(?:x|\*) ?)?10(?P<raised>\u00b3|\u2076|\u2079|\u00b9\u00b2)"
_THOUSANDS = r"(?P<thousand>k|thou(?:sands?)?|(?:x|\*) ?1,?000)"
_MILLIONS = r"(?P<million>millions?|mill?)"
_BILLIONS = r"(?P<billion>billions?|giga|gi|gpt)"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that the words give.

    Attributes
    ----------
    code : str
        UCUM.
    measures : str
        What kind of amount it is, e.g. `count`, `mass/volume`, `clearance`; `foreign` for a unit
        of what is no laboratory value, such as a dose.
    because : str
        What is missing in its spelling; empty for a plain one.
    """

    code: str
    measures: str
    because: str = ""


_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("g/(24.h)", "mass/day", rf"{_GRAM}(?: of protein)?{_PER_DAY}24[ -]?h(?:(?:ou)?rs?|\b)"),
    ("mg/(24.h)", "mass/day", rf"{_MILLIGRAM}(?: of protein)?{_PER_DAY}24[ -]?h(?:(?:ou)?rs?|\b)"),
    ("g/d", "mass/day", rf"{_GRAM}(?: of protein)?{_PER_DAY}d(?:ay)?"),
    ("mg/d", "mass/day", rf"{_MILLIGRAM}(?: of protein)?{_PER_DAY}d(?:ay)?"),
    ("g/dL", "mass/volume", rf"{_GRAM}{_PER}{_DECILITRE}|{_GRAM} ?%"),
    ("mg/dL", "mass/volume", rf"{_MILLIGRAM}{_PER}{_DECILITRE}|mg ?%"),
    ("ug/dL", "mass/volume", rf"{_MICROGRAM}{_PER}{_DECILITRE}"),
    ("ng/dL", "mass/volume", rf"(?:ng|nanograms?){_PER}{_DECILITRE}"),
    ("ng/mL", "mass/volume", rf"(?:ng|nanograms?){_PER}{_MILLILITRE}"),
    ("ng/L", "mass/volume", rf"(?:ng|nanograms?){_PER}{_LITRE}"),
    ("pg/mL", "mass/volume", rf"(?:pg|picograms?){_PER}{_MILLILITRE}"),
    ("ug/mL", "mass/volume", rf"{_MICROGRAM}{_PER}{_MILLILITRE}"),
    ("ug/L", "mass/volume", rf"{_MICROGRAM}{_PER}{_LITRE}"),
    ("mg/mL", "mass/volume", rf"{_MILLIGRAM}{_PER}{_MILLILITRE}"),
    ("mg/L", "mass/volume", rf"{_MILLIGRAM}{_PER}{_LITRE}"),
    ("g/L", "mass/volume", rf"{_GRAM}{_PER}{_LITRE}"),
    ("g/mL", "mass/volume", rf"{_GRAM}{_PER}{_MILLILITRE}"),
    ("mmol/mol", "amount/amount", r"mmol ?/ ?mol"),
    ("mmol/L", "amount/volume", rf"(?:m ?mol|m ?moles?|millimol(?:e|es|s)?){_PER}{_LITRE}"),
    ("umol/L", "amount/volume", rf"(?:u ?mole?s?|mcmol|micro ?-?mol(?:e|es|s|ar)?){_PER}{_LITRE}"),
    ("nmol/L", "amount/volume", rf"(?:n ?mol|nanomol(?:e|es|s)?){_PER}{_LITRE}"),
    ("pmol/L", "amount/volume", rf"pmol{_PER}{_LITRE}"),
    ("meq/L", "amount/volume", rf"(?:m ?eq|milliequivalents?|mval){_PER}{_LITRE}"),
    ("meq/dL", "amount/volume", rf"m ?eq{_PER}{_DECILITRE}"),
    ("m[IU]/mL", "activity", rf"m ?(?:i\.?u\.?|units?){_PER}{_MILLILITRE}"),
    ("m[IU]/L", "activity", rf"m ?i\.?u\.?{_PER}{_LITRE}"),
    ("u[IU]/mL", "activity", rf"u ?i\.?u\.?{_PER}{_MILLILITRE}"),
    ("[IU]/mL", "activity", rf"(?:i\.?u\.?|international units?){_PER}{_MILLILITRE}"),
    ("[IU]/dL", "activity", rf"(?:i\.?u\.?|international units?){_PER}{_DECILITRE}"),
    ("[IU]/L", "activity", rf"(?:i\.?u\.?|international units?){_PER}{_LITRE}"),
    ("U/mL", "activity", rf"(?:u|units?){_PER}{_MILLILITRE}"),
    ("U/L", "activity", rf"(?:u|units?){_PER}{_LITRE}"),
    ("ukat/L", "activity", rf"ukat{_PER}{_LITRE}"),
    ("{copies}/mL", "copies", rf"copies{_PER}{_MILLILITRE}"),
    ("mL/min/{1.73_m2}", "clearance", rf"{_MILLILITRE} ?(?:/|per|\.)? ?{_MINUTE}\.?{_SURFACE}"),
    ("mL/min/m2", "clearance", rf"{_MILLILITRE}{_PER}{_MINUTE}{_PER}{_SQUARE_METRE}"),
    ("mL/min", "clearance", rf"{_MILLILITRE} ?(?:/|per|\.) ?{_MINUTE}"),
    ("mL/s", "clearance", rf"{_MILLILITRE}{_PER}s(?:ec(?:ond)?)?"),
    ("kg/m2", "mass/area", rf"(?:kgs?|kilograms?){_PER}{_SQUARE_METRE}"),
    ("mg/m2", "foreign", rf"{_MILLIGRAM}{_PER}{_SQUARE_METRE}"),
    ("mg/kg", "foreign", rf"(?:{_MILLIGRAM}|{_MICROGRAM}){_PER}kg"),
    ("mg/mmol", "mass/mass", r"mg ?/ ?mmol"),
    ("mg/mg", "mass/mass", r"mg ?/ ?mg"),
    ("mg/g", "mass/mass", r"mg ?/ ?gm?"),
    ("g/g", "mass/mass", r"gm? ?/ ?gm?"),
    ("g/mol", "mass/mass", r"g ?/ ?mol"),
    ("mm[Hg]", "pressure", r"mm ?/? ?(?:of )?hg|millimet(?:er|re)s? of mercury|torr"),
    ("kPa", "pressure", r"kpa"),
    ("/min", "rate", rf"bpm|(?:heart ?)?(?:beats?|breaths?)(?:{_PER}| a ){_MINUTE}|beats"),
    ("/min", "rate", rf"(?:/|per) ?{_MINUTE}"),
    ("ms", "time", r"m ?-?sec(?:ond)?s?|msecs?|milli-? ?sec(?:ond)?s?|ms"),
    ("s", "time", r"s|secs?|seconds?"),
    ("%", "percent", r"%|percent|per cent|pct"),
    ("Cel", "temperature", r"(?:\u00b0|deg(?:rees?)?\.?) ?(?:c|celsius)|celsius|\u2103|c"),
    ("[degF]", "temperature", r"(?:\u00b0|deg(?:rees?)?\.?) ?(?:f|fahrenheit)|fahrenheit|f"),
    ("kg", "mass", r"kgs?|kilograms?|kilos?"),
    ("[lb_av]", "mass", r"lbs?|pounds?"),
    ("m2", "area", _SQUARE_METRE),
    ("cm", "length", r"cms?|centimet(?:er|re)s?"),
    ("mm", "length", r"mms?|millimet(?:er|re)s?"),
    ("[in_i]", "length", r"inch(?:es)?"),
    ("cm2", "foreign", r"cm ?\^?[23\u00b2\u00b3]"),
    ("Gy", "foreign", r"c?gy|grays?|m?ci"),
    ("g", "grams", _GRAM),
    ("mg", "grams", _MILLIGRAM),
    ("ug", "grams", _MICROGRAM),
    ("mL", "volume", _MILLILITRE),
    ("L", "volume", _LITRE),
)  # fmt: skip
_END = r"(?![a-z0-9\u00b2\u00b3])"
_COUNT = (
    rf"{_CELLS}?(?:{_POWER}|{_LOST_CARET}|{_SUPERSCRIPT}|{_THOUSANDS}|{_MILLIONS}|{_BILLIONS})?"
    rf" ?{_CELLS}?{_PER}(?:"
    + "|".join(f"(?P<{name}>{spelled})" for name, spelled in _VOLUMES.items())
    + f"){_END}"
)
_COUNTED = re.compile(_COUNT)
_NO_SLASH = re.compile(rf"(?:{_CELLS}|k ?)?{_CUBIC_MM}{_END}")
_NO_VOLUME = re.compile(rf"{_CELLS}{_END}|k{_END}")
_COMPILED = tuple(
    (Unit(code, measures), re.compile(f"(?:{spelled}){_END}")) for code, measures, spelled in _PLAIN
)


def _nameless(pattern: str) -> str:
    """Take the names out of a pattern's groups."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


PATTERN = (
    _nameless(f"(?:{_COUNT})")
    + "|"
    + "|".join(f"(?:(?:{spelled}){_END})" for _, _, spelled in _PLAIN)
    + f"|(?:{_NO_SLASH.pattern})|(?:{_NO_VOLUME.pattern})"
)
"""A regular expression for every spelling, of levelled words."""


@lru_cache(maxsize=2048)
def unit_of(spelling: str) -> Unit:
    """Say which unit a spelling is.

    Parameters
    ----------
    spelling : str
        Levelled words that `PATTERN` matches.

    Returns
    -------
    Unit
        With its UCUM code.
    """
    counted = _COUNTED.fullmatch(spelling)
    if counted:
        return _count(counted)
    for unit, pattern in _COMPILED:
        if pattern.fullmatch(spelling):
            return unit
    if _NO_SLASH.fullmatch(spelling):
        code = "10*3/mm3" if spelling.startswith("k") else "/mm3"
        return Unit(code, "count", "the slash before the volume is not written")
    return Unit("10*3" if spelling == "k" else "", "count")


def _count(counted: re.Match[str]) -> Unit:
    """Give the unit of a count per volume."""
    found = counted.groupdict()
    volume = next(name for name in _VOLUMES if found[name])
    power = found["power"] or found["lost"] or _RAISED.get(found["raised"] or "", "")
    power = power or ("3" if found["thousand"] else "6" if found["million"] else "")
    power = power or ("9" if found["billion"] else "")
    return Unit(f"10*{power}/{volume}" if power else f"/{volume}", "count")
