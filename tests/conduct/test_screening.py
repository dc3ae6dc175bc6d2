"""Consent, facts, answers and the checklist."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trialwright.conduct.acts import Consent, RecordFacts, Screen
from trialwright.conduct.screening import judge
from trialwright.terms.errors import Refusal


def test_consent_begins_a_casebook_at_the_actors_site(trial, say):
    """From the consent on there is a study number, and nothing is known of it."""
    trial.do(Consent("P-1", say.CONSENTED))

    here = trial.state.participants["P-1"]
    assert (here.site, here.consented_on) == ("mgh", say.CONSENTED)
    assert here.casebook.observations == ()


def test_facts_come_in_with_birth_date_and_sex(trial, say):
    """What an import brings stands in the casebook as it came."""
    trial.do(Consent("P-1", say.CONSENTED))

    trial.do(say.facts("P-1"))

    book = trial.state.participants["P-1"].casebook
    assert (str(book.born), book.sex) == ("1960-04-01", "female")
    assert (book.observations, book.conditions) == (
        say.facts("P-1").observations,
        say.facts("P-1").conditions,
    )


def test_facts_without_birth_date_leave_the_one_that_is_known(trial, say):
    """A later import that is silent erases nothing."""
    trial.do(Consent("P-1", say.CONSENTED))
    trial.do(say.facts("P-1"))

    trial.do(RecordFacts("P-1", say.REGISTERED))

    assert str(trial.state.participants["P-1"].casebook.born) == "1960-04-01"


def test_facts_of_no_term_of_the_protocol_are_named(trial, say):
    """Every stranger is named at once."""
    trial.do(Consent("P-1", say.CONSENTED))
    act = say.facts("P-1")
    strange = tuple(replace(act.observations[0], term=term) for term in ("shoe-size", "iq"))

    with pytest.raises(Refusal, match="iq, shoe-size"):
        trial.do(replace(act, observations=strange))


def test_the_reason_of_an_answer_stands_beside_the_payload(trial, say):
    """There it can be redacted by itself, and there it is read from again."""
    trial.do(Consent("P-1", say.CONSENTED))

    (done,) = trial.do(say.answer("P-1", "informed-consent", "yes", reason="form 3"))

    assert "reason" not in done.payload
    assert done.reason == "form 3"
    assert trial.state.participants["P-1"].casebook.attestations[0].reason == "form 3"


def test_a_question_is_answered_by_the_role_that_the_protocol_names(trial, say):
    """Informed consent is asked of the investigator, not of the principal investigator."""
    trial.do(Consent("P-1", say.CONSENTED))

    act = say.answer("P-1", "informed-consent", "yes", role=say.CHIEF.role)

    with pytest.raises(Refusal) as refused:
        trial.do(act, say.CHIEF)

    assert refused.value.faults[0].allowed == "the role asked: investigator"


def test_screening_keeps_each_verdict_with_reason_and_evidence(trial, say):
    """The checklist is what was judged on that day, for that arm."""
    trial.screen("P-1")

    (done,) = trial.do(Screen("P-1", "C", say.REGISTERED, say.FIRST_DOSE))

    assert (done.payload["arm"], done.payload["overall"]) == ("C", "eligible")
    assert [line["criterion"] for line in done.payload["criteria"]] == ["I04", "I18", "E11"]
    assert all(line["because"] and line["evidence"] for line in done.payload["criteria"])
    assert trial.state.participants["P-1"].screened_for == ("C",)


def test_screening_can_be_asked_again_and_each_stands(trial, say):
    """A participant may be screened for one arm, then for another."""
    trial.screen("P-1")

    for arm in ("A", "B"):
        trial.do(Screen("P-1", arm, say.REGISTERED))

    assert trial.state.participants["P-1"].screened_for == ("A", "B")


@pytest.mark.parametrize(("days", "overall"), [(0, "cannot tell yet"), (1, "eligible")])
def test_facts_of_later_days_do_not_count(trial, say, days, overall):
    """A judgement of a day knows the facts up to that day."""
    tomorrow = say.CONSENTED + timedelta(days=1)
    trial.do(Consent("P-1", say.CONSENTED))
    trial.do(say.answer("P-1", "informed-consent", "yes"))
    trial.do(say.facts("P-1", on=tomorrow))

    judged = judge(trial.state, "P-1", "A", say.CONSENTED + timedelta(days=days), None)

    assert str(judged.overall) == overall


def test_nobody_is_judged_before_consent(trial, say):
    """The day of consent is the first."""
    trial.screen("P-1")

    with pytest.raises(Refusal, match="before P-1 consented on 2026-02-02"):
        judge(trial.state, "P-1", "A", date(2026, 2, 1), None)


def test_what_is_no_study_number_is_not_shown(trial, say):
    """A name given in its place does not travel on in the message."""
    with pytest.raises(Refusal) as refused:
        trial.do(say.facts("Canary Birdsong"))

    assert "participant: something of another form. Allowed: up to 8 capital" in str(refused.value)
    assert "Canary" not in str(refused.value)
