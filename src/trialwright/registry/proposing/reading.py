"""Limits proposed from the words of one eligibility line; what is not plain stays text."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from trialwright.protocol.data import UNSEEN
from trialwright.protocol.proposals import Proposal
from trialwright.registry.proposing.ages import ages_in, sexes_in
from trialwright.registry.proposing.amounts import NO_COMPARATOR, NONE_OF_ITS_OWN
from trialwright.registry.proposing.circumstances import arms_of, part_of_trial
from trialwright.registry.proposing.durations import durations_in
from trialwright.registry.proposing.found import Doubtful, Found, Kind, Limit
from trialwright.registry.proposing.laboratory import limits_in
from trialwright.registry.proposing.levelling import Levelled, levelled
from trialwright.registry.proposing.performance import performance_in
from trialwright.registry.proposing.pieces import pieces_of
from trialwright.registry.proposing.therapy_lines import therapy_lines_in

LONGEST = 20_000
"""Longest line read, characters; a criterion in records has up to some 3,000."""

_MOST_WORDS = 6000  # what a proposal can hold of the words it was read from
_MOST_GIVEN = 300

_GAP = re.compile(r"[^\s.:;]  (?=[.\d])")

_PROPOSAL: TypeAdapter[Proposal] = TypeAdapter(Proposal)


@dataclass(frozen=True, slots=True)
class OpenLimit:
    """A limit that was seen and is not proposed, so that its line stays text for a person.

    Attributes
    ----------
    kind : str
        Which kind of limit it would be, as proposals name it.
    fact : str
        What is limited; empty where the kind says it.
    words : str
        As they stand in the line.
    start, end : int, characters
        Where they stand in the line, counted from 0; `end` itself excluded.
    because : str
        Why it is not proposed.
    """

    kind: Kind
    fact: str
    words: str
    start: int
    end: int
    because: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one line.

    Attributes
    ----------
    proposals : tuple of Proposal
        Limits whose every part stands in the words, in their order.
    open : tuple of OpenLimit
        Limits that were seen and not proposed.
    """

    proposals: tuple[Proposal, ...]
    open: tuple[OpenLimit, ...]


@lru_cache(maxsize=4096)  # a record's lines are read twice, and two versions share most of them
def read_limits(words: str, *, carry: bool = True) -> Reading:
    """Propose typed limits from one eligibility line.

    Parameters
    ----------
    words : str
        The line as it stands in the record.
    carry : bool
        Whether a limit without a comparator may take that of the limit before it in the same
        sentence (`<3 x ULN (or 5 x ULN with liver metastases)`), which is then said in `because`.
        False for records known to lose signs.

    Returns
    -------
    Reading
        No comparator is guessed: where it is lost, garbled or ambiguous, the limit stays open.
    """
    if len(words) > LONGEST:
        because = f"the line has {len(words)} characters; up to {LONGEST} are read"
        return Reading((), (OpenLimit("limit", "", words, 0, len(words), because),))
    if not words.strip():
        return Reading((), ())
    line = levelled(words)
    found = _told_apart(line, _found(line, carry=carry))
    arms, part = arms_of(line.text), part_of_trial(line.text)
    proposals: list[Proposal] = []
    still_open: list[OpenLimit] = []
    for each in sorted(found, key=lambda one: (one.start, one.end)):
        made = _made(line, each, arms, part)
        if isinstance(made, OpenLimit):
            still_open.append(made)
        else:
            proposals.append(made)
    return Reading(tuple(proposals), tuple(dict.fromkeys(still_open)))


def _found(line: Levelled, *, carry: bool) -> list[Found]:
    """Find the limits of every kind."""
    pieces = pieces_of(line)
    limits = limits_in(line, pieces, carry=carry)
    ages, taken = ages_in(line, pieces)
    return [
        *sexes_in(line),
        *limits,
        *ages,
        *durations_in(line, pieces, taken, limits, carry=carry),
        *performance_in(pieces),
        *therapy_lines_in(line, pieces),
    ]


def _told_apart(line: Levelled, found: list[Found]) -> list[Found]:
    """Tell a number that plain language leaves without a sign from one that lost it."""
    return [
        replace(each, because=NONE_OF_ITS_OWN)
        if isinstance(each, Doubtful)
        and each.because == NO_COMPARATOR
        and _may_stand_alone(line, each, found)
        else each
        for each in found
    ]


def _may_stand_alone(line: Levelled, lone: Doubtful, found: list[Found]) -> bool:
    """Say whether words may leave a sign out: of a second limit, a wash-out, a number of lines.

    Two spaces before the number are the place of a sign that was lost.
    """
    start, end = line.span(lone.start, lone.end)
    if _GAP.search(line.words[max(0, start - 3) : end]):
        return False
    is_second = any(
        isinstance(each, Limit)
        and (each.kind, each.fields.get("fact", "")) == (lone.kind, lone.fact)
        and each.start <= lone.start
        for each in found
    )
    return is_second or lone.kind in ("wash-out", "prior-lines")


def _made(line: Levelled, found: Found, arms: tuple[str, ...], part: str) -> "Proposal | OpenLimit":
    """Make a proposal, or say why there is none."""
    start, end = line.span(found.start, found.end)
    words = line.words[start:end]
    if isinstance(found, Doubtful):
        return OpenLimit(found.kind, found.fact, words, start, end, found.because)
    because = found.because
    if part and not (arms and "arm" in part):
        because = "; ".join(filter(None, (because, f"the line speaks of '{part}' only")))
    unseen = UNSEEN.search(words)
    if unseen or len(words) > _MOST_WORDS:
        why = "its words hold signs that nobody sees" if unseen else "its words are too long"
        return OpenLimit(found.kind, str(found.fields.get("fact", "")), words, start, end, why)
    fields: dict[str, Any] = {
        "kind": found.kind,
        "words": words,
        "start": start,
        "end": end,
        "confidence": "medium" if because else "high",
        "because": because,
        "arms": arms,
        **{name: _short(value) for name, value in found.fields.items()},
        **dict(found.sides),
    }
    return _PROPOSAL.validate_python(fields)


def _short(value: Any) -> Any:
    """Leave out words that are too long, or hold signs that nobody sees."""
    is_bad = isinstance(value, str) and (len(value) > _MOST_GIVEN or UNSEEN.search(value))
    return "" if is_bad else value
