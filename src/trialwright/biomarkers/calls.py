"""What one run of sequencing says of one alteration; its silence counts only where it looked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.protocol.biomarker_settings import (
    Alteration,
    AlterationForm,
    BiomarkerSettings,
    Panel,
)

_COPIES_OF_A_CLONAL_VARIANT = 2
"""A heterozygous variant of every tumour cell, in a diploid stretch, makes up half of the tumour's
DNA: its fraction in plasma is the tumour fraction over 2."""


class CallState(StrEnum):
    """What a run says of an alteration."""

    DETECTED = "detected"
    GERMLINE = "germline"
    SUSPECTED_HAEMATOPOIESIS = "suspected clonal haematopoiesis"
    BELOW_LIMIT = "below limit"
    NOT_DETECTED = "not detected"
    NOT_INFORMATIVE = "not informative"
    NOT_COVERED = "not covered"
    FAILED = "failed"


STATE_MEANINGS: Mapping[CallState, str] = MappingProxyType(
    {
        CallState.DETECTED: "A variant that the rule names was called, at or above the limit.",
        CallState.GERMLINE: "The laboratory says that the variant is inherited.",
        CallState.SUSPECTED_HAEMATOPOIESIS: "The laboratory says so; or in plasma the gene is one "
        "of blood cells, it was not called somatic, and no white cells were sequenced beside it.",
        CallState.BELOW_LIMIT: "A variant was called below the limit of detection.",
        CallState.NOT_DETECTED: "The panel covers every form of the rule and nothing was called; "
        "in plasma, only where the limit and the tumour fraction would have shown it.",
        CallState.NOT_INFORMATIVE: "Plasma without it says nothing: no limit is told, the tumour "
        "fraction is too low to show it, or plasma never shows its absence.",
        CallState.NOT_COVERED: "The panel is not told or not described, lacks a gene of the rule, "
        "or does not call copies or rearrangements where the rule asks for them.",
        CallState.FAILED: "The run failed: nothing is known.",
    }
)
"""State to its meaning, in the order in which the first counts where several hold."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a run says of an alteration, with its reason.

    Attributes
    ----------
    state : CallState
        What it says.
    because : str
        One sentence.
    run : str
        Id of the run.
    material : str
        Id of the material sequenced.
    """

    state: CallState
    because: str
    run: str
    material: str


def call_of(
    run: SequencingRun, rule: Alteration, settings: BiomarkerSettings, *, is_plasma: bool
) -> Call:
    """Say what a run tells of an alteration.

    Parameters
    ----------
    run : SequencingRun
        The run.
    rule : Alteration
        What is looked for.
    settings : BiomarkerSettings
        Panels, and genes of clonal haematopoiesis.
    is_plasma : bool
        Whether cell-free DNA was sequenced.

    Returns
    -------
    Call
        Detected when one variant is; not detected only where the panel covers every form of the
        rule and, of cell-free DNA, where the limit and the tumour fraction let a variant be seen.
    """

    def say(state: CallState, because: str) -> Call:
        """Give the call of this run."""
        return Call(state, f"{because} ({rule.id}, run {run.id})", run.id, run.material)

    if run.outcome == "failed":
        return say(CallState.FAILED, "the run failed")
    panel = settings.panel(run.panel)
    limit = limit_of(run, panel)
    found = [
        _state_of(each, run, settings, limit, is_plasma=is_plasma)
        for each in run.seen
        if is_altered_by(each, rule)
    ]
    if found:
        order = list(CallState)
        return say(*min(found, key=lambda each: order.index(each[0])))
    return say(*_silence(run, rule, panel, limit, is_plasma=is_plasma))


def limit_of(run: SequencingRun, panel: Panel | None) -> Decimal | None:
    """Give the lowest variant allele fraction that a run detects.

    Parameters
    ----------
    run : SequencingRun
        The run.
    panel : Panel or None
        Its panel, where the protocol has it.

    Returns
    -------
    Decimal or None
        The run's own, else the panel's; None when neither is told.
    """
    if run.limit is not None:
        return run.limit
    return panel.limit if panel else None


def is_altered_by(call: VariantCall, rule: Alteration) -> bool:
    """Say whether a variant is the alteration of a rule.

    Parameters
    ----------
    call : VariantCall
        As reported.
    rule : Alteration
        Any of its forms suffices.

    Returns
    -------
    bool
        Where the rule asks for a place in the protein, a variant without one is not it.
    """
    return any(_has_form(call, form) for form in rule.forms)


def uncovered(run: SequencingRun, panel: Panel, rule: Alteration) -> tuple[str, ...]:
    """Say what of a rule a run did not look at.

    Parameters
    ----------
    run : SequencingRun
        The run.
    panel : Panel
        Its panel.
    rule : Alteration
        What is looked for.

    Returns
    -------
    tuple of str
        Empty when every form is looked at.
    """
    missing = [gene for gene in rule.genes if gene not in panel.genes]
    if any(form.needs_rearrangements for form in rule.forms) and not shows_rearrangements(
        run, panel
    ):
        missing.append("rearrangements")
    counted = [gene for form in rule.forms if form.needs_copies for gene in form.genes]
    counts = panel.counts_copies if run.counts_copies is None else run.counts_copies
    if counted and not counts:
        return (*missing, "copy number")
    return (*missing, *(f"copies of {gene}" for gene in counted if gene in run.uncounted))


def shows_rearrangements(run: SequencingRun, panel: Panel) -> bool:
    """Say whether a run would have called a rearrangement.

    Parameters
    ----------
    run : SequencingRun
        The run: its own word goes before its panel's.
    panel : Panel
        Its panel.

    Returns
    -------
    bool
        Whether its silence says anything of rearrangements.
    """
    called = run.calls_rearrangements
    return panel.calls_rearrangements if called is None else called


def residues_of(change: str) -> tuple[int, ...]:
    """Give the residues that a protein change names.

    Parameters
    ----------
    change : str
        E.g. `E17K`, `N867Sfs*2`, `E746_A750del`.

    Returns
    -------
    tuple of int
        The first, and for a stretch the last; empty when it names none.
    """
    return tuple(_residues(change))


def _residues(change: str) -> Iterator[int]:
    """Read numbers that follow a letter at the beginning, or after `_`."""
    for part in change.split("_")[:2]:
        digits = ""
        for sign in part[1:]:
            if not sign.isdigit():
                break
            digits += sign
        if digits:
            yield int(digits)


def _has_form(call: VariantCall, form: AlterationForm) -> bool:
    """Say whether a variant has one form of an alteration."""
    if call.gene not in form.genes or call.effect not in form.counted:
        return False
    if form.changes and call.change not in form.changes:
        return False
    if not form.residues:
        return True
    named = residues_of(call.change)
    return any(each.first <= residue <= each.last for residue in named for each in form.residues)


def _state_of(
    call: VariantCall,
    run: SequencingRun,
    settings: BiomarkerSettings,
    limit: Decimal | None,
    *,
    is_plasma: bool,
) -> tuple[CallState, str]:
    """Say what a variant that was reported is."""
    seen = _said(call)
    if call.origin == "germline":
        return CallState.GERMLINE, f"{seen}, of the germline"
    if call.origin == "suspected clonal haematopoiesis":
        return CallState.SUSPECTED_HAEMATOPOIESIS, f"{seen}, suspected by the laboratory"
    is_watched = is_plasma and call.gene in settings.haematopoiesis_genes
    if is_watched and call.origin != "somatic" and not run.white_cells_beside:
        why = f"{seen}, in plasma without white blood cells sequenced beside it"
        return CallState.SUSPECTED_HAEMATOPOIESIS, why
    if limit is not None and call.fraction is not None and call.fraction < limit:
        return CallState.BELOW_LIMIT, f"{seen}, below the limit of {limit:.2%}"
    return CallState.DETECTED, seen


def _said(call: VariantCall) -> str:
    """Say a variant with its reads, or its fraction as told."""
    if call.fraction is None:
        return call.name
    if call.alt_reads is None or call.ref_reads is None:
        return f"{call.name} at {call.fraction:.2%}"
    return f"{call.name} in {call.alt_reads} of {call.alt_reads + call.ref_reads} reads"


def _silence(
    run: SequencingRun,
    rule: Alteration,
    panel: Panel | None,
    limit: Decimal | None,
    *,
    is_plasma: bool,
) -> tuple[CallState, str]:
    """Say what it means that a run reported nothing of a rule."""
    if panel is None:
        named = f"panel {run.panel}, which the protocol does not describe" if run.panel else ""
        return CallState.NOT_COVERED, named or "the panel is not recorded"
    missing = uncovered(run, panel, rule)
    if missing:
        return CallState.NOT_COVERED, f"panel {panel.id} does not cover {_listed(missing)}"
    stated = "" if limit is None else f", limit {limit:.2%}"
    none = f"no {' or '.join(rule.genes)} alteration{stated}"
    if not is_plasma:
        return CallState.NOT_DETECTED, none if stated else f"{none}, limit not recorded"
    if rule.silent_in_plasma:
        return CallState.NOT_INFORMATIVE, f"{none}: plasma alone does not show its absence"
    if limit is None:
        return CallState.NOT_INFORMATIVE, f"{none}, and no limit of detection is recorded"
    least = _expected(run)
    if least is not None and least < limit:
        fraction = run.tumour_fraction or Decimal(0)
        why = f"{none}, but a tumour fraction of {fraction:.2%} would not show one"
        return CallState.NOT_INFORMATIVE, why
    return CallState.NOT_DETECTED, none


def _expected(run: SequencingRun) -> Decimal | None:
    """Give the fraction at which a clonal heterozygous variant would be seen in plasma."""
    fraction = run.tumour_fraction
    return None if fraction is None else fraction / _COPIES_OF_A_CLONAL_VARIANT


def _listed(names: Sequence[str]) -> str:
    """Name several things."""
    return ", ".join(names)
