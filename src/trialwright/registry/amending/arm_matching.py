"""Which arm of one version is which of the other: by agents, then by title, then by letter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.registry.amending.scope import ArmNames
from trialwright.registry.amending.treatments import drug_class
from trialwright.registry.amending.version import VersionArm

_LEAST_SHARED = 0.5
_SAME_NAME = 0.25
_SAME_LETTER = 2.0
_PARTS = re.compile(r"\s*(?:\+|,|;|/|\bplus\b|\band\b|\bwith\b)\s*", re.IGNORECASE)
_NO_AGENT = re.compile(r"^(?:arm|cohort|group|part|phase|dose|experimental)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArmPair:
    """An arm in both versions.

    Attributes
    ----------
    old, new : VersionArm
        The arm in each version.
    """

    old: VersionArm
    new: VersionArm


def agents_of(arm: VersionArm) -> frozenset[str]:
    """Give the agents of an arm under the names by which arms are compared.

    Parameters
    ----------
    arm : VersionArm
        Any arm.

    Returns
    -------
    frozenset of str
        From its title where no agent is named elsewhere.
    """
    named = arm.agents or tuple(
        part
        for part in _PARTS.split(re.sub(r"\([^)]*\)", "", arm.title))
        if part and not _NO_AGENT.match(part)
    )
    return frozenset(drug_class(agent) for agent in named)


def matched_arms(
    old: Sequence[VersionArm], new: Sequence[VersionArm]
) -> tuple[tuple[ArmPair, ...], tuple[VersionArm, ...], tuple[VersionArm, ...]]:
    """Match the arms of two versions.

    Parameters
    ----------
    old, new : sequence of VersionArm
        In the order of each version.

    Returns
    -------
    tuple
        The pairs in the order of the newer version; arms only the older has; arms only the newer
        has.
    """
    ranked = sorted(
        (rank, one.label != other.label, abs(here - there), here + there, here, there)
        for here, one in enumerate(old)
        for there, other in enumerate(new)
        if (rank := _rank(one, other)) is not None
    )
    partners: dict[int, int] = {}
    for *_, here, there in ranked:
        if here not in partners and there not in partners.values():
            partners[here] = there
    back = {there: here for here, there in partners.items()}
    pairs = tuple(ArmPair(old[back[there]], new[there]) for there in sorted(back))
    gone = tuple(arm for here, arm in enumerate(old) if here not in partners)
    fresh = tuple(arm for there, arm in enumerate(new) if there not in back)
    return pairs, gone, fresh


def arm_names(
    pairs: Sequence[ArmPair], gone: Sequence[VersionArm], new: Sequence[VersionArm]
) -> ArmNames:
    """Give the letters of the older version's arms in the newer.

    Parameters
    ----------
    pairs : sequence of ArmPair
        Arms that both have.
    gone : sequence of VersionArm
        Arms that only the older version has; another arm may bear their letter now.
    new : sequence of VersionArm
        All arms of the newer version.

    Returns
    -------
    ArmNames
        For the scopes of criteria.
    """
    every = tuple(arm.label for arm in new)
    newer = {pair.old.label: pair.new.label for pair in pairs}
    left = {arm.label: f"{arm.label} (gone)" if arm.label in every else arm.label for arm in gone}
    return ArmNames(newer | left, (*every, *left.values()))


def _rank(one: VersionArm, other: VersionArm) -> float | None:
    """Rank how alike two arms are, lower is more; None when they are not the same arm."""
    mine, theirs = agents_of(one), agents_of(other)
    share = len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
    if share == 1:
        return 0.0
    if _is_same(one.title, other.title) or _is_same(one.words, other.words):
        return _SAME_NAME
    if share >= _LEAST_SHARED:
        return 1 - share
    is_bare = not (one.agents and other.agents)
    return _SAME_LETTER if is_bare and one.label == other.label else None


def _is_same(one: str, other: str) -> bool:
    """Say whether two texts are the same, and say something."""
    return bool(one.strip()) and one.casefold().split() == other.casefold().split()
