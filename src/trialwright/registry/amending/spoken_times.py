"""Wash-outs that no reader of limits took, in the plain form `discontinued for 14 days`.

A record may ask for a time without treatment by a noun (`wash-out for X will be 28 days`). It is
read here only beside a word for stopping and a known kind of treatment, and only for comparing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from trialwright.registry.amending.limit import Limit, narrowed_after
from trialwright.registry.amending.treatments import treatments_in

_STOPPED = re.compile(
    r"\b(?:wash-?\s?outs?|discontinu\w+|stopp(?:ed|ing)|cessation|without (?:any )?)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:for(?: at least| a minimum of)?|of|be|at least|minimum of|or)\s+(?:a\s+)?"
    r"(?P<number>\d{1,3})[\s-]*(?P<unit>day|week|month)s?\b(?!\s+(?:after|following|post))",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"\((?P<number>\d{1,3})\s+(?P<unit>day|week|month)s?\s+for\s+(?P<what>[^()\d]+)\)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z])")


def spoken_times(
    words: str, known: Sequence[Limit], criterion: str, place: str, arms: tuple[str, ...]
) -> tuple[Limit, ...]:
    """Give the wash-outs of a criterion that are not among its limits.

    Parameters
    ----------
    words : str
        Its words.
    known : sequence of Limit
        The limits read already.
    criterion : str
        Its id.
    place : str
        Its id with its place.
    arms : tuple of str
        Arms of the criterion.

    Returns
    -------
    tuple of Limit
        In order.
    """
    covered = [(each.start, each.end) for each in known if each.end]
    found = [*_in_brackets(words, known)]
    start = 0
    for sentence in _SENTENCE.split(words):
        start = words.index(sentence, start)
        if _STOPPED.search(sentence) and treatments_in(sentence):
            for time in _TIME.finditer(sentence):
                begin, end = start + time.start("number"), start + time.end()
                if not any(first < end and begin < last for first, last in covered):
                    found.append(_limit(time, sentence, begin, end))
    return tuple(
        replace(each, criterion=criterion, place=place, arms=each.arms or arms) for each in found
    )


def _in_brackets(words: str, known: Sequence[Limit]) -> Iterator[Limit]:
    """Read `(6 weeks for X)` right after a wash-out: the same for another treatment."""
    for bracket in _BRACKET.finditer(words):
        first = next(
            (
                each
                for each in known
                if each.kind == "wash-out" and each.start < bracket.start() <= each.end + 1
            ),
            None,
        )
        is_read = any(bracket.start() <= each.start < bracket.end() for each in known if each.end)
        if first is not None and not is_read and treatments_in(bracket["what"]):
            number = Decimal(bracket["number"])
            bounds = {
                name: None if getattr(first, name) is None else number
                for name in ("at_least", "above", "at_most", "below")
            }
            yield replace(
                first,
                subject=bracket["what"],
                words=bracket[0].strip("()"),
                start=bracket.start() + 1,
                end=bracket.end() - 1,
                unit=f"{bracket['unit'].lower()}s",
                narrowed="",
                covers=0,
                at_least=bounds["at_least"],
                above=bounds["above"],
                at_most=bounds["at_most"],
                below=bounds["below"],
            )


def _limit(time: re.Match[str], sentence: str, begin: int, end: int) -> Limit:
    """Give one wash-out; what it is of is what the sentence says before it."""
    narrowed, length = narrowed_after(sentence[time.end() :])
    first = _TIME.search(sentence)
    subject = sentence[: first.start()] if first else sentence
    return Limit(
        kind="wash-out",
        subject=subject.strip(" ,"),
        words=sentence[time.start("number") : time.end()],
        start=begin,
        end=end,
        at_least=Decimal(time["number"]),
        unit=f"{time['unit'].lower()}s",
        narrowed=narrowed,
        covers=end + length,
    )
