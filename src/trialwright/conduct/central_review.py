"""Rules of independent central review: who may read as whom, and when an adjudicator decides."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from trialwright.conduct.acts import Act, RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.central_records import (
    ADJUDICATOR,
    READERS,
    TUMOUR_ACTS,
    Adjudicate,
    Evaluator,
)
from trialwright.conduct.happenings import Happening
from trialwright.conduct.roles import ADJUDICATOR_ROLE, READER, Actor
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal

if TYPE_CHECKING:
    from trialwright.conduct.evaluations import Evaluations

_READS_AS = {READER: READERS, ADJUDICATOR_ROLE: (ADJUDICATOR,)}
"""Role to the evaluators as whom it reads; any other role reads as the investigator."""


def require_reader(state: TrialState, act: Act, actor: Actor) -> None:
    """Refuse a reading or an adjudication that is not this person's to give.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; others than readings and adjudications pass.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        If the protocol has no independent readers, the role does not read as this evaluator,
        another account reads as this evaluator, or this account reads as another one. An
        adjudicator reads when both readers have finished and differ.
    """
    if isinstance(act, Adjudicate):
        evaluator: Evaluator = ADJUDICATOR
    elif isinstance(act, RecordTumourBaseline | RecordTumourAssessment):
        evaluator = act.evaluator
    else:
        return
    here = known(state, act.participant)
    if evaluator and state.study.response.evaluation.review != "two-readers":
        raise Refusal([
            Fault("evaluator", f"{evaluator} in a trial that the investigator evaluates",
                  "a protocol with response.evaluation.review two-readers",
                  "Record it as the investigator, or amend the protocol")
        ])  # fmt: skip
    require_evaluator(here, evaluator, actor)
    if evaluator == ADJUDICATOR and not isinstance(act, Adjudicate):
        faults = [*_not_to_decide(state, here, act)]
        if faults:
            raise Refusal(faults)


def require_evaluator(here: ParticipantState, evaluator: Evaluator, actor: Actor) -> None:
    """Refuse to let somebody read as an evaluator who is another person.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    evaluator : {'', 'reader 1', 'reader 2', 'adjudicator'}
        As whom.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        Naming each thing in the way; never the account of another reader.
    """
    allowed = _READS_AS.get(actor.role, ("",))
    faults = []
    if evaluator not in allowed:
        faults.append(Fault("evaluator", f"{evaluator or 'the investigator'}, by the role "
                            f"{actor.role}", " or ".join(allowed) or "the investigator",
                            "Read in a role that reads as this evaluator"))  # fmt: skip
    for other, accounts in _accounts(here).items():
        is_own = actor.account in accounts
        if other == evaluator and evaluator and accounts and not is_own:
            faults.append(Fault("evaluator", f"{evaluator} of {here.number}, who is another person",
                                "one person for each evaluator of a participant",
                                "Let that person read"))  # fmt: skip
        if other != evaluator and is_own and (other or evaluator):
            faults.append(Fault("evaluator", f"{evaluator or 'the investigator'} of {here.number}, "
                                f"by a person who read as {other or 'the investigator'}",
                                "a person who has read nothing of this participant as another",
                                "Ask somebody else"))  # fmt: skip
    if faults:
        raise Refusal(faults)


def adjudicate(state: TrialState, act: Adjudicate) -> tuple[Happening, ...]:
    """Decide between two readers who differ.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Adjudicate
        Whose reading counts, and why.

    Returns
    -------
    tuple of Happening
        `adjudicated`, with the differences it decides.

    Raises
    ------
    Refusal
        If a reader has not finished, the readers do not differ in anything that calls for it, the
        same difference is decided already, no reason is given, or the adjudicator's own reading is
        chosen and not on record.
    """
    from trialwright.conduct.evaluations import evaluations_of, still_to_read  # loads NumPy

    here = known(state, act.participant, act.on)
    faults = [*_not_to_decide(state, here, act)]
    if not act.reason.strip():
        faults.append(Fault("reason", "no reason", "a reason", "Say why this reading counts"))
    if act.chosen == ADJUDICATOR:
        faults += [
            Fault("chosen", each, "an own reading of every visit",
                  "Read it as the adjudicator first, or choose a reader")
            for each in still_to_read(here, ADJUDICATOR, act.on)
        ]  # fmt: skip
    if faults:
        raise Refusal(faults)
    differing = evaluations_of(state, here, act.on).differing
    payload: dict[str, Json] = {"chosen": act.chosen, "differing": list(differing)}
    return (Happening("adjudicated", act.participant, act.on, payload, act.reason.strip()),)


def readable(here: ParticipantState, found: "Evaluations", actor: Actor) -> tuple[str, ...]:
    """Name the evaluators whose findings an actor may look at.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    found : Evaluations
        As `evaluations_of` gives them.
    actor : Actor
        Who looks.

    Returns
    -------
    tuple of str
        A reader: own findings alone. An adjudicator: those of both readers once they have finished
        and differ, and own ones. Any other role: all.
    """
    if actor.role not in _READS_AS:
        return tuple(found.readers)
    own = tuple(
        name for name in found.readers if actor.account in here.central_review.of(name).accounts
    )
    if actor.role == ADJUDICATOR_ROLE and found.differing and not {*own} & {*READERS}:
        return tuple(found.readers)
    return own


def sees_both_readers(here: ParticipantState, found: "Evaluations", actor: Actor) -> bool:
    """Say whether an actor may look at the findings of both readers.

    Parameters
    ----------
    here, found, actor
        As in `readable`.

    Returns
    -------
    bool
        False also while one of them has recorded nothing.
    """
    return {*READERS} <= {*readable(here, found, actor)}


def _not_to_decide(
    state: TrialState,
    here: ParticipantState,
    act: Adjudicate | RecordTumourBaseline | RecordTumourAssessment,
) -> Iterator[Fault]:
    """Say why there is nothing to adjudicate."""
    from trialwright.conduct.evaluations import evaluations_of  # loads NumPy, as few acts do

    if here.dose_level is None:
        yield Fault("participant", f"{here.number}, who has no dose level",
                    "a participant in treatment", "Nothing is to do")  # fmt: skip
        return
    found = evaluations_of(state, here, act.on if isinstance(act, Adjudicate) else _last(here))
    for each in found.unfinished:
        yield Fault("participant", each, "two readers who have read the same visits",
                    "Wait until that reader has finished")  # fmt: skip
    if found.unfinished:
        return
    if not found.differing:
        on = ", ".join(state.study.response.evaluation.adjudicate_on)
        yield Fault("participant", f"{here.number}, on whom the readers agree",
                    f"readers who differ in {on}", "Nothing is to do")  # fmt: skip
    elif found.adjudication is not None:
        yield Fault("participant", f"{here.number}, adjudicated on "
                    f"{found.adjudication.on.isoformat()}", "a difference nobody has decided",
                    "Nothing is to do")  # fmt: skip


def _last(here: ParticipantState) -> date:
    """Give the last day that a reader read."""
    days = [each.on for name in READERS for each in here.central_review.of(name).assessments]
    return max(days, default=here.consented_on)


def _accounts(here: ParticipantState) -> dict[Evaluator, frozenset[str]]:
    """Give who read as each evaluator, the adjudicator's decisions included."""
    review = here.central_review
    decided = {each.account for each in review.adjudications}
    return {
        "": frozenset(each.actor for each in here.records if each.happening.act in TUMOUR_ACTS),
        **{name: frozenset(review.of(name).accounts) for name in READERS},
        ADJUDICATOR: frozenset(review.of(ADJUDICATOR).accounts) | decided,
    }
