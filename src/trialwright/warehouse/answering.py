"""The answers of all rules on the latest result of a term, along its numbers, as one word of bits.

A result of one shape answers every rule on its term by where its number lies among a few bounds:
what they all answer between two bounds is one word, worked out before any query runs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
from ibis.expr.types import Value

from trialwright.protocol.vocabulary import Term
from trialwright.warehouse.columns import UNKNOWN, Bits, Leaf, Shape
from trialwright.warehouse.thresholds import FARTHEST, may_be_zero, plausible_of

ROOM = 31
"""Rules whose answers fit in one word, two bits each."""

LOWEST = sum(1 << (2 * place) for place in range(ROOM))
"""The first bit of every answer in a word."""


@dataclass(frozen=True, slots=True)
class Latest:
    """A rule on the latest result of a term.

    Attributes
    ----------
    leaf : Leaf
        The rule.
    fact : str
        The term.
    bits : Bits
        Where its answer stands.
    kind : module
        Says by `turns(rule, shape, context)` how results of a shape answer, and may say by
        `own_limits(rule, rows, term, shapes)` how those with limits of their own do.
    since : date or None
        Older results answer unknown.
    """

    leaf: Leaf
    fact: str
    bits: Bits
    kind: Any
    since: date | None

    def bit(self, verdict: int) -> int:
        """Give an answer as bits of the word.

        Parameters
        ----------
        verdict : int
            `NOT_MET`, `UNKNOWN` or `MET`.

        Returns
        -------
        int
            Two bits, never both 0.
        """
        return (verdict + 1) << self.bits.bit


@dataclass(frozen=True, slots=True)
class Ladder:
    """What results of one shape answer to all rules on the latest result of their term.

    Attributes
    ----------
    least, greatest : int
        Numbers that can be true, in millionths.
    or_zero : bool
        Whether 0 can be true though it lies below them.
    edges : tuple of int
        In ascending order: the least numbers with the answers of the next rung.
    rungs : tuple of int
        Answers as words: below the first edge, from each edge on.
    unread : int
        Answers of a result without a number.
    """

    least: int
    greatest: int
    or_zero: bool
    edges: tuple[int, ...]
    rungs: tuple[int, ...]
    unread: int


def ladder(shape: Shape, term: Term, latest: Sequence[Latest]) -> Ladder:
    """Work out what results of a shape answer.

    Parameters
    ----------
    shape : Shape
        How they are recorded.
    term : Term
        Of what.
    latest : sequence of Latest
        The rules on its latest result.

    Returns
    -------
    Ladder
        Neighbouring rungs differ.
    """
    least, greatest = plausible_of(term, shape)
    found = [(each, each.kind.turns(each.leaf.rule, shape, each.leaf.context)) for each in latest]
    or_zero = may_be_zero(term, shape)
    bounds = {least, greatest + 1} | ({0, 1} if or_zero else set())
    for _, steps in found:
        bounds |= {steps.first, steps.second + 1}
    edges = sorted(each for each in bounds if -FARTHEST < each <= FARTHEST)

    def answers(number: int) -> int:
        word = 0
        for each, steps in found:
            answer = steps.between if steps.first <= number <= steps.second else steps.beyond
            answer = steps.below if number < steps.first else answer
            is_true = least <= number <= greatest or (or_zero and number == 0)
            word |= each.bit(answer if is_true else UNKNOWN)
        return word

    rungs = [answers(edges[0] - 1 if edges else 0), *map(answers, edges)]
    kept = [place for place in range(len(edges)) if rungs[place + 1] != rungs[place]]
    unread = sum(each.bit(steps.below if shape.word else UNKNOWN) for each, steps in found)
    return Ladder(
        least,
        greatest,
        or_zero,
        tuple(edges[place] for place in kept),
        (rungs[0], *(rungs[place + 1] for place in kept)),
        unread,
    )


def aged(latest: Iterable[Latest]) -> Mapping[date, int]:
    """Give the first days from which results count.

    Parameters
    ----------
    latest : iterable of Latest
        The rules on the latest result of one term.

    Returns
    -------
    mapping of date to int
        Of older results: the answers that become unknown, as a word.
    """
    found: dict[date, int] = {}
    for each in latest:
        if each.since is not None:
            found[each.since] = found.get(each.since, 0) | each.bit(UNKNOWN)
    return found


def replaced(word: Value, other: Value) -> Value:
    """Put answers in a word in place of those that stand there.

    Parameters
    ----------
    word, other : Value
        Words; 0 is no answer. Ibis does not bracket what `~` negates, so that bits are taken out
        by `^`.

    Returns
    -------
    Value
        Answers of `other`, and of `word` where it has none.
    """
    return (word ^ (word & _taken(other))) | other


def _taken(word: Value) -> Value:
    """Give both bits of every answer that a word holds."""
    low = (word | (word >> 1)) & ibis.literal(LOWEST, "int64")
    return low | (low << 1)
