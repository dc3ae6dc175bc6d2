"""How amounts and limits are said: with the number and the unit that the record states."""

import re
from collections.abc import Sequence
from decimal import Decimal

from trialwright.registry.amending.allowed import Edge, in_unit_of
from trialwright.registry.amending.amendment import Effect
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.topics import fact_name
from trialwright.terms.units import in_words

NO_UNIT = "no unit stated"
"""Stands beside a number whose unit the record does not state."""

_NO_UNIT_KINDS = frozenset({"performance", "prior-lines"})


def listed(words: Sequence[str], joined_by: str = "and") -> str:
    """Join words with commas, the last by `and`.

    Parameters
    ----------
    words : sequence of str
        Any number.
    joined_by : str
        What stands before the last.

    Returns
    -------
    str
        E.g. `A, B and C`; empty for no word.
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joined_by} {words[-1]}"


def capital(words: str) -> str:
    """Begin a sentence.

    Parameters
    ----------
    words : str
        Any words.

    Returns
    -------
    str
        With a capital letter first.
    """
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """Continue a sentence with words that may have begun one.

    Parameters
    ----------
    words : str
        Words of a record, perhaps with a list sign before them.

    Returns
    -------
    str
        On one line, the first letter small unless it belongs to an abbreviation.
    """
    plain = " ".join(words.strip(" *•-,/").split())
    is_word = plain[1:2].islower() or len(plain) == 1
    return plain[:1].lower() + plain[1:] if is_word else plain


def name_of(limit: Limit) -> str:
    """Say what a limit limits.

    Parameters
    ----------
    limit : Limit
        Any limit.

    Returns
    -------
    str
        E.g. `QTcF`, `AST with liver metastases`, `prior lines of chemotherapy`.
    """
    match limit.kind:
        case "limit" | "condition" | "attested":
            name = listed([fact_name(each) for each in (limit.subject, *limit.also)])
        case "performance":
            name = f"{limit.subject} performance status"
        case "life-expectancy":
            name = "life expectancy"
        case "wash-out":
            name = f"time since {small(limit.subject) or 'treatment'}"
        case "prior-lines":
            name = counted(limit.subject)
        case _:
            name = limit.kind
    return f"{name} given {limit.given}" if limit.given else name


def counted(what: str) -> str:
    """Say what prior lines are counted.

    Parameters
    ----------
    what : str
        In the record's words.

    Returns
    -------
    str
        E.g. `prior lines of chemotherapy`.
    """
    plain = " ".join(what.split())
    if not plain:
        return "prior lines of therapy"
    if re.match(r"(?:prior|previous|lines?|regimens?)\b", plain, re.IGNORECASE):
        return plain
    return f"prior lines of {plain}"


def number(value: Decimal) -> str:
    """Write a number with commas between thousands.

    Parameters
    ----------
    value : Decimal
        Any number.

    Returns
    -------
    str
        E.g. `100,000`, `1.5`.
    """
    return f"{value:,f}"


def amount(limit: Limit, value: Decimal, unit: str | None = None) -> str:
    """Say a number with the unit that the record states.

    Parameters
    ----------
    limit : Limit
        Where it comes from.
    value : Decimal
        The number.
    unit : str, optional
        Another unit than the limit's.

    Returns
    -------
    str
        E.g. `470 (no unit stated)`, `100,000 /mm3`, `3 x ULN`, `18 years`.
    """
    shown = number(value)
    if limit.times:
        return f"{shown} x {limit.times}"
    unit = limit.unit if unit is None else unit
    if limit.kind in _NO_UNIT_KINDS:
        return shown
    if not unit:
        return f"{shown} ({NO_UNIT})" if limit.kind == "limit" else shown
    if value == 1 and limit.kind != "limit":
        unit = {"half-lives": "half-life"}.get(unit, unit.removesuffix("s"))
    return f"{shown} {_unit(unit)}".rstrip()


def _unit(unit: str) -> str:
    """Write a unit for people."""
    plain = in_words(unit).replace("mm[Hg]", "mmHg").replace("(24.h)", "24 h")
    return re.sub(r"^10\*(\d+)", r"x 10^\1", plain)


def phrase(edge: Edge) -> str:
    """Say an edge the way its record states it.

    Parameters
    ----------
    edge : Edge
        Any edge.

    Returns
    -------
    str
        E.g. `at least 9 g/dL required`, `excluded above 450 (no unit stated)`.
    """
    limit = edge.limit
    if edge.side == "outside":
        return f"excluded as `{' '.join(limit.words.split())}`"
    stated = amount(limit, edge.number)
    known = " where known" if limit.silence == "passes" else ""
    if limit.sense == "excluded":
        word = {
            ("from", False): "below",
            ("from", True): "at or below",
            ("up to", False): "above",
            ("up to", True): "at or above",
        }[edge.side, edge.is_strict]
        return f"excluded{known} {word} {stated}"
    word = {
        ("from", False): "at least",
        ("from", True): "above",
        ("up to", False): "at most",
        ("up to", True): "below",
    }[edge.side, edge.is_strict]
    asked = "required" if edge.side == "from" else "allowed"
    return f"{word} {stated} {asked}{known}"


def kept_out(edge: Edge) -> str:
    """Say which values an edge does not allow.

    Parameters
    ----------
    edge : Edge
        An edge with allowed numbers on one side.

    Returns
    -------
    str
        E.g. `below 9 g/dL`, `at or above 3 x ULN`.
    """
    word = {
        ("from", False): "below",
        ("from", True): "at or below",
        ("up to", False): "above",
        ("up to", True): "at or above",
    }.get((edge.side, edge.is_strict), "at")
    return f"{word} {amount(edge.limit, edge.number)}"


def value_of(limit: Limit) -> str:
    """Say the value that may be missing.

    Parameters
    ----------
    limit : Limit
        Any limit.

    Returns
    -------
    str
        E.g. `LVEF`, `number of prior lines of chemotherapy`.
    """
    name = name_of(limit)
    return f"number of {name}" if limit.kind == "prior-lines" else name


def who_is_kept_out(edge: Edge) -> str:
    """Say whom an edge keeps out.

    Parameters
    ----------
    edge : Edge
        An edge with allowed numbers on one side.

    Returns
    -------
    str
        The beginning of a sentence, e.g. `A participant with LVEF below 50 %`.
    """
    name = name_of(edge.limit)
    match edge.limit.kind:
        case "prior-lines":
            if edge.side == "from" and edge.number == 1:
                return f"A participant with no {name}"
            more = "fewer" if edge.side == "from" else "more"
            return f"A participant with {more} than {number(edge.number)} {name}"
        case "age":
            return f"A participant aged {kept_out(edge)}"
        case _:
            return f"A participant with {name} {kept_out(edge)}"


def who_is_between(one: Edge, other: Edge, like: Edge) -> str:
    """Say whom one of two edges keeps out and the other does not.

    Parameters
    ----------
    one, other : Edge
        Edges of one side whose order is known, the lower one first.
    like : Edge
        The one in whose unit the values are said.

    Returns
    -------
    str
        The beginning of a sentence.
    """
    name, values = name_of(one.limit), between(one, other, like)
    match one.limit.kind:
        case "prior-lines":
            return f"A participant with {values.removeprefix('of ')} {name}"
        case "age":
            return f"A participant aged {values.removeprefix('of ')}"
        case _:
            return f"A participant with {name} {values}"


def between(one: Edge, other: Edge, like: Edge) -> str:
    """Say which values lie between two edges: allowed by one and not by the other.

    Parameters
    ----------
    one, other : Edge
        Edges of one side whose order is known, the lower one first.
    like : Edge
        The one in whose unit the values are said.

    Returns
    -------
    str
        E.g. `above 450 and up to 470 (no unit stated)`.
    """
    if one.limit.kind in _NO_UNIT_KINDS and not (one.is_strict or other.is_strict):
        return _whole(one, other)
    low, high = _shown(one, like), _shown(other, like)
    is_from = one.side == "from"
    from_word = "at least" if one.is_strict != is_from else "above"
    to_word = "up to" if other.is_strict == is_from else "below"
    if low == high:
        return f"of exactly {high}"
    number_alone, _, unit = low.partition(" ")
    if unit and high.endswith(f" {unit}"):
        low = number_alone
    return f"{from_word} {low} and {to_word} {high}"


def _whole(one: Edge, other: Edge) -> str:
    """Say whole numbers between two edges."""
    low, high = int(one.number), int(other.number)
    if one.side == "from":
        high -= 1
    else:
        low += 1
    return f"of {low}" if low == high else f"of {low} to {high}"


def _shown(edge: Edge, like: Edge) -> str:
    """Say the number of an edge, in the unit of another where it converts."""
    there = in_unit_of(edge, like)
    if there is None or edge.unit == like.unit:
        return amount(edge.limit, edge.number)
    exact = Decimal(there.numerator) / Decimal(there.denominator)
    return amount(like.limit, Decimal(f"{exact:.12g}"))


def effect_says(effect: Effect) -> str:
    """Say an effect at the end of a sentence.

    Parameters
    ----------
    effect : str
        As in a change.

    Returns
    -------
    str
        The sentence's last words.
    """
    return {
        "tighter": "tighter",
        "looser": "looser",
        "either way": "tighter for some, looser for others",
        "unclear": "whether tighter or looser is for people to say",
        "none": "no participant's eligibility changes by it",
    }[effect]
