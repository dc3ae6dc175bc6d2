"""What a record says of its design in words: outline, follow-up, objectives."""

from itertools import groupby

from trialwright.registry.record import Record, RecordObjective
from trialwright.registry.writing.arm_words import one_line

RANKS = ("primary", "secondary", "exploratory")
"""Ranks of objectives and endpoints, in their order."""

_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_OUTLINE = "OUTLINE:"


def outline_of(record: Record) -> str:
    """Give the outline of the design.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        The record's own words where they are kept, without the heading; else sentences made from
        its parts; empty when it states nothing of it.
    """
    if record.publication.outline:
        return one_line(record.publication.outline).removeprefix(_OUTLINE).strip()
    sentences = []
    studied = [each.says for each in record.agents.values() if each.is_investigational]
    if len(studied) == 1:
        name = one_line(studied[0])
        plain = name[:1].lower() + name[1:] if name[1:].islower() else name
        sentences.append(f"This is a dose-escalation study of {plain}.")
    if len(record.arms) > 1:
        sentences.append(f"Patients are {_assigned(record)} to 1 of {len(record.arms)} arms.")
    return " ".join(sentences)


def follow_up_of(record: Record) -> str:
    """Give the sentence on follow-up.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        The record's own words where they are kept; else made from its parts; empty when it states
        nothing of it.
    """
    if record.publication.follow_up:
        return one_line(record.publication.follow_up)
    if record.follow_up is None:
        return ""
    days, months = record.follow_up.first_after_days, record.follow_up.then_every_months
    return (
        f"After completion of study treatment, patients are followed up at {days} days, then every"
        f" {months} months thereafter."
    )


def objectives_of(record: Record) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the objectives by rank, numbered.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    tuple of (str, tuple of str)
        Each rank there is with its objectives, e.g. `II. To find its dose.`.
    """
    ordered = sorted(record.objectives, key=_place)
    return tuple(
        (
            rank,
            tuple(f"{roman(number)}. {one_line(each.says)}" for number, each in enumerate(same, 1)),
        )
        for rank, same in ((rank, tuple(same)) for rank, same in groupby(ordered, _rank))
    )


def heading_of(rank: str, count: int) -> str:
    """Give the heading of the objectives of one rank.

    Parameters
    ----------
    rank : str
        E.g. `primary`.
    count : int
        How many stand below it.

    Returns
    -------
    str
        E.g. `PRIMARY OBJECTIVE:`.
    """
    return f"{rank.upper()} OBJECTIVE{'S' if count > 1 else ''}:"


def has_headings(record: Record) -> bool:
    """Say whether headings must name the ranks of the objectives.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    bool
        False where the ranks were taken from the order of a record without headings, and the order
        still gives them.
    """
    ranks = tuple(rank for rank, _ in objectives_of(record))
    is_by_order = any(each.assumption for each in record.objectives)
    return not (is_by_order and ranks == RANKS[: len(ranks)])


def roman(number: int) -> str:
    """Write a number as the objectives of a page are numbered.

    Parameters
    ----------
    number : int
        From 1 up.

    Returns
    -------
    str
        E.g. `IV`.
    """
    return "C" * (number // 100) + _TENS[number // 10 % 10] + _ONES[number % 10]


def _rank(objective: RecordObjective) -> str:
    """Give the rank of an objective."""
    return objective.rank


def _place(objective: RecordObjective) -> int:
    """Give the place of an objective's rank; a rank of another name stands last."""
    return RANKS.index(objective.rank) if objective.rank in RANKS else len(RANKS)


def _assigned(record: Record) -> str:
    """Say how participants come to an arm; an illustrative rule says nothing."""
    rule = record.assignment
    is_drawn = rule is not None and rule.origin == "registry" and rule.rule == "randomised"
    is_stated = record.publication.allocation.upper().replace("-", "_") == "RANDOMIZED"
    return "randomized" if is_drawn or is_stated else "assigned"
