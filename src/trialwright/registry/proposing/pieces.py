"""A line as pieces: its tokens, with each bound and each analyte read."""

from dataclasses import dataclass

from trialwright.registry.proposing.amounts import Bound
from trialwright.registry.proposing.analytes import Analyte, analyte_named, is_sign
from trialwright.registry.proposing.grammar import longest_bound
from trialwright.registry.proposing.levelling import Levelled
from trialwright.registry.proposing.lexicon import tokens_of

_BEGIN = frozenset(
    {
        "AT_LEAST", "AT_MOST", "ABOVE", "BELOW", "AGE_AT_LEAST", "AGE_AT_MOST", "AGE_ABOVE",
        "AGE_BELOW", "NOT", "EQUAL", "GARBLED", "ABOUT", "BETWEEN", "FROM", "WITHIN", "WINDOW",
        "LAST", "DURING", "OPENS", "NUMBER", "ULN", "LLN",
    }
)  # fmt: skip
_COMPARATORS = frozenset(
    {
        "AT_LEAST", "AT_MOST", "ABOVE", "BELOW", "AGE_AT_LEAST", "AGE_AT_MOST", "AGE_ABOVE",
        "AGE_BELOW", "EQUAL", "GARBLED", "ABOUT",
    }
)  # fmt: skip
_LONGEST = 16  # tokens; the longest bound known takes 11

_IN_CAPITALS = {"who": "WHO", "ps": "PS", "pt": "PT"}
"""Words that are abbreviations in capitals only: `who` is a pronoun."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of a line, or several that make one bound.

    Attributes
    ----------
    kind : str
        Name of the token, or `BOUND`.
    start, end : int, characters
        Of the levelled text.
    text : str
        Levelled.
    bound : Bound or None
        What a `BOUND` says.
    analyte : Analyte or None
        What a `FACT` names.
    is_sign : bool
        Whether a `FACT` is a word for a state, such as `fever`.
    """

    kind: str
    start: int
    end: int
    text: str
    bound: Bound | None = None
    analyte: Analyte | None = None
    is_sign: bool = False


def pieces_of(line: Levelled) -> tuple[Piece, ...]:
    """Cut a line into pieces.

    Parameters
    ----------
    line : Levelled
        One criterion.

    Returns
    -------
    tuple of Piece
        In the order of the line.
    """
    tokens = tokens_of(line.text)
    pieces: list[Piece] = []
    at = 0
    while at < len(tokens):
        bound, length = None, 1
        if _may_begin(tokens, at):
            bound, length = longest_bound(tokens[at : at + _LONGEST])
        if bound is not None:
            start, end = tokens[at].start_pos or 0, tokens[at + length - 1].end_pos or 0
            end = start + len(line.text[start:end].rstrip())
            start = end - len(line.text[start:end].lstrip())
            pieces.append(Piece("BOUND", start, end, line.text[start:end], bound))
        else:
            length = 1
            pieces.append(_piece(line, tokens[at].type, tokens[at].start_pos, tokens[at].end_pos))
        at += length
    return tuple(pieces)


def _may_begin(tokens: list, at: int) -> bool:  # type: ignore[type-arg]
    """Say whether a bound may begin here, at one look."""
    kind = tokens[at].type
    if kind not in _BEGIN or (at + 1 == len(tokens) and kind != "NUMBER"):
        return False
    if kind == "OPENS":
        return (
            tokens[at + 1].type in _COMPARATORS
            and tokens[at + 2 : at + 3] != []
            and (tokens[at + 2].type == "CLOSES")
        )
    if kind == "NOT":
        return tokens[at + 1].type in _COMPARATORS or tokens[at + 1].type == "BE"
    return True


def _piece(line: Levelled, kind: str, start: int | None, end: int | None) -> Piece:
    """Make a piece of one token; an abbreviation in other letters is a word."""
    first, last = start or 0, end or 0
    text = line.text[first:last]
    if kind in ("FACT", "DAY_FACT"):
        written = line.cut(first, last)
        analyte = analyte_named(written) or analyte_named(text)
        if analyte is None:
            return Piece("WORD", first, last, text)
        return Piece("FACT", first, last, text, None, analyte, is_sign(text))
    if text in _IN_CAPITALS and line.cut(first, last) != _IN_CAPITALS[text]:
        kind = "WORD"
    return Piece(kind, first, last, text)
