"""Correcting a recorded value: with a reason, by whoever saw the value that is wrong.

The corrected record must pass as if it were entered now: it is taken out of the state, changed, and
decided by the same code as a new entry.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from trialwright.conduct.central_review import require_evaluator
from trialwright.conduct.clinical import HAPPENING, record_entry, record_form
from trialwright.conduct.clinical_acts import Correct, CountDrug, RecordForm
from trialwright.conduct.corrections import CORRECTED, as_corrected, lost_by, value_at
from trialwright.conduct.course_folding import MANY, ONCE
from trialwright.conduct.course_rules import days_after_ends, require_course
from trialwright.conduct.folding import refolded
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.legible import Legible, overlap
from trialwright.conduct.observing import (
    record_adverse_event,
    record_doses,
    record_tumour_assessment,
    record_tumour_baseline,
)
from trialwright.conduct.roles import GRANTED, Actor
from trialwright.conduct.screening import known, record_facts
from trialwright.conduct.state import Correction, ParticipantState, TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

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
    decide : callable (TrialState, act) -> tuple of Happening
        The function that decides it.
    fields : tuple of str
        Paths below which a value may be corrected.
    """

    kind: type
    act: Callable[[Legible], Any]
    decide: Callable[[TrialState, Any], tuple[Happening, ...]]
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


def require_authority_over(state: TrialState, act: Correct, actor: Actor) -> None:
    """Refuse to let somebody correct what they could not have entered.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Correct
        Which happening.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        Naming the roles that may; also if there is no such happening.
    """
    here = known(state, act.participant, act.on)
    record = _record(here, act)
    entry = CORRECTABLE[record.happening.act]
    granted = GRANTED[entry.kind.__name__]
    if actor.role not in granted:
        raise refuse("Correct", f"the role {actor.role}, of {entry.kind.__name__}",
                     ", ".join(sorted(granted)), "Ask somebody who may enter it")  # fmt: skip
    if entry.kind in (RecordTumourBaseline, RecordTumourAssessment):
        evaluator = record.happening.payload.get("evaluator", "")  # None: redacted
        require_evaluator(here, cast(Any, evaluator), actor)


def correct(state: TrialState, act: Correct) -> tuple[Happening, ...]:
    """Correct a recorded value.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Correct
        Happening, field, the value shown, the new one, and why.

    Returns
    -------
    tuple of Happening
        `corrected`, with both values, and `says`: what the corrected record calls for.

    Raises
    ------
    Refusal
        If the participant has no such happening or field, it cannot be corrected or was redacted,
        the value is another than that shown, nothing would change, no reason is given, or the
        corrected record would be refused as a new entry.
    """
    here = known(state, act.participant, act.on)
    record = _record(here, act)
    entry, before = CORRECTABLE[record.happening.act], state.corrected.get(act.sequence, ())
    erased = state.erased.get(act.sequence, frozenset()) | lost_by(before)
    shown = as_corrected(record, before)
    faults = [*_field_faults(entry, act, erased), *_reason_faults(act)]
    if not faults:
        faults = [*_value_faults(act, value_at(shown.happening.payload, act.field))]
    if faults:
        raise Refusal(faults)
    anew = as_corrected(shown, (Correction(0, act.field, act.new),))
    says = _decided_anew(
        state, here, entry, Legible(anew, erased), Legible(shown, erased), act.reason
    )
    payload: dict[str, Json] = {
        "sequence": act.sequence,
        "field": act.field,
        "old": act.old,
        "new": act.new,
        "says": says,
    }
    return (Happening(CORRECTED, act.participant, act.on, payload, act.reason.strip()),)


def _record(here: ParticipantState, act: Correct) -> Recorded:
    """Give the happening to correct."""
    found = next((each for each in here.records if each.sequence == act.sequence), None)
    if found is None:
        raise refuse("sequence", f"happening {shorten(act.sequence)}, none of {here.number}",
                     f"a happening about {here.number}", "Correct the number")  # fmt: skip
    if found.happening.act == CORRECTED:
        first = shorten(found.happening.payload.get("sequence"))
        raise refuse("sequence", f"happening {act.sequence}, which is a correction",
                     f"happening {first}, which it corrected",
                     "Correct the same field of that happening once more")  # fmt: skip
    if found.happening.act not in CORRECTABLE:
        raise refuse("sequence", f"happening {act.sequence} ({found.happening.act})",
                     ", ".join(CORRECTABLE),
                     "Leave it: places and decisions rest on it as it was taken")  # fmt: skip
    return found


def _field_faults(entry: Entry, act: Correct, erased: frozenset[str]) -> Iterator[Fault]:
    """Refuse a field that may not be corrected, or of which a part was redacted."""
    below = tuple(f"{each}/" for each in entry.fields)
    if act.field not in entry.fields and not act.field.startswith(below):
        yield Fault("field", shorten(act.field), f"a path below {', '.join(entry.fields)}",
                    "Name a field that was entered")  # fmt: skip
    gone = sorted(each for each in erased if overlap(each, act.field))
    if gone:
        yield Fault("field", f"{', '.join(gone)}, redacted", "a field that can be read",
                    "Record it again, then settle the redaction with the reason")  # fmt: skip


def _reason_faults(act: Correct) -> Iterator[Fault]:
    """Refuse a correction without its reason."""
    if not act.reason.strip():
        yield Fault("reason", "no reason", "a reason", "Say why the value is wrong")


def _value_faults(act: Correct, shown: Json) -> Iterator[Fault]:
    """Refuse a correction of a value that nobody saw, and one that changes nothing."""
    if not _same(shown, act.old):  # what was found is not shown: it may be free text
        yield Fault("old", "another value than the one recorded now",
                    "the value as it stands", "Look at the record again")  # fmt: skip
    elif _same(act.new, act.old):
        yield Fault("new", "the value that stands", "another value", "Nothing is to correct")


def _same(one: Json, other: Json) -> bool:
    """Say whether two recorded values are the same; 1 and true are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other


def _decided_anew(
    state: TrialState,
    here: ParticipantState,
    entry: Entry,
    seen: Legible,
    stood: Legible,
    reason: str,
) -> list[Json]:
    """Decide the corrected record as a new entry, on a state that does not hold it.

    What it calls for is given, with each of its days that lies after the end of something. A count
    of a drug that had no note takes the reason of the correction for the words that a difference
    needs: the note is no field that could be corrected with it.
    """
    sequence = seen.record.sequence
    others = [each for each in here.records if each.sequence != sequence]
    without = refolded(state, here.number, others)
    if without is None:  # no act that can be corrected comes before the consent
        raise refuse("sequence", f"happening {sequence}", "a happening after the consent",
                     "Correct the number")  # fmt: skip
    state = state.with_participant(without)
    act = entry.act(seen)
    if isinstance(act, CountDrug) and not act.note.strip():
        act = replace(act, note=reason)
    earlier = [each for each in here.records if each.sequence < sequence]
    require_course(state, act, refolded(state, here.number, earlier), entry.act(stood))
    decided = entry.decide(state, act)[0]
    says = cast("Iterable[Json]", decided.payload.get("says", ()))
    return [*says, *days_after_ends(without, act)]


def _redacted(sequence: int) -> Refusal:
    """Say that a part of the record is gone."""
    return refuse("field", f"happening {sequence}, of which a part was redacted",
                  "a record of which every part can be read",
                  "Record it again, then settle the redaction with the reason")  # fmt: skip
