"""Two agents and backfill at the command line."""

import json

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main

GRID = """
agent: ipatasertib
doses: [200, 200, 300, 300]
unit: mg
second: {agent: palbociclib, doses: [75, 100, 75, 100], unit: mg}
escalation: {name: BOIN-combinations, rows: 2, columns: 2, target: 0.3, max_n: 9}
"""
BACKFILLED = """
levels: 3
window_days: 28
escalation:
  name: BOIN
  target: 0.25
  max_n: 12
  backfill: {cap: 12, needs_response: false}
"""


@pytest.fixture
def files(tmp_path):
    """Give the paths of both files."""
    paths = tmp_path / "grid.yaml", tmp_path / "backfilled.yaml"
    for path, text in zip(paths, (GRID, BACKFILLED), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def run(*arguments):
    """Run `trialwright`."""
    return CliRunner().invoke(main, [*map(str, arguments)])


def test_next_dose_names_both_doses_and_the_admissible_combinations(files):
    """0/3 at the lowest: the first agent rises; the other neighbour is above in the second."""
    done = run("next-dose", files[0], "--data", "1NNN")

    assert done.exit_code == 0, done.output
    assert "escalate: dose level 3 (300 mg + 75 mg), 3 participants next" in done.stdout
    assert "admissible dose levels 1, 3" in done.stdout


@pytest.mark.parametrize("command", [["table"], ["oc"], ["paths", "--cohorts", "1"]])
def test_the_design_commands_take_two_agents(files, command):
    """As any design; the scenarios are those of a grid."""
    done = run("design", command[0], files[0], *command[1:], "--format", "json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["design"] == "BOIN 2x2 0.3"


def test_a_grid_with_other_rows_than_levels_is_named_with_its_line(tmp_path):
    """Two by three combinations are six levels, the ladder has four."""
    path = tmp_path / "grid.yaml"
    path.write_text(GRID.replace("columns: 2", "columns: 3"), encoding="utf-8")

    done = run("design", "table", path)

    assert done.exit_code == 2
    assert "2 x 3 combinations for 4 dose levels" in done.output
    assert "grid.yaml" in done.output


@pytest.mark.parametrize("command", [["oc"], ["paths"], ["compare", "--target", "0.25"]])
def test_exact_numbers_are_refused_with_backfill(files, command):
    """Who is backfilled depends on accrual; simulate is named instead."""
    done = run("design", command[0], files[1], *command[1:])

    assert done.exit_code == 2
    assert "design simulate" in " ".join(done.output.split())


def test_backfill_is_simulated_in_time(files):
    """More are treated than the 12 of cohorts when participants arrive every two days."""
    rates = ["--rates", "0.05,0.1,0.2", "--trials", "50", "--days-between", "2"]
    asked = ["design", "simulate", files[1], *rates, "--format", "json"]

    done = run(*asked, "--response-rates", "0.2,0.2,0.2")
    missing = run(*asked)

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["design"] == "BOIN 0.25, backfilled up to 12 a level"
    assert sum(row["participants"] or 0 for row in told["levels"]) > 12
    assert missing.exit_code == 2
    assert "--response-rates" in missing.output


def test_numbers_of_drawn_ties_are_asked_for_and_say_so(files, tmp_path):
    """With rates that are equal both ways round so are the participants; a ladder has no ties."""
    grid, _ = files
    ladder = tmp_path / "ladder.yaml"
    ladder.write_text("levels: 3\nescalation: {name: BOIN, target: 0.25, max_n: 12}\n")
    asked = ("--rates", "0.1,0.3,0.3,0.5", "--format", "json")

    drawn, first = (
        json.loads(run("design", "oc", grid, *asked, *more).stdout)
        for more in (("--ties", "drawn"), ())
    )
    told = run("design", "oc", grid, *asked[:2], "--ties", "drawn")
    refused = run("design", "oc", ladder, "--rates", "0.1,0.2,0.3", "--ties", "drawn")

    assert (drawn["ties"], first["ties"]) == ("drawn", "first")
    treated = [[row["participants"] for row in answer["levels"][:4]] for answer in (drawn, first)]
    assert treated[0][1] == pytest.approx(treated[0][2], abs=1e-9)
    assert treated[1][1] < treated[1][2] - 1
    assert "one is drawn, where the design takes the first" in told.output
    assert refused.exit_code == 2
    assert (
        "ties: drawn, of BOIN 0.25. Allowed: drawn of BOIN for two agents alone." in refused.output
    )
