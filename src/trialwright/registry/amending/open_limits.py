"""Limits that one version states in a way that was not understood, so that they stay open."""

from collections.abc import Mapping, Sequence

from trialwright.registry.amending.amendment import Change, Flip
from trialwright.registry.amending.limit_pairs import EdgePair
from trialwright.registry.amending.saying import (
    capital,
    effect_says,
    name_of,
    phrase,
    who_is_kept_out,
)
from trialwright.registry.amending.topics import fact_key
from trialwright.registry.amending.words import words_of

Open = Mapping[str, Sequence[tuple[str, str]]]
"""What a version limits in a way that was not understood: fact to words and their places."""


def unread_elsewhere(pair: EdgePair, old_open: Open, new_open: Open) -> Sequence[tuple[str, str]]:
    """Give what the version without an edge limits of its fact and was not understood.

    Parameters
    ----------
    pair : EdgePair
        An edge that one version has, or both.
    old_open, new_open : Open
        What each version limits in a way that was not understood.

    Returns
    -------
    sequence of (str, str)
        Words with their place; empty for an edge that both have.
    """
    if pair.old is not None and pair.new is not None:
        return ()
    limit = pair.any_edge.limit
    fact = fact_key(limit.subject) if limit.kind == "limit" else ""
    return (new_open if pair.new is None else old_open).get(fact, ())


def unread_change(pair: EdgePair, unread: Sequence[tuple[str, str]]) -> Change | None:
    """Say that a limit was not understood in the other version.

    Parameters
    ----------
    pair : EdgePair
        An edge that one version has.
    unread : sequence of (str, str)
        Words of the other version with their place.

    Returns
    -------
    Change or None
        None where the words are the same.
    """
    edge = pair.any_edge
    mine = [word.plain for word in words_of(edge.limit.words)]
    if any([word.plain for word in words_of(words)] == mine for words, _ in unread):
        return None
    words, place = unread[0]
    stated = f"`{words}`, which was not understood,"
    before, now = (phrase(edge), stated) if pair.new is None else (stated, phrase(edge))
    name = name_of(edge.limit)
    says = f"{capital(name)}: {before} before, {now} now: {effect_says('unclear')}."
    flip = Flip("value", "either", f"{who_is_kept_out(edge)} may flip.")
    places = (edge.limit.place, place) if pair.new is None else (place, edge.limit.place)
    return Change(name, says, before, now, *places, (), "unclear", (flip,))
