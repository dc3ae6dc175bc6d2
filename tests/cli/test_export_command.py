"""`trialwright protocol export`: a new file, and what it could not say."""

import csv
import json
from datetime import date

import pytest
from click.testing import CliRunner

from trialwright.assembly.generating import Order, generate
from trialwright.cli.main import main


def export(*arguments):
    """Run the command on the shipped protocol."""
    return CliRunner().invoke(main, ["protocol", "export", "nct03959891", *map(str, arguments)])


def test_a_cohort_is_written_and_what_it_leaves_out_is_told(tmp_path):
    """One line a remark, on standard error."""
    path = tmp_path / "cohort.json"

    done = export("--to", "circe", "--out", path)

    assert done.exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["InclusionRules"]
    told = done.stderr.splitlines()
    assert any(line.startswith("I15: left out: creatinine clearance") for line in told)
    assert done.stdout == (
        f"NCT03959891: 35 criteria as circe; {len(told)} remarks on standard error\n"
    )


def test_fhir_is_written_whole(tmp_path):
    """Nothing is left unsaid, for each rule is kept beside its structure."""
    path = tmp_path / "criteria.json"

    done = export("--to", "fhir", "--out", path)

    kinds = [each["resource"]["resourceType"] for each in json.loads(path.read_text())["entry"]]
    assert kinds == ["EvidenceVariable", "Group"]
    assert (done.stderr, done.stdout) == ("", "NCT03959891: 35 criteria as fhir\n")


def test_ti_is_written_and_long_rules_are_told(tmp_path):
    """A transport file holds 200 characters."""
    path = tmp_path / "ti.csv"

    done = export("--to", "sdtm-ti", "--out", path)

    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 35
    assert "I01: TIRL is longer than 200 characters" in done.stderr


@pytest.mark.parametrize("form", ["circe", "fhir", "sdtm-ti"])
def test_a_path_that_is_there_is_refused_and_kept(form, tmp_path):
    """Nothing is overwritten."""
    path = tmp_path / "kept"
    path.write_text("mine", encoding="utf-8")

    done = export("--to", form, "--out", path)

    assert done.exit_code == 2
    assert "kept: is there already. Allowed: a new path" in done.stderr
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    """It is not made."""
    done = export("--to", "fhir", "--out", tmp_path / "none" / "criteria.json")

    assert done.exit_code == 2
    assert "its folder is not there" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_cohort_of_a_site_names_its_concepts_by_id(tmp_path):
    """Nothing is left to be looked up, and a bound stands in each unit that the site holds."""
    hospital, path = tmp_path / "hospital.duckdb", tmp_path / "cohort.json"
    generate(Order(50, 7, date(2026, 3, 2), 0.5), hospital, "omop", lambda done: None, "parquet")

    done = export("--to", "circe", "--out", path, "--population", f"duckdb://{hospital}")

    assert done.exit_code == 0
    written = path.read_text(encoding="utf-8")
    assert '"CONCEPT_ID": 0' not in written
    assert "look their" not in done.stderr
    (anemia,) = (
        each for each in json.loads(written)["InclusionRules"] if each["name"].startswith("I11")
    )
    bounds = {
        (unit["CONCEPT_CODE"], measured["ValueAsNumber"]["Value"])
        for group in anemia["expression"]["Groups"]
        for each in group["CriteriaList"]
        for table, measured in each["Criteria"].items()
        for unit in measured["Unit"]
    }
    assert {("g/dL", 9), ("g/L", 90)} <= bounds


def test_a_population_is_for_a_cohort_alone(tmp_path):
    """The other forms name no concepts of a site."""
    path = tmp_path / "criteria.json"

    done = export("--to", "fhir", "--out", path, "--population", "duckdb:///nowhere.duckdb")

    assert done.exit_code == 2
    assert "it for the form circe alone" in done.stderr
    assert not path.exists()


def test_a_population_that_cannot_be_opened_leaves_no_file(tmp_path):
    """It is refused as everywhere."""
    path = tmp_path / "cohort.json"

    done = export(
        "--to", "circe", "--out", path, "--population", f"duckdb://{tmp_path}/none.duckdb"
    )

    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert not path.exists()
