"""`trialwright registry`: trial records in."""

from pathlib import Path

import click

from trialwright.assembly.registry_records import compare_page, draft_of

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def registry() -> None:
    """Read trial records."""


@registry.command()
@click.argument("page", type=FILE)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the draft to this new file instead of standard output.")  # fmt: skip
def read(page: Path, output: Path | None) -> None:
    """Read a cancer.gov trial page kept as text, and write a draft protocol.

    What the page does not say is left out and listed at the head of the draft; `protocol check`
    then names it line by line. Nothing is guessed.

    Exit status: 0 a draft was written, 2 the page or the output could not be taken.
    """
    draft = draft_of(page, output)
    click.echo(draft if output is None else f"draft written to {output}", nl=output is not None)


@registry.command()
@click.argument("page", type=FILE)
@click.argument("protocol")
def compare(page: Path, protocol: str) -> None:
    """Say how a registry page and a protocol (NCT number or file) differ.

    Exit status: 0 compared, 2 one of them could not be taken.
    """
    for sentence in compare_page(page, protocol):
        click.echo(sentence)
