"""`trialwright design`: files in, tables out, as text, CSV and JSON."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import walk

BOIN = """
agent: ipatasertib
doses: [200, 300, 400]
unit: mg
window_days: 28
origin: not_in_registry
note: The registry page states neither doses nor a design.
escalation:
  name: BOIN
  target: 0.3
  max_n: 12
scenarios:
  - name: as hoped
    rates: [0.1, 0.3, 0.5]
"""


@pytest.fixture
def boin(tmp_path):
    """Give the path of a design file."""
    path = tmp_path / "boin.yaml"
    path.write_text(BOIN)
    return path


def run(*arguments):
    """Run `trialwright design`."""
    return CliRunner().invoke(main, ["design", *map(str, arguments)])


def test_the_table_of_a_design_file(boin):
    """One of three stays, two go down, three close the level; four of nine go down."""
    done = run("table", boin)

    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[1] == ["DLTs", "n", "=", "3", "n", "=", "6", "n", "=", "9", "n", "=", "12"]
    assert lines[2][:4] == ["0", "E", "E", "E"]
    assert lines[3][:3] == ["1", "S", "E"]
    assert lines[4][:3] == ["2", "D", "S"]
    assert lines[5][:3] == ["3", "U", "D"]
    assert "boin.yaml: illustrative, not from the registry" in done.stderr


def test_the_table_of_an_arm():
    """The 3+3 of the first protocol; the arm must be named."""
    done = run("table", "NCT03959891", "--arm", "C")

    assert done.exit_code == 0
    assert done.stdout.startswith("Decisions of 3+3 six-at-mtd")
    assert run("table", "NCT03959891").exit_code == 2


def test_operating_characteristics_in_json_are_those_of_the_engine(boin):
    """Every digit, with the scenario of the file."""
    expected = walk(Boin(levels=3, target=0.3, max_n=12)).under([0.1, 0.3, 0.5])

    found = json.loads(run("oc", boin, "--format", "json").stdout)

    assert found["method"] == "exact"
    assert [row["selected"] for row in found["levels"][:3]] == pytest.approx(
        expected.p_select, abs=1e-14
    )
    assert found["levels"][3]["selected"] == pytest.approx(expected.p_no_mtd, abs=1e-14)
    (summary,) = found["summary"]
    assert summary["scenario"] == "as hoped"
    assert summary["PCS"] == pytest.approx(expected.p_select[1], abs=1e-14)
    assert any(note.startswith("exact: ") for note in found["notes"])


def test_operating_characteristics_in_csv_have_standard_errors_when_simulated(boin):
    """A column of errors beside each simulated number; the same seed gives the same numbers."""
    asked = ["oc", boin, "--method", "monte-carlo", "--trials", "2000", "--format", "csv"]

    done = run(*asked, "--seed", "7")

    rows = list(csv.DictReader(io.StringIO(done.stdout.partition("\n\n")[0])))
    exact = walk(Boin(levels=3, target=0.3, max_n=12)).under([0.1, 0.3, 0.5])
    for row, right in zip(rows, exact.p_select, strict=False):
        assert abs(float(row["selected"]) - right) <= 4 * float(row["selected mcse"])
    assert run(*asked, "--seed", "7").stdout == done.stdout
    assert run(*asked, "--seed", "8").stdout != done.stdout


def test_scenarios_come_from_a_file_and_from_the_command_line(boin, tmp_path):
    """CSV with a heading, then one by its rates."""
    path = tmp_path / "scenarios.csv"
    path.write_text("scenario,1,2,3\nsteep,0.05,0.3,0.7\n\nflat,0.2,0.25,0.3\n")

    done = run("oc", boin, "--scenarios", path, "--rates", "0.1,0.2,0.3", "--format", "json")

    names = [row["scenario"] for row in json.loads(done.stdout)["summary"]]
    assert names == ["0.1,0.2,0.3", "steep", "flat"]


def test_a_running_trial_has_its_outlook(boin):
    """After 3/3 at level 1 everything has ended without an MTD."""
    done = run("oc", boin, "--given", "1TTT", "--format", "json")

    found = json.loads(done.stdout)
    assert [row["selected"] for row in found["levels"]] == [0, 0, 0, 1]


def test_paths_have_their_probabilities(boin):
    """0/3 has .9 to the third."""
    done = run("paths", boin, "--cohorts", "1", "--rates", "0.1,0.3,0.5", "--format", "json")

    rows = {row["results"]: row for row in json.loads(done.stdout)["paths"]}
    assert rows["1NNN"]["probability"] == pytest.approx(0.9**3)
    assert rows["1NNN"]["next level"] == 2
    assert rows["1TTT"]["act"] == "stop"


def test_designs_stand_side_by_side(boin):
    """The numbers of each are those of the engine; where tables differ is marked."""
    asked = ["compare", boin, "NCT03959891", "--arm", "C", "--target", "0.3"]

    done = run(*asked, "--format", "json")

    found = json.loads(done.stdout)
    rows = {row["design"]: row for row in found["numbers"]}
    expected = walk(ThreePlusThree(3, "six-at-mtd")).under([0.1, 0.3, 0.5])
    assert rows["3+3 six-at-mtd"]["PCS"] == pytest.approx(expected.p_select[1], abs=1e-14)
    tallies = {row["tally"]: row["differ"] for row in found["decisions"]}
    assert tallies["1/3"] == ""
    assert tallies["2/6"] == "*"


def test_two_files_of_one_design_are_told_apart(boin, tmp_path):
    """By the names of their files."""
    other = tmp_path / "other.yaml"
    other.write_text(BOIN.replace("max_n: 12", "max_n: 15"))

    done = run("compare", boin, other, "--target", "0.3", "--format", "json")

    names = {row["design"] for row in json.loads(done.stdout)["numbers"]}
    assert names == {"BOIN 0.3 (boin.yaml)", "BOIN 0.3 (other.yaml)"}


def test_a_design_file_may_be_json(tmp_path):
    """The same fields."""
    path = tmp_path / "design.json"
    design = {"name": "BOIN", "target": 0.3, "max_n": 12}
    path.write_text(json.dumps({"levels": 3, "escalation": design}))

    assert run("table", path).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("target: 0.3", "target: 30", "boin.yaml:10: escalation.target: 30"),
        ("max_n:", "maxn:", "perhaps to max_n"),
        ("unit: mg", "units: mg", "perhaps to unit"),
        ("doses: [200, 300, 400]", "window_days: 28", "window_days"),
        ("unit: mg", "levels: 3", "doses and levels both or neither"),
        ("[0.1, 0.3, 0.5]", "[0.1, 0.3]", "scenario as hoped, true_rates: 2 rates"),
        ("max_n: 12", "max_n: 12\n  p_saf: 0.4", "boin.yaml:12: escalation.p_saf"),
        ("  name: BOIN", "  name: BOINE", "the design 'BOINE'"),
    ],
)
def test_what_is_wrong_with_a_design_file_is_told_with_its_line(boin, old, new, says):
    """Nothing is computed then."""
    boin.write_text(BOIN.replace(old, new, 1))

    done = run("oc", boin)

    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--arm", "C"], "--arm: C"),
        (["--rates", "0.1,0.3,x"], "--rates: '0.1,0.3,x'"),
        (["--rates", "0.1,0.3,1.4"], "true_rates, dose level 3: 1.4"),
        (["--given", "1NNP"], "1 still in the DLT window"),
        (["--given", "4NNN"], "position 1: dose level 4"),
        (["--method", "exact", "--memory", "0"], "more states than the walk may reach"),
    ],
)
def test_what_cannot_be_answered_is_refused(boin, arguments, says):
    """With the option or the place."""
    done = run("oc", boin, *arguments)

    assert done.exit_code == 2
    assert says in done.stderr


def test_a_rate_in_a_file_that_is_no_number_is_told_by_scenario_and_level(boin, tmp_path):
    """And by its line."""
    path = tmp_path / "scenarios.csv"
    path.write_text("steep,0.05,lots,0.7\n")

    done = run("oc", boin, "--scenarios", path)

    assert done.exit_code == 2
    assert "scenarios.csv:1: scenario steep, dose level 2: 'lots'" in done.stderr


def test_standard_scenarios_of_a_design_without_target_ask_for_one():
    """The 3+3 of an arm; with scenarios of one's own it needs none."""
    done = run("oc", "NCT03959891", "--arm", "C")

    assert done.exit_code == 2
    assert "--target" in done.stderr
    assert "--rates" in done.stderr


@pytest.mark.parametrize("target", [[], ["--target", "0.3"]])
def test_a_design_without_target_tells_no_level_correct(target):
    """Of a 3+3 the selection of the correct level is left out, not made up."""
    asked = ["oc", "NCT03959891", "--arm", "C", "--rates", "0.1,0.2,0.4"]

    done = run(*asked, *target, "--format", "json")

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert ("PCS" in told["summary"][0], "MTD" in told["levels"][0]) == (bool(target),) * 2
    assert {"none", "n", "DLTs"} <= set(told["summary"][0])
    assert told["target"] == (0.3 if target else None)


def test_a_design_without_target_is_simulated_in_time_without_one(tmp_path):
    """Rolling six aims at no rate; how long it takes does not ask for one."""
    path = tmp_path / "rolling.yaml"
    path.write_text("levels: 2\nwindow_days: 28\nescalation:\n  name: rolling-six\n")
    asked = ["simulate", path, "--days-between", "7", "--rates", "0.1,0.3", "--trials", "20"]

    done = run(*asked, "--seed", "1", "--format", "json")

    assert done.exit_code == 0, done.output
    assert "PCS" not in json.loads(done.stdout)["summary"][0]


def test_a_report_without_target_has_all_but_the_correct_level(tmp_path):
    """Page, tables and pictures are written all the same."""
    asked = ["report", "NCT03959891", "--arm", "C", "--rates", "0.1,0.2,0.4"]

    done = run(*asked, "--out", tmp_path / "report")

    assert done.exit_code == 0, done.output
    record = json.loads((tmp_path / "report" / "design.json").read_text())
    assert record["target"] is None
    assert "PCS" not in record["tables"]["summary"][0]


def test_a_report_is_a_folder_of_its_own(boin, tmp_path):
    """Page, section, tables and pictures; the numbers of JSON are those of the engine."""
    out = tmp_path / "report"

    done = run("report", boin, "--out", out, "--given", "1NNN")

    assert done.exit_code == 0, done.output
    assert {each.name for each in out.iterdir()} == {
        "design.html", "design.pdf", "protocol-section.md", "protocol-section.docx",
        "design.json", "dose-levels.csv", "decision-table.csv", "levels.csv", "summary.csv",
        "paths.csv", "decision-table.svg", "levels.svg", "paths.svg", "streams.svg",
        "dlt-rates.svg",
    }  # fmt: skip
    record = json.loads((out / "design.json").read_text())
    design = Boin(levels=3, target=0.3, max_n=12)
    start = [LevelCount(3, 0), LevelCount(0, 0), LevelCount(0, 0)]
    expected = walk(design, start, 1).under([0.1, 0.3, 0.5])
    selected = [row["selected"] for row in record["tables"]["levels"][:3]]
    assert selected == pytest.approx(expected.p_select, abs=1e-14)
    page = (out / "design.html").read_text()
    assert "Illustrative, not from the registry." in page
    assert page.count("<svg") == 5


def test_nothing_is_overwritten_by_a_report(boin, tmp_path):
    """The folder must be new."""
    done = run("report", boin, "--out", tmp_path)

    assert done.exit_code == 2
    assert "--out" in done.stderr


def test_a_report_of_large_cohorts_looks_one_cohort_ahead(tmp_path):
    """Two cohorts of twelve have more leaves than can be read."""
    path = tmp_path / "twelve.yaml"
    path.write_text(BOIN.replace("max_n: 12", "max_n: 36\n  cohort_size: 12"))

    done = run("report", path, "--out", tmp_path / "report")

    assert done.exit_code == 0, done.output
    rows = (tmp_path / "report" / "paths.csv").read_text().splitlines()
    assert len(rows) == 1 + 1 + 13


def test_settings_are_calibrated(boin):
    """All combinations in CSV, the best first."""
    done = run("calibrate", boin, "--vary", "p_tox=0.36:0.60:3", "--vary", "max_n=9,12",
               "--format", "csv")  # fmt: skip

    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert {(row["p_tox"], row["max_n"]) for row in rows} == {
        (p_tox, max_n) for p_tox in ("0.36", "0.48", "0.6") for max_n in ("9", "12")
    }
    correct = [float(row["mean PCS"]) for row in rows]
    assert correct == sorted(correct, reverse=True)


def test_the_first_of_many_candidates_are_shown(boin):
    """And how many there were, judged by which method."""
    done = run("calibrate", boin, "--vary", "max_n=6,9,12", "--top", "2")

    assert len(done.stdout.splitlines()) == 1 + 1 + 2 + 2 + 1
    assert done.stdout.splitlines()[-1] == "  3 candidates in 1 scenarios, exact"


@pytest.mark.parametrize(
    "vary", ["p_tox", "p_tox=", "p_tox=a,b", "p_tox=0.4:0.5", "p_tox=0.4:0.5:1"]
)
def test_values_that_cannot_be_read_are_refused(boin, vary):
    """With the form that is allowed."""
    done = run("calibrate", boin, "--vary", vary)

    assert done.exit_code == 2
    assert "SETTING=A,B,C" in done.stderr


def test_trials_are_simulated_in_time(boin):
    """Durations and the usual numbers, each with its error; the window is that of the file."""
    asked = ["simulate", boin, "--days-between", "7", "--trials", "20", "--format", "json"]

    found = json.loads(run(*asked).stdout)

    (row,) = found["durations"]
    assert row["scenario"] == "as hoped"
    assert 28 < row["days"] < 28 * 12
    assert row["days mcse"] > 0
    assert any("window of 28 days" in note for note in found["notes"])


def test_time_needs_a_window(boin):
    """A design file without one is refused."""
    boin.write_text(BOIN.replace("window_days: 28\n", ""))

    done = run("simulate", boin, "--days-between", "7")

    assert done.exit_code == 2
    assert "window_days: none in boin.yaml" in done.stderr
