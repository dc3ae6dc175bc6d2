"""`trialwright protocol diff`: what changes from one version of a trial to another."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from trialwright.assembly.amendments import compare_versions
from trialwright.cli.printing import print_json
from trialwright.registry.amending.amendment import Amendment, Change, Section

_HEADINGS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    ("What changes", ("criteria",)),
    ("Arms and treatment", ("treatment",)),
    ("New criteria", ("new criterion",)),
    ("Removed criteria", ("removed criterion",)),
    ("Title, numbers, people and sites", ("registration",)),
    ("Settings of the protocol", ("settings",)),
)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--id-old", default="", help="Which trial of OLD, where it holds several.")
@click.option("--id-new", default="", help="Which trial of NEW, where it holds several.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole comparison as JSON.")
def diff(old: str, new: str, id_old: str, id_new: str, *, as_json: bool) -> None:
    """Say what changes from OLD to NEW, and which changes can flip a participant.

    Each is the NCT number of a shipped protocol, a protocol file, a draft of one, or a trial record
    of any shape that `registry read` takes. Limits are compared as allowed values, wherever in the
    two lists they stand; differences of words alone are told apart, last. A sentence marked with a
    star can flip a participant, and the lines below it say whom.

    Exit status: 0 compared, whatever was found; 2 one of them could not be taken.
    """
    amendment = compare_versions(old, new, id_old, id_new)
    if as_json:
        print_json(
            {
                "changes": [asdict(each) for each in amendment.changes],
                "wording": [asdict(each) for each in amendment.wording],
                "same": amendment.same,
                "not_compared": list(amendment.not_compared),
            }
        )
    else:
        click.echo("\n".join(_told(amendment)))


def _told(amendment: Amendment) -> list[str]:
    """Tell a comparison section by section."""
    lines: list[str] = []
    for heading, sections in _HEADINGS:
        changes = [each for section in sections for each in amendment.of(section)]
        if changes:
            lines += [heading, *(line for each in changes for line in _change(each)), ""]
    for heading, sentences in (
        ("Wording only", [each.says + _places(each.place_old, each.place_new)
                          for each in amendment.wording]),
        ("Not compared", amendment.not_compared),
    ):  # fmt: skip
        lines += _listed(heading, sentences)
    return [*lines, _count(amendment)]


def _change(change: Change) -> Iterable[str]:
    """Tell one change, with whom it flips."""
    mark = "*" if change.flips else " "
    yield f"{mark} {change.says}{_places(change.place_old, change.place_new)}"
    for flip in change.flips:
        yield f"    {flip.says}"


def _places(old: str, new: str) -> str:
    """Say where something stands in both versions."""
    if not old and not new:
        return ""
    if old and new:
        return f" [{old} -> {new}]"
    return f" [{new}, new]" if new else f" [{old}, gone]"


def _listed(heading: str, sentences: Sequence[str]) -> list[str]:
    """Tell sentences under a heading; nothing when there are none."""
    return [heading, *(f"  {each}" for each in sentences), ""] if sentences else []


def _count(amendment: Amendment) -> str:
    """Count what was told."""
    changes, flipping, wording = (
        len(each) for each in (amendment.changes, amendment.flipping, amendment.wording)
    )
    return (
        f"{_several(changes, 'change')}, of which {flipping} can flip a participant;"
        f" {_several(wording, 'difference')} of words alone;"
        f" {_several(amendment.same, 'criterion', 'criteria')} the same."
    )


def _several(count: int, one: str, many: str = "") -> str:
    """Say how many."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
