"""Cells of a table as numbers, days and words, by what its mapping declares."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal, Protocol, TypeAlias

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal, refuse, shape
from trialwright.terms.quantities import decimal


class Style(Protocol):
    """How the cells of a table are written; a mapping declares it."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What cells say when nothing is recorded."""

    @property
    def decimal(self) -> Literal["point", "comma"]:
        """The decimal sign."""

    @property
    def dates(self) -> str:
        """Order of the parts of a day."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no value.

    Attributes
    ----------
    found : str
        What stands there, e.g. `a formula`.
    """

    found: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that a spreadsheet keeps as a share and shows in per cent: 0.8, shown as 80%.

    Attributes
    ----------
    share : int or float
        As it is kept.
    """

    share: int | float


Cell: TypeAlias = str | int | float | bool | date | datetime | Percent | Unreadable | None
"""What a cell holds; a CSV file holds text alone."""

_SIGNS = {"": "", "=": "", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">="}
_AMOUNT = re.compile(r"(<=|>=|<|>|≤|≥|=)?\s*([+-]?[0-9][0-9.,]*)\s*(\S.*)?")
_TIMED = re.compile(r"(.*?[0-9])(?:T|\s)([0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9:]{5})?)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MMM": "(?P<word>[A-Za-z]{3})",
    "MM": "(?P<month>[0-9]{1,2})",  # spreadsheets leave the leading 0 out
    "DD": "(?P<day>[0-9]{1,2})",
}
_DIGITS = 15  # significant digits that a spreadsheet keeps
_ISO = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Written:
    """A number as a table writes it.

    Attributes
    ----------
    number : Decimal
        Its digits.
    comparator : str
        As `Quantity.comparator`.
    unit : str
        What stands behind the number; empty for nothing.
    """

    number: Decimal
    comparator: str = ""
    unit: str = ""


class CellReader:
    """Reads cells; what it cannot read is refused and never quoted.

    Parameters
    ----------
    mapping : Style
        How days, decimals and missing values are written.
    """

    def __init__(self, mapping: Style) -> None:
        self._missing = frozenset({"", *mapping.missing})
        self._is_comma = mapping.decimal == "comma"
        self._order = mapping.dates
        pattern = re.escape(self._order)
        for part, form in _PARTS.items():
            pattern = pattern.replace(part, form)
        self._day = re.compile(pattern)

    def text(self, cell: Cell) -> str:
        """Give what a cell says.

        Parameters
        ----------
        cell : Cell
            Of any kind.

        Returns
        -------
        str
            Without the blanks around it; empty for nothing recorded.

        Raises
        ------
        Refusal
            If the cell holds no value, or a date.
        """
        match cell:
            case None:
                return ""
            case Unreadable():
                raise refuse("", cell.found, "a value", "Replace it by its value")
            case bool():
                return str(cell).upper()
            case int() | float():
                said = f"{_plain(cell):f}"
                return "" if said in self._missing else said
            case Percent():
                return f"{_shown_percent(cell):f}%"
            case date():
                raise refuse("", "a date", "text or a number", "Correct the cell")
            case str():
                said = cell.strip()
                return "" if said in self._missing else said

    def amount(self, cell: Cell) -> Written | None:
        """Read a number, perhaps with a comparator before it and a unit behind it.

        Parameters
        ----------
        cell : Cell
            A number, or text.

        Returns
        -------
        Written or None
            None for nothing recorded.

        Raises
        ------
        Refusal
            If it is no number with the declared decimal sign.
        """
        said = self.text(cell)
        if not said:
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return Written(_plain(cell))
        if isinstance(cell, Percent):
            return Written(_shown_percent(cell), unit="%")
        found = _AMOUNT.fullmatch(said)
        if not found:
            raise self._no_number(said)
        digits = found[2]
        if self._is_comma:
            digits = digits.replace(",", ".") if "." not in digits else ""
        try:
            return Written(decimal(digits), _SIGNS[found[1] or ""], found[3] or "")
        except Refusal:
            raise self._no_number(said) from None

    def comparator(self, cell: Cell) -> str:
        """Read a comparator that stands apart.

        Parameters
        ----------
        cell : Cell
            Text.

        Returns
        -------
        str
            As `Quantity.comparator`.

        Raises
        ------
        Refusal
            If it is none.
        """
        said = self.text(cell)
        if said not in _SIGNS:
            found = f"text of the form {shape(said)!r}"
            raise refuse("", found, "<, <=, >=, > or nothing", "Correct the sign")
        return _SIGNS[said]

    def day(self, cell: Cell) -> tuple[PartialDate | None, str]:
        """Read a day, perhaps with its time.

        Parameters
        ----------
        cell : Cell
            A date, or text in the declared order.

        Returns
        -------
        tuple of PartialDate or None, and str
            The civil day as written, None for nothing recorded; and the instant (ISO 8601), empty
            where no time stands.

        Raises
        ------
        Refusal
            If it is no day in that order.
        """
        if isinstance(cell, datetime):
            has_time = cell.time() != time()
            return PartialDate.of(cell.date()), cell.isoformat() if has_time else ""
        if isinstance(cell, date):
            return PartialDate.of(cell), ""
        if isinstance(cell, int | float):
            allowed, do = f"a day as {self._order}", "Give the cells of the sheet a format of dates"
            raise refuse("", "a number", allowed, do)
        said = self.text(cell)
        if not said:
            return None, ""
        timed = _TIMED.fullmatch(said)
        day = self._civil(timed[1].strip() if timed else said)
        if not timed:
            return day, ""
        try:
            return day, f"{day}T{time.fromisoformat(timed[2]).isoformat()}"
        except ValueError:
            raise self._no_day(f"text of the form {shape(said)!r}") from None

    def _civil(self, said: str) -> PartialDate:
        """Read a day in the declared order; in ISO 8601 a month or a year too."""
        if self._order == _ISO:
            return PartialDate.parse(said)
        found = self._day.fullmatch(said)
        try:
            parts = found.groupdict() if found else {}
            word = parts.get("word")
            month = _MONTHS.index(word.lower()) + 1 if word else int(parts["month"])
            return PartialDate.of(date(int(parts["year"]), month, int(parts["day"])))
        except (KeyError, ValueError):  # another form, or no day of the calendar
            raise self._no_day(f"text of the form {shape(said)!r}") from None

    def _no_day(self, found: str) -> Refusal:
        """Say that a cell holds no day."""
        return refuse("", found, f"a day as {self._order}", "Correct it, or declare `dates`")

    def _no_number(self, said: str) -> Refusal:
        """Say that a cell holds no number."""
        sign = "comma" if self._is_comma else "point"
        return refuse(
            "",
            f"text of the form {shape(said)!r}",
            f"a number with a decimal {sign} and without separated thousands",
            "Correct it, declare `decimal`, or add it to `missing` if nothing was recorded",
        )


def _shown_percent(cell: Percent) -> Decimal:
    """Give the number that stands before the sign of per cent."""
    return Decimal(f"{_plain(cell.share).scaleb(2):f}")


def _plain(cell: int | float) -> Decimal:
    """Give the number that a spreadsheet shows."""
    if isinstance(cell, int):
        return Decimal(cell)
    shown = Decimal(f"{cell:.{_DIGITS}g}")
    if not shown.is_finite():
        raise refuse("", "no finite number", "a number", "Correct the cell")
    return Decimal(f"{shown:f}")
