"""`trialwright ask`: questions in JSON, answers with their reasons in JSON."""

import json
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any, TextIO

import click

from trialwright.assembly.library import library
from trialwright.cli.printing import REFUSED, print_json
from trialwright.questions.asking import QUESTIONS, answer_or_error, ask_lines, schema


@click.command(
    help=f"""Answer QUESTION for cases read as JSON from FILE (default: standard input).

One JSON object is one case; JSON Lines are many, answered one line each. A bad case gives an error
object on its own line, the others are answered.

\b
Questions:
{chr(10).join(f"  {name:<20} {each.says}" for name, each in QUESTIONS.items())}

Exit status: 0 every case answered, 2 at least one was refused."""
)
@click.argument("question", type=click.Choice(list(QUESTIONS)))
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--schema", "wants_schema", is_flag=True, help="Print the JSON Schema of a case.")
def ask(question: str, file: TextIO, *, wants_schema: bool) -> None:
    """Answer a question in JSON."""
    if wants_schema:
        print_json(schema(question))
        return
    is_refused = False
    for answer in _answers(question, file):
        is_refused = is_refused or "error" in answer
        click.echo(json.dumps(answer, ensure_ascii=False))
    if is_refused:
        sys.exit(REFUSED)


def _answers(question: str, file: TextIO) -> Iterator[dict[str, Any]]:
    """Answer line by line, or the whole text when its first line is no whole case."""
    first = file.readline()
    if _is_whole(first):
        yield from ask_lines(question, chain([first], file), library())
    else:
        yield answer_or_error(question, first + file.read(), library(), 1)


def _is_whole(line: str) -> bool:
    """Say whether a line is a JSON value by itself."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip().endswith("}") and line.count("{") == line.count("}")
    return True
