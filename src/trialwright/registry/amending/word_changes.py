"""What the words of one clause gained and lost, and whether that makes it wider or narrower.

A clause with `clinically significant` in it speaks of fewer; with `or ...` of more. What that does
depends on whether the clause asks for something, keeps out, or lets in. Where neither is plain, the
effect is for people to say: no difference in words that carry a meaning is called mere wording.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trialwright.registry.amending.amendment import OPPOSITE, Effect
from trialwright.registry.amending.clauses import Clause
from trialwright.registry.amending.mentions import Mention
from trialwright.registry.amending.senses import Sense
from trialwright.registry.amending.words import words_in

Reach = Literal["narrower", "wider", "example", "definition", "unclear"]
"""What words do to the clause they stand in."""

_NARROWING = words_in(
    "clinically significant significantly uncontrolled active actively symptomatic known"
    " progressive untreated severe serious ongoing persistent uncorrected unresolved confirmed"
    " histologically cytologically invasive chronic acute current currently recent major"
    " clinical intolerable radiologically measurable prior chronically systemic"
)
_AFTERTHOUGHT = re.compile(
    r"^\W*(?:due to|caused by|requiring|resulting in|leading to|that|which|who|during"
    r"|receiving|taking|undergoing)\b",
    re.IGNORECASE,
)
_BEFORE_ONE = re.compile(
    r"\b(?:with|that|which|who|during|receiving|taking)\s+(?:\w+\s+)?$|\bon\s+$", re.IGNORECASE
)
_OR_BEFORE = re.compile(r"(?:\bor|/)\s*$", re.IGNORECASE)
_OR_AFTER = re.compile(r"^\s*(?:/|,?\s*\bor\b)", re.IGNORECASE)
_OR_INSIDE = re.compile(r"^\W*(?:and/or|or)\b", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:\be\.?\s?g\.?|\bsuch as|\bfor example|\bincluding(?: but not limited to)?)[^.;]*$",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"\b(?:i\.?\s?e\.?(?=[ ,:])|that is|defined (?:as|by))", re.IGNORECASE)
_NEGATION = frozenset({"not", "no", "without", "unless", "except", "only", "neither", "nor", "if"})


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together in one version's clause and not in the other's.

    Attributes
    ----------
    text : str
        As written.
    reach : {'narrower', 'wider', 'example', 'definition', 'unclear'}
        What they do to the clause.
    """

    text: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class WordChange:
    """How the words of a clause differ.

    Attributes
    ----------
    gone, new : tuple of Run
        What only the older, and only the newer clause has.
    effect : str
        What it does to who may enter; `none` for wording alone.
    told : frozenset of Mention
        Numbers that stand in these words, so that they are not told again.
    """

    gone: tuple[Run, ...]
    new: tuple[Run, ...]
    effect: Effect
    told: frozenset[Mention] = frozenset()


def word_change(
    old: Clause, new: Clause, lone: frozenset[Mention], settled: frozenset[str] = frozenset()
) -> WordChange:
    """Compare the words of a clause, limits and what names them left out.

    Parameters
    ----------
    old, new : Clause
        The clause in each version.
    lone : frozenset of Mention
        Numbers that only one of them states.
    settled : frozenset of str
        Words that say nothing here, for both versions state the same elsewhere.

    Returns
    -------
    WordChange
        With the effect of the words alone.
    """
    spoken_for = old.spoken_for | new.spoken_for | settled
    ours, theirs = (
        Counter(key for key in each.keys if key not in spoken_for) for each in (old, new)
    )
    gone, told_old = _runs(old, ours - theirs, lone)
    fresh, told_new = _runs(new, theirs - ours, lone)
    told = told_old | told_new
    if _is_defined(old) != _is_defined(new):
        return WordChange(gone, fresh, "either way", told)
    if not gone and not fresh:
        is_told = bool(old.limits and new.limits)  # a limit beside an `or` knows it
        is_unclear = not is_told and _joined_otherwise(old, new)
        return WordChange((), (), "unclear" if is_unclear else "none")
    effects = {_effect(run.reach, new.sense) for run in fresh}
    effects |= {OPPOSITE[_effect(run.reach, old.sense)] for run in gone}
    return WordChange(gone, fresh, _together(effects), told)


def _together(effects: set[Effect]) -> Effect:
    """Join the effects of several runs."""
    effects = effects - {"none"}
    if "unclear" in effects:
        return "unclear"
    if len(effects) > 1:
        return "either way"
    return effects.pop() if effects else "none"


def narrowed(sense: Sense) -> Effect:
    """Say what it does that a clause becomes narrower.

    Parameters
    ----------
    sense : str
        What the clause does.

    Returns
    -------
    str
        An effect.
    """
    effects: dict[str, Effect] = {
        "required": "tighter",
        "excluded": "looser",
        "allowed": "tighter",
        "explained": "none",
    }
    return effects.get(sense, "unclear")


def definition_in(text: str) -> str:
    """Give the definition that a text makes with `i.e.` or `defined as`.

    Parameters
    ----------
    text : str
        Words of a clause.

    Returns
    -------
    str
        Its words; empty when it makes none.
    """
    found = _DEFINITION.search(text)
    return text[found.end() :].strip(" ,:.") if found else ""


def _is_defined(clause: Clause) -> bool:
    """Say whether a clause says what it means, a value that cannot be had left out."""
    return bool(definition_in(clause.text)) and not any(
        each.silence == "fails" for each in clause.limits
    )


def _effect(reach: Reach, sense: Sense) -> Effect:
    """Say what it does that words come into a clause."""
    if sense == "explained" or reach == "example":
        return "none"
    match reach:
        case "narrower":
            return narrowed(sense)
        case "wider":
            return OPPOSITE[narrowed(sense)]
        case "definition":
            return "either way"
        case _:
            return "unclear"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or a number of a clause, and whether only this clause has it."""

    start: int
    end: int
    key: str
    is_only_here: bool
    mention: Mention | None = None


def _runs(
    clause: Clause, extra: Counter[str], lone: frozenset[Mention]
) -> tuple[tuple[Run, ...], frozenset[Mention]]:
    """Gather the words that only this clause has into runs, with the numbers that stand in them."""
    runs: list[list[_Piece]] = []
    is_open = False
    for piece in _pieces(clause, extra, lone):
        if piece.is_only_here:
            if not is_open:
                runs.append([])
            runs[-1].append(piece)
            is_open = True
        elif piece.key:
            is_open = False
    worded = [run for run in runs if any(piece.mention is None for piece in run)]
    told = {piece.mention for run in worded for piece in run if piece.mention is not None}
    return tuple(_run(clause, run) for run in worded), frozenset(told)


def _pieces(clause: Clause, extra: Counter[str], lone: frozenset[Mention]) -> list[_Piece]:
    """Give the words and the lone numbers of a clause in order; of repeated words the last."""
    left = dict(extra)
    pieces = [
        _Piece(each.start, each.end, "#", is_only_here=True, mention=each)
        for each in clause.mentions
        if each in lone
    ]
    for word in reversed(clause.words):
        is_only_here = bool(word.key) and left.get(word.key, 0) > 0
        if is_only_here:
            left[word.key] -= 1
        pieces.append(_Piece(word.start, word.end, word.key, is_only_here=is_only_here))
    return sorted(pieces, key=lambda each: each.start)


def _run(clause: Clause, pieces: Sequence[_Piece]) -> Run:
    """Say what a run of words does to its clause."""
    start, end = pieces[0].start, pieces[-1].end
    text = clause.text
    shown = " ".join(text[start:end].split())
    keys = {piece.key for piece in pieces}
    return Run(shown, _reach(text[:start], text[start:end], text[end:], keys))


def _reach(before: str, text: str, after: str, keys: set[str]) -> Reach:
    """Say what words do, by what they are and what stands around them."""
    if _EXAMPLE.search(before) and not keys & _NEGATION:
        return "example"
    if _DEFINITION.search(before):
        return "definition"
    if keys & _NEGATION or any(key[0].isdigit() for key in keys):
        return "unclear"
    if keys <= _NARROWING or _AFTERTHOUGHT.match(text) or _BEFORE_ONE.search(before):
        return "narrower"
    if _OR_BEFORE.search(before) or _OR_AFTER.match(after) or _OR_INSIDE.match(text):
        return "wider"
    return "unclear"


def _joined_otherwise(old: Clause, new: Clause) -> bool:
    """Say whether one clause has an `or` where the other has an `and`."""
    mine, theirs = (Counter(word.plain for word in each.words) for each in (old, new))
    return (mine["or"] - theirs["or"]) * (mine["and"] - theirs["and"]) < 0
