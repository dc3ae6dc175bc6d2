"""Registration with a complete checklist, and places in the open cohort."""

from datetime import timedelta

import pytest

from trialwright.conduct.acts import Assign, Consent, Register
from trialwright.conduct.registration import open_places
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal

AROMATASE = "aromatase-inhibitor-daily"


@pytest.fixture
def register(say):
    """Give the registration of a participant in an arm."""

    def make(number, arm="A"):
        return Register(number, arm, say.REGISTERED, say.FIRST_DOSE)

    return make


def test_a_complete_checklist_registers_and_is_kept(trial, register):
    """The happening holds every criterion with its verdict."""
    trial.screen("P-1")

    (done,) = trial.do(register("P-1"))

    lines = {each["criterion"]: each["verdict"] for each in done.payload["criteria"]}
    assert lines == {"I04": "met", "I18": "met", "E11": "absent"}
    assert done.payload["overall"] == "eligible"
    assert trial.state.participants["P-1"].registered_on == done.on


@pytest.mark.parametrize(
    ("ecog", "said", "where"),
    [(3, "yes", ["I04"]), (1, "no", ["I18"]), (4, "no", ["I04", "I18"])],
)
def test_each_criterion_that_fails_is_named(trial, say, register, ecog, said, where):
    """All criteria in the way are named at once; there are no waivers."""
    trial.screen("P-1")
    trial.do(say.facts("P-1", ecog=ecog, on=say.REGISTERED))
    trial.do(say.answer("P-1", "informed-consent", said))

    with pytest.raises(Refusal) as refused:
        trial.do(register("P-1"))

    assert [fault.where for fault in refused.value.faults] == where
    assert all("cannot be registered" in fault.do for fault in refused.value.faults)


def test_what_is_not_known_is_asked_for_and_is_never_a_yes(trial, say, register):
    """Somebody of whom nothing is recorded is not registered, and is told what to record."""
    trial.do(Consent("P-1", say.CONSENTED))

    with pytest.raises(Refusal) as refused:
        trial.do(register("P-1"))

    asked = {fault.where: fault.do for fault in refused.value.faults}
    assert set(asked) == {"I04", "I18", "E11"}
    assert "ecog" in asked["I04"]
    assert "informed-consent" in asked["I18"]


def test_two_values_of_one_day_that_disagree_decide_nothing(trial, say, register):
    """A performance status of 1 and of 4 on the same day is for a person to settle."""
    trial.screen("P-1")
    trial.do(say.facts("P-1", ecog=4))

    with pytest.raises(Refusal) as refused:
        trial.do(register("P-1"))

    (fault,) = refused.value.faults
    assert fault.where == "I04"
    assert fault.do.startswith("Record what decides it")


def test_the_whole_protocol_keeps_out_whoever_lacks_one_answer(protocol, say, register):
    """With all 35 criteria, three facts are not enough."""
    trial = say.empty(protocol)
    trial.do(say.OPENING)
    trial.screen("P-1")

    with pytest.raises(Refusal) as refused:
        trial.do(register("P-1"))

    assert len(refused.value.faults) > 20
    assert not {"I04", "I18", "E11"} & {fault.where for fault in refused.value.faults}


def test_nobody_is_registered_twice(trial, register):
    """The second registration is refused, for another arm, too."""
    trial.enrol("P-1")

    for arm in ("A", "C"):
        with pytest.raises(Refusal, match="was registered on 2026-02-05"):
            trial.do(register("P-1", arm))


def test_the_open_dose_level_is_assigned_with_its_first_day(trial):
    """Arm A begins at level 1: 200 mg of ipatasertib and 500 mg of fulvestrant on C1D1."""
    trial.enrol("P-1")

    done = trial.records[-1].happening
    assert done.payload["dose_level"] == 1
    assert done.payload["first_day"] == ["fulvestrant 500 mg", "ipatasertib 200 mg"]


def test_the_fourth_of_a_cohort_of_three_waits(trial, register, say):
    """The refusal names arm and level, and what opens the next place."""
    for number in ("P-1", "P-2", "P-3"):
        trial.enrol(number)
    trial.screen("P-4")
    trial.do(register("P-4"))

    with pytest.raises(Refusal) as refused:
        trial.do(Assign("P-4", say.REGISTERED))

    (fault,) = refused.value.faults
    assert fault.where == "arm A"
    assert "no place is open at dose level 1" in fault.found
    assert "next dose decision" in fault.do


def test_arms_fill_apart(trial):
    """A full cohort of arm A takes no place of arm C."""
    for number in ("P-1", "P-2", "P-3"):
        trial.enrol(number)

    trial.enrol("P-4", "C")

    assert trial.state.cohorts["C"].assigned == ("P-4",)


@pytest.mark.parametrize(
    ("choice", "match"),
    [
        ({}, "exactly one of letrozole, anastrozole, exemestane"),
        ({AROMATASE: "tamoxifen"}, "tamoxifen"),
        ({"another-line": "letrozole"}, "no line of arm B"),
    ],
)
def test_arm_b_asks_for_one_of_its_three_aromatase_inhibitors(trial, register, say, choice, match):
    """Without a valid choice nobody is assigned."""
    trial.screen("P-1")
    trial.do(register("P-1", "B"))

    with pytest.raises(Refusal, match=match):
        trial.do(Assign("P-1", say.REGISTERED, choice))


@pytest.mark.parametrize("agent", ["letrozole", "anastrozole", "exemestane"])
def test_the_choice_of_arm_b_is_kept(trial, agent):
    """The chosen agent stands in the state and in the first day."""
    trial.enrol("P-1", "B", {AROMATASE: agent})

    assert trial.state.participants["P-1"].choice == {AROMATASE: agent}
    assert any(agent in each for each in trial.records[-1].happening.payload["first_day"])


def test_whoever_is_not_evaluable_is_replaced_by_one(trial, say, register):
    """The place opens again once the window is over, and only once."""
    for number in ("P-1", "P-2"):
        trial.complete(number)
    trial.enrol("P-3")
    trial.treat("P-3", days=20)

    assert open_places(trial.state, "A", say.FIRST_DOSE) == 0
    assert open_places(trial.state, "A", say.WINDOW_OVER) == 1

    later = say.WINDOW_OVER + timedelta(days=2)
    trial.enrol("P-4", on=later, first_dose=later)
    assert open_places(trial.state, "A", later) == 0


def test_somebody_of_whom_doses_are_missing_is_not_replaced(trial, say):
    """Unknown is not `not evaluable`: no second participant is treated on a guess."""
    for number in ("P-1", "P-2"):
        trial.complete(number)
    trial.enrol("P-3")
    partly = say.doses(trial.live, "P-3")
    trial.do(type(partly)("P-3", partly.on, partly.doses[:15]))

    assert open_places(trial.state, "A", say.WINDOW_OVER) == 0


@pytest.mark.parametrize("days", [-1, -30])
def test_nobody_is_assigned_before_registration(trial, say, register, days):
    """Days keep their order, so that every earlier day can be asked again."""
    trial.screen("P-1")
    trial.do(register("P-1"))

    with pytest.raises(Refusal):
        trial.do(Assign("P-1", say.REGISTERED + timedelta(days=days)))


def test_nobody_is_assigned_before_the_cohort_was_opened(trial, say, register):
    """A place of the next level cannot be taken on a day before the dose decision."""
    trial.complete("P-1", "P-2", "P-3")
    trial.screen("P-4")
    trial.do(register("P-4"))
    trial.do(say.meeting())

    with pytest.raises(Refusal, match="before the cohort was opened"):
        trial.do(Assign("P-4", say.WINDOW_OVER - timedelta(days=1)))


def test_nobody_is_assigned_twice(trial, say):
    """One participant takes one place."""
    trial.enrol("P-1")

    with pytest.raises(Refusal, match="at dose level 1"):
        trial.do(Assign("P-1", say.REGISTERED))


def test_places_are_asked_of_an_open_trial_and_an_arm_that_is_there(study, trial, say):
    """Both are refusals, never a missing key."""
    with pytest.raises(Refusal, match="Open the trial first"):
        open_places(TrialState(study), "A", say.REGISTERED)
    with pytest.raises(Refusal, match="arm Z"):
        open_places(trial.state, "Z", say.REGISTERED)
