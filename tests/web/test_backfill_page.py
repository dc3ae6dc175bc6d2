"""Backfilling on the page of a participant; arm A of the trial with backfill around its design.

Its cohort at dose level 2 is full, and 0 of 3 had a DLT at dose level 1.
"""

import pytest
from tests.web.invented import keep_lower_levels_open

from trialwright.conduct.state import changed

DAY = "2026-11-28"
AT = "/participants/MGH-015/eligibility/"


@pytest.fixture
def full(trial):
    """Register MGH-015 for arm A, and put backfill around its design."""
    keep_lower_levels_open(trial)
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


def test_the_form_that_is_possible_is_unfolded(signed_in, full):
    """While the cohort is full that of backfilling; the other says what it would do."""
    text = signed_in("coordinator").get(AT).content.decode()

    folded, unfolded = '<details class="card act">', '<details class="card act" open>'
    assert f"{folded}<summary>Give the dose level that is open in arm A" in text
    assert f"{unfolded}<summary>Backfill: a dose level below the running cohort of arm A" in text


def test_board_and_meeting_say_who_was_backfilled(signed_in, full):
    """One card at dose level 1, and one line of those who count."""
    signed_in("coordinator").post(f"{AT}backfill/", {"on": DAY, "level": "1"})
    client = signed_in("principal-investigator")

    board, meeting = (client.get(at).content.decode() for at in ("/cohorts/", "/safety/A/"))

    assert board.count("backfilled, beside the cohorts") == 1
    assert meeting.count('<span class="small">backfilled</span>') == 1


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
