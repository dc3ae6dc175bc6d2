"""Long lists, one page at a time."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

Row = TypeVar("Row")

ROWS = 50
"""Rows of a list on one page."""


def page_of(request: HttpRequest, name: str, rows: Sequence[Row]) -> Page[Row]:
    """Give a page of a list.

    Parameters
    ----------
    request : HttpRequest
        Its query says which page.
    name : str
        Of the list, in the query.
    rows : sequence
        The whole list.

    Returns
    -------
    Page
        The one asked for, else the nearest there is.
    """
    return Paginator(rows, ROWS).get_page(request.GET.get(name))
