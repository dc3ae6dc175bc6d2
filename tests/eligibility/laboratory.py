"""Terms of laboratory and ECG; makers of rules on them and of results with all they carry."""

from dataclasses import replace
from decimal import Decimal

from tests.eligibility.casebooks import TERMS, seen
from tests.eligibility.casebooks import context as plain_context

from trialwright.casebook.facts import ReferenceRange
from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Plausible, Term


def term(says, unit, substance="", plausible=None):
    """Make a term that is measured, with its window of plausible values."""
    window = None
    if plausible is not None:
        least, most = (Decimal(str(end)) for end in plausible)
        window = Plausible(at_least=least, at_most=most)
    return Term(says=says, kind="observation", unit=unit, substance=substance, plausible=window)


LABORATORY = TERMS | {
    "ast": term("AST", "U/L", plausible=(0, 20000)),
    "bilirubin": term("Total bilirubin", "mg/dL", "bilirubin", (0, 60)),
    "glucose": term("Fasting glucose", "mg/dL", "glucose", (20, 1500)),
    "hba1c": term("Haemoglobin A1c", "%", "hba1c", (2, 20)),
    "anc": term("Neutrophils", "/mm3", plausible=(0, 100000)),
    "fsh": term("FSH", "[IU]/L", plausible=(0, 500)),
    "estradiol": term("Estradiol", "pg/mL", "estradiol", (0, 5000)),
    "creatinine": term("Creatinine", "mg/dL", "creatinine", ("0.1", 30)),
    "weight": term("Weight", "kg", plausible=(20, 350)),
    "lvef": term("LVEF", "%", plausible=(5, 90)),
    "size": term("Tumour size", "mm", plausible=(0, 500)),
    "qtcf": term("QTcF", "ms", plausible=(250, 800)),
    "qt": term("QT", "ms", plausible=(150, 900)),
    "rr": term("RR", "ms", plausible=(200, 3000)),
}
"""The vocabulary of these tests."""


def context(*lines, **circumstances):
    """Make a context with these terms and lines of the institution's table."""
    return replace(plain_context(terms=LABORATORY, **circumstances), laboratory=lines)


def observing(fact="hemoglobin", unit="g/dL", within_days=None, **fields):
    """Make a rule: at least 9 g/dL of hemoglobin unless said otherwise."""
    named = ("pick", "of", "methods", "not_recorded", "look_back_days")
    others = {name: fields.pop(name) for name in named if name in fields}
    sides = {name: Decimal(str(bound)) for name, bound in (fields or {"at_least": 9}).items()}
    return ObservationRule(
        kind="observation", fact=fact, unit=unit, within_days=within_days, **others, **sides
    )


def result(name, value, on="2026-03-02", place="1", low=None, high=None, groups=(), **fields):
    """Make a result with its laboratory's own ranges; groups are (low, high, group)."""
    ranges = tuple(ReferenceRange(_end(one), _end(other), group) for one, other, group in groups)
    found = seen(name, value, on, place)
    return replace(found, low=_end(low), high=_end(high), ranges=ranges, **fields)


def line(name, unit, low=None, high=None, group="", source="page 1"):
    """Make a line of the institution's table."""
    return LaboratoryRange(name, _end(low), _end(high), unit, group, source)


def _end(number):
    """Give an end of a range."""
    return None if number is None else Decimal(str(number))
