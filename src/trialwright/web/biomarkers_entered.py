"""What was entered of biomarkers: by whom and when, and what it amounts to now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trialwright.biomarkers.calls import Call, call_of
from trialwright.biomarkers.scores import Apart, apart
from trialwright.biomarkers.statuses import StatusFinding, status_of
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Ish, Stain
from trialwright.casebook.variants import SequencingRun
from trialwright.conduct.corrections import as_corrected
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.records import read
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.biomarker_settings import Alteration, StatusRule
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal
from trialwright.web.material_forms import tree_on_record

REDACTED = "a part of it was redacted"


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry about biomarkers.

    Attributes
    ----------
    participant : str
        Study number.
    says : tuple of str
        What was recorded, as corrections left it; one line for each piece of material.
    record : Recorded
        The entry: by whom, and when.
    is_corrected : bool
        Whether a value of it was corrected since.
    """

    participant: str
    says: tuple[str, ...]
    record: Recorded
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run of sequencing and what it says of each alteration of the protocol.

    Attributes
    ----------
    run : SequencingRun
        As it stands.
    says : str
        The run in one line.
    calls : tuple of (Alteration, Call)
        Rule, and what the run says of it with the reason.
    """

    run: SequencingRun
    says: str
    calls: tuple[tuple[Alteration, Call], ...]


def records_of(here: ParticipantState) -> list[Recorded]:
    """Give the entries about biomarkers of a participant.

    Parameters
    ----------
    here : ParticipantState
        Whose.

    Returns
    -------
    list of Recorded
        As the ledger holds them, in its order.
    """
    return [each for each in here.records if each.happening.act in _WORDS]


def entered(state: TrialState, record: Recorded) -> Entered:
    """Say what an entry about biomarkers recorded.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    record : Recorded
        One of `records_of`.

    Returns
    -------
    Entered
        As corrections left it.
    """
    corrections, done = state.corrected.get(record.sequence, ()), record.happening
    payload = as_corrected(record, corrections).happening.payload
    return Entered(done.subject, tuple(_WORDS[done.act](payload)), record, bool(corrections))


def runs_of(state: TrialState, here: ParticipantState) -> Iterator[RunShown]:
    """Say what each run of a participant tells of each alteration that the protocol names.

    Parameters
    ----------
    state : TrialState
        Under the version of the protocol in force at the participant's site.
    here : ParticipantState
        Whose.

    Yields
    ------
    RunShown
        In the order in which they were recorded.
    """
    settings, tree = state.study.biomarkers, tree_on_record(here)
    for run in here.biomarkers.runs:
        is_plasma = tree.is_tissue(run.material) is False
        calls = tuple((rule, call_of(run, rule, settings, is_plasma=is_plasma))
                      for rule in settings.alterations)  # fmt: skip
        yield RunShown(run, _run_words(run), calls)


def stains_of(
    state: TrialState, here: ParticipantState
) -> Iterator[tuple[str, tuple[tuple[StatusRule, StatusFinding], ...], tuple[Apart, ...]]]:
    """Say what each stain of a participant amounts to by the rules of the protocol.

    Parameters
    ----------
    state : TrialState
        Under the version of the protocol in force at the participant's site.
    here : ParticipantState
        Whose.

    Yields
    ------
    tuple of str, tuple of (StatusRule, StatusFinding), and tuple of Apart
        The stain in one line, its status by each rule for its protein, and scores that do not
        follow from the rest.
    """
    for stain in here.biomarkers.stains:
        rules = (rule for rule in state.study.biomarkers.statuses if rule.analyte == stain.analyte)
        found = tuple((rule, status_of(stain, rule)) for rule in rules)
        yield _stain_words(stain), found, apart(stain)


def _materials(payload: Mapping[str, Json]) -> Iterator[str]:
    """Say each piece of material of an entry."""
    held = payload.get("materials")
    for each in held if isinstance(held, list | tuple) else ():
        try:
            yield _material_words(read(Material, each))
        except Refusal:
            yield f"material, {REDACTED}"


def _run(payload: Mapping[str, Json]) -> Iterator[str]:
    """Say the run of an entry."""
    try:
        yield _run_words(read(SequencingRun, payload.get("run")))
    except Refusal:
        yield f"run of sequencing, {REDACTED}"


def _stain(payload: Mapping[str, Json]) -> Iterator[str]:
    """Say the stain of an entry."""
    try:
        yield _stain_words(read(Stain, payload.get("stain")))
    except Refusal:
        yield f"stain, {REDACTED}"


_WORDS = {
    "materials_recorded": _materials,
    "sequencing_recorded": _run,
    "stain_recorded": _stain,
}
"""Act to how its entry is said."""


def _material_words(material: Material) -> str:
    """Say a piece of material in one line."""
    parts = [f"{material.kind} {material.id}"]
    parts += [f"made of {material.made_of}"] if material.made_of else []
    parts += [material.time_point] if material.time_point else []
    parts += [str(material.on)] if material.on else []
    return ", ".join([*parts, f"quality {material.quality}"])


def _run_words(run: SequencingRun) -> str:
    """Say a run in one line."""
    panel = run.panel or "panel not told"
    head = f"run {run.id} of {run.material}, {panel}{f', {run.on}' if run.on else ''}"
    if run.outcome == "failed":
        return f"{head}: failed"
    if not run.calls:
        return f"{head}: no variant"
    named = (f"{each.name}{f' at {each.fraction:.2%}' if each.fraction is not None else ''}"
             for each in run.calls)  # fmt: skip
    return f"{head}: {', '.join(named)}"


def _stain_words(stain: Stain) -> str:
    """Say a stain in one line."""
    head = f"{stain.analyte} of {stain.material}{f', {stain.on}' if stain.on else ''}"
    if stain.outcome != "read":
        return f"{head}: {stain.outcome}"
    parts = [f"{stain.percent} % stained"] if stain.percent else []
    if stain.weak is not None:
        parts.append(f"weak {stain.weak:f} %, moderate {stain.moderate:f} %, "
                     f"strong {stain.strong:f} %")  # fmt: skip
    parts += [f"intensity {stain.intensity}"] if stain.intensity else []
    parts += [f"H-score {stain.h_score:f}"] if stain.h_score is not None else []
    parts += [f"Allred score {stain.allred}"] if stain.allred is not None else []
    parts += [f"score {stain.score}"] if stain.score else []
    parts += [f"score of another laboratory {stain.outside_score}"] if stain.outside_score else []
    parts += [stain.pattern] if stain.pattern else []
    parts += [*_ish_words(stain.ish)] if stain.ish else []
    parts += [f"clone {stain.clone}"] if stain.clone else []
    return f"{head}: {'; '.join(parts) or 'not available'}"


def _ish_words(ish: Ish) -> Iterator[str]:
    """Say the numbers of in-situ hybridisation."""
    for number, says in (
        (ish.ratio, "HER2/CEP17 ratio"),
        (ish.copies, "HER2 signals per cell"),
        (ish.outside_ratio, "ratio of another laboratory"),
        (ish.outside_copies, "signals a cell of another laboratory"),
    ):
        if number is not None:
            yield f"{says} {number:f}"
