"""`trialwright judge`, from the command line."""

import json
import re
import shutil

import duckdb
import pytest
from click.testing import CliRunner
from tests.parity.people import write

from trialwright.assembly import shelf
from trialwright.cli.main import main

TABLE = """\
Subject,Test,Result,Unit,Collected
P-1,HGB,8.8,g/dL,2026-03-02
P-2,HGB,11.4,g/dL,2026-03-03
P-2,WBC,5.1,10*3/uL,2026-03-03
"""
MAPPING = """\
participant: Subject
long:
  {term: Test, value: Result, unit: Unit, day: Collected, names: {HGB: {term: hemoglobin}}}
"""


@pytest.fixture
def table(tmp_path):
    """Give a table and its mapping as arguments."""
    (tmp_path / "labs.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "labs.yaml").write_text(MAPPING, encoding="utf-8")
    return ["--table", str(tmp_path / "labs.csv"), str(tmp_path / "labs.yaml")]


@pytest.fixture
def bundle(tmp_path):
    """Give a bundle as arguments."""
    path = tmp_path / "her.json"
    path.write_bytes(shelf.content("patients", "example-participant.json"))
    return ["--records", str(path), "--participant", "P-001"]


def run(*arguments):
    """Judge as of a day."""
    return CliRunner().invoke(main, ["judge", "--as-of", "2026-03-05", *map(str, arguments)])


def test_everybody_of_a_table_is_judged(table):
    """With the count of its rows, and with the row that keeps somebody out."""
    done = run(*table)

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:6] == [
        "labs.csv: 3 entries = 2 used + 1 left aside (1 x not in the mapping); participants: 2",
        "",
        "P-1: Not eligible for arms A, B and C (I11).",
        "  ahead    not eligible, and so for 400 days if nothing else is recorded",
        "  not met  I11: Hemoglobin 8.8 g/dL on 2026-03-02, not at least 9 g/dL [csv labs.csv:2]",
        "  met      I07, I08",
    ]
    assert "P-2: Cannot tell yet for arms A and B (I01, " in done.stdout


def test_every_reason_is_told_when_asked(table):
    """What is open or met too, and what concerns one arm alone by its arm."""
    done = run(*table, "--why")

    assert "  open     I10: Absolute neutrophil count: not recorded by 2026-03-05" in done.stdout
    assert "  open     E13, arm C: CDK4/6 inhibitor: " in done.stdout
    assert "  met      I11: Hemoglobin 11.4 g/dL on 2026-03-03, at least 9 g/dL" in done.stdout


def test_one_participant_is_judged_from_a_bundle(bundle):
    """With the fate of every entry."""
    done = run(*bundle)

    assert done.exit_code == 0, done.output
    first, *_, last = done.stdout.splitlines()
    assert first == "P-001: 39 entries = 31 used + 0 in question + 8 left aside"
    assert last.startswith("  met      I01, I02, I04, I05, ")


def test_what_keeps_somebody_out_and_when_that_changes_is_told(bundle):
    """The day after a wash-out, by the same function as the page of eligibility."""
    path = bundle[1]
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    for entry in content["entry"]:
        resource = entry["resource"]
        if resource.get("medicationCodeableConcept", {}).get("text") == "letrozole":
            resource["effectivePeriod"]["end"] = "2026-02-28"
            resource["status"] = "completed"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)

    done = run(*bundle, "--first-dose", "2026-03-09")

    assert done.exit_code == 0, done.output
    [ahead] = [each for each in done.stdout.splitlines() if each.startswith("  ahead")]
    assert ahead.startswith(
        "  ahead    not eligible, cannot tell yet from 2026-03-15 (E02 unknown: "
    )


def test_one_json_object_is_printed_for_each_participant(table):
    """As the question `screen` is answered; what was read goes to standard error."""
    done = run(*table, "--json")

    assert done.exit_code == 0, done.output
    found = [json.loads(each) for each in done.stdout.splitlines()]
    assert [each["participant"] for each in found] == ["P-1", "P-2"]
    first = found[0]
    assert first["because"] == "Not eligible for arms A, B and C (I11)."
    assert [each["arm"] for each in first["arms"]] == ["A", "B", "C"]
    assert first["arms"][0]["ahead"].startswith("arm A: not eligible, and so for 400 days")
    assert first["arms"][0]["no_longer_out_on"] is None
    [told] = [each for each in first["criteria"] if each["criterion"] == "I11"]
    assert told["evidence"][0]["source"]["place"] == "labs.csv:2"
    assert done.stderr.startswith("labs.csv: 3 entries = 2 used")


def test_facts_after_the_day_do_not_count(table):
    """And the planned first dose may be another day."""
    done = run(*table, "--as-of", "2026-03-01", "--first-dose", "2026-03-10")

    assert "not met" not in done.stdout


def test_ranges_of_the_institution_are_used(table, tmp_path):
    """A table of them that cannot be read is refused before anybody is judged."""
    path = tmp_path / "ranges.csv"
    path.write_text("term,low,high,unit,group\nnone,1,2,g/dL,\n", encoding="utf-8")

    done = run(*table, "--laboratory", str(path))

    assert done.exit_code == 2
    assert done.stderr.startswith("ranges.csv:2: term: no measured term")


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    """Give the address of a small hospital."""
    path = tmp_path_factory.mktemp("hospital") / "people.duckdb"
    write(path, 100)
    return f"duckdb://{path}"


def test_people_of_a_hospital_are_judged(hospital):
    """By their person_id, each once and in the order given, with what came of her rows."""
    done = run(
        "--population", hospital, *(part for each in (88, 7, 88) for part in ("--person", each))
    )

    assert done.exit_code == 0, done.output
    first, second, blank, *rest = done.stdout.splitlines()
    counts = [
        int(each) for each in re.findall(r"(\d+) (?:rows|used|in question|left aside)", first)
    ]
    assert first.startswith("person 88: ")
    assert counts[0] == sum(counts[1:])
    assert (second[:10], blank) == ("person 7: ", "")
    assert [each.split(":")[0] for each in rest if each[:1].isdigit()] == ["88", "7"]


def test_a_person_is_judged_as_the_hospital_is_screened(hospital, tmp_path):
    """Every criterion of some people, and the record that decides it."""
    out = tmp_path / "found"
    days = ["--as-of", "2026-03-05", "--first-dose", "2026-03-09", "--population", hospital]
    people = [str(each) for each in (3, 50, 88)]
    named = [part for each in people for part in ("--person", each)]
    screened = CliRunner().invoke(main, ["screen", *days, "--arm", "C", "--out", str(out)])

    done = CliRunner().invoke(main, ["judge", *days, *named, "--json"])

    assert (screened.exit_code, done.exit_code) == (0, 0), done.output
    rows = duckdb.sql(f"FROM '{out / 'evidence.parquet'}'").fetchall()
    found = {(str(each[0]), each[1]): (each[2], each[3]) for each in rows}
    judged = [json.loads(each) for each in done.stdout.splitlines()]
    assert [each["participant"] for each in judged] == people
    compared = 0
    for each in judged:
        for told in each["criteria"]:
            key = each["participant"], told["criterion"]
            if "C" in told["arms"] and key in found:
                record = told["evidence"][0]["source"]["place"] if told["evidence"] else None
                assert found[key] == (NUMBERS[told["answer"]], record), key
                compared += 1
    assert compared > 90


NUMBERS = {"not met": 0, "unknown": 1, "met": 2, "not applicable": 3}


def test_what_a_hospital_lacks_is_told_first(hospital, tmp_path):
    """As `screen` tells it: a table that is not there is no silence of hers."""
    path = tmp_path / "people.duckdb"
    shutil.copy(hospital.removeprefix("duckdb://"), path)
    with duckdb.connect(path) as opened:
        opened.execute("DROP TABLE observation")

    done = run("--population", f"duckdb://{path}", "--person", "7")

    assert done.stdout.startswith("no table observation: nothing of it is known\nperson 7: ")


def test_nobody_of_that_number_is_refused(hospital, tmp_path):
    """All of them at once; so is an address that leads nowhere, and nobody at all."""
    for arguments, says in (
        (("--person", "700", "--person", "7", "--person", "-1"),
         "--person: 700. Allowed: a person_id of the table person. Correct it.\n--person: -1. "),
        ((), "--person: nothing. Allowed: a person_id."),
        (("--person", "7", "--participant", "P-1", "--patient", "17"),
         "--participant: given beside --population. Allowed: nothing. Leave it out: --person"),
    ):  # fmt: skip
        done = run("--population", hospital, *arguments)

        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(says)
    gone = run("--population", f"duckdb://{tmp_path}/none.duckdb", "--person", "7")
    assert gone.stderr.startswith("population: it cannot be opened (no file ")
    assert run("--population", "people.duckdb", "--person", "7").stderr.startswith(
        "population: the address (without a scheme)"
    )
    assert "'x' is not a valid int" in run("--population", hospital, "--person", "x").stderr


def test_records_or_a_table_are_given(table, bundle):
    """One of the two, with the study number where the records hold none."""
    for arguments, says in (
        ((), "neither --records nor --table"),
        ((*table, *bundle), "judge: both"),
        (bundle[:2], "--participant: nothing"),
        ((*table, *bundle[2:]), "--participant: given beside --table"),
        ((*table, "--person", "7"), "--person: given beside --table"),
        ((*bundle, "--person", "7"), "--person: given beside --records"),
        (("--person", "7"), "nor --population"),
        ((*bundle, "--population", "duckdb:///x"), "judge: both --records and --population"),
    ):
        done = run(*arguments)

        assert (done.exit_code, done.stdout) == (2, "")
        assert says in done.stderr


def test_one_of_an_export_is_judged(tmp_path):
    """Named by the id of the Patient; what belongs to others is counted."""
    for kind, more in (("Patient", {"id": "1"}), ("Patient", {"id": "2", "gender": "male"})):
        with (tmp_path / f"{kind}.ndjson").open("a") as file:
            file.write(json.dumps({"resourceType": kind, "birthDate": "1960-01-01", **more}) + "\n")

    done = run("--records", str(tmp_path), "--participant", "P-2", "--patient", "2")

    assert done.exit_code == 0, done.output
    assert "1 x Patient: another patient's" in done.stdout
    assert "P-2: Not eligible for arms A, B and C (I02)." in done.stdout


def test_what_is_missing_is_listed(table):
    """By whom, for which criteria, cheapest first, at the end; without the option nothing is."""
    done = run(*table, "--missing")

    ours = done.stdout.partition("P-2: ")[2].splitlines()
    missing = [line for line in ours if line.startswith("  missing  ")]
    assert missing == ours[-len(missing) :]
    assert missing[0].startswith("  missing  Is the record of conditions, ")
    assert "  missing  Platelet count (laboratory, coordinator: I12)" in missing
    assert not any("Hemoglobin (" in line for line in missing)
    assert "  missing  " not in run(*table).stdout


def test_a_first_dose_before_the_day_judged_is_refused(table):
    """What was taken between the two would not count against anybody."""
    done = run(*table, "--first-dose", "2026-03-04")

    assert done.exit_code == 2
    assert "--first-dose: 2026-03-04. Allowed: the day of --as-of, 2026-03-05" in done.stderr
    assert run(*table, "--first-dose", "2026-03-05").stdout == run(*table).stdout


def test_a_record_stands_once_in_a_reason(bundle):
    """Where the reason names it, it is not named again at its end."""
    done = run(*bundle, "--why")

    for line in done.stdout.splitlines():
        places = [each.partition("]")[0] for each in line.split("[fhir ")[1:]]
        assert len(places) == len(set(places)), line
