"""Exceptions and deviations: on record they open the way in, and no verdict changes."""

from datetime import timedelta

import pytest

from trialwright.conduct.acts import Consent, Register
from trialwright.terms.errors import Refusal


@pytest.fixture
def failing(trial, say):
    """Give a trial with a participant whose performance status is too high."""
    trial.screen("P-1")
    trial.do(say.facts("P-1", ecog=3, on=say.REGISTERED))
    return trial


def test_an_exception_on_record_opens_the_way_and_leaves_the_verdict(failing, say):
    """The checklist still says not met, and names the criterion excepted."""
    failing.do(say.exception("P-1", "I04"))

    (done,) = failing.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    lines = {each["criterion"]: each["verdict"] for each in done.payload["criteria"]}
    assert lines["I04"] == "not met"
    assert done.payload["overall"] == "not eligible"
    assert done.payload["excepted"] == ["I04"]


def test_an_exception_for_one_criterion_is_none_for_another(failing, say):
    """The participant stays out for the criterion that is not met."""
    failing.do(say.exception("P-1", "E11"))

    with pytest.raises(Refusal) as refused:
        failing.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert [fault.where for fault in refused.value.faults] == ["I04"]


def test_what_is_unknown_has_no_exception(trial, say):
    """An exception never stands for a fact that nobody recorded."""
    trial.do(Consent("P-1", say.CONSENTED))
    for criterion in ("I04", "I18", "E11"):
        trial.do(say.exception("P-1", criterion))

    with pytest.raises(Refusal) as refused:
        trial.do(Register("P-1", "A", say.REGISTERED, say.FIRST_DOSE))

    assert [fault.where for fault in refused.value.faults] == ["I04", "I18", "E11"]


def test_all_that_is_wrong_with_an_exception_is_told_at_once(failing, say):
    """A criterion of another protocol, nobody who granted it, and no reason."""
    with pytest.raises(Refusal) as refused:
        failing.do(say.exception("P-1", "I99", granted_by=" ", reason=""))

    assert [fault.where for fault in refused.value.faults] == ["criterion", "granted_by", "reason"]


def test_after_registration_it_is_a_deviation(trial, say):
    """An exception is granted beforehand; what is found later is recorded as what it is."""
    trial.enrol("P-1")
    later = say.REGISTERED + timedelta(days=1)

    with pytest.raises(Refusal) as refused:
        trial.do(say.exception("P-1", on=later))
    trial.do(say.exception("P-1", sort="deviation", on=later))

    assert [fault.where for fault in refused.value.faults] == ["sort"]
    assert trial.state.participants["P-1"].excepted == ("E11",)


def test_a_participant_who_has_not_consented_has_no_exception(trial, say):
    """Nothing is recorded of somebody who is not in the trial."""
    with pytest.raises(Refusal) as refused:
        trial.do(say.exception("P-9"))

    assert "P-9" in str(refused.value)
