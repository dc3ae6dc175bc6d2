"""What the grading tests share: the shipped tables, and one short way to ask."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import trialwright
from trialwright.grading.criteria import LabRules
from trialwright.grading.findings import GradeFinding
from trialwright.grading.laboratory import grade
from trialwright.grading.table import read_table
from trialwright.grading.terms_table import TermTexts, read_terms
from trialwright.terms.quantities import Quantity

SHELF = Path(trialwright.__file__).parent / "shelf" / "ctcae"

Ask = Callable[..., GradeFinding]


@pytest.fixture(scope="session")
def rules_text() -> str:
    """Give the shipped criteria as text."""
    return (SHELF / "ctcae_lab_rules.json").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rules(rules_text: str) -> LabRules:
    """Give the shipped criteria."""
    return read_table(rules_text)


@pytest.fixture(scope="session")
def terms_text() -> str:
    """Give the shipped term texts as text."""
    return (SHELF / "ctcae_v5_lab_terms.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def terms(terms_text: str) -> TermTexts:
    """Give the shipped term texts."""
    return read_terms(terms_text)


@pytest.fixture(scope="session")
def clinical_terms() -> TermTexts:
    """Give the shipped texts of terms that no laboratory value decides."""
    return read_terms((SHELF / "ctcae_v5_clinical_terms.csv").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def ask(rules: LabRules) -> Ask:
    """Grade a written amount, reference limits given as text."""

    def graded(term: str, amount: str, **given: object) -> GradeFinding:
        number, _, unit = amount.partition(" ")
        for name in ("lln", "uln", "baseline"):
            if isinstance(given.get(name), str):
                given[name] = Decimal(str(given[name]))
        return grade(rules, term, Quantity.read(number, unit or "1"), **given)

    return graded
