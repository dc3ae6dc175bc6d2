"""`trialwright amendment`: amend the protocol of a running trial."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trialwright.assembly.amending import act_on_amendment, amend_in, text_of, versions_told
from trialwright.cli.acting import WHY, asked_with
from trialwright.cli.days import DAY
from trialwright.conduct.amendment_acts import ActivateAmendment, RecordReconsent
from trialwright.conduct.delegation_acts import EVERY_SITE

LEDGER = click.Path(file_okay=False, path_type=Path)
VERSION = click.option(
    "--version", "version", type=click.IntRange(min=1), required=True,
    help="Number of the version: 1 for the first amendment.",
)  # fmt: skip


@click.group()
def amendment() -> None:
    """Amend the protocol of a running trial, and say where each version is in force.

    LEDGER is the folder of the trial's ledger, PROTOCOL the version with which the trial began, or
    any other that the ledger holds. The account named by --by is recorded as the actor; there is no
    sign-in yet.
    """


@amendment.command()
@asked_with(
    on="Day of the amendment.",
    role="principal-investigator or sponsor.",
    meant=(click.option("--to", "new", required=True, help="File of the new version."),),
)
@WHY
@click.option("--consent-within", type=click.IntRange(0, 365),
              help="Days from the activation at a site within which participants consent again; "
              "without it nobody needs to.")  # fmt: skip
def record(new: str, on: date, reason: str, consent_within: int | None, **asked: Any) -> None:
    """Put a new version on record, with what it changes; it is in force nowhere yet.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    _say(amend_in(_folder(asked), new=new, on=on, reason=reason, consent_within=consent_within,
                  **asked))  # fmt: skip


@amendment.command()
@asked_with(on="First day.", role="principal-investigator or data-manager.", meant=(VERSION,))
@click.option("--site", help="The site meant; without it the trial as a whole.")
@click.option("--reason", default="", help="What it rests on; may be left out.")
def activate(version: int, on: date, site: str | None, reason: str, **asked: Any) -> None:
    """Let a version be in force: first for the trial as a whole, then site by site.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    act = ActivateAmendment(version, site or EVERY_SITE, on, reason)
    _say(act_on_amendment(_folder(asked), act=act, **asked))


@amendment.command()
@asked_with(
    on="Day of the signature.", role="coordinator, investigator or principal-investigator.",
    meant=(VERSION, click.option("--participant", required=True, help="Study number.")),
)  # fmt: skip
def reconsent(version: int, participant: str, on: date, **asked: Any) -> None:
    """Record that a participant consented to a version.

    Exit status: 0 recorded, 2 refused and nothing was recorded.
    """
    act = RecordReconsent(participant, version, on)
    _say(act_on_amendment(_folder(asked), act=act, **asked))


@amendment.command("list")
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option("--as-of", "as_of", type=DAY, required=True, help="Happenings up to this day count.")
def list_(ledger: Path, protocol: str, as_of: date) -> None:
    """Tell the versions, where each is in force, and who has yet to consent.

    Exit status: 0 told, 2 the protocol or the ledger could not be taken.
    """
    _say(versions_told(ledger, protocol, as_of))


@amendment.command()
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option("--version", type=click.IntRange(min=0), required=True,
              help="Its number; 0: the version with which the trial began.")  # fmt: skip
@click.option("--as-of", "as_of", type=DAY, required=True, help="Amendments up to this day count.")
def text(ledger: Path, protocol: str, version: int, as_of: date) -> None:
    """Print the text of a version as the ledger holds it.

    Exit status: 0 printed, 2 there is no such version, or the ledger could not be taken.
    """
    click.echo(text_of(ledger, protocol, version, as_of), nl=False)


def _folder(asked: dict[str, Any]) -> Path:
    """Take the ledger's folder out of what was asked."""
    folder: Path = asked.pop("ledger")
    return folder


def _say(sentences: tuple[str, ...]) -> None:
    """Print sentences."""
    for sentence in sentences:
        click.echo(sentence)
