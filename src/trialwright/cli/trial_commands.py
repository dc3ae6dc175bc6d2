"""`trialwright trial`: open, suspend, close and reopen the trial and its sites."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.recruiting import change_status, statuses_told
from trialwright.cli.acting import WHY, asked_with
from trialwright.cli.days import DAY
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SiteMove,
    SuspendSite,
    SuspendTrial,
    TrialMove,
)

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def trial() -> None:
    """Open, suspend, close and reopen a trial and its sites, each as a recorded act.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file.
    """


_act = asked_with(
    on="Day from which it holds.",
    role="Role of the account, e.g. data-manager.",
    meant=(click.option("--site", help="The site meant; without it the trial as a whole."),),
)

WHEREON = click.option("--reason", default="", help="What it rests on; may be left out.")


@trial.command("open")
@_act
@WHEREON
@click.option("--create", is_flag=True, help="Make the ledger; LEDGER holds none yet.")
def open_(site: str | None, on: date, reason: str, *, create: bool, **asked: Any) -> None:
    """Open the trial, or with --site a site that is not yet active.

    The account named by --by is recorded as the actor; there is no sign-in yet. The trial is opened
    by a principal-investigator, a site by one or by a data-manager.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    act = OpenTrial(on, reason) if site is None else OpenSite(site, on, reason)
    _do(act, create=create, **asked)


@trial.command()
@_act
@WHY
def suspend(site: str | None, on: date, reason: str, **asked: Any) -> None:
    """Let nobody new in for now; whoever is registered goes on.

    The account named by --by is recorded as the actor; there is no sign-in yet. The trial is
    suspended by a principal-investigator; a site also by a data-manager, or by an investigator of
    that site.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(SuspendTrial(on, reason) if site is None else SuspendSite(site, on, reason), **asked)


@trial.command()
@_act
@WHY
def close(site: str | None, on: date, reason: str, **asked: Any) -> None:
    """Let nobody new in any more; whoever is registered goes on.

    Closing the trial closes every site. The account named by --by is recorded as the actor; there
    is no sign-in yet. The trial is closed by a principal-investigator, a site by one or by a
    data-manager.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(CloseTrial(on, reason) if site is None else CloseSite(site, on, reason), **asked)


@trial.command()
@_act
@WHY
def reopen(site: str | None, on: date, reason: str, **asked: Any) -> None:
    """Let participants in again after a suspension or closure.

    After a closure of the trial each site is reopened by itself. The account named by --by is
    recorded as the actor; there is no sign-in yet. The trial is reopened by a
    principal-investigator, a site by one or by a data-manager.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(ReopenTrial(on, reason) if site is None else ReopenSite(site, on, reason), **asked)


@trial.command()
@click.argument("ledger", type=FOLDER)
@click.argument("protocol")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Day whose statuses are told.")
def status(ledger: Path, protocol: str, as_of: date) -> None:
    """Tell the statuses in force on a day, and which act set each.

    Exit status: 0 told, 2 the protocol or the ledger could not be taken.
    """
    for sentence in statuses_told(ledger, protocol, as_of):
        click.echo(sentence)


def _do(
    act: OpenTrial | TrialMove | SiteMove,
    *,
    ledger: Path,
    protocol: str,
    account: str,
    role: str,
    at: str,
    create: bool = False,
) -> None:
    """Record an act and print what came of it."""
    for sentence in change_status(ledger, protocol, act, account, role, at, create=create):
        click.echo(sentence)
