"""`trialwright calendar` and `trialwright due`: visits as planned, and those not recorded yet."""

from datetime import date
from pathlib import Path

import click

from trialwright.assembly import calendars
from trialwright.assembly.aligned import aligned
from trialwright.cli.days import DAY
from trialwright.cli.printing import print_json

LEDGER = click.Path(file_okay=False, path_type=Path)
FORM = click.Choice(["text", "json"])


@click.command()
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option("--participant", help="Study number; needed unless a feed is written.")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Happenings up to this day count.")
@click.option(
    "--cycles", type=click.IntRange(1, 100), default=3, show_default=True,
    help="How many cycles, from the first.",
)  # fmt: skip
@click.option(
    "--if-delayed", "delay", type=(click.IntRange(2, 100), DAY), metavar="CYCLE DAY",
    help="Show only what would move if that cycle began on that day; nothing is recorded.",
)  # fmt: skip
@click.option(
    "--if-held", "hold", type=(DAY, DAY), metavar="FROM TO",
    help="Show only what would move if doses were held on those days; nothing is recorded.",
)  # fmt: skip
@click.option("--format", "form", type=FORM, default="text")
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the visits of everybody to a new file for calendars instead: study numbers and "
    "visit codes alone, 12 weeks ahead.",
)  # fmt: skip
def calendar(
    ledger: Path,
    protocol: str,
    participant: str | None,
    as_of: date,
    cycles: int,
    delay: tuple[int, date] | None,
    hold: tuple[date, date] | None,
    form: str,
    ics: Path | None,
) -> None:
    """Show the planned visits of a participant with their windows, and the obligations.

    Each date says which rule of the protocol made it, delays and holds included. LEDGER is the
    folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a file.

    Exit status: 0 shown or written, 2 protocol, ledger, participant or file could not be taken.
    """
    if (participant is None) == (ics is None):
        raise click.UsageError("Give either --participant or --ics.")
    if ics is not None:
        calendars.write_feed(ics, ledger, protocol, as_of)
        click.echo(f"written: {ics.name}")
    if participant is None:
        return
    if delay is not None and hold is not None:
        raise click.UsageError("Give one of --if-delayed and --if-held.")
    told = (ledger, protocol, participant, as_of, cycles)
    if delay is not None:
        _tell(calendars.moved_rows(calendars.moved_on(*told, delay)), form, _NOTHING_MOVES)
        return
    if hold is not None:
        _tell(calendars.moved_rows(calendars.moved_if_held(*told, hold)), form, _NOTHING_MOVES)
        return
    shown = calendars.calendar_on(*told)
    _tell(calendars.calendar_rows(shown), form, "no visit is planned")


@click.command()
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Day whose work list is shown.")
@click.option("--format", "form", type=FORM, default="text")
def due(ledger: Path, protocol: str, as_of: date, form: str) -> None:
    """List the visits that are due or overdue, the one whose window ends first at the top.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. Nothing is recorded.

    Exit status: 0 listed, 2 the protocol or the ledger could not be taken.
    """
    found = calendars.due_on(ledger, protocol, as_of)
    _tell(calendars.due_rows(found), form, "no visit is due or overdue")


_NOTHING_MOVES = "no planned visit moves"


def _tell(rows: tuple[tuple[str, ...], ...], form: str, none: str) -> None:
    """Print rows as a table or as JSON; of a table without rows, the words for none."""
    if form == "json":
        print_json(calendars.plain(rows))
        return
    if len(rows) == 1:  # the head alone
        click.echo(none)
        return
    for line in aligned(rows):
        click.echo(line)
