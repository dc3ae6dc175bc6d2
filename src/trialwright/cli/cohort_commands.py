"""`trialwright cohort`: open, hold, resume and close the cohort of an arm."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.slotting import act_on_slots
from trialwright.cli.days import DAY
from trialwright.conduct.cohort_acts import (
    CloseCohort,
    CohortMove,
    HoldCohort,
    OpenCohort,
    ResumeCohort,
)

Command = Callable[..., None]


@click.group()
def cohort() -> None:
    """Open, hold, resume and close the cohort of an arm, each as a recorded act.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file, ARM the arm whose open dose level is meant. The account named by --by is recorded as the
    actor; there is no sign-in yet.
    """


ASKED = (
    click.argument("ledger", type=click.Path(file_okay=False, path_type=Path)),
    click.argument("protocol"),
    click.argument("arm"),
    click.option("--on", type=DAY, required=True, help="Day from which it holds."),
    click.option("--by", "account", required=True,
                 help="Account that acts, recorded as said: there is no sign-in yet."),
    click.option("--role", required=True, help="Role of the account."),
    click.option("--at", default="",
                 help="Site of the account; may be left out when the protocol has one site."),
)  # fmt: skip
"""What every act is asked with."""

WHY = click.option("--reason", required=True, help="Why, without naming a participant.")


def _act(command: Command) -> Command:
    """Give a command the arguments of an act."""
    for each in reversed(ASKED):
        command = each(command)
    return command


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
