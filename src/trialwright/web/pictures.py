"""Reports and pictures as pages show them: for whom, up to which day, and inside the page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from trialwright.assembly.shown_reports import Asked, safety_pictures_of
from trialwright.assembly.trial_reports import ReportKind
from trialwright.figures.inline import inlined
from trialwright.reports.sheets import Sheet, shown
from trialwright.reports.trial_report import Section, is_half
from trialwright.web import desk
from trialwright.web.roles import actor_of, sees

_MOST = 64
"""Pictures kept as pages have them: a page is asked for more often than its pictures change."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    says : str
        Its text.
    is_number : bool
        Whether it stands in a column of numbers.
    """

    says: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a report in a page.

    Attributes
    ----------
    name : str
        Of the part, unique in the page.
    heading, says : str
        As in the report.
    picture : SafeString
        Drawn inside the page; empty: none.
    columns : tuple of Cell
        Heads of its table; empty: none.
    rows : tuple of tuple of Cell
        The table.
    notes : tuple of str
        Below it.
    is_half : bool
        Whether it is a picture that may stand beside another.
    """

    name: str
    heading: str
    says: str
    picture: SafeString
    columns: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()
    is_half: bool = False


def asked_of(request: HttpRequest, kind: ReportKind) -> Asked:
    """Say which report a request may see.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query; else it is today.
    kind : {'safety', 'efficacy', 'biomarkers'}
        Which report.

    Returns
    -------
    Asked
        Of everybody, or of the account's own site where there are participants elsewhere that it
        may not look at.
    """
    actor = actor_of(request)
    is_whole = all(sees(actor, each) for each in desk.state().participants.values())
    return Asked(kind, cutoff_of(request), "" if is_whole else actor.site, participant_address())


def draw_ahead() -> None:
    """Draw the pictures of safety as of today, as somebody sees them who sees everybody."""
    asked = Asked("safety", desk.today(), "", participant_address())
    safety_pictures_of(desk.desk(), asked)


def participant_address() -> str:
    """Give the address of a participant, with `{}` for the study number.

    Returns
    -------
    str
        E.g. `/participants/{}/`.
    """
    return reverse("participant", kwargs={"number": "0"}).replace("0", "{}")


def cutoff_of(request: HttpRequest) -> date:
    """Give the data cutoff that a request asks for.

    Parameters
    ----------
    request : HttpRequest
        It may stand in its query.

    Returns
    -------
    date
        Today when none stands there, none that can be read, or a later day.
    """
    today = desk.today()
    try:
        return min(date.fromisoformat(request.GET.get("cutoff", "")), today)
    except ValueError:
        return today


def in_page(sections: Iterable[Section]) -> Iterator[Shown]:
    """Lay out parts of a report for a page.

    Parameters
    ----------
    sections : iterable of Section
        Of a report.

    Yields
    ------
    Shown
        In their order.
    """
    for place, each in enumerate(sections, start=1):
        name = f"part-{place}"
        drawn = _inlined(each.picture, name, each.says) if each.picture else ""
        columns, rows = _cells(each.sheet) if each.sheet else ((), ())
        yield Shown(
            name, each.heading, each.says,
            mark_safe(drawn),  # noqa: S308  # our own drawing; its words are escaped
            columns, rows, each.sheet.notes if each.sheet else (), is_half(each),
        )  # fmt: skip


_inlined = lru_cache(_MOST)(inlined)


def _cells(sheet: Sheet) -> tuple[tuple[Cell, ...], tuple[tuple[Cell, ...], ...]]:
    """Give the heads and rows of a table."""
    columns = [*zip(*sheet.rows, strict=True)] or [()] * len(sheet.columns)
    numbers = [place > 0 and _counts(column) for place, column in enumerate(columns)]
    lines = [
        tuple(Cell(shown(cell), is_number) for cell, is_number in zip(row, numbers, strict=True))
        for row in (sheet.columns, *sheet.rows)
    ]
    return lines[0], tuple(lines[1:])


_COUNT = re.compile(r"[-+]?[0-9]+([.,/][0-9]+)*( \([^)]*\))?|NE|–|")
"""A count or number with what stands in brackets behind it; `NE` where there is none."""


def _counts(column: Sequence[Any]) -> bool:
    """Say whether a column is one of counts, also where shares or limits stand behind them."""
    told = [shown(cell) for cell in column]
    return any(told) and all(_COUNT.fullmatch(each) for each in told)
