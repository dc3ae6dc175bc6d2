"""`grade`: the CTCAE grade of a laboratory value in its context."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from trialwright.grading.laboratory import grade
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, Gathering
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, decimal, ucum

RATIOS = ("", "ratio", "inr", "{inr}", "none", "unitless")
"""How results without a unit are written: the INR, the pH."""


class GradeCase(Case):
    """Which value is to be graded.

    Attributes
    ----------
    term : str
        CTCAE term.
    test : str
        Laboratory test, when the term is graded by several.
    value : Decimal
        The result, in `unit`.
    comparator : str
        Empty, or `<`, `<=`, `>=`, `>` for a result reported as a limit.
    unit : str
        UCUM, or a usual spelling of it.
    lln, uln : Decimal or None
        That laboratory's limits of normal, in `unit`.
    baseline : Decimal or None
        Value before treatment, in `unit`.
    context : mapping of str to value
        What else decides: symptoms, intervention, anticoagulation.
    version : str
        CTCAE version, 5.0 or 4.03.
    """

    term: str
    test: str = ""
    value: Decimal
    comparator: str = ""
    unit: str
    lln: Decimal | None = None
    uln: Decimal | None = None
    baseline: Decimal | None = None
    context: dict[str, Any] = Field(default_factory=dict)
    version: str = "5.0"


class GradeAnswer(Answer):
    """A grade.

    Attributes
    ----------
    term, version : str
        CTCAE term and version.
    grade : int or None
        0 to 5 in the context given; null: the case does not decide it.
    lab_only_grade : int or None
        What the value alone gives.
    because : str
        The reason, with value, limits and the printed row.
    differs_because : str
        Why the two differ; empty when they are equal.
    missing : tuple of str
        Facts that could change the answer.
    possible : tuple of int
        The grades that the case leaves open.
    source : str
        Where the criteria stand.
    """

    term: str
    version: str
    grade: Annotated[int, Field(ge=0, le=5)] | None
    lab_only_grade: Annotated[int, Field(ge=0, le=5)] | None
    because: str
    differs_because: str
    missing: tuple[str, ...]
    possible: tuple[int, ...]
    source: str


def answer(case: GradeCase, library: Library) -> dict[str, Any]:
    """Grade the value.

    Parameters
    ----------
    case : GradeCase
        Term, value, limits and context.
    library : Library
        Gives the grading rules.

    Returns
    -------
    dict of str to object
        `grade` (null: cannot be told) and `lab_only_grade`, each with its reason.

    Raises
    ------
    Refusal
        If the term is not graded by a value, or a unit or a context is not understood.
    """
    gathered, unit = Gathering(), ""
    with gathered.at("unit"):
        unit = "1" if case.unit.strip().lower() in RATIOS else ucum(case.unit)
    with gathered.at(""):
        Quantity(case.value, unit or "1", case.comparator)
    gathered.end()
    found = grade(
        library.lab_rules,
        case.term,
        Quantity(case.value, unit, case.comparator),
        test=case.test,
        lln=case.lln,
        uln=case.uln,
        baseline=case.baseline,
        context={name: _number_again(value) for name, value in case.context.items()},
        version=case.version,
    )
    return GradeAnswer(
        term=found.term,
        version=found.version,
        grade=found.grade,
        lab_only_grade=found.lab_only_grade,
        because=found.because,
        differs_because=found.differs_because,
        missing=found.missing,
        possible=found.possible,
        source=found.source,
    ).told()


def _number_again(value: Any) -> Any:
    """Give a number of the context back as one: cases carry decimals as text."""
    try:
        return decimal(value) if isinstance(value, str) else value
    except Refusal:
        return value
