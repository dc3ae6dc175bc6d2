"""Typed access to the elements of a resource, each knowing its place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from trialwright.terms.errors import Refusal, refuse, shorten
from trialwright.terms.quantities import is_of_moderate_length

ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
"""What the id of a resource may be."""


@dataclass(frozen=True, slots=True)
class Element:
    """One object of a resource with its place in the bundle.

    Attributes
    ----------
    content : dict of str to Any
        Names and values as read; `null` counts as absent.
    where : str
        Path, e.g. `entry[12].resource.valueQuantity`.
    """

    content: dict[str, Any]
    where: str

    def __contains__(self, name: str) -> bool:
        """Say whether a value stands under a name."""
        return self.content.get(name) is not None

    def path(self, name: str) -> str:
        """Give the place of a child.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        str
            This place and the name.
        """
        return f"{self.where}.{name}"

    def text(self, name: str) -> str:
        """Give a text without blanks around it.

        Parameters
        ----------
        name : str
            Name of the child.

        Returns
        -------
        str
            Empty when nothing stands there.

        Raises
        ------
        Refusal
            If something else than a text stands there.
        """
        found = self.content.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise _wrong(self.path(name), found, "a text")
        return found.strip()

    def number(self, name: str) -> Decimal | None:
        """Give a number.

        Parameters
        ----------
        name : str
            Name of the child.

        Returns
        -------
        Decimal or None
            With the digits as written; None when nothing stands there.

        Raises
        ------
        Refusal
            If something else than a number stands there, such as a number in quotes, or one so far
            from 1 that nothing is measured by it.
        """
        found = self.content.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            raise _wrong(self.path(name), found, "a number")
        number = Decimal(found)
        if not is_of_moderate_length(number):
            told, allowed = f"{shorten(str(number))} is no amount", "a number of moderate length"
            raise refuse(self.path(name), told, allowed, "Correct the number")
        return number

    def truth(self, name: str) -> bool | None:
        """Give true or false.

        Parameters
        ----------
        name : str
            Name of the child.

        Returns
        -------
        bool or None
            None when nothing stands there.

        Raises
        ------
        Refusal
            If something else stands there.
        """
        found = self.content.get(name)
        if found is not None and not isinstance(found, bool):
            raise _wrong(self.path(name), found, "true or false")
        return found

    def inner(self, name: str) -> "Element | None":
        """Give an object.

        Parameters
        ----------
        name : str
            Name of the child.

        Returns
        -------
        Element or None
            None when nothing stands there.

        Raises
        ------
        Refusal
            If something else than an object stands there.
        """
        found = self.content.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise _wrong(self.path(name), found, "an object")
        return Element(found, self.path(name))

    def inners(self, name: str) -> tuple["Element", ...]:
        """Give a list of objects.

        Parameters
        ----------
        name : str
            Name of the child.

        Returns
        -------
        tuple of Element
            Empty when nothing stands there.

        Raises
        ------
        Refusal
            If something else than a list of objects stands there.
        """
        found = self.content.get(name)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise _wrong(self.path(name), found, "a list")
        path = self.path(name)
        return tuple([element_of(member, f"{path}[{place}]") for place, member in enumerate(found)])


def element_of(found: object, where: str) -> Element:
    """Take what was read as an object.

    Parameters
    ----------
    found : object
        As read.
    where : str
        Its place.

    Returns
    -------
    Element
        With its place.

    Raises
    ------
    Refusal
        If it is no object.
    """
    if not isinstance(found, dict):
        raise _wrong(where, found, "an object")
    return Element(found, where)


@contextmanager
def at(where: str) -> Iterator[None]:
    """Give the place of what is read to the refusals raised inside.

    Parameters
    ----------
    where : str
        Path of the value.

    Yields
    ------
    None
        Once.

    Raises
    ------
    Refusal
        The one raised inside, with the place.
    """
    try:
        yield
    except Refusal as refused:
        raise Refusal(replace(fault, where=where) for fault in refused.faults) from None


def _wrong(where: str, found: object, allowed: str) -> Refusal:
    """Refuse a value of another type, without showing it."""
    return refuse(where, _kind_of(found), allowed, "Correct the record where it comes from")


def _kind_of(found: object) -> str:
    """Name the type of a JSON value."""
    match found:
        case bool():
            return "true or false"
        case int() | Decimal():
            return "a number"
        case str():
            return "a text"
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return "null"
