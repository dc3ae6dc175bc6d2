"""Criteria of two versions: limits across both lists, then what is left of the words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trialwright.registry.amending.amendment import Change, Flip, Wording
from trialwright.registry.amending.clause_changes import by_part, compared_clause
from trialwright.registry.amending.clauses import Clause, clauses_of
from trialwright.registry.amending.compared import NO_LONGER, NOW, Compared
from trialwright.registry.amending.criterion_changes import ids, left_clauses, restated
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.limit_changes import compared_limits
from trialwright.registry.amending.limit_pairs import paired_edges
from trialwright.registry.amending.pairing import Pair, paired
from trialwright.registry.amending.scope import SAME_NAMES, ArmNames
from trialwright.registry.amending.stated_changes import (
    compared_rules,
    compared_sex,
    settled_words,
)
from trialwright.registry.amending.version import Version, VersionCriterion
from trialwright.registry.amending.washouts import compared_wash_outs
from trialwright.registry.amending.words import abbreviations_of

OTHER_WORDS = (
    "one version is in a protocol's own words, so whether it is there is for people to say"
)
"""Ends the sentence on what was not found in other words."""


def compared_criteria(old: Version, new: Version, names: ArmNames) -> Compared:
    """Compare the criteria of two versions.

    Parameters
    ----------
    old, new : Version
        Two versions of one trial.
    names : ArmNames
        The older version's arms in the newer.

    Returns
    -------
    Compared
        Limits first, then what is left of the words, clause by clause.
    """
    limits, others = _limits(old, new), _limits(new, old)
    numbers = compared_limits(limits, others, names, (_open(old, new), _open(new, old)))
    stated = (*compared_wash_outs(limits, others, names), *compared_sex(limits, others))
    mine, theirs = _changed(old, new, names), _changed(new, old, names, is_new=True)
    known = abbreviations_of(each.words for each in (*mine, *theirs))
    both = clauses_of(mine, known), clauses_of(theirs, known)
    pairs, *left = paired(*both)
    worded = _paired_clauses(pairs, both, names, settled_words(limits, others))
    found = [*numbers.changes, *stated, *worded.changes, *_rules(pairs, names)]
    held = _held(pairs, limits, others, found, names)
    is_mixed = _has_own_words(old) != _has_own_words(new)
    apart = _left_clauses((left[0], left[1]), both, held, found, names, is_mixed=is_mixed)
    changes = [_placed(each, *held) for each in (*found, *apart.changes)]
    return Compared(
        tuple(_hedged(each) for each in changes) if is_mixed else tuple(changes),
        (*numbers.wording, *worded.wording, *apart.wording),
        worded.notes,
    )


_Both = tuple[Sequence[Clause], Sequence[Clause]]


def _paired_clauses(
    pairs: Sequence[Pair], both: _Both, names: ArmNames, settled: frozenset[str]
) -> Compared:
    """Compare the clauses that both versions have, and the parts of the trial they are for."""
    compared = [compared_clause(pair, names, settled) for pair in pairs]
    changes = [change for each in compared for change in each.changes]
    named = [any(clause.part for clause in clauses) for clauses in both]
    notes: tuple[str, ...] = ()
    if all(named):
        changes += [change for pair in pairs for change in by_part(pair, names)]
    elif any(named):
        which = "older" if named[0] else "newer"
        notes = (f"Only the {which} version names the part of the trial before a criterion.",)
    return Compared(tuple(changes), tuple(w for each in compared for w in each.wording), notes)


def _left_clauses(
    left: _Both,
    both: _Both,
    held: tuple[frozenset[str], frozenset[str]],
    found: Sequence[Change],
    names: ArmNames,
    *,
    is_mixed: bool,
) -> Compared:
    """Tell the clauses that only one version has, and those that say what others say too."""
    changes: list[Change] = []
    wording: list[Wording] = []
    with_part = all(any(clause.part for clause in clauses) for clauses in both)
    for is_new in (True, False):
        ours, others = (SAME_NAMES, names) if is_new else (names, SAME_NAMES)
        mine, theirs = (
            left[is_new],
            {_said(each, others, with_part=with_part) for each in both[not is_new]},
        )
        parts = [each for each in mine if not is_mixed or each.criterion.id not in held[is_new]]
        fresh = [each for each in parts if _said(each, ours, with_part=with_part) not in theirs]
        compared = left_clauses(fresh, held[is_new], names, is_new=is_new)
        changes += compared.changes
        wording += compared.wording
        apart = [each for each in parts if each.criterion.id not in held[is_new]]
        again = [each for each in apart if _said(each, ours, with_part=with_part) in theirs]
        wording += restated(apart, again, (*found, *changes), is_new=is_new)
    return Compared(tuple(changes), tuple(wording))


def _said(clause: Clause, names: ArmNames, *, with_part: bool) -> tuple[object, ...]:
    """Give what two clauses have in common that say the same for the same participants."""
    arms = names.mapped(clause.criterion.arms)
    return clause.every_key, clause.sense, clause.part.casefold() if with_part else "", arms


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
    pairs: Sequence[Pair],
    old: Sequence[Limit],
    new: Sequence[Limit],
    found: Iterable[Change],
    names: ArmNames,
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the criteria of each version of which a part was found in the other."""
    edges = [each for each in paired_edges(old, new, names) if each.old and each.new]
    told = [each for each in found if each.place_old and each.place_new]
    held_old = ids(pair.old for pair in pairs) | {each.place_old[:3] for each in told}
    held_new = ids(pair.new for pair in pairs) | {each.place_new[:3] for each in told}
    held_old |= {each.old.limit.criterion for each in edges if each.old}
    held_new |= {each.new.limit.criterion for each in edges if each.new}
    return held_old, held_new


def _placed(change: Change, held_old: frozenset[str], held_new: frozenset[str]) -> Change:
    """Tell a limit under the heading of its criterion, where all of that is new or removed."""
    if change.section != "criteria":
        return change
    if not change.place_old and change.place_new and change.place_new[:3] not in held_new:
        return replace(change, section="new criterion")
    if not change.place_new and change.place_old and change.place_old[:3] not in held_old:
        return replace(change, section="removed criterion")
    return change
