"""Variants from a MAF file: every row gives a call, or is left aside by a named reason.

Columns as cBioPortal and the Genomic Data Commons write them. A MAF holds no sample in which
nothing was found: who was sequenced must come from elsewhere.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from trialwright.casebook.variants import Origin, VariantCall
from trialwright.intake.tab_tables import TabRow, TabTable, each_row, read_tab, refuse_all
from trialwright.terms.errors import Fault, refuse, shorten
from trialwright.terms.markers import Effect
from trialwright.terms.sources import Source

REQUIRED = ("Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode")
"""Columns without which no row can be read."""

_CHANGES = ("HGVSp_Short", "Protein_Change", "amino_acid_change", "AAChange")
"""Columns that may hold the change of the protein; the first that is there counts."""

_EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "Missense_Mutation": "missense",
        "Nonsense_Mutation": "nonsense",
        "Frame_Shift_Del": "frameshift",
        "Frame_Shift_Ins": "frameshift",
        "In_Frame_Del": "in-frame",
        "In_Frame_Ins": "in-frame",
        "ITD": "in-frame",  # internal tandem duplication, as some laboratories write
        "Splice_Site": "splice",
        "Translation_Start_Site": "start lost",
        "Nonstop_Mutation": "stop lost",
        "Silent": "silent",
        **dict.fromkeys(
            ("Splice_Region", "Intron", "IGR", "RNA", "lincRNA", "5'UTR", "3'UTR", "5'Flank",
             "3'Flank", "Targeted_Region", "De_novo_Start_InFrame", "De_novo_Start_OutOfFrame",
             "Unknown"),
            "other",
        ),
    }
)  # fmt: skip
"""Classification to what it does to the protein."""

_PROMOTER = ("TERT", "5'Flank")
"""The one gene whose variants before its first base count as variants of its promoter."""

_ORIGINS: Mapping[str, Origin] = MappingProxyType(
    {
        "": "not recorded",
        "unknown": "not recorded",
        "none": "not recorded",
        "somatic": "somatic",
        "germline": "germline",
        "clonal haematopoiesis": "suspected clonal haematopoiesis",
        "clonal hematopoiesis": "suspected clonal haematopoiesis",
        "ch": "suspected clonal haematopoiesis",
    }
)
"""Mutation status, in small letters, to where a variant comes from."""

_NOT_CALLED = frozenset({"uncalled", "loh", "wildtype"})
"""Mutation statuses under which a row reports no variant."""

NOT_CALLED, SAME_AGAIN = "its status says that nothing was called", "the same row again"
"""Why a row is left aside."""


@dataclass(frozen=True, slots=True)
class VariantsRead:
    """What a file of variants gave; `rows == used + sum(ignored)`.

    Attributes
    ----------
    calls : mapping of str to tuple of VariantCall
        By sample, in the order of the file.
    rows : int
        Rows that were read.
    used : int
        Rows that gave a call.
    ignored : mapping of str to int
        Rows left aside, by reason.
    """

    calls: Mapping[str, tuple[VariantCall, ...]]
    rows: int
    used: int
    ignored: Mapping[str, int]


def read_maf(text: str, file: str) -> VariantsRead:
    """Read a MAF file.

    Parameters
    ----------
    text : str
        Whole; any line ends.
    file : str
        Its name, for faults and sources.

    Returns
    -------
    VariantsRead
        Calls by sample. A row that stands twice is counted and used once.

    Raises
    ------
    Refusal
        With every heading that is missing; where there is none, with every row without a gene or a
        sample, of an unknown classification or status, with a number that is none, or that reports
        a variant of an earlier row otherwise.
    """
    table = read_tab(text, file, REQUIRED)
    change = next((name for name in _CHANGES if name in table.names), "")
    read = each_row(table, lambda row: _row(row, file, change))
    return _gathered(table, read)


def _gathered(
    table: TabTable, read: tuple[tuple[TabRow, tuple[str, VariantCall | None]], ...]
) -> VariantsRead:
    """Put the calls of a table together by sample; a row that stands twice is used once."""
    found: dict[tuple[str, str, str], VariantCall] = {}
    lines: dict[tuple[str, str, str], int] = {}
    ignored: Counter[str] = Counter()
    faults: list[Fault] = []
    for row, (sample, call) in read:
        if call is None:
            ignored[NOT_CALLED] += 1
            continue
        key = (sample, *call.key)
        earlier = found.setdefault(key, call)
        first = lines.setdefault(key, row.line)
        if first == row.line:
            continue
        if replace(call, source=earlier.source) == earlier:
            ignored[SAME_AGAIN] += 1
        else:
            what = f"the variant of line {first} with other values"
            faults.append(Fault("", what, "each variant once", "Correct one of them", "", row.line))
    refuse_all(faults, table.file)
    calls: dict[str, list[VariantCall]] = {}
    for (sample, *_), call in found.items():
        calls.setdefault(sample, []).append(call)
    by_sample = {sample: tuple(listed) for sample, listed in calls.items()}
    return VariantsRead(
        MappingProxyType(by_sample), len(read), len(found), MappingProxyType(dict(ignored))
    )


def _row(row: TabRow, file: str, change: str) -> tuple[str, VariantCall | None]:
    """Read the sample and the call of a row; no call where its status says so."""
    gene, sample = row.text("Hugo_Symbol"), row.text("Tumor_Sample_Barcode")
    for name, value in (("Hugo_Symbol", gene), ("Tumor_Sample_Barcode", sample)):
        if not value:
            raise refuse(name, "nothing", "a value in every row", "Complete the row")
    status = row.text("Mutation_Status").casefold()
    if status in _NOT_CALLED:
        return sample, None
    origin = _ORIGINS.get(status)
    if origin is None:
        raise refuse("Mutation_Status", shorten(status),
                     ", ".join(each for each in (*_ORIGINS, *sorted(_NOT_CALLED)) if each),
                     "Correct the status")  # fmt: skip
    return sample, VariantCall(
        gene,
        row.text(change).removeprefix("p."),
        _effect(row, gene),
        origin,
        row.number("t_alt_count"),
        row.number("t_ref_count"),
        _place(row),
        Source("maf", f"{file}:{row.line}"),
    )


def _effect(row: TabRow, gene: str) -> Effect:
    """Give what a row's variant does to the protein."""
    named = row.text("Variant_Classification")
    if (gene, named) == _PROMOTER:
        return "promoter"
    found = _EFFECTS.get(named)
    if found is None:
        raise refuse("Variant_Classification", shorten(named) or "nothing",
                     ", ".join(_EFFECTS), "Correct the classification")  # fmt: skip
    return found


def _place(row: TabRow) -> str:
    """Give build, chromosome, position and alleles; empty when the row tells no position."""
    position = row.number("Start_Position")
    chromosome = row.text("Chromosome")
    if position is None or not chromosome:
        return ""
    before = row.cells.get("Reference_Allele", "").strip()
    after = row.cells.get("Tumor_Seq_Allele2", "").strip()
    return f"{row.text('NCBI_Build')} {chromosome}:{position} {before}>{after}".strip()
