"""`trialwright protocol review`: a person decides about each limit that was read from words."""

from datetime import date
from pathlib import Path

import click

from trialwright.assembly.reviewing import Reviewer
from trialwright.cli.days import DAY
from trialwright.registry.reviewing.draft_text import Pending
from trialwright.registry.reviewing.editing import reviewed
from trialwright.registry.reviewing.rules import Ruled
from trialwright.registry.reviewing.saying import marked, said
from trialwright.terms.errors import Refusal, shorten

_CHOICES = {"a": "accept", "e": "edit", "t": "attest", "s": "skip", "q": "quit"}
_ASKED = "[a]ccept, [e]dit, a[t]test (a person answers), [s]kip or [q]uit"


@click.command()
@click.argument("draft", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", help="Who decides: account or initials, kept with each decision.")
@click.option("--on", type=DAY, help="Day of the decisions, year-month-day.")
@click.option("--list", "only_list", is_flag=True, help="List what waits; decide nothing.")
def review(draft: Path, by: str | None, on: date | None, *, only_list: bool) -> None:
    """Walk through the limits that were read from a record's words, and decide about each.

    Accept takes a limit as it was read; edit takes the limit that you word; attest leaves it to a
    person's answer for each participant. Each decision is written to DRAFT at once, with who made
    it and on which day, so that you can stop at any time. A criterion gets a rule when all its
    limits are decided and its words leave nothing open; else a person answers for it, and the
    command says why. A protocol with a limit that nobody reviewed cannot be run.

    Exit status: 0 nothing waits any more, 1 some proposals wait, 2 the draft could not be taken.
    """
    if only_list:
        waiting = Reviewer(draft, "", date.min).open()
        for item in waiting:
            click.echo(f"{item.id}: {said(item.proposed)}  ({item.proposed.confidence})")
        _end(len(waiting))
        return
    if by is None or on is None:
        raise click.UsageError("name who decides and the day: --by NAME --on YEAR-MONTH-DAY")
    reviewed(by, on)  # refused before anybody has read a line
    reviewer = Reviewer(draft, by, on)
    skipped = _walked(reviewer)
    missing = reviewer.missing()
    if not skipped and missing:
        click.echo(f"The draft lacks {len(missing)} more parts: `trialwright protocol check`.")
    _end(skipped)


def _walked(reviewer: Reviewer) -> int:
    """Ask about each proposal; give how many still wait."""
    waiting = reviewer.open()
    total = len(waiting)
    for number, item in enumerate(waiting, start=1):
        _show(item, number, total)
        try:
            answer = _ask(reviewer, item)
        except click.Abort:
            answer = "q"
            click.echo()
        if answer == "q":
            break
    return len(reviewer.open())


def _show(item: Pending, number: int, total: int) -> None:
    """Show one proposal within its criterion."""
    proposed = item.proposed
    because = f": {proposed.because}" if proposed.because else ""
    click.echo(f"\n{number} of {total}  {item.id}, {shorten(item.place, 200)}")
    click.echo(f"  words     {marked(item.source_text, proposed)}")
    click.echo(f"  read as   {said(proposed)}")
    click.echo(f"  sure      {proposed.confidence}{because}")


def _ask(reviewer: Reviewer, item: Pending) -> str:
    """Ask until a decision holds; give its letter."""
    while True:
        answer = str(click.prompt(_ASKED, type=click.Choice(list(_CHOICES)), show_choices=False))
        if answer in ("s", "q"):
            return answer
        try:
            outcome = _decide(reviewer, item, answer)
        except Refusal as refused:
            click.echo(f"  {refused}", err=True)
            continue
        _tell(item, outcome)
        return answer


def _decide(reviewer: Reviewer, item: Pending, answer: str) -> Ruled | None:
    """Do what was chosen."""
    match answer:
        case "a":
            return reviewer.accept(item)
        case "t":
            return reviewer.attest(item)
        case _:
            limit = str(click.prompt("  the limit in words, e.g. Hemoglobin >= 10 g/dL"))
            click.echo(f"  taken as  {said(reviewer.worded(item, limit))}")
            return reviewer.edit(item, limit)


def _tell(item: Pending, outcome: Ruled | None) -> None:
    """Tell what became of the criterion."""
    if outcome is None:
        return
    if outcome.kind == "rule" and not outcome.because:
        click.echo(f"  {item.id} is now decided from facts.")
    elif outcome.kind == "kept":
        click.echo(f"  {item.id} keeps what people wrote in the place of the draft's question.")
    elif outcome.kind == "rule":
        click.echo(f"  {item.id} is now decided from facts and a person's answer:")
        click.echo(f"  {outcome.because}.")
    else:
        click.echo(f"  {item.id} stays a question to a person: {outcome.because}.")


def _end(waiting: int) -> None:
    """Say how many proposals wait, and end with the status for it."""
    if waiting:
        said = "1 proposal waits" if waiting == 1 else f"{waiting} proposals wait"
        click.echo(f"{said} for a decision.")
        raise click.exceptions.Exit(1)
    click.echo("No proposal waits.")
