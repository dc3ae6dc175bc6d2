"""Write the generated parts of the pages again, from what the program says.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end -->`; everything else in a
page is written by people. `tests/shape` holds each part to what this module gives.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import make_pictures
import make_protocol_page
import make_question_schemas
from pydantic import BaseModel

from trialwright.assembly.protocols import load
from trialwright.assembly.story import illustrative
from trialwright.cli.main import main as commands_root
from trialwright.protocol.criteria import Criterion, leaves
from trialwright.questions.asking import QUESTIONS

ROOT = Path(__file__).resolve().parent.parent

FOR_A_PERSON = frozenset({"I18", "I19", "E08", "E14", "E15"})
"""Criteria of the first protocol that its page itself leaves to a person: consent, and what is
"as per" or "as judged by" the investigator."""


def attested() -> str:
    """List the criteria of the first protocol that a person still answers, in whole or in part."""
    criteria = load("nct03959891").study.criteria
    asked = [each for each in criteria if _questions(each)]
    groups = (
        (
            "Left to a person by the protocol itself",
            [each for each in asked if each.id in FOR_A_PERSON],
        ),
        (
            "Answered by a person, because records do not tell it",
            [each for each in asked if each.kind == "attested" and each.id not in FOR_A_PERSON],
        ),
        (
            "Decided from facts, with a part that is attested",
            [each for each in asked if each.kind == "rule"],
        ),
    )
    rows = ["| | |", "|---|---|"]
    for title, members in groups:
        rows.append(f"| **{len(members)}** | **{title}** |")
        rows += [f"| {each.id} | {each.says} |" for each in members]
    decided = [each.id for each in criteria if each.kind == "rule" and not _questions(each)]
    notes = [each.id for each in criteria if each.kind == "note"]
    return "\n".join(
        [
            *rows,
            "",
            f"Decided from facts alone: {', '.join(decided)}. "
            f"Permissions that never restrict: {', '.join(notes)}.",
        ]
    )


def _questions(criterion: Criterion) -> list[str]:
    """Give the questions that a criterion puts to a person, each once."""
    asked = [leaf.question for leaf in leaves(criterion.rule) if leaf.kind == "attested"]
    return list(dict.fromkeys(asked))


def illustrative_in_short() -> str:
    """List the parts that the demo names as illustrative."""
    return "\n".join(f"- {part}" for part in illustrative(load("nct03959891").study))


def illustrative_in_full() -> str:
    """List every part of the first protocol that its registry page does not state."""
    study = load("nct03959891").study.model_dump(mode="json")
    notes: dict[tuple[str, str], list[str]] = {}
    for path, note in _marked(study, ()):
        arm = path[1] if path[0] == "arms" else ""
        part = " ".join(path[2:] if arm else path).replace("_", " ")
        notes.setdefault((part, note), []).append(arm)
    rows = ["| part of the protocol | why a value had to be supplied |", "|---|---|"]
    for (part, note), arms in notes.items():
        where = f" (arm {', '.join(arms)})" if any(arms) else ""
        rows.append(f"| {part}{where} | {note} |")
    return "\n".join(rows)


def _marked(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the path and note of everything marked as not in the registry."""
    if isinstance(value, dict):
        if value.get("origin") == "not_in_registry":
            yield path, value["note"]
        for name, below in value.items():
            yield from _marked(below, (*path, name))
    elif isinstance(value, list):
        for number, below in enumerate(value, start=1):
            named = below.get("id") or below.get("agent") if isinstance(below, dict) else None
            yield from _marked(below, (*path, named or str(number)))


def commands() -> str:
    """Give the help of every command."""
    return "\n\n".join(
        f"## {name}\n\n```text\n{help_text}\n```" for name, help_text in walk_commands()
    )


def walk_commands() -> Iterator[tuple[str, str]]:
    """Give every command that does something, with its help."""
    yield from _walk(commands_root, "trialwright", None)


def _walk(
    command: click.Command, name: str, above: click.Context | None
) -> Iterator[tuple[str, str]]:
    """Give a command, or those below a group."""
    settings = {**command.context_settings, "terminal_width": 96}
    context = click.Context(command, info_name=name, parent=above, **settings)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            held = command.get_command(context, below)
            if held is not None:
                yield from _walk(held, below, context)
    else:
        yield context.command_path, command.get_help(context)


def question(name: str) -> Callable[[], str]:
    """Give the writer of a question's fields."""
    return lambda: "\n\n".join(_fields(kind) for kind in _kinds(QUESTIONS[name].case))


def _kinds(case: type[BaseModel]) -> list[type[BaseModel]]:
    """Give the type of a case and those inside it, each once, but for the protocol's own."""
    found = [case]
    for kind in found:
        for each in kind.model_fields.values():
            inside = [*_inside(each.annotation)]
            found += [
                below
                for below in inside
                if below not in found and not below.__module__.startswith("trialwright.protocol.")
            ]
    return found


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    """Give the records that an annotation holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        if not isinstance(part, str):
            yield from _inside(part)


def _fields(kind: type[BaseModel]) -> str:
    """Tell the fields of a case as a table."""
    said = _attributes(inspect.getdoc(kind) or "")
    if kind.__name__.endswith("Case"):
        said["id"] = ("str", "Name of the case, handed back with the answer.")
    rows = [f"**{kind.__name__}**", "", "| field | type | default | meaning |", "|---|---|---|---|"]
    for name, field in kind.model_fields.items():
        if name == "id" and name not in said:
            continue  # records inside a case inherit a name that they do not use
        typed, meaning = said[name]
        given = field.get_default(call_default_factory=True)
        default = "required" if field.is_required() else _default(given)
        rows.append(f"| `{name}` | {typed} | {default} | {meaning} |")
    return "\n".join(rows)


def _default(value: object) -> str:
    """Write a default."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case "" | () | {}:
            return "empty"
        case _:
            return f"`{value}`"


def _attributes(text: str) -> dict[str, tuple[str, str]]:
    """Read the section Attributes of a docstring: type and meaning by name."""
    section = text.partition("Attributes\n----------\n")[2]
    found: dict[str, tuple[str, str]] = {}
    for names, typed, meaning in re.findall(
        r"^(\S[^:\n]*) : (.+)\n((?:    .+\n?)+)", section, re.MULTILINE
    ):
        for name in names.split(","):
            found[name.strip()] = (typed, " ".join(meaning.split()))
    return found


GENERATED: dict[tuple[str, str], Callable[[], str]] = {
    ("README.md", "attested"): attested,
    ("README.md", "illustrative"): illustrative_in_short,
    ("docs/explanation/illustrative.md", "illustrative"): illustrative_in_full,
    ("docs/reference/commands.md", "commands"): commands,
    **{("docs/reference/questions.md", name): question(name) for name in QUESTIONS},
}
"""Every generated part: the page, its name, and who writes it."""


def part_of(page: str, name: str) -> str:
    """Give a generated part as it stands in its page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    if found is None:
        raise LookupError(f"{page} has no part <!-- generated: {name} -->")
    return found[1].removesuffix("\n")


def write(page: str, name: str, part: str) -> None:
    """Put a generated part into its page."""
    begin, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
    before, _, after = (ROOT / page).read_text(encoding="utf-8").partition(begin)
    after = after[after.index(end) :]
    (ROOT / page).write_text(f"{before}{begin}{part}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    for (page, name), writer in GENERATED.items():
        write(page, name, writer())
    make_protocol_page.write()
    make_question_schemas.write()
    (ROOT / make_pictures.PICTURE).write_text(make_pictures.draw(), encoding="utf-8")
