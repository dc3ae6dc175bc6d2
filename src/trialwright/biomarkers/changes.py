"""What became of a participant's variants between two time points: lost, persistent or emergent.

A variant that one of the two time points could not have shown is neither lost nor emergent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trialwright.biomarkers.calls import limit_of, shows_rearrangements
from trialwright.biomarkers.records import BiomarkerRecord, SpecimenTree, tree_of
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.terms.markers import COPY_EFFECTS, Family, TimePoint

_NOT_TUMOUR = ("germline", "suspected clonal haematopoiesis")


class ChangeState(StrEnum):
    """What became of a variant.

    `up` and `down` are of one that was detected twice, where limits of its fraction allow no other;
    `persistent` of every other that was. `absent`: detected at neither time.
    """

    PERSISTENT = "persistent"
    UP = "up"
    DOWN = "down"
    LOST = "lost"
    EMERGENT = "emergent"
    ABSENT = "absent"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Reading:
    """A variant at one time point.

    Attributes
    ----------
    is_detected : bool or None
        None when the time point could not have shown it.
    alt_reads, ref_reads : int or None
        Reads with and without it; None when not told or not detected.
    because : str
        Why: the run and its reads, or what was not looked at.
    fraction : Decimal or None
        Variant allele fraction: of the reads, else as told; None when there is neither.
    limit : Decimal or None
        Lowest fraction that the run would have detected; None when not told.
    """

    is_detected: bool | None
    alt_reads: int | None
    ref_reads: int | None
    because: str
    fraction: Decimal | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VariantChange:
    """One variant of one participant at two time points.

    Attributes
    ----------
    participant : str
        Study number.
    gene, variant : str
        Symbol, and gene with its change as people name it.
    state : ChangeState
        What became of it.
    before, after : Reading
        At the two time points.
    """

    participant: str
    gene: str
    variant: str
    state: ChangeState
    before: Reading
    after: Reading


def changes_of(
    record: BiomarkerRecord,
    settings: BiomarkerSettings,
    family: Family,
    before: TimePoint,
    after: TimePoint,
) -> tuple[VariantChange, ...]:
    """Compare the variants of a participant at two time points.

    Parameters
    ----------
    record : BiomarkerRecord
        Materials and runs.
    settings : BiomarkerSettings
        Panels and their limits, and genes of clonal haematopoiesis.
    family : {'tissue DNA', 'cfDNA'}
        Which runs are compared.
    before, after : str
        The two time points.

    Returns
    -------
    tuple of VariantChange
        One for each variant found at either, in the order found. Two calls are one variant when
        gene and protein change are the same, for two assays may count positions otherwise. Variants
        of the germline, and those suspected to come of blood cells, are left out. A time point
        shows a variant that a run of it called at or above its limit; it shows its absence only
        where a run that passed covers the gene and, of cell-free DNA, has a limit at or below the
        fraction seen at the other time point.

    Raises
    ------
    Refusal
        If the materials contradict each other.
    """
    tree = tree_of(record)
    early = _runs(record, tree, family, before)
    late = _runs(record, tree, family, after)
    found: dict[str, VariantCall] = {}
    for run in (*early, *late):
        for call in run.seen:
            if _is_of_tumour(call, run, settings, family):
                found.setdefault(call.name, call)
    return tuple(
        _change(record.participant, call, (early, late), settings, family)
        for call in found.values()
    )


def _runs(
    record: BiomarkerRecord, tree: SpecimenTree, family: Family, when: TimePoint
) -> tuple[SequencingRun, ...]:
    """Give the runs of a family at a time point that passed."""
    wants_tissue = family == "tissue DNA"
    return tuple(
        run
        for run in record.runs
        if run.outcome == "passed"
        and tree.is_tissue(run.material) is wants_tissue
        and tree.time_point_of(run.material) == when
    )


def _is_of_tumour(
    call: VariantCall, run: SequencingRun, settings: BiomarkerSettings, family: Family
) -> bool:
    """Say whether a call is taken for one of the tumour."""
    if call.origin in _NOT_TUMOUR:
        return False
    is_watched = family == "cfDNA" and call.gene in settings.haematopoiesis_genes
    return not is_watched or call.origin == "somatic" or bool(run.white_cells_beside)


def _change(
    participant: str,
    call: VariantCall,
    runs: tuple[Sequence[SequencingRun], Sequence[SequencingRun]],
    settings: BiomarkerSettings,
    family: Family,
) -> VariantChange:
    """Say what became of one variant."""
    seen = [_seen(call, each, settings) for each in runs]
    highest = max((each.fraction for each in seen if each and each.fraction), default=None)
    before, after = (
        reading or _silence(call, each, settings, highest, is_plasma=family == "cfDNA")
        for reading, each in zip(seen, runs, strict=True)
    )
    states: dict[tuple[bool | None, bool | None], ChangeState] = {
        (True, True): ChangeState.PERSISTENT,
        (True, False): ChangeState.LOST,
        (False, True): ChangeState.EMERGENT,
    }
    state = states.get((before.is_detected, after.is_detected), ChangeState.UNDETERMINED)
    return VariantChange(participant, call.gene, call.name, state, before, after)


def _seen(
    call: VariantCall, runs: Sequence[SequencingRun], settings: BiomarkerSettings
) -> Reading | None:
    """Give the first call of a variant at a time point; one below the limit leaves it open."""
    found = [_reading(each, run, settings) for run, each in _same(call, runs)]
    return next((each for each in found if each.is_detected), found[0] if found else None)


def _same(
    call: VariantCall, runs: Sequence[SequencingRun]
) -> Iterator[tuple[SequencingRun, VariantCall]]:
    """Find the calls of one variant."""
    for run in runs:
        for each in run.seen:
            if each.name == call.name:
                yield run, each


def _reading(call: VariantCall, run: SequencingRun, settings: BiomarkerSettings) -> Reading:
    """Give a call as a reading."""
    limit = limit_of(run, settings.panel(run.panel))
    is_low = limit is not None and call.fraction is not None and call.fraction < limit
    said = f"run {run.id}" if not is_low else f"run {run.id}, below its limit"
    is_detected = None if is_low else True
    return Reading(is_detected, call.alt_reads, call.ref_reads, said, call.fraction, limit)


def _silence(
    call: VariantCall,
    runs: Sequence[SequencingRun],
    settings: BiomarkerSettings,
    highest: Decimal | None,
    *,
    is_plasma: bool,
) -> Reading:
    """Say whether a time point without a call shows the absence of the variant."""
    whys = []
    for run in runs:
        why = _why_silent(call, run, settings, highest, is_plasma=is_plasma)
        if not why:
            said = f"run {run.id} covers {call.gene}"
            limit = limit_of(run, settings.panel(run.panel))
            return Reading(is_detected=False, alt_reads=None, ref_reads=None, because=said,
                           limit=limit)  # fmt: skip
        whys.append(f"run {run.id}: {why}")
    return Reading(None, None, None, "; ".join(whys) or "no run that passed")


def _why_silent(
    call: VariantCall,
    run: SequencingRun,
    settings: BiomarkerSettings,
    highest: Decimal | None,
    *,
    is_plasma: bool,
) -> str:
    """Say why a run could not have shown a variant; empty when it could."""
    panel = settings.panel(run.panel)
    if panel is None:
        return "its panel is not described"
    if call.gene not in panel.genes:
        return f"panel {panel.id} does not cover {call.gene}"
    counts = panel.counts_copies if run.counts_copies is None else run.counts_copies
    if call.effect in COPY_EFFECTS and (not counts or call.gene in run.uncounted):
        return "copies were not counted"
    if call.effect == "rearrangement" and not shows_rearrangements(run, panel):
        return "rearrangements were not called"
    if not is_plasma:
        return ""
    limit = limit_of(run, panel)
    if limit is None:
        return "no limit of detection is recorded"
    if highest is not None and highest < limit:
        return f"its limit of {limit:.2%} is above the fraction seen at the other time point"
    return ""
