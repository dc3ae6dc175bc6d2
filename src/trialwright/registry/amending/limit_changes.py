"""What changes in the limits of numbers, each as a sentence with who can flip."""

from collections.abc import Iterable
from dataclasses import replace

from trialwright.registry.amending.allowed import Edge, order
from trialwright.registry.amending.amendment import Change, Effect, Flip, Wording, both
from trialwright.registry.amending.compared import NO_LONGER, NOW, Compared, by_scope
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.limit_pairs import EdgePair, paired_edges, same_subject
from trialwright.registry.amending.open_limits import Open, unread_change, unread_elsewhere
from trialwright.registry.amending.saying import (
    capital,
    effect_says,
    name_of,
    phrase,
    value_of,
    who_is_between,
    who_is_kept_out,
)
from trialwright.registry.amending.scope import SAME_NAMES, ArmNames, arms_say

_SILENCES = ("passes", "unknown", "fails")
_SILENT_SAYS = {
    "passes": "does not keep a participant out",
    "unknown": "leaves the question open, so that nobody is cleared without it",
    "fails": "keeps a participant out",
}


def compared_limits(
    old: tuple[Limit, ...],
    new: tuple[Limit, ...],
    arms: ArmNames,
    still_open: tuple[Open, Open] = ({}, {}),
) -> Compared:
    """Compare the limits of two versions but for wash-outs.

    Parameters
    ----------
    old, new : tuple of Limit
        All limits of each version.
    arms : ArmNames
        The older version's arms in the newer.
    still_open : tuple of (Open, Open)
        What each version limits in a way that was not understood.

    Returns
    -------
    Compared
        Changes in the order of the newer version.
    """
    pairs = paired_edges(old, new, arms)
    changes: list[Change] = []
    wording: list[Wording] = []
    for pair in _together(pairs):
        unread = unread_elsewhere(pair, *still_open)
        change = unread_change(pair, unread) if unread else _change(pair, pairs, arms)
        if change is not None:
            changes.append(change)
        elif pair.old and pair.new and pair.old.limit.sense != pair.new.limit.sense:
            wording.append(_turned(pair.old, pair.new))
    return Compared(tuple(changes), tuple(wording))


def _together(pairs: Iterable[EdgePair]) -> list[EdgePair]:
    """Tell in one sentence what is the same of several facts at the same places (AST and ALT)."""
    groups: dict[tuple[object, ...], list[EdgePair]] = {}
    for pair in pairs:
        groups.setdefault(_likeness(pair), []).append(pair)
    return [
        EdgePair(_with_also(group[0].old, group[1:]), _with_also(group[0].new, group[1:]))
        for group in groups.values()
    ]


def _likeness(pair: EdgePair) -> tuple[object, ...]:
    """Give what pairs have in common that are told together."""
    edges = (pair.old, pair.new)
    if any(edge is not None and edge.limit.kind != "limit" for edge in edges):
        return (id(pair),)
    return tuple(
        edge
        and (phrase(edge), edge.limit.place, edge.limit.given, edge.limit.arms, edge.limit.silence,
             edge.limit.is_alternative)
        for edge in edges
    )  # fmt: skip


def _with_also(edge: Edge | None, others: Iterable[EdgePair]) -> Edge | None:
    """Add the facts of other pairs to an edge."""
    if edge is None:
        return None
    also = tuple(dict.fromkeys(other.any_edge.limit.subject for other in others))
    return replace(edge, limit=replace(edge.limit, also=also)) if also else edge


def _change(pair: EdgePair, pairs: Iterable[EdgePair], arms: ArmNames) -> Change | None:
    """Say what changes in one pair; None when nothing does."""
    if pair.old is not None and pair.new is not None:
        return _moved(pair.old, pair.new, arms)
    if pair.old is not None:
        others = [each.new for each in pairs if each.new is not None]
        general = _general(pair.old, others)
        if general:
            return _replaced(pair.old, general, arms)
        return _removed(pair.old, arms, others, is_branch=_is_branch(pair.old, pairs, is_new=False))
    if pair.new is not None:
        others = [each.old for each in pairs if each.old is not None]
        general = _general(pair.new, others)
        if general:
            return _replacing(general, pair.new, arms)
        return _added(pair.new, others, is_branch=_is_branch(pair.new, pairs, is_new=True))
    return None


def _is_branch(edge: Edge, pairs: Iterable[EdgePair], *, is_new: bool) -> bool:
    """Say whether an edge is one of several ways to meet a criterion that both versions have."""
    if not edge.limit.is_alternative:
        return False
    return any(
        (pair.new if is_new else pair.old).limit.criterion == edge.limit.criterion
        for pair in pairs
        if pair.old is not None and pair.new is not None
    )


def _is_needed(edge: Edge, others: Iterable[Edge]) -> bool:
    """Say whether the value is needed for another limit of the same thing."""
    return any(
        other.limit.kind == edge.limit.kind
        and same_subject(other.limit, edge.limit)
        and other.limit.silence != "passes"
        for other in others
    )


def _general(edge: Edge, others: Iterable[Edge]) -> Edge | None:
    """Give the limit that holds for a circumstance in a version with none of its own for it."""
    if not edge.limit.given:
        return None
    return next(
        (
            other
            for other in others
            if not other.limit.given
            and other.side == edge.side
            and other.limit.kind == edge.limit.kind
            and same_subject(other.limit, edge.limit)
        ),
        None,
    )


def _moved(old: Edge, new: Edge, arms: ArmNames) -> Change | None:
    """Compare an edge that both versions have."""
    effect, flips = _by_value(old, new)
    missing = _by_silence(old.limit, new.limit)
    if missing:
        effect = both(effect, _silence_effect(old.limit, new.limit))
        flips = (*flips, missing)
    scope_effect, scope_flips = _by_arms(old, new, arms)
    effect, flips = both(effect, scope_effect), (*flips, *scope_flips)
    if old.limit.is_alternative != new.limit.is_alternative:
        effect, flips = both(effect, _alternative_effect(old)), (*flips, _alternative(old, new))
    if effect == "none":
        return None
    before, now = phrase(old), phrase(new)
    if scope_flips:
        before, now = _for(before, arms.mapped(old.limit.arms)), _for(now, new.limit.arms)
    if old.limit.is_alternative != new.limit.is_alternative:
        before, now = _beside(before, old), _beside(now, new)
    says = f"{capital(name_of(new.limit))}: {before} before, {now} now"
    if missing:
        says += f"; a missing value {_SILENT_SAYS[new.limit.silence]}"
    return _told(old, new, f"{says}: {effect_says(effect)}.", effect, flips, arms)


def _by_value(old: Edge, new: Edge) -> tuple[Effect, tuple[Flip, ...]]:
    """Compare where two edges lie."""
    compared = order(old, new)
    if compared == "same":
        return "none", ()
    if compared == "unclear" or new.side == "outside":
        who = f"A participant with {name_of(new.limit)} near either bound may flip."
        return "unclear", (Flip("value", "either", who),)
    is_looser = (compared == "more") == (new.side == "from")
    low, high = (old, new) if compared == "less" else (new, old)
    who = who_is_between(low, high, new)
    if is_looser:
        return "looser", (Flip("value", "in", f"{who} {NO_LONGER}."),)
    return "tighter", (Flip("value", "out", f"{who} {NOW}."),)


def _silence_effect(old: Limit, new: Limit) -> Effect:
    """Say what a change in the meaning of a missing value does."""
    is_looser = _SILENCES.index(new.silence) < _SILENCES.index(old.silence)
    return "looser" if is_looser else "tighter"


def _by_silence(old: Limit, new: Limit) -> Flip | None:
    """Say who flips because a missing value means something else."""
    if old.silence == new.silence:
        return None
    is_looser = _silence_effect(old, new) == "looser"
    before, now = (
        {"passes": "passed", "unknown": "could not be cleared", "fails": "was kept out"}[
            old.silence
        ],
        {"passes": "passes", "unknown": "cannot be cleared", "fails": "is kept out"}[new.silence],
    )
    says = f"A participant whose {value_of(new)} is not known {before} before and {now} now."
    return Flip("missing facts", "in" if is_looser else "out", says)


def _by_arms(old: Edge, new: Edge, arms: ArmNames) -> tuple[Effect, tuple[Flip, ...]]:
    """Compare for which arms an edge holds."""
    who = who_is_kept_out(new)
    return by_scope(arms.mapped(old.limit.arms), new.limit.arms, who, arms)


def _alternative_effect(old: Edge) -> Effect:
    """Say what it does that an edge becomes, or is no longer, one of several ways."""
    return "tighter" if old.limit.is_alternative else "looser"


def _alternative(old: Edge, new: Edge) -> Flip:
    """Say who flips because something else could, or can now, stand in an edge's place."""
    is_looser = _alternative_effect(old) == "looser"
    who = f"{who_is_kept_out(new)} who meets what stands beside it"
    return Flip("words", "in" if is_looser else "out", f"{who} {NO_LONGER if is_looser else NOW}.")


def _beside(says: str, edge: Edge) -> str:
    """Say that something else may stand in an edge's place."""
    return f"{says} (or what stands beside it)" if edge.limit.is_alternative else says


def _for(says: str, arms: tuple[str, ...]) -> str:
    """Say for which arms."""
    return f"{says} for {arms_say(arms)}"


def _removed(old: Edge, arms: ArmNames, others: Iterable[Edge], *, is_branch: bool) -> Change:
    """Say that a limit is gone; one way less to meet a criterion is tighter."""
    name = name_of(old.limit)
    if is_branch:
        return _branch(old, arms, is_new=False)
    says = f"{capital(name)}: {_for_some(old, arms)} before, no limit stated now: looser."
    flips = [Flip("value", "in", f"{who_is_kept_out(old)} {NO_LONGER}.")]
    if old.limit.silence != "passes" and not _is_needed(old, others):
        who = f"A participant whose {value_of(old.limit)} is not known"
        flips.append(
            Flip("missing facts", "in", f"{who} could not be cleared before and can be now.")
        )
    return _told(old, None, says, "looser", tuple(flips), arms)


def _added(new: Edge, others: Iterable[Edge], *, is_branch: bool) -> Change:
    """Say that a limit is new; one more way to meet a criterion is looser."""
    name = name_of(new.limit)
    if is_branch:
        return _branch(new, SAME_NAMES, is_new=True)
    says = f"{capital(name)}: no limit stated before, {_for_some(new, SAME_NAMES)} now: tighter."
    flips = [Flip("value", "out", f"{who_is_kept_out(new)} {NOW}.")]
    if new.limit.silence != "passes" and not _is_needed(new, others):
        who = f"A participant whose {value_of(new.limit)} is not known"
        flips.append(
            Flip("missing facts", "out", f"{who} could be cleared before and cannot be now.")
        )
    return _told(None, new, says, "tighter", tuple(flips), SAME_NAMES)


def _branch(edge: Edge, arms: ArmNames, *, is_new: bool) -> Change:
    """Say that a criterion can be met in one more way, or in one less."""
    effect: Effect = "looser" if is_new else "tighter"
    verb = "now one more way to meet" if is_new else "no longer a way to meet"
    says = (
        f"{capital(name_of(edge.limit))}: {phrase(edge)} is {verb} {edge.limit.criterion}:"
        f" {effect}."
    )
    who = f"A participant who meets {edge.limit.criterion} in this way alone"
    flip = Flip("value", "in" if is_new else "out", f"{who} {NO_LONGER if is_new else NOW}.")
    old, new = (None, edge) if is_new else (edge, None)
    return _told(old, new, says, effect, (flip,), arms)


def _for_some(edge: Edge, arms: ArmNames) -> str:
    """Say an edge, with its arms where it names some."""
    named = arms.mapped(edge.limit.arms)
    return _for(phrase(edge), named) if named else phrase(edge)


def _replaced(old: Edge, general: Edge, arms: ArmNames) -> Change | None:
    """Say that a circumstance has lost its own limit, so that the general one holds."""
    effect, flips = _by_value(old, general)
    if effect == "none":
        return None
    says = (
        f"{capital(name_of(old.limit))}: {phrase(old)} before, no limit of its own now, so"
        f" {phrase(general)}: {effect_says(effect)}."
    )
    return _told(old, general, says, effect, _of_circumstance(flips, old), arms)


def _replacing(general: Edge, new: Edge, arms: ArmNames) -> Change | None:
    """Say that a circumstance has got a limit of its own."""
    effect, flips = _by_value(general, new)
    if effect == "none":
        return None
    says = (
        f"{capital(name_of(new.limit))}: no limit of its own before, so {phrase(general)};"
        f" {phrase(new)} now: {effect_says(effect)}."
    )
    return _told(general, new, says, effect, _of_circumstance(flips, new), arms)


def _of_circumstance(flips: tuple[Flip, ...], edge: Edge) -> tuple[Flip, ...]:
    """Say that those who flip are those in the circumstance."""
    given = f", given {edge.limit.given},"
    return tuple(
        each
        if edge.limit.given in each.says
        else Flip(each.kind, each.turn, each.says.replace(" was ", f"{given} was ", 1))
        for each in flips
    )


def _told(
    old: Edge | None,
    new: Edge | None,
    says: str,
    effect: Effect,
    flips: tuple[Flip, ...],
    arms: ArmNames,
) -> Change:
    """Put a change together."""
    before, now = old.limit if old else None, new.limit if new else None
    scope = set(now.arms if now else ()) | set(arms.mapped(before.arms if before else ()))
    if before and now and not (before.arms and now.arms):
        scope = set()
    found = now or before
    name = name_of(found) if found else ""
    return Change(
        name,
        says,
        phrase(old) if old else "",
        phrase(new) if new else "",
        before.place if before else "",
        now.place if now else "",
        tuple(sorted(scope)),
        effect,
        flips,
    )


def _turned(old: Edge, new: Edge) -> Wording:
    """Say that a limit is told the other way round and is the same."""
    says = (
        f"{capital(name_of(new.limit))}: told as `{phrase(old)}` before and as `{phrase(new)}` now,"
        " which allows the same values."
    )
    return Wording(
        name_of(new.limit), says, phrase(old), phrase(new), old.limit.place, new.limit.place
    )
