"""`trialwright protocol export`: the criteria in the forms of others."""

from pathlib import Path
from typing import cast

import click

from trialwright.assembly.criteria_out import Form, export_criteria
from trialwright.assembly.protocols import load


@click.command()
@click.argument("protocol")
@click.option(
    "--to",
    "form",
    type=click.Choice(["circe", "fhir", "sdtm-ti"]),
    required=True,
    help="A cohort definition of OHDSI, FHIR R5 EvidenceVariable and Group, or SDTM's domain TI.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A new file.",
)
@click.option(
    "--population",
    metavar="ADDRESS",
    help="With circe: name concepts and units as this OMOP database has them, so that the cohort "
    "can be run there: duckdb:///FILE, postgresql://USER@HOST/DATABASE or spark:///FOLDER.",
)
def export(protocol: str, form: str, out: Path, population: str | None) -> None:
    """Export the criteria of a protocol: PROTOCOL is a file, or the name of a shipped one.

    What the form cannot say is listed on standard error, each with its reason.

    Exit status: 0 written, 2 the protocol has faults or the path cannot be used.
    """
    study = load(protocol).study
    unsaid = export_criteria(study, cast(Form, form), out, population)
    for each in unsaid:
        click.echo(each, err=True)
    told = f"; {len(unsaid)} remarks on standard error" if unsaid else ""
    click.echo(f"{study.identifiers.nct}: {len(study.criteria)} criteria as {form}{told}")
