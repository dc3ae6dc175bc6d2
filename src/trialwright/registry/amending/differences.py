"""Comparing two versions of a trial: structure first, wording apart, criterion by criterion."""

from collections.abc import Iterable

from trialwright.registry.amending.amendment import Amendment, Change, Wording
from trialwright.registry.amending.arm_changes import arm_added, arm_changes, arm_removed
from trialwright.registry.amending.arm_matching import arm_names, matched_arms
from trialwright.registry.amending.criteria_changes import compared_criteria
from trialwright.registry.amending.record_changes import record_changes
from trialwright.registry.amending.scope import ArmNames
from trialwright.registry.amending.version import Version
from trialwright.terms.errors import shorten

_ORDER = (
    "criteria",
    "treatment",
    "new criterion",
    "removed criterion",
    "registration",
    "settings",
)


def differences(old: Version, new: Version) -> Amendment:
    """Say what changes from one version of a trial to another.

    Parameters
    ----------
    old, new : Version
        Two versions of one trial.

    Returns
    -------
    Amendment
        Nothing for identical versions; read backwards, tighter is looser.
    """
    names, treatment, open_points = _treatment(old, new)
    record, only = record_changes(old, new)
    criteria = compared_criteria(old, new, names)
    changes = sorted((*criteria.changes, *treatment, *record), key=_rank)
    return Amendment(
        tuple(changes),
        criteria.wording,
        _same(new, changes, criteria.wording),
        (
            *only,
            *criteria.notes,
            *open_points,
            *_unread(old, new, "older"),
            *_unread(new, old, "newer"),
        ),
    )


def _rank(change: Change) -> tuple[int, bool, str]:
    """Order changes by section, then as the criteria stand in the newer version's lists."""
    section = _ORDER.index(change.section)
    if change.section not in ("criteria", "new criterion", "removed criterion"):
        return section, False, ""
    place = (change.place_new or change.place_old)[:3]
    return section, place.startswith("E"), place


def _treatment(old: Version, new: Version) -> tuple[ArmNames, list[Change], list[str]]:
    """Compare the arms; a version that states none is not compared."""
    if not old.arms or not new.arms:
        every = tuple(arm.label for arm in new.arms or old.arms)
        return ArmNames({}, every), [], []
    pairs, gone, fresh = matched_arms(old.arms, new.arms)
    changes: list[Change] = []
    open_points: list[str] = []
    for pair in pairs:
        found, points = arm_changes(pair)
        changes += found
        open_points += points
    changes += [arm_added(arm) for arm in fresh]
    changes += [arm_removed(arm) for arm in gone]
    return arm_names(pairs, gone, new.arms), changes, open_points


def _same(new: Version, changes: Iterable[Change], wording: Iterable[Wording]) -> int:
    """Count the criteria of the newer version of which nothing differs."""
    told = {each.place_new for each in changes} | {each.place_new for each in wording}
    return sum(each.where not in told for each in new.criteria)


def _unread(version: Version, other: Version, which: str) -> list[str]:
    """Say what of a version was not understood, so not compared with other words."""
    known = {" ".join(words.split()) for _, words in other.unread}
    unread = [
        f"{place}: {shorten(words, 80)}"
        for place, words in version.unread
        if " ".join(words.split()) not in known
    ]
    if not unread:
        return []
    shown = "; ".join(unread[:3])
    more = len(unread) - 3
    rest = f"; and {more} more" if more > 0 else ""
    return [f"Not understood in the {which} version, so not compared: {shown}{rest}."]
