"""Consent, casebook, attestations and the eligibility judgement."""

import re
from collections.abc import Mapping
from datetime import date

from trialwright.conduct.acts import Attest, Consent, RecordFacts, Screen
from trialwright.conduct.happenings import Happening
from trialwright.conduct.records import write
from trialwright.conduct.state import Lost, ParticipantState, TrialState
from trialwright.eligibility.outlook import Outlook, outlook
from trialwright.eligibility.screening import CriterionVerdict, Screening, screen
from trialwright.protocol.criteria import Anchor, leaves
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Stood, refuse, refuse_others

STUDY_NUMBER = re.compile(r"[A-Z0-9]{1,8}-[0-9]{1,5}")
"""Form of a study number. It stands in the clear in the ledger for good, so neither a name nor a
hospital's number, which is longer and has no site in front, may pass for one."""


def consent(state: TrialState, act: Consent) -> tuple[Happening, ...]:
    """Record a participant's consent.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Consent
        Study number and day.

    Returns
    -------
    tuple of Happening
        `consented`.

    Raises
    ------
    Refusal
        If the study number is in use or of another form, or the trial was not open on that day.
    """
    require_study_number(act.participant)
    if state.opened_on and act.on < state.opened_on:
        raise refuse(
            "on",
            f"{act.on.isoformat()}, before the trial was opened on {state.opened_on.isoformat()}",
            "the day of opening or later",
            "Correct the day",
        )
    if act.participant in state.participants:
        raise refuse(
            "participant",
            f"the study number {act.participant}, which is in use",
            "a new study number",
            "Give the next free number; numbers are never used twice",
        )
    return (Happening("consented", act.participant, act.on),)


def record_facts(
    state: TrialState, act: RecordFacts, standing: Stood = ()
) -> tuple[Happening, ...]:
    """Put facts into the casebook of a participant who has consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordFacts
        The facts.
    standing : Stood
        Of a correction; empty for a new entry.

    Returns
    -------
    tuple of Happening
        `facts_recorded`.

    Raises
    ------
    Refusal
        If the participant has not consented, or a fact is no term of the protocol.
    """
    known(state, act.participant, act.on)
    terms = {fact.term for fact in act.observations} | {fact.term for fact in act.conditions}
    medicines = {fact.medicine for fact in act.treatments}
    strangers = ", ".join(
        sorted((terms - set(state.study.terms)) | (medicines - set(state.study.medicines)))
    )
    if strangers:
        fault = Fault(
            "term", strangers, "terms of the protocol's vocabulary", "Map them, or leave them out"
        )
        refuse_others([fault], standing)
    payload: dict[str, Json] = {
        "born": str(act.born) if act.born else None,
        "sex": act.sex,
        "observations": [write(fact) for fact in act.observations],
        "conditions": [write(fact) for fact in act.conditions],
        "treatments": [write(fact) for fact in act.treatments],
        "specimens": [write(fact) for fact in act.specimens],
        "coverage": [write(span) for span in act.coverage],
        "unsettled": list(act.unsettled),
    }
    return (Happening("facts_recorded", act.participant, act.on, payload),)


def attest(state: TrialState, act: Attest) -> tuple[Happening, ...]:
    """Record a person's answer to a question of the protocol.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Attest
        Question, answer, reason, role and day.

    Returns
    -------
    tuple of Happening
        `attested`; the reason stands beside the payload, where it can be redacted.

    Raises
    ------
    Refusal
        If no criterion asks the question of that role, or the participant has not consented.
    """
    known(state, act.participant, act.on)
    question, role = act.attestation.question, act.attestation.role
    asked = {
        leaf.by
        for criterion in state.study.criteria
        for leaf in leaves(criterion.rule)
        if isinstance(leaf, AttestedRule | ApprovalRule) and leaf.question == question
    }
    if question == state.study.completeness:
        asked.add("investigator")
    if role not in asked:
        raise refuse(
            "attestation",
            f"{question} answered by the {role}",
            f"the role asked: {', '.join(sorted(asked)) or 'none; no criterion asks it'}",
            "Let the role that the protocol names answer",
        )
    payload = write(act.attestation)
    if not isinstance(payload, Mapping):
        raise TypeError("an attestation is written as a mapping")
    kept = {name: value for name, value in payload.items() if name != "reason"}
    return (Happening("attested", act.participant, act.on, kept, act.attestation.reason),)


def screen_participant(state: TrialState, act: Screen) -> tuple[Happening, ...]:
    """Judge every criterion for one arm and keep the checklist.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Screen
        Participant, arm and day.

    Returns
    -------
    tuple of Happening
        `screened`, with the verdict and reason of each criterion.

    Raises
    ------
    Refusal
        If the participant has not consented or the arm does not exist.
    """
    judged = judge(state, act.participant, act.arm, act.on, act.first_dose_on)
    lost = lost_for_eligibility(state.participants[act.participant])
    payload = checklist(judged)
    if lost:
        payload["lost"] = [str(each) for each in lost]
    return (Happening("screened", act.participant, act.on, payload),)


def judge(
    state: TrialState, participant: str, arm: str, on: date, first_dose_on: date | None
) -> Screening:
    """Judge every criterion for one participant and arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant, arm : str
        Who, for which arm.
    on : date
        Day of the judgement; taken as screening and registration.
    first_dose_on : date or None
        Planned first dose.

    Returns
    -------
    Screening
        The verdict on each criterion and what they come to.

    Raises
    ------
    Refusal
        If the participant has not consented or the arm does not exist.
    """
    here = known(state, participant, on)
    state = state.as_at(here.site, on)
    state.study.required_arm(arm)
    return screen(state.study, here.casebook, arm, on, _anchors(here, on, first_dose_on))


def look_ahead(
    state: TrialState, participant: str, on: date, first_dose_on: date | None
) -> tuple[Outlook, ...]:
    """Say from when until when a participant is eligible, if nothing else is recorded.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Who.
    on : date
        Day of the judgement; registration is moved from it to later days.
    first_dose_on : date or None
        Planned first dose, which moves with registration.

    Returns
    -------
    tuple of Outlook
        In the order of the arms.

    Raises
    ------
    Refusal
        If the participant has not consented.
    """
    here = known(state, participant, on)
    study = state.as_at(here.site, on).study
    return outlook(study, here.casebook, on, _anchors(here, on, first_dose_on))


def _anchors(here: ParticipantState, on: date, first_dose_on: date | None) -> dict[Anchor, date]:
    """Give the named days of a participant judged on a day."""
    anchors: dict[Anchor, date] = {
        "consent": here.consented_on,
        "screening": on,
        "registration": here.registered_on or on,
    }
    if first_dose_on:
        anchors["first_dose"] = first_dose_on
    return anchors


def checklist(judged: Screening) -> dict[str, Json]:
    """Write a screening as a recorded value.

    Parameters
    ----------
    judged : Screening
        The verdicts.

    Returns
    -------
    dict of str to Json
        Arm, result, reason, and each criterion with its verdict, reason and evidence.
    """
    return {
        "arm": judged.arm,
        "overall": str(judged.overall),
        "because": judged.because,
        "criteria": [_line(each) for each in judged.verdicts],
    }


def _line(verdict: CriterionVerdict) -> Json:
    """Write one line of the checklist."""
    return {
        "criterion": verdict.criterion,
        "verdict": verdict.word,
        "because": verdict.finding.because,
        "evidence": [str(fact.source) for fact in verdict.finding.evidence],
        "awaits_approval": verdict.awaits_approval,
    }


def lost_for_eligibility(participant: ParticipantState) -> tuple[Lost, ...]:
    """Give the facts and answers that redactions took from a participant.

    Parameters
    ----------
    participant : ParticipantState
        Where the participant stands.

    Returns
    -------
    tuple of Lost
        Those not settled, in ledger order.
    """
    return tuple(
        each for each in participant.unreadable if each.act in ("facts_recorded", "attested")
    )


def require_study_number(participant: str) -> None:
    """Refuse what has not the form of a study number.

    Parameters
    ----------
    participant : str
        As given.

    Raises
    ------
    Refusal
        Without what was found, for it may be a name.
    """
    if not STUDY_NUMBER.fullmatch(participant):
        raise refuse(
            "participant",
            "something of another form",
            "up to 8 capital letters or digits, a hyphen, and up to 5 digits, e.g. MGH-001",
            "Give a study number; a name or a hospital's number can never be erased from it",
        )


def known(state: TrialState, participant: str, on: date | None = None) -> ParticipantState:
    """Give a participant who has consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Study number.
    on : date or None
        Day of an act, when there is one.

    Returns
    -------
    ParticipantState
        Where the participant stands.

    Raises
    ------
    Refusal
        If it is no study number, or nobody consented under it, or not by that day.
    """
    here = state.participants.get(participant)
    if here is None:
        require_study_number(participant)
        raise refuse(
            "participant",
            f"{participant} has not consented",
            "a participant who has consented",
            "Record the consent first",
        )
    if on is not None and on < here.consented_on:
        raise refuse(
            "on",
            f"{on.isoformat()}, before {participant} consented on {here.consented_on.isoformat()}",
            "the day of consent or later",
            "Correct the day",
        )
    return here
