"""`trialwright screen`, from the command line."""

import csv
import shutil

import duckdb
import pytest
from click.testing import CliRunner
from tests.parity.people import write

from trialwright.cli.main import main


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    """Give a small population."""
    path = tmp_path_factory.mktemp("hospital") / "people.duckdb"
    write(path, 200)
    return path


def test_a_hospital_is_screened_for_one_arm(population, tmp_path):
    """Verdicts, evidence, attrition, the work list, and a page that tells them."""
    out = tmp_path / "found"
    asked = ["screen", "--population", f"duckdb://{population}", "--as-of", "2026-03-05"]

    done = CliRunner().invoke(main, [*asked, "--arm", "C", "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert "arm C: " in done.output
    assert "of 200 people" in done.output
    with (out / "attrition-C.csv").open(newline="", encoding="utf-8") as stream:
        rows = {each["criterion"]: each for each in csv.DictReader(stream)}
    assert "E13" in rows
    assert "I18" not in rows  # consent: people alone decide it
    assert int(rows["I01"]["left"]) == 200 - int(rows["I01"]["not_met"])
    assert {each.name for each in out.iterdir()} == {
        "verdicts.parquet",
        "evidence.parquet",
        "attrition-C.csv",
        "one-fact-away-C.csv",
        "feasibility.html",
    }
    assert "<svg" in (out / "feasibility.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("population", "says"),
    [
        ("people.duckdb", "the address"),
        ("duckdb:///nowhere.duckdb", "cannot be opened"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot be opened"),
    ],
)
def test_what_cannot_be_read_is_refused(population, says, tmp_path):
    """With what was found and what is allowed, and nothing written."""
    asked = ["screen", "--population", population, "--as-of", "2026-03-05"]

    done = CliRunner().invoke(main, [*asked, "--out", str(tmp_path / "found")])

    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "found").exists()


def test_a_table_without_a_column_is_refused(population, tmp_path):
    """Each column that is missing is named: what stood there would pass for not recorded."""
    path = tmp_path / "people.duckdb"
    shutil.copy(population, path)
    with duckdb.connect(path) as found:
        found.execute("ALTER TABLE drug_exposure DROP COLUMN drug_concept_id")
        found.execute("ALTER TABLE measurement DROP COLUMN measurement_date")
    asked = ["screen", "--population", f"duckdb://{path}", "--as-of", "2026-03-05"]

    done = CliRunner().invoke(main, [*asked, "--out", str(tmp_path / "found")])

    assert done.exit_code == 2
    assert "no column drug_concept_id in table drug_exposure" in done.output
    assert "no column measurement_date in table measurement" in done.output
    assert not (tmp_path / "found").exists()


def test_tables_that_are_not_there_are_named(population, tmp_path):
    """In what is printed and in the report; with all of them nothing is said of tables."""
    path, out = tmp_path / "people.duckdb", tmp_path / "found"
    shutil.copy(population, path)
    with duckdb.connect(path) as found:
        for name in ("observation", "episode"):
            found.execute(f"DROP TABLE {name}")
    asked = ["--as-of", "2026-03-05", "--arm", "C"]

    done = CliRunner().invoke(
        main, ["screen", "--population", f"duckdb://{path}", *asked, "--out", str(out)]
    )
    whole = CliRunner().invoke(
        main,
        ["screen", "--population", f"duckdb://{population}", *asked, "--out", str(tmp_path / "w")],
    )

    assert done.exit_code == 0, done.output
    says = [
        "no table observation: nothing of it is known",
        "no table episode: nothing of it is known",
    ]
    assert done.stdout.splitlines()[:2] == says
    assert "; ".join(says) in (out / "feasibility.html").read_text(encoding="utf-8")
    assert whole.stdout.startswith("arm C: ")
    assert "Not in this population" not in (tmp_path / "w" / "feasibility.html").read_text("utf-8")


def test_a_folder_that_exists_is_left_alone(population, tmp_path):
    """Nothing is overwritten."""
    asked = ["screen", "--population", f"duckdb://{population}", "--as-of", "2026-03-05"]

    done = CliRunner().invoke(main, [*asked, "--out", str(tmp_path)])

    assert done.exit_code == 2
    assert "a new folder" in done.output
