"""`trialwright next-dose`: which dose level the next participants get, and why."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialwright.cli.days import DAY
from trialwright.cli.printing import print_json
from trialwright.terms.errors import refuse

if TYPE_CHECKING:
    from trialwright.assembly.next_dose import Asked

WAITING, CLOSED, UNADVISED = 3, 4, 5
"""Exit status while participants are pending, when the escalation has stopped, without advice."""


@click.command("next-dose")
@click.argument("source", metavar="LEDGER|DESIGN")
@click.option("--arm", default="", help="Arm as the protocol names it, e.g. C.")
@click.option("--as-of", type=DAY, default=None, help="For a ledger: data up to this day count.")
@click.option(
    "--protocol", default="", help="For a ledger: name or file; default: the trial it holds."
)
@click.option(
    "--data",
    default=None,
    help="For a design: '1NNN 2NTP' (N no DLT, T a DLT, P pending, E not evaluable), or a .csv or "
    ".json file of participants; empty before the first cohort.",
)
@click.option(
    "--other",
    "others",
    multiple=True,
    metavar="ARM=DATA",
    help="For an arm that shares information: what was seen in another arm of its group, as "
    "--data; one for each of them.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def next_dose(
    source: str,
    arm: str,
    as_of: date | None,
    protocol: str,
    data: str | None,
    others: tuple[str, ...],
    form: str,
) -> None:
    """Say which dose level the next participants get, and why.

    From LEDGER, the folder of a trial's ledger, with --arm and --as-of; or from DESIGN, a design
    file or a protocol with --arm, and --data. Nothing is recorded.

    Exit status: 0 a level is open, 2 refused, 3 wait for pending DLT windows, 4 the escalation has
    stopped, 5 no advice: the design does not decide on these data of a ledger; people may.
    """
    from trialwright.assembly.next_dose import plain, told

    if Path(source).is_dir():
        asked = _of_ledger(Path(source), protocol, arm, as_of, data, others)
    else:
        asked = _of_design(source, arm, data, others, {"--as-of": as_of, "--protocol": protocol})
    if form == "json":
        print_json(plain(asked))
    else:
        click.echo("\n".join(told(asked)))
    if asked.advice is None or asked.advice.act == "stop":
        sys.exit(CLOSED)
    if asked.advice.act == "wait":
        sys.exit(WAITING)
    if asked.advice.act == "no advice":
        sys.exit(UNADVISED)


def _by_arm(others: tuple[str, ...]) -> dict[str, str]:
    """Read what was seen in other arms."""
    found: dict[str, str] = {}
    for each in others:
        arm, sign, data = each.partition("=")
        if not sign or arm in found:
            do = 'Write each arm once, e.g. --other "B=1NNN 2NTN"'
            raise refuse("--other", each, "ARM=DATA", do)
        found[arm] = data
    return found


def _of_ledger(
    folder: Path,
    protocol: str,
    arm: str,
    as_of: date | None,
    data: str | None,
    others: tuple[str, ...],
) -> "Asked":
    """Ask the design of an arm what follows its ledger."""
    from trialwright.assembly.next_dose import from_ledger

    for option, typed in (("--data", data is not None), ("--other", bool(others))):
        if typed:
            raise refuse(option, "given beside a ledger", "nothing", "Leave it out")
    if not arm or as_of is None:
        raise refuse("next-dose", "a ledger alone", "--arm and --as-of", "Name arm and day")
    return from_ledger(folder, protocol, arm, as_of)


def _of_design(
    source: str, arm: str, data: str | None, others: tuple[str, ...], strange: dict[str, object]
) -> "Asked":
    """Ask a design what follows data given by hand."""
    from trialwright.assembly.next_dose import from_data

    for option, given in strange.items():
        if given:
            raise refuse(option, "given without a ledger", "nothing", "Leave it out")
    if data is None:
        raise refuse("--data", "nothing", "data such as '1NNN 2NTP'", "Give the data so far")
    return from_data(source, arm, data, _by_arm(others))
