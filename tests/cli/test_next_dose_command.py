"""`trialwright next-dose`: from a ledger, from the notation, from a file of participants."""

import json

import pytest
from click.testing import CliRunner

from trialwright.assembly.demo import demo
from trialwright.cli.main import main


def run(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, ["next-dose", *map(str, arguments)])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give a ledger whose arm A has treated its first cohort and decided."""
    folder = tmp_path_factory.mktemp("trial")
    for chapter in demo(folder):
        if chapter.title == "Dose meeting":
            return folder
    pytest.fail("the demo holds no dose meeting")


ARM = ("NCT03959891", "--arm", "C")


@pytest.mark.parametrize(
    ("data", "status", "headline"),
    [
        (
            "",
            0,
            "stay: dose level 1 (200 mg), 3 participants next; highest admissible dose level 1",
        ),
        ("1NNN", 0, "escalate: dose level 2 (300 mg), 3 participants next; highest admissible"),
        (
            "1NNN 2NTP",
            3,
            "wait: dose level 2 (300 mg), nobody next; highest admissible dose level 2",
        ),
        ("1NNN 2TT", 0, "de-escalate: dose level 1 (200 mg), 3 participants next"),
        ("1TTN", 4, "stop: no MTD"),
    ],
)
def test_the_exit_status_says_whether_a_level_is_open(data, status, headline):
    """0 open, 3 wait, 4 stopped."""
    done = run(*ARM, "--data", data)

    assert done.exit_code == status, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "NCT03959891, arm C: 3+3 six-at-mtd"
    assert lines[1].startswith(headline)
    assert lines[-1] == "design or doses: illustrative, not from the registry"


def test_participants_in_a_file_are_the_same_data(tmp_path):
    """CSV and JSON of participants, and the notation: one data digest."""
    table = tmp_path / "people.csv"
    table.write_text(
        "participant,cohort,level,standing,has_dlt,dlt_day,followed\n"
        "01-001,1,1,evaluable,no,,35\n01-002,1,1,evaluable,yes,12,\n01-003,1,1,pending,,,14\n"
    )
    people = [
        {"participant": "01-001", "cohort": 1, "level": 1, "standing": "evaluable",
         "has_dlt": False},
        {"participant": "01-002", "cohort": 1, "level": 1, "standing": "evaluable",
         "has_dlt": True},
        {"participant": "01-003", "cohort": 1, "level": 1, "standing": "pending"},
    ]  # fmt: skip
    listed = tmp_path / "people.json"
    listed.write_text(json.dumps(people))

    found = [
        json.loads(run(*ARM, "--data", data, "--format", "json").stdout)["advice"]
        for data in (table, listed, "1NTP")
    ]

    assert found[0] == found[1] == found[2]
    assert found[0]["act"] == "wait"
    assert found[0]["warnings"] == ["1 still in the DLT window"]


def test_faults_of_a_file_are_told_by_participant_and_field(tmp_path):
    """All at once, with the window of the arm, 35 days."""
    table = tmp_path / "people.csv"
    table.write_text(
        "participant,cohort,level,standing,has_dlt,dlt_day,followed\n"
        "01-001,1,9,evaluable,no,,35\n01-002,1,1,evaluable,2,,\n01-003,1,1,evaluable,no,,28\n"
    )

    done = run(*ARM, "--data", table)

    assert done.exit_code == 2
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "01-001, level",
        "01-002, has_dlt",
        "01-003, standing",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("participant,cohort,level\n01-001,1,1\n", "people.csv:2: 01-001, standing: nothing"),
        (
            "participant,cohort,level,standing,has_dlt\n01-001,1,1,evaluable,\n",
            "people.csv:2: 01-001, has_dlt: nothing",
        ),
        (
            "participant,cohort,level,standing,dlt\n01-001,1,1,pending,0\n",
            "01-001, dlt: an unknown",
        ),
    ],
)
def test_columns_that_are_missing_or_unknown_are_named(tmp_path, text, says):
    """With the line."""
    table = tmp_path / "people.csv"
    table.write_text(text)

    done = run(*ARM, "--data", table)

    assert done.exit_code == 2
    assert says in done.stderr


def test_a_ledger_is_asked_for_any_day(ledger):
    """In the window everybody is waited for; before anybody is treated the cohort is open."""
    waiting = run(ledger, "--arm", "A", "--as-of", "2026-03-20")
    decided = run(ledger, "--arm", "A", "--as-of", "2026-04-06")

    assert waiting.exit_code == 3, waiting.output
    assert "wait: dose level 1 (200 mg)" in waiting.stdout
    assert waiting.stdout.splitlines()[0] == (
        f"arm A, ledger {ledger.name}, data up to 2026-03-20: 3+3 six-at-mtd"
    )
    assert decided.exit_code == 0
    assert "3 participants next" in decided.stdout


def test_a_ledger_tells_how_each_participant_counts(ledger):
    """One line each, with the reason."""
    done = run(ledger, "--arm", "A", "--as-of", "2026-03-20")

    people = [line for line in done.stdout.splitlines() if ", dose level 1: " in line]
    assert len(people) == 3
    assert sum(": pending: " in line for line in people) >= 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--arm", "A"], "--arm and --as-of"),
        (["--as-of", "2026-04-06"], "--arm and --as-of"),
        (["--arm", "A", "--as-of", "2026-04-06", "--data", "1NNN"], "--data: given beside"),
        (["--arm", "Z", "--as-of", "2026-04-06"], "Z"),
    ],
)
def test_a_ledger_needs_an_arm_and_a_day(ledger, arguments, says):
    """And takes no other data."""
    done = run(ledger, *arguments)

    assert done.exit_code == 2
    assert says in done.stderr


def test_a_design_needs_data_and_no_day():
    """What is meant for a ledger is refused."""
    without = run(*ARM)
    with_day = run(*ARM, "--data", "1NNN", "--as-of", "2026-04-06")

    assert (without.exit_code, with_day.exit_code) == (2, 2)
    assert "--data: nothing" in without.stderr
    assert "--as-of: given without a ledger" in with_day.stderr


def test_a_folder_without_ledger_is_refused(tmp_path):
    """With how one is made."""
    done = run(tmp_path, "--arm", "A", "--as-of", "2026-04-06")

    assert done.exit_code == 2
    assert "trial open --create" in done.stderr


@pytest.mark.parametrize("number", ["9" * 5000, "--1", "\u0663", "1e3"])
def test_a_number_that_is_none_is_refused_with_its_participant(number, tmp_path):
    """Whatever a cell holds, thousands of digits included: a refusal, and no traceback."""
    table = tmp_path / "people.csv"
    table.write_text(
        f"participant,cohort,level,standing,has_dlt\n01-001,1,{number},evaluable,no\n", "utf-8"
    )

    done = run(*ARM, "--data", table)

    assert done.exit_code == 2
    assert done.stderr.startswith("01-001, level: ")
