"""Clauses that only one version has: criteria that are new or removed, and parts of the others."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from trialwright.registry.amending.amendment import (
    OPPOSITE,
    Change,
    Effect,
    Flip,
    FlipKind,
    Section,
    Turn,
    Wording,
)
from trialwright.registry.amending.clauses import Clause
from trialwright.registry.amending.compared import NO_LONGER, NOW, Compared
from trialwright.registry.amending.inline import short
from trialwright.registry.amending.saying import capital, effect_says
from trialwright.registry.amending.scope import ArmNames, arms_say
from trialwright.registry.amending.senses import Sense
from trialwright.registry.amending.topics import topic_of

_FEW = 4
"""Words beside its limits that a clause may have and still be nothing but its limits."""

_MOST = 240
_NO_LIMIT = re.compile(r"\bno (?:upper )?limit\b", re.IGNORECASE)


def left_clauses(
    left: Sequence[Clause], known: frozenset[str], arms: ArmNames, *, is_new: bool
) -> Compared:
    """Tell the clauses that the other version does not have.

    Parameters
    ----------
    left : sequence of Clause
        In the order of their version.
    known : frozenset of str
        Criteria of that version of which a clause or a limit was found in the other.
    arms : ArmNames
        The older version's arms in the newer.
    is_new : bool
        Whether they are the newer version's.

    Returns
    -------
    Compared
        Whole criteria as one change each, parts of criteria by what they do.
    """
    changes: list[Change] = []
    wording: list[Wording] = []
    for criterion, group in groupby(left, key=lambda each: each.criterion.id):
        clauses = list(group)
        if criterion not in known:
            changes += _whole(clauses, arms, is_new=is_new)
            continue
        for sense, part in groupby(clauses, key=lambda each: each.sense):
            some = [each for each in part if not _is_limits_alone(each)]
            if sense == "explained" or not clauses[0].criterion.is_record_words:
                wording += [_wording(each, is_new=is_new) for each in some]
            elif some:
                changes.append(_part(some, sense, arms, is_new=is_new))
    return Compared(tuple(changes), tuple(wording))


def _is_limits_alone(clause: Clause) -> bool:
    """Say whether a clause is nothing but limits that are compared by themselves."""
    return bool(clause.limits) and len(set(clause.own_keys)) <= _FEW and not clause.mentions


def _whole(clauses: list[Clause], arms: ArmNames, *, is_new: bool) -> Iterable[Change]:
    """Tell a criterion that is new or removed; nothing if its limits tell it already."""
    if all(map(_is_limits_alone, clauses)):
        return
    head = clauses[0]
    effect, note = _effect_of_whole(head, is_exclusion=head.criterion.is_exclusion)
    if not is_new:
        effect = OPPOSITE[effect]
    topic = topic_of(head.criterion.words)
    kind = "exclusion" if head.criterion.is_exclusion else "inclusion"
    says = (
        f"{capital(topic)}: {'new' if is_new else 'removed'} {kind} criterion"
        f"{_for(head, arms, is_new=is_new)}, `{short(_words(clauses), _MOST)}`{note}:"
        f" {effect_says(effect)}."
    )
    section: Section = "new criterion" if is_new else "removed criterion"
    words = _words(clauses)
    flips = _flips(head, effect, arms, words, is_new=is_new)
    yield _change(topic, says, words, head, effect, flips, arms, section, is_new=is_new)


def _effect_of_whole(head: Clause, *, is_exclusion: bool) -> tuple[Effect, str]:
    """Say what it does that a criterion comes in."""
    if head.sense != "allowed":
        return "tighter", ""
    if is_exclusion:
        return "unclear", " (allowed, among the exclusions)"
    if head.is_conditional:
        return "tighter", " (allowed under a condition)"
    return "none", " (a permission, which restricts nobody)"


def _part(clauses: list[Clause], sense: Sense, arms: ArmNames, *, is_new: bool) -> Change:
    """Tell a part of a criterion that is new or gone."""
    effect: Effect = {"required": "tighter", "excluded": "tighter", "allowed": "looser"}.get(
        sense, "unclear"
    )  # type: ignore[assignment]
    words = _words(clauses)
    if _NO_LIMIT.search(words):
        effect = "none"
    if not is_new:
        effect = OPPOSITE[effect]
    head = clauses[0]
    topic = _topic(words, head)
    what = {
        "required": "asked for",
        "excluded": "a reason to keep out",
        "allowed": "allowed",
        "defined": "a definition",
    }[sense]
    verb = "now also stated" if is_new else "no longer stated"
    says = (
        f"{capital(topic)}: {verb} in {head.criterion.id}, as {what}, `{short(words, _MOST)}`:"
        f" {effect_says(effect)}."
    )
    flips = _flips(head, effect, arms, words, is_new=is_new)
    return _change(topic, says, words, head, effect, flips, arms, "criteria", is_new=is_new)


def _flips(
    head: Clause, effect: Effect, arms: ArmNames, words: str, *, is_new: bool
) -> tuple[Flip, ...]:
    """Say who flips."""
    if effect == "none":
        return ()
    shown = short(words, 160)
    is_met_wrong = head.sense == "excluded"
    who = f"A participant {'with' if is_met_wrong else 'who does not meet'} `{shown}`"
    if head.sense == "allowed":
        who = f"A participant whom `{shown}` concerns"
    turn: Turn = {"looser": "in", "tighter": "out"}.get(effect, "either")  # type: ignore[assignment]
    turned = {"looser": NO_LONGER, "tighter": NOW}.get(effect, "may flip")
    kind: FlipKind = "words"
    return (Flip(kind, turn, f"{who} {turned}{_for(head, arms, is_new=is_new)}."),)


def _for(clause: Clause, arms: ArmNames, *, is_new: bool) -> str:
    """Say for which arms a criterion holds; empty for every arm."""
    named = _arms(clause, arms, is_new=is_new)
    return f" for {arms_say(named)}" if named else ""


def _arms(clause: Clause, arms: ArmNames, *, is_new: bool) -> tuple[str, ...]:
    """Give the newer letters of a criterion's arms."""
    return clause.criterion.arms if is_new else arms.mapped(clause.criterion.arms)


def _change(
    topic: str,
    says: str,
    words: str,
    clause: Clause,
    effect: Effect,
    flips: tuple[Flip, ...],
    arms: ArmNames,
    section: Section,
    *,
    is_new: bool,
) -> Change:
    """Put a change together."""
    plain, where = " ".join(words.split()), clause.criterion.where
    named = _arms(clause, arms, is_new=is_new)
    if is_new:
        return Change(topic, says, "", plain, "", where, named, effect, flips, section)
    return Change(topic, says, plain, "", where, "", named, effect, flips, section)


def _wording(clause: Clause, *, is_new: bool) -> Wording:
    """Say that an explanation has come or gone."""
    topic = topic_of(clause.text)
    verb = "now also explained" if is_new else "no longer explained"
    says = f"{capital(topic)}: {verb} in {clause.criterion.id}: `{short(clause.shown, _MOST)}`"
    where = clause.criterion.where
    if is_new:
        return Wording(topic, says, "", clause.shown, "", where)
    return Wording(topic, says, clause.shown, "", where, "")


def _words(clauses: Iterable[Clause]) -> str:
    """Give the words of clauses."""
    return " ".join(each.shown for each in clauses)


def _topic(words: str, head: Clause) -> str:
    """Say what a part of a criterion is about; an approval, with what it is for."""
    topic = topic_of(words)
    return f"{topic}, {topic_of(head.criterion.words)}" if topic == "approval" else topic


def restated(
    left: Sequence[Clause], again: Sequence[Clause], changes: Sequence[Change], *, is_new: bool
) -> tuple[Wording, ...]:
    """Tell the criteria that only one version has and that change nothing.

    Parameters
    ----------
    left : sequence of Clause
        Clauses without a partner in the other version.
    again : sequence of Clause
        Those of them that it has in the same words all the same.
    changes : sequence of Change
        Every change found.
    is_new : bool
        Whether they are the newer version's.

    Returns
    -------
    tuple of Wording
        One for each criterion whose limits stand elsewhere too, or limit nobody.
    """
    told = {each.place_new if is_new else each.place_old for each in changes}
    heads = {
        each.criterion.id: each
        for each in left
        if each.is_head
        and (_is_limits_alone(each) or each in again)
        and each.criterion.where not in told
    }
    return tuple(_restated(each, is_new=is_new) for each in heads.values())


def _restated(clause: Clause, *, is_new: bool) -> Wording:
    """Say that a criterion has come or gone, and that what it limits has not."""
    words, where = short(clause.shown, _MOST), clause.criterion.where
    verb = "is stated now too" if is_new else "is no longer stated"
    topic = topic_of(clause.text)
    says = f"{clause.criterion.id} {verb}, `{words}`: what it says stands elsewhere too"
    if is_new:
        return Wording(topic, says, "", clause.shown, "", where)
    return Wording(topic, says, clause.shown, "", where, "")


def ids(clauses: Iterable[Clause]) -> frozenset[str]:
    """Give the criteria in which clauses stand.

    Parameters
    ----------
    clauses : iterable of Clause
        Any clauses.

    Returns
    -------
    frozenset of str
        Their ids.
    """
    return frozenset(each.criterion.id for each in clauses)
