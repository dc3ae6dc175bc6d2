"""The printed CTCAE texts of terms, for a reviewer, and grades as entered."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.grading.criteria import american
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

NOT_SHIPPED = "definition not shipped"
"""Mark of a term whose CTCAE text this product does not carry."""

_COLUMNS = ("soc", "term", "grade_1", "grade_2", "grade_3", "grade_4", "definition")
_WITH_DEATH = (*_COLUMNS[:-1], "grade_5", "definition")


@dataclass(frozen=True, slots=True)
class TermText:
    """What CTCAE prints of one term.

    Attributes
    ----------
    term, soc : str
        Term and system organ class.
    grades : tuple of str
        Texts of grades 1 to 4; `-` where the term has no such grade.
    definition : str
        The definition of the term.
    may_be_fatal : bool
        Whether the term has a grade 5; True where the table does not say.
    """

    term: str
    soc: str
    grades: tuple[str, str, str, str]
    definition: str
    may_be_fatal: bool = True

    def says(self, grade: int) -> str:
        """Give the text of a grade.

        Parameters
        ----------
        grade : int
            0 to 5; the table carries the texts of 1 to 4.

        Returns
        -------
        str
            Empty for 0 and 5, `-` for a grade the term does not have.
        """
        return self.grades[grade - 1] if 1 <= grade <= 4 else ""

    @property
    def has(self) -> tuple[int, ...]:
        """The grades the term has, lowest first."""
        named = tuple(place for place in range(1, 5) if self.says(place) != "-")
        return (*named, 5) if self.may_be_fatal else named


@dataclass(frozen=True, slots=True)
class EnteredGrade:
    """A grade that a person entered, not derived from a value.

    Attributes
    ----------
    term : str
        CTCAE term as shipped, else as entered.
    grade : int
        0 to 5.
    says : str
        The printed text of that grade, empty when it is not shipped.
    mark : str
        `definition not shipped`, or empty.
    because : str
        One sentence.
    """

    term: str
    grade: int
    says: str
    mark: str
    because: str


@dataclass(frozen=True, slots=True)
class TermTexts:
    """The printed texts of all terms shipped.

    Attributes
    ----------
    texts : mapping of str to TermText
        By term in lower case and American spelling.
    """

    texts: Mapping[str, TermText]

    def find(self, term: str) -> TermText | None:
        """Give the printed text of a term.

        Parameters
        ----------
        term : str
            Case does not matter; British spelling is understood.

        Returns
        -------
        TermText or None
            None when the text of this term is not shipped.
        """
        return self.texts.get(american(term))

    def as_entered(self, term: str, grade: int) -> EnteredGrade:
        """Take a grade as the investigator entered it.

        Parameters
        ----------
        term : str
            CTCAE term of the adverse event.
        grade : int
            0 to 5.

        Returns
        -------
        EnteredGrade
            With the printed text to compare, or marked `definition not shipped`.

        Raises
        ------
        Refusal
            If the grade is none of 0 to 5, or the term has no such grade.
        """
        if isinstance(grade, bool) or not isinstance(grade, int) or not 0 <= grade <= 5:
            raise refuse("grade", shorten(grade), "0 to 5", "Correct the grade")
        found = self.find(term)
        if found is None:
            because = f"grade {grade} as entered; {NOT_SHIPPED}"
            return EnteredGrade(" ".join(term.split()), grade, "", NOT_SHIPPED, because)
        says = found.says(grade)
        if says == "-" or (grade == 5 and not found.may_be_fatal):
            has = ", ".join(map(str, found.has))
            raise refuse("grade", f"{found.term} has no grade {grade}", has, "Correct the grade")
        because = f"grade {grade} as entered" + (f"; CTCAE prints '{says}'" if says else "")
        return EnteredGrade(found.term, grade, says, "", because)


def read_terms(text: str) -> TermTexts:
    """Read the printed texts of terms.

    Parameters
    ----------
    text : str
        CSV with the columns soc, term, grade_1 to grade_4, grade_5 or not, definition.

    Returns
    -------
    TermTexts
        One entry for each row.

    Raises
    ------
    Refusal
        With every fault: other columns, a row of another length, an empty cell, a term twice.
    """
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    if not rows or tuple(rows[0]) not in (_COLUMNS, _WITH_DEATH):
        found = ", ".join(rows[0]) if rows else "nothing"
        raise refuse("columns", shorten(found), ", ".join(_COLUMNS), "Correct the first line")
    faults: list[Fault] = []
    texts: dict[str, TermText] = {}
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]) or not all(cell.strip() for cell in row):
            found, allowed = f"{len(row)} cells, or an empty one", f"{len(rows[0])}, none empty"
            faults.append(Fault("row", found, allowed, "Complete it", line=line))
            continue
        soc, term, first, second, third, fourth, *fifth, definition = row
        if american(term) in texts:
            faults.append(Fault("term", f"{shorten(term)} twice", "once", "Drop one", line=line))
        grades = (first, second, third, fourth)
        texts[american(term)] = TermText(term, soc, grades, definition, fifth != ["-"])
    if faults:
        raise Refusal(faults)
    return TermTexts(MappingProxyType(texts))
