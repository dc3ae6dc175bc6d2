"""`trialwright protocol export`: a new file, and what it could not say."""

import csv
import json
from datetime import date

import pytest
from click.testing import CliRunner

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.generating import Order, generate
from trialwright.assembly.protocols import load
from trialwright.casebook.course_ends import ScreenFailure
from trialwright.cli.main import main
from trialwright.conduct.acts import Consent
from trialwright.conduct.clinical_acts import ScreenFail
from trialwright.conduct.roles import Actor
from trialwright.terms.sources import Source

TRIAL = "nct03959891"


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


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give a ledger of two: of one screening ended for two criteria, the other is in screening."""
    folder = tmp_path_factory.mktemp("trial") / "ledger"
    opened = ("trial", "open", folder, TRIAL, "--on", "2026-01-05", "--by", "pi")
    done = CliRunner().invoke(
        main,
        [*map(str, opened), "--role", "principal-investigator", "--reason", "IRB", "--create"],
    )
    assert done.exit_code == 0, done.output
    gateway = Gateway(ledgers.open_to_write(folder), load(TRIAL), entered_at, "test")
    coordinator = Actor("coordinator", "coordinator", "mgh")
    for number in ("MGH-001", "MGH-002"):
        gateway.execute(Consent(number, date(2026, 2, 2)), coordinator)
    entry = ScreenFailure(date(2026, 2, 9), ("E11", "I04"), Source("person", "chart"))
    ended = ScreenFail("MGH-001", date(2026, 2, 10), entry)
    gateway.execute(ended, Actor("investigator", "investigator", "mgh"))
    return folder


def test_who_failed_what_is_written_from_a_ledger(ledger, tmp_path):
    """By study number, in the order of the protocol; before that day nobody failed anything."""
    path, before = tmp_path / "ie.csv", tmp_path / "before.csv"
    asked = ("--to", "sdtm-ie", "--ledger", ledger)

    done = export(*asked, "--as-of", "2026-02-28", "--out", path)
    earlier = export(*asked, "--as-of", "2026-02-08", "--out", before)

    assert done.exit_code == 0, done.output
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(each["USUBJID"], each["IETESTCD"], each["IEORRES"], each["IEDTC"])
                for each in csv.DictReader(file)]  # fmt: skip
    number = "NCT03959891-MGH-001"
    assert rows == [(number, "I04", "N", "2026-02-09"), (number, "E11", "Y", "2026-02-09")]
    assert "MGH-002: eligibility is not decided yet, so there is no row" in done.stderr
    assert done.stdout.startswith("NCT03959891: 2 failed criteria of 2 participants as sdtm-ie; ")
    assert earlier.stdout.startswith("NCT03959891: 0 failed criteria of 2 participants")
    assert len(before.read_text(encoding="utf-8").splitlines()) == 1


def test_what_a_form_needs_and_does_not_read_is_told_at_once(ledger, tmp_path):
    """Rows of participants need a ledger and a day, which no other form reads."""
    path = tmp_path / "out"

    bare = export("--to", "sdtm-ie", "--out", path, "--population", "duckdb:///nowhere.duckdb")
    much = export("--to", "fhir", "--out", path, "--ledger", ledger, "--as-of", "2026-02-28")

    assert (bare.exit_code, much.exit_code) == (2, 2)
    assert "--ledger: is missing for the form sdtm-ie" in bare.stderr
    assert "--as-of: is missing for the form sdtm-ie" in bare.stderr
    assert "it for the form circe alone" in bare.stderr
    assert "--ledger: is named for the form fhir" in much.stderr
    assert "--as-of: is named for the form fhir" in much.stderr
    assert not path.exists()


def test_rows_of_participants_overwrite_nothing(ledger, tmp_path):
    """A path that is there is kept."""
    path = tmp_path / "ie.csv"
    path.write_text("mine", encoding="utf-8")

    done = export("--to", "sdtm-ie", "--ledger", ledger, "--as-of", "2026-02-28", "--out", path)

    assert done.exit_code == 2
    assert "ie.csv: is there already. Allowed: a new path" in done.stderr
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_without_a_ledger_is_refused_and_left_as_it_is(tmp_path):
    """Nothing is made of it, and no file is written."""
    path, folder = tmp_path / "ie.csv", tmp_path / "none"

    done = export("--to", "sdtm-ie", "--ledger", folder, "--as-of", "2026-02-28", "--out", path)

    assert done.exit_code == 2
    assert "no ledger.sqlite" in done.stderr
    assert "Traceback" not in done.output
    assert not path.exists()
    assert not folder.exists()


def test_a_population_that_cannot_be_opened_leaves_no_file(tmp_path):
    """It is refused as everywhere."""
    path = tmp_path / "cohort.json"

    done = export(
        "--to", "circe", "--out", path, "--population", f"duckdb://{tmp_path}/none.duckdb"
    )

    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert not path.exists()
