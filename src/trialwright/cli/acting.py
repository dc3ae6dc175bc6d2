"""What every command that records an act is asked with."""

from collections.abc import Callable
from pathlib import Path

import click

from trialwright.cli.days import DAY

Command = Callable[..., None]
Asked = Callable[[Command], Command]
"""An argument or option, put on a command."""

WHY = click.option("--reason", required=True, help="Why, without naming a participant.")


def asked_with(*, on: str, role: str, meant: tuple[Asked, ...] = ()) -> Asked:
    """Give what a command of an act is asked with: ledger, protocol, whom, day and account.

    Parameters
    ----------
    on, role : str
        Help of `--on` and `--role`.
    meant : tuple of callable
        Argument or option that says whom or what the act concerns.

    Returns
    -------
    callable
        To be put on a command.
    """
    whole: tuple[Asked, ...] = (
        click.argument("ledger", type=click.Path(file_okay=False, path_type=Path)),
        click.argument("protocol"),
        click.option("--on", type=DAY, required=True, help=on),
        *meant,
        click.option("--by", "account", required=True,
                     help="Account that acts, recorded as said: there is no sign-in yet."),
        click.option("--role", required=True, help=role),
        click.option("--at", default="",
                     help="Site of the account; may be left out when the protocol has one site."),
    )  # fmt: skip

    def put(command: Command) -> Command:
        for each in reversed(whole):
            command = each(command)
        return command

    return put
