"""Annotations of a VCF in our words: consequence, protein change, alleles without what they share.

References
----------
.. [1] Sequence Ontology, as Ensembl VEP and SnpEff write its terms.
.. [2] HGVS nomenclature, recommendations for proteins.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from trialwright.terms.markers import Effect

EFFECT_OF: Mapping[str, Effect] = MappingProxyType(
    {
        "frameshift_variant": "frameshift",
        "stop_gained": "nonsense",
        "splice_acceptor_variant": "splice",
        "splice_donor_variant": "splice",
        "start_lost": "start lost",
        "initiator_codon_variant": "start lost",
        "stop_lost": "stop lost",
        "inframe_insertion": "in-frame",
        "inframe_deletion": "in-frame",
        "conservative_inframe_insertion": "in-frame",
        "conservative_inframe_deletion": "in-frame",
        "disruptive_inframe_insertion": "in-frame",
        "disruptive_inframe_deletion": "in-frame",
        "protein_altering_variant": "in-frame",
        "missense_variant": "missense",
        "synonymous_variant": "silent",
        "stop_retained_variant": "silent",
        "start_retained_variant": "silent",
    }
)
"""Consequence [1]_ to what it does to the protein, gravest first; any other is `other`."""

_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E",
        "Gly": "G", "His": "H", "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F",
        "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V", "Ter": "*",
        "Sec": "U",
    }
)  # fmt: skip
"""Amino acids [2]_."""

_NAMED = re.compile("|".join(_LETTERS))


def effect_of(consequences: str) -> Effect:
    """Give the gravest effect of consequences joined by `&`.

    Parameters
    ----------
    consequences : str
        E.g. `missense_variant&splice_region_variant`.

    Returns
    -------
    str
        A word of `Effect`; `other` when none of them changes the protein.
    """
    named = set(consequences.split("&"))
    return next((effect for term, effect in EFFECT_OF.items() if term in named), "other")


def short_change(change: str) -> str:
    """Give a change of the protein in one-letter form.

    Parameters
    ----------
    change : str
        E.g. `ENSP00000451828.1:p.Glu17Lys` or `p.Asn867SerfsTer2`; `=` may be written `%3D`.

    Returns
    -------
    str
        Without reference and `p.`, e.g. `E17K`, `N867Sfs*2`; empty when none is told.
    """
    _, _, told = change.rpartition(":")
    plain = told.removeprefix("p.").removeprefix("(").removesuffix(")").replace("%3D", "=")
    return _NAMED.sub(lambda found: _LETTERS[found[0]], plain)


def trimmed(position: int, before: str, after: str) -> tuple[int, str, str]:
    """Take away what two alleles share, as a MAF writes them.

    Parameters
    ----------
    position : int
        Of the first base of the reference allele.
    before, after : str
        Reference and other allele, bases.

    Returns
    -------
    position : int
        Of the first base that differs; of the base before an insertion.
    before, after : str
        `-` where nothing is left.
    """
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] == after[shared]:
        shared += 1
    before, after = before[shared:], after[shared:]
    position += shared
    return (position - 1 if not before else position), before or "-", after or "-"
