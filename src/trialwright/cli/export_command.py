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
def export(protocol: str, form: str, out: Path) -> None:
    """Export the criteria of a protocol: PROTOCOL is a file, or the name of a shipped one.

    What the form cannot say is listed on standard error, each with its reason.

    Exit status: 0 written, 2 the protocol has faults or the path cannot be used.
    """
    study = load(protocol).study
    unsaid = export_criteria(study, cast(Form, form), out)
    for each in unsaid:
        click.echo(each, err=True)
    told = f"; {len(unsaid)} remarks on standard error" if unsaid else ""
    click.echo(f"{study.identifiers.nct}: {len(study.criteria)} criteria as {form}{told}")
