"""What the first pages show is worked out before anybody asks."""

import gc
from dataclasses import replace

import pytest
from django.conf import settings

from trialwright.assembly import collecting, shown_reports
from trialwright.assembly.kept_answers import Kept
from trialwright.web import desk, starting, whole_trial


def work(*given):
    """Stand for work that nobody may have to wait for."""
    raise AssertionError(f"worked out for a viewer: {given[1:]}")


@pytest.mark.parametrize(
    ("address", "module", "name"),
    [("/today/", whole_trial, "due_visits"), ("/safety/", shown_reports, "safety_sections")],
)
def test_the_first_viewer_waits_for_nothing_of_the_whole_trial(
    address, module, name, trial, signed_in, monkeypatch
):
    """Once the trial is read ahead its first view works nothing out; without it, it would."""
    monkeypatch.setattr(settings, "DESK", replace(trial, kept=Kept()))
    viewer = signed_in("principal-investigator")
    with monkeypatch.context() as patch:
        patch.setattr(module, name, work)
        with pytest.raises(AssertionError, match="worked out for a viewer"):
            viewer.get(address)

    starting.read_ahead()
    monkeypatch.setattr(module, name, work)

    assert viewer.get(address).status_code == 200


def test_what_was_read_ahead_is_not_looked_through_again(trial, monkeypatch):
    """Collecting garbage passes over what the pages keep, as soon as a trial is long."""
    monkeypatch.setattr(settings, "DESK", replace(trial, kept=Kept()))
    monkeypatch.setattr(collecting, "MANY", 1)
    try:
        starting.read_ahead()
        kept = whole_trial.looked_at(desk.state(), desk.today())

        assert not any(each is kept for each in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(each is kept for each in gc.get_objects())
