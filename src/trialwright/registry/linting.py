"""What in a record's criteria cannot be right, or cannot be decided as it is worded.

Nothing is corrected here. Each finding says where it is, what is wrong or missing, and what a
person has to settle before the criterion can be run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trialwright.protocol.proposals import (
    AgeProposal,
    LimitProposal,
    Proposal,
    SexProposal,
    WashOutProposal,
)
from trialwright.registry.plausibility import implausible, needs_unit
from trialwright.registry.proposing.reading import OpenLimit, read_limits
from trialwright.registry.record import Record, RecordCriterion
from trialwright.registry.reviewing.saying import said
from trialwright.terms.errors import shorten

Rule = Literal[
    "lost comparator",
    "unit error",
    "missing unit",
    "missing window",
    "undefined ULN",
    "no age bound",
    "age and field differ",
    "sex and field differ",
    "wash-out without a number",
    "objective assumes",
]
"""What is looked for."""

_WINDOW = re.compile(
    r"\bwithin\s+(?:the\s+)?(?:last\s+|prior\s+|previous\s+)?\S+\s+(?:hours?|days?|weeks?|months?)\b"
    r"|\b(?:at|during)\s+(?:screening|baseline)\b|\bday\s+-?\d+",
    re.IGNORECASE,
)
_WASH_OUT = re.compile(r"\bdiscontinu(?:ed|ation)\b|\bwash-?\s?out\b", re.IGNORECASE)
_ASSUMES = re.compile(
    r"\b(?:who|that)\s+(?:have|has|had)\s+(?:previously\s+)?"
    r"(?:received|been\s+treated\s+with|progressed\s+on|failed|had)\s+"
    r"(?:(?:at\s+least\s+one|a|prior|previous)\s+)*(?P<what>[^.,;()]+)",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"with\s*/\s*without|with\s+or\s+without|\band/or\b|\ballowed\b|\bpermitted\b|\bmay\b|"
    r"\bincluding\b|\beligible\b|\bacceptable\b|\bintoleran|\bintolerable",
    re.IGNORECASE,
)
_IDLE = {"a", "an", "the", "of", "for", "or", "and", "with", "any", "one", "least", "at", "prior"}
_LABORATORY = 2  # limits from which on a record speaks of laboratory values at all


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing for a person to settle.

    Attributes
    ----------
    rule : str
        What was looked for, e.g. `missing unit`.
    where : str
        Criterion or objective, e.g. `I17`; `the record` when it concerns the whole.
    says : str
        The finding as a sentence.
    do : str
        What to settle, as an imperative sentence.
    """

    rule: Rule
    where: str
    says: str
    do: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.where}: {self.rule}: {self.says} {self.do}"


@dataclass(frozen=True, slots=True)
class _Read:
    """A criterion with its limits."""

    criterion: RecordCriterion
    limits: tuple[Proposal, ...]
    open: tuple[OpenLimit, ...]


def lint(record: Record) -> tuple[Finding, ...]:
    """Find what a person must settle in a record's criteria and objectives.

    Parameters
    ----------
    record : Record
        Of a protocol, of a draft, or as read.

    Returns
    -------
    tuple of Finding
        In the order of the criteria; then what concerns the whole record. Empty when nothing was
        found, which does not say that nothing is wrong.
    """
    read = tuple(_read(criterion) for criterion in record.criteria)
    return (
        *(finding for each in read for finding in _of_criterion(each)),
        *_windows(read),
        *_uln(read),
        *_age(record, read),
        *_sex(record, read),
        *_objectives(record),
    )


def _read(criterion: RecordCriterion) -> _Read:
    """Read the limits of a criterion where nobody has yet."""
    reading = read_limits(criterion.printed)
    return _Read(criterion, criterion.proposals or reading.proposals, reading.open)


def _of_criterion(read: _Read) -> Iterator[Finding]:
    """Look at one criterion alone."""
    where = read.criterion.id
    for lost in read.open:
        says = f"'{shorten(lost.words)}': {lost.because}."
        yield Finding("lost comparator", where, says, "Look the limit up in the protocol.")
    for limit in read.limits:
        if isinstance(limit, LimitProposal):
            yield from _limit(limit, where)
    has_time = any(isinstance(each, WashOutProposal) for each in read.limits)
    stops = _WASH_OUT.search(read.criterion.printed)
    if stops and not has_time and not read.criterion.is_exclusion:
        says = f"'{stops[0]}' stands without a time."
        yield Finding(
            "wash-out without a number", where, says, "Say how long before which day it ended."
        )


def _limit(limit: LimitProposal, where: str) -> Iterator[Finding]:
    """Look at one limit on a measured value."""
    if limit.times:
        return
    if not limit.unit and needs_unit(limit.fact):
        says = f"'{shorten(limit.words)}' gives no unit."
        yield Finding("missing unit", where, says, "Say in which unit the limit is meant.")
    elif limit.unit and (why := implausible(limit)):
        says = f"'{shorten(limit.words)}' {why}."
        yield Finding("unit error", where, says, "Say which unit and number are meant.")


def _windows(read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say which laboratory limits have no window in which the value counts."""
    limits = [each for each in read if any(isinstance(p, LimitProposal) for p in each.limits)]
    without = [each for each in limits if not _WINDOW.search(each.criterion.printed)]
    if len(limits) < _LABORATORY or not without:
        return
    if len(without) == len(limits):
        says = "No limit on a laboratory value says how old the value may be."
        yield Finding("missing window", "the record", says, "Give a window before which day.")
        return
    ids = ", ".join(each.criterion.id for each in without)
    says = f"The limits of {ids} do not say how old the value may be; others do."
    yield Finding("missing window", ids, says, "Give a window before which day.")


def _uln(read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say that multiples of a limit of normal need the limit."""
    for name in ("ULN", "LLN"):
        ids = [
            each.criterion.id
            for each in read
            if any(isinstance(p, LimitProposal) and p.times == name for p in each.limits)
        ]
        if ids:
            says = f"{', '.join(ids)} count multiples of the {name}, and no record states it."
            do = "Take it from each result's own reference range, or give each site's table."
            yield Finding("undefined ULN", "the record", says, do)


def _age(record: Record, read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say that no lowest age is stated, or that the record states two."""
    field = record.publication.minimum_age
    stated = [
        limit
        for each in read
        if not each.criterion.is_exclusion
        for limit in each.limits
        if isinstance(limit, AgeProposal) and (limit.at_least, limit.above) != (None, None)
    ]
    if not stated and not field:
        says = "Neither a criterion nor a field of the record states a lowest age."
        yield Finding("no age bound", "the record", says, "State the lowest age.")
    number = re.match(r"\d+", field)
    if number and stated and all(str(each.at_least) != number[0] for each in stated):
        said_by = "; ".join(said(each) for each in stated)
        says = f"The record's field says {field}, its criteria say {said_by}."
        yield Finding("age and field differ", "the record", says, "Say which of them holds.")


def _sex(record: Record, read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say that the record states two things on sex."""
    field = record.publication.sex
    stated = {
        limit.expect
        for each in read
        if not each.criterion.is_exclusion
        for limit in each.limits
        if isinstance(limit, SexProposal)
    }
    if field and stated and field not in stated:
        says = f"The record's field says {field}, its criteria say {' and '.join(sorted(stated))}."
        yield Finding("sex and field differ", "the record", says, "Say which of them holds.")


def _objectives(record: Record) -> Iterator[Finding]:
    """Find what an objective takes for granted of its participants and no criterion requires."""
    for objective in record.objectives:
        found = _ASSUMES.search(objective.says)
        if found is None:
            continue
        what = found["what"].strip()
        asked = _words(what)
        speak = [each for each in record.criteria if asked <= _words(each.printed)]
        if any(_requires(each, asked) for each in speak):
            continue
        ids = ", ".join(each.id for each in speak)
        mentioned = f"{ids} speak of it and do not require it" if ids else "no criterion names it"
        says = f"It says '{shorten(found[0], 120)}', and no criterion requires that: {mentioned}."
        do = "Say whether it is a condition of entry."
        yield Finding("objective assumes", f"objective {objective.id}", says, do)


def _requires(criterion: RecordCriterion, asked: set[str]) -> bool:
    """Say whether an inclusion names a thing in a sentence that does not make it optional."""
    if criterion.is_exclusion:
        return False
    sentences = re.split(r"(?<=[.;])\s+", criterion.printed)
    return any(
        asked <= _words(sentence) and not _OPTIONAL.search(sentence) for sentence in sentences
    )


def _words(text: str) -> set[str]:
    """Give the words of a text that name something."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return {each.removesuffix("s") for each in found} - _IDLE
