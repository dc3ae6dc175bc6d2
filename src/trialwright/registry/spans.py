"""Where something stands in a record, and the text that stays for people."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the record, and what became of it.

    Attributes
    ----------
    first_line, start : int
        Where it begins: line counted from 1, character in that line counted from 0.
    last_line, end : int
        Where it ends, the character `end` itself excluded.
    kind : str
        What it is, e.g. `inclusion bullet`, `arm sentence`, `words`.
    standing : {'understood', 'kept'}
        Read into the draft's typed parts, or kept as text for people.
    became : str
        Part of the draft it became, e.g. `criteria.I02`; `kept` for kept text.
    field : str
        In a JSON record, the path of the value whose text the lines are counted in, e.g.
        `protocolSection.eligibilityModule.eligibilityCriteria`; of a kept part, the path of the
        whole part. Empty for a record that is text.
    """

    first_line: int
    start: int
    last_line: int
    end: int
    kind: str
    standing: Literal["understood", "kept"]
    became: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Words that were not understood and are kept as they stand.

    Attributes
    ----------
    span : Span
        Where they stand.
    words : str
        As they stand.
    because : str
        Which part was not understood, and why.
    """

    span: Span
    words: str
    because: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the record that people should look at.

    Attributes
    ----------
    line : int
        Line it concerns; 0 when it concerns the whole record.
    says : str
        The remark as a sentence.
    """

    line: int
    says: str
