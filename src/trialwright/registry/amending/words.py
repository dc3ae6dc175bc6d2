"""The words of criteria in a form in which two ways of writing the same are equal.

Spelling, plurals, hyphens, written-out numbers, and abbreviations that a text explains itself
(`left ventricular ejection fraction (LVEF)`) make no difference; neither do articles and the people
addressed. What is left are the words that can matter, each with its place in the text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


def words_in(listing: str) -> frozenset[str]:
    """Give the words of a listing.

    Parameters
    ----------
    listing : str
        Words parted by white space.

    Returns
    -------
    frozenset of str
        Each once.
    """
    return frozenset(listing.split())


_WORD = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)"
    r"|(?P<sign>>\s?/?=|<\s?/?=|=<|=>|[<>≥≤%])"
    r"|(?P<word>[A-Za-z]/[A-Za-z](?![A-Za-z])|[A-Za-z]+(?:['’][a-z]+)?)"
)
_SIGNS = {"≥": ">=", "≤": "<=", "=<": "<=", "=>": ">=", ">/=": ">=", "</=": "<="}
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve")
    )
}  # fmt: skip

_SILENT = words_in(
    """
    a an the of to in on at by for with as is are be been being was were has have had do does will
    would can could might shall that this these those which who whom whose it its their his her
    they he she any such also then than from into per within following defined below listed above
    patient participant subject individual person people must should need needed needs required
    require criteria criterion inclusion exclusion purpose note unit study trial protocol enrolment
    enrollment entry entering enter registration willing able ability agree when and or during
    via i e g ie eg etc include includes including included
    """
)
"""Words that carry no condition by themselves. `not`, `no`, `unless`, `only`, `without` are none of
these, nor are numbers and comparators."""

_SAME = {
    "mets": "metastasis",
    "met": "metastasis",
    "metastases": "metastasis",
    "metastase": "metastasis",
    "metastatic": "metastasis",
    "hx": "history",
    "h/o": "history",
    "s/p": "after",
    "w/o": "without",
    "previous": "prior",
    "previously": "prior",
    "documented": "known",
    "woman": "female",
    "women": "female",
    "man": "male",
    "men": "male",
    "radiation": "radiotherapy",
    "hepatic": "liver",
    "renal": "kidney",
    "cardiac": "heart",
    "brain": "cerebral",
    "never": "not",
    "none": "no",
    "cannot": "not",
    "ineligible": "excluded",
    "cancers": "cancer",
    "malignancies": "malignancy",
    "diagnoses": "diagnosis",
    "permitted": "allowed",
    "acceptable": "allowed",
    "allowable": "allowed",
    "therapies": "therapy",
    "treatment": "therapy",
    "equal": "",
    "wk": "week",
    "mo": "month",
    "yr": "year",
    "atleast": "least",
}
"""Words that mean the same in lists of criteria, by their plain form."""

_PREFIXES = ("anti", "post", "pre", "non", "co", "inter", "re", "wash", "child", "peri", "extra")
_SPELLINGS = (
    (re.compile(r"aem"), "em"),
    (re.compile(r"oes"), "es"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"oedem"), "edem"),
    (re.compile(r"tumour"), "tumor"),
    (re.compile(r"isation"), "ization"),
    (re.compile(r"labell"), "label"),
    (re.compile(r"programme"), "program"),
    (re.compile(r"enrol(?!l)"), "enroll"),
)
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"), ("s", ""))
_ABBREVIATED = re.compile(r"[(\[]\s*([A-Za-z](?:[A-Za-z0-9]|/(?=[A-Za-z])){1,6})\s*[)\]]")
_MOST_WORDS = 8
"""Most words that an abbreviation stands for."""

Abbreviations = Mapping[tuple[str, ...], str]
"""Long form, word by word, to the abbreviation."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a criterion.

    Attributes
    ----------
    key : str
        Its form for comparing; empty for a word that carries no condition.
    plain : str
        Its form before words of the same meaning are made one.
    start, end : int, characters
        Where it stands.
    """

    key: str
    plain: str
    start: int
    end: int


def words_of(text: str, abbreviations: Abbreviations | None = None) -> tuple[Word, ...]:
    """Give the words of a text.

    Parameters
    ----------
    text : str
        Words of a criterion.
    abbreviations : mapping of tuple of str to str, optional
        Long forms that count as their abbreviation.

    Returns
    -------
    tuple of Word
        In order; silent words are among them, with an empty key.
    """
    words = _joined([_word(found) for found in _WORD.finditer(text)], text)
    if abbreviations:
        words = _abbreviated(words, abbreviations)
    return tuple(_without_echo(words))


def keys_of(words: Iterable[Word]) -> tuple[str, ...]:
    """Give the keys of the words that can matter.

    Parameters
    ----------
    words : iterable of Word
        Any words.

    Returns
    -------
    tuple of str
        In order, silent words left out.
    """
    return tuple(word.key for word in words if word.key)


def abbreviations_of(texts: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Find the abbreviations that texts explain themselves.

    Parameters
    ----------
    texts : iterable of str
        Every text of both versions.

    Returns
    -------
    dict of tuple of str to str
        Long form, word by word, to the abbreviation.
    """
    found: dict[tuple[str, ...], str] = {}
    for text in texts:
        for bracket in _ABBREVIATED.finditer(text):
            before = [word.plain for word in words_of(text[: bracket.start()])[-_MOST_WORDS:]]
            short = bracket[1].lower()
            long = _long_form(before, short.replace("/", ""))
            if long:
                found[long] = _key(_plain(short))
    return found


def _long_form(before: list[str], letters: str) -> tuple[str, ...]:
    """Give the fewest words before a bracket that the letters in it abbreviate; none: empty."""
    for count in range(1, len(before) + 1):
        words = before[-count:]
        if count > len(letters) + 3:
            break
        is_longer = len("".join(words)) > len(letters) + 1
        if is_longer and words[0][:1] == letters[0] and _spells(words, letters):
            return tuple(words)
    return ()


def _spells(words: list[str], letters: str) -> bool:
    """Say whether letters run through words, and begin the last word that is no small one."""
    place = 0
    joined = "".join(words)
    for letter in letters:
        place = joined.find(letter, place) + 1
        if place == 0:
            return False
    initials = [word[0] for word in words if word not in _SILENT or len(words) == 1]
    return len(words) == 1 or sum(letter in letters for letter in initials) >= len(initials) - 1


def _word(found: re.Match[str]) -> Word:
    """Read one word."""
    plain = _plain(found[0].lower())
    return Word(_key(plain), plain, found.start(), found.end())


def _plain(word: str) -> str:
    """Give a word in one spelling, singular, numbers in digits."""
    word = word.replace("’", "'").removesuffix("'s").replace(" ", "")
    if word[0].isdigit():
        number = word.replace(",", "")
        return number.rstrip("0").rstrip(".") if "." in number else number
    word = _SIGNS.get(word, word)
    if word in _NUMERALS:
        return _NUMERALS[word]
    for pattern, spelled in _SPELLINGS:
        word = pattern.sub(spelled, word)
    return _singular(word)


def _singular(word: str) -> str:
    """Leave a plural ending away."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            return word[: -len(ending)] + instead
    return word


def _key(plain: str) -> str:
    """Give the form for comparing."""
    return "" if plain in _SILENT else _SAME.get(plain, plain)


def _joined(words: list[Word], text: str) -> list[Word]:
    """Join what a hyphen parts after a prefix, and the two words of `prior to`."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.plain in _PREFIXES
            and text[before.end : word.start] == "-"
        ):
            plain = before.plain + word.plain
            joined[-1] = Word(_key(plain), plain, before.start, word.end)
        elif before is not None and (before.plain, word.plain) == ("prior", "to"):
            joined[-1] = Word("before", "before", before.start, word.end)
        else:
            joined.append(word)
    return joined


def _abbreviated(words: list[Word], abbreviations: Abbreviations) -> list[Word]:
    """Put the abbreviation in the place of its long form."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for long in sorted(abbreviations, key=len, reverse=True):
        by_first.setdefault(long[0], []).append(long)
    kept: list[Word] = []
    place = 0
    while place < len(words):
        word = words[place]
        long = _long_form_at(words, place, by_first.get(word.plain, ()))
        if long:
            short = abbreviations[long]
            kept.append(Word(short, short, word.start, words[place + len(long) - 1].end))
        else:
            kept.append(word)
        place += len(long) or 1
    return kept


def _long_form_at(
    words: list[Word], place: int, forms: Iterable[tuple[str, ...]]
) -> tuple[str, ...]:
    """Give the long form that begins at a word; none: empty."""
    for each in forms:
        if tuple(other.plain for other in words[place : place + len(each)]) == each:
            return each
    return ()


def _without_echo(words: list[Word]) -> list[Word]:
    """Leave out a word that repeats the one before it, as `(LVEF)` after its long form."""
    kept: list[Word] = []
    last = ""
    for word in words:
        if word.key and word.key == last:
            kept.append(replace(word, key=""))
        else:
            kept.append(word)
        last = word.key or last
    return kept
