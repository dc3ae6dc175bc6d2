"""`trialwright cohort`: open, hold, resume and close the cohort of an arm; backfill beside it."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.slotting import act_on_slots
from trialwright.cli.acting import WHY, asked_with
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.cohort_acts import (
    CloseCohort,
    CohortMove,
    HoldCohort,
    OpenCohort,
    ResumeCohort,
)
from trialwright.terms.errors import refuse


@click.group()
def cohort() -> None:
    """Open, hold, resume and close the cohort of an arm, or backfill beside it, as recorded acts.

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


@cohort.command()
@asked_with(
    on="Day of the assignment.",
    role="Role of the account, e.g. investigator.",
    meant=(click.argument("participant"),),
)
@click.option("--level", type=int, required=True, help="Dose level, 1 = lowest; open for it.")
@click.option(
    "--choice",
    "choices",
    multiple=True,
    metavar="LINE=AGENT",
    help="Agent chosen for a line of the arm that offers several; one for each such line.",
)
def backfill(
    participant: str, level: int, choices: tuple[str, ...], on: date, **asked: Any
) -> None:
    """Give a registered participant a dose level below the running cohort, beside it.

    PARTICIPANT is the study number.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    chosen = {}
    for each in choices:
        line, sign, agent = each.partition("=")
        if not (line and sign and agent) or line in chosen:
            raise refuse("--choice", each, "LINE=AGENT", "Write each line once")
        chosen[line] = agent
    _do(AssignBackfill(participant, level, on, chosen), **asked)


def _do(
    act: CohortMove | AssignBackfill,
    *,
    ledger: Path,
    protocol: str,
    account: str,
    role: str,
    at: str,
) -> None:
    """Record an act and print what came of it."""
    for sentence in act_on_slots(ledger, protocol, act, account, role, at):
        click.echo(sentence)
