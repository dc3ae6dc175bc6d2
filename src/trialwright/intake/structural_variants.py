"""Structural variants of a study folder: every row gives a call in each gene that it breaks."""

from collections import Counter
from types import MappingProxyType

from trialwright.casebook.variants import Origin, VariantCall
from trialwright.intake.maf import SAME_AGAIN, VariantsRead
from trialwright.intake.tab_tables import TabRow, each_row, read_tab
from trialwright.terms.errors import refuse, shorten
from trialwright.terms.sources import Source

REQUIRED = ("Sample_Id", "SV_Status")
"""Columns without which no row can be read."""

_SITES = ("Site1_Hugo_Symbol", "Site2_Hugo_Symbol")
_ORIGINS: dict[str, Origin] = {"somatic": "somatic", "germline": "germline"}


def read_structural(text: str, file: str) -> VariantsRead:
    """Read structural variants, such as fusions.

    Parameters
    ----------
    text : str
        Whole; any line ends. Each row names one gene at least, at `Site1_Hugo_Symbol` or
        `Site2_Hugo_Symbol`.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    VariantsRead
        Calls by sample: one of the effect `rearrangement` for each gene of a row, whose change
        names both partners, as `TMPRSS2::ERG`. A row that says the same again is counted.

    Raises
    ------
    Refusal
        With every heading that is missing; where there is none, with every row without a sample or
        a gene, or of an unknown status.
    """
    table = read_tab(text, file, REQUIRED)
    read = each_row(table, lambda row: _row(row, file))
    calls: dict[str, dict[tuple[str, str], VariantCall]] = {}
    ignored: Counter[str] = Counter()
    for _, (sample, found) in read:
        held = calls.setdefault(sample, {})
        new = [each for each in found if (each.gene, each.change) not in held]
        if not new:
            ignored[SAME_AGAIN] += 1
        held.update(((each.gene, each.change), each) for each in new)
    by_sample = {sample: tuple(held.values()) for sample, held in calls.items()}
    used = len(read) - sum(ignored.values())
    return VariantsRead(
        MappingProxyType(by_sample), len(read), used, MappingProxyType(dict(ignored))
    )


def _row(row: TabRow, file: str) -> tuple[str, tuple[VariantCall, ...]]:
    """Read the sample of a row and a call for each of its genes."""
    sample = row.text("Sample_Id")
    genes = tuple(dict.fromkeys(gene for name in _SITES if (gene := row.text(name))))
    if not sample:
        raise refuse("Sample_Id", "nothing", "a sample in every row", "Complete the row")
    if not genes:
        raise refuse(", ".join(_SITES), "no gene", "one gene at least", "Complete the row")
    status = row.text("SV_Status").casefold()
    if status not in _ORIGINS:
        raise refuse("SV_Status", shorten(status) or "nothing", "SOMATIC or GERMLINE",
                     "Correct the status")  # fmt: skip
    change = "::".join(genes) if len(genes) > 1 else ""
    source = Source("cbioportal", f"{file}:{row.line}")
    return sample, tuple(
        VariantCall(gene, change, "rearrangement", _ORIGINS[status], None, None, "", source)
        for gene in genes
    )
