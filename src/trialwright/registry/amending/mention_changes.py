"""What changes in the numbers that a clause states beside its limits: grades, times, sizes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.registry.amending.amendment import OPPOSITE, Effect
from trialwright.registry.amending.clauses import Clause
from trialwright.registry.amending.mentions import Mention
from trialwright.registry.amending.senses import Sense
from trialwright.registry.amending.word_changes import narrowed

_MISSED = re.compile(
    r"\b(?:not|without|fail\w*)\b[^.;]*\b(?:recover|resol|improv|return)\w*\s+(?:back )?to\s*"
    r"(?:a |an )?(?:\(|<|≤|=)*\s*$",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"^\W*(?:no\b|not\b|\w+ (?:must|may|should) not\b|must not\b|without\b)"
    r"|\bnot (?:\w+ )?(?:recovered|resolved) from\b"
    r"|\b(?:not|no) (?:more|less|greater|fewer)\b",
    re.IGNORECASE,
)
_NEAR = 200  # characters
_NEGATION = re.compile(r"\b(?:not|no|never|without)\b", re.IGNORECASE)
_RECOVERED = re.compile(r"\b(?:recover|resol|improv|return)\w*\b[^.;]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MentionChange:
    """A number that differs.

    Attributes
    ----------
    old, new : Mention or None
        None where the version states none.
    before, now : str
        What each version states, in words.
    effect : str
        What it does to who may enter.
    """

    old: Mention | None
    new: Mention | None
    before: str
    now: str
    effect: Effect

    @property
    def lone(self) -> tuple[Mention, ...]:
        """The number where only one version states one."""
        return tuple(
            each
            for each, other in ((self.old, self.new), (self.new, self.old))
            if each is not None and other is None
        )


def mention_changes(old: Clause, new: Clause) -> tuple[MentionChange, ...]:
    """Compare the numbers of a clause.

    Parameters
    ----------
    old, new : Clause
        The clause in each version.

    Returns
    -------
    tuple of MentionChange
        Empty when they mean the same.
    """
    ours, theirs = _left(old.mentions, new.mentions), _left(new.mentions, old.mentions)
    found = []
    for unit in dict.fromkeys(each.unit for each in (*theirs, *ours)):
        mine = [each for each in ours if each.unit == unit]
        other = [each for each in theirs if each.unit == unit]
        both = min(len(mine), len(other))
        found += [_changed(one, two, old, new) for one, two in zip(mine, other, strict=False)]
        found += [_gone(each, old) for each in mine[both:]]
        found += [_come(each, new) for each in other[both:]]
    return tuple(found)


def _left(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Give the mentions that the other clause does not state."""
    meanings = [each.meaning for each in others]
    left = []
    for each in mentions:
        if each.meaning in meanings:
            meanings.remove(each.meaning)
        else:
            left.append(each)
    return left


def _changed(one: Mention, two: Mention, old: Clause, new: Clause) -> MentionChange:
    """Compare a number that both clauses state."""
    effect: Effect = "unclear"
    is_turned = _is_target_missed(one, old) and _is_target_missed(two, new)
    is_bound = one.bounds == two.bounds and one.bounds in ("from", "up to")
    if is_bound and old.sense == new.sense and one.last == two.last:
        is_raised = (two.number, two.is_strict) > (one.number, one.is_strict)
        if one.bounds == "up to":
            is_raised = (two.number, one.is_strict) > (one.number, two.is_strict)
        is_narrower = (is_raised == (one.bounds == "from")) != is_turned
        effect = narrowed(new.sense) if is_narrower else OPPOSITE[narrowed(new.sense)]
        if not is_turned and (_is_negated(one, old) or _is_negated(two, new)):
            effect = "unclear"
    return MentionChange(one, two, one.words, two.words, effect)


def _before(mention: Mention, clause: Clause) -> str:
    """Give the words before a number that can speak of it."""
    return clause.text[max(0, mention.start - _NEAR) : mention.start]


def _is_target_missed(mention: Mention, clause: Clause) -> bool:
    """Say whether a number is what was to be reached and was not (`not resolved to grade 1`)."""
    return bool(_MISSED.search(_before(mention, clause)))


def _is_negated(mention: Mention, clause: Clause) -> bool:
    """Say whether a negation before a number may turn its bound round."""
    before = _TURNED.sub(" ", _before(mention, clause))
    return bool(_NEGATION.search(before))


def _come(mention: Mention, new: Clause) -> MentionChange:
    """Say that a number has come into a clause."""
    return MentionChange(None, mention, _none(mention), mention.words, _of(mention, new))


def _gone(mention: Mention, old: Clause) -> MentionChange:
    """Say that a number is gone from a clause."""
    effect = OPPOSITE[_of(mention, old)]
    return MentionChange(mention, None, mention.words, _none(mention), effect)


def _none(mention: Mention) -> str:
    """Say that no number is stated."""
    return "any grade" if mention.unit == "grade" else "no such number"


def _of(mention: Mention, clause: Clause) -> Effect:
    """Say what a number does to the clause it stands in: a bound makes it narrower."""
    sense: Sense = clause.sense
    if mention.bounds not in ("from", "up to"):
        return "none" if sense == "explained" else "unclear"
    before = _before(mention, clause)
    if mention.bounds == "up to" and sense == "required" and _RECOVERED.search(before):
        return "looser"  # `recovered to grade 1 or less` asks for less than `recovered`
    return narrowed(sense)
