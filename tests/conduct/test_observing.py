"""What is seen on study: doses, adverse events, tumours."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from trialwright.conduct.acts import Consent, RecordAdverseEvent, RecordDoses
from trialwright.conduct.observing import attributable
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity


@pytest.fixture
def treated(trial):
    """Give a trial with one participant assigned in arm A."""
    trial.enrol("P-1")
    return trial


def test_doses_are_kept_in_the_order_in_which_they_came(treated, say):
    """28 doses of ipatasertib, the first on C1D1."""
    treated.treat("P-1")

    here = treated.state.participants["P-1"]
    assert len(here.doses) == 28
    assert here.first_dose_on == say.FIRST_DOSE


def test_held_doses_are_no_first_dose(treated, say):
    """Nothing was taken, so nothing began."""
    treated.treat("P-1", days=0)

    assert treated.state.participants["P-1"].first_dose_on is None


def test_all_faults_of_doses_are_named_at_once(treated, say):
    """A foreign agent, a day twice and a day to come are three faults with their places."""
    one, two, *_ = say.doses(treated.live, "P-1").doses
    given = (replace(one, agent="palbociclib"), two, two, replace(one, on=say.WINDOW_OVER))

    with pytest.raises(Refusal) as refused:
        treated.do(RecordDoses("P-1", say.FIRST_DOSE + timedelta(days=2), given))

    assert [fault.where for fault in refused.value.faults] == [
        "doses.0.agent",
        "doses.2",
        "doses.3.on",
    ]


def test_a_dose_is_recorded_once(treated, say):
    """A second record of agent and day is refused; the first is corrected instead."""
    treated.treat("P-1")

    with pytest.raises(Refusal, match="a second time"):
        treated.treat("P-1")


def test_doses_of_nobody_are_refused(treated, say):
    """An act without a dose says nothing."""
    with pytest.raises(Refusal, match="one or more"):
        treated.do(RecordDoses("P-1", say.WINDOW_OVER, ()))


def test_doses_before_the_assignment_are_refused(treated, say):
    """Without a dose level there is nothing to take."""
    early = say.doses(treated.live, "P-1", on=say.CONSENTED)

    with pytest.raises(Refusal, match="no dose level by 2026-02-02"):
        treated.do(early)


def test_an_adverse_event_may_come_before_treatment(trial, say):
    """Consent is enough; whether it counts is asked elsewhere."""
    trial.do(Consent("P-1", say.CONSENTED))
    act = say.toxicity("P-1", day=-3)

    trial.do(act)

    assert trial.state.participants["P-1"].adverse_events == (act.event,)


def test_an_event_of_an_agent_that_the_trial_does_not_give_is_refused(treated, say):
    """The agents of the protocol are named."""
    act = say.toxicity("P-1")
    strange = replace(act, event=replace(act.event, related_to=("aspirin", "ipatasertib")))

    with pytest.raises(Refusal) as refused:
        treated.do(strange)

    assert refused.value.faults[0].found == "aspirin"
    assert "ipatasertib" in refused.value.faults[0].allowed


def test_an_event_of_an_agent_that_the_participant_does_not_take_is_refused(treated, say):
    """Palbociclib is of another arm; with what is allowed, and before the arm is known anything."""
    act = say.toxicity("P-1")
    other = replace(act.event, related_to=("ipatasertib", "palbociclib"))

    with pytest.raises(Refusal) as refused:
        treated.do(replace(act, event=other))

    (fault,) = refused.value.faults
    assert (fault.where, fault.found) == ("event.related_to", "palbociclib")
    assert fault.allowed == "fulvestrant, ipatasertib"
    assert fault.do == "Name agents that the participant takes"
    treated.do(Consent("P-3", say.CONSENTED))
    treated.do(RecordAdverseEvent("P-3", say.WINDOW_OVER, other))
    assert treated.live.participants["P-3"].adverse_events == (other,)


def test_an_event_may_be_of_an_agent_that_was_taken_before_an_amendment(treated, say):
    """The line is gone from the arm; a dose of its agent stands on record."""
    treated.treat("P-1")
    arms = {each.id: each for each in treated.study.arms}
    lines = tuple(
        line for line in arms["A"].dosing if "fulvestrant" in {one.agent for one in line.choices}
    )
    without = arms["A"].model_copy(update={"dosing": lines})
    state = replace(treated.live, study=treated.study.model_copy(update={"arms": (without,)}))
    here = state.participants["P-1"]

    assert attributable(state, here) == {"fulvestrant", "ipatasertib"}
    assert attributable(state, replace(here, doses=())) == {"fulvestrant"}


def test_disease_and_assessments_are_kept_exactly(treated, say):
    """Diameters come back with every digit."""
    treated.do(say.disease("P-1"))
    treated.do(say.scan("P-1", 8, "15.250"))

    here = treated.state.participants["P-1"]
    assert here.baseline == say.disease("P-1").baseline
    assert str(here.assessments[0].targets["T1"]) == "15.250"


def test_lesions_are_labelled_by_codes(treated, say):
    """Readings are recorded under the label, which nobody can erase: it is no place for text."""
    act = say.disease("P-1")
    (target,), (nontarget,) = act.baseline.targets, act.baseline.nontargets
    strange = replace(
        act.baseline,
        targets=(target, replace(target, label="Jane Roe, liver")),
        nontargets=(replace(nontarget, label=""), nontarget),
    )

    with pytest.raises(Refusal) as refused:
        treated.do(replace(act, baseline=strange))

    assert [fault.where for fault in refused.value.faults] == [
        "baseline.targets.1.label",
        "baseline.nontargets.0.label",
    ]
    assert "Roe" not in str(refused.value)


def test_imaging_before_consent_is_on_record_from_the_consent_on(trial, say):
    """The baseline keeps its own day; the happening stands on the day of consent."""
    early = say.CONSENTED - timedelta(days=20)
    trial.do(Consent("P-1", say.CONSENTED))

    (done,) = trial.do(say.disease("P-1", early))

    assert done.on == say.CONSENTED
    assert trial.state.participants["P-1"].baseline.on == early


def test_there_is_one_baseline(treated, say):
    """A second one would move every later response."""
    treated.do(say.disease("P-1"))

    with pytest.raises(Refusal, match="one baseline"):
        treated.do(say.disease("P-1"))


@pytest.mark.parametrize(("week", "match"), [(8, "one a day"), (-1, "a day after the baseline")])
def test_assessments_follow_the_baseline_one_a_day(treated, say, week, match):
    """Neither a second one of a day nor one before the baseline."""
    treated.do(say.disease("P-1", say.FIRST_DOSE - timedelta(days=1)))
    treated.do(say.scan("P-1", 8))

    with pytest.raises(Refusal, match=match):
        treated.do(say.scan("P-1", week, "14"))


def test_a_dose_dated_before_the_assignment_moves_no_calendar(treated, say):
    """Entered on a later day, it would have become the first dose and moved every cycle."""
    assigned = treated.state.participants["P-1"].assigned_on
    one, *_ = say.doses(treated.live, "P-1").doses
    early = replace(one, on=assigned - timedelta(days=1))

    with pytest.raises(Refusal, match=f"before the assignment on {assigned}"):
        treated.do(RecordDoses("P-1", say.FIRST_DOSE, (early,)))


def test_a_reduced_dose_is_less_than_planned(treated, say):
    """The planned amount or more is no reduction; the number of the level is told."""
    one, two, *_ = say.doses(treated.live, "P-1").doses
    more = Quantity(one.amount.value * 2, one.amount.unit)
    half = Quantity(one.amount.value / 2, one.amount.unit)
    reduced = [replace(each, status="reduced", reason="adverse event", amount=amount)
               for each, amount in ((one, one.amount), (two, more))]  # fmt: skip

    with pytest.raises(Refusal) as refused:
        treated.do(RecordDoses("P-1", say.WINDOW_OVER, tuple(reduced)))
    treated.do(RecordDoses("P-1", say.WINDOW_OVER, (replace(reduced[0], amount=half),)))

    assert [each.where for each in refused.value.faults] == ["doses.0.amount", "doses.1.amount"]
    assert f"under {one.amount.value} mg" in refused.value.faults[0].allowed
    assert treated.state.participants["P-1"].doses[-1].amount == half


def test_a_dose_is_in_a_unit_of_the_kind_planned(treated, say):
    """Millilitres of a tablet are refused; 0.1 g of 200 mg is a reduction, and 0.2 g is none."""
    one, two, *_ = say.doses(treated.live, "P-1").doses
    assert str(one.amount) == "200 mg"
    of_volume = replace(one, amount=Quantity(Decimal(10), "mL"))
    whole = replace(two, status="reduced", reason="other", amount=Quantity(Decimal("0.2"), "g"))
    half = replace(whole, amount=Quantity(Decimal("0.1"), "g"))

    with pytest.raises(Refusal) as refused:
        treated.do(RecordDoses("P-1", say.WINDOW_OVER, (of_volume, whole)))
    treated.do(RecordDoses("P-1", say.WINDOW_OVER, (half,)))

    first, second = refused.value.faults
    assert (first.where, first.found, first.allowed) == (
        "doses.0.amount", "10 mL", "an amount in mg",
    )  # fmt: skip
    assert second.where == "doses.1.amount"
