"""`trialwright generate`: a hospital of patients who never were."""

from datetime import date
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from trialwright.cli.days import DAY


@click.command()
@click.option(
    "--patients",
    type=click.IntRange(1, 1_000_000),
    required=True,
    help="How many; up to 1,000,000 as omop, up to 100,000 in the other formats.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    required=True,
    help="The same seed gives the same people, in every format and size.",
)
@click.option(
    "--screening",
    type=DAY,
    required=True,
    help="The day around which records are drawn, e.g. 2026-03-02; some lie after it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A new path: a file for csv, and for omop when it ends in .duckdb; else a folder.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["omop", "fhir", "csv", "ndjson"]),
    required=True,
    help="OMOP CDM 5.4 tables, one FHIR R4 bundle a patient, one flat table of facts, or FHIR as "
    "one file a kind of resource.",
)
@click.option(
    "--tables",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="Files of a folder of OMOP tables.",
)
@click.option(
    "--cancer-share",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Share of the people with breast cancer.",
)
def generate(
    patients: int,
    seed: int,
    screening: date,
    out: Path,
    form: Literal["omop", "fhir", "csv", "ndjson"],
    tables: Literal["parquet", "csv"],
    cancer_share: float,
) -> None:
    """Generate patients with breast cancer inside a hospital, to test screening with.

    Nobody is described. Values lie at and around the limits of the first protocol's criteria; some
    are missing, in other units, contradicted, repeated, or dated after the screening day.

    Exit status: 0 written, 2 refused; PATH is then as it was.
    """
    from trialwright.assembly.generating import Order
    from trialwright.assembly.generating import generate as write

    order = Order(patients, seed, screening, cancer_share)
    console = Console(stderr=True)
    columns = ("people", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("people", total=patients)
        write(order, out, form, lambda done: bar.advance(task, done), tables)
    click.echo(f"{patients} patients of seed {seed} written to {out}")
