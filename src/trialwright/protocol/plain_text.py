"""Plain data of a text that somebody wrote, and the line of each value."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "bool | int | Decimal | str | list[Plain] | dict[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class PlainText:
    """What a YAML text holds.

    Attributes
    ----------
    value : Plain
        Mappings, lists, text, whole and decimal numbers, true, false and null.
    lines : dict of Path to int
        Line of each value, counted from 1.
    """

    value: Plain
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Give the line of a value, or of the nearest one around it.

        Parameters
        ----------
        path : Path
            E.g. `("arms", 0, "dosing")`.

        Returns
        -------
        int
            Counted from 1; 0 when no line is known.
        """
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def dotted(path: Path) -> str:
    """Write a path as `arms.0.dosing.2.days`.

    Parameters
    ----------
    path : Path
        Names and places, outermost first.

    Returns
    -------
    str
        Joined by dots.
    """
    return ".".join(str(part) for part in path)


def undotted(where: str) -> Path:
    """Read a dotted path back.

    Parameters
    ----------
    where : str
        E.g. `arms.2.dosing`.

    Returns
    -------
    Path
        Names, and places counted from 0.
    """
    return tuple(
        int(part) if part.isascii() and part.isdigit() else part
        for part in where.split(".")
        if part
    )
