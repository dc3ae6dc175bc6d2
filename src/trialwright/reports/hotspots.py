"""Variants by how many participants carry them, of how many whose gene was looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from trialwright.biomarkers.records import BiomarkerRecord, tree_of
from trialwright.casebook.variants import SequencingRun
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.reports.results import Result, told
from trialwright.terms.markers import PROTEIN_ALTERING

HOTSPOTS = "Variants that change a protein, by participants who carry them"

MOST_ROWS = 40
"""Variants listed; what more there are is said."""


@dataclass(slots=True)
class _Seen:
    """Who carries a variant, and at which fractions."""

    carriers: set[str] = field(default_factory=set)
    fractions: list[Decimal] = field(default_factory=list)


def hotspot_table(
    roster: Sequence[str], records: Mapping[str, BiomarkerRecord], settings: BiomarkerSettings
) -> Iterator[Result]:
    """Count the carriers of each variant in tissue and in cell-free DNA.

    Parameters
    ----------
    roster : sequence of str
        Study numbers of the analysis set.
    records : mapping of str to BiomarkerRecord
        By study number.
    settings : BiomarkerSettings
        Panels: who was looked at for a gene.

    Yields
    ------
    Result
        One row a variant, most carriers first; germline variants are left out.
    """
    seen: dict[tuple[str, str, str], _Seen] = {}
    looked: dict[tuple[str, str], set[str]] = {}
    for number in roster:
        record = records.get(number)
        for run, where in _runs(record) if record else ():
            for gene in _covered(run, settings):
                looked.setdefault((gene, where), set()).add(number)
            for call in run.seen:
                if call.effect in PROTEIN_ALTERING and call.origin != "germline":
                    key = (call.gene, call.change or call.effect, where)
                    one = seen.setdefault(key, _Seen())
                    one.carriers.add(number)
                    one.fractions += [call.fraction] if call.fraction is not None else []
    ordered = sorted(seen.items(), key=lambda each: (-len(each[1].carriers), each[0]))
    for (gene, change, where), one in ordered[:MOST_ROWS]:
        row = f"{gene} {change} / {where}"
        of = len(looked.get((gene, where), set()) | one.carriers)
        count = len(one.carriers)
        yield Result(HOTSPOTS, row, "participants", "n", count, of, "", f"{count}/{of}")
        yield told(HOTSPOTS, row, "allele fraction", _spread(one.fractions))
    if len(ordered) > MOST_ROWS:
        more = f"{len(ordered) - MOST_ROWS} more variants are not listed"
        yield told(HOTSPOTS, "...", "allele fraction", more)


def _runs(record: BiomarkerRecord) -> Iterator[tuple[SequencingRun, str]]:
    """Give the runs that passed, with what was sequenced."""
    tree = tree_of(record)
    for run in record.runs:
        if run.outcome == "passed":
            yield run, "tissue DNA" if tree.is_tissue(run.material) else "cfDNA"


def _covered(run: SequencingRun, settings: BiomarkerSettings) -> tuple[str, ...]:
    """Give the genes that a run looked at."""
    panel = settings.panel(run.panel)
    return panel.genes if panel else ()


def _spread(fractions: Sequence[Decimal]) -> str:
    """Say lowest and highest allele fraction."""
    if not fractions:
        return "not told"
    low, high = min(fractions), max(fractions)
    return f"{low:.2%}" if low == high else f"{low:.2%} to {high:.2%}"
