"""What registration and assignment refuse, word for word, and the days on which they begin."""

from datetime import timedelta

import pytest
from tests.conduct.amending_history import with_few_criteria

from trialwright.conduct.acts import Assign, Consent, Register
from trialwright.conduct.registration import open_places
from trialwright.conduct.state import TrialState
from trialwright.protocol.dose_decision_settings import DoseDecisionSettings
from trialwright.terms.errors import Fault, Refusal

DAY = timedelta(days=1)


def _faults(trial, act):
    """Give the faults for which an act is refused."""
    with pytest.raises(Refusal) as refused:
        trial.do(act)
    return list(refused.value.faults)


def test_a_second_registration_is_told_the_day_of_the_first(trial, say):
    """Whatever the arm."""
    trial.screen("P-1")
    trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert _faults(trial, Register("P-1", "C", say.REGISTERED + DAY, say.FIRST_DOSE)) == [
        Fault(
            "participant",
            "P-1 was registered on 2026-02-05",
            "a participant who is not registered",
            "Look at the registration",
        )
    ]


def test_the_first_dose_may_be_on_the_day_of_registration_and_not_before(trial, say):
    """Both days are told."""
    trial.screen("P-1")

    assert _faults(trial, Register("P-1", "A", say.REGISTERED, say.REGISTERED - DAY)) == [
        Fault(
            "first_dose_on",
            "2026-02-04, before registration on 2026-02-05",
            "the day of registration or later",
            "Correct one of the days",
        )
    ]
    trial.do(Register("P-1", "A", say.REGISTERED, say.REGISTERED))
    assert trial.state.participants["P-1"].first_dose_planned_on == say.REGISTERED


def test_a_criterion_in_the_way_is_told_with_its_words_and_what_to_do(trial, say):
    """Not met: an exception; not known: what to record."""
    trial.do(Consent("P-1", say.CONSENTED))
    trial.do(say.facts("P-1", ecog=3))

    performance, consent = _faults(trial, Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    words = {each.id: each.says for each in trial.study.criteria}
    assert (performance.where, performance.allowed, performance.do) == (
        "I04",
        words["I04"],
        "The participant cannot be registered for this arm unless an exception is on record",
    )
    assert performance.found == (
        "ECOG performance status 3 on 2026-02-02, not at least 0 and at most 2"
    )
    assert (consent.where, consent.allowed) == ("I18", words["I18"])
    assert consent.do.startswith("Record what decides it: ")
    assert "informed-consent" in consent.do


def test_without_exceptions_the_checklist_names_none(trial, say):
    """The planned first dose stands in it; exceptions once each, in order."""
    trial.screen("P-1")
    (plain,) = trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))
    trial.screen("P-2")
    trial.do(say.facts("P-2", ecog=3, on=say.REGISTERED))
    for criterion in ("I18", "I04", "I04"):
        trial.do(say.exception("P-2", criterion))
    (excepted,) = trial.do(Register("P-2", "A", say.REGISTERED, say.FIRST_DOSE))

    assert "excepted" not in plain.payload
    assert plain.payload["first_dose_on"] == "2026-02-09"
    assert excepted.payload["excepted"] == ["I04", "I18"]
    assert (plain.act, plain.subject, plain.on) == ("registered", "P-1", say.REGISTERED)


@pytest.mark.parametrize(
    ("is_registered", "days", "found"),
    [
        (False, 0, "P-1, not registered by 2026-02-05"),
        (True, -1, "P-1, not registered by 2026-02-04"),
    ],
)
def test_only_somebody_registered_by_the_day_is_assigned(trial, say, is_registered, days, found):
    """The refusal tells the day; on the day of registration itself it is allowed."""
    trial.screen("P-1")
    if is_registered:
        trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert _faults(trial, Assign("P-1", say.REGISTERED + days * DAY)) == [
        Fault(
            "participant", found, "registered and not assigned",
            "Register the participant first, once",
        )
    ]  # fmt: skip


def test_somebody_assigned_is_told_the_dose_level(trial, say):
    """And the day of the second try."""
    trial.enrol("P-1")

    (fault,) = _faults(trial, Assign("P-1", say.REGISTERED))

    assert fault.found == "P-1, at dose level 1 by 2026-02-05"


def test_an_assignment_is_told_with_its_reason(trial, say):
    """Arm, level, the cohort's own reason, and the doses of the first day alone."""
    trial.screen("P-1")
    trial.do(Register("P-1", "B", say.REGISTERED, say.FIRST_DOSE))
    choice = {"aromatase-inhibitor-daily": "letrozole"}

    (done,) = trial.do(Assign("P-1", say.REGISTERED, choice))

    assert (done.act, done.subject, done.on) == ("assigned", "P-1", say.REGISTERED)
    assert done.payload == {
        "arm": "B",
        "dose_level": 1,
        "choice": choice,
        "because": trial.state.cohorts["B"].because,
        "first_day": done.payload["first_day"],
    }
    first = [line.partition(" ")[0] for line in done.payload["first_day"]]
    assert sorted(first) == sorted(set(first))
    assert "letrozole" in first


def test_a_full_cohort_is_told_its_level_and_its_reason(trial, say):
    """What opens the next place is the next dose decision."""
    for number in ("P-1", "P-2", "P-3"):
        trial.enrol(number)
    trial.screen("P-4")
    trial.do(Register("P-4", "A", say.REGISTERED, say.FIRST_DOSE))

    because = trial.state.cohorts["A"].because
    assert _faults(trial, Assign("P-4", say.REGISTERED)) == [
        Fault(
            "arm A",
            f"no place is open at dose level 1 ({because})",
            "a cohort with a free place",
            "Wait for the next dose decision of this arm",
        )
    ]


def test_a_cohort_takes_nobody_before_the_day_it_was_opened(trial, say):
    """On that day it does."""
    trial.complete("P-1", "P-2", "P-3")
    trial.screen("P-4")
    trial.do(Register("P-4", "A", say.REGISTERED, say.FIRST_DOSE))
    trial.do(say.meeting())

    assert _faults(trial, Assign("P-4", say.WINDOW_OVER - DAY)) == [
        Fault(
            "on",
            "2026-03-08, before the cohort was opened",
            "2026-03-09 or later",
            "Correct the day",
        )
    ]
    trial.do(Assign("P-4", say.WINDOW_OVER))
    assert trial.state.participants["P-4"].dose_level == 2


def test_places_wait_for_signatures_only_where_the_protocol_says_so(study, say):
    """Without the rule an unsigned decision opens its places; with it none is open."""
    for waits, places in ((False, 3), (True, 0)):
        settings = DoseDecisionSettings(
            signed_by=("principal-investigator",), opens_when_signed=waits
        )
        trial = say.empty(study.model_copy(update={"dose_decisions": settings}))
        trial.do(say.OPENING)
        trial.complete("P-1", "P-2", "P-3")
        trial.do(say.meeting())

        assert open_places(trial.state, "A", say.WINDOW_OVER) == places


def test_a_criterion_that_waits_for_an_approval_says_whom_to_ask(protocol, say):
    """No archival tissue and no biopsy: the principal investigator may approve, and has not."""
    few = with_few_criteria(protocol, ("I04", "I18", "E11", "I20"))
    trial = say.empty(few)
    trial.do(say.OPENING)
    trial.screen("P-1")
    for question in ("archival-tissue", "pretreatment-biopsy"):
        trial.do(say.answer("P-1", question, "no"))

    (fault,) = _faults(trial, Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert (fault.where, fault.do) == ("I20", "Ask for the approval that the protocol allows")


def test_places_of_a_trial_that_is_not_open_are_refused(study, say):
    """Nothing was opened yet."""
    with pytest.raises(Refusal) as refused:
        open_places(TrialState(study), "A", say.REGISTERED)

    assert list(refused.value.faults) == [
        Fault("trial", "not open", "an open trial", "Open the trial first")
    ]
