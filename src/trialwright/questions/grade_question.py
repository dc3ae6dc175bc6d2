"""`grade`: the CTCAE grade of a laboratory value in its context."""

from decimal import Decimal
from typing import Any

from pydantic import Field

from trialwright.grading.laboratory import grade
from trialwright.questions.library import Library
from trialwright.questions.reading import Case
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, decimal, ucum


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
    found = grade(
        library.lab_rules,
        case.term,
        Quantity(case.value, ucum(case.unit), case.comparator),
        test=case.test,
        lln=case.lln,
        uln=case.uln,
        baseline=case.baseline,
        context={name: _number_again(value) for name, value in case.context.items()},
        version=case.version,
    )
    return {
        "term": found.term,
        "version": found.version,
        "grade": found.grade,
        "lab_only_grade": found.lab_only_grade,
        "because": found.because,
        "differs_because": found.differs_because,
        "missing": list(found.missing),
        "possible": list(found.possible),
        "source": found.source,
    }


def _number_again(value: Any) -> Any:
    """Give a number of the context back as one: cases carry decimals as text."""
    try:
        return decimal(value) if isinstance(value, str) else value
    except Refusal:
        return value
