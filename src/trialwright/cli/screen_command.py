"""`trialwright screen`: a whole hospital against every criterion of a protocol."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeElapsedColumn

from trialwright.assembly.protocols import load
from trialwright.cli.days import DAY, planned

if TYPE_CHECKING:  # imported with what screens, when asked
    from trialwright.warehouse.rollup import Feasibility


@click.command()
@click.option(
    "--population",
    required=True,
    help="duckdb:///FILE, postgresql://USER@HOST/DATABASE, or spark:///FOLDER of Parquet tables; "
    "OMOP CDM 5.4, read and not changed. ?schema=cdm,vocab after the first two names schemas.",
)
@click.option("--protocol", default="NCT03959891", show_default=True, help="A name or a file.")
@click.option("--arm", "arms", multiple=True, help="An arm, e.g. C; repeat it; default: all.")
@click.option("--as-of", type=DAY, required=True, help="Facts up to this day count.")
@click.option(
    "--first-dose", type=DAY, default=None, help="Planned first dose; default: the day of --as-of."
)
@click.option(
    "--laboratory",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="CSV of the institution's reference ranges (term,low,high,unit,group), for results "
    "without their own.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="A new folder for the results."
)
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=0,
    show_default="one a core",
    help="How many share the parts of a large DuckDB file; 1: this one alone.",
)
def screen(
    population: str,
    protocol: str,
    arms: tuple[str, ...],
    as_of: date,
    first_dose: date | None,
    laboratory: Path | None,
    out: Path,
    processes: int,
) -> None:
    """Screen a hospital: possible candidates, those one fact away, what each criterion costs.

    Writes verdicts.parquet, evidence.parquet (deciding record, day and value of each verdict), and
    for each arm attrition-ARM.csv, every-criterion-met-ARM.csv, one-fact-away-ARM.csv (whom one
    open criterion keeps back, which fact is missing and why) and missing-facts-ARM.csv (the same
    counted by fact); feasibility.html tells them with pictures.
    Who is one fact away is judged once more by her own rows, as `judge` does it: where the two
    differ, it is told.
    What people alone decide keeps nobody out. Unknown is neither yes nor no. A criterion that these
    tables decide of nobody is named, and counts neither as met nor among the facts that are away.
    A table of OMOP that would be read and is not there or is empty is named too, and so is a
    vocabulary of which the site has none of the codes looked for, and a table with rows that nobody
    can read: no concept, or no day.

    Exit status: 0 screened, 2 refused; nothing is then written.
    """
    from trialwright.assembly.hospital import screen_hospital
    from trialwright.assembly.hospital_orders import Order

    study = load(protocol).study
    chosen = arms or tuple(each.id for each in study.arms)
    order = Order(population, chosen, as_of, planned(first_dose, as_of), laboratory)
    columns = ("screening", BarColumn(), TimeElapsedColumn())
    told = Console(stderr=True)
    with Progress(*columns, transient=True, console=told, disable=not told.is_terminal) as bar:
        task = bar.add_task("screening", total=None)

        def note(done: int, steps: int) -> None:
            bar.update(task, completed=done, total=steps)

        found = screen_hospital(order, study, out, note, processes)
    for says in (*found[0].gaps, *found[0].unread):
        click.echo(says)
    for each in found:
        undecided = ", ".join(f"{name} (open of {people})" for name, people in each.undecided)
        near = sum(loss.missing_alone for loss in each.losses)
        click.echo(
            f"arm {each.arm}: {each.candidates} possible candidates of {each.people} people, "
            f"{each.complete} with every criterion that the record decides met, "
            f"{near} one fact away"
            + (f"; not decidable from this source: {undecided}" if undecided else "")
        )
        for says in _missing(each):
            click.echo(f"  {says}")
    click.echo(f"written to {out}")


_SHOWN = 5
"""Missing facts, and people judged differently, that are named; all stand in a file."""


def _missing(found: "Feasibility") -> Iterator[str]:
    """Say which facts those lack who are one fact away, and on whom two ways of judging differ."""
    if found.missing:
        named = ", ".join(f"{each.says} ({each.people})" for each in found.missing[:_SHOWN])
        more = len(found.missing) - _SHOWN
        rest = f", and {more} more in missing-facts-{found.arm}.csv" if more > 0 else ""
        yield f"missing: {named}{rest}; lacking several facts at once: {found.several}"
    for says in found.differing[:_SHOWN]:
        yield f"judged alone, this differs, a fault of the program: {says}"
    more = len(found.differing) - _SHOWN
    if more > 0:
        yield f"more of them in one-fact-away-{found.arm}.csv: {more}"
