"""Annotations of a VCF in our words: consequence, and alleles without what they share.

References
----------
.. [1] Sequence Ontology, as Ensembl VEP and SnpEff write its terms.
"""

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
