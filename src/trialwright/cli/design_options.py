"""What the commands about designs are asked with, and how they print tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from trialwright.cli.printing import print_json

if TYPE_CHECKING:
    from trialwright.assembly.designs import NamedDesign
    from trialwright.escalation.evaluating import Effort, Scenario
    from trialwright.reports.sheets import Sheet

Command = Callable[..., None]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

ARM = click.option("--arm", default="", metavar="ARM", help="Arm, when DESIGN is a protocol.")
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="Aligned text with four digits, or CSV or JSON with all.",
)
GIVEN = click.option(
    "--given",
    default="",
    metavar="DATA",
    help="Data of a running trial: '1NNN 2NNT' (N no DLT, T a DLT, P pending, E not evaluable), or "
    "a .csv or .json file of participants.",
)
TIES = click.option(
    "--ties",
    type=click.Choice(["first", "drawn"]),
    default="first",
    show_default=True,
    help="Of two agents, where two combinations are equally good: take that which changes the "
    "first agent, as the design does, or draw one, as the R package BOIN does.",
)
TARGET = click.option(
    "--target",
    type=float,
    default=None,
    help="DLT rate the MTD should have, for designs that have none, such as 3+3: without it no "
    "level is told correct.",
)

_SCENARIOS = (
    click.option(
        "--rates",
        multiple=True,
        metavar="P,P,...",
        help="True DLT rates of one scenario, lowest level first; repeat it for more.",
    ),
    click.option(
        "--scenarios",
        "scenario_file",
        type=FILE,
        default=None,
        help="CSV: a name, then a rate for each level. Without any: those of the design file, else "
        "the MTD at each level, all safe, all too toxic.",
    ),
)
_EFFORT = (
    click.option(
        "--method",
        type=click.Choice(["automatic", "exact", "monte-carlo"]),
        default="automatic",
        show_default=True,
        help="Automatic: exact when the states fit into --memory, else simulated; the answer says "
        "which, and why.",
    ),
    click.option(
        "--memory",
        type=click.IntRange(0),
        default=1200,
        show_default=True,
        help="MB that the states of an exact answer may take.",
    ),
    click.option(
        "--trials",
        type=click.IntRange(1, 100_000_000),
        default=100_000,
        show_default=True,
        help="Simulated trials in each scenario.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        default=1,
        show_default=True,
        help="Of simulated trials; the same seed gives the same trials.",
    ),
)


def with_scenarios(command: Command) -> Command:
    """Give a command the options that say in which scenarios, and how, designs are judged.

    Parameters
    ----------
    command : callable
        The command.

    Returns
    -------
    callable
        With --rates, --scenarios, --method, --memory, --trials and --seed.
    """
    for each in reversed((*_SCENARIOS, *_EFFORT)):
        command = each(command)
    return command


def scenarios_asked(
    rates: tuple[str, ...], scenario_file: Path | None, named: "NamedDesign", target: float | None
) -> "tuple[Scenario, ...]":
    """Give the scenarios of a command line.

    Parameters
    ----------
    rates : tuple of str
        As given to --rates.
    scenario_file : Path or None
        As given to --scenarios.
    named : NamedDesign
        The (first) design.
    target : float or None, probability
        Target toxicity rate, for the standard scenarios.

    Returns
    -------
    tuple of Scenario
        At least one.

    Raises
    ------
    Refusal
        If they cannot be read, two have one name, or standard ones are wanted without a target.
    """
    from trialwright.assembly.designs import rates_from, scenarios_in
    from trialwright.escalation.evaluating import falling, require_scenarios, scenarios_for
    from trialwright.terms.errors import refuse, shorten

    found = [rates_from(each) for each in rates]
    found += scenarios_in(scenario_file) if scenario_file else ()
    found = found or list(named.scenarios)
    if not found:
        if target is None:
            name = named.escalation.name
            do = "Name the DLT rate that the MTD should have, or give scenarios with --rates"
            raise refuse("--target", f"none, and {name} has none", "a probability", do)
        found = list(scenarios_for(named.escalation.design, target))
    require_scenarios(found)
    for each in found:
        falls = falling(named.escalation.design, each.rates)
        if falls:
            click.echo(f"warning: scenario {shorten(each.name)}: {falls}", err=True)
    return tuple(found)


def effort_asked(method: str, memory: int, trials: int, ties: str = "first") -> "Effort":
    """Give the effort of a command line.

    Parameters
    ----------
    method : {'automatic', 'exact', 'monte-carlo'}
        As given.
    memory : int, megabytes
        As given.
    trials : int
        As given.
    ties : {'first', 'drawn'}
        As given.

    Returns
    -------
    Effort
        Of the engine.
    """
    from trialwright.escalation.evaluating import Choice, Effort

    return Effort(cast("Choice", method), memory, trials, ties == "drawn")


def around(named: "NamedDesign") -> dict[str, Any]:
    """Give what stands beside every table in JSON.

    Parameters
    ----------
    named : NamedDesign
        The design asked about.

    Returns
    -------
    dict of str to object
        Name, digest, where it stands, and the label of illustrative values; with backfill, those
        of the design with it.
    """
    from trialwright.escalation.advice import design_digest
    from trialwright.escalation.backfilling import backfill_from

    escalation = named.escalation
    backfill = backfill_from(named.data, escalation.levels)
    return {
        "design": escalation.label or (backfill or escalation).name,
        "digest": design_digest(backfill or escalation.design),
        "source": named.source,
        "label": named.label,
    }


def require_no_backfill(named: "NamedDesign") -> None:
    """Refuse numbers that do not exist while lower levels are kept open.

    Parameters
    ----------
    named : NamedDesign
        The design asked about.

    Raises
    ------
    Refusal
        Saying what to ask instead.
    """
    from trialwright.terms.errors import refuse

    if named.data.backfill is not None:
        raise refuse(
            "escalation.backfill",
            f"backfill up to {named.data.backfill.cap} a level in {named.source}: who is "
            "backfilled depends on how fast participants arrive",
            "a design without backfill, or trials simulated in time",
            "Run: trialwright design simulate ... --days-between D --response-rates P,P,...",
        )


def warn(named: "NamedDesign") -> None:
    """Say beside the answer that a design or its doses are illustrative.

    Parameters
    ----------
    named : NamedDesign
        The design asked about.
    """
    if named.label:
        click.echo(f"{named.source}: {named.label}", err=True)


@contextmanager
def progress(word: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal how far long work is.

    Parameters
    ----------
    word : str
        What is counted.

    Yields
    ------
    callable (int, int) -> None
        Told how many are done, of how many.
    """
    console = Console(stderr=True)
    columns = (word, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, transient=True, console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(word, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def print_sheets(form: str, around: dict[str, Any], **sheets: "Sheet") -> None:
    """Print tables as text, CSV or JSON.

    Parameters
    ----------
    form : {'text', 'csv', 'json'}
        How.
    around : dict of str to object
        What stands beside the tables in JSON: design, digest, source.
    **sheets : Sheet
        By their names in JSON; in CSV one after the other, with an empty line between them.
    """
    from trialwright.reports.sheets import as_csv, as_records, as_text

    if form == "json":
        told = {name: as_records(sheet) for name, sheet in sheets.items()}
        notes = [note for sheet in sheets.values() for note in sheet.notes]
        print_json({**around, **told, "notes": notes})
    elif form == "csv":
        for place, sheet in enumerate(sheets.values()):
            click.echo(("\n" if place else "") + as_csv(sheet), nl=False)
    else:
        click.echo("\n\n".join(as_text(sheet) for sheet in sheets.values()))
