"""Finding the clauses of one version in the other: the most alike first, each once.

Alike is measured in rare words: two clauses on `cardiomyopathy` share more than two that begin
`history of`. What stands in the same criterion as a pair already found is more alike. The measure
and the order of ties are the same read backwards, so that comparing backwards finds the same pairs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from trialwright.registry.amending.clauses import Clause, without_open
from trialwright.registry.amending.topics import fact_key

LEAST_ALIKE = 0.34
"""Least likeness of a pair, 0 to 1."""

_NEIGHBOUR = 0.12


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause in both versions.

    Attributes
    ----------
    old, new : Clause
        The clause in each version.
    likeness : float
        0 to 1.
    """

    old: Clause
    new: Clause
    likeness: float


def paired(
    old: Sequence[Clause], new: Sequence[Clause]
) -> tuple[tuple[Pair, ...], tuple[Clause, ...], tuple[Clause, ...]]:
    """Pair the clauses of two versions.

    Parameters
    ----------
    old, new : sequence of Clause
        All clauses of each version, in order.

    Returns
    -------
    tuple
        The pairs in the order of the newer version; the clauses left in the older; those left in
        the newer.
    """
    likeness = _likeness(old, new) | _wordless(old, new)
    partners: dict[int, int] = {}
    taken: set[int] = set()
    _take(_ranked(likeness), partners, taken, LEAST_ALIKE + _NEIGHBOUR)
    near = {(old[one].criterion.id, new[other].criterion.id) for one, other in partners.items()}
    for (one, other), value in likeness.items():
        if (old[one].criterion.id, new[other].criterion.id) in near:
            likeness[one, other] = value + _NEIGHBOUR
    _take(_ranked(likeness), partners, taken, LEAST_ALIKE)
    back = {other: one for one, other in partners.items()}
    pairs = tuple(
        Pair(old[back[place]], new[place], likeness[back[place], place])
        for place in range(len(new))
        if place in back
    )
    left_old = tuple(each for place, each in enumerate(old) if place not in partners)
    left_new = tuple(each for place, each in enumerate(new) if place not in taken)
    return pairs, left_old, left_new


def _wordless(old: Sequence[Clause], new: Sequence[Clause]) -> dict[tuple[int, int], float]:
    """Pair clauses without a word that can matter (`OR`) by their plain words."""
    return {
        (one, other): 1.0
        for one, clause in enumerate(old)
        if not clause.every_key
        for other, candidate in enumerate(new)
        if candidate.plain == clause.plain
    }


def _take(
    ranked: Iterable[tuple[float, int, int]],
    partners: dict[int, int],
    taken: set[int],
    least: float,
) -> None:
    """Take pairs from the most alike down, each clause once."""
    for value, one, other in ranked:
        if value >= least and one not in partners and other not in taken:
            partners[one] = other
            taken.add(other)


def _ranked(likeness: dict[tuple[int, int], float]) -> list[tuple[float, int, int]]:
    """Rank pairs by likeness; of equals those that stand at nearer places come first."""
    ranked = sorted(
        likeness, key=lambda pair: (-round(likeness[pair], 9), abs(pair[0] - pair[1]), sum(pair))
    )
    return [(likeness[pair], *pair) for pair in ranked]


def _likeness(old: Sequence[Clause], new: Sequence[Clause]) -> dict[tuple[int, int], float]:
    """Measure how alike clauses are that share a word."""
    bags = ([_bag(each) for each in old], [_bag(each) for each in new])
    weights = _weights(bags[0] + bags[1])
    sizes = [[_size(bag, weights) for bag in side] for side in bags]
    holders: dict[str, list[int]] = {}
    for place, bag in enumerate(bags[1]):
        for key in bag:
            holders.setdefault(key, []).append(place)
    found: dict[tuple[int, int], float] = {}
    for one, bag in enumerate(bags[0]):
        for other in {place for key in bag for place in holders.get(key, ())}:
            shared = bag & bags[1][other]
            size = sizes[0][one] + sizes[1][other]
            found[one, other] = 2 * _size(shared, weights) / size if size else 0.0
    return found


def _bag(clause: Clause) -> Counter[str]:
    """Count the words of a clause; a limit counts by what it limits, not by its number and unit."""
    bare = without_open(clause, frozenset(fact for fact, _, _ in clause.open))
    bag = Counter(bare.keys)
    bag.update(each.unit for each in bare.mentions)
    bag.update(f"limit {fact}" for fact, _, _ in clause.open)
    bag.update(
        f"{each.kind} {fact_key(each.subject)}" if each.kind == "limit" else each.kind
        for each in clause.limits
    )
    return bag or Counter(clause.every_key)


def _weights(bags: Sequence[Counter[str]]) -> dict[str, float]:
    """Weigh words by how few clauses have them; numbers and signs weigh little."""
    holders: Counter[str] = Counter(key for bag in bags for key in bag)
    return {
        key: (log(1 + len(bags) / count) if key[0].isalpha() else 0.2)
        for key, count in holders.items()
    }


def _size(bag: Counter[str], weights: dict[str, float]) -> float:
    """Give the weight of a bag of words, rounded so that the order of adding does not matter."""
    return round(sum(weights[key] * count for key, count in sorted(bag.items())), 9)
