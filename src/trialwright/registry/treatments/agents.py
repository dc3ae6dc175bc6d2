"""Which words of a record name an agent.

Known are the interventions that the record lists, a shipped table of generic names with brands and
codes, the suffixes of generic names (`-nib`, `-mab`, `-taxel`), and code names such as MK-0752.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from trialwright.registry.treatments.agents_table import CLASSES, TABLE

MOST_LISTED = 100
"""Most listed interventions taken as names; a record lists some ten."""

_PIECE = re.compile(r"[A-Za-z0-9]+")
_SUFFIX = re.compile(
    r"[a-z]{2,}(?:[aeiou]nib|ciclib|mab|platin|taxel|rubicin|parib|limus|lisib|rafenib|zomib|nostat"
    r"|sertib|citabine|trexate|trexed|[io]tecan|poside|relbine|blastine|cristine|estrant|oxifen"
    r"|relin|relix|dronate|grastim|lutamide|[^n]degib|clax|domide|bulin|cept|taxane)"
)
_NO_AGENT = re.compile(r"(?:except|accept|concept|intercept|precept|percept|taxane)", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w/-])(?:[A-Z]{2,6}\d?-?\d{2,8}[A-Za-z]{0,2}|[A-Z]{1,5}\d?-\d{3,7}[A-Za-z]?"
    r"|(?:BAY|BIBW|AMG|SCH|BMN|BMS|MK|PF|GDC|AZD|SAR|CP|INCB|ABT|LY|ARQ|SGN|IMC) \d[\d-]{2,8})"
    r"(?![\w-])"
)
_NO_CODE = re.compile(
    r"(?:NCT|CYP|HER|CA|CD|AUC|PIK|BRCA|KI|ARM|DAY|QLQ|CTCAE|ICD|NCI|ECOG|DL|PART|HLA|MCF|COVID"
    r"|CYCLE|COHORT|GROUP|PHASE|LEVEL|WEEK|STAGE|STEP|TP|FGFR|PSA|MTD|SF|FACT|BID|QD|TID)[\d -]",
)
_SALT = re.compile(
    r" (?:hydrochloride|hcl|mesylate|acetate|citrate|tosylate|ditosylate|malate|maleate|sodium"
    r"|disodium|succinate|phosphate|besylate|sulfate|sulphate|tartrate|dimeglumine|isethionate"
    r"|ditartrate|calcium|monohydrate)\b",
    re.IGNORECASE,
)
_PLACEBO_FOR = frozenset(
    {" to match ", " matching ", " for ", " of ", " matched to ", "-matched ", " to ", "-"}
)
_COMPOUND_AFTER = re.compile(
    r"[- ](?:based|treated|naive|resistant|refractory|controlled|containing|induced|related|free"
    r"|sensitive|pretreated|specific|responsive|mediated|sparing)\b",
    re.IGNORECASE,
)
_COMPOUND_BEFORE = re.compile(
    r"(?:\b(?:non|anti|post|pre|prior|previous)[- ]|[\w®]-)$", re.IGNORECASE
)
_NO_DRUG = re.compile(
    r"\b(?:analys[ie]s|assessments?|evaluations?|questionnaires?|surger(?:y|ies)|biops(?:y|ies)"
    r"|imaging|collections?|interviews?|stud(?:y|ies)|surveys?|administration|procedures?|scans?"
    r"|radiation|radiotherapy|counsell?ing|exercise|chemotherapy|management|tomography|treatment"
    r"|therapy|doses?|cohort|days?|weeks?|cycles?|part|arm|group|control|tests?|levels?|combination|care|samples?|monitoring)\b",
    re.IGNORECASE,
)
_KIND = re.compile(r"(?:drug|biological|biologic|combination product|other)\s*: ?", re.IGNORECASE)
_ALSO = re.compile(r"^(?P<name>[^()]+?) ?\((?P<also>[^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """An agent named in a text.

    Attributes
    ----------
    start, end : int
        Where, characters of the text; its salt included.
    words : str
        As written.
    key : str
        The same for every name of the agent known here: its generic name, in lower case.
    is_class : bool
        Whether it is a class of agents.
    """

    start: int
    end: int
    words: str
    key: str
    is_class: bool = False


@dataclass(frozen=True, slots=True)
class AgentNames:
    """The names by which agents are known.

    Attributes
    ----------
    phrases : dict of str to tuple of (tuple of str, str)
        By their first piece: the pieces of each name, longest first, and the agent's key.
    """

    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]


def names_with(listed: Sequence[str]) -> AgentNames:
    """Give the shipped names and those that a record lists.

    Parameters
    ----------
    listed : sequence of str
        Names of interventions; `Drug: x` and `x (y)` are taken apart, procedures passed over.

    Returns
    -------
    AgentNames
        To be given to `mentions`.
    """
    own = [each for each in map(_cleaned, listed[:MOST_LISTED]) if each]
    pairs = [pair for names in own for pair in _listed_pairs(names)]
    return _shipped() if not pairs else _gathered([*_shipped_pairs(), *pairs])


def aliases(text: str, names: AgentNames) -> tuple[tuple[str, str], ...]:
    """Find second names that a text gives for an agent: `SU011248 (sunitinib)`.

    Parameters
    ----------
    text : str
        White space single.
    names : AgentNames
        Names known so far.

    Returns
    -------
    tuple of (str, str)
        The name not known so far, and the agent's key; none where both or neither are known.
    """
    found = mentions(text, names)
    pairs = []
    for first, second in pairwise(found):
        is_beside = text[first.end : second.start] in {" (", "(", " ["}
        if not is_beside or text[second.end : second.end + 2].strip()[:1] not in set(")],;["):
            continue
        known = [each for each in (first, second) if each.key in TABLE]
        other = second if known == [first] else first
        if len(known) == 1 and not other.is_class:
            pairs.append((other.words, known[0].key))
    return tuple(pairs)


def names_and(names: AgentNames, pairs: Sequence[tuple[str, str]]) -> AgentNames:
    """Give names with more beside them.

    Parameters
    ----------
    names : AgentNames
        Names known so far.
    pairs : sequence of (str, str)
        Each a name and the agent's key.

    Returns
    -------
    AgentNames
        With the new names first.
    """
    more = _gathered(pairs).phrases
    return AgentNames(
        {
            **names.phrases,
            **{word: each + names.phrases.get(word, ()) for word, each in more.items()},
        }
    )


def mentions(text: str, names: AgentNames) -> tuple[Mention, ...]:
    """Find the agents named in a text.

    Parameters
    ----------
    text : str
        White space single.
    names : AgentNames
        Names known beside suffixes and codes.

    Returns
    -------
    tuple of Mention
        In order, none over another.
    """
    pieces = list(_PIECE.finditer(text))
    codes = {each.start(): each for each in _CODE.finditer(text) if not _NO_CODE.match(each[0])}
    found: list[Mention] = []
    place = 0
    for index, piece in enumerate(pieces):
        if piece.start() < place:
            continue
        mention = _at(text, pieces, index, names) or _coded(codes.get(piece.start()))
        if mention is not None and not _is_compound(text, mention, place):
            found.append(_salted(text, mention))
            place = found[-1].end
    return _sham(text, found)


def _sham(text: str, found: Sequence[Mention]) -> tuple[Mention, ...]:
    """Take `placebo for x` and `x placebo` as one name: no x is given."""
    joined: list[Mention] = []
    for each in found:
        last = joined[-1] if joined else None
        between = text[last.end : each.start].lower() if last else ""
        is_sham = last is not None and (
            (last.key == "placebo" and between in _PLACEBO_FOR)
            or (each.key == "placebo" and between in {" ", "-", "-matched ", " matched "})
        )
        if last is not None and is_sham:
            joined[-1] = Mention(last.start, each.end, text[last.start : each.end], "placebo")
        else:
            joined.append(each)
    return tuple(joined)


def _at(text: str, pieces: list[re.Match[str]], index: int, names: AgentNames) -> Mention | None:
    """Find a name that begins with this piece."""
    first = pieces[index]
    for phrase, key in names.phrases.get(first[0].lower(), ()):
        last = index + len(phrase) - 1
        if last < len(pieces) and _is_phrase(text, pieces[index : last + 1], phrase):
            end = pieces[last].end()
            words = text[first.start() : end]
            return Mention(first.start(), end, words, key, is_class=key in CLASSES)
    word = first[0].lower()
    if _SUFFIX.fullmatch(word) and not _NO_AGENT.fullmatch(word):
        return Mention(first.start(), first.end(), first[0], word)
    return None


def _is_phrase(text: str, pieces: list[re.Match[str]], phrase: tuple[str, ...]) -> bool:
    """Say whether the pieces are those of a name, joined as a name is."""
    if tuple(piece[0].lower() for piece in pieces) != phrase:
        return False
    joins = {text[before.end() : after.start()] for before, after in pairwise(pieces)}
    allowed = {"-", "/", ",", "'"} if sum(map(len, phrase)) < 4 else {"-", "/", ",", "'", " "}
    return joins <= allowed


def _coded(code: re.Match[str] | None) -> Mention | None:
    """Take a code name."""
    if code is None:
        return None
    key = re.sub(r"[^a-z0-9]", "", code[0].lower())
    return Mention(code.start(), code.end(), code[0], key)


def _is_compound(text: str, mention: Mention, place: int) -> bool:
    """Say whether the name is a part of a word that means something else."""
    before = text[max(place, mention.start - 12) : mention.start]
    return bool(_COMPOUND_AFTER.match(text, mention.end) or _COMPOUND_BEFORE.search(before))


def _salted(text: str, mention: Mention) -> Mention:
    """Take the salt into the name."""
    salt = _SALT.match(text, mention.end)
    if salt is None:
        return mention
    words = text[mention.start : salt.end()]
    return Mention(mention.start, salt.end(), words, mention.key, mention.is_class)


def _cleaned(name: str) -> str:
    """Give a listed name without its kind; empty when it is no name of a drug."""
    plain = _KIND.sub("", " ".join(name.split()), count=1)
    letters = sum(sign.isalpha() for sign in plain)
    is_odd = len(plain) > 80 or letters < 3 or len(_PIECE.findall(plain)) > 6
    return "" if is_odd or _NO_DRUG.search(plain) or re.search(r"[+;]| and | or ", plain) else plain


def _listed_pairs(name: str) -> Iterator[tuple[str, str]]:
    """Give a listed name, and the one in parentheses after it, each with the agent's key."""
    also = _ALSO.match(name)
    both = [also["name"], also["also"]] if also else [name]
    known = next((key for each in both if (key := _shipped_key(each))), "")
    for each in both:
        pieces = _pieces(each)
        if pieces and sum(map(len, pieces)) > 2 and not _shipped_key(each):
            yield each, known or _key(both[0])


def _key(name: str) -> str:
    """Give the key of a name that the table does not hold."""
    plain = name.lower()
    return re.sub(r"[^a-z0-9]", "", plain) if re.search(r"\d", plain) else plain


def _pieces(name: str) -> tuple[str, ...]:
    """Give the pieces of a name."""
    return tuple(piece.lower() for piece in _PIECE.findall(name))


@cache
def _shipped() -> AgentNames:
    """Give the names of the table."""
    return _gathered(_shipped_pairs())


@cache
def _shipped_keys() -> dict[tuple[str, ...], str]:
    """Give the keys of the table by the pieces of each name."""
    return {_pieces(name): key for name, key in _shipped_pairs()}


def _shipped_key(name: str) -> str:
    """Give the key of a name in the table; empty when it is not there."""
    return _shipped_keys().get(_pieces(name), "")


@cache
def _shipped_pairs() -> tuple[tuple[str, str], ...]:
    """Give each name of the table with the agent's key."""
    pairs = [
        (name, generic)
        for generic, others in TABLE.items()
        for name in (generic, *(others.split("|") if others else ()))
    ]
    return (*pairs, *((name, name) for name in CLASSES))


def _gathered(pairs: Sequence[tuple[str, str]]) -> AgentNames:
    """Put names in order of their first piece, the longest first."""
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, key in pairs:
        pieces = _pieces(name)
        for each in {pieces, ("".join(pieces),)} if _is_code(pieces) else {pieces}:
            phrases.setdefault(each[0], []).append((each, key))
    return AgentNames(
        {
            first: tuple(sorted(each, key=lambda phrase: -len(phrase[0])))
            for first, each in phrases.items()
        }
    )


def _is_code(pieces: tuple[str, ...]) -> bool:
    """Say whether a name is letters and digits in two pieces, also written as one."""
    return len(pieces) == 2 and pieces[0].isalpha() and pieces[1][:1].isdigit()
