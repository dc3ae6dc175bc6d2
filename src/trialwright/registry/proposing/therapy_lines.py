"""Limits on the number of prior therapies, lines or regimens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from trialwright.registry.proposing.amounts import NO_COMPARATOR, Side
from trialwright.registry.proposing.found import Doubtful, Found, Limit, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece
from trialwright.registry.proposing.scores import choice_at

_MANY = 20  # a larger number counts something else
_COUNTED = (
    r"(?:lines?|regimens?|regiments?|therap(?:y|ies)|treatments?|chemotherap(?:y|ies)"
    r"|immunotherap(?:y|ies)|radiotherap(?:y|ies)|monotherap(?:y|ies)|hormonotherap(?:y|ies)|tkis?"
    r"|agents?|inhibitors?|combinations?|schemes?|settings?|relapses?|attempts?)(?![a-z])"
)
_OF_LINES = (
    r"(?: (?:of|for|in|containing|with|including|given|or|and|therapy|therapies|treatments?"
    r"|regimens?|chemotherapy|the|systemic|prior|previous|advanced|metastatic|recurrent|locally"
    r"|disease|setting|cancer|breast|cytotoxic|anti-?cancer|endocrine|hormonal"
    r"|[a-z0-9]+-(?:containing|based|appropriate|directed|targeted|specific))(?![a-z-]))*"
)
_AFTER = re.compile(
    rf"[ ,-]?(?P<kind>(?:[\w/+'&()-]+,? ){{0,8}}?)(?P<noun>{_COUNTED})"
    rf"(?! (?:criteri|definition|requirement))(?P<rest>{_OF_LINES})"
)
_BEFORE = re.compile(
    r"(?:prior(?! to)|previous|number of|earlier)(?: [\w/'&-]+,?){0,6}? "
    rf"{_COUNTED}(?: [\w/'&-]+){{0,6}}?"
    r"(?: ?[:(=]| (?:is|are|must be|should be|of|allowed ?:|permitted ?:))? ?$"
)
_LINE = re.compile(r"\b(?:lines?|regimens?|regiments?)\b")
_EARLIER = re.compile(
    r"\b(?:prior|previous|previously|earlier|preceding|past|different|failed|systemic)\b"
)
_RECEIVED = re.compile(
    r"\b(?:prior|previous|previously|earlier|received|failed|refractory to|treated with"
    r"|progressed (?:on|after)|progression (?:on|after))\b[^.;]*$"
)
_OTHER = re.compile(
    r"\b(?:cycles?|doses?|weeks?|lesions?|sites?|months?|days?|years?|hours?|tumou?rs?|biops\w+"
    r"|fractions?|samples?|maximum|minimum|than|most|least|following|methods?|measurable|grade"
    r"|component|drugs? of|members?|dimension|metastas[ie]s|nodes?|areas?|disease|patients?|for"
    r"|from|since|after|before|during|until|if|who|while|at|to|due|hormone|forms?|reactions?"
    r"|contracept\w+)\b"
)
_NEVER_ALONE = frozenset(
    {"agent", "agents", "inhibitor", "inhibitors", "setting", "settings", "relapse", "relapses",
     "combination", "combinations", "attempt", "attempts", "scheme", "schemes"}
)  # fmt: skip
"""Nouns that count therapies only beside a word such as prior."""

_TRAILING = re.compile(r"(?: (?:of|for|in|with|or|and|the|including|containing))+$")
_GOES_ON = re.compile(
    r",? ?(?:but|and|or|with)? ?(?:they |she |he )?(?:must |should |may )?"
    r"(?:have (?:had|received) )?"
)


_ONLY = re.compile(r"\b(?:only|exactly|precisely|just) $")
_MAY = re.compile(r"\b(?:may|can|could|allow(?:s|ed)?|permit(?:s|ted)?|acceptable|up to)\b")
_SENTENCE = re.compile(r"\.(?!\d)|[;\n]")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that may count therapies."""

    sides: tuple[tuple[Side, Decimal], ...]
    doubt: str
    until: int
    start: int
    end: int
    exact: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a number counts, and where the words of both stand."""

    what: str
    start: int
    end: int
    because: str = ""


def therapy_lines_in(line: Levelled, pieces: tuple[Piece, ...]) -> list[Found]:
    """Find the limits on the number of prior therapies in a line.

    Parameters
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.

    Returns
    -------
    list of Limit or Doubtful
        In the order of the line.
    """
    found: list[Found] = []
    for each in _numbers(pieces):
        number = _exactly(line, each)
        counted = _counted(line, pieces, number, found[-1] if found else None)
        if counted is None:
            continue
        if not number.sides:
            if not _is_of_a_grade(pieces, number):
                found.append(Doubtful("prior-lines", "", counted.start, counted.end, number.doubt))
        elif all(each <= _MANY and each == int(each) for _, each in number.sides):
            fields = {"what": counted.what}
            found.append(
                Limit(
                    "prior-lines",
                    counted.start,
                    counted.end,
                    number.sides,
                    fields,
                    counted.because,
                )
            )
    return found


def _exactly(line: Levelled, number: _Number) -> _Number:
    """Give `only 1 line` and `exactly one line` as both bounds; what is permitted has one."""
    only = _ONLY.search(line.text, max(0, number.start - 40), number.start)
    if only is None or number.exact is None:
        return number
    is_lost = "  " in line.cut(only.start(), number.end)  # the place of a sign
    stop = _SENTENCE.search(line.text, number.end)
    sentence = line.text[: stop.start() if stop else len(line.text)]
    if is_lost or _MAY.search(sentence[max(0, number.start - 80) :]):
        return number
    return replace(number, sides=(("at_least", number.exact), ("at_most", number.exact)), doubt="")


def _numbers(pieces: tuple[Piece, ...]) -> Iterator[_Number]:
    """Give the numbers without a unit, a choice of several as one."""
    at = 0
    while at < len(pieces):
        piece, choice = pieces[at], choice_at(pieces, at)
        if choice is not None:
            sides: tuple[tuple[Side, Decimal], ...] = (
                ("at_least", choice.low),
                ("at_most", choice.high),
            )
            end = pieces[choice.until - 1].end
            yield _Number(sides, "", choice.until, piece.start, end)
            at = choice.until
            continue
        at += 1
        if piece.bound is not None and piece.bound.amount.is_plain:
            doubt = piece.bound.doubt or NO_COMPARATOR
            is_alone = not piece.bound.sides and doubt == NO_COMPARATOR
            exact = piece.bound.amount.number if is_alone else None
            yield _Number(sides_of(piece.bound), doubt, at, piece.start, piece.end, exact)


def _is_of_a_grade(pieces: tuple[Piece, ...], number: _Number) -> bool:
    """Say whether a number without a comparator is a grade or a class."""
    before = pieces[max(0, number.until - 4) : number.until - 1]
    return any(each.kind == "DECOY" for each in before)


def _counted(
    line: Levelled, pieces: tuple[Piece, ...], number: _Number, last: Found | None
) -> _Counted | None:
    """Find what a number counts: after it, after the number joined to it, before it, or earlier."""
    after = _noun_after(line, number.end)
    if after:
        what = line.cut(number.end, after).strip(" ,-")
        return _Counted(what, number.start, after)
    return (
        _after_next(line, pieces, number) or _before(line, number) or _as_before(line, number, last)
    )


def _after_next(line: Levelled, pieces: tuple[Piece, ...], number: _Number) -> _Counted | None:
    """Read `minimum of 1 and maximum of 2 prior regimens`."""
    place = number.until
    while place < len(pieces) and pieces[place].kind in ("AND", "OR", "COMMA", "TO"):
        place += 1
    later = pieces[place] if number.until < place < len(pieces) else None
    if later is None or later.bound is None or not later.bound.amount.is_plain:
        return None
    after = _noun_after(line, later.end)
    if not after:
        return None
    what = line.cut(later.end, after).strip(" ,-")
    because = "what it counts stands after the next number"
    return _Counted(what, number.start, number.end, because)


def _before(line: Levelled, number: _Number) -> _Counted | None:
    """Read `number of prior regimens: 1-3`."""
    found = _BEFORE.search(line.text, max(0, number.start - 90), number.start)
    if found is None or _OTHER.search(found[0]):
        return None
    what = line.cut(found.start(), found.end()).strip(" :(=,")
    return _Counted(what, found.start(), number.end)


def _as_before(line: Levelled, number: _Number, last: Found | None) -> _Counted | None:
    """Read `at least 1 prior regimen, but not more than 2`."""
    if not isinstance(last, Limit) or last.end > number.start:
        return None
    if not _GOES_ON.fullmatch(line.text, last.end, number.start):
        return None
    because = "what it counts stands before the number before it"
    return _Counted(str(last.fields["what"]), number.start, number.end, because)


def _noun_after(line: Levelled, at: int) -> int:
    """Say where the therapies that a number counts end; 0 where it counts none."""
    found = _AFTER.match(line.text, at)
    if found is None or _OTHER.search(found["kind"]) or "(" in found["kind"].replace("(s)", ""):
        return 0
    is_earlier = _EARLIER.search(found["kind"]) or _EARLIER.search(found["rest"])
    is_line = _LINE.search(found["noun"] + found["rest"])
    if not is_earlier and not is_line:
        before = line.text[max(0, at - 70) : at]
        is_few_words = found["kind"].count(" ") <= 3 and found["noun"] not in _NEVER_ALONE
        if not is_few_words or not _RECEIVED.search(before):
            return 0
    counted = line.text[at : found.end()]
    return found.end() - (len(counted) - len(_TRAILING.sub("", counted)))
