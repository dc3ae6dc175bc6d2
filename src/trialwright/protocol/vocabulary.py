"""The vocabulary of a protocol: each fact it speaks of, with unit, codes and words."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Data, Number, Text
from trialwright.terms.codes import Code

CodeText = Annotated[
    str, Field(pattern=r"^(LOINC|SNOMEDCT|RXNORM|ICD10CM|LOCAL) [A-Za-z0-9.\-]{1,40}$")
]
"""A code with its system, e.g. `LOINC 718-7`."""


class Plausible(Data):
    """Numbers that can be true of a living person, in the term's unit.

    Attributes
    ----------
    at_least, at_most : Number
        Outside this window a value is questioned, never converted silently.
    """

    at_least: Number
    at_most: Number

    def holds(self, number: Decimal) -> bool:
        """Say whether a number lies in the window.

        Parameters
        ----------
        number : Decimal
            In the term's unit.

        Returns
        -------
        bool
            Bounds included.
        """
        return self.at_least <= number <= self.at_most


class Term(Data):
    """One fact that the protocol speaks of.

    Attributes
    ----------
    says : str
        Its name for people; for a question, the question.
    kind : {'observation', 'condition', 'question'}
        Measured, diagnosed, or answered by a person.
    unit : str
        UCUM unit in which values are shown; empty unless measured.
    substance : str
        Name under which mass and amount convert; empty when they need not.
    codes : tuple of str
        Codes under which records hold it.
    plausible : Plausible or None
        Values that can be true.
    note : str
        Trap or source to know.
    """

    says: Text
    kind: Literal["observation", "condition", "question"]
    unit: str = ""
    substance: str = ""
    codes: tuple[CodeText, ...] = ()
    plausible: Plausible | None = None
    note: str = ""

    @property
    def coded(self) -> tuple[Code, ...]:
        """The codes as system and code."""
        return tuple(Code(*text.split(" ", 1)) for text in self.codes)
