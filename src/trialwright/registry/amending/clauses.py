"""Criteria cut into clauses: the pieces of words that can be found again in another version.

A list that one version writes as one bullet another writes as five, so clauses are matched across
the whole list, not bullet by bullet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from trialwright.registry.amending.cutting import Stretch, stretches_of
from trialwright.registry.amending.limit import UNDETERMINED, Limit
from trialwright.registry.amending.mentions import Mention, mentions_in
from trialwright.registry.amending.senses import Sense, is_conditional, sense_of, turned_words
from trialwright.registry.amending.topics import spellings_of
from trialwright.registry.amending.treatments import treatment_keys
from trialwright.registry.amending.version import VersionCriterion
from trialwright.registry.amending.words import Abbreviations, Word, keys_of, words_in, words_of

_END_OF_CLAUSE = re.compile(r"[.;)]")
_HEADING = re.compile(
    r"^\W*(?:(?:patients?|participants?|subjects?) (?:must |should )?(?:have|with) )?"
    r"(?:adequate|acceptable|normal|sufficient|required)\b[^:.;(<>=\d]{0,80}?"
    r"\b(?:function|reserve|values?|parameters?|laborator\w+|tests?|counts?)\b"
    r"(?:,? (?:as )?(?:defined (?:as|by)|evidenced by|indicated by|including|with))?\s*:?",
    re.IGNORECASE,
)
_MEASURING = words_in(
    "interval formula correction corrected level value count concentration serum plasma"
    " measurement calculated estimated adequate function status"
)
"""Words on how something is measured, beside a limit of it."""

_SPOKEN = {
    "age": frozenset({"adult", "age", "aged", "year", "old", "older", "young", "least"}),
    "sex": frozenset({"adult", "female", "male", "sex", "gender"}),
    "performance": frozenset({"performance", "status", "score", "scale", "ecog"}),
    "life-expectancy": frozenset({"life", "expectancy", "survival", "estimated", "expected"}),
    "wash-out": frozenset({"therapy", "before", "prior", "first", "start", "dose", "received"}),
    "prior-lines": frozenset({"prior", "line", "therapy", "regimen", "number", "allowed", "more"}),
}
"""Words that name what a limit of a kind limits."""

_IF_KNOWN = words_in("known if available done performed measured obtained assessed")
"""Words by which a missing value passes; its limit tells it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a criterion.

    Attributes
    ----------
    text : str
        Its words, without a sign of a list and without `For arm C only:`.
    start : int, characters
        Where it stands in the criterion's words.
    sense : {'required', 'excluded', 'allowed', 'defined', 'explained'}
        What it does.
    part : str
        The part of the trial that a label before it names; empty when none does.
    is_conditional : bool
        Whether a permission holds only under a condition.
    is_head : bool
        Whether it is the first of its criterion.
    criterion : VersionCriterion
        Where it stands.
    words : tuple of Word
        Its words, those left out that limits and numbers cover.
    limits : tuple of Limit
        The limits stated in it.
    mentions : tuple of Mention
        Numbers stated in it beside them.
    every_key : tuple of str
        The words that can matter, limits and numbers among them.
    plain : tuple of str
        Every word in one spelling, silent ones too: equal for two layouts of the same words.
    open : tuple of (str, int, int)
        Limits in it that were not understood: fact, and where its words stand in the clause.
    spoken_for : frozenset of str
        Words that only name what its limits limit: comparing the limits compares them.
    """

    text: str
    start: int
    sense: Sense
    part: str
    is_conditional: bool
    is_head: bool
    criterion: VersionCriterion
    words: tuple[Word, ...]
    limits: tuple[Limit, ...]
    mentions: tuple[Mention, ...]
    every_key: tuple[str, ...]
    plain: tuple[str, ...]
    open: tuple[tuple[str, int, int], ...]
    spoken_for: frozenset[str]

    @property
    def keys(self) -> tuple[str, ...]:
        """The words that can matter, limits and numbers left out."""
        return tuple(word.key for word in self.words if word.key)

    @property
    def own_keys(self) -> tuple[str, ...]:
        """The words that say more than its limits do."""
        return tuple(key for key in self.keys if key not in self.spoken_for)

    @property
    def shown(self) -> str:
        """Its words on one line."""
        return " ".join(self.text.split())


def clauses_of(
    criteria: Iterable[VersionCriterion], abbreviations: Abbreviations
) -> tuple[Clause, ...]:
    """Cut criteria into clauses.

    Parameters
    ----------
    criteria : iterable of VersionCriterion
        In the order of the version.
    abbreviations : mapping
        Long forms that count as their abbreviation.

    Returns
    -------
    tuple of Clause
        In order.
    """
    return tuple(clause for criterion in criteria for clause in _clauses(criterion, abbreviations))


def _clauses(criterion: VersionCriterion, abbreviations: Abbreviations) -> list[Clause]:
    """Cut one criterion."""
    found: list[Clause] = []
    for stretch in stretches_of(criterion.words, has_arms=bool(criterion.arms)):
        found.append(_clause(criterion, stretch, abbreviations, is_head=not found))
    return [each for each in found if each.every_key or each.limits] or found[:1]


def _clause(
    criterion: VersionCriterion, stretch: Stretch, abbreviations: Abbreviations, *, is_head: bool
) -> Clause:
    """Give one clause with what stands in it."""
    start, text = stretch.start, stretch.text
    limits = tuple(
        each for each in criterion.limits if each.end and start <= each.start < start + len(text)
    )
    reaching = [
        each for each in criterion.limits if each.end > start and each.start < start + len(text)
    ]
    covered = [(begin - start, end - start) for each in reaching for begin, end in _stated(each)]
    covered += _undetermined(text, limits, start)
    mentions = mentions_in(text, tuple(covered))
    hidden = [*covered, *((each.start, each.end) for each in mentions)]
    if turned := turned_words(text):
        hidden.append(turned)
    if limits and (heading := _HEADING.match(text)):
        hidden.append(heading.span())
    every = words_of(text, abbreviations)
    words = tuple(
        word
        for word in every
        if not any(begin < word.end and word.start < end for begin, end in hidden)
    )
    sense = sense_of(
        text,
        is_exclusion=criterion.is_exclusion,
        is_head=is_head,
        is_sentence=stretch.is_sentence,
    )
    return Clause(
        text,
        start,
        sense,
        stretch.part,
        is_conditional(text),
        is_head,
        criterion,
        words,
        limits,
        mentions,
        keys_of(every),
        tuple(word.plain for word in words_of(text)),
        _open(criterion, text),
        _spoken_for(reaching, every, covered),
    )


def _open(criterion: VersionCriterion, text: str) -> tuple[tuple[str, int, int], ...]:
    """Give the limits of a clause that were not understood."""
    found = ((fact, text.find(words), len(words)) for fact, words in criterion.open)
    return tuple((fact, start, start + length) for fact, start, length in found if start >= 0)


def without_open(clause: Clause, told: frozenset[str]) -> Clause:
    """Leave out of a clause the words of limits that were not understood and are told already.

    Parameters
    ----------
    clause : Clause
        Any clause.
    told : frozenset of str
        Facts of which the limit of the other version was understood.

    Returns
    -------
    Clause
        The same where it has none.
    """
    spans = [(start, end) for fact, start, end in clause.open if fact in told]
    if not spans:
        return clause
    return replace(
        clause,
        words=tuple(each for each in clause.words if not _is_inside(each, spans)),
        mentions=tuple(each for each in clause.mentions if not _is_inside(each, spans)),
    )


def _is_inside(each: Word | Mention, spans: list[tuple[int, int]]) -> bool:
    """Say whether a word or a number stands in one of some stretches."""
    return any(start < each.end and each.start < end for start, end in spans)


def _stated(limit: Limit) -> list[tuple[int, int]]:
    """Give the stretches that state a limit; what a time or a count is of is words like others."""
    end = max(limit.end, limit.covers)
    if limit.kind not in ("wash-out", "prior-lines") or not limit.subject:
        return [(limit.start, end)]
    inside = limit.words.find(limit.subject)
    if inside < 0:
        return [(limit.start, end)]
    begin = limit.start + inside
    return [(limit.start, begin), (begin + len(limit.subject), end)]


def _undetermined(text: str, limits: tuple[Limit, ...], start: int) -> list[tuple[int, int]]:
    """Give the words by which a value that cannot be had keeps out; the limit tells it."""
    silent = [each for each in limits if each.silence == "fails"]
    found = UNDETERMINED.search(text)
    if not silent or found is None:
        return []
    later = [each.start - start for each in silent if each.start - start >= found.end()]
    if later:
        return [(found.start(), max(later))]
    stop = _END_OF_CLAUSE.search(text, found.end())
    return [(found.start(), stop.start() if stop else len(text))]


def _spoken_for(
    limits: list[Limit], every: tuple[Word, ...], covered: list[tuple[int, int]]
) -> frozenset[str]:
    """Give the words that name what limits limit, wherever they stand."""
    keys = {
        word.key
        for word in every
        if word.key.isalpha()
        and any(begin < word.end and word.start < end for begin, end in covered)
    }
    for limit in limits:
        if limit.kind == "limit":
            keys |= {key for name in spellings_of(limit.subject) for key in keys_of(words_of(name))}
        keys |= _SPOKEN.get(limit.kind, frozenset())
        if limit.whichever:
            keys |= {"whichever", limit.whichever}
        if limit.silence == "passes":
            keys |= _IF_KNOWN
        if limit.kind in ("wash-out", "prior-lines"):
            keys |= treatment_keys(f"{limit.subject} {limit.narrowed}")
    return frozenset(keys | _MEASURING) if limits else frozenset()
