"""`trialwright screen`, from the command line."""

import csv
import shutil
from dataclasses import replace

import duckdb
import pytest
from click.testing import CliRunner
from tests.parity.people import write

from trialwright.assembly import near_misses
from trialwright.cli.main import main
from trialwright.terms.verdicts import Answer


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
        "every-criterion-met-C.csv",
        "one-fact-away-C.csv",
        "missing-facts-C.csv",
        "feasibility.html",
    }
    assert "<svg" in (out / "feasibility.html").read_text(encoding="utf-8")
    kinds = duckdb.sql(f"DESCRIBE FROM '{out / 'verdicts.parquet'}'").fetchall()
    assert {kind for name, kind, *_ in kinds if name != "person_id"} == {"TINYINT"}


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


WEIGHED = """
INSERT INTO measurement BY NAME
SELECT * REPLACE (88 AS person_id, 999999999 AS measurement_id, 61.0 AS value_as_number)
FROM measurement WHERE measurement_concept_id = 2000000024
AND unit_concept_id = (SELECT concept_id FROM concept WHERE concept_code = 'kg') LIMIT 1
"""
"""Of one person, of whom the weight and a line of therapy are missing, the weight."""


def test_who_is_one_fact_away_is_told_with_the_fact(population, tmp_path):
    """And why it is missing: in the list, in the counts, in what is printed, and on the page."""
    out = tmp_path / "found"

    done = screened(changed(population, tmp_path, WEIGHED), out)

    assert done.exit_code == 0, done.output
    assert "  missing: Chemotherapy (1); lacking several facts at once: 0" in done.stdout
    with (out / "one-fact-away-C.csv").open(newline="", encoding="utf-8") as stream:
        [near] = csv.DictReader(stream)
    with (out / "missing-facts-C.csv").open(newline="", encoding="utf-8") as stream:
        [counted] = csv.DictReader(stream)
    assert (near["person_id"], near["criterion"]) == ("88", "I03")
    assert (near["missing"], near["why"]) == ("Chemotherapy", "nothing recorded")
    assert near["because"] == "Chemotherapy: no treatment recorded"
    assert near["to_do"].startswith("I18; ")
    told = [counted[each] for each in ("fact", "people", "alone", "nothing recorded", "too old")]
    assert told == ["Chemotherapy", "1", "1", "1", "0"]
    page = (out / "feasibility.html").read_text(encoding="utf-8")
    assert "Facts that are missing in arm C" in page
    assert page.count("<svg") == 2


def test_a_difference_between_judge_and_screening_is_told(population, tmp_path, monkeypatch):
    """In what is printed and on the page: it is a fault of the program, and is not hidden."""
    asked = near_misses.lacking

    def mistaken(*given):
        told = asked(*given)
        return replace(told, finding=replace(told.finding, answer=Answer.MET), lacks=())

    monkeypatch.setattr(near_misses, "lacking", mistaken)
    out = tmp_path / "found"

    done = screened(changed(population, tmp_path, WEIGHED), out)

    says = "person 88, I03: unknown by the screening of everybody, met when judged alone"
    assert f"  judged alone, this differs, a fault of the program: {says}" in done.stdout
    assert says in (out / "feasibility.html").read_text(encoding="utf-8")
    assert "differs: met when judged alone" in (out / "one-fact-away-C.csv").read_text("utf-8")


def changed(population, folder, *statements):
    """Give the address of a copy of a population in which something was done."""
    path = folder / "people.duckdb"
    shutil.copy(population, path)
    with duckdb.connect(path) as found:
        for each in statements:
            found.execute(each)
    return f"duckdb://{path}"


def screened(address, out, *options):
    """Screen a population for one arm."""
    asked = ["screen", "--population", address, "--as-of", "2026-03-05", "--arm", "C", *options]
    return CliRunner().invoke(main, [*asked, "--out", str(out)])


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM drug_exposure", "table drug_exposure is empty: nothing of it is known"),
        (
            "DELETE FROM concept WHERE vocabulary_id = 'RxNorm'",
            "codes of RxNorm that are looked for: what is recorded by them is not found",
        ),
    ],
)
def test_what_would_pass_for_not_recorded_is_named(population, tmp_path, statement, says):
    """No medicine is found in it, so that none keeps anybody out: nobody is told so in silence."""
    done = screened(changed(population, tmp_path, statement), tmp_path / "found")

    assert done.exit_code == 0, done.output
    assert says in done.stdout.splitlines()[0]
    page = (tmp_path / "found" / "feasibility.html").read_text(encoding="utf-8")
    assert says in page.partition("All arms")[0]


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["INSERT INTO person SELECT * FROM person WHERE person_id < 5"], "4 rows of table person"),
        (
            [
                "CREATE TABLE other AS SELECT * FROM person",
                "DROP TABLE person",
                "CREATE TABLE person AS SELECT * FROM other",
                "UPDATE person SET person_id = NULL WHERE person_id = 7",
            ],
            "1 rows of table person without person_id",
        ),
        (["DELETE FROM concept"], "table concept is empty"),
        (["DELETE FROM person"], "nobody"),
        (["ALTER TABLE person RENAME TO people"], "no table person"),
    ],
)
def test_people_who_are_not_one_row_each_are_refused(population, tmp_path, statements, says):
    """They would be counted twice, or not at all; so is a vocabulary without a word."""
    done = screened(changed(population, tmp_path, *statements), tmp_path / "found")

    assert done.exit_code == 2, done.output
    assert says in done.output
    assert not (tmp_path / "found").exists()


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("drug_exposure", "drug_exposure_start_date", "INTEGER USING 20260301"),
        ("measurement", "measurement_source_concept_id", "DOUBLE USING 'nan'::DOUBLE"),
    ],
)
def test_a_column_that_cannot_be_read_is_named(population, tmp_path, table, column, kind):
    """A day as a number, and a concept that is no number: in a sentence, and nothing is written."""
    address = changed(population, tmp_path, f"ALTER TABLE {table} ALTER {column} TYPE {kind}")

    done = screened(address, tmp_path / "found")

    assert done.exit_code == 2, done.output
    assert "it cannot be read to the end (Conversion Error" in done.output
    assert column in done.output
    assert not [each for each in tmp_path.iterdir() if each.is_dir()]


def test_tables_in_other_schemas_are_read_where_the_address_names_them(population, tmp_path):
    """The first schema that has a table; without a name the refusal says where they stand."""
    with duckdb.connect(population, read_only=True) as found:
        names = [name for (name,) in found.execute("SHOW TABLES").fetchall()]
    moved = [
        f"CREATE TABLE {'words' if name == 'concept' else 'cdm'}.{name} AS FROM main.{name}"
        for name in names
    ]
    dropped = [f"DROP TABLE main.{name}" for name in names]
    schemas = ["CREATE SCHEMA cdm", "CREATE SCHEMA words"]
    address = changed(population, tmp_path, *schemas, *moved, *dropped)

    plain = screened(address, tmp_path / "a")
    wrong = screened(f"{address}?schema=cmd", tmp_path / "b")
    half = screened(f"{address}?schema=cdm", tmp_path / "c")
    whole = screened(f"{address}?schema=cdm,words", tmp_path / "d")
    usual = screened(f"duckdb://{population}", tmp_path / "e")

    assert "with ?schema=NAME its schemas: table person stands in cdm." in plain.output
    assert "no schema cmd; there are cdm" in wrong.output
    assert "no table concept" in half.output
    assert [each.exit_code for each in (plain, wrong, half, whole)] == [2, 2, 2, 0]
    assert whole.stdout.splitlines()[0] == usual.stdout.splitlines()[0]


def test_a_first_dose_before_the_day_screened_is_refused(population, tmp_path):
    """Strong inhibitors taken between the two would keep nobody out."""
    done = screened(f"duckdb://{population}", tmp_path / "a", "--first-dose", "2026-03-04")

    assert done.exit_code == 2
    assert "--first-dose: 2026-03-04. Allowed: the day of --as-of" in done.output
    assert not (tmp_path / "a").exists()


def test_nothing_but_words_is_told_beside_a_terminal(population, tmp_path):
    """The bar is for a terminal: a file of messages begins with the message."""
    done = screened(f"duckdb://{population}", tmp_path / "found")

    assert done.stderr == ""


def test_a_folder_that_exists_is_left_alone(population, tmp_path):
    """Nothing is overwritten."""
    asked = ["screen", "--population", f"duckdb://{population}", "--as-of", "2026-03-05"]

    done = CliRunner().invoke(main, [*asked, "--out", str(tmp_path)])

    assert done.exit_code == 2
    assert "a new folder" in done.output
