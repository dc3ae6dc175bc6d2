"""Responses and endpoints of the told trial, from the command line."""

import csv
import io
import json
import shutil
from datetime import date
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from tests.conduct.central_story import FIRST, SECOND, THIRD, choice, lesions, reading

from trialwright.assembly import ledgers, shelf
from trialwright.assembly.clock import entered_at
from trialwright.assembly.demo import demo
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import load
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


@pytest.fixture(scope="module")
def reviewed(ledger, tmp_path_factory):
    """Give ledger and protocol of the told trial, read by two readers and adjudicated."""
    copy = tmp_path_factory.mktemp("reviewed") / "ledger"
    shutil.copytree(ledger, copy)
    gateway = Gateway(ledgers.open_to_write(copy), load("nct03959891"), entered_at, "test")
    baseline = gateway.state().participants["MGH-001"].baseline.on
    for evaluator, by, mm in (("reader 1", FIRST, "14"), ("reader 2", SECOND, "19")):
        gateway.execute(lesions("MGH-001", evaluator, baseline), by)
        gateway.execute(reading("MGH-001", evaluator, SCANNED, mm), by)
    gateway.execute(choice("MGH-001", SCANNED, "reader 2"), THIRD)
    return copy, TRIAL


SCANNED = date(2026, 5, 4)


def test_each_evaluator_is_told_as_json(reviewed):
    """20 to 14 mm is PR, 20 to 19 mm SD; the investigator's own course stays beside them."""
    words = ("response", *reviewed, "--participant", "MGH-001", "--as-of", LATER)
    done = run(*words, "--format", "json")

    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    review = found["central_review"]
    best = {name: each["best"]["response"] for name, each in review["readers"].items()}
    assert best == {"reader 1": "PR", "reader 2": "SD"}
    assert review["differing"] == ["best overall response: PR and SD"]
    assert (review["counted"], review["adjudication"]["account"]) == ("reader 2", THIRD.account)
    assert found["best"]["response"] == "PR"
    assert f"  central review: {review['because']}\n" in run(*words).stdout


def test_without_readers_there_is_no_central_review(ledger, tmp_path):
    """The investigator alone evaluates."""
    protocol = tmp_path / "alone.yaml"
    shipped = shelf.text("protocols", "nct03959891.yaml")
    alone = shipped.replace("    review: two-readers\n", "    review: investigator\n")
    assert alone != shipped
    protocol.write_text(alone, encoding="utf-8")
    words = ("response", ledger, protocol, "--participant", "MGH-001", "--as-of", LATER)

    assert json.loads(run(*words, "--format", "json").stdout)["central_review"] is None


CENTRAL = [
    ("central_baseline_recorded", "reader 1"), ("central_assessed", "reader 1"),
    ("central_baseline_recorded", "reader 2"), ("central_assessed", "reader 2"),
    ("adjudicated", "reader 2"),
]  # fmt: skip
"""Acts of central review in their order, each with its evaluator or whom it chose."""


@pytest.mark.parametrize("form", ["jsonl", "csv", "odm-1.3.2", "odm-2.0"])
def test_every_form_of_the_record_carries_central_review(reviewed, form):
    """Each reading with its evaluator, and the decision with whom it chose."""
    done = run("ledger", "export", reviewed[0], TRIAL, "--format", form)

    assert done.exit_code == 0, done.stderr
    read = {"jsonl": _in_lines, "csv": _in_table}.get(form, _in_odm)
    assert read(done.stdout) == CENTRAL


def _in_lines(text):
    """Give act and evaluator by entry."""
    rows = [json.loads(line) for line in text.splitlines()]
    return [
        (row["envelope"]["act"], json.loads(field["value"]))
        for row in rows
        if row["row"] == "happening" and row["envelope"]["act"] in dict(CENTRAL)
        for path, field in row["fields"].items()
        if path in ("payload/evaluator", "payload/chosen")
    ]


def _in_table(text):
    """Give act and evaluator by row."""
    return [
        (row["act"], json.loads(row["value"]))
        for row in csv.DictReader(io.StringIO(text))
        if row["act"] in dict(CENTRAL) and row["item"] in ("evaluator", "chosen")
    ]


def _in_odm(text):
    """Give act and evaluator by event; a value is an attribute in 1.3.2, an element in 2.0."""
    found = []
    for event in ElementTree.fromstring(text).iterfind(".//{*}StudyEventData"):  # noqa: S314 - ours
        act = event.get("StudyEventOID").removeprefix("SE.")
        for item in event.iterfind(".//{*}ItemData"):
            name = item.get("ItemOID").rpartition(".")[2]
            if act in dict(CENTRAL) and name in ("evaluator", "chosen"):
                found.append((act, item.get("Value") or item.findtext("{*}Value")))
    return found
