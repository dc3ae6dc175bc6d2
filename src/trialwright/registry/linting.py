"""What in a record's criteria cannot be right, or cannot be decided as it is worded.

Nothing is corrected here. Each finding says where it is, what is wrong or missing, and what a
person has to settle before the criterion can be run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.protocol.criteria import leaves
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.proposals import (
    AgeProposal,
    LimitProposal,
    Proposal,
    SexProposal,
    WashOutProposal,
)
from trialwright.registry.plausibility import implausible, is_laboratory_value, needs_unit
from trialwright.registry.proposing.amounts import NO_COMPARATOR, NONE_OF_ITS_OWN
from trialwright.registry.proposing.reading import OpenLimit, Reading, read_limits
from trialwright.registry.record import Record, RecordCriterion
from trialwright.registry.reviewing.saying import said
from trialwright.terms.errors import shorten

Rule = Literal[
    "lost comparator",
    "unclear limit",
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

_TIME = r"(?:hours?|days?|weeks?|months?)"
_WINDOW = re.compile(
    rf"\bwithin\s+(?:the\s+)?(?:last\s+|prior\s+|previous\s+)?\S+\s+{_TIME}\b"
    rf"|\b\d+\s*-?{_TIME}\s+(?:before|prior\s+to|of|from|preceding)\b"
    r"|\b(?:at|during|on)\s+(?:screening|baseline)\b|\bday\s+-?\d+",
    re.IGNORECASE,
)
_OF_LABORATORIES = re.compile(
    r"\blaborator(?:y|ies)\b|\blabs?\b|\bblood\s+(?:tests?|counts?|work)\b|\borgan\s+function"
    r"|\bha?ematolog\w+",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"(?:^|[.;]\s*)discontinu\w+|\bwash-?\s?out\b"
    r"|\b(?:must|should|required?|needs?)\b[^.;]{0,40}?\b(?:discontinu\w+|stop(?:ped)?)\b"
    r"|\b(?:has|have)\s+been\s+discontinued\b(?!\s+(?:due|because|for|owing|before))",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(rf"\b(?:{_TIME}|half-?\s?li(?:fe|ves)|years?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:[^.;]|[.;](?!\s))+")
_ASSUMES = re.compile(
    r"(?:\b(?:who|that)\s+(?:have|has|had)\s+(?:previously\s+)?"
    r"(?:received|been\s+(?:previously\s+)?treated\s+with|progressed\s+on|failed|had)"
    r"|\bpreviously\s+treated\s+with)\s+"
    r"(?:(?:at\s+least\s+one|a|prior|previous)\s+)*(?P<what>[^.,;()]+)",
    re.IGNORECASE,
)
_AND_MORE = re.compile(r"\s+(?:in|for|within|during|as|who|that|whose|on|at)\s", re.IGNORECASE)
_LOST = (NO_COMPARATOR, "its comparator", "the second number of the range", "a range of times")
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
    read = _read(record)
    return (
        *(finding for each in read for finding in _of_criterion(each)),
        *_windows(read),
        *_uln(read),
        *_age(record, read),
        *_sex(record, read),
        *_objectives(record),
    )


def _read(record: Record) -> tuple[_Read, ...]:
    """Read the limits of the criteria where nobody has yet, as a reader of records does.

    In a record that shows a lost comparator, none is carried from one limit to the next, and a
    number of plain language without one may have lost its own.
    """
    texts = [criterion.printed for criterion in record.criteria]
    readings = [read_limits(text, carry=True) for text in texts]
    has_lost = any(_is_lost(each) for reading in readings for each in reading.open)
    if has_lost:
        readings = [read_limits(text, carry=False) for text in texts]
    return tuple(
        _Read(criterion, criterion.proposals or reading.proposals, _open(reading, has_lost))
        for criterion, reading in zip(record.criteria, readings, strict=True)
    )


def _open(reading: Reading, has_lost: bool) -> tuple[OpenLimit, ...]:
    """Give the limits that stay open, without numbers that plain language leaves bare."""
    return tuple(
        each
        for each in reading.open
        if each.because != NONE_OF_ITS_OWN or (has_lost and each.kind != "wash-out")
    )


def _is_lost(limit: OpenLimit) -> bool:
    """Say whether a limit stays open for want of a comparator that can be followed."""
    return limit.because.startswith(_LOST)


def _of_criterion(read: _Read) -> Iterator[Finding]:
    """Look at one criterion alone."""
    where = read.criterion.id
    for each in read.open:
        says = f"'{shorten(each.words)}': {each.because}."
        if each.because.startswith("the unit "):
            yield Finding("unit error", where, says, "Say which unit is meant.")
        elif _is_lost(each) or each.because == NONE_OF_ITS_OWN:
            yield Finding("lost comparator", where, says, "Look the limit up in the protocol.")
        else:
            yield Finding("unclear limit", where, says, "Say what is meant.")
    for limit in read.limits:
        if isinstance(limit, LimitProposal):
            yield from _limit(limit, where)
    if not read.criterion.is_exclusion:
        yield from _ended(read)


def _ended(read: _Read) -> Iterator[Finding]:
    """Find an inclusion that wants something ended and does not say for how long."""
    text = read.criterion.printed
    for sentence in _SENTENCE.findall(text):
        ended = _ENDED.search(sentence.lstrip())
        if ended and not _SPAN_OF_TIME.search(sentence):
            says = f"'{shorten(ended[0].strip(' .;'))}' stands without a time."
            do = "Say how long before which day it ended."
            yield Finding("wash-out without a number", read.criterion.id, says, do)
            return


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
    limits = [each for each in read if _limits_laboratory_values(each)]
    without = [each for each in limits if not _has_window(each)]
    is_said_of_all = any(
        any(_OF_LABORATORIES.search(sentence) for sentence in _sentences_with_window(each))
        for each in read
        if each not in limits
    )
    if len(limits) < _LABORATORY or not without or is_said_of_all:
        return
    if len(without) == len(limits):
        says = "No limit on a laboratory value says how old the value may be."
        yield Finding("missing window", "the record", says, "Give a window before which day.")
        return
    ids = ", ".join(each.criterion.id for each in without)
    do_not = "does not" if len(without) == 1 else "do not"
    says = f"The limits of {ids} {do_not} say how old the value may be; others do."
    yield Finding("missing window", ids, says, "Give a window before which day.")


def _limits_laboratory_values(read: _Read) -> bool:
    """Say whether a criterion limits a laboratory value."""
    return any(
        isinstance(each, LimitProposal) and is_laboratory_value(each.fact) for each in read.limits
    )


def _has_window(read: _Read) -> bool:
    """Say whether a criterion says how old a value may be, in its rule or in its words."""
    facts = [leaf for leaf in leaves(read.criterion.rule) if isinstance(leaf, ObservationRule)]
    is_ruled = any(leaf.within_days is not None for leaf in facts)
    return is_ruled or any(True for _ in _sentences_with_window(read))


def _sentences_with_window(read: _Read) -> Iterator[str]:
    """Give the sentences that state a window which is no wash-out."""
    washed = [each for each in read.limits if isinstance(each, WashOutProposal)]
    for sentence in _SENTENCE.finditer(read.criterion.printed):
        for window in _WINDOW.finditer(sentence[0]):
            start, end = sentence.start() + window.start(), sentence.start() + window.end()
            if not any(each.start < end and start < each.end for each in washed):
                yield sentence[0]


def _uln(read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say that multiples of a limit of normal need the limit."""
    for name in ("ULN", "LLN"):
        ids = [
            each.criterion.id
            for each in read
            if any(isinstance(p, LimitProposal) and p.times == name for p in each.limits)
        ]
        if ids:
            counts = "counts" if len(ids) == 1 else "count"
            says = f"{', '.join(ids)} {counts} multiples of the {name}, and no record states it."
            do = "Take it from each result's own reference range, or give each site's table."
            yield Finding("undefined ULN", "the record", says, do)


def _age(record: Record, read: tuple[_Read, ...]) -> Iterator[Finding]:
    """Say that no lowest age is stated, or that the record states two."""
    field = record.publication.minimum_age
    stated = [
        (limit, age)
        for each in read
        for limit in each.limits
        if isinstance(limit, AgeProposal)
        and (age := _lowest(limit, is_exclusion=each.criterion.is_exclusion)) is not None
    ]
    if not stated and not field:
        says = "Neither a criterion nor a field of the record states a lowest age."
        yield Finding("no age bound", "the record", says, "State the lowest age.")
    months = _months(field)
    if months is not None and stated and all(age != months for _, age in stated):
        said_by = "; ".join(said(limit) for limit, _ in stated)
        says = f"The record's field says {field}, its criteria say {said_by}."
        yield Finding("age and field differ", "the record", says, "Say which of them holds.")


def _lowest(limit: AgeProposal, *, is_exclusion: bool) -> Decimal | None:
    """Give the lowest age in completed months that a limit lets in; None when it states none."""
    included, excluded = (
        (limit.below, limit.at_most) if is_exclusion else (limit.at_least, limit.above)
    )
    if included is None and excluded is None:
        return None
    years = included if included is not None else (excluded or 0) // 1 + 1
    return Decimal(years * 12 if limit.unit == "years" else years)


def _months(field: str) -> Decimal | None:
    """Give an age of a record's field in months; None for another unit, or none."""
    found = re.fullmatch(r"(\d+)\s*(year|month)s?", field.strip(), re.IGNORECASE)
    if found is None:
        return None
    return Decimal(found[1]) * (12 if found[2].lower() == "year" else 1)


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
        what = _AND_MORE.split(found["what"].strip(), 1)[0]
        asked = _words(what)
        speak = [each for each in record.criteria if asked <= _words(each.printed)]
        if any(_requires(each, asked) for each in speak):
            continue
        ids = ", ".join(each.id for each in speak)
        mentioned = f"{ids} speak of it and do not require it" if ids else "no criterion names it"
        words = shorten(found[0].strip(), 120)
        says = f"It says '{words}', and no criterion requires that: {mentioned}."
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
    found = re.findall(r"[a-z]+|[0-9]+", text.lower())
    return {each.removesuffix("s") for each in found} - _IDLE
