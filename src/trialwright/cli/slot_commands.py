"""`trialwright slot`: request, reserve, release, refuse, withdraw and link a slot."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.slotting import act_on_slots
from trialwright.cli.acting import WHY, asked_with
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    SlotAct,
    WithdrawSlot,
)


@click.group()
def slot() -> None:
    """Ask for a slot of a cohort, hold it and give it back, each as a recorded act.

    LEDGER is the folder of the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a
    file. FOR names the request: a study number, or before consent a request id such as request-17.
    The account named by --by is recorded as the actor; there is no sign-in yet.
    """


_act = asked_with(
    on="Day of the act.",
    role="Role of the account, e.g. coordinator.",
    meant=(click.argument("reference", metavar="FOR"),),
)

WHEREON = click.option("--reason", default="", help="Why, without naming a participant.")


@slot.command()
@_act
@click.option("--arm", required=True, help="Arm in which a place is asked for.")
@click.option("--site", default="", help="Site that asks; without it the account's.")
def request(reference: str, on: date, arm: str, site: str, **asked: Any) -> None:
    """Put a request into the wait list of an arm.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(RequestSlot(reference, arm, site, on), **asked)


@slot.command()
@_act
@WHEREON
def reserve(reference: str, on: date, reason: str, **asked: Any) -> None:
    """Hold a free place of the open cohort for whoever is next in the wait list.

    Where the protocol lets the sponsor choose, a data-manager or principal-investigator may
    reserve for another than the next, with --reason; each one passed over is recorded.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(ReserveSlot(reference, on, reason), **asked)


@slot.command()
@_act
@WHY
def release(reference: str, on: date, reason: str, **asked: Any) -> None:
    """Give back a place that is held.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(ReleaseSlot(reference, on, reason), **asked)


@slot.command()
@_act
@WHY
def refuse(reference: str, on: date, reason: str, **asked: Any) -> None:
    """Refuse a request that waits; for a data-manager or principal-investigator.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(RefuseSlot(reference, on, reason), **asked)


@slot.command()
@_act
@WHEREON
def withdraw(reference: str, on: date, reason: str, **asked: Any) -> None:
    """Take back a request that waits.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(WithdrawSlot(reference, on, reason), **asked)


@slot.command()
@_act
@click.option("--participant", required=True, help="Study number, given at consent.")
def link(reference: str, on: date, participant: str, **asked: Any) -> None:
    """Say which participant a request made before consent was for.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _do(LinkSlot(reference, participant, on), **asked)


def _do(act: SlotAct, *, ledger: Path, protocol: str, account: str, role: str, at: str) -> None:
    """Record an act and print what came of it."""
    for sentence in act_on_slots(ledger, protocol, act, account, role, at):
        click.echo(sentence)
