"""`trialwright registry fetch`: one study from the public registry, over the network."""

from pathlib import Path

import click

from trialwright.assembly.fetching import CLINICAL_TRIALS, fetch_record, fetch_to


@click.command()
@click.argument("nct")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the record to this new file instead of standard output.")  # fmt: skip
@click.option("--base", help=f"Address of the server.  [default: {CLINICAL_TRIALS}]")
@click.option("--seconds", type=click.IntRange(1, 600), default=30, show_default=True,
              help="Time allowed.")  # fmt: skip
def fetch(nct: str, output: Path | None, base: str | None, seconds: int) -> None:
    """Fetch the record of the study NCT from ClinicalTrials.gov, as JSON.

    The one command that uses the network: one request to API v2, and one more when the server asks
    for a wait of up to 5 seconds. What comes is checked to be the record of that study, and written
    as it was sent.

    Exit status: 0 fetched, 2 it could not be fetched or written.
    """
    click.echo(f"fetching {nct} ...", err=True)
    if output is None:
        click.echo(fetch_record(nct, base, seconds).encode("utf-8"))
        return
    fetch_to(nct, output, base, seconds)
    click.echo(f"{nct} written to {output}; go on with:")
    click.echo(f"trialwright registry read {output} -o draft.yaml")
