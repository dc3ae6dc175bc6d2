"""Imports: every row or nothing, each counted, each with file and line as its source."""

import gzip
import hashlib
from dataclasses import replace
from datetime import date

import pytest
from tests.assembly.beside import told_beside

from trialwright.assembly import planned_imports
from trialwright.assembly.importing import UntakenError, taken_up
from trialwright.assembly.planned_imports import Given, plan
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY = date(2026, 2, 5)
ENTRY = date(2026, 3, 30)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")

VISITS = """\
kind: visits
participant: Subject
columns: {code: Visit, day: Date, outcome: Status}
dates: DD/MM/YYYY
words: {outcome: {"Y": done, "N": missed}}
"""
EVENTS = """\
kind: adverse-events
participant: Subject
columns: {term: Event, grade: Grade, started: From, ended: To, is_serious: SAE, related_to: Drug}
words: {is_serious: {"Y": "yes", "N": "no"}, related_to: {GDC: ipatasertib}}
missing: [NA]
"""
LABS = """\
participant: Subject
long:
  term: Test
  value: Result
  unit: Unit
  day: Collected
  names:
    ECOG: {term: ecog}
"""


@pytest.fixture
def gateway(desk):
    """Give a trial with two participants who consented."""
    opened = desk.open()
    for number in ("P-1", "P-2"):
        opened.execute(Consent(number, DAY), CHIEF)
    return opened


@pytest.fixture
def given(tmp_path):
    """Give a writer of a table and its mapping."""

    def write(kind, mapping, *rows, name="table.csv"):
        file, declared = tmp_path / name, tmp_path / "mapping.yaml"
        file.write_text("\n".join(rows) + "\n", encoding="utf-8")
        declared.write_text(mapping, encoding="utf-8")
        return Given(file, kind, declared, "", ENTRY)

    return write


def run(gateway, asked, *, is_rehearsal=False):
    """Plan an import and do it."""
    planned = plan(gateway, asked)
    return planned, gateway.execute_whole(planned.steps, CHIEF, is_rehearsal=is_rehearsal)


def visits(given, *rows, mapping=VISITS):
    """Write a table of visits."""
    return given("visits", mapping, "Subject,Visit,Date,Status", *rows)


GOOD = ("P-1,SCREENING,06/02/2026,Y", "P-2,SCREENING,12/02/2026,Y", "P-1,SCREENING,06/02/2026,Y")


def test_rows_become_entries_with_file_and_line(desk, gateway, given):
    """12/02 is in February, for the mapping says so; a row that stands twice adds one."""
    asked = visits(given, *GOOD)
    digest = hashlib.sha256(asked.file.read_bytes()).hexdigest()

    planned, done = run(gateway, asked)

    records = [*desk.ledger().records(gateway.trial)][-2:]
    assert (planned.rows, planned.recorded) == (3, 2)
    assert planned.duplicates == ("line 4: as line 2",)
    assert len(done) == 2
    assert [each.source["line"] for each in records] == [2, 3]
    assert {each.source["file"] for each in records} == {digest}
    assert {each.source["door"] for each in records} == {"import"}
    mapped = hashlib.sha256(VISITS.encode()).hexdigest()
    assert {each.source["mapping"] for each in records} == {mapped}
    visit = gateway.state().participants["P-2"].course.visits[0].visit
    assert visit.on == date(2026, 2, 12)
    assert visit.source.place == f"{digest}:3"


def test_one_bad_row_keeps_all_out(desk, gateway, given):
    """Cells that cannot be read are all told by line and column, and nothing is recorded."""
    head = desk.ledger().head(gateway.trial)
    asked = visits(given, GOOD[0], "P-1,SCREENING,2026-02-06,Y", "P-2,SCREENING,30/02/2026,?")

    with pytest.raises(Refusal) as refused:
        run(gateway, asked)

    told = [(each.line, each.where) for each in refused.value.faults]
    assert told == [(3, "Date"), (4, "Date"), (4, "Status")]
    assert desk.ledger().head(gateway.trial) == head


def test_what_the_gateway_refuses_keeps_all_out_too(desk, gateway, given):
    """Every refused act is named by its line: nobody consented under that number."""
    head = desk.ledger().head(gateway.trial)
    asked = visits(given, GOOD[0], "P-8,SCREENING,06/02/2026,Y", "P-9,SCREENING,06/02/2026,Y")

    with pytest.raises(Refusal) as refused:
        run(gateway, asked)

    assert sorted({each.line for each in refused.value.faults}) == [3, 4]
    assert desk.ledger().head(gateway.trial) == head
    assert gateway.state().participants["P-1"].course.visits == ()


def test_beside_rows_that_cannot_be_read_the_others_are_decided(gateway, given):
    """All faults at once: nobody consented as P-8, and a visit is recorded once. None is kept."""
    asked = visits(given, GOOD[0], "P-1,SCREENING,2026-02-06,Y", "P-8,SCREENING,06/02/2026,Y",
                   "P-2,C1D1,12/02/2026,Y")  # fmt: skip

    before, says, after = told_beside(gateway, asked, CHIEF)

    assert before == [(3, "Date")]
    assert says == "1 row keeps all out; of the rows that could be read, 2 faults follow"
    assert after == [(4, "participant"), (5, "participant")]
    assert gateway.state().participants["P-1"].course.visits == ()


def test_that_the_others_could_be_recorded_is_told_too(gateway, given):
    """Who corrects the one row knows that it was the only one."""
    before, says, after = told_beside(gateway, visits(given, GOOD[0], "P-2,SCREENING,?,Y"), CHIEF)

    assert (before, after) == ([(3, "Date")], [])
    assert says == "1 row keeps all out; of the rows that could be read, no fault"


def test_what_could_be_read_is_never_recorded_beside_a_row_that_could_not(gateway, given):
    """A plan with a row left out is no plan that anybody can carry out."""
    asked = visits(given, GOOD[0], "P-2,SCREENING,?,Y")

    with pytest.raises(Refusal) as refused:
        plan(gateway, asked)

    assert [each.line for each in refused.value.faults] == [3]


def test_a_file_with_nothing_else_to_record_tells_its_faults_alone(gateway, given):
    """There is nothing to decide."""
    with pytest.raises(Refusal) as refused:
        taken_up(gateway, visits(given, "P-2,SCREENING,?,Y"), CHIEF)

    assert not isinstance(refused.value, UntakenError)
    assert [each.line for each in refused.value.faults] == [2]


def test_of_a_participant_elsewhere_nothing_more_is_told_than_that_the_row_is_refused(
    gateway, given
):
    """A row of somebody of another site hides no refusal of the own ones, and is not decided."""
    asked = visits(given, "P-2,C1D1,12/02/2026,Y", "P-1,C1D1,12/02/2026,Y")

    before, _, after = told_beside(gateway, asked, CHIEF, lambda here: here.number == "P-1")

    assert (before, after) == ([(2, "participant")], [(3, "participant")])


def test_facts_beside_a_cell_that_cannot_be_read_are_decided(gateway, given):
    """Of P-1 a value cannot be read; P-8 has not consented, which is as certain with as without."""
    asked = given("facts", LABS, "Subject,Test,Result,Unit,Collected",
                  "P-1,ECOG,a lot,{score},2026-02-06",
                  "P-8,ECOG,1,{score},2026-02-06")  # fmt: skip

    before, says, after = told_beside(gateway, asked, CHIEF)

    assert before == [(2, "Result")]
    assert says.endswith("1 fault follows")
    assert after == [(0, "participant")]


def test_a_rehearsal_keeps_nothing(desk, gateway, given):
    """And the import itself then records the same."""
    head = desk.ledger().head(gateway.trial)
    asked = visits(given, *GOOD)

    _, rehearsed = run(gateway, asked, is_rehearsal=True)

    assert desk.ledger().head(gateway.trial) == head
    assert gateway.state().participants["P-1"].course.visits == ()
    _, done = run(gateway, asked)
    assert [each.happenings for each in done] == [each.happenings for each in rehearsed]
    assert desk.ledger().verify(gateway.trial).is_intact


def test_the_same_file_is_refused_and_the_same_rows_add_nothing(gateway, given):
    """A file saved anew with one row more records that row alone."""
    run(gateway, visits(given, *GOOD))

    with pytest.raises(Refusal, match="imported before, as entries"):
        plan(gateway, visits(given, *GOOD))
    planned, done = run(gateway, visits(given, *GOOD[:2], "P-1,UNSCHEDULED,09/02/2026,Y"))

    assert planned.duplicates == ("line 2: recorded before", "line 3: recorded before")
    assert (planned.rows, planned.recorded, len(done)) == (3, 1, 1)


def test_adverse_events_are_read_by_the_code_lists(gateway, given):
    """Related to none, to one, and not recorded are three things."""
    asked = given(
        "adverse-events", EVENTS,
        "Subject,Event,Grade,From,To,SAE,Drug",
        "P-1,Rash,2,2026-02-10,2026-02-12,N,GDC",
        "P-1,Nausea,1,2026-02,NA,,none",
        "P-2,Fatigue,,2026-02-11,,Y,",
    )  # fmt: skip

    planned = plan(gateway, asked)

    rash, nausea, fatigue = (each.act.event for each in planned.steps)
    assert (rash.grade, rash.is_serious, rash.related_to) == (2, False, ("ipatasertib",))
    assert (nausea.started.text, nausea.ended, nausea.is_serious) == ("2026-02", None, None)
    assert (nausea.related_to, fatigue.related_to) == ((), None)
    assert (fatigue.grade, fatigue.is_serious) == (None, True)


def test_facts_are_read_by_their_mapping_and_counted(gateway, given):
    """A row that the mapping does not name is left aside; one that is on record adds nothing."""
    head = "Subject,Test,Result,Unit,Collected"
    run(gateway, given("facts", LABS, head, "P-1,ECOG,1,,2026-02-05", name="first.csv"))
    rows = ("P-1,ECOG,1,,2026-02-05", "P-1,ECOG,0,,2026-02-09", "P-2,WBC,5,10*3/uL,2026-02-05")

    asked = given("facts", LABS, head, *rows, name="second.csv")
    planned, done = run(gateway, asked)

    assert planned.rows == 3 == planned.recorded + len(planned.duplicates) + 1
    assert (planned.duplicates, dict(planned.left_aside)) == (
        ("2: recorded before",), {"not in the mapping": 1},
    )  # fmt: skip
    assert len(done) == 1
    seen = gateway.state().participants["P-1"].casebook.observations[-1]
    digest = hashlib.sha256(asked.file.read_bytes()).hexdigest()
    assert (seen.on.text, seen.source.place) == ("2026-02-09", f"{digest}:3")


@pytest.mark.parametrize(
    ("mapping", "where"),
    [
        (VISITS.replace("code: Visit, ", ""), "columns.code"),
        (VISITS.replace("outcome: Status", "outcom: Status"), "outcom"),
        (VISITS.replace("missed", "skipped"), "words.outcome"),
        (VISITS.replace("Visit,", "Visite,"), "Visite"),
        (VISITS.replace("kind: visits", "kind: adverse-events"), "code"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(gateway, given, mapping, where):
    """Before any row is read."""
    with pytest.raises(Refusal) as refused:
        plan(gateway, visits(given, *GOOD, mapping=mapping))

    assert where in [each.where for each in refused.value.faults]


def test_a_large_file_is_refused_before_it_is_read(gateway, given, monkeypatch):
    """By its size alone."""
    asked = visits(given, *GOOD)
    monkeypatch.setattr(planned_imports, "MOST_BYTES", 10)
    monkeypatch.setattr(type(asked.file), "open", lambda *_: pytest.fail("was opened"))

    with pytest.raises(Refusal, match="a file of up to 10"):
        plan(gateway, asked)


def test_a_file_that_unpacks_to_more_is_refused(gateway, given, monkeypatch):
    """It is unpacked as far as is allowed; one that breaks off is refused as unreadable."""
    rows = gzip.compress(b"Subject,Visit,Date,Status\n" + b" " * 5_000)
    asked = replace(visits(given, *GOOD), file=visits(given, *GOOD).file.with_suffix(".csv.gz"))
    monkeypatch.setattr(planned_imports, "MOST_BYTES", 5_000)

    asked.file.write_bytes(rows)
    with pytest.raises(Refusal, match=r"more than 5000 bytes unpacked.*a file of up to 5000"):
        plan(gateway, asked)
    asked.file.write_bytes(rows[:-20])
    with pytest.raises(Refusal, match="a readable file"):
        plan(gateway, asked)


def test_the_command_rehearses_unless_told(tmp_path, given):
    """Counts, then the receipt; the mapping that was confirmed is kept under its digest."""
    from click.testing import CliRunner

    from trialwright.assembly import ledgers
    from trialwright.assembly.clock import entered_at
    from trialwright.assembly.gateway import Gateway
    from trialwright.assembly.protocols import shipped
    from trialwright.cli.main import main
    from trialwright.conduct.acts import OpenTrial

    folder = tmp_path / "trial"
    gateway = Gateway(ledgers.make(folder), shipped("nct03959891"), entered_at, "test")
    gateway.execute(OpenTrial(DAY), CHIEF)
    gateway.execute(Consent("P-1", DAY), CHIEF)
    asked = visits(given, GOOD[0])
    words = ["import", str(folder), "nct03959891", str(asked.file), "--kind", "visits",
             "--mapping", str(asked.mapping), "--on", "2026-03-30", "--by", "c.one",
             "--role", "coordinator"]  # fmt: skip

    rehearsed = CliRunner().invoke(main, words)
    done = CliRunner().invoke(main, [*words, "--confirm"])
    again = CliRunner().invoke(main, [*words, "--confirm"])

    counts = "1 read = 1 to record + 0 that add nothing + 0 left aside"
    assert rehearsed.exit_code == done.exit_code == 0, rehearsed.output + done.output
    assert counts in rehearsed.output
    assert counts in done.output
    assert "nothing is recorded" in rehearsed.output
    assert "receipt: happening 3" in done.output
    assert again.exit_code == 2
    kept = hashlib.sha256(VISITS.encode()).hexdigest()
    assert (folder / "mappings" / f"{kept}.yaml").read_text(encoding="utf-8") == VISITS


def test_the_command_proposes_a_mapping_with_its_reasons(tmp_path, given):
    """What is open is written as such, and refused until somebody settles it."""
    from click.testing import CliRunner

    from trialwright.cli.main import main

    asked = visits(given, "P-1,SCREENING,06/02/2026,done")
    into = tmp_path / "proposed.yaml"
    words = ["import", str(tmp_path), "nct03959891", str(asked.file), "--kind", "visits"]

    found = CliRunner().invoke(main, [*words, "--propose", str(into)])
    again = CliRunner().invoke(main, [*words, "--propose", str(into)])
    without = CliRunner().invoke(main, words)

    assert found.exit_code == 0, found.output
    assert "column day: Date (the only heading known for it)" in found.output
    assert "dates dates: ? (open: every day fits DD/MM/YYYY and MM/DD/YYYY)" in found.output
    assert 'dates: "?"' in into.read_text(encoding="utf-8")
    assert again.exit_code == 2
    assert without.exit_code == 2
    assert "--on, --by and --role" in without.output


def test_of_a_participant_who_is_not_seen_not_even_a_repeat_is_told(gateway, given):
    """A row that stands on record already is refused as one of nobody."""
    run(gateway, visits(given, *GOOD))
    rows = ("P-1,SCREENING,06/02/2026,Y", "P-8,SCREENING,06/02/2026,Y")

    with pytest.raises(Refusal) as refused:
        plan(gateway, visits(given, *rows), lambda _: False)

    assert [(each.line, each.found) for each in refused.value.faults] == [
        (2, "nobody of your site by this number"), (3, "nobody of your site by this number"),
    ]  # fmt: skip
