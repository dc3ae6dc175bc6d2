"""Changes of proteins in the one form in which rules and time points compare them.

References
----------
.. [1] HGVS nomenclature, recommendations for proteins.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E",
        "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
        "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
        "Sec": "U",
    }
)  # fmt: skip
"""Amino acids [1]_."""

_NAMED = re.compile("|".join(_LETTERS))
_CAPITAL = "|".join(each.upper() for each in _LETTERS)
_CAPITALS = re.compile(f"({_CAPITAL})([0-9]+)({_CAPITAL})")
_SMALL = re.compile(r"[a-z][0-9]+[a-z*]")
_STOP = re.compile(r"([A-Z][0-9]+|fs)X(?=[0-9]*$)")
"""A stop as it was written before `*` and `Ter`; `X` before digits at the start is no stop."""


_KEPT = 10_000
"""Changes that are remembered: those of a file are often the same."""


@lru_cache(_KEPT)
def short_change(change: str) -> str:
    """Give a change of the protein in one-letter form.

    Parameters
    ----------
    change : str
        E.g. `E17K`, `p.(Glu17Lys)`, `ENSP00000451828.1:p.Glu17Lys`, `p.Asn867SerfsTer2` or
        `R130X`; `=` may be written `%3D`.

    Returns
    -------
    str
        Without reference and `p.`, e.g. `E17K`, `N867Sfs*2`, `R130*`; empty when none is told.
        `X70_splice` stays as it is.
    """
    _, _, told = change.rpartition(":")
    plain = told.strip().removeprefix("p.").removeprefix("(").removesuffix(")")
    plain = plain.replace("%3D", "=")
    capitals = _CAPITALS.fullmatch(plain)
    if capitals:
        plain = f"{capitals[1].capitalize()}{capitals[2]}{capitals[3].capitalize()}"
    elif _SMALL.fullmatch(plain):
        plain = plain.upper()
    return _STOP.sub(r"\1*", _NAMED.sub(lambda found: _LETTERS[found[0]], plain))
