"""Comparing two versions of a trial: structure first, wording apart, criterion by criterion."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trialwright.registry.amending.amendment import Amendment, Change, Flip, Wording
from trialwright.registry.amending.arm_changes import arm_added, arm_changes, arm_removed
from trialwright.registry.amending.arm_matching import arm_names, matched_arms
from trialwright.registry.amending.clause_changes import compared_clause
from trialwright.registry.amending.clauses import clauses_of
from trialwright.registry.amending.compared import NO_LONGER, NOW
from trialwright.registry.amending.criterion_changes import ids, left_clauses, restated
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.limit_changes import compared_limits
from trialwright.registry.amending.limit_pairs import paired_edges
from trialwright.registry.amending.pairing import Pair, paired
from trialwright.registry.amending.record_changes import record_changes
from trialwright.registry.amending.scope import SAME_NAMES, ArmNames
from trialwright.registry.amending.stated_changes import compared_rules, compared_sex, settled_words
from trialwright.registry.amending.version import Version, VersionCriterion
from trialwright.registry.amending.washouts import compared_wash_outs
from trialwright.registry.amending.words import abbreviations_of
from trialwright.terms.errors import shorten

OTHER_WORDS = (
    "one version is in a protocol's own words, so whether it is there is for people to say"
)
"""Ends the sentence on what was not found in other words."""

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
    criteria, wording = _criteria(old, new, names)
    changes = sorted((*criteria, *treatment, *record), key=_rank)
    return Amendment(
        tuple(changes),
        wording,
        _same(new, changes, wording),
        (*only, *open_points, *_unread(old, "older"), *_unread(new, "newer")),
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
    return arm_names(pairs, new.arms), changes, open_points


def _criteria(
    old: Version, new: Version, names: ArmNames
) -> tuple[list[Change], tuple[Wording, ...]]:
    """Compare limits across the whole list, then what is left of the words, clause by clause."""
    limits, others = _limits(old, new), _limits(new, old)
    still_open = _open(old, new), _open(new, old)
    numbers = compared_limits(limits, others, names, still_open)
    found = [
        *numbers.changes,
        *compared_wash_outs(limits, others, names),
        *compared_sex(limits, others),
    ]
    mine, theirs = _changed(old, new, names), _changed(new, old, names, is_new=True)
    known = abbreviations_of(each.words for each in (*mine, *theirs))
    pairs, left_old, left_new = paired(clauses_of(mine, known), clauses_of(theirs, known))
    wording = [*numbers.wording]
    settled = settled_words(limits, others)
    for pair in pairs:
        compared = compared_clause(pair, names, settled)
        found += compared.changes
        wording += compared.wording
    found += _rules(pairs, names)
    held_old, held_new = _held(pairs, limits, others, names)
    is_mixed = _has_own_words(old) != _has_own_words(new)
    for left, held, is_new in ((left_new, held_new, True), (left_old, held_old, False)):
        parts = [each for each in left if not is_mixed or each.criterion.id not in held]
        compared = left_clauses(parts, held, names, is_new=is_new)
        found += compared.changes
        wording += compared.wording
        wording += restated(parts, found, is_new=is_new)
    found = [_placed(each, held_old, held_new) for each in found]
    return ([_hedged(each) for each in found] if is_mixed else found), tuple(wording)


def _has_own_words(version: Version) -> bool:
    """Say whether a version is a protocol whose criteria are in its own words."""
    return any(not each.is_record_words for each in version.criteria)


def _hedged(change: Change) -> Change:
    """Leave open what a criterion does that was not found in the other version's other words."""
    if (change.old and change.new) or change.effect not in ("looser", "tighter"):
        return change
    flips = tuple(Flip(each.kind, "either", _may(each.says)) for each in change.flips)
    says = f"{change.says.removesuffix(f': {change.effect}.')}: {OTHER_WORDS}."
    return replace(change, says=says, effect="unclear", flips=flips)


def _may(says: str) -> str:
    """Leave open whether somebody flips."""
    for turned in (NO_LONGER, NOW):
        says = says.replace(turned, "may flip")
    return says


def _limits(version: Version, other: Version) -> tuple[Limit, ...]:
    """Give the limits of a version, but of a rule written from the other version's very words."""
    written = {(each.digest, each.rule is None) for each in other.criteria if each.digest}
    return (
        *(
            limit
            for each in version.criteria
            if (each.digest, each.rule is not None) not in written
            for limit in each.limits
        ),
        *version.fields,
    )


def _open(version: Version, other: Version) -> dict[str, list[tuple[str, str]]]:
    """Give what a version limits in a way that was not understood, and the other does not so."""
    known = {(fact, "".join(words.split())) for each in other.criteria for fact, words in each.open}
    found: dict[str, list[tuple[str, str]]] = {}
    for each in version.criteria:
        for fact, words in each.open:
            if (fact, "".join(words.split())) in known:
                continue
            found.setdefault(fact, []).append((words, each.where))
    return found


def _changed(
    version: Version, other: Version, names: ArmNames, *, is_new: bool = False
) -> list[VersionCriterion]:
    """Leave out the criteria whose words stand for the same arms in the other version too.

    Where one version is a protocol in its own words, the digest says from which words it was
    written; two rules are compared whole.
    """
    ours, theirs = (SAME_NAMES, names) if is_new else (names, SAME_NAMES)
    known = {
        (each.digest, each.is_exclusion, theirs.mapped(each.arms)): each.rule is None
        for each in other.criteria
        if each.digest
    }
    kept = []
    for each in version.criteria:
        is_plain = known.get((each.digest, each.is_exclusion, ours.mapped(each.arms)))
        if is_plain is None or not (is_plain or each.rule is None):
            kept.append(each)
    return kept


def _rules(pairs: Iterable[Pair], names: ArmNames) -> list[Change]:
    """Compare the rules of criteria that both versions, being protocols, have."""
    seen: set[tuple[str, str]] = set()
    found: list[Change] = []
    for pair in pairs:
        old, new = pair.old.criterion, pair.new.criterion
        if old.rule is None or new.rule is None or not pair.new.is_head:
            continue
        if (old.id, new.id) not in seen:
            seen.add((old.id, new.id))
            found += compared_rules(old, new, names)
    return found


def _held(
    pairs: Sequence[Pair], old: Sequence[Limit], new: Sequence[Limit], names: ArmNames
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the criteria of each version of which a part was found in the other."""
    edges = [each for each in paired_edges(old, new, names) if each.old and each.new]
    held_old = ids(pair.old for pair in pairs) | {
        each.old.limit.criterion for each in edges if each.old
    }
    held_new = ids(pair.new for pair in pairs) | {
        each.new.limit.criterion for each in edges if each.new
    }
    return frozenset(held_old), frozenset(held_new)


def _placed(change: Change, held_old: frozenset[str], held_new: frozenset[str]) -> Change:
    """Tell a limit under the heading of its criterion, where all of that is new or removed."""
    if change.section != "criteria":
        return change
    if not change.place_old and change.place_new and change.place_new[:3] not in held_new:
        return replace(change, section="new criterion")
    if not change.place_new and change.place_old and change.place_old[:3] not in held_old:
        return replace(change, section="removed criterion")
    return change


def _same(new: Version, changes: Iterable[Change], wording: Iterable[Wording]) -> int:
    """Count the criteria of the newer version of which nothing differs."""
    told = {each.place_new for each in changes} | {each.place_new for each in wording}
    return sum(each.where not in told for each in new.criteria)


def _unread(version: Version, which: str) -> list[str]:
    """Say what of a version was not understood, so not compared."""
    if not version.unread:
        return []
    shown = "; ".join(shorten(each, 100) for each in version.unread[:3])
    more = len(version.unread) - 3
    rest = f"; and {more} more" if more > 0 else ""
    return [f"Not understood in the {which} version, so not compared: {shown}{rest}."]
