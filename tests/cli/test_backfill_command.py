"""`trialwright cohort backfill`: a participant beside the cohort."""

from datetime import date

import pytest
from click.testing import CliRunner

from trialwright.assembly import slotting
from trialwright.assembly.demo import demo
from trialwright.cli import cohort_commands
from trialwright.cli.main import main
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.happenings import Happening

WHO = ("--on", "2026-11-28", "--by", "m.chen", "--role", "investigator")


def run(ledger, participant, *more):
    """Run the command."""
    words = ["cohort", "backfill", str(ledger), "NCT03959891", participant, *WHO, *more]
    return CliRunner().invoke(main, words)


def test_the_act_holds_what_was_typed(tmp_path, monkeypatch):
    """Participant, level, day, and the agents chosen line by line."""
    asked = []
    monkeypatch.setattr(
        cohort_commands, "act_on_slots", lambda *told: asked.append(told) or ("ok",)
    )

    done = run(tmp_path, "P-7", "--level", "1", "--choice", "endocrine=letrozole")

    assert (done.exit_code, done.stdout) == (0, "ok\n")
    chosen = {"endocrine": "letrozole"}
    assert asked[0][2] == AssignBackfill("P-7", 1, date(2026, 11, 28), chosen)


@pytest.mark.parametrize("choice", ["endocrine", "=letrozole", "endocrine="])
def test_a_choice_without_line_or_agent_is_refused(tmp_path, choice):
    """The option and its form are named."""
    done = run(tmp_path, "P-7", "--level", "1", "--choice", choice)

    assert done.exit_code == 2
    assert "LINE=AGENT" in done.stderr


def test_a_protocol_without_backfill_refuses(tmp_path):
    """The refusal comes from the ledger's own rules; nothing is recorded."""
    for chapter in demo(tmp_path / "trial"):
        if chapter.title == "Dose meeting":
            break

    done = run(tmp_path / "trial", "P-404", "--level", "1")

    assert done.exit_code == 2
    assert "P-404" in done.stderr


def test_what_was_recorded_is_said(monkeypatch):
    """Participant, level, arm and day; then the receipt."""
    on, payload = date(2026, 11, 28), {"arm": "B", "dose_level": 1}
    done = type("Done", (), {
        "due": (), "happenings": (Happening("backfilled", "P-7", on, payload),),
        "receipt_said": "receipt",
    })  # fmt: skip
    gateway = type("Gateway", (), {"execute": lambda self, act, actor: done})()
    monkeypatch.setattr(slotting, "at_the_ledger", lambda *told: (gateway, None))

    said = slotting.act_on_slots("ledger", "it", AssignBackfill("P-7", 1, on), "a", "investigator")

    assert said == ("P-7 is backfilled at dose level 1 of arm B on 2026-11-28", "receipt")
