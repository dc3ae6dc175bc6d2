"""Limits on age, and whose sex may enter."""

import re
from decimal import Decimal

from trialwright.registry.proposing.amounts import Side
from trialwright.registry.proposing.circumstances import defines_menopause, is_contraception
from trialwright.registry.proposing.found import Doubtful, Found, Limit, joined_ranges, sides_of
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.pieces import Piece

_MOST_WORDS = 7
_OLDEST = 120
_BETWEEN = frozenset(
    {
        "BE",
        "A",
        "COLON",
        "WORD",
        "OPENS",
        "CLOSES",
        "TIME",
        "COMMA",
        "SEX",
        "AND",
        "OR",
        "SLASH",
        "DASH",
        "PERSON",
        "SIGN",
        "EQUAL",
        "LIFE_NOT",
    }
)
_NO_AGE = re.compile(
    r" ?(?:since|from|prior|ago|after|before|earlier|post|free|past|of (?!age)|without|following"
    r"|out from|duration|history|disease|survival|follow)"
)
_IF = re.compile(r"\b(?:if|when|where) (?:the |their |patient's )?$")
_AND_OVER = re.compile(r"^\d\d (?:and|or) (?:over|above|up|under)$")
_AGE = re.compile(r"\bages?\b")
_FOR = re.compile(r"\b(?:for|in|among) (?:all |those |the )?$")
_OBLIGED = re.compile(
    r"(?:must|should|will) (?:be vasectom|use|agree|have (?:no|a negative)|either)"
)

_ADULT = 21  # up to here an age is that of majority, which limits entry wherever it stands
_YOUNG = 40
_WHO = r"(?:patients?|subjects?|participants?|individuals?|persons?|people|those|women|men)"
_FOR_SOME = re.compile(rf"\w[^.;]*\b(?:for|in|among) (?:all |those |the )?{_WHO} (?:who are )?$")
_THEN_MUST = re.compile(
    r" ?(?:of age|old|years of age)?,? ?(?:must|should|will|need|needs|are required|require)\b"
    r"(?! not be (?:enrol|includ)| be excluded)"
)
_OF_ENTRY = re.compile(
    rf"\b(?:{_WHO}|must|should|exclu\w+|eligib\w+|ineligib\w+|enrol\w+|volunteers?|children"
    r"|females?|males?|adolescents?)\b"
)

_BOTH = re.compile(
    r"\b(?:(?:fe)?males?|(?:wo)?men|(?:wo)?man) ?(?:and ?/ ?or|and|or|/|&) ?(?:non-?pregnant "
    r"|post-?menopausal |non-?lactating )?"
    r"(?:(?:fe)?males?|(?:wo)?men|(?:wo)?man)\b|\b(?:both|either|any|all) (?:gender|sex)(?:es"
    r"|s)?\b|\b(?:of|regardless of) (?:either |any |both )?(?:gender|sex)(?:es|s)?\b"
)
_ONE = re.compile(
    r"^[\s\W\d]*(?:(?:for )?(?:phase|part|cohort|stage) [\w/]+(?: only| portion)? ?[:,-] ?)?"
    r"(?:all |only |healthy |adult |eligible |included? |patients? (?:must|should) be "
    r"|patients? (?:are )?|subjects? (?:must|should) be |participants? (?:must|should) be |(?:sex"
    r"|gender) ?:? ?(?:is )?|be (?:an? )?|"
    r"must be (?:an? )?|an? |the |ambulatory |pre-?menopausal |peri-?menopausal "
    r"|post-?menopausal |pre- ?(?:and|or) post-?menopausal |consenting |non-?pregnant "
    r"|non-?lactating |and |or |, ?|/ ?)*"
    r"(?P<sex>females?|males?|women|woman|men|man)(?![a-z])(?! ?\()"
)
_NOT_WHOSE = re.compile(
    r"[ ,]*(?:patients?|subjects?|participants?)?[ ,]*(?:who|of|must|should"
    r"|with (?:a )?(?:partner|child|pregnan|reproductive|positive|negative)|will|may|agree|are|is"
    r"|willing|taking|using|partners?|capable|able|that|crcl|creatinine|or their|whose|not|need"
    r"|cannot|can|do|have|had|considered|:|receiving|on )"
)


def ages_in(line: Levelled, pieces: tuple[Piece, ...]) -> tuple[list[Found], set[int]]:
    """Find the limits on age in a line.

    Parameters
    ----------
    line : Levelled
        One criterion.
    pieces : tuple of Piece
        Of the line.

    Returns
    -------
    found : list of Limit or Doubtful
        In the order of the line.
    taken : set of int
        Places of the numbers that are ages, limits or not.
    """
    found: list[Found] = []
    taken: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.bound is None:
            continue
        start = _age_start(line, pieces, at, taken)
        if start is None:
            continue
        taken.add(at)
        limit = _read(line, piece, start)
        if limit is not None:
            found.append(limit)
    return joined_ranges(found, line.text), taken


def _age_start(line: Levelled, pieces: tuple[Piece, ...], at: int, taken: set[int]) -> int | None:
    """Say where the words of an age begin; None for a number that is no age."""
    piece = pieces[at]
    bound = piece.bound
    if bound is None or bound.amount.unit is not None or bound.amount.times:
        return None
    if bound.amount.time not in ("", "years", "months", "weeks", "days"):
        return None
    named = _named_before(pieces, at, is_plain=bound.amount.is_plain)
    if named is not None:
        return None if _IF.search(line.text, 0, named.start) else named.start
    if _AND_OVER.search(piece.text) and _is_whole(line, pieces, at):
        return piece.start
    is_older = any(word in piece.text for word in ("older", "younger", "elder"))
    is_age = (
        bound.manner == "age"
        or bool(_AGE.search(piece.text))
        or any(each.is_age for _, each in bound.sides)
    )
    if is_age or bound.amount.is_age or (is_older and bound.amount.time):
        return piece.start
    if _continues(pieces, at, taken):
        return piece.start
    after = pieces[at + 1 : at + 3]
    if after and after[0].kind == "AGE" and bound.amount.time in ("years", "months"):
        return piece.start
    return _of_person(line, pieces, at)


def _named_before(pieces: tuple[Piece, ...], at: int, *, is_plain: bool) -> Piece | None:
    """Find the word age before a number."""
    words = 0
    for place in range(at - 1, -1, -1):
        piece = pieces[place]
        if piece.kind == "AGE":
            return piece
        words += piece.kind in ("WORD", "PERSON")
        if piece.kind not in _BETWEEN or words > (4 if is_plain else _MOST_WORDS):
            return None
    return None


def _continues(pieces: tuple[Piece, ...], at: int, taken: set[int]) -> bool:
    """Say whether a number goes on from an age: `>= 18 and <= 75`."""
    back = at - 1
    while back >= 0 and pieces[back].kind in ("AND", "OR", "COMMA"):
        back -= 1
    bound = pieces[at].bound
    is_time = bound is not None and bound.amount.time in ("", "years", "months")
    return back in taken and back < at - 1 and is_time and bool(bound and bound.sides)


def _of_person(line: Levelled, pieces: tuple[Piece, ...], at: int) -> int | None:
    """Say where `women >= 18 years` begins; years of anything else are no age."""
    bound = pieces[at].bound
    if bound is None or bound.manner in ("within", "during") or not _in_years(pieces, at):
        return None
    if _NO_AGE.match(line.text, pieces[at].end):
        return None
    for place in range(at - 1, max(-1, at - 5), -1):
        piece = pieces[place]
        if piece.kind in ("PERSON", "SEX"):
            return None if _FOR.search(line.text, 0, piece.start) else piece.start
        small = piece.kind in ("BE", "OPENS", "COMMA", "A", "COLON") or piece.text in (
            "must", "should", "who", "at", "of",
        )  # fmt: skip
        if not small:
            return None
    return pieces[at].start if _is_whole(line, pieces, at) else None


def _in_years(pieces: tuple[Piece, ...], at: int) -> bool:
    """Say whether a number is of years, by its own unit or that of the number joined to it."""
    bound = pieces[at].bound
    if bound is None or bound.amount.time or not bound.amount.is_plain:
        return bound is not None and bound.amount.time == "years"
    later = pieces[at + 2].bound if at + 2 < len(pieces) else None
    is_joined = pieces[at + 1].kind in ("AND", "COMMA") if later else False
    return is_joined and later is not None and later.amount.time == "years"


def _is_whole(line: Levelled, pieces: tuple[Piece, ...], at: int) -> bool:
    """Say whether a line has no other words."""
    return at == 0 and not line.text[pieces[at].end :].strip(" .,;")


def _read(line: Levelled, piece: Piece, start: int) -> Found | None:
    """Give the limit on age, or why there is none; None for an age that defines something else."""
    bound = piece.bound
    if bound is None or _defines_another_thing(line, piece, start):
        return None
    sides = sides_of(bound)
    unit = bound.amount.time or "years"
    if not sides or unit not in ("years", "months"):
        why = bound.doubt or "its number or unit is no plain age"
        return Doubtful("age", "", start, piece.end, why)
    if any(number > _OLDEST for _, number in sides):
        return Doubtful("age", "", start, piece.end, "nobody reaches this age")
    if _may_be_a_feature(line, sides):
        why = "a low age may be one feature of several; the words do not say that it limits entry"
        return Doubtful("age", "", start, piece.end, why)
    return Limit("age", start, piece.end, sides, {"unit": unit}, bound.because)


def _may_be_a_feature(line: Levelled, sides: tuple[tuple[Side, Decimal], ...]) -> bool:
    """Say whether an upper age alone is low and nothing says whose it is: `age < 35 years`."""
    if len(sides) != 1 or sides[0][0] not in ("below", "at_most"):
        return False
    is_low = _ADULT < sides[0][1] < _YOUNG
    return is_low and not _OF_ENTRY.search(line.text)


def _defines_another_thing(line: Levelled, piece: Piece, start: int) -> bool:
    """Say whether an age tells who is postmenopausal, or who must use contraception."""
    numbers = [each.number for _, each in piece.bound.sides] if piece.bound else []
    is_middle = any(number is not None and 40 <= number <= 66 for number in numbers)
    if is_middle and defines_menopause(line.text):
        return True
    is_adult = all(number is None or number <= _ADULT for number in numbers)
    if not is_adult and (
        _FOR_SOME.search(line.text, 0, start) or _THEN_MUST.match(line.text, piece.end)
    ):
        return True
    sentence = line.text[start : start + 200]
    return bool(_OBLIGED.search(sentence)) or (start > 80 and is_contraception(line.text))


_FOR_PHASE = re.compile(
    r"\b(?P<sex>(?:fe)?males?(?: or (?:fe)?males?)?"
    r"|(?:wo)?men(?: (?:or|and) (?:wo)?men)?)(?: only)?"
    r" (?:for|in) (?P<part>phase [iv\d]+[ab]?)(?![a-z])"
)


def _sexes_of_parts(line: Levelled) -> list[Found]:
    """Read `male or female for phase I and female for phase II`."""
    return [
        Limit(
            "sex",
            each.start("sex"),
            each.end("sex"),
            (),
            {"expect": _expected(each["sex"])},
            f"the words say it for '{each['part']}' only",
        )
        for each in _FOR_PHASE.finditer(line.text)
    ]


def _expected(sex: str) -> str:
    """Say whose sex a word names."""
    if re.search(r" (?:or|and) ", sex):
        return "all"
    return "female" if sex.startswith(("female", "wom")) else "male"


def sexes_in(line: Levelled) -> list[Found]:
    """Find whose sex may enter.

    Parameters
    ----------
    line : Levelled
        One criterion.

    Returns
    -------
    list of Limit
        At most one, or one for each phase that is named with it; side remarks on contraception
        or pregnancy are none.
    """
    text = line.text
    parts = _sexes_of_parts(line)
    if len(parts) > 1 and not is_contraception(text):
        return parts
    both = _BOTH.search(text)
    if both and not is_contraception(text) and both.start() < 160:
        return [Limit("sex", both.start(), both.end(), (), {"expect": "all"})]
    one = _ONE.match(text)
    if (
        one is None
        or re.search(r"amenorr|menses|menstr|are (?:also )?eligible", text)
        or _NOT_WHOSE.match(text, one.end())
        or is_contraception(text)
    ):
        return []
    expect = _expected(one["sex"])
    return [Limit("sex", one.start("sex"), one.end("sex"), (), {"expect": expect})]
