"""Responses and endpoints of the told trial, from the command line."""

import json

import pytest
from click.testing import CliRunner

from trialwright.assembly.demo import demo
from trialwright.cli.main import main

TRIAL = "NCT03959891"
LATER = "2026-07-10"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give the ledger of the told trial, before it is tampered with."""
    folder = tmp_path_factory.mktemp("told")
    for chapter in demo(folder):
        if chapter.title.startswith("Tumour assessments"):
            return folder
    pytest.fail("the demo holds no tumour assessments")


def run(*words):
    """Run a command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_participant_is_told_visit_by_visit(ledger):
    """43.4 mm of 62 mm is PR, exactly; then PD by a new lesion on study day 113."""
    done = run("response", ledger, TRIAL, "--participant", "MGH-001", "--as-of", LATER)

    assert done.exit_code == 0, done.stderr
    assert "43.4 mm is -30 % from the baseline of 62 mm" in done.stdout
    assert "Best overall response PR: PR on 2026-05-04" in done.stdout
    assert "progression-free survival, PD: Event on day 113: progression on 2026-06-29" in (
        done.stdout
    )


def test_an_earlier_cutoff_knows_no_progression(ledger):
    """Before the second scan the same participant is censored at the first."""
    words = ("response", ledger, TRIAL, "--participant", "MGH-001", "--format", "json")
    found = json.loads(run(*words, "--as-of", "2026-06-28").stdout)

    assert [visit["overall"] for visit in found["timepoints"]] == ["PR"]
    assert (found["progression_free"]["outcome"], found["progression_free"]["days"]) == (
        "censored",
        57,
    )


def test_endpoints_are_given_for_everybody_and_by_group(ledger):
    """One of the three treated was assessed; arm, dose level and subgroups follow."""
    done = run("endpoints", ledger, TRIAL, "--as-of", LATER, "--format", "json")

    found = json.loads(done.stdout)
    everybody = found["groups"][0]
    names = [(group["by"], group["group"]) for group in found["groups"]]
    assert (everybody["response"]["having"], everybody["response"]["participants"]) == (1, 1)
    assert len(everybody["sets"]["safety"]["members"]) == 3
    assert names[:3] == [("all", "all"), ("arm", "A"), ("dose level", "A 1")]


def test_the_text_names_conventions_rules_and_reasons(ledger):
    """Every exclusion has its reason, every estimate its conventions, the settings their label."""
    text = run("endpoints", ledger, TRIAL, "--as-of", LATER).stdout

    assert "convention R, 95 % limits log-log; illustrative, not from the registry" in text
    assert "not MGH-002: no tumour assessment before treatment" in text
    assert "1 of 1 in the analysis set response-evaluable" in text


def test_whoever_is_not_treated_is_refused(ledger):
    """An unknown number."""
    done = run("response", ledger, TRIAL, "--participant", "X-9", "--as-of", LATER)

    assert (done.exit_code, "X-9" in done.stderr) == (2, True)
