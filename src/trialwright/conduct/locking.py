"""Verifying data against their source, and freezing, locking and unlocking them.

Frozen data take no entry and no correction; locked data take no new query either. Whoever opens
them again says why, and signatures on them become void. A hold of a wider scope is looked at as
well as that of the data point itself; each is opened by itself.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, get_args

from trialwright.conduct.acts import (
    Act,
    Attest,
    RecordAdverseEvent,
    RecordDoses,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
)
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol
from trialwright.conduct.biomarker_acts import BiomarkerAct
from trialwright.conduct.central_records import Adjudicate
from trialwright.conduct.clinical_acts import Correct, EntryAct, RecordForm
from trialwright.conduct.delegation_acts import Delegate, EndDelegation
from trialwright.conduct.happenings import Happening
from trialwright.conduct.locking_acts import Freeze, Holding, Lock, Unlock, VerifySource
from trialwright.conduct.locking_records import Hold
from trialwright.conduct.query_acts import QueryMove, RaiseQuery
from trialwright.conduct.query_records import unended
from trialwright.conduct.recruiting_acts import SiteMove, TrialMove
from trialwright.conduct.scopes import PART_OF, Scope
from trialwright.conduct.screening import known
from trialwright.conduct.shown import parts
from trialwright.conduct.signing_acts import Sign
from trialwright.conduct.state import TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, shorten

DataPointState = Literal["entered", "verified", "queried", "frozen", "locked"]
"""Where a data point stands, from least to most firm."""

ENTERS: Mapping[type, str] = MappingProxyType(
    {
        RecordFacts: "casebook",
        Attest: "casebook",
        RecordDoses: "doses",
        RecordAdverseEvent: "adverse_events",
        RecordTumourBaseline: "baseline",
        RecordTumourAssessment: "assessments",
        RecordForm: "casebook",
        Adjudicate: "central_review",
        **dict.fromkeys(get_args(BiomarkerAct), "biomarkers"),
        **dict.fromkeys(get_args(EntryAct), "course"),
    }
)
"""Act of entry to the form it enters into."""

_OVERSEES = (
    RaiseQuery | QueryMove | VerifySource | Holding | Sign | Delegate | EndDelegation
    | TrialMove | SiteMove | AmendProtocol | ActivateAmendment
)  # fmt: skip
"""Acts that change no data of a participant; redactions are among what is never held up."""

_NEVER_HELD = ("OpenTrial", "Redact", "SettleRedaction")
"""Other acts that no freeze or lock holds up: a name that was entered is erased all the same."""


def require_enterable(state: TrialState, act: Act) -> None:
    """Refuse an entry into data that are frozen or locked.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked. Whatever does not oversee data counts as an entry; without a form of its own
        it is held up by a hold of the participant or the trial.

    Raises
    ------
    Refusal
        Naming each hold in the way.
    """
    if not state.oversight.holds:
        return
    if isinstance(act, _OVERSEES) or type(act).__name__ in _NEVER_HELD:
        return
    whom = getattr(act, "participant", "")
    if isinstance(act, Correct):
        require_unlocked(state, whom, act.sequence, act.field)
        return
    part = "central_review" if getattr(act, "evaluator", "") else ENTERS.get(type(act), "")
    scope = Scope(whom, part if whom else "")
    _refuse_held(state, scope)


def require_unlocked(state: TrialState, subject: str, sequence: int, field: str) -> None:
    """Refuse a correction of a data point that is frozen or locked.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    subject : str
        Study number.
    sequence : int
        The happening that holds the data point.
    field : str
        Its path there.

    Raises
    ------
    Refusal
        Naming each hold in the way: of the data point, its form, the participant or the trial.
    """
    _refuse_held(state, _point(state, subject, sequence, field))


def data_point_state(state: TrialState, subject: str, sequence: int, field: str) -> DataPointState:
    """Say where a data point that was entered stands.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    subject : str
        Study number.
    sequence : int
        The happening that holds it.
    field : str
        Its path there.

    Returns
    -------
    {'entered', 'verified', 'queried', 'frozen', 'locked'}
        The firmest word that holds; whether what holds it was signed is told by `standings`.
    """
    point = _point(state, subject, sequence, field)
    words = {each.state for each in holds_over(state, point)}
    if "locked" in words:
        return "locked"
    if words:
        return "frozen"
    if unended(state.oversight.queries, point):
        return "queried"
    is_verified = (sequence, field) in state.oversight.verified.get(subject, frozenset())
    return "verified" if is_verified else "entered"


def holds_over(state: TrialState, scope: Scope) -> tuple[Hold, ...]:
    """Give the holds in which a scope lies.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    scope : Scope
        A data point, form, participant or the trial.

    Returns
    -------
    tuple of Hold
        From the widest on.
    """
    found = [each for each in state.oversight.holds.values() if each.scope.covers(scope)]
    return tuple(sorted(found, key=lambda each: _WIDTH.index(each.scope.level)))


def entry_scope(
    state: TrialState, participant: str, on: date, part: str, sequence: int, field: str
) -> Scope:
    """Give the scope that is meant, with the form of a data point.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Study number.
    on : date
        Day of the act.
    part : str
        A form, or empty.
    sequence : int
        The happening of a data point, or 0.
    field : str
        Path of a data point, or empty.

    Returns
    -------
    Scope
        A data point, form or participant.

    Raises
    ------
    Refusal
        If the participant has not consented by that day, has no such form or entry, or the place
        is named by halves.
    """
    here = known(state, participant, on)
    acts = dict(here.entries)
    faults: list[Fault] = []
    if sequence or field:
        faults += _point_faults(acts, part, sequence, field)
    elif part and part not in parts(state, participant):
        faults.append(Fault("part", shorten(part), ", ".join(parts(state, participant)),
                            "Name a form"))  # fmt: skip
    if faults:
        raise Refusal(faults)
    return Scope(participant, part or PART_OF.get(acts.get(sequence, ""), ""), sequence, field)


def verify_source(state: TrialState, act: VerifySource) -> tuple[Happening, ...]:
    """Say that data points agree with their source.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : VerifySource
        Participant and data points.

    Returns
    -------
    tuple of Happening
        `source_verified`.

    Raises
    ------
    Refusal
        If the participant has no such entry, a data point is verified already, or none is named.
    """
    faults = [] if act.points else [Fault("points", "none", "one or more", "Name data points")]
    done = state.oversight.verified.get(act.participant, frozenset())
    seen: set[tuple[int, str]] = set(done)
    for place, point in enumerate(act.points):
        entry_scope(state, act.participant, act.on, "", point.sequence, point.field)
        if (point.sequence, point.field) in seen:
            found = Scope(act.participant, "", point.sequence, point.field)
            faults.append(Fault(f"points.{place}", f"{found}, verified already",
                                "each data point once", "Leave it out"))  # fmt: skip
        seen.add((point.sequence, point.field))
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {
        "points": [{"sequence": each.sequence, "field": each.field} for each in act.points]
    }
    return (Happening("source_verified", act.participant, act.on, payload),)


def hold(state: TrialState, act: Freeze | Lock) -> tuple[Happening, ...]:
    """Freeze or lock a data point, a form, a participant or the trial.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Freeze or Lock
        What, on which day.

    Returns
    -------
    tuple of Happening
        `frozen` or `locked`.

    Raises
    ------
    Refusal
        If there is no such place, it is held as firmly already, by itself or by what it lies in,
        or queries about it have not ended and it is to be locked.
    """
    scope = _meant(state, act)
    firm = ("locked",) if isinstance(act, Lock) else ("frozen", "locked")
    faults = [
        Fault(str(scope), str(each), f"data that are not {' or '.join(firm)}", "Nothing is to do")
        for each in holds_over(state, scope)
        if each.state in firm
    ]
    if isinstance(act, Lock):
        faults += _query_faults(state, scope)
    if faults:
        raise Refusal(faults)
    word = "locked" if isinstance(act, Lock) else "frozen"
    return (Happening(word, _subject(state, scope), act.on, _written(scope)),)


def unlock(state: TrialState, act: Unlock) -> tuple[Happening, ...]:
    """Open what is frozen or locked.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Unlock
        What, on which day, and why.

    Returns
    -------
    tuple of Happening
        `unlocked`; signatures on it become void and are kept.

    Raises
    ------
    Refusal
        If no reason is given, it is not held by itself, something it lies in is held, or it was
        held on a later day.
    """
    scope = _meant(state, act)
    held = state.oversight.holds.get(scope)
    faults = []
    if not act.reason.strip():
        faults.append(Fault("reason", "no reason", "a reason", "Say why it is opened again"))
    if held is None:
        faults.append(Fault(str(scope), "neither frozen nor locked by itself",
                            "what is frozen or locked", "Nothing is to do here"))  # fmt: skip
    elif act.on < held.on:
        faults.append(Fault("on", act.on.isoformat(), f"{held.on.isoformat()} or later",
                            "Correct the day"))  # fmt: skip
    faults += [
        Fault(str(scope), str(each), "a place that lies in nothing held", "Open that first")
        for each in holds_over(state, scope)
        if each.scope != scope
    ]
    if faults:
        raise Refusal(faults)
    payload = _written(scope)
    return (
        Happening("unlocked", _subject(state, scope), act.on, payload, act.reason.strip()),
    )  # fmt: skip


_WIDTH = ("trial", "participant", "form", "data point")


def _point(state: TrialState, subject: str, sequence: int, field: str) -> Scope:
    """Give the scope of a data point, with the form of its entry."""
    here = state.participants.get(subject)
    act = dict(here.entries).get(sequence, "") if here else ""
    return Scope(subject, PART_OF.get(act, ""), sequence, field)


def _meant(state: TrialState, act: Holding) -> Scope:
    """Give the scope that an act names; without a participant it is the trial."""
    if not act.participant and not (act.part or act.sequence or act.field):
        return Scope()
    return entry_scope(state, act.participant, act.on, act.part, act.sequence, act.field)


def _subject(state: TrialState, scope: Scope) -> str:
    """Give the subject under which it is recorded."""
    return scope.participant or state.study.identifiers.nct


def _written(scope: Scope) -> dict[str, Json]:
    """Write a scope as a recorded value."""
    return {
        "level": scope.level,
        "part": scope.part,
        "sequence": scope.sequence,
        "field": scope.field,
    }


def _refuse_held(state: TrialState, scope: Scope) -> None:
    """Refuse to change what is held."""
    faults = [
        Fault(str(each.scope), str(each), "data that are neither frozen nor locked",
              "Unlock them first, with the reason")
        for each in holds_over(state, scope)
    ]  # fmt: skip
    if faults:
        raise Refusal(faults)


def _point_faults(
    acts: Mapping[int, str], part: str, sequence: int, field: str
) -> Iterator[Fault]:  # fmt: skip
    """Refuse a data point named by halves, or of no entry."""
    if part:
        yield Fault("part", shorten(part), "nothing beside a data point",
                    "Name a data point or a form")  # fmt: skip
    if acts.get(sequence) not in PART_OF:
        entries = [str(each) for each, act in acts.items() if act in PART_OF]
        yield Fault("sequence", f"entry {shorten(sequence)}",
                    f"an entry of the participant: {', '.join(entries) or 'none'}",
                    "Correct the number of the entry")  # fmt: skip
    if not field.startswith("payload/"):
        yield Fault("field", shorten(field), "a path such as payload/event/grade",
                    "Name the data point")  # fmt: skip


def _query_faults(state: TrialState, scope: Scope) -> Iterator[Fault]:
    """Refuse to lock what is still asked about."""
    for each in unended(state.oversight.queries, scope):
        yield Fault(f"query {each.number}", f"{each.state}, about {each.scope}",
                    "queries that have ended", "End the query first")  # fmt: skip
