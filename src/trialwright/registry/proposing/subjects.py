"""What a number is about: the analytes named before it, followed through brackets and lists."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from trialwright.registry.proposing.amounts import Bound
from trialwright.registry.proposing.analytes import BY_FACT, Analyte
from trialwright.registry.proposing.pieces import Piece

_JOINING = frozenset(
    {
        "COMMA", "SLASH", "OPENS", "CLOSES", "AND", "OR", "A", "DASH", "COLON", "PLUS", "FACT",
        "BE", "EQUAL",
    }
)  # fmt: skip
_JOINING_WORDS = frozenset(
    {
        "abbreviated", "absolute", "according", "adequate", "also", "and", "as", "blood", "both",
        "by", "calculated", "called", "circulating", "concentration", "corrected", "correction",
        "count", "counts", "e.g", "e.g.", "either", "enzymes", "estimated", "fasting", "formerly",
        "formula", "function", "hepatic", "i.e", "i.e.", "including", "institutional", "interval",
        "known", "level", "levels", "liver", "local", "mean", "measured", "method", "normalised",
        "normalized", "of", "or", "peripheral", "plasma", "ratio", "resting", "s", "serum", "test",
        "tests", "time", "to", "total", "using", "value", "values", "venous",
    }
)  # fmt: skip
_COMMON = frozenset({"then", "if", "for", "with", "who", "when", "not", "may", "must", "in", "on"})
_CORRECTING = frozenset({"corrected", "adjusted", "normalized", "normalised", "indexed"})
_GENERIC = {
    "transaminases": {"ast", "alt"},
    "liver-function-tests": {"ast", "alt", "total-bilirubin", "alkaline-phosphatase"},
    "blood-pressure": {"systolic-pressure", "diastolic-pressure"},
    "qt": {"qtc", "qtcf", "qtcb"},
    "qtc": {"qtcf", "qtcb"},
    "glucose": {"fasting-glucose"},
    "calcium": {"ionized-calcium"},
    "cholesterol": {"ldl-cholesterol", "hdl-cholesterol"},
}
"""Names that give way to what they are made of, when both are named."""


@dataclass(frozen=True, slots=True)
class Named:
    """An analyte where it is named.

    Attributes
    ----------
    analyte : Analyte
        What is named.
    start, end : int, characters
        Of the levelled text.
    is_sign : bool
        Whether it is a word for a state, such as `fever`.
    """

    analyte: Analyte
    start: int
    end: int
    is_sign: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The analytes of which numbers that follow speak.

    Attributes
    ----------
    named : tuple of Named
        In the order of the words; empty when none is spoken of.
    is_bounded : bool
        Whether a number was found for them.
    is_hidden : bool
        Whether something that is no analyte (a grade, a receptor, a change) was named since.
    words : int
        Words since the last analyte or number.
    last : Bound or None
        The last bound found for them.
    sentence : int
        Sentence of the line in which they are named.
    bounds : int
        How many numbers were found for them.
    """

    named: tuple[Named, ...] = ()
    is_bounded: bool = False
    is_hidden: bool = False
    words: int = 0
    last: Bound | None = None
    sentence: int = 0
    bounds: int = 0

    @property
    def facts(self) -> tuple[Named, ...]:
        """The analytes that count, each once: `AST (SGOT)` is one, `enzymes (AST, ALT)` two."""
        every = {each.analyte.fact for each in self.named}
        kept: dict[str, Named] = {}
        for each in self.named:
            fact = each.analyte.fact
            if not (_GENERIC.get(fact, set()) & every):
                first = kept.setdefault(fact, each)
                if first.is_sign and not each.is_sign:  # `thrombocytopenia (platelets < 100,000)`
                    kept[fact] = replace(each, start=first.start)
        if {"qtcf", "qtcb"} <= set(kept):
            start = min(each.start for each in self.named)
            either = Named(BY_FACT["qtc"], start, self.named[-1].end)
            kept = {"qtc": either} | {f: e for f, e in kept.items() if f not in ("qtcf", "qtcb")}
        return tuple(kept.values())


@dataclass(slots=True)
class Following:
    """A walk along the pieces of a line, always knowing what is spoken of.

    Attributes
    ----------
    pieces : tuple of Piece
        Of the line.
    subject : Subject
        What is spoken of now.
    before : Subject
        What was spoken of in the sentence before.
    sentence : int
        Number of the sentence.
    begins : int
        Place of its first piece.
    consumed : set of int
        Places of analytes that belong to a number before them.
    """

    pieces: tuple[Piece, ...]
    subject: Subject = field(default_factory=Subject)
    before: Subject = field(default_factory=Subject)
    sentence: int = 0
    begins: int = 0
    consumed: set[int] = field(default_factory=set)
    _above: list[tuple[Subject, int]] = field(default_factory=list)
    _changed_at: int = -9

    def step(self, at: int) -> None:
        """Take one piece that is no bound into account.

        Parameters
        ----------
        at : int
            Its place among the pieces.
        """
        kind = self.pieces[at].kind
        if kind == "FACT":
            self._name(at)
        elif kind == "OPENS":
            self._above.append((self.subject, at))
        elif kind == "CLOSES":
            self._close(at)
        elif kind == "STOP":
            self._stop(at)
        elif kind == "CHANGE":
            self._changed_at = at
            self.subject = replace(self.subject, is_hidden=True)
        elif kind in ("DECOY", "SCALE", "STATUS", "LIFE", "AGE"):
            self.subject = replace(self.subject, is_hidden=True)
        elif kind in ("WORD", "PERSON", "SEX", "NORMAL", "SIGN"):
            self.subject = replace(self.subject, words=self.subject.words + 1)

    def _name(self, at: int) -> None:
        """Take an analyte: one more of a list, or another subject."""
        piece = self.pieces[at]
        if at in self.consumed or piece.analyte is None or self._is_corrected_for(at):
            return
        named = Named(piece.analyte, piece.start, piece.end, piece.is_sign)
        is_changed = at - self._changed_at <= 4
        joins = self.subject.named and not self.subject.is_bounded and self._is_joined(at)
        several = (*self.subject.named, named) if joins else (named,)
        self.subject = Subject(several, is_hidden=is_changed, sentence=self.sentence)

    def _is_corrected_for(self, at: int) -> bool:
        """Say whether an analyte only corrects the one before: `calcium corrected for albumin`."""
        before = [each.text for each in self.pieces[max(0, at - 4) : at]]
        return bool(self.subject.named) and any(
            word.rpartition(" ")[2] in _CORRECTING and following in ("for", "to", "by")
            for word, following in pairwise(before)
        )

    def _is_joined(self, at: int) -> bool:
        """Say whether only joining words stand between an analyte and the one before."""
        place = at - 1
        while place >= 0:
            piece = self.pieces[place]
            if piece.kind == "FACT":
                return True
            is_joining = piece.kind in _JOINING or piece.text in _JOINING_WORDS
            is_joining = is_joining or self._is_unknown_member(place)
            is_semicolon = piece.kind == "STOP" and piece.text == ";" and bool(self._above)
            if not is_joining and not is_semicolon:
                return False
            place -= 1
        return False

    def _is_unknown_member(self, place: int) -> bool:
        """Say whether a word is one of a list of analytes that is not known: `AST, XYZ, ALT`."""
        if not 0 < place < len(self.pieces) - 1:
            return False
        before, piece, after = self.pieces[place - 1 : place + 2]
        is_short = piece.kind == "WORD" and len(piece.text) <= 5 and piece.text not in _COMMON
        return is_short and before.kind == "COMMA" and after.kind in ("COMMA", "AND", "OR")

    def _close(self, at: int) -> None:
        """Come out of brackets: what they said stays only where they named the same, or a list."""
        if not self._above:
            return
        above, opened = self._above.pop()
        inside = self.pieces[opened + 1 : at]
        is_list = all(
            each.kind in _JOINING or each.text in _JOINING_WORDS or each.text == ";"
            for each in inside
        )
        if not above.named and not above.is_hidden:
            return
        if is_list and not above.is_bounded and any(each.kind == "FACT" for each in inside):
            self.subject = replace(self.subject, is_hidden=above.is_hidden)
            return
        linked = self.subject.is_bounded and self.subject.named == above.named
        self.subject = replace(above, is_bounded=above.is_bounded or linked)
        if linked:
            self.subject = replace(self.subject, last=above.last or self.subject.last)

    def _stop(self, at: int) -> None:
        """End a sentence; a semicolon in brackets ends none."""
        if self.pieces[at].text == ";" and self._above:
            return
        self.sentence += 1
        self.begins = min(at + 1, len(self.pieces) - 1)
        if self.subject.named:
            self.before = self.subject
        self.subject = Subject(sentence=self.sentence)
        self._above.clear()

    def link(self, bound: Bound, *, to: Subject) -> None:
        """Note that a bound was found for a subject.

        Parameters
        ----------
        bound : Bound
            As read.
        to : Subject
            What it is about.
        """
        self.subject = replace(
            to,
            is_bounded=True,
            words=0,
            last=bound if bound.sides else to.last,
            is_hidden=False,
            bounds=to.bounds + 1,
        )
