"""`trialwright registry`: trial records in and out."""

from datetime import date
from pathlib import Path

import click

from trialwright.assembly.files import write_new
from trialwright.assembly.recruiting import record_with_ledger
from trialwright.assembly.registry_records import (
    SHAPES,
    compare_page,
    draft_of,
    lint_named,
    read_draft,
    record_named,
)
from trialwright.cli.days import DAY
from trialwright.cli.fetch_command import fetch
from trialwright.cli.printing import print_line
from trialwright.registry.reviewing.saying import said

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)
ID = click.option("--id", "study", default="", help="Which study, where FILE holds several.")
_SHAPES = """\b
Shapes read: the cancer.gov page as text, ClinicalTrials.gov API v2 JSON, FHIR R4
ResearchStudy (alone or in a bundle), the JSON of the mCODE matching service, and lists of
lines in JSON. `.gz` is unpacked."""


@click.group()
def registry() -> None:
    """Read, fetch, check and write trial records."""


@registry.command(
    help=f"""Read a trial record and write a draft protocol.

What the record does not say is left out and listed at the head of the draft; `protocol check` then
names it line by line. Limits read from free text are marked `proposed`, each with the words it came
from; `protocol review` walks you through them. Nothing is guessed.

{_SHAPES}

Exit status: 0 a draft was written, 2 the record or the output could not be taken."""
)
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=NEW,
              help="Write the draft to this new file instead of standard output.")  # fmt: skip
@ID
def read(file: Path, output: Path | None, study: str) -> None:
    """Read a trial record and write a draft protocol."""
    draft = draft_of(file, output, study)
    click.echo(draft if output is None else f"draft written to {output}", nl=output is not None)


@registry.command()
@click.argument("file", type=FILE)
@ID
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def rules(file: Path, study: str, *, as_json: bool) -> None:
    """List the limits that are read from a record's free text, each with its words.

    Exit status: 0 listed, 2 the record could not be taken.
    """
    for criterion in read_draft(file, study).criteria:
        for proposal in criterion.proposals:
            if as_json:
                plain = proposal.model_dump(mode="json", exclude_defaults=True)
                print_line({"criterion": criterion.id, "place": criterion.place, **plain})
            else:
                words = " ".join(proposal.words.split())
                click.echo(f"{criterion.id}  {said(proposal)}  [{words}]")


@registry.command()
@click.argument("file")
@ID
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def lint(file: str, study: str, *, as_json: bool) -> None:
    """Find unit errors and what is missing in a record, a draft or a protocol.

    Looks for: limits without their comparator or unclear for another reason, units that cannot be
    meant, missing units and windows, multiples of an undefined ULN, no lowest age, a field and a
    criterion that differ, wash-outs without a number, and objectives that assume what no criterion
    requires.

    Exit status: 0 nothing found, 1 something to settle, 2 FILE could not be taken.
    """
    findings = lint_named(file, study)
    for each in findings:
        if as_json:
            print_line({"rule": each.rule, "where": each.where, "says": each.says, "do": each.do})
        else:
            click.echo(str(each))
    if not as_json:
        click.echo(f"{len(findings)} to settle" if findings else "nothing found")
    if findings:
        raise click.exceptions.Exit(1)


@registry.command()
@click.argument("protocol")
@click.option("--as", "shape", type=click.Choice(list(SHAPES)), default="page", show_default=True,
              help="Shape of the record.")  # fmt: skip
@click.option("-o", "--output", type=NEW,
              help="Write the record to this new file instead of standard output.")  # fmt: skip
@click.option("--ledger", type=click.Path(exists=True, path_type=Path),
              help="Show the status of trial and sites as this ledger has it.")  # fmt: skip
@click.option("--as-of", "as_of", type=DAY, help="Day of that status, year-month-day.")
@ID
def write(
    protocol: str,
    shape: str,
    output: Path | None,
    ledger: Path | None,
    as_of: date | None,
    study: str,
) -> None:
    r"""Write the public record of PROTOCOL: an NCT number, a protocol or draft file, or a record.

    \b
    page   the form of a cancer.gov page, as text
    html   the public trial page: accessible, printable, one file
    ctgov  JSON shaped as ClinicalTrials.gov's API v2, its length limits checked
    fhir   FHIR R4 ResearchStudy
    usdm   CDISC USDM v4; rules in extension attributes

    Values that a protocol marks as not in the registry are left out, or labelled.

    Exit status: 0 written, 2 something given could not be taken or does not fit the shape.
    """
    if (ledger is None) != (as_of is None):
        raise click.UsageError("--ledger and --as-of are given together")
    record = record_named(protocol, study)
    if ledger is not None and as_of is not None:
        record = record_with_ledger(record, protocol, ledger, as_of)
    text = SHAPES[shape](record)
    if output is None:
        click.echo(text, nl=False)
        return
    write_new(output, text)
    click.echo(f"{shape} written to {output}")


@registry.command()
@click.argument("file", type=FILE)
@click.argument("protocol")
@ID
def compare(file: Path, protocol: str, study: str) -> None:
    """Say how a trial record and a protocol (NCT number or file) differ.

    Exit status: 0 compared, 2 one of them could not be taken.
    """
    for sentence in compare_page(file, protocol, study):
        click.echo(sentence)


registry.add_command(fetch)
