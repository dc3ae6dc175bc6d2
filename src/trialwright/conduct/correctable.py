"""Which happenings can be corrected: how each is read back as the act that made it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar, cast

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import OtherEntry, Visit
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.treatments import Coverage, Specimen, Treatment
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.casebook.variants import SequencingRun
from trialwright.conduct.acts import (
    RecordAdverseEvent,
    RecordDoses,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.biomarkers import record_materials, record_sequencing, record_stain
from trialwright.conduct.central_records import CENTRAL_ACTS
from trialwright.conduct.clinical import HAPPENING, record_entry, record_form
from trialwright.conduct.clinical_acts import RecordForm
from trialwright.conduct.corrections import as_corrected, lost_by
from trialwright.conduct.course_folding import MANY, ONCE
from trialwright.conduct.happenings import Happening
from trialwright.conduct.legible import Legible
from trialwright.conduct.observing import (
    record_adverse_event,
    record_doses,
    record_tumour_assessment,
    record_tumour_baseline,
)
from trialwright.conduct.screening import record_facts
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal, Stood, refuse

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Entry:
    """How a happening is read back as the act that made it, and decided anew.

    Attributes
    ----------
    kind : type
        The act; whoever may do it may correct it.
    act : callable (Legible) -> act
        The act, with what redactions left of it.
    decide : callable (TrialState, act, Stood) -> tuple of Happening
        The function that decides it, but for faults that stood already.
    fields : tuple of str
        Paths below which a value may be corrected.
    """

    kind: type
    act: Callable[[Legible], Any]
    decide: Callable[[TrialState, Any, Stood], tuple[Happening, ...]]
    fields: tuple[str, ...]


def _facts(seen: Legible) -> RecordFacts:
    """Read back facts."""
    born, unsettled = seen.value("born"), seen.value("unsettled") or ()
    return RecordFacts(
        seen.happening.subject, seen.happening.on,
        PartialDate.parse(cast(str, born)) if born else None, cast(Any, seen.value("sex")),
        seen.facts(Observation, "observations"), seen.facts(Condition, "conditions"),
        seen.facts(Treatment, "treatments"), seen.facts(Specimen, "specimens"),
        seen.facts(Coverage, "coverage"), tuple(str(each) for each in cast(Any, unsettled)),
    )  # fmt: skip


def _form(seen: Legible) -> RecordForm:
    """Read back a form."""
    return RecordForm(
        seen.happening.subject, seen.happening.on, str(seen.value("form") or ""),
        str(seen.value("visit") or ""), seen.facts(Observation, "observations"),
        seen.facts(Condition, "conditions"), seen.facts(Treatment, "treatments"),
        seen.facts(Specimen, "specimens"), seen.facts(OtherEntry, "others"),
    )  # fmt: skip


def _whole(seen: Legible, kind: type[Kind], name: str) -> Kind:
    """Read back a fact of which no part may be missing."""
    fact = seen.fact(kind, name)
    if fact is None:
        raise _redacted(seen.record.sequence)
    return fact


def _materials(seen: Legible) -> RecordMaterials:
    """Read back material."""
    done = seen.happening
    return RecordMaterials(done.subject, done.on, seen.facts(Material, "materials"))


def _sequencing(seen: Legible) -> RecordSequencing:
    """Read back a run of sequencing."""
    done = seen.happening
    return RecordSequencing(done.subject, done.on, _whole(seen, SequencingRun, "run"))


def _stain(seen: Legible) -> RecordStain:
    """Read back a stain."""
    done = seen.happening
    return RecordStain(done.subject, done.on, _whole(seen, Stain, "stain"))


def _doses(seen: Legible) -> RecordDoses:
    """Read back doses."""
    return RecordDoses(seen.happening.subject, seen.happening.on, seen.facts(DoseGiven, "doses"))


def _event(seen: Legible) -> RecordAdverseEvent:
    """Read back an adverse event."""
    event = _whole(seen, AdverseEvent, "event")
    return RecordAdverseEvent(seen.happening.subject, seen.happening.on, event)


def _baseline(seen: Legible) -> RecordTumourBaseline:
    """Read back the disease before treatment."""
    found = _whole(seen, TumourBaseline, "baseline")
    return RecordTumourBaseline(seen.happening.subject, found, _evaluator(seen))


def _assessment(seen: Legible) -> RecordTumourAssessment:
    """Read back a tumour assessment."""
    found = _whole(seen, TumourAssessment, "assessment")
    return RecordTumourAssessment(seen.happening.subject, found, _evaluator(seen))


def _evaluator(seen: Legible) -> Any:
    """Read back who read; empty: the investigator, of whom nothing is written."""
    if seen.happening.act not in CENTRAL_ACTS:
        return ""
    found = seen.value("evaluator")
    if found is None:
        raise _redacted(seen.record.sequence)
    return found


def _entry_of(act: type) -> Callable[[Legible], Any]:
    """Make the reader of an entry of the course."""
    kinds = {**ONCE, **MANY}
    name = HAPPENING[act]

    def read(seen: Legible) -> Any:
        """Read back an entry of the course."""
        kind = kinds[name][0] if name in kinds else Visit
        done = seen.happening
        return act(done.subject, done.on, _whole(seen, kind, "entry"), done.reason)

    return read


CORRECTABLE: Mapping[str, Entry] = MappingProxyType(
    {
        "facts_recorded": Entry(RecordFacts, _facts, record_facts, ("payload",)),
        "doses_recorded": Entry(RecordDoses, _doses, record_doses, ("payload/doses",)),
        "adverse_event_recorded": Entry(
            RecordAdverseEvent, _event, record_adverse_event, ("payload/event",)
        ),
        "tumour_baseline_recorded": Entry(
            RecordTumourBaseline, _baseline, record_tumour_baseline, ("payload/baseline",)
        ),
        "tumour_assessed": Entry(
            RecordTumourAssessment, _assessment, record_tumour_assessment, ("payload/assessment",)
        ),
        "central_baseline_recorded": Entry(
            RecordTumourBaseline, _baseline, record_tumour_baseline, ("payload/baseline",)
        ),
        "central_assessed": Entry(
            RecordTumourAssessment, _assessment, record_tumour_assessment, ("payload/assessment",)
        ),
        "form_recorded": Entry(RecordForm, _form, record_form, ("payload",)),
        "materials_recorded": Entry(
            RecordMaterials, _materials, record_materials, ("payload/materials",)
        ),
        "sequencing_recorded": Entry(
            RecordSequencing, _sequencing, record_sequencing, ("payload/run",)
        ),
        "stain_recorded": Entry(RecordStain, _stain, record_stain, ("payload/stain",)),
        **{
            name: Entry(act, _entry_of(act), record_entry, ("payload/entry",))
            for act, name in HAPPENING.items()
        },
    }
)
"""Act of a happening to how it is corrected. A step of these changes its participant alone, so that
a correction folds one participant again and nothing else."""


def acts_of(state: TrialState, here: ParticipantState) -> Iterator[tuple[str, Any]]:
    """Read back what is on record of a participant as the acts that made it.

    Parameters
    ----------
    state : TrialState
        With the corrections and redactions that count.
    here : ParticipantState
        The participant.

    Yields
    ------
    tuple of str and act
        Name and act of each happening that can be corrected, as corrections left it; one of which a
        part that is needed was redacted is left out.
    """
    for record in here.records:
        entry = CORRECTABLE.get(record.happening.act)
        if entry is None:
            continue
        done = state.corrected.get(record.sequence, ())
        erased = state.erased.get(record.sequence, frozenset()) | lost_by(done)
        with suppress(Refusal):
            yield (
                f"happening {record.sequence}",
                entry.act(Legible(as_corrected(record, done), erased)),
            )


def _redacted(sequence: int) -> Refusal:
    """Say that a part of the record is gone."""
    return refuse("field", f"happening {sequence}, of which a part was redacted",
                  "a record of which every part can be read",
                  "Record it again, then settle the redaction with the reason")  # fmt: skip
