"""Correcting a recorded value: with a reason, by whoever saw the value that is wrong.

The corrected record must pass as if it were entered now: it is taken out of the state, changed, and
decided by the same code as a new entry.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from trialwright.conduct.acts import (
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.central_review import require_evaluator
from trialwright.conduct.clinical_acts import Correct, CountDrug
from trialwright.conduct.contradictions import contradictions, made_by, stood_before
from trialwright.conduct.correctable import CORRECTABLE, Entry, acts_of
from trialwright.conduct.corrections import CORRECTED, as_corrected, lost_by, value_at
from trialwright.conduct.course_rules import days_after_ends, require_course
from trialwright.conduct.folding import refolded
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.legible import Legible, overlap
from trialwright.conduct.roles import GRANTED, Actor
from trialwright.conduct.screening import known
from trialwright.conduct.state import Correction, ParticipantState, TrialState, changed
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


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
        corrected record would be refused as a new entry, or another entry would then contradict it.
        What stood already and the correction does not touch is told, and not held against it.
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
    says = _decided_anew(state, here, entry, Legible(anew, erased), Legible(shown, erased), act)
    made = _made(state, here, act)
    if made:
        raise Refusal(made)
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
    act: Correct,
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
    before, anew = entry.act(stood), entry.act(seen)
    if isinstance(anew, CountDrug) and not anew.note.strip():
        anew = replace(anew, note=act.reason)
    require_course(state, anew, before)
    stood_already = {*_refused(state, entry, before)}
    standing = [each for each in _refused(state, entry, anew)
                if each in stood_already and not _is_of(each.where, act.field)]  # fmt: skip
    decided = entry.decide(state, anew, standing)[0]
    says = cast("Iterable[Json]", decided.payload.get("says", ()))
    return [*says, *days_after_ends(without, anew), *stood_before(standing)]


def _refused(state: TrialState, entry: Entry, act: Any) -> tuple[Fault, ...]:
    """Give what an act would be refused for; empty where it would not."""
    try:
        entry.decide(state, act, ())
    except Refusal as refused:
        return refused.faults
    return ()


def _is_of(where: str, field: str) -> bool:
    """Say whether a fault of an act stands at a field of its happening, or in it."""
    path = field.removeprefix("payload/").replace("/#", ".").replace("/", ".")
    return f"{where}.".startswith(f"{path}.")


def _made(state: TrialState, here: ParticipantState, act: Correct) -> list[Fault]:
    """Name what other entries a correction would contradict."""
    done = (*state.corrected.get(act.sequence, ()), Correction(0, act.field, act.new))
    after = changed(state, corrected={**state.corrected, act.sequence: done})
    there = refolded(after, here.number, here.records)
    if there is None:
        return []
    after = after.with_participant(there)
    own = f"happening {act.sequence}"
    stood = contradictions(state, here, acts_of(state, here))
    return made_by(stood, contradictions(after, there, acts_of(after, there)), own)
