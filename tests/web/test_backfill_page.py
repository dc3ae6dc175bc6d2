"""Backfilling on the page of a participant; arm A of the trial with backfill around its design.

Its cohort at dose level 2 is full, and 0 of 3 had a DLT at dose level 1.
"""

from datetime import date
from decimal import Decimal

import pytest

from trialwright.conduct.state import changed
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_settings import Backfilling

DAY = "2026-11-28"
AT = "/participants/MGH-015/eligibility/"


@pytest.fixture
def full(trial):
    """Register MGH-015 for arm A, and put backfill around its design."""
    state = trial.gateway.state()
    design = BoinDesign(name="BOIN", target=Decimal("0.25"), max_n=12,
                        backfill=Backfilling(cap=6, needs_response=False))  # fmt: skip
    arms = tuple(
        each.model_copy(update={"escalation": design}) if each.id == "A" else each
        for each in state.study.arms
    )
    day = date.fromisoformat(DAY)
    here = changed(
        state.participants["MGH-015"], arm="A", registered_on=day, first_dose_planned_on=day
    )
    study = state.study.model_copy(update={"arms": arms})
    trial.gateway._held = changed(state, study=study).with_participant(here)
    return trial


def test_a_participant_is_backfilled_at_the_open_level(signed_in, full):
    """The page says why it is open, and the form names it."""
    client, before = signed_in("coordinator"), full.gateway.state().cohorts["A"]

    text = client.get(AT).content.decode()
    answer = client.post(f"{AT}backfill/", {"on": DAY, "level": "1"})

    assert "Dose level 1 is open: 0/3 DLT, 3 of 6 participants." in text
    assert 'name="level" value="1"' in text
    assert answer.status_code == 302
    here = full.gateway.state().participants["MGH-015"]
    assert (here.dose_level, here.is_backfilled) == (1, True)
    assert full.gateway.state().cohorts["A"] == before


def test_a_level_that_is_not_open_is_refused_with_its_reason(signed_in, full):
    """Nothing is recorded; the form stands there with what was entered."""
    before = full.gateway.state().sequence

    answer = signed_in("coordinator").post(f"{AT}backfill/", {"on": DAY, "level": "2"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "dose level 2, not below the running cohort" in text.lower()
    assert 'name="level" value="2"' in text
    assert full.gateway.state().sequence == before


def test_an_arm_without_backfill_offers_none(signed_in, full):
    """The design of arm C has none."""
    state = full.gateway.state()
    here = changed(state.participants["MGH-015"], arm="C")
    full.gateway._held = state.with_participant(here)

    text = signed_in("coordinator").get(AT).content.decode()

    assert "Assign the dose level" in text
    assert "Backfill" not in text
