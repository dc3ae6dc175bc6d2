"""Makers of facts, casebooks and contexts, as short as the tests need them."""

from datetime import date
from decimal import Decimal

from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Coverage, Specimen, Treatment
from trialwright.eligibility.context import Context
from trialwright.protocol.vocabulary import Medicine, Plausible, Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

DAY = date(2026, 3, 5)
"""The day of screening and registration."""

TERMS = {
    "ecog": Term(says="ECOG performance status", kind="observation", unit="{score}"),
    "hemoglobin": Term(
        says="Hemoglobin",
        kind="observation",
        unit="g/dL",
        substance="hemoglobin",
        plausible=Plausible(at_least=Decimal(2), at_most=Decimal(25)),
    ),
    "potassium": Term(says="Potassium", kind="observation", unit="mmol/L"),
    "pregnancy": Term(says="Pregnancy", kind="condition", codes=("ICD10CM Z33.1",)),
    "hiv": Term(says="HIV infection", kind="condition"),
    "candidate": Term(says="Is the participant a good candidate?", kind="question"),
    "approval": Term(says="Does the principal investigator approve?", kind="question"),
    "complete": Term(says="Is the record complete?", kind="question"),
    "her2": Term(says="HER2", kind="finding", effort="chart"),
    "endocrine": Term(
        says="Endocrine therapy", kind="treatment", members=("letrozole", "tamoxifen")
    ),
    "tissue": Term(says="Tumour tissue", kind="specimen"),
}

MEDICINES = {
    "letrozole": Medicine(says="Letrozole", half_life_hours=Decimal(48)),
    "tamoxifen": Medicine(says="Tamoxifen"),
}


def when(text):
    """Give a date known to the day, month or year; None stays None."""
    return None if text is None else PartialDate.parse(text)


def seen(term, value, on="2026-03-02", place="1"):
    """Make an observation: `9 g/dL` is an amount, words in brackets a coded answer."""
    found = value.strip("()") if value.startswith("(") else Quantity.read(value)
    return Observation(term, found, when(on), Source("fhir", f"Observation/{place}"))


def had(term, since=None, until=None, recorded=None, *, is_present=True, place="1"):
    """Make a record of a condition."""
    source = Source("fhir", f"Condition/{place}")
    return Condition(term, is_present, when(since), when(until), source, when(recorded))


def said(question, answer, role="investigator", on="2026-03-04"):
    """Make an answer of a person."""
    return Attestation(question, answer, "", role, when(on), Source("person", role))


def took(medicine, since=None, until=None, *, is_ongoing=None, place="1", **fields):
    """Make a record of a medicine; one with a last dose has ended."""
    ended = False if until else is_ongoing
    source = Source("fhir", f"MedicationStatement/{place}")
    return Treatment(medicine, when(since), when(until), ended, source, **fields)


def taken(form, number=1, thickness="", on="2026-02-01"):
    """Make a specimen."""
    return Specimen(form, number, thickness, when(on), Source("fhir", "Specimen/1"))


def covers(since, until):
    """Make a span over which the record is complete."""
    return Coverage(when(since), when(until), Source("omop", "observation_period/1"))


def book(*facts, born=None, sex=None):
    """Make a casebook of facts in the order in which they came in."""
    return Casebook(
        "P-1",
        when(born),
        sex,
        None,
        tuple(fact for fact in facts if isinstance(fact, Observation)),
        tuple(fact for fact in facts if isinstance(fact, Condition)),
        tuple(fact for fact in facts if isinstance(fact, Attestation)),
        tuple(fact for fact in facts if isinstance(fact, Treatment)),
        tuple(fact for fact in facts if isinstance(fact, Specimen)),
        tuple(fact for fact in facts if isinstance(fact, Coverage)),
    )


def context(*, as_of=DAY, anchor="registration", terms=None, arm="A", **anchors):
    """Make a context: every anchor falls on `as_of` unless it is given."""
    known = dict.fromkeys(("consent", "screening", "registration"), as_of) | anchors
    known = {name: day for name, day in known.items() if day is not None}
    return Context(arm, as_of, known, anchor, terms or TERMS, MEDICINES, "complete")
