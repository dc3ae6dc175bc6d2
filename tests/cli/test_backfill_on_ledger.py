"""`cohort backfill` and `next-dose` on the ledger of a trial with backfill."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.assembly.conftest import CHIEF, at_noon, register, small_protocol
from tests.conduct.conftest import doses

from trialwright.assembly import designs, ledgers, next_dose, recruiting
from trialwright.assembly.gateway import Gateway
from trialwright.cli.main import main
from trialwright.conduct.acts import Assign, DecideDose, OpenTrial
from trialwright.conduct.dose_decision_acts import Override
from trialwright.conduct.roles import Actor
from trialwright.protocol.escalation_design import BoinDesign
from trialwright.protocol.escalation_settings import Backfilling

NAME = "NCT03959891"
OPENED = date(2026, 2, 5)
SECOND = OPENED + timedelta(days=28)
LATER = SECOND + timedelta(days=28)
INVESTIGATOR = Actor("i.vestigator", "investigator", "mgh")


class Trial:
    """A trial in a folder."""

    def __init__(self, folder):
        self.folder = folder
        design = BoinDesign(
            name="BOIN", target=Decimal("0.25"), max_n=6,
            backfill=Backfilling(cap=6, needs_response=False),
        )  # fmt: skip
        read = small_protocol()
        arms = tuple(
            each.model_copy(update={"escalation": design}) if each.id == "A" else each
            for each in read.study.arms
        )
        self.read = replace(read, study=read.study.model_copy(update={"arms": arms}))
        self.gateway = Gateway(ledgers.make(folder), self.read, at_noon, "test")
        self.do(OpenTrial(OPENED))

    def do(self, act):
        """Execute an act."""
        return self.gateway.execute(act, CHIEF)

    def register(self, *numbers, on):
        """Bring participants as far as registration in arm A."""
        for each in numbers:
            register(self.gateway, each, on, CHIEF, INVESTIGATOR)

    def cohort(self, *numbers, on):
        """Register, assign and treat participants through their window."""
        self.register(*numbers, on=on)
        for each in numbers:
            self.do(Assign(each, on))
            self.do(doses(self.gateway.state(), each))

    def run(self, *words):
        """Run a command."""
        return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)

    def backfill(self, number, level, on):
        """Run `cohort backfill`."""
        by = ("--by", "p.chief", "--role", "principal-investigator", "--at", "mgh")
        return self.run("cohort", "backfill", self.folder, NAME, number, "--level", level,
                        "--on", on, *by)  # fmt: skip

    def next_dose(self, on):
        """Run `next-dose`."""
        return self.run("next-dose", self.folder, "--protocol", NAME, "--arm", "A",
                        "--as-of", on)  # fmt: skip


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """Give a trial with 0/3 at dose level 1; its protocol is the shipped one with backfill."""
    made = Trial(tmp_path / "ledger")
    for module in (designs, recruiting, next_dose):
        monkeypatch.setattr(module, "load", lambda named: made.read)
    made.cohort("P-1", "P-2", "P-3", on=OPENED)
    return made


def test_a_participant_is_backfilled_beside_a_full_cohort(trial):
    """Told, and in the ledger; `next-dose` names the level, and waits for the cohort."""
    trial.do(DecideDose("A", SECOND, SECOND))
    trial.register("P-4", "P-5", "P-6", "P-7", on=SECOND)
    for each in ("P-4", "P-5", "P-6"):
        trial.do(Assign(each, SECOND))
    wrong = trial.backfill("P-7", 2, SECOND)

    done = trial.backfill("P-7", 1, SECOND)

    asked = trial.next_dose(SECOND)
    assert wrong.exit_code == 2
    assert "dose level 2, not below the running cohort" in wrong.stderr
    assert done.exit_code == 0, done.output
    assert f"P-7 is backfilled at dose level 1 of arm A on {SECOND}" in done.stdout
    assert trial.gateway.state().participants["P-7"].is_backfilled
    assert (asked.exit_code, asked.stderr) == (3, "")
    assert "backfill at dose level 1: open: 0/3 DLT, 4 of 6 participants" in asked.stdout


def test_status_5_says_that_people_may_decide(trial):
    """0/7 where the design treats six: the refusal, the levels that are left, no traceback."""
    by_hand = Override(1, 4, "seen by all")
    trial.do(DecideDose("A", SECOND, SECOND, by_hand, minutes="Discussed."))
    trial.cohort("P-4", "P-5", "P-6", "P-7", on=SECOND)

    asked = trial.next_dose(LATER)

    assert (asked.exit_code, asked.stderr) == (5, "")
    assert "no advice" in asked.stdout
    assert "7 participants" in asked.stdout
    assert "people may, with a reason, at dose levels: 1, 2" in asked.stdout
