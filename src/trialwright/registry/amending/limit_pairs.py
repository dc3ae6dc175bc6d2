"""Finding each edge of one version's limits in the other version, wherever it stands there.

The limits of a version are taken out of their criteria: one bullet may have become three, and an
inclusion an exclusion. Of two edges of one subject the most alike are paired first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from trialwright.registry.amending.allowed import Edge, edges_of, order
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.scope import SAME_NAMES, ArmNames
from trialwright.registry.amending.topics import fact_key
from trialwright.registry.amending.treatments import treatments_in
from trialwright.registry.amending.words import keys_of, words_in, words_of

_UNPAIRED_KINDS = frozenset({"sex", "condition", "attested"})
_ECOG_LIKE = frozenset({"ECOG", "Zubrod", "WHO"})
_UNSPECIFIC = words_in(
    """prior line therapy regimen number no not systemic received receive up previous history
    cancer disease for setting course least more"""
)
_LEAST_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class EdgePair:
    """An edge in both versions, or in one.

    Attributes
    ----------
    old, new : Edge or None
        None where the version has none like it.
    """

    old: Edge | None
    new: Edge | None

    @property
    def any_edge(self) -> Edge:
        """The edge of the newer version, or else of the older."""
        found = self.new or self.old
        if found is None:  # pragma: no cover
            raise ValueError("a pair without an edge")
        return found


def paired_edges(
    old: Iterable[Limit], new: Iterable[Limit], arms: ArmNames
) -> tuple[EdgePair, ...]:
    """Pair the edges of two versions' limits; wash-outs are told elsewhere.

    Parameters
    ----------
    old, new : iterable of Limit
        All limits of each version.
    arms : ArmNames
        The older version's arms in the newer.

    Returns
    -------
    tuple of EdgePair
        In the order of the newer version, then what only the older has; what a version says again
        is left out.
    """
    ours, theirs = (_edges(limits) for limits in (old, new))
    ranked = sorted(
        (rank, abs(one - other), one + other, one, other)
        for one, edge in enumerate(ours)
        for other, candidate in enumerate(theirs)
        if (rank := _rank(edge, candidate, arms)) is not None
    )
    partners: dict[int, int] = {}
    for *_, one, other in ranked:
        if one not in partners and other not in partners.values():
            partners[one] = other
    back = {other: one for one, other in partners.items()}
    found = [
        EdgePair(ours[back[place]] if place in back else None, edge)
        for place, edge in enumerate(theirs)
        if place in back or not _is_said_before(edge, theirs)
    ]
    found += [
        EdgePair(edge, None)
        for place, edge in enumerate(ours)
        if place not in partners and not _is_said_before(edge, ours)
    ]
    return tuple(found)


def _edges(limits: Iterable[Limit]) -> list[Edge]:
    """Give the edges of limits of numbers; wash-outs are compared elsewhere."""
    return [
        edge
        for limit in limits
        if limit.kind not in _UNPAIRED_KINDS and limit.kind != "wash-out"
        for edge in edges_of(limit)
    ]


def _is_said_before(edge: Edge, edges: list[Edge]) -> bool:
    """Say whether an edge says again what an earlier one of the same version says."""
    earlier = edges[: next(place for place, each in enumerate(edges) if each is edge)]
    return any(_is_repeated(edge, before) for before in earlier)


def _is_repeated(edge: Edge, before: Edge) -> bool:
    """Say whether an edge says again what an earlier one says, perhaps with fewer words."""
    if edge.limit.kind == before.limit.kind == "prior-lines" and edge.side == before.side:
        is_here = edge.limit.criterion == before.limit.criterion
        is_vaguer = counted(edge.limit.subject) < counted(before.limit.subject)
        if is_here and is_vaguer and order(edge, before) == "same":
            return True
    return (
        _rank(edge, before, SAME_NAMES) == 0
        and edge.limit.arms == before.limit.arms
        and edge.limit.is_alternative == before.limit.is_alternative
    )


def _rank(old: Edge, new: Edge, arms: ArmNames) -> int | None:
    """Rank how alike two edges are, 0 the most; None when they speak of different things."""
    one, other = old.limit, new.limit
    if old.side != new.side or one.kind != other.kind or not same_subject(one, other):
        return None
    if not same_given(one.given, other.given):
        return None
    same_scope = arms.mapped(one.arms) == SAME_NAMES.mapped(other.arms)
    if one.times != other.times:
        return 5
    compared = order(old, new)
    if compared == "same" and same_scope and one.silence == other.silence:
        return 0 if one.is_alternative == other.is_alternative else 1
    if compared == "same":
        return 2
    return 3 if same_scope else 4


def same_subject(one: Limit, other: Limit) -> bool:
    """Say whether two limits of one kind limit the same thing.

    Parameters
    ----------
    one, other : Limit
        Of the same kind.

    Returns
    -------
    bool
        Of what is counted, the words must agree but for those that say nothing of it.
    """
    if one.kind == "limit":
        return fact_key(one.subject) == fact_key(other.subject)
    if one.kind == "performance":
        return _scale(one.subject) == _scale(other.subject)
    if one.kind == "prior-lines":
        return counted(one.subject) == counted(other.subject)
    return True


def _scale(scale: str) -> str:
    """Give the scale that counts as a scale does."""
    return "ECOG" if scale in _ECOG_LIKE else scale


def counted(what: str) -> frozenset[str]:
    """Give the words that say what prior lines are counted.

    Parameters
    ----------
    what : str
        In the record's words.

    Returns
    -------
    frozenset of str
        Empty for `prior therapies`.
    """
    return frozenset(keys_of(words_of(what))) - _UNSPECIFIC


def same_limits(old: Iterable[Limit], new: Iterable[Limit]) -> bool:
    """Say whether two groups of limits allow the same, edge by edge; wash-outs by their bounds.

    Parameters
    ----------
    old, new : iterable of Limit
        Of a clause in each version.

    Returns
    -------
    bool
        True also for two groups without a limit.
    """
    mine, theirs = tuple(old), tuple(new)
    pairs = paired_edges(mine, theirs, SAME_NAMES)
    is_same = all(
        pair.old and pair.new and _rank(pair.old, pair.new, SAME_NAMES) == 0 for pair in pairs
    )
    ours, others = _times(mine), _times(theirs)
    return (
        is_same
        and len(ours) == len(others)
        and all(_same_time(one, two) for one, two in zip(ours, others, strict=True))
    )


def _times(limits: Iterable[Limit]) -> list[Edge]:
    """Give the edges of wash-outs."""
    return [edge for each in limits if each.kind == "wash-out" for edge in edges_of(each)]


def _same_time(one: Edge, other: Edge) -> bool:
    """Say whether two wash-outs ask for the same time after the same treatments."""
    mine, theirs = (treatments_in(each.limit.subject) for each in (one, other))
    return order(one, other) == "same" and mine == theirs


def same_given(one: str, other: str) -> bool:
    """Say whether two circumstances are the same.

    Parameters
    ----------
    one, other : str
        In the words of each record; empty: always.

    Returns
    -------
    bool
        Half of the words of the longer must be in the other.
    """
    if one.casefold().split() == other.casefold().split():
        return True
    mine, theirs = (set(keys_of(words_of(each))) for each in (one, other))
    if not mine or not theirs:
        return False
    return shared(mine, theirs) >= _LEAST_SHARED


def shared(mine: set[str], theirs: set[str]) -> float:
    """Give the share of words that two sets have in common.

    Parameters
    ----------
    mine, theirs : set of str
        At least one word in one of them.

    Returns
    -------
    float
        Of the smaller set, 0 to 1.
    """
    smaller = min(len(mine), len(theirs))
    return len(mine & theirs) / smaller if smaller else 0.0
