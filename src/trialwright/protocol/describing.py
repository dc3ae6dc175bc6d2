"""The protocol file described: its JSON Schema, and its reference page made from the same model."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trialwright.protocol.study import Study

NOTATION = """\
What stands under a name in `given` depends on what the name stands for. Parts have commas between \
them, several records of one fact have semicolons, and days are counted back from the day of the \
example, on which every anchor falls. A value with anything but a plain number or word stands in \
quotes.

| the name is | begins with | then, in any order | for example |
| --- | --- | --- | --- |
| a measured term | an amount; a plain number is in the term's unit | `N days before`; `ULN 40`, \
`LLN 10`; the laboratory's range for a group, `postmenopausal 25 to 135`, `... over 25` or \
`... under 30`; a method | `90`, `"90 g/L"`, `"<0.3 mg/dL"`, `"120 U/L, ULN 40"`, \
`"12 mm, spiral-ct, 40 days before"`, `"465 ms; 470 ms; 475 ms"` |
| a finding | its coded answer | `N days before`; `about` a condition | `negative`, \
`"2+, 40 days before"`, `"stable, 40 days before, about cns-metastasis"` |
| a condition | `present`, `absent` or `suspected` | `since N days before`, without it since that \
day; `until N days before` | `present`, `"present, since 300 days before, until 20 days before"` |
| a medicine | in any place, one of `ongoing`, `last dose N days before`, `ended`, \
`end not recorded` | \
`since N days before`, without it long before; `metastatic`, `adjuvant` or `neoadjuvant`; \
`stopped for progression` (or toxicity, completed, refused, other); `local`; \
`changed N days before` | `ongoing`, `"last dose 13 days before, stopped for progression"` |
| a specimen | number, form and thickness | `N days before` | `"20 slides of 5 um"`, `"1 block"`, \
`biopsy` |
| a question, an approval | `"yes"` or `"no"`, quoted | | `"yes"` |
| age, `age` | completed years | | `61` |
| sex, `sex` | `female` or `male` | | `female` |

A name with `null` is missing: nothing is recorded of it. A name that is left out is missing too; \
`null` says that the example is about that. A part that says nothing of these kinds, or says \
something twice, is a fault of the protocol. The questions in JSON \
(`trialwright ask criterion`, `screen`, `rescreen`) take the same notation in their `given`."""
"""How facts are written in examples, in Markdown."""

_BELOW = {"Example": NOTATION}
"""What stands below the fields of a record."""

_ENTRY = re.compile(r"^    (\w+(?:, \w+)*)(?: : .*)?$")


def schema() -> dict[str, Any]:
    """Give the JSON Schema of a protocol file.

    Returns
    -------
    dict of str to object
        JSON Schema 2020-12, each field with its meaning.
    """
    described = Study.model_json_schema(mode="validation")
    for model in _models():
        name = model.__name__
        place = described if model is Study else described["$defs"].get(name, {})
        for field, meaning in _meanings(model).items():
            if field in place.get("properties", {}):
                place["properties"][field]["description"] = meaning
    _close(described)
    number_defaults(described)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **described,
        "title": "Trialwright protocol",
    }


def _close(described: Any) -> None:
    """Refuse names in a mapping that are no names: a pattern alone lets others pass."""
    if isinstance(described, dict) and "patternProperties" in described:
        described["additionalProperties"] = False
    inside = described.values() if isinstance(described, dict) else described
    for below in inside:
        if isinstance(below, dict | list):
            _close(below)


def page() -> str:
    """Give the reference page of the protocol file, in Markdown.

    Returns
    -------
    str
        One section a record, one row a field, in the order of the model.
    """
    defined = schema()
    lines = [
        "# The protocol file",
        "",
        "One YAML text holds everything a study promises. This page is made from the model itself"
        " (`make pages`); `trialwright protocol schema` prints the same as JSON Schema,"
        " and `trialwright protocol check FILE` names every fault with its line.",
        "",
        "Numbers are exact and unquoted; text that looks like a number stands in quotes. Unknown"
        " names, duplicate names, anchors, aliases, tags, directives, invisible signs and values"
        " that readers of YAML take differently (`NO`, `012`, `12:30`) are refused. A record with"
        " `origin: not_in_registry` holds an illustrative value, and every answer that uses it says"
        " so.",
        "",
    ]
    for model in _models():
        lines += _section(model, defined)
    return "\n".join(lines).rstrip() + "\n"


def _section(model: type[BaseModel], defined: dict[str, Any]) -> Iterator[str]:
    """Write the section of one record."""
    summary = (model.__doc__ or "").strip().splitlines()[0]
    yield from (f"## {model.__name__}", "", summary, "")
    place = defined if model is Study else defined["$defs"][model.__name__]
    meanings = _meanings(model)
    yield from ("| field | may hold | needed | meaning |", "| --- | --- | --- | --- |")
    for name, field in model.model_fields.items():
        held = _held(place["properties"][name])
        yield f"| `{name}` | {held} | {_needed(field)} | {meanings.get(name, '')} |"
    yield ""
    if model.__name__ in _BELOW:
        yield from (_BELOW[model.__name__], "")


def _needed(field: FieldInfo) -> str:
    """Say whether a field must be given, and what it is when it is not."""
    if field.is_required():
        return "yes"
    if isinstance(field.default, bool):
        return f"no: `{str(field.default).lower()}`"
    if isinstance(field.default, Decimal):
        return f"no: `{field.default:f}`"
    is_told = isinstance(field.default, str | int) and field.default != ""
    return f"no: `{field.default}`" if is_told else "no"


def _held(described: dict[str, Any]) -> str:
    """Say in a few words what a field may hold, from its schema."""
    if "$ref" in described:
        name = described["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    values = [described["const"]] if "const" in described else described.get("enum", [])
    if values:
        return ", ".join(f"`{each}`" for each in values)
    options = described.get("anyOf", described.get("oneOf", []))
    if options:
        return " or ".join(dict.fromkeys(_held(option) for option in options))
    match described.get("type"):
        case "array":
            return f"list of {_held(described.get('items', {}))}"
        case "object":
            named = [*described.get("patternProperties", {}).values()]
            inner = named[0] if named else described.get("additionalProperties", {})
            return f"mapping of names to {_held(inner)}"
        case kind:
            return _simple(described, str(kind))


def _simple(described: dict[str, Any], kind: str) -> str:
    """Say what a field without records inside may hold."""
    if kind == "string":
        pattern = described.get("pattern", "").replace("|", "\\|")
        if described.get("format") == "date":
            return "date"
        return f"text `{pattern}`" if pattern else "text"
    named = {
        "integer": "whole number",
        "number": "number",
        "boolean": "true, false",
        "null": "null",
    }
    return named.get(kind, "a rule") + _limits(described)


def _limits(described: dict[str, Any]) -> str:
    """Say the least and the greatest number."""
    least, most = described.get("minimum"), described.get("maximum")
    if least is None:
        above = described.get("exclusiveMinimum")
        return "" if above is None else f" above {above}"
    return f", {least} to {most}" if most is not None else f" from {least}"


def _meanings(model: type[BaseModel]) -> dict[str, str]:
    """Read what each field means from the docstrings of a record and those it extends."""
    meanings: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            meanings.update(_attributes(base.__doc__ or ""))
    return meanings


def _attributes(doc: str) -> dict[str, str]:
    """Read the Attributes section of a docstring: names to their meaning."""
    section = doc.partition("Attributes\n")[2].partition("\n\n")[0]
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        entry = _ENTRY.match(line)
        if entry and "---" not in line:
            names = entry.group(1).split(", ")
        elif line.startswith("        "):
            for name in names:
                meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return meanings


def meanings_of_records(root: type[BaseModel]) -> dict[str, dict[str, str]]:
    """Read what the fields of a record, and of all records inside it, mean.

    Parameters
    ----------
    root : type
        A record of the protocol, or one that holds such records.

    Returns
    -------
    dict of str to dict of str to str
        By name of the record and of the field; what a record inherits is told with it.
    """
    return {model.__name__: _meanings(model) for model in _models(root)}


def number_defaults(described: Any) -> None:
    """Write the defaults of numbers in a schema as the numbers they are.

    Parameters
    ----------
    described : object
        A JSON Schema, changed in place.
    """
    if isinstance(described, dict) and isinstance(described.get("default"), str):
        kinds = [described, *described.get("anyOf", [])]
        if any(kind.get("type") == "number" for kind in kinds):
            described["default"] = float(described["default"])
    inside = described.values() if isinstance(described, dict) else described
    for below in inside:
        if isinstance(below, dict | list):
            number_defaults(below)


def _models(root: type[BaseModel] = Study) -> tuple[type[BaseModel], ...]:
    """Give every record in one, that first, in the order in which they appear."""
    found: dict[type[BaseModel], None] = {}

    def look(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if annotation not in found:
                found[annotation] = None
                for field in annotation.model_fields.values():
                    look(field.annotation)
                    for extra in field.metadata:
                        look(extra)
        else:
            for inner in get_args(annotation):
                look(inner)

    look(root)
    return tuple(found)
