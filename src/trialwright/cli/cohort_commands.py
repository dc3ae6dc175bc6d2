"""`trialwright cohort`: open, hold, resume and close the cohort of an arm."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.slotting import act_on_slots
from trialwright.cli.acting import WHY, asked_with
from trialwright.conduct.cohort_acts import (
    CloseCohort,
    CohortMove,
    HoldCohort,
    OpenCohort,
    ResumeCohort,
)


@click.group()
def cohort() -> None:
    """Open, hold, resume and close the cohort of an arm, each as a recorded act.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file, ARM the arm whose open dose level is meant. The account named by --by is recorded as the
    actor; there is no sign-in yet.
    """


_act = asked_with(
    on="Day from which it holds.", role="Role of the account.", meant=(click.argument("arm"),)
)


@cohort.command("open")
@_act
@click.option("--reason", default="", help="Why; needed when people had closed it.")
def open_(arm: str, on: date, reason: str, **asked: Any) -> None:
    """Open a cohort that is planned, or again one that people closed.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(OpenCohort(arm, on, reason), **asked)


@cohort.command()
@_act
@WHY
def hold(arm: str, on: date, reason: str, **asked: Any) -> None:
    """Let nobody in for now and take no dose decision; held places stay held.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(HoldCohort(arm, on, reason), **asked)


@cohort.command()
@_act
@WHY
def resume(arm: str, on: date, reason: str, **asked: Any) -> None:
    """Go on with a cohort that is on hold.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(ResumeCohort(arm, on, reason), **asked)


@cohort.command()
@_act
@WHY
def close(arm: str, on: date, reason: str, **asked: Any) -> None:
    """Let nobody in any more; held places go back to the wait list.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(CloseCohort(arm, on, reason), **asked)


def _do(act: CohortMove, *, ledger: Path, protocol: str, account: str, role: str, at: str) -> None:
    """Record an act and print what came of it."""
    for sentence in act_on_slots(ledger, protocol, act, account, role, at):
        click.echo(sentence)
