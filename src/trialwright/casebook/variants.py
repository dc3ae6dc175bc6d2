"""Results of sequencing: a run on a piece of material, and the variants it called."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.markers import Effect
from trialwright.terms.sources import Source

Origin = Literal["somatic", "germline", "suspected clonal haematopoiesis", "not recorded"]
"""Where the laboratory says that a variant comes from."""


def _is_fraction(number: Decimal) -> bool:
    """Say whether a number is one from 0 to 1; what is no number compares with none."""
    return number.is_finite() and 0 <= number <= 1


@dataclass(frozen=True, slots=True)
class VariantCall:
    """An alteration that a run reported.

    Attributes
    ----------
    gene : str
        Symbol.
    change : str
        Change of the protein without `p.`, e.g. `E17K`; empty when not told.
    effect : str
        What it does to the gene, a word of `Effect`.
    origin : str
        Where the laboratory says that it comes from.
    alt_reads, ref_reads : int or None
        Reads with and without it; None when not told.
    place : str
        Build, chromosome, position and alleles, e.g. `GRCh37 3:178952085 A>G`; empty for copies.
    source : Source
        File and line.
    told_fraction : Decimal or None, fraction
        Variant allele fraction where the laboratory tells it without reads.

    Raises
    ------
    Refusal
        If a number of reads is negative, or the fraction is none.
    """

    gene: str
    change: str
    effect: Effect
    origin: Origin
    alt_reads: int | None
    ref_reads: int | None
    place: str
    source: Source
    told_fraction: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        faults = [
            Fault(name, shorten(reads), "0 or more reads", "Correct the number")
            for name in ("alt_reads", "ref_reads")
            if (reads := getattr(self, name)) is not None and reads < 0
        ]
        if self.told_fraction is not None and not _is_fraction(self.told_fraction):
            found = shorten(self.told_fraction)
            do = "Correct the fraction"
            faults.append(Fault("told_fraction", found, "a fraction from 0 to 1", do))
        if faults:
            raise Refusal(faults)

    @property
    def fraction(self) -> Decimal | None:
        """Variant allele fraction: of the reads, else as told; None when there is neither."""
        if self.alt_reads is None or self.ref_reads is None:
            return self.told_fraction
        depth = self.alt_reads + self.ref_reads
        return Decimal(self.alt_reads) / depth if depth else None

    @property
    def is_seen(self) -> bool:
        """Whether any of it was seen; one of no reads, or of a fraction of 0, was looked for."""
        return self.alt_reads != 0 if self.alt_reads is not None else self.told_fraction != 0

    @property
    def name(self) -> str:
        """Gene and change, by which people and time points are compared."""
        return f"{self.gene} {self.change or self.place or self.effect}"

    @property
    def key(self) -> tuple[str, str]:
        """What makes two calls the same variant: its gene, with its place or else its change."""
        return self.gene, self.place or self.change or self.effect


@dataclass(frozen=True, slots=True)
class SequencingRun:
    """One run of an assay on a piece of material; without calls it found nothing.

    Attributes
    ----------
    id : str
        As the laboratory names it; unique in the trial.
    material : str
        Id of the material sequenced.
    panel : str
        Which panel; empty when not told.
    outcome : {'passed', 'failed'}
        Whether the laboratory stands by its result.
    on : PartialDate or None
        Day of the result.
    limit : Decimal or None, fraction
        Lowest variant allele fraction it detects, where it differs from the panel's.
    tumour_fraction : Decimal or None, fraction
        Of cell-free DNA, the part that comes of tumour.
    white_cells_beside : bool or None
        Whether white blood cells were sequenced beside it; None when not told.
    calls : tuple of VariantCall
        What it found.
    source : Source
        Where it stands.
    counts_copies : bool or None
        Whether copy number was called; None: as the panel says.
    uncounted : tuple of str
        Genes whose copies this run does not tell, although others are.
    calls_rearrangements : bool or None
        Whether rearrangements were called; None: as the panel says.

    Raises
    ------
    Refusal
        If a fraction is none, or a run that failed has calls.
    """

    id: str
    material: str
    panel: str
    outcome: Literal["passed", "failed"]
    on: PartialDate | None
    limit: Decimal | None
    tumour_fraction: Decimal | None
    white_cells_beside: bool | None
    calls: tuple[VariantCall, ...]
    source: Source
    counts_copies: bool | None = None
    uncounted: tuple[str, ...] = ()
    calls_rearrangements: bool | None = None

    @property
    def seen(self) -> tuple[VariantCall, ...]:
        """Calls of which something was seen."""
        return tuple(each for each in self.calls if each.is_seen)

    def __post_init__(self) -> None:
        """Refuse what no run gives."""
        faults = [
            Fault(name, shorten(part), "a fraction from 0 to 1", "Correct the fraction")
            for name in ("limit", "tumour_fraction")
            if (part := getattr(self, name)) is not None and not _is_fraction(part)
        ]
        if self.outcome == "failed" and self.calls:
            found = f"{len(self.calls)} calls of a run that failed"
            do = "Correct the outcome, or leave the calls out"
            faults.append(Fault("calls", found, "no calls", do))
        if faults:
            raise Refusal(faults)
