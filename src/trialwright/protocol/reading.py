"""Reading a protocol: one YAML text -> Study, or every fault with its line."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from trialwright.protocol.strict_yaml import Path, Plain, read_yaml
from trialwright.protocol.study import Study
from trialwright.protocol.wellformed import faults_of
from trialwright.terms.canonical import digest
from trialwright.terms.errors import Fault, Refusal, shorten


@dataclass(frozen=True, slots=True)
class ReadProtocol:
    """A protocol as read.

    Attributes
    ----------
    study : Study
        The study.
    digest : str
        SHA-256 of the text; recorded with every happening.
    file : str
        Name of the file it came from.
    lines : dict of Path to int
        Line of each value, so that later checks can name theirs.
    """

    study: Study
    digest: str
    file: str
    lines: dict[Path, int]

    def place(self, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Give faults found later their file and line.

        Parameters
        ----------
        faults : tuple of Fault
            With dotted paths such as `arms.2.dosing.1`.

        Returns
        -------
        tuple of Fault
            The same faults, placed.
        """
        return tuple(
            Fault(each.where, each.found, each.allowed, each.do, self.file, line)
            for each in faults
            for line in [_line(self.lines, _undotted(each.where))]
        )


def read_study(text: str, file: str = "") -> ReadProtocol:
    """Read a protocol text.

    Parameters
    ----------
    text : str
        One YAML document.
    file : str
        Name shown in faults.

    Returns
    -------
    ReadProtocol
        The study, its digest and the lines of its values.

    Raises
    ------
    Refusal
        With every fault found: of the YAML, of each value's form, and of names that refer to
        nothing.
    """
    plain = read_yaml(text, file)
    try:
        study = Study.model_validate_json(json.dumps(plain.value, default=_exact), strict=True)
    except ValidationError as invalid:
        raise Refusal(
            _fault(error, plain.value, plain.lines, file) for error in invalid.errors()
        ) from None
    protocol = ReadProtocol(study, digest(text), file, plain.lines)
    faults = protocol.place(faults_of(study))
    if faults:
        raise Refusal(faults)
    return protocol


def _exact(value: object) -> str:
    """Hand decimals on as text, so that no binary float comes between."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def _fault(error: Any, value: Plain, lines: dict[Path, int], file: str) -> Fault:
    """Turn one pydantic error into a fault with its line."""
    path = _followed(error["loc"], value)
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "missing":
            name = error["loc"][-1]
            found, allowed, do = f"no {name!r}", f"a value for {name!r}", "Add it"
        case "extra_forbidden":
            found = f"the unknown name {shorten(str(error['loc'][-1]))!r}"
            allowed, do = "the names of the protocol schema", "Correct the name or remove it"
        case "union_tag_invalid":
            found = f"the kind {context.get('tag')!r}"
            allowed, do = str(context.get("expected_tags", "")), "Choose one of them"
        case "value_error":
            found, allowed, do = str(context.get("error", "")), "as said", "Correct it"
        case _:
            found = shorten(repr(error.get("input")))
            allowed = str(error["msg"]).replace("Input should ", "it should ")
            do = "Correct the value"
    return Fault(_dotted(path), found, allowed, do, file, _line(lines, path))


def _followed(loc: tuple[Any, ...], value: Plain) -> Path:
    """Keep of a pydantic location the parts that stand in the file (union tags do not)."""
    path: list[str | int] = []
    here: Any = value
    for place, part in enumerate(loc):
        is_there = (isinstance(here, dict) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and part < len(here)
        )
        if is_there:
            path.append(part)
            here = here[part]
        elif place == len(loc) - 1 and isinstance(here, dict):
            path.append(part)
    return tuple(path)


def _dotted(path: Path) -> str:
    """Write a path with dots."""
    return ".".join(str(part) for part in path)


def _undotted(where: str) -> Path:
    """Read a dotted path back."""
    return tuple(int(part) if part.isdigit() else part for part in where.split(".") if part)


def _line(lines: dict[Path, int], path: Path) -> int:
    """Give the line of a value, or of the nearest one around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)
