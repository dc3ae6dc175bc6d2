"""Writing a protocol, or the values of a draft, as YAML text that reads back as the same."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from trialwright.protocol.strict_yaml import MOST_DEPTH, is_ambiguous
from trialwright.protocol.study import Study
from trialwright.terms.errors import refuse

_UNFOLDED = 2**31  # characters; the emitter drops one of two spaces where it folds a line


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that change the direction of writing: their text is quoted, and the emitter leaves them."""


def _escaped(sign: re.Match[str]) -> str:
    """Write a sign as its escape, as the others that nobody sees are written."""
    return f"\\u{ord(sign[0]):04X}"


class _Representer(RoundTripRepresenter):
    """Writes exact decimals as they are, and every value where it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value again where it stands again: a protocol file has no anchors."""
        return True


def _represent_decimal(representer: Any, number: Decimal) -> Any:
    """Write a decimal plainly; whole ones without a point."""
    text = f"{number:f}"
    return representer.represent_scalar(
        f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text
    )


def _represent_nothing(representer: Any, _: None) -> Any:
    """Write null as a word; an empty place would be ambiguous."""
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(Decimal, _represent_decimal)
_Representer.add_representer(type(None), _represent_nothing)


class _Lines:
    """Gathers what the emitter writes."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, piece: bytes) -> None:
        """Take a piece of the text in UTF-8, as the emitter hands it on."""
        self.parts.append(piece)


def write_study(study: Study) -> str:
    """Write a study as the YAML text of a protocol file.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    str
        Values that are at their default are left out; `read_study` gives an equal study back.

    Raises
    ------
    Refusal
        If its rules are nested deeper than a protocol file may be.
    """
    return write_plain(study.model_dump(mode="python", exclude_defaults=True))


def write_plain(values: Mapping[str, Any]) -> str:
    """Write plain values in the form of a protocol file, whether or not they are a protocol.

    Parameters
    ----------
    values : mapping of str to object
        Mappings, lists, tuples, text, dates, exact decimals, whole numbers, truth values and None.

    Returns
    -------
    str
        YAML; `strict_yaml.gather_yaml` gives equal values back.

    Raises
    ------
    Refusal
        If values are nested deeper than a protocol file may be.
    """
    yaml = YAML(typ="rt")
    yaml.Representer = _Representer
    yaml.width = _UNFOLDED
    yaml.allow_unicode = True
    lines = _Lines()
    yaml.dump(_plain(values, 0), lines)
    return _TURNING.sub(_escaped, b"".join(lines.parts).decode("utf-8"))


def _plain(value: Any, depth: int) -> Any:
    """Turn tuples into lists, dates into text, and quote what readers take differently."""
    if depth > MOST_DEPTH:
        raise refuse("study", "rules nested very deep", f"{MOST_DEPTH} levels", "Flatten them")
    match value:
        case Mapping():
            return {_plain(key, 0): _plain(inner, depth + 1) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner, depth + 1) for inner in value]
        case date():
            return value.isoformat()
        case str():
            return value if _is_plain(value) else DoubleQuotedScalarString(value)
        case _:
            return value


def _is_plain(text: str) -> bool:
    """Say whether a text may stand unquoted."""
    return text.isprintable() and text.strip() == text and not is_ambiguous(text)
