"""`trialwright protocol export`: the criteria in the forms of others."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import click

from trialwright.assembly.criteria_out import FAILED, Form, export_criteria, misplaced
from trialwright.assembly.protocols import load
from trialwright.cli.days import DAY
from trialwright.terms.errors import Fault, Refusal


@click.command()
@click.argument("protocol")
@click.option(
    "--to",
    "form",
    type=click.Choice(["circe", "fhir", "sdtm-ti", FAILED]),
    required=True,
    help="A cohort definition of OHDSI, FHIR R5 EvidenceVariable and Group, SDTM's domain TI, or "
    "its domain IE: the criteria that participants of a ledger fail.",
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
@click.option(
    "--ledger",
    type=click.Path(file_okay=False, path_type=Path),
    help="With sdtm-ie: folder of the trial's ledger; PROTOCOL is the one with which it began.",
)
@click.option("--as-of", type=DAY, help="With sdtm-ie: what happened up to this day counts.")
def export(
    protocol: str,
    form: str,
    out: Path,
    population: str | None,
    ledger: Path | None,
    as_of: date | None,
) -> None:
    """Export the criteria of a protocol: PROTOCOL is a file, or the name of a shipped one.

    What the form cannot say is listed on standard error, each with its reason. The form sdtm-ie
    holds participants by study number: a row for each criterion that somebody fails whose
    eligibility is decided. Nothing is recorded.

    Exit status: 0 written, 2 the protocol has faults, or ledger or path cannot be used.
    """
    if faults := [*_unfit(form, population, ledger, as_of)]:
        raise Refusal(faults)
    study = load(protocol).study
    if ledger is not None and as_of is not None:
        from trialwright.assembly.failed_criteria import export_failed_criteria

        rows, people, unsaid = export_failed_criteria(study, ledger, as_of, out)
        what = f"{rows} failed criteria of {people} participants"
    else:
        unsaid = export_criteria(study, cast(Form, form), out, population)
        what = f"{len(study.criteria)} criteria"
    for each in unsaid:
        click.echo(each, err=True)
    told = f"; {len(unsaid)} remarks on standard error" if unsaid else ""
    click.echo(f"{study.identifiers.nct}: {what} as {form}{told}")


def _unfit(
    form: str, population: str | None, ledger: Path | None, as_of: date | None
) -> Iterator[Fault]:
    """Find what a form needs and was not given, and what it was given and does not read."""
    for name, given in (("--ledger", ledger), ("--as-of", as_of)):
        if form == FAILED and given is None:
            yield Fault(name, f"is missing for the form {form}", "the ledger and a day",
                        f"Give {name}")  # fmt: skip
        if form != FAILED and given is not None:
            yield Fault(name, f"is named for the form {form}", f"it for the form {FAILED} alone",
                        "Leave it out")  # fmt: skip
    if form == FAILED and population is not None:
        yield misplaced(form)
