"""A small vocabulary, and bundles made of a few resources."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from trialwright.intake.bundle import read_bundle
from trialwright.intake.outcome import Intake
from trialwright.protocol.vocabulary import Medicine, Plausible, Term

HER = "11111111-1111-4111-8111-111111111111"


def _term(kind: str, unit: str = "", *codes: str, window: str = "", substance: str = "") -> Term:
    """Make a term; `window` is its plausible range, as `0-100`."""
    low, _, high = window.partition("-")
    plausible = Plausible(at_least=Decimal(low), at_most=Decimal(high)) if window else None
    return Term(
        says="a term",
        kind=kind,
        unit=unit,
        substance=substance,
        codes=codes,
        plausible=plausible,
    )


@pytest.fixture(scope="session")
def terms() -> dict[str, Term]:
    """Give the vocabulary of an invented protocol."""
    return {
        "hemoglobin": _term(
            "observation", "g/dL", "LOINC 718-7", window="2-25", substance="hemoglobin"
        ),
        "anc": _term("observation", "/mm3", "LOINC 751-8", window="0-100000"),
        "bilirubin": _term(
            "observation", "mg/dL", "LOINC 1975-2", window="0-60", substance="bilirubin"
        ),
        "ecog": _term("observation", "{score}", "LOINC 89247-1", window="0-5"),
        "systolic-pressure": _term("observation", "mm[Hg]", "LOINC 8480-6", window="40-300"),
        "her2": _term("observation", "", "LOINC 85318-4"),
        "her2-ihc": _term("finding", "", "LOINC 85319-2", "LOINC 18474-7"),
        "her2-ish": _term("finding", "", "LOINC 96893-3"),
        "her2-interpretation": _term("finding", "", "LOINC 48676-1"),
        "hiv-test": _term("finding", "", "LOINC 56888-1"),
        "disease-status": _term("finding", "", "LOINC 97509-4"),
        "fsh": _term("observation", "[IU]/L", "LOINC 15067-2", window="0-500"),
        "tumour-size": _term("observation", "mm", "LOINC 21889-1", window="0-500"),
        "qtcf": _term("observation", "ms", "LOINC 76634-5", window="250-800"),
        "breast-cancer": _term("condition", "", "ICD10CM C50", "SNOMEDCT 254837009"),
        "metastasis": _term("condition", "", "SNOMEDCT 128462008"),
        "cns-metastasis": _term("condition", "", "ICD10CM C79.31", "SNOMEDCT 94225005").model_copy(
            update={"site_codes": ("SNOMEDCT 12738006",)}
        ),
        "family-long-qt": _term("condition", "", "ICD10CM Z82.41").model_copy(
            update={"relative_codes": ("SNOMEDCT 9651007",)}
        ),
        "oophorectomy": _term("condition", "", "SNOMEDCT 76876009"),
        "consent": _term("question"),
    }


@pytest.fixture(scope="session")
def medicines() -> dict[str, Medicine]:
    """Give the medicines of an invented protocol."""
    return {
        "letrozole": Medicine(says="Letrozole", codes=("RXNORM 72965",)),
        "metformin": Medicine(says="Metformin", codes=("RXNORM 6809",)),
        "ketoconazole": Medicine(says="Ketoconazole", codes=("RXNORM 6135",)),
        "trastuzumab": Medicine(says="Trastuzumab", codes=("RXNORM 224905",)),
        "trastuzumab-deruxtecan": Medicine(says="Trastuzumab deruxtecan"),
        "ipatasertib": Medicine(
            says="Ipatasertib", codes=("LOCAL GDC-0068",), synonyms=("GDC-0068", "RG7440")
        ),
        "itraconazole": Medicine(
            says="Itraconazole", codes=("RXNORM 28031",), unverified=("codes",)
        ),
        "radiotherapy": Medicine(
            says="Radiotherapy",
            codes=("SNOMEDCT 108290001", "SNOMEDCT 1217123003"),
            synonyms=("radiation therapy",),
        ),
    }


@pytest.fixture(scope="session")
def taken() -> Callable[..., dict[str, Any]]:
    """Give a maker of medication resources: its words, and elements to add or replace."""

    def make(words: str, /, **elements: Any) -> dict[str, Any]:
        made = {
            "resourceType": "MedicationStatement",
            "id": "m1",
            "status": "active",
            "medicationCodeableConcept": {"text": words},
            "subject": {"reference": f"Patient/{HER}"},
        } | elements
        return {name: value for name, value in made.items() if value is not None}

    return make


@pytest.fixture(scope="session")
def patient() -> dict[str, Any]:
    """Give the participant's Patient resource."""
    return {"resourceType": "Patient", "id": HER, "gender": "female", "birthDate": "1961-09-23"}


@pytest.fixture(scope="session")
def observed() -> Callable[..., dict[str, Any]]:
    """Give a maker of Observations: LOINC code, and elements to add or replace."""

    def make(code: str, /, **elements: Any) -> dict[str, Any]:
        made = {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "subject": {"reference": f"Patient/{HER}"},
            "effectiveDateTime": "2026-03-02",
        } | elements
        return {name: value for name, value in made.items() if value is not None}

    return make


@pytest.fixture(scope="session")
def diagnosed() -> Callable[..., dict[str, Any]]:
    """Give a maker of Conditions: SNOMED CT code, and elements to add or replace."""

    def make(code: str, /, **elements: Any) -> dict[str, Any]:
        made = {
            "resourceType": "Condition",
            "id": "c1",
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
            "subject": {"reference": f"Patient/{HER}"},
            "onsetDateTime": "2024-01-29",
        } | elements
        return {name: value for name, value in made.items() if value is not None}

    return make


@pytest.fixture(scope="session")
def read(terms: dict[str, Term], medicines: dict[str, Medicine]) -> Callable[..., Intake]:
    """Give a reader of a bundle made of resources, each under its own `urn:uuid`."""

    def run(*resources: Any, patient: str = "", **outline: Any) -> Intake:
        entries = [{"resource": resource} for resource in resources]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries} | outline
        stream = io.BytesIO(json.dumps(bundle).encode())
        return read_bundle(stream, terms, "P-001", patient, medicines)

    return run
