"""Discrete copies of genes, one row a gene and one column a sample."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from trialwright.casebook.variants import VariantCall
from trialwright.intake.tab_tables import EMPTY, TabRow, by_name, read_tab, refuse_all
from trialwright.terms.errors import Fault, shorten
from trialwright.terms.markers import CopyEffect
from trialwright.terms.sources import Source

_EFFECTS: Mapping[str, CopyEffect | None] = MappingProxyType(
    {
        "-2": "deep deletion",
        "-1.5": "deep deletion",
        "-1": "loss",
        "0": None,
        "1": "gain",
        "2": "amplification",
    }
)
"""Value to what became of the copies [1]_; a partial deletion counts as a deep one, as cBioPortal
takes it when it reads the file.

References
----------
.. [1] cBioPortal, File Formats, Discrete Copy Number Data.
"""

_NAMES = ("Hugo_Symbol", "Entrez_Gene_Id", "Cytoband")
"""Columns that are no samples."""


@dataclass(frozen=True, slots=True)
class CopiesRead:
    """What a table of copies gave.

    Attributes
    ----------
    calls : mapping of str to tuple of VariantCall
        Of each sample that has a column, what is not as it should be; empty where nothing is.
    uncounted : mapping of str to tuple of str
        Genes whose copies are not told, by sample; samples without such genes are left out.
    rows : int
        Rows that were read.
    """

    calls: Mapping[str, tuple[VariantCall, ...]]
    uncounted: Mapping[str, tuple[str, ...]]
    rows: int


def read_copies(text: str, file: str) -> CopiesRead:
    """Read discrete copies of genes.

    Parameters
    ----------
    text : str
        Whole; any line ends.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    CopiesRead
        Calls by sample, and genes of which nothing is told.

    Raises
    ------
    Refusal
        With every gene that stands twice, and every value that is none of -2, -1.5, -1, 0, 1, 2
        and NA.
    """
    table = read_tab(text, file, ("Hugo_Symbol",))
    by_name(table, "Hugo_Symbol")
    samples = [name for name in table.names if name not in _NAMES]
    found: dict[str, list[VariantCall]] = {sample: [] for sample in samples}
    uncounted: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for row in table.rows:
        faults += [replace(each, line=row.line) for each in _strange(row, samples)]
        calls: dict[CopyEffect, VariantCall] = {}  # the same for every sample of a row
        for sample in samples:
            value = row.cells[sample]
            effect = _EFFECTS.get(value)
            if effect is not None:
                if effect not in calls:
                    calls[effect] = _call(row, effect, file)
                found[sample].append(calls[effect])
            elif value in EMPTY:
                uncounted.setdefault(sample, []).append(row.text("Hugo_Symbol"))
    refuse_all(faults, file)
    return CopiesRead(
        MappingProxyType({sample: tuple(calls) for sample, calls in found.items()}),
        MappingProxyType({sample: tuple(genes) for sample, genes in uncounted.items()}),
        len(table.rows),
    )


def _strange(row: TabRow, samples: list[str]) -> Iterator[Fault]:
    """Find values that mean nothing."""
    if {*row.cells.values()} <= {*_EFFECTS, *EMPTY, row.cells["Hugo_Symbol"]}:
        return
    for sample in samples:
        value = row.cells[sample]
        if value not in _EFFECTS and value not in EMPTY:
            allowed = f"{', '.join(_EFFECTS)} or NA"
            yield Fault(shorten(sample), shorten(value), allowed, "Correct the value")


def _call(row: TabRow, effect: CopyEffect, file: str) -> VariantCall:
    """Make the call of a gene."""
    gene = row.text("Hugo_Symbol")
    source = Source("cbioportal", f"{file}:{row.line}")
    return VariantCall(gene, "", effect, "not recorded", None, None, "", source)
