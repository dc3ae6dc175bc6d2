"""`trialwright slots`: the cohort board of a day."""

from datetime import date
from pathlib import Path

import click

from trialwright.assembly.slotting import board_on, board_plain, board_told
from trialwright.cli.days import DAY
from trialwright.cli.printing import print_json


@click.command()
@click.argument("ledger", type=click.Path(file_okay=False, path_type=Path))
@click.argument("protocol")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Day whose board is shown.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def slots(ledger: Path, protocol: str, as_of: date, form: str) -> None:
    """Show arms and dose levels with their slots, the wait list, and when a slot may be free.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. Nothing is recorded: what has expired by the day is shown as expired all the same.

    Exit status: 0 shown, 2 the protocol or the ledger could not be taken.
    """
    shown = board_on(ledger, protocol, as_of)
    if form == "json":
        print_json(board_plain(shown))
        return
    for line in board_told(shown):
        click.echo(line)
