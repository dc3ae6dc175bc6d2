"""Variants from a MAF file: every row gives a call, or is left aside by a named reason.

Columns as cBioPortal and the Genomic Data Commons write them. A MAF holds no sample in which
nothing was found: who was sequenced must come from elsewhere.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from trialwright.casebook.variants import Origin, VariantCall
from trialwright.intake.protein_changes import short_change
from trialwright.intake.tab_tables import TabRow, TabTable, each_row, read_tab, refuse_all
from trialwright.terms.errors import Fault, refuse, shorten
from trialwright.terms.markers import Effect
from trialwright.terms.sources import Source

REQUIRED = ("Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode")
"""Columns without which no row can be read."""

_CHANGES = ("HGVSp_Short", "Protein_Change", "amino_acid_change", "AAChange", "HGVSp")
"""Columns that may hold the change of the protein; the first that tells one counts."""

_BUILDS: Mapping[str, str] = MappingProxyType(
    {"grch37": "GRCh37", "hg19": "GRCh37", "37": "GRCh37",
     "grch38": "GRCh38", "hg38": "GRCh38", "38": "GRCh38"}
)  # fmt: skip
"""Build in small letters to its name; others stay as they are."""

_OTHER_LETTERS = re.compile("[a-z].*|[A-Z][a-z]+[0-9]*[a-z]?[0-9]*")
"""Symbols in small letters, or those of a mouse, which no panel holds."""

_UNKNOWN_GENE = "Unknown"
"""What some files write where no gene lies."""

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

NOT_CALLED, SAME_AGAIN, NOT_READ = (
    "its status says that nothing was called",
    "the same row again",
    "no read shows it",
)
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
        sample, of an unknown classification or status, with a number that is none, with more reads
        than its depth, of another build than the rows before it, or that reports a variant of an
        earlier row otherwise.
    """
    table = read_tab(text, file, REQUIRED)
    read = each_row(table, lambda row: _row(row, file))
    _one_build(table)
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
        if not call.is_seen:
            ignored[NOT_READ] += 1
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


def _one_build(table: TabTable) -> None:
    """Refuse rows of another build: positions and alleles would compare as others."""
    builds = [(row, _build(row)) for row in table.rows]
    told = [(row, build) for row, build in builds if build]
    refuse_all(
        [
            Fault("NCBI_Build", shorten(build), f"{shorten(told[0][1])}, as in line "
                  f"{told[0][0].line}", "Give a file for each build", "", row.line)
            for row, build in told
            if build != told[0][1]
        ],
        table.file,
    )  # fmt: skip


def _build(row: TabRow) -> str:
    """Give the build of a row by its name."""
    return _name_of_build(row.text("NCBI_Build"))


@lru_cache(100)
def _name_of_build(said: str) -> str:
    """Give a build by its name; one of no known name stays as it is."""
    return _BUILDS.get(said.casefold(), said)


def _row(row: TabRow, file: str) -> tuple[str, VariantCall | None]:
    """Read the sample and the call of a row; no call where its status says so."""
    gene, sample = row.text("Hugo_Symbol"), row.text("Tumor_Sample_Barcode")
    for name, value in (("Hugo_Symbol", gene), ("Tumor_Sample_Barcode", sample)):
        if not value:
            raise refuse(name, "nothing", "a value in every row", "Complete the row")
    if gene != _UNKNOWN_GENE and _OTHER_LETTERS.fullmatch(gene):
        raise refuse("Hugo_Symbol", shorten(gene), "the symbol in its own letters, e.g. PIK3CA",
                     "Correct the symbol: no panel or rule would find it")  # fmt: skip
    status = row.text("Mutation_Status").casefold()
    if status in _NOT_CALLED:
        return sample, None
    origin = _ORIGINS.get(status)
    if origin is None:
        raise refuse("Mutation_Status", shorten(status),
                     ", ".join(each for each in (*_ORIGINS, *sorted(_NOT_CALLED)) if each),
                     "Correct the status")  # fmt: skip
    told = (row.text(name) for name in _CHANGES)
    return sample, VariantCall(
        gene,
        short_change(next((each for each in told if each), "")),
        _effect(row, gene),
        origin,
        *_reads(row),
        _place(row),
        Source("maf", f"{file}:{row.line}"),
    )


def _reads(row: TabRow) -> tuple[int | None, int | None]:
    """Give reads with and without the variant; those without from the depth where need be."""
    alt, ref, depth = (row.number(name) for name in ("t_alt_count", "t_ref_count", "t_depth"))
    if depth is not None and (alt or 0) + (ref or 0) > depth:
        found = f"{alt or 0} + {ref or 0} reads of {depth}"
        raise refuse("t_depth", found, "no more than the depth", "Correct the numbers of reads")
    if ref is None and alt is not None and depth is not None:
        ref = depth - alt
    return alt, ref


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
    chromosome = chromosome.removeprefix("chr")
    return f"{_build(row)} {chromosome}:{position} {before}>{after}".strip()
