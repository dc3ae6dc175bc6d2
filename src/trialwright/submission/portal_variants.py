"""Variants and copies as cBioPortal reads them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.terms.markers import COPY_EFFECTS

MAF_COLUMNS = (
    "Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "End_Position",
    "Variant_Classification", "Variant_Type", "Reference_Allele", "Tumor_Seq_Allele1",
    "Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "Mutation_Status", "t_alt_count", "t_ref_count",
    "HGVSp_Short",
)  # fmt: skip
"""Columns of the file of variants."""

_BUILDS: Mapping[str, str] = MappingProxyType(
    {"GRCh37": "GRCh37", "hg19": "GRCh37", "37": "GRCh37",
     "GRCh38": "GRCh38", "hg38": "GRCh38", "38": "GRCh38"}
)  # fmt: skip
"""Build as written to its name in the file."""

_PLACE = re.compile(r"(\S+) (?:chr)?([0-9]{1,2}|X|Y|MT|M):([0-9]+) ([ACGT]*|-)>([ACGT]*|-)")

_CLASSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missense": ("Missense_Mutation",) * 2,
        "nonsense": ("Nonsense_Mutation",) * 2,
        "frameshift": ("Frame_Shift_Del", "Frame_Shift_Ins"),
        "in-frame": ("In_Frame_Del", "In_Frame_Ins"),
        "splice": ("Splice_Site",) * 2,
        "start lost": ("Translation_Start_Site",) * 2,
        "stop lost": ("Nonstop_Mutation",) * 2,
        "promoter": ("5'Flank",) * 2,
        "silent": ("Silent",) * 2,
    }
)
"""Effect to its classification: where bases are lost, and otherwise."""

_STATUS: Mapping[str, str] = MappingProxyType(
    {"somatic": "SOMATIC", "germline": "GERMLINE", "not recorded": "UNKNOWN"}
)
"""Origin to the mutation status."""

_COPIES: Mapping[str, str] = MappingProxyType(
    {"deep deletion": "-2", "loss": "-1", "gain": "1", "amplification": "2"}
)
"""What became of the copies to the value of the file."""

_SUBSTITUTIONS: Mapping[int, str] = MappingProxyType({1: "SNP", 2: "DNP", 3: "TNP"})
"""Bases replaced to the type of the variant."""


@dataclass(frozen=True, slots=True)
class PortalVariants:
    """Rows of the file of variants; every call has a row or is left out by a named reason.

    Attributes
    ----------
    rows : tuple of tuple of str
        In the order of `MAF_COLUMNS`.
    builds : tuple of str
        Genome builds of the rows, each once; the file may have one.
    left_out : mapping of str to int
        Calls left out, by reason.
    """

    rows: tuple[tuple[str, ...], ...]
    builds: tuple[str, ...]
    left_out: Mapping[str, int]


def variants_of(runs: Iterable[SequencingRun]) -> PortalVariants:
    """Write the small variants of runs.

    Parameters
    ----------
    runs : iterable of SequencingRun
        Each a sample.

    Returns
    -------
    PortalVariants
        Rows and what is left out: copies and rearrangements have files of their own and are not
        counted.
    """
    rows: list[tuple[str, ...]] = []
    left_out: Counter[str] = Counter()
    for run in runs:
        for call in run.seen:
            if call.effect in COPY_EFFECTS or _is_structural(call):
                continue
            row = _row(call, run.id)
            if isinstance(row, str):
                left_out[row] += 1
            else:
                rows.append(row)
    builds = tuple(dict.fromkeys(row[MAF_COLUMNS.index("NCBI_Build")] for row in rows))
    return PortalVariants(tuple(rows), builds, MappingProxyType(dict(left_out)))


def copies_of(
    runs: Sequence[SequencingRun], settings: BiomarkerSettings
) -> tuple[tuple[str, ...], ...]:
    """Write the copies of genes.

    Parameters
    ----------
    runs : sequence of SequencingRun
        Those that counted copies; each a column.
    settings : BiomarkerSettings
        Panels.

    Returns
    -------
    tuple of tuple of str
        The heading, then one row a gene; `NA` where a run does not tell the copies of the gene.
    """
    panels = {run.id: settings.panel(run.panel) for run in runs}
    genes = dict.fromkeys(
        gene for run in runs for panel in (panels[run.id],) if panel for gene in panel.genes
    )
    found = {
        (run.id, call.gene): _COPIES[call.effect]
        for run in runs
        for call in run.seen
        if call.effect in COPY_EFFECTS
    }
    rows = [("Hugo_Symbol", *(run.id for run in runs))]
    for gene in genes:
        cells = []
        for run in runs:
            panel = panels[run.id]
            is_told = panel is not None and gene in panel.genes and gene not in run.uncounted
            cells.append(found.get((run.id, gene), "0" if is_told else "NA"))
        rows.append((gene, *cells))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A gene panel as the folder holds it.

    Attributes
    ----------
    id, says : str
        Its name, and in words.
    genes : tuple of str
        Genes that it shows.
    """

    id: str
    says: str
    genes: tuple[str, ...]


def panels_shown(
    runs: Sequence[SequencingRun], settings: BiomarkerSettings
) -> Mapping[str, ShownPanel]:
    """Give the panel under which the portal shows each run.

    Parameters
    ----------
    runs : sequence of SequencingRun
        That passed.
    settings : BiomarkerSettings
        Panels of the protocol.

    Returns
    -------
    mapping of str to ShownPanel
        By run. The portal takes a sequenced sample without a panel for a whole exome, so a run of a
        panel that nobody described stands under one of the genes that it found, and one that found
        nothing is left out: nobody knows what it looked at.
    """
    found: dict[str, ShownPanel] = {}
    for run in runs:
        panel = settings.panel(run.panel)
        genes = tuple(dict.fromkeys(call.gene for call in run.seen))
        if panel is not None:
            found[run.id] = ShownPanel(panel.id, panel.says, panel.genes)
        elif genes:
            name = f"found-{len(found) + 1}"
            found[run.id] = ShownPanel(name, "Genes in which something was found", genes)
    return MappingProxyType(found)


SV_COLUMNS = ("Sample_Id", "SV_Status", "Site1_Hugo_Symbol", "Site2_Hugo_Symbol", "Event_Info")
"""Columns of the file of structural variants."""


def structural_of(runs: Iterable[SequencingRun]) -> tuple[tuple[str, ...], ...]:
    """Write the rearrangements of runs.

    Parameters
    ----------
    runs : iterable of SequencingRun
        Each a sample.

    Returns
    -------
    tuple of tuple of str
        Rows in the order of `SV_COLUMNS`; one that is told of both its genes stands once.
    """
    rows: dict[tuple[str, ...], None] = {}
    for run in runs:
        for call in run.seen:
            if not _is_structural(call):
                continue
            first, _, second = call.change.partition("::")
            genes = (first, second) if second and call.gene in (first, second) else (call.gene, "")
            status = "GERMLINE" if call.origin == "germline" else "SOMATIC"
            rows[run.id, status, *genes, call.change or "rearrangement"] = None
    return tuple(rows)


def _is_structural(call: VariantCall) -> bool:
    """Say whether the file of structural variants can hold a call: it knows no other origins."""
    return call.effect == "rearrangement" and call.origin in ("somatic", "germline", "not recorded")


def _row(call: VariantCall, sample: str) -> tuple[str, ...] | str:
    """Write one call, or say why it is left out."""
    if call.origin not in _STATUS:
        return f"{call.origin}: it would be shown as the tumour's"
    if call.effect not in _CLASSES:
        return f"the effect `{call.effect}` has no classification"
    found = _PLACE.fullmatch(call.place)
    build = _BUILDS.get(found[1]) if found else None
    if found is None or build is None:
        return "its position, alleles or genome build are not told"
    before, after = found[4].strip("-"), found[5].strip("-")
    start = int(found[3])
    lost, gained = _CLASSES[call.effect]
    return (
        call.gene,
        build,
        found[2],
        str(start),
        str(start + max(len(before) - 1, 0) + (not before)),
        lost if len(before) > len(after) else gained,
        _type(before, after),
        before or "-",
        before or "-",
        after or "-",
        sample,
        _STATUS[call.origin],
        _number(call.alt_reads),
        _number(call.ref_reads),
        f"p.{call.change}" if call.change else "",
    )


def _type(before: str, after: str) -> str:
    """Give the type of a variant by its alleles."""
    if len(before) == len(after):
        return _SUBSTITUTIONS.get(len(before), "ONP")
    return "DEL" if len(before) > len(after) else "INS"


def _number(reads: int | None) -> str:
    """Write a number of reads; nothing when it is not told."""
    return "" if reads is None else str(reads)
