"""Responses and endpoints of the demo trial, from the command line."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from trialwright.assembly.demo_trial import make_demo_trial
from trialwright.cli.main import main

TRIAL = "NCT03959891"
TODAY = "2026-11-01"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give the ledger of a trial in progress."""
    folder = tmp_path_factory.mktemp("trial") / "ledger"
    make_demo_trial(folder, date.fromisoformat(TODAY))
    return folder


def run(*words):
    """Run a command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_participant_is_told_visit_by_visit(ledger):
    """PR by 42 mm of 60 mm, then PD by a new lesion: both days, the sums and the endpoints."""
    done = run("response", ledger, TRIAL, "--participant", "MGH-001", "--as-of", TODAY)

    assert done.exit_code == 0, done.stderr
    assert "Best overall response PR: PR on 2026-08-09" in done.stdout
    assert "progression-free survival, PD: Event on day 113: progression on 2026-10-04" in (
        done.stdout
    )


def test_an_earlier_cutoff_knows_no_progression(ledger):
    """Before the second scan the same participant is censored at the first."""
    words = ("response", ledger, TRIAL, "--participant", "MGH-001", "--format", "json")
    found = json.loads(run(*words, "--as-of", "2026-10-03").stdout)

    assert [visit["overall"] for visit in found["timepoints"]] == ["PR"]
    assert (found["progression_free"]["outcome"], found["progression_free"]["days"]) == (
        "censored",
        57,
    )


def test_endpoints_are_given_for_everybody_and_by_group(ledger):
    """Five of the twelve treated were assessed; arms, dose levels and the subgroup follow."""
    done = run("endpoints", ledger, TRIAL, "--as-of", TODAY, "--format", "json")

    found = json.loads(done.stdout)
    everybody = found["groups"][0]
    names = {(group["by"], group["group"]) for group in found["groups"]}
    assert (everybody["response"]["having"], everybody["response"]["participants"]) == (5, 5)
    assert len(everybody["sets"]["safety"]["members"]) == 12
    assert {("arm", "A"), ("dose level", "A 2"), ("cdk46-inhibitor", "recorded")} <= names


def test_the_text_names_conventions_rules_and_reasons(ledger):
    """Every exclusion has its reason, every estimate its conventions, the settings their label."""
    text = run("endpoints", ledger, TRIAL, "--as-of", TODAY).stdout

    assert "convention R, 95 % limits log-log; illustrative, not from the registry" in text
    assert "not MGH-014: no dose of a study agent was taken" in text
    assert "5 of 5 in the analysis set response-evaluable" in text


@pytest.mark.parametrize(
    ("participant", "said"), [("X-9", "X-9"), ("MGH-016", "assigned to no dose level")]
)
def test_whoever_is_not_treated_is_refused(ledger, participant, said):
    """An unknown number, and somebody in screening."""
    done = run("response", ledger, TRIAL, "--participant", participant, "--as-of", TODAY)

    assert (done.exit_code, said in done.stderr) == (2, True)
