"""Published schemas: what a case may hold and what an answer holds, each field with its meaning."""

import re
from typing import Any

from pydantic import BaseModel

from trialwright.protocol.describing import meanings_of_records, number_defaults

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""The JSON Schema in which all schemas are written."""

_ENTRY = re.compile(r"^(\w+(?:, \w+)*)(?: : .*)?$")
_SECTION = "Attributes\n----------\n"
_ID = "Name of the case, handed back with the answer."


def case_schema(name: str, says: str, case: type[BaseModel]) -> dict[str, Any]:
    """Give the JSON Schema of a question's case.

    Parameters
    ----------
    name, says : str
        The question and what it answers.
    case : type
        Its typed case.

    Returns
    -------
    dict of str to object
        JSON Schema 2020-12.
    """
    described = _with_meanings(case.model_json_schema())
    number_defaults(described)
    for record, meanings in meanings_of_records(case).items():
        fields = described.get("$defs", {}).get(record, {}).get("properties", {})
        for field, meaning in meanings.items():
            if field in fields:
                fields[field].setdefault("description", meaning)
    return {"$schema": DRAFT, **described, "title": name, "description": says}


def answer_schema(
    name: str, says: str, answer: type[BaseModel], refused: type[BaseModel]
) -> dict[str, Any]:
    """Give the JSON Schema of a question's answer, refusals included.

    Parameters
    ----------
    name, says : str
        The question and what it answers.
    answer, refused : type
        The typed answer, and the refusal of a case that could not be taken.

    Returns
    -------
    dict of str to object
        JSON Schema 2020-12.
    """
    said, error = (each.model_json_schema(mode="serialization") for each in (answer, refused))
    defined = {**said.pop("$defs", {}), **error.pop("$defs", {})}
    named = {"id": {"type": "string"}, "question": {"const": name}}
    said["properties"] = {**named, **said["properties"]}
    said["required"] = ["question", *said["required"]]
    whole = {"anyOf": [said, error], "$defs": defined}
    return {
        "$schema": DRAFT,
        "title": f"{name}, the answer",
        "description": says,
        **_with_meanings(whole),
    }


def _with_meanings(node: Any) -> Any:
    """Put the meaning of each field, as its record's docstring has it, beside the field."""
    if isinstance(node, list):
        return [_with_meanings(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: _with_meanings(value) for name, value in node.items()}
    if isinstance(told.get("properties"), dict):
        summary, _, section = str(told.get("description", "")).partition(_SECTION)
        if summary:
            told["description"] = summary.strip()
        for name, meaning in {"id": _ID, **_attributes(section)}.items():
            if name in told["properties"]:
                told["properties"][name] = {**told["properties"][name], "description": meaning}
    return told


def _attributes(section: str) -> dict[str, str]:
    """Read names and meanings."""
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        entry = _ENTRY.match(line)
        if entry:
            names = entry.group(1).split(", ")
        elif line.startswith("    "):
            for name in names:
                meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return meanings
