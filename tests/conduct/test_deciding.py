"""Deciding: an act gives happenings, or a refusal that says why and what next."""

import pickle
from datetime import date

import pytest

from trialwright.conduct.acts import (
    Assign,
    Consent,
    DecideDose,
    OpenTrial,
    RecordDoses,
    RecordFacts,
    Redact,
    Register,
    Screen,
    SettleRedaction,
)
from trialwright.conduct.deciding import decide
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal

EARLY = date(2026, 1, 1)


def test_a_trial_is_opened_once_with_its_number_and_version(study, say):
    """The happening names the protocol that is in force."""
    (opened,) = decide(TrialState(study), OpenTrial(say.OPENED), say.CHIEF)

    assert (opened.act, opened.subject) == ("trial_opened", "NCT03959891")
    assert opened.payload == {"nct": "NCT03959891", "protocol_version": study.version}


def test_an_open_trial_is_not_opened_again(trial, say):
    """The refusal says since when it is open."""
    with pytest.raises(Refusal, match="open since 2026-01-05"):
        trial.do(OpenTrial(say.OPENED))


@pytest.mark.parametrize(
    "number", ["Jane Roe", "SMITH", "4512345", "MRN-451234", "p-1", "A/1", "P-1\n", "P-\u0661", ""]
)
def test_what_is_no_study_number_is_refused_unseen(trial, say, number):
    """A name or a hospital's number never gets into the ledger's envelope, nor into a message."""
    with pytest.raises(Refusal, match="Give a study number") as refused:
        trial.do(Consent(number, say.REGISTERED))

    assert not number.strip() or number not in str(refused.value)


@pytest.mark.parametrize("number", ["MGH-001", "P-9", "SIM-00042", "01A-12345"])
def test_study_numbers_of_sites_are_taken(trial, say, number):
    """A site, a hyphen, a number."""
    trial.do(Consent(number, say.REGISTERED))

    assert number in trial.state.participants


REFUSED = {
    "a number in use": (lambda say: Consent("P-1", say.REGISTERED), "participant"),
    "consent before opening": (lambda say: Consent("P-2", EARLY), "on"),
    "facts of a stranger": (lambda say: say.facts("P-9"), "participant"),
    "facts before consent": (lambda say: say.facts("P-1", on=EARLY), "on"),
    "an unasked question": (lambda say: say.answer("P-1", "weather", "yes"), "attestation"),
    "an arm that is not there": (lambda say: Screen("P-1", "Z", say.REGISTERED), "arm"),
    "screening before consent": (lambda say: Screen("P-1", "A", EARLY), "on"),
    "a first dose before registration": (
        lambda say: Register("P-1", "A", say.REGISTERED, EARLY),
        "first_dose_on",
    ),
    "registration before consent": (
        lambda say: Register("P-1", "A", EARLY, say.REGISTERED),
        "on",
    ),
    "assignment without registration": (lambda say: Assign("P-1", say.REGISTERED), "participant"),
    "doses without assignment": (
        lambda say: RecordDoses("P-1", say.REGISTERED, ()),
        "participant",
    ),
    "an event of a stranger": (lambda say: say.toxicity("P-9"), "participant"),
    "an event of tomorrow": (lambda say: say.toxicity("P-1", on=say.REGISTERED), "event.started"),
    "an assessment without baseline": (lambda say: say.scan("P-1", 8), "assessment"),
    "a meeting of no arm": (lambda say: say.meeting("Z"), "arm"),
    "a cutoff of tomorrow": (
        lambda say: DecideDose("A", say.REGISTERED, say.WINDOW_OVER),
        "cutoff",
    ),
    "a meeting before opening": (lambda say: say.meeting("A", EARLY), "on"),
    "a redaction of a stranger": (
        lambda say: Redact("P-9", say.REGISTERED, 1, "reason", "x"),
        "participant",
    ),
    "nothing to settle": (lambda say: SettleRedaction("P-1", say.REGISTERED, 1, "x"), "sequence"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_refusal_says_where_what_is_allowed_and_what_to_do(trial, say, why):
    """No refusal leaves the person who asked without a next step, and nothing is recorded."""
    trial.screen("P-1")
    made, where = REFUSED[why]
    act, before = made(say), len(trial.records)

    with pytest.raises(Refusal) as refused:
        trial.do(act)

    assert refused.value.faults[0].where == where
    assert all(each.found and each.allowed and each.do for each in refused.value.faults)
    assert len(trial.records) == before
    assert pickle.loads(pickle.dumps(refused.value)).faults == refused.value.faults  # noqa: S301


@pytest.mark.parametrize(
    "act",
    [Consent("P-1", EARLY), RecordFacts("P-1", EARLY), DecideDose("A", EARLY, EARLY)],
    ids=["consent", "facts", "meeting"],
)
def test_nothing_happens_in_a_trial_that_is_not_open(study, say, act):
    """The one act before opening is opening."""
    with pytest.raises(Refusal, match="Open the trial first"):
        decide(TrialState(study), act, say.CHIEF)


def test_authority_is_asked_before_anything_else(study):
    """Who may not act learns nothing of the trial's state."""
    with pytest.raises(Refusal, match="the role monitor"):
        decide(TrialState(study), OpenTrial(EARLY), Actor("m", "monitor", "mgh"))
