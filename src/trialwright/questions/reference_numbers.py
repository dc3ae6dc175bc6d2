"""Cases of reference files put one by one; numbers compared within a tolerance."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isclose
from typing import Any

from trialwright.questions.comparing import Comparison
from trialwright.terms.errors import Refusal

NEAR, EXACT = 1e-6, 1e-9
"""Relative differences up to which survival statistics and exact intervals agree."""

UNREADABLE = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)
"""What a case of another form raises where it is read."""


def as_floats(value: Any) -> Any:
    """Turn exact decimals into floats, whole numbers left as they are.

    Parameters
    ----------
    value : object
        As read from JSON.

    Returns
    -------
    object
        The same, in lists and mappings too.
    """
    match value:
        case Decimal():
            return float(value)
        case Mapping():
            return {name: as_floats(inner) for name, inner in value.items()}
        case list() | tuple():
            return [as_floats(inner) for inner in value]
        case _:
            return value


def first_difference(name: str, found: Any, expected: Any, within: float) -> str:
    """Say where two numbers, words, or lists of them, first differ.

    Parameters
    ----------
    name : str
        What is compared.
    found, expected : object
        Numbers, words, None, or lists of them.
    within : float
        Greatest difference of numbers.

    Returns
    -------
    str
        Empty when there is none.
    """
    if isinstance(expected, list) or isinstance(found, list | tuple):
        are_lists = isinstance(expected, list) and isinstance(found, list | tuple)
        if not are_lists or len(expected) != len(found):
            return f"{name} {found}, expected {expected}"
        pairs = enumerate(zip(found, expected, strict=True), start=1)
        told = (first_difference(f"{name} {place}", *pair, within) for place, pair in pairs)
        return next((each for each in told if each), "")
    is_number = all(_is_number(each) for each in (found, expected))
    is_same = abs(found - expected) <= within if is_number else found == expected
    return "" if is_same else f"{name} {found}, expected {expected}"


def same(found: Any, expected: Any) -> bool:
    """Compare lists entry by entry, numbers as numbers, exactly.

    Parameters
    ----------
    found, expected : object
        Words, numbers, numbers as text, None, or lists of them.

    Returns
    -------
    bool
        True is not 1.
    """
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    return bool(_number(found) == _number(expected))


def each_case(
    entries: Any, wanted: tuple[str, ...], differences: Callable[[Any], Iterator[str]]
) -> Iterator[Comparison]:
    """Compare every entry of a list, whatever happens to one.

    Parameters
    ----------
    entries : object
        The list of cases as parsed.
    wanted : tuple of str
        Fields without which an entry cannot be compared.
    differences : callable (mapping) -> iterator of str
        Names each difference of an entry.

    Returns
    -------
    iterator of Comparison
        One for each entry.
    """

    def compared(name: str, entry: Any) -> Comparison:
        wrong = [each for each in differences(as_floats(entry)) if each]
        return Comparison(name, not wrong, says="; ".join(wrong))

    return put_each(entries, wanted, compared)


def put_each(
    entries: Any, wanted: tuple[str, ...], compare: Callable[[str, Any], Comparison]
) -> Iterator[Comparison]:
    """Put every entry of a list, or of a mapping by name, whatever happens to one.

    Parameters
    ----------
    entries : object
        The cases as parsed.
    wanted : tuple of str
        Fields without which an entry cannot be compared.
    compare : callable (str, mapping) -> Comparison
        Compares the entry of that name.

    Yields
    ------
    Comparison
        One for each entry; one that is refused, or not of the form, disagrees and says so.
    """
    for name, entry, lacking in _named(entries, *wanted):
        if lacking:
            yield Comparison(name, agrees=False, says=lacking)
            continue
        try:
            yield compare(name, entry)
        except Refusal as refused:
            yield Comparison(name, agrees=False, says=f"refused: {refused}")
        except UNREADABLE as unreadable:
            what = " ".join(f"{type(unreadable).__name__} {unreadable}".split())
            yield Comparison(name, agrees=False, says=f"not of the form: {what}")


def _named(entries: Any, *names: str) -> Iterator[tuple[str, Any, str]]:
    """Give each entry with its id or place, and what it lacks."""
    listed = entries if isinstance(entries, list) else []
    places = [(f"case {place}", entry) for place, entry in enumerate(listed, start=1)]
    for place, entry in entries.items() if isinstance(entries, Mapping) else places:
        if not isinstance(entry, Mapping):
            yield place, {}, "no object, so nothing was compared"
            continue
        lacks = ", ".join(name for name in names if name not in entry)
        name = str(entry.get("id") or place)
        yield name, entry, f"lacks {lacks}, so nothing was compared" if lacks else ""


def apart(
    what: str, found: Sequence[float | None], wanted: Sequence[Any], most: float = NEAR
) -> list[str]:
    """Say which numbers differ by more than a share of what is expected.

    Parameters
    ----------
    what : str
        What they are.
    found, wanted : sequence of float or None
        In one order.
    most : float
        Greatest share.

    Returns
    -------
    list of str
        One a number that differs.
    """
    return [
        f"{what} {one}, expected {other}"
        for one, other in zip(found, wanted, strict=True)
        if not _is_close(one, other, most)
    ]


def _is_close(found: float | None, wanted: Any, most: float) -> bool:
    """Compare two numbers; none is none, and a word is no number."""
    if found is None or not isinstance(wanted, int | float | Decimal):
        return found is wanted
    return isclose(found, float(wanted), rel_tol=most, abs_tol=most * most)


def _number(value: Any) -> Any:
    """Read a text that is a number as one."""
    is_numeric = isinstance(value, str) and value.replace(".", "", 1).isdecimal()
    return Decimal(value) if is_numeric else value


def _is_number(value: object) -> bool:
    """Say whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
