"""What records limit: laboratory values, vital signs, ECG intervals and body measures, as data."""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from trialwright.registry.proposing.analyte_table import ROWS
from trialwright.terms.quantities import SUBSTANCES

Plain: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Analyte:
    """One measured fact, and how records call it.

    Attributes
    ----------
    fact : str
        Its name in a protocol file.
    says : str
        Its name for people.
    unit : str
        UCUM unit in which it is usually given.
    low, high : str
        Smallest and largest number, in that unit, that a limit can plausibly name: what lies
        outside is a unit error, or a lost or added digit.
    measures : tuple of str
        Kinds of amount in which it is given, as `units.Unit.measures` names them.
    spelled : tuple of str
        Words by which records call it; white space stands for any, or a hyphen.
    exact : tuple of str
        Abbreviations that mean it in exactly these letters only, e.g. `PT` (`pt` is a patient).
    signs : tuple of str
        Words for a state (`fever`) that mean it only beside a number with its unit.
    codes : tuple of str
        LOINC codes verified from two public sources; empty where none was.
    substance : str
        Name under which its mass and amount convert.
    """

    fact: str
    says: str
    unit: str
    low: str
    high: str
    measures: tuple[str, ...]
    spelled: tuple[str, ...]
    exact: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    substance: str = ""


def _analyte(row: dict[str, str]) -> Analyte:
    """Make an analyte of one row of the table."""
    lists = {name: _listed(row.get(name, "")) for name in ("spelled", "exact", "signs", "codes")}
    substance = row.get("substance", "")
    return Analyte(
        row["fact"],
        row["says"],
        row["unit"],
        row["low"],
        row["high"],
        tuple(row["measures"].split()),
        lists["spelled"],
        lists["exact"],
        lists["signs"],
        tuple(f"LOINC {code}" for code in lists["codes"]),
        substance if substance in SUBSTANCES else "",
    )


def _listed(text: str) -> tuple[str, ...]:
    """Cut a list of words at its commas."""
    return tuple(" ".join(each.split()) for each in text.split(",") if each.strip())


ANALYTES = tuple(_analyte(row) for row in ROWS)
"""Every analyte known, the commonest first."""

BY_FACT = {each.fact: each for each in ANALYTES}
"""The same by the name of the fact."""


def bare(spelling: str) -> str:
    """Take out of a spelling what may differ: white space, hyphens, case and a plural's s.

    Parameters
    ----------
    spelling : str
        Words of a record or of the table.

    Returns
    -------
    str
        For comparing.
    """
    return re.sub(r"[\s/-]+", "", spelling.casefold()).removesuffix("s")


_NAMED = {bare(word): each for each in ANALYTES for word in (*each.spelled, *each.signs)}
_EXACT = {word: each for each in ANALYTES for word in each.exact}
_SIGNS = {bare(word) for each in ANALYTES for word in each.signs}


def analyte_named(spelling: str) -> Analyte | None:
    """Say what a record calls by a spelling.

    Parameters
    ----------
    spelling : str
        As it stands in the record.

    Returns
    -------
    Analyte or None
        None for what is none of them, or an abbreviation in other letters.
    """
    return _EXACT.get(spelling) or _NAMED.get(bare(spelling))


def is_sign(spelling: str) -> bool:
    """Say whether a spelling names a state, so that only a number with its unit is a limit of it.

    Parameters
    ----------
    spelling : str
        As it stands in the record.

    Returns
    -------
    bool
        True for `fever`, false for `temperature`.
    """
    return bare(spelling) in _SIGNS


def spellings() -> tuple[str, ...]:
    """Give every spelling, abbreviations in exact letters included.

    Returns
    -------
    tuple of str
        Longest first, so that `creatinine clearance` is found before `creatinine`.
    """
    every = {
        word for each in ANALYTES for word in (*each.spelled, *each.signs, *each.exact)
    }  # a set: some stand twice
    return tuple(sorted(every, key=lambda word: (-len(word), word)))


_SCORES: dict[str, Plain] = {
    "ecog": {
        "says": "ECOG performance status",
        "kind": "observation",
        "unit": "{score}",
        "codes": ["LOINC 89247-1"],
        "plausible": {"at_least": 0, "at_most": 5},
    },
    "karnofsky": {
        "says": "Karnofsky performance status",
        "kind": "observation",
        "unit": "%",
        "plausible": {"at_least": 0, "at_most": 100},
    },
    "lansky": {
        "says": "Lansky performance status",
        "kind": "observation",
        "unit": "%",
        "plausible": {"at_least": 0, "at_most": 100},
    },
}


def term_of(fact: str) -> Plain:
    """Give the term of a protocol's vocabulary for a fact.

    Parameters
    ----------
    fact : str
        E.g. `platelets`, or `ecog`.

    Returns
    -------
    dict
        In the form of the protocol file, its plausible numbers in the unit given; empty for a
        fact that is not known here.
    """
    if fact in _SCORES:
        return dict(_SCORES[fact])
    analyte = BY_FACT.get(fact)
    if analyte is None:
        return {}
    term: Plain = {"says": analyte.says, "kind": "observation", "unit": analyte.unit}
    if analyte.substance:
        term["substance"] = analyte.substance
    if analyte.codes:
        term["codes"] = list(analyte.codes)
    return term
