"""What changes in wash-outs: compared treatment by treatment, whichever list states them.

One version says 14 days for all therapy, 28 days for one medicine and 4 weeks for chemotherapy;
the next says 2 weeks for any. So for each treatment that either version names, the longest time
that each version asks for is compared, that for a wider kind of treatment included. A wash-out of
what is no known treatment (a heart attack, a CYP3A inhibitor) is found again by its words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trialwright.registry.amending.allowed import Edge, edges_of, order, reach
from trialwright.registry.amending.amendment import Change, Effect, Flip
from trialwright.registry.amending.compared import NO_LONGER, NOW
from trialwright.registry.amending.limit import Limit
from trialwright.registry.amending.limit_pairs import shared
from trialwright.registry.amending.saying import (
    amount,
    between,
    capital,
    effect_says,
    listed,
    small,
)
from trialwright.registry.amending.scope import ArmNames
from trialwright.registry.amending.treatments import treatment_keys, treatments_in, wider
from trialwright.registry.amending.words import keys_of, words_in, words_of

_LEAST_SHARED = 0.5
_MOST_BESIDE = 4
"""Most words beside treatments that a time after those treatments has."""

_GENERAL = words_in("therapy prior received last dose agent drug completed discontinuation regimen")
_SETTING = words_in(
    "adjuvant neoadjuvant neo symptomatic minor palliative prophylactic topical concurrent"
)
"""Words by which a time is since a treatment under some circumstance only."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A time that one version asks for after some treatments, or after one event in its words."""

    edge: Edge
    treatments: tuple[str, ...]
    words: frozenset[str]

    @property
    def family(self) -> tuple[str, str]:
        """What can be compared: half-lives apart from times, least times apart from greatest."""
        unit = "half-lives" if self.edge.unit == "half-lives" else "time"
        return self.edge.side, unit


def compared_wash_outs(
    old: Iterable[Limit], new: Iterable[Limit], arms: ArmNames
) -> tuple[Change, ...]:
    """Compare the wash-outs of two versions.

    Parameters
    ----------
    old, new : iterable of Limit
        All limits of each version.
    arms : ArmNames
        The older version's arms in the newer.

    Returns
    -------
    tuple of Change
        Treatments with the same change are told together.
    """
    ours, theirs = _asked(old), _asked(new)
    compared: dict[tuple[_Asked | None, _Asked | None], list[str]] = {}
    beside: list[tuple[_Asked, _Asked, str]] = []
    for family in dict.fromkeys(each.family for each in (*theirs, *ours)):
        mine, other = ([each for each in side if each.family == family] for side in (ours, theirs))
        for treatment in _named(other, mine):
            pair = _longest(mine, treatment), _longest(other, treatment)
            compared.setdefault(pair, []).append(treatment)
        for pair in _by_words(mine, other):
            compared.setdefault(pair, [])
        beside += _beside(mine, other)
    told = [
        change
        for (one, two), treatments in compared.items()
        if (change := _change(one, two, treatments, arms)) is not None
    ]
    return (*told, *(_covered(one, two, treatment, arms) for one, two, treatment in beside))


def _asked(limits: Iterable[Limit]) -> list[_Asked]:
    """Give the times that a version asks for."""
    found = []
    for limit in limits:
        if limit.kind != "wash-out":
            continue
        named = treatments_in(limit.narrowed) or _treatments_of(limit.subject)
        words = frozenset(keys_of(words_of(limit.subject or limit.words)))
        found += [_Asked(edge, named, words) for edge in edges_of(limit)]
    return found


def _treatments_of(subject: str) -> tuple[str, ...]:
    """Give the treatments a time is since; none where the words speak of more than treatment."""
    beside = set(keys_of(words_of(subject))) - treatment_keys(subject) - _GENERAL
    if len(beside) > _MOST_BESIDE or beside & _SETTING:
        return ()
    return treatments_in(subject)


def _named(*sides: Sequence[_Asked]) -> tuple[str, ...]:
    """Give the treatments that either version names, in the order of the newer."""
    return tuple(dict.fromkeys(name for side in sides for each in side for name in each.treatments))


def _beside(old: Sequence[_Asked], new: Sequence[_Asked]) -> Iterator[tuple[_Asked, _Asked, str]]:
    """Give the times for one treatment that differ beside a longer one that holds for it too."""
    for treatment in _named(new, old):
        longest_old, longest_new = _longest(old, treatment), _longest(new, treatment)
        if longest_old is None or longest_new is None:
            continue
        if order(longest_old.edge, longest_new.edge) == "same":
            mine, theirs = (
                [each for each in side if treatment in each.treatments] for side in (old, new)
            )
            pairs = zip(_without(mine, theirs), _without(theirs, mine), strict=False)
            yield from ((one, two, treatment) for one, two in pairs)


def _without(asked: Sequence[_Asked], others: Sequence[_Asked]) -> list[_Asked]:
    """Leave out the times that the other version asks for too, each once."""
    left, taken = [], list(others)
    for each in asked:
        same = next((other for other in taken if order(each.edge, other.edge) == "same"), None)
        if same is None:
            left.append(each)
        else:
            taken.remove(same)
    return left


def _covered(old: _Asked, new: _Asked, treatment: str, arms: ArmNames) -> Change:
    """Say that a time for one treatment differs, where a longer one for a wider kind stands."""
    what = f"{_since(old, new)} {treatment}"
    before, now = _phrase(old), _phrase(new)
    says = (
        f"{capital(what)}: {before} before, {now} now, beside a longer time that holds for it"
        f" too: {effect_says('unclear')}."
    )
    places = (old.edge.limit.place, new.edge.limit.place)
    flips = _flips(old, new, f"time since {treatment}", "unclear")
    return Change(what, says, before, now, *places, _scope(old, new, arms), "unclear", flips)


def _longest(asked: Sequence[_Asked], treatment: str) -> _Asked | None:
    """Give the time that decides after a treatment, or after a wider kind of it.

    Of times that must have passed that is the longest, of times that must not the shortest.
    """
    kinds = set(wider(treatment))
    named = [each for each in asked if kinds & set(each.treatments)]
    if not named:
        return None
    decides = max if named[0].edge.side == "from" else min
    return decides(named, key=lambda each: reach(each.edge))


def _by_words(
    old: Sequence[_Asked], new: Sequence[_Asked]
) -> list[tuple[_Asked | None, _Asked | None]]:
    """Pair by their words the times after what is no known treatment."""
    ours, theirs = ([each for each in side if not each.treatments] for side in (old, new))
    ranked = sorted(
        (-_alike(one, other), abs(here - there), here + there, here, there)
        for here, one in enumerate(ours)
        for there, other in enumerate(theirs)
        if _alike(one, other) >= _LEAST_SHARED
    )
    partners: dict[int, int] = {}
    for *_, here, there in ranked:
        if here not in partners and there not in partners.values():
            partners[here] = there
    pairs: list[tuple[_Asked | None, _Asked | None]] = [
        (ours[here], theirs[there]) for here, there in partners.items()
    ]
    pairs += [(each, None) for here, each in enumerate(ours) if here not in partners]
    taken = set(partners.values())
    pairs += [(None, each) for there, each in enumerate(theirs) if there not in taken]
    return pairs


def _alike(one: _Asked, other: _Asked) -> float:
    """Give how alike the words of two times are."""
    if not one.words and not other.words:
        return 1.0
    is_same = order(one.edge, other.edge) == "same"
    return shared(set(one.words), set(other.words)) + (0.1 if is_same else 0.0)


def _change(
    old: _Asked | None, new: _Asked | None, treatments: Sequence[str], arms: ArmNames
) -> Change | None:
    """Say what changes; None when nothing does."""
    effect = _effect(old, new, arms)
    if effect == "none":
        return None
    named = listed(_shortened(treatments))
    what = f"{_since(old, new)} {named}" if named else _subject(old, new)
    before, now = _phrase(old), _phrase(new)
    says = f"{capital(what)}: {before} before, {now} now: {effect_says(effect)}."
    if any(each is not None and each.edge.unit == "half-lives" for each in (old, new)):
        says = f"{says[:-1]} (where that is the time that decides)."
    return Change(
        what,
        says,
        before if old else "",
        now if new else "",
        old.edge.limit.place if old else "",
        new.edge.limit.place if new else "",
        _scope(old, new, arms),
        effect,
        _flips(old, new, f"time since {named}" if named else what, effect),
    )


def _since(old: _Asked | None, new: _Asked | None) -> str:
    """Say whether a time must pass, or must not."""
    is_limited = any(each is not None and each.edge.side == "up to" for each in (old, new))
    return "time since" if is_limited else "wash-out after"


def _scope(old: _Asked | None, new: _Asked | None, arms: ArmNames) -> tuple[str, ...]:
    """Give the arms concerned."""
    before = arms.mapped(old.edge.limit.arms) if old else None
    now = new.edge.limit.arms if new else None
    named = [each for each in (before, now) if each is not None]
    return () if any(not each for each in named) else tuple(sorted({*sum(named, ())}))


def _effect(old: _Asked | None, new: _Asked | None, arms: ArmNames) -> Effect:
    """Say what a change does."""
    if old is None or new is None:
        if old is None and new is None:
            return "none"
        is_gone = new is None
        only = old or new
        is_turned = only is not None and only.edge.limit.whichever == "shorter"
        return "looser" if is_gone != is_turned else "tighter"
    if arms.mapped(old.edge.limit.arms) != arms.mapped(new.edge.limit.arms):
        return "unclear"
    compared = order(old.edge, new.edge)
    if compared == "same":
        is_same = old.edge.limit.whichever == new.edge.limit.whichever
        return "none" if is_same else "unclear"
    if compared == "unclear":
        return "unclear"
    return "looser" if (compared == "more") == (new.edge.side == "from") else "tighter"


def _shortened(treatments: Sequence[str]) -> list[str]:
    """Leave out a treatment whose wider kind is told beside it."""
    return [each for each in treatments if not set(wider(each)[1:]) & set(treatments)]


def _subject(old: _Asked | None, new: _Asked | None) -> str:
    """Say what an event is called."""
    found = new or old
    subject = found.edge.limit.subject if found else ""
    return f"time since {small(subject)}" if subject else "time since what is named"


def _phrase(asked: _Asked | None) -> str:
    """Say a time asked for."""
    if asked is None:
        return "no time stated"
    edge = asked.edge
    stated = amount(edge.limit, edge.number)
    if edge.side == "from":
        return f"{'more than' if edge.is_strict else 'at least'} {stated} required"
    return f"{'less than' if edge.is_strict else 'at most'} {stated} required"


def _flips(old: _Asked | None, new: _Asked | None, what: str, effect: Effect) -> tuple[Flip, ...]:
    """Say who flips."""
    who = f"A participant whose {what} is {_flipped_time(old, new, effect)}"
    match effect:
        case "looser":
            return (Flip("value", "in", f"{who} {NO_LONGER}."),)
        case "tighter":
            return (Flip("value", "out", f"{who} {NOW}."),)
        case _:
            return (Flip("value", "either", f"{who} may flip."),)


def _flipped_time(old: _Asked | None, new: _Asked | None, effect: Effect) -> str:
    """Say which times flip."""
    if old is None or new is None or effect == "unclear":
        edges = [each.edge for each in (new, old) if each is not None]
        side = "shorter" if edges[0].side == "from" else "longer"
        return f"{side} than {amount(edges[0].limit, edges[0].number)}"
    is_raised = order(old.edge, new.edge) == "less"
    low, high = (old, new) if is_raised else (new, old)
    return between(low.edge, high.edge, new.edge)
