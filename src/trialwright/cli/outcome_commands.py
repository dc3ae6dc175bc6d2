"""`trialwright response` and `trialwright endpoints`: what a trial found, by its ledger."""

from datetime import date
from pathlib import Path

import click

from trialwright.cli.days import DAY
from trialwright.cli.printing import print_json

LEDGER = click.Path(file_okay=False, path_type=Path)
CUTOFF = "Data cutoff: what happened up to this day counts."
FORM = click.Choice(["text", "json"])


@click.command()
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option("--participant", required=True, help="Study number.")
@click.option(
    "--as-of",
    "as_of",
    type=DAY,
    required=True,
    help="Data cutoff: what happened up to this day counts.",
)
@click.option(
    "--known-at", type=click.IntRange(min=1), default=None,
    help="Entries up to this sequence number alone; to ask again what was known then.",
)  # fmt: skip
@click.option("--format", "form", type=FORM, default="text")
def response(
    ledger: Path, protocol: str, participant: str, as_of: date, known_at: int | None, form: str
) -> None:
    """Say how the tumours of a participant responded, visit by visit, and why.

    Then the best overall response, objective response, clinical benefit, progression-free and
    overall survival, each with its rule, and what somebody should look at. LEDGER is the folder of
    the trial's ledger, PROTOCOL the NCT number of a shipped protocol or a file. Nothing is
    recorded.

    Exit status: 0 answered, 2 protocol, ledger or participant could not be taken.
    """
    from trialwright.assembly.outcomes import person_lines, person_on, plain, review_lines

    found, review = person_on(ledger, protocol, participant, as_of, known_at)
    if form == "json":
        print_json(plain(found) | {"central_review": plain(review)})
        return
    for line in person_lines(found):
        click.echo(line)
    for line in review_lines(review):
        click.echo(line)


@click.command()
@click.argument("ledger", type=LEDGER)
@click.argument("protocol")
@click.option(
    "--as-of",
    "as_of",
    type=DAY,
    required=True,
    help="Data cutoff: what happened up to this day counts.",
)
@click.option(
    "--known-at", type=click.IntRange(min=1), default=None,
    help="Entries up to this sequence number alone; to ask again what was known then.",
)  # fmt: skip
@click.option("--format", "form", type=FORM, default="text")
def endpoints(ledger: Path, protocol: str, as_of: date, known_at: int | None, form: str) -> None:
    """Give analysis sets, response and benefit rates and survival, of everybody and by group.

    Groups are arms, dose levels and the protocol's subgroups. Every result names its conventions,
    and every exclusion its reason. LEDGER is the folder of the trial's ledger, PROTOCOL the NCT
    number of a shipped protocol or a file. What happened after the cutoff is not looked at; what
    happened before it counts, whenever it was entered. Nothing is recorded.

    Exit status: 0 answered, 2 the protocol or the ledger could not be taken.
    """
    from trialwright.assembly.outcomes import outcome_lines, outcomes_on, plain

    found = outcomes_on(ledger, protocol, as_of, known_at)
    if form == "json":
        print_json(plain(found))
        return
    for line in outcome_lines(found):
        click.echo(line)
