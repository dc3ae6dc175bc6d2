"""`trialwright accounts`: list, unlock, close, reopen, recover and move the accounts of a trial."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from trialwright.assembly import ledgers
from trialwright.assembly.serving import ACCOUNTS, open_desk
from trialwright.conduct.roles import OPERATOR
from trialwright.terms.errors import refuse

Command = Callable[..., None]

NAME = click.argument("name")
WHY = click.option("--reason", default="", help="Why, without naming a participant.")
BY = click.option("--by", required=True,
                  help="Operator who does it, recorded as said: a command asks for no password.",
                  )  # fmt: skip


def asked(command: Command) -> Command:
    """Put the options of a trial's folder and protocol on a command.

    Parameters
    ----------
    command : callable
        A function that takes both.

    Returns
    -------
    callable
        The same, with its options.
    """
    folder = click.option(
        "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path("trialwright-trial"), show_default=True,
        help="Folder of the trial, as `trialwright serve` has it.",
    )  # fmt: skip
    protocol = click.option("--protocol", default="nct03959891", show_default=True,
                            help="NCT number of a shipped protocol, or a file.")  # fmt: skip
    return folder(protocol(command))


@click.group()
def accounts() -> None:
    """Keep the accounts of a trial, beside the page of the operator.

    Each change is recorded in the ledger of the trial. Where DATABASE_URL names a PostgreSQL
    database, ledger and accounts are looked for there.
    """


@accounts.command("list")
@asked
def list_(folder: Path, protocol: str) -> None:
    """List the accounts: what each is for, and whether it is closed or locked.

    Exit status: 0 listed, 2 the folder cannot be used.
    """
    _ready(folder, protocol)
    from trialwright.web.account_care import lockouts
    from trialwright.web.models import Standing

    counted = lockouts()
    for each in Standing.objects.select_related("account").order_by("account__username"):
        name = each.account.get_username()
        lockout = counted.get(name.lower())
        until = lockout.until if lockout else None
        says = "open" if each.account.is_active else "closed"
        if until is not None:
            says += f", locked in some browsers until {until:%H:%M} UTC"
        click.echo(f"{name}: {each.kind}, {says}")


@accounts.command("invite-operator")
@BY
@asked
def invite_operator(by: str, folder: Path, protocol: str) -> None:
    """Invite a further operator, by a one-time link for a name and a password.

    Meant for a trial whose only operator cannot sign in: two operators recover an account. While
    one can, everybody is invited on the page of accounts.

    Exit status: 0 invited and recorded, 2 refused and nothing was changed.
    """
    _ready(folder, protocol)
    from trialwright.web.account_care import operator_of
    from trialwright.web.accounts import invite_on_record

    click.echo(f"/invitation/{invite_on_record(OPERATOR, operator_of(by), 'cli')}/")
    click.echo("Hand it to whom it is for: it can be used once, within two days.", err=True)


def _of_account(command: Command) -> Command:
    """Put on a command what a deed to one account is told: whose, by whom and why, and where."""
    return NAME(BY(WHY(asked(command))))


@accounts.command()
@_of_account
def unlock(**given: Any) -> None:
    """Let the account NAME sign in again after too many wrong passwords or codes.

    Exit status: 0 unlocked and recorded, 2 refused and nothing was changed.
    """
    _do("unlock", **given)


@accounts.command()
@_of_account
def close(**given: Any) -> None:
    """Let nobody sign in to the account NAME any more; what it did stays on record.

    Exit status: 0 closed and recorded, 2 refused and nothing was changed.
    """
    _do("close", **given)


@accounts.command()
@_of_account
def reopen(**given: Any) -> None:
    """Let the account NAME sign in again after it was closed.

    Exit status: 0 reopened and recorded, 2 refused and nothing was changed.
    """
    _do("reopen", **given)


@accounts.command()
@_of_account
def recover(name: str, by: str, reason: str, folder: Path, protocol: str) -> None:
    """Begin the recovery of the account NAME: a password was forgotten, or a second factor lost.

    The secret of the link is printed once; it lasts two hours, and is of no use before another
    operator has confirmed it. --reason says how you made sure who asks.

    Exit status: 0 begun and recorded, 2 refused and nothing was changed.
    """
    _ready(folder, protocol)
    from trialwright.web.account_care import operator_of
    from trialwright.web.recovering import begin

    click.echo(f"/recovery/{begin(name, operator_of(by), reason, 'cli')}/")
    click.echo("Hand it to its owner. Another operator confirms it.", err=True)


@accounts.command("confirm-recovery")
@_of_account
def confirm_recovery(name: str, by: str, reason: str, folder: Path, protocol: str) -> None:
    """Confirm the recovery of the account NAME that another operator began.

    Exit status: 0 confirmed and recorded, 2 refused and nothing was changed.
    """
    _ready(folder, protocol)
    from trialwright.web.account_care import operator_of
    from trialwright.web.recovering import confirm

    confirm(name, operator_of(by), reason, "cli")
    click.echo(f"{name} is free to set a new password by the link.")


@accounts.command()
@BY
@asked
def move(by: str, folder: Path, protocol: str) -> None:
    """Move the accounts from their file in the folder into the database of DATABASE_URL.

    Stop the service first, and restore the ledger there. Every account, second factor, token and
    log of sign-ins is copied, or nothing is; sessions are not, so that everybody signs in again.
    The file is left as it is: put it away, for it holds digests of passwords.

    Exit status: 0 moved, 2 refused and nothing was moved.
    """
    file = folder / ACCOUNTS
    if ledgers.database_address() is None:
        raise refuse("DATABASE_URL", "nothing", "the address of a PostgreSQL database", "Set it")
    if not file.exists():
        raise refuse(str(folder), "no accounts", f"a folder with {ACCOUNTS}", "Name another one")
    _ready(folder, protocol, file)
    from trialwright.web.account_care import operator_of
    from trialwright.web.moving import move as move_all
    from trialwright.web.settings import OLD

    for table, rows in move_all(file, operator_of(by, OLD)).items():
        click.echo(f"{table}: {rows}")
    click.echo(f"Moved. Put {file} away: it holds digests of passwords.")


def _do(deed: str, name: str, by: str, reason: str, folder: Path, protocol: str) -> None:
    """Do a deed, and say so."""
    _ready(folder, protocol)
    from trialwright.web.account_care import DEEDS, do, operator_of

    do(deed, name, operator_of(by), reason, "cli")
    click.echo(f"{name} is {DEEDS[deed]}.")


def _ready(folder: Path, protocol: str, old: Path | None = None) -> None:
    """Open the trial, and make Django ready; it is loaded here alone."""
    if not (folder / ledgers.KEY).exists():
        raise refuse(str(folder), "no ledger", "the folder of a trial", "Name another one")
    desk = open_desk(folder, protocol)
    from trialwright.web import starting
    from trialwright.web.settings import Door

    starting.prepare(desk, Door(), old)
