"""`trialwright ask`: questions in JSON, answers with their reasons in JSON."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from trialwright.assembly.library import library
from trialwright.cli.printing import REFUSED, print_json, print_line
from trialwright.questions.asking import QUESTIONS, answer_schema, ask_stream, schema


@click.command(
    help=f"""Answer QUESTION for cases read as JSON from FILE (default: standard input).

One JSON object is one case, on one line or over many; JSON Lines are many cases, answered one line
each, in their order. A bad case gives an error object on its own line, the others are answered.

\b
Questions:
{chr(10).join(f"  {name:<20} {each.says}" for name, each in QUESTIONS.items())}

Exit status: 0 every case answered, 2 at least one was refused, or none was given."""
)
@click.argument("question", type=click.Choice(list(QUESTIONS)))
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--protocol",
    "protocols",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A protocol file that cases may name, by the name of the file; repeat it, e.g. for the "
    "two versions of a rescreening.",
)
@click.option("--schema", "wants_schema", is_flag=True, help="Print the JSON Schema of a case.")
@click.option(
    "--answer-schema", "wants_answer", is_flag=True, help="Print the JSON Schema of an answer."
)
def ask(
    question: str,
    file: BinaryIO,
    protocols: tuple[Path, ...],
    *,
    wants_schema: bool,
    wants_answer: bool,
) -> None:
    """Answer a question in JSON."""
    if wants_schema or wants_answer:
        print_json(schema(question) if wants_schema else answer_schema(question))
        return
    is_refused = False
    for answer in ask_stream(question, file, library(*protocols)):
        is_refused = is_refused or "error" in answer
        print_line(answer)
    if is_refused:
        sys.exit(REFUSED)
