"""Names in the words of a record: a condition or result for which it has no code of the protocol.

Problem lists are full of entries in words, or under codes narrower than any that a protocol lists.
What such an entry is called is read, and nothing else of it: a whole text that is a name, or a name
inside of a text. A name after `no`, of a relative or of a screening tells nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from trialwright.protocol.vocabulary import Term

Of = Literal["condition", "relative"]
Words = tuple[str, ...]

_WORD = re.compile(r"[a-z0-9]+")
_APART = re.compile(r"[;:.()\[\]]|\s[-\u2013]\s|\bbut\b", re.IGNORECASE)
"""Where a text goes on with something else, for which a `no` before does not speak."""

_MARK = re.compile(r"[,;:(\[]|\s[-\u2013]\s")
"""Where the name of a finding ends and its specimen is told."""

_KIND = re.compile(
    r"\s*\((?:disorder|finding|situation|procedure|event|morphologic abnormality|"
    r"cms/hcc|cms-hcc|hcc|hc code|code)\)",
    re.IGNORECASE,
)
"""What terminologies and billing put behind a name."""

_NOT_HERS = re.compile(
    r"\b(?:no|not|never|none|without|denies|denied|negative|absence|free of|family|fh|fhx|"
    r"mother|father|sister|brother|maternal|paternal|screening|screen|surveillance|"
    r"risk(?!$)|(?<!high )risk|prophylaxis|prophylactic|vaccin\w+|immuni[sz]ation|exposure|"
    r"contact|carrier|fear|worried|education|counseling|susceptibility|predisposition)\b",
    re.IGNORECASE,
)
"""Words before a name that say that she does not have it."""

_SET_ASIDE = re.compile(
    r"^\W*(?:is |was |were |has been )?(?:ruled out|excluded|not (?:found|present|seen|detected)|"
    r"absent|screening|vaccin\w+|immuni[sz]ation|prophylaxis|risk|antibody|carrier|education|"
    r"counsel\w+|test(?:ing)?|staging)\b",
    re.IGNORECASE,
)
"""Words behind a name that say so."""


_DENIED = re.compile(
    r"\W*(?:no|not|never|none|denies|denied|negative for|absence of|free of|family|fh|fhx|mother|"
    r"father|sister|brother|maternal|paternal|(?:encounter for )?(?:\w+ )?screening|"
    r"(?:encounter for )?(?:vaccin\w+|immuni[sz]ation))\b",
    re.IGNORECASE,
)
"""With what a text begins of which nothing is hers."""

_MORE = re.compile(r",|;|\bbut\b|\bwith\b", re.IGNORECASE)
"""Where such a text may go on with what she has."""

_ALTERNATIVE = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
"""Before the last of several that are denied at once."""


@dataclass(frozen=True, slots=True)
class Told:
    """Which terms the words of a record tell.

    Attributes
    ----------
    certain : tuple of str
        Those of which a whole text is a name.
    possible : tuple of str
        Those of which a text holds a name.
    """

    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


class Wording:
    """Names of the terms of a protocol, looked up from the side of the record.

    Parameters
    ----------
    terms : mapping of str to Term
        The vocabulary.
    """

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._of: dict[Of, dict[str, tuple[Words, ...]]] = {"condition": {}, "relative": {}}
        self._unless: dict[str, tuple[Words, ...]] = {}
        self._results: dict[frozenset[str], list[str]] = {}
        self._findings = frozenset(name for name, each in terms.items() if each.kind == "finding")
        for name, term in terms.items():
            if term.kind == "condition":
                self._of["condition"][name] = tuple(map(words_in, term.words))
                self._of["relative"][name] = tuple(map(words_in, term.relative_words))
                self._unless[name] = tuple(map(words_in, term.unless))
            else:
                for each in term.words:
                    self._results.setdefault(frozenset(words_in(each)), []).append(name)
        self._first = frozenset(
            phrase[0] for of in self._of.values() for named in of.values() for phrase in named
        )
        self._seen: dict[tuple[Of, str], Told] = {}

    def may_name(self, text: str) -> bool:
        """Say whether a text may hold a name, before it is read.

        Parameters
        ----------
        text : str
            Any text of a record.

        Returns
        -------
        bool
            False only where it holds none.
        """
        words = words_in(text)
        if not self._first.isdisjoint(words):
            return True
        return bool(self.results_named(text))

    def told(self, of: Of, texts: Iterable[str]) -> Told:
        """Say which conditions words tell.

        Parameters
        ----------
        of : {'condition', 'relative'}
            Whose: the participant's, or a relative's.
        texts : iterable of str
            What the record calls it.

        Returns
        -------
        Told
            Each term once.
        """
        each_told = [self._read(of, text) for text in texts]
        certain = dict.fromkeys(name for each in each_told for name in each.certain)
        possible = dict.fromkeys(name for each in each_told for name in each.possible)
        return Told(tuple(certain), tuple(name for name in possible if name not in certain))

    def is_open(self, texts: Iterable[str]) -> bool:
        """Say whether words that tell no condition hold the name of one all the same.

        Parameters
        ----------
        texts : iterable of str
            What the record calls it.

        Returns
        -------
        bool
            For a name beside a word that may or may not deny it (`No pain, brain metastases`);
            false where a text denies all of it (`No known problems`, `FH: Heart failure`).
        """
        said = [words_in(text) for text in texts if not _is_denied(text)]
        phrases = [each for named in self._of["condition"].values() for each in named]
        return any(_within(each, words) for words in said for each in phrases)

    def results_named(self, text: str) -> tuple[str, ...]:
        """Say of which terms a text is the name of a result.

        Parameters
        ----------
        text : str
            What the record calls it.

        Returns
        -------
        tuple of str
            Those of which the whole text is a name, in any order of its words; a finding also by
            what stands before the first mark, behind which the specimen is told.
        """
        named = dict.fromkeys(self._results.get(frozenset(words_in(text)), ()))
        begins = frozenset(words_in(_MARK.split(text, maxsplit=1)[0]))
        found = self._results.get(begins, ())
        return tuple(named | dict.fromkeys(each for each in found if each in self._findings))

    def _read(self, of: Of, text: str) -> Told:
        """Read one text."""
        key = of, text
        if key not in self._seen:
            whole = _KIND.sub("", text).strip()
            every = words_in(whole)
            named = {name: each for name, each in self._of[of].items() if each}
            if of == "condition" and _is_denied(text):  # but a family history may be asked for
                named = {
                    name: begun
                    for name, each in named.items()
                    if (begun := tuple(one for one in each if every[: len(one)] == one))
                }
            parts = _APART.split(whole)
            possible = tuple(
                name
                for name, phrases in named.items()
                if not any(_within(other, every) for other in self._unless[name])
                and any(_tells(part, phrases) for part in parts)
            )
            certain = tuple(name for name in possible if every in named[name])
            self._seen[key] = Told(certain, tuple(each for each in possible if each not in certain))
        return self._seen[key]


def _is_denied(text: str) -> bool:
    """Say whether a text begins with what denies all of it, or tells it of somebody else."""
    if not _DENIED.match(text):
        return False
    parts = _MORE.split(text)
    return len(parts) == 1 or bool(_ALTERNATIVE.search(parts[-1]))


def words_in(text: str) -> Words:
    """Split a text into its words.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    tuple of str
        In small letters, without apostrophes; `%` is a word.
    """
    plain = text.casefold().replace("'", "").replace("\u2019", "").replace("%", " percent ")
    return tuple(_WORD.findall(plain))


def _tells(part: str, phrases: tuple[Words, ...]) -> bool:
    """Say whether a part of a text holds a name of something that she has."""
    words, held = words_in(part), list[range]()
    for phrase in sorted(phrases, key=len, reverse=True):
        at = _within(phrase, words)
        place = range(at - 1, at - 1 + len(phrase))
        if not at or any(place.start in longer for longer in held):
            continue
        held.append(place)
        if _NOT_HERS.search(" ".join(words[: place.start])):
            continue
        if not _SET_ASIDE.search(" ".join(words[place.stop :])):
            return True
    return False


def _within(phrase: Words, words: Words) -> int:
    """Give the place, counted from 1, at which a phrase begins; 0 where it does not stand."""
    length = len(phrase)
    places = range(len(words) - length + 1)
    return next((at + 1 for at in places if words[at : at + length] == phrase), 0)
