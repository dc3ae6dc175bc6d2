"""The calendar of a participant and the work list of a trial, from the command line."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from trialwright.assembly import shelf
from trialwright.assembly.demo import demo
from trialwright.cli.main import main

TRIAL = "NCT03959891"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """Give the ledger of the told trial, before it is tampered with."""
    folder = tmp_path_factory.mktemp("told")
    for chapter in demo(folder):
        if chapter.title == "Dose meeting":
            return folder
    pytest.fail("the demo holds no dose meeting")


def ask(*words):
    """Run a command that answers in JSON."""
    done = CliRunner().invoke(main, [*words, "--format", "json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def first_dose(ledger):
    """Give the day of the first cycle by the calendar itself."""
    rows = ask("calendar", str(ledger), TRIAL, "--participant", "MGH-001", "--as-of", "2026-06-01")
    return next(row["planned"] for row in rows if row["code"] == "C1D1"), rows


def test_the_calendar_has_every_visit_with_its_window_and_rule(ledger):
    """Days of cycles lie 28 days apart, each in its window, each with the rule that made it."""
    _, rows = first_dose(ledger)

    visits = [row for row in rows if row["code"] != "duty"]
    days = {row["code"]: date.fromisoformat(row["planned"]) for row in visits}
    assert (days["C2D1"] - days["C1D1"]).days == (days["C3D1"] - days["C2D1"]).days == 28
    assert all(row["earliest"] <= row["planned"] <= row["latest"] for row in visits)
    assert all("window" in row["what and why"] for row in visits)
    assert any(
        "contracepti" in row["what and why"].lower() for row in rows if row["code"] == "duty"
    )


def test_a_preview_shows_what_a_delay_would_move_and_records_nothing(ledger):
    """A second cycle a week late: every visit from C2D1 on moves by seven days."""
    told = ("calendar", str(ledger), TRIAL, "--participant", "MGH-001", "--as-of", "2026-06-01")
    before = ask(*told)
    visits = [row for row in before if row["code"] != "duty"]
    days = {row["code"]: date.fromisoformat(row["planned"]) for row in visits}
    late = days["C2D1"] + timedelta(days=7)

    moved = ask(*told, "--if-delayed", "2", late.isoformat())

    assert {row["code"].partition("D")[0] for row in moved} == {"C2", "C3"}
    for row in moved:
        now, then = (date.fromisoformat(row[f"planned {when}"]) for when in ("now", "then"))
        assert (then - now).days == 7
        assert now == days[row["code"]]
    assert ask(*told) == before


def test_a_preview_refuses_what_the_entry_would_be_refused_for(ledger):
    """A cycle cannot begin before the one before it is over."""
    words = ["calendar", str(ledger), TRIAL, "--participant", "MGH-001", "--as-of", "2026-06-01"]

    done = CliRunner().invoke(main, [*words, "--if-delayed", "2", "2026-03-10"])

    assert done.exit_code == 2
    assert "begins_on" in done.stderr


@pytest.fixture
def with_rule(tmp_path):
    """Give the protocol of the told trial as a file that has held days made up."""
    text = shelf.text("protocols", "nct03959891.yaml")
    was = "  late_cycle: later cycles move\n"
    assert was in text
    file = tmp_path / "protocol.yaml"
    rule = "  holds_move_cycles: {held_days_of: [ipatasertib]}\n"
    file.write_text(text.replace(was, was + rule), encoding="utf-8")
    return str(file)


def test_a_preview_shows_what_a_hold_would_move_and_records_nothing(ledger, with_rule):
    """Three days of the second cycle: the third moves by three days; without a rule nothing."""
    who = ("--participant", "MGH-001", "--as-of", "2026-06-01")
    before = ask("calendar", str(ledger), with_rule, *who)
    second = next(row["planned"] for row in before if row["code"] == "C2D1")
    first, last = (date.fromisoformat(second) + timedelta(days=each) for each in (5, 7))
    held = ("--if-held", first.isoformat(), last.isoformat())

    moved = ask("calendar", str(ledger), with_rule, *who, *held)

    assert {row["code"].partition("D")[0] for row in moved} == {"C3"}
    for row in moved:
        now, then = (date.fromisoformat(row[f"planned {when}"]) for when in ("now", "then"))
        assert (then - now).days == 3
        assert f"ipatasertib held from {first} to {last} (3 days)" in row["what and why"]
    assert ask("calendar", str(ledger), with_rule, *who) == before
    assert ask("calendar", str(ledger), TRIAL, *who, *held) == []
    said = CliRunner().invoke(main, ["calendar", str(ledger), TRIAL, *who, *held])
    assert (said.exit_code, said.output) == (0, "no planned visit moves\n")


def test_one_preview_at_a_time_is_asked_for(ledger):
    """A delay and a hold at once have no one answer."""
    words = ["calendar", str(ledger), TRIAL, "--participant", "MGH-001", "--as-of", "2026-06-01",
             "--if-delayed", "2", "2026-06-01",
             "--if-held", "2026-06-01", "2026-06-02"]  # fmt: skip

    done = CliRunner().invoke(main, words)

    assert done.exit_code == 2
    assert "one of --if-delayed and --if-held" in done.stderr


def test_what_nobody_recorded_is_due_and_then_overdue(ledger):
    """The first visit is due on its day, and overdue once its window is over."""
    day, _ = first_dose(ledger)

    on_the_day = ask("due", str(ledger), TRIAL, "--as-of", day)
    later = ask("due", str(ledger), TRIAL, "--as-of", "2026-06-01")

    assert {row["standing"] for row in on_the_day if row["planned"] == day} == {"due"}
    assert {row["standing"] for row in later if row["planned"] == day} == {"overdue"}
    assert [row["latest"] for row in later] == sorted(row["latest"] for row in later)


def test_a_participant_who_is_not_there_is_refused(ledger):
    """No traceback, and what to do."""
    done = CliRunner().invoke(
        main, ["calendar", str(ledger), TRIAL, "--participant", "X-9", "--as-of", "2026-06-01"]
    )

    assert done.exit_code == 2
    assert "has not consented" in done.stderr


def test_a_feed_is_written_for_calendars(ledger, tmp_path):
    """Each visit of the calendar is a whole-day event; nothing but number and code is told."""
    from icalendar import Calendar

    file = tmp_path / "visits.ics"
    _, rows = first_dose(ledger)
    words = ["calendar", str(ledger), TRIAL, "--as-of", "2026-06-01", "--ics", str(file)]

    done = CliRunner().invoke(main, words)
    again = CliRunner().invoke(main, words)

    assert done.exit_code == 0, done.stderr
    assert again.exit_code == 2  # the file is there
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    said = {str(each["SUMMARY"]): each["DTSTART"].dt.isoformat() for each in events}
    assert len(said) == len(events)
    planned = {f"MGH-001 {row['code']}": row["planned"] for row in rows if row["code"] != "duty"}
    assert planned["MGH-001 C1D1"] == said["MGH-001 C1D1"]
    assert planned["MGH-001 C2D1"] == said["MGH-001 C2D1"]
    assert len({str(each["UID"]) for each in events}) == len(events)


@pytest.mark.parametrize("words", [[], ["--participant", "MGH-001", "--ics", "x.ics"]])
def test_one_of_calendar_and_feed_is_asked_for(ledger, words):
    """Neither both nor none."""
    given = ["calendar", str(ledger), TRIAL, "--as-of", "2026-06-01", *words]

    assert CliRunner().invoke(main, given).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("due",), ("calendar", "--participant", "MGH-001"), ("calendar", "--ics", "visits.ics")],
)
@pytest.mark.parametrize("day", ["9999-12-31", "1899-12-31"])
def test_a_day_far_away_is_refused_at_once(ledger, words, day, tmp_path, monkeypatch):
    """Every cycle up to the day is laid out: up to the year 9999 that would take minutes."""
    monkeypatch.chdir(tmp_path)
    command, *others = words
    said = CliRunner().invoke(main, [command, str(ledger), TRIAL, *others, "--as-of", day])

    assert said.exit_code == 2
    assert f"{day}. Allowed: 1900 to two years ahead" in said.stderr
    assert list(tmp_path.iterdir()) == []
