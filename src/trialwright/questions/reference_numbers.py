"""Cases of reference files put one by one; numbers compared within a tolerance."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from trialwright.questions.comparing import Comparison
from trialwright.terms.errors import Refusal


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
        if not isinstance(expected, list) or len(expected) != len(found):
            return f"{name} {found}, expected {expected}"
        pairs = enumerate(zip(found, expected, strict=True), start=1)
        told = (first_difference(f"{name} {place}", *pair, within) for place, pair in pairs)
        return next((each for each in told if each), "")
    is_number = all(_is_number(each) for each in (found, expected))
    is_same = abs(found - expected) <= within if is_number else found == expected
    return "" if is_same else f"{name} {found}, expected {expected}"


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

    Yields
    ------
    Comparison
        One for each entry.
    """
    for name, entry, lacking in _named(entries, *wanted):
        if lacking:
            yield Comparison(name, agrees=False, says=lacking)
            continue
        try:
            wrong = [each for each in differences(as_floats(entry)) if each]
        except Refusal as refused:
            wrong = [f"refused: {refused}"]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as unreadable:
            wrong = [f"not of the form: {type(unreadable).__name__} {unreadable}"]
        yield Comparison(name, not wrong, says="; ".join(wrong))


def _named(entries: Any, *names: str) -> Iterator[tuple[str, Any, str]]:
    """Give each entry with its id or place, and what it lacks."""
    for place, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
        if not isinstance(entry, Mapping):
            yield f"case {place}", {}, "no object, so nothing was compared"
            continue
        lacks = ", ".join(name for name in names if name not in entry)
        name = str(entry.get("id") or f"case {place}")
        yield name, entry, f"lacks {lacks}, so nothing was compared" if lacks else ""


def _is_number(value: object) -> bool:
    """Say whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
