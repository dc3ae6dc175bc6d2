"""The protocol's medicines, looked up from the side of the record: by code, else by name.

Agents under investigation have no code of a public system, so names count where no code does: a
whole text, or the words with which it begins. What merely mentions a medicine, as a product of
several does, is neither that medicine nor silence about it; but RxNorm names a product by its
ingredients with ` / ` between them, so that under a code of it each of them is certain.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from trialwright.intake.codings import codes_of, is_of_known_system, words_of
from trialwright.intake.elements import Element
from trialwright.protocol.vocabulary import Medicine
from trialwright.terms.codes import Code

_WORD = re.compile(r"[a-z]+|[0-9]+")
"""Letters and digits apart: `AZD-5363`, `AZD 5363` and `AZD5363` are one name."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Characters that nobody sees, such as a soft hyphen."""

_AMOUNT = re.compile(r"[0-9]+|ml|mg|mcg|g|l|hr|unt|actuat")
_SEVERAL = re.compile(
    r"\s/\s|[a-z]{4,}/[a-z]{4,}|\+|\b(?:placebo|or|and|with|plus|versus|vs)\b", re.IGNORECASE
)
"""Words of a text that names more than one product, or a blinded one."""

_CHOICE = re.compile(r"\b(?:placebo|or|versus|vs)\b", re.IGNORECASE)
"""Words of a text that says which of several it may be."""

_ABOUT = re.compile(r"[,;:(]|\s[-\u2013]\s|\b(?:to|of|for)\b", re.IGNORECASE)
"""Where a text goes on from what was done to its place or purpose."""

_UNDONE = re.compile(r"\b(?:no|not|without|declined|refused|deferred|planned)\b", re.IGNORECASE)
"""Words of a text that names a treatment which was not given."""

_AROUND = re.compile(
    r"\b(?:plan\w*|simulation\w*|consult\w*|education|counsel\w*|teaching|review|referral|refer\w*|"
    r"follow|evaluation|assessment|history|dosimetry|port|verification|device|mask|fitting|"
    r"monitoring|measurement|assay|test\w*|antibod\w+|level|toxicity|complication\w*|dermatitis|proctitis|pneumonitis|injury|burn|"
    r"status|ct|mri|imaging|protection|exposure|shielding|prophyla\w+|discussion|candidate|"
    r"stents?|elut\w+|coat\w+|balloons?|pumps?|removal|reactions?|hypersensitiv\w+|allerg\w+|"
    r"held|hold|cancel\w+|schedul\w+|refus\w+)\b",
    re.IGNORECASE,
)
"""Words of a text about a treatment that is not the treatment itself."""

_PUT_IN = re.compile(
    r"\b(?:injections?|inj|infusions?|administration|implant\w*|instillation)\b", re.I
)
"""Words of a procedure by which a medicine is given."""

_KINDS = frozenset(
    {
        # intent and place among treatments
        "adjuvant", "neoadjuvant", "palliative", "curative", "definitive", "radical", "salvage",
        "concurrent", "sequential", "first", "second", "third", "fourth", "line", "cycle",
        # of medicines
        "systemic", "intravenous", "iv", "oral", "cytotoxic", "combination", "single", "agent",
        "high", "low", "dose", "dense", "weekly", "cancer",
        # of radiation
        "external", "beam", "stereotactic", "fractionated", "hypofractionated", "intensity",
        "modulated", "image", "guided", "conformal", "3", "d", "proton", "electron", "photon",
        "gamma", "knife", "internal", "intraoperative", "partial", "whole",
        # parts of the body
        "brain", "breast", "chest", "wall", "body", "bone", "spine", "spinal", "pelvic", "pelvis",
        "hip", "femur", "rib", "lymph", "node", "nodal", "axillary", "left", "right", "bilateral",
    }
)  # fmt: skip
"""Words before the name of a treatment that say of what kind or of what part it was."""

_BESIDE = " / "
"""What stands between the ingredients of a product in its name in RxNorm."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """Which medicines of the protocol a record means.

    Attributes
    ----------
    medicines : tuple of str
        Those it certainly means.
    doubted : tuple of str
        Those it may mean; empty where `medicines` is not.
    """

    medicines: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()


class Formulary:
    """Codes and names of the protocol's medicines and treatments.

    Parameters
    ----------
    medicines : mapping of str to Medicine
        The protocol's.
    """

    def __init__(self, medicines: Mapping[str, Medicine]) -> None:
        self.names = frozenset(medicines)
        self._coded: dict[Code, list[str]] = {}
        self._named: dict[Words, list[str]] = {}
        self._doubtful: dict[Words, list[str]] = {}
        self._joined: dict[str, Words] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._unverified = {name for name, each in medicines.items() if "codes" in each.unverified}
        self._seen: dict[str, Identified] = {}
        for name, medicine in medicines.items():
            for code in medicine.coded:
                self._coded.setdefault(code, []).append(name)
            ways = {_words(each) for each in (medicine.says, *medicine.synonyms, name)}
            for way in ways:
                self._named.setdefault(way, []).append(name)
                if any(word[0].isdigit() or word[-1].isdigit() for word in way):
                    self._joined["".join(way)] = way
            for way in map(_words, medicine.doubtful_names):
                self._doubtful.setdefault(way, []).append(name)
                ways.add(way)
            self._words[name] = frozenset(word for way in ways for word in way)
        self._longest = max((len(way) for way in self._named), default=0)
        self._first = {way[0] for way in self._named if way}

    def medicines_of(self, concepts: Iterable[Element]) -> Identified:
        """Say which medicines are meant by concepts that describe one product.

        Parameters
        ----------
        concepts : iterable of Element
            FHIR CodeableConcepts: of the product, or of its ingredients.

        Returns
        -------
        Identified
            By code; without a code of the protocol, by name. A code that nobody has verified is
            doubted beside other words, and so is any code beside the name of another medicine.

        Raises
        ------
        Refusal
            If a coding has another form.
        """
        given = tuple(concepts)
        coded = dict.fromkeys(name for each in given for name in self._by_code(each))
        texts = [text for each in given for text in words_of(each)]
        found = [self._by_name(text) for text in texts]
        named = dict.fromkeys(name for each in found for name in each.medicines)
        named |= dict.fromkeys(name for each in given for name in self._ingredients(each))
        if not coded:
            doubted = dict.fromkeys(name for each in found for name in each.doubted)
            return Identified(tuple(named), () if named else tuple(doubted))
        said = {word for text in texts for word in _words(text)}
        strange = {
            name
            for name in coded
            if said
            and not said & self._words[name]
            and (name in self._unverified or (named and name not in named))
        }
        if strange:
            return Identified((), tuple(dict.fromkeys((*coded, *named))))
        return Identified(tuple(coded))

    def treatments_of(self, concept: Element | None) -> Identified:
        """Say which treatments a procedure is.

        Parameters
        ----------
        concept : Element or None
            The code of the procedure.

        Returns
        -------
        Identified
            By code, or by a text that ends in a name where what was done ends (`Palliative
            radiotherapy, left femur`): planning of a treatment, which begins with its name, is no
            treatment. In doubt where other words stand before the name than such as say of what
            kind or of what part it was (`Awaiting radiotherapy`), and under a name of which
            another treatment goes as well. So is a text that begins with a name (`SBRT left lung`),
            unless it is about planning or sequels; and one of a medicine that is injected or
            infused.

        Raises
        ------
        Refusal
            If a coding has another form.
        """
        if concept is None:
            return Identified()
        if self._by_code(concept):
            return self.medicines_of((concept,))
        texts = words_of(concept)
        found = [self._ending(text) for text in texts]
        if not any(names for names, _ in found):
            found = [(self._put_in(text), True) for text in texts]
        given = dict.fromkeys(name for names, is_sure in found if is_sure for name in names)
        doubted = dict.fromkeys(name for names, _ in found for name in names)
        return Identified(tuple(given), () if given else tuple(doubted))

    def coded_in(self, concept: Element) -> tuple[str, ...]:
        """Give the medicines and treatments of which a concept has a code.

        Parameters
        ----------
        concept : Element
            A FHIR CodeableConcept.

        Returns
        -------
        tuple of str
            Each once.

        Raises
        ------
        Refusal
            If a coding has another form.
        """
        return tuple(dict.fromkeys(self._by_code(concept)))

    def _ending(self, text: str) -> tuple[tuple[str, ...], bool]:
        """Give the medicines of the longest name in which what was done ends, and if it is sure."""
        whole = self._said(text)
        if whole in self._named:
            return tuple(self._named[whole]), True
        words = () if _UNDONE.search(text) else self._said(_ABOUT.split(text, maxsplit=1)[0])
        for n in range(len(words)):
            if words[n:] in self._named:
                return tuple(self._named[words[n:]]), _KINDS.issuperset(words[:n])
            if words[n:] in self._doubtful:
                return tuple(self._doubtful[words[n:]]), False
        return (), True

    def _put_in(self, text: str) -> tuple[str, ...]:
        """Give the treatments with which a text begins, or the medicines it says were given."""
        words = self._said(text)
        if _UNDONE.search(text) or _AROUND.search(text):
            return ()
        begins = next((n for n, word in enumerate(words) if word not in _KINDS), 0)
        named = self._longest_at(words, 0) or self._longest_at(words, begins)
        if named or not _PUT_IN.search(text):
            return named
        given = (name for n in range(len(words)) for name in self._longest_at(words, n))
        return tuple(dict.fromkeys(given))

    def _said(self, text: str) -> Words:
        """Split a text into its words; a name with a number in it as the protocol splits it."""
        words, said, at = _words(text), list[str](), 0
        while at < len(words):
            parts = ((n, self._joined.get("".join(words[at : at + n]))) for n in (3, 2, 1))
            length, way = next(((n, way) for n, way in parts if way), (1, words[at : at + 1]))
            said += way
            at += length
        return tuple(said)

    def _by_code(self, concept: Element) -> list[str]:
        """Give the medicines of which a concept has a code, of a local system too."""
        codes = [*codes_of(concept)]
        for coding in concept.inners("coding"):
            if not is_of_known_system(coding):
                codes.append(Code("LOCAL", coding.text("code")))
        return [name for code in codes for name in self._coded.get(code, ())]

    def _ingredients(self, concept: Element) -> tuple[str, ...]:
        """Give the medicines that a product of several holds, by its name in RxNorm."""
        if not any(code.system == "RXNORM" for code in codes_of(concept)):
            return ()
        parts = [
            _words(part)
            for text in words_of(concept)
            if _BESIDE in text and not _CHOICE.search(text)
            for part in text.split(_BESIDE)
        ]
        return tuple(name for part in parts for name in self._longest_at(part, _start(part)))

    def _by_name(self, text: str) -> Identified:
        """Give the medicines that words name, or may name."""
        if text not in self._seen:
            self._seen[text] = self._read_name(text)
        return self._seen[text]

    def _read_name(self, text: str) -> Identified:
        """Read the words of a product."""
        words = self._said(text)
        if words in self._named:
            return Identified(tuple(self._named[words]))
        begins = self._longest_at(words, 0) or self._longest_at(words, _start(words))
        if begins and not _SEVERAL.search(text):
            return Identified(begins)
        mentioned = [name for n in range(len(words)) for name in self._longest_at(words, n)]
        for way, names in self._doubtful.items():
            if any(words[n : n + len(way)] == way for n in range(len(words))):
                mentioned += names
        return Identified((), tuple(dict.fromkeys(mentioned)))

    def _longest_at(self, words: Words, start: int) -> tuple[str, ...]:
        """Give the medicines of the longest name that begins at a word."""
        if start >= len(words) or words[start] not in self._first:
            return ()
        for length in range(self._longest, 0, -1):
            named = self._named.get(words[start : start + length])
            if named and start + length <= len(words):
                return tuple(named)
        return ()


def _start(words: Words) -> int:
    """Give the place of the first word that is no amount."""
    return next((n for n, word in enumerate(words) if not _AMOUNT.fullmatch(word)), 0)


def _words(text: str) -> Words:
    """Split a name into its words, as it looks."""
    return tuple(_WORD.findall(_UNSEEN.sub("", normalize("NFKC", text)).casefold()))
