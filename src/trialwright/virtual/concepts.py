"""Every concept of the generated records, in one table, with its OMOP id.

A concept without a verified OMOP id has a site-local one, 2,000,000,000 and more: sites number
their own concepts from there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.virtual.condition_codes import CONDITIONS, PROCEDURES, ROUTINE_CONDITIONS
from trialwright.virtual.measured_codes import ANSWERS, MEASURED, ROUTINE, UNITS
from trialwright.virtual.medicine_codes import (
    LOCAL_MEDICINES,
    MEDICINES,
    PRODUCTS,
    ROUTES,
    ROUTINE_MEDICINES,
    SETTINGS,
)

FIRST_LOCAL_ID = 2_000_000_001
"""OMOP id of the first site-local concept."""

_EACH = 1000  # site-local ids kept for each list of codes, so that a list can grow


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of a vocabulary.

    Attributes
    ----------
    omop_id : int
        `concept_id`.
    system : str
        LOINC, SNOMEDCT, RXNORM, ICD10CM, UCUM or LOCAL.
    code : str
        Its code there.
    name : str
        Its name there.
    domain : str
        OMOP domain, e.g. `Measurement`.
    concept_class : str
        OMOP class, e.g. `Ingredient`.
    is_standard : bool
        Whether OMOP rows carry it as their standard concept.
    """

    omop_id: int
    system: str
    code: str
    name: str
    domain: str
    concept_class: str
    is_standard: bool


_Row = tuple[int, str, str, str]


def _all() -> tuple[Concept, ...]:
    """Give every concept, list by list: known OMOP id or 0, system, code, name."""
    lists: list[tuple[str, str, bool, list[_Row]]] = [
        ("Measurement", "Lab Test", True,
         [(omop, "LOINC", code, name) for code, name, omop in MEASURED]),
        ("Measurement", "Lab Test", True, [(0, "LOINC", row[0], row[1]) for row in ROUTINE]),
        ("Meas Value", "Answer", True, [(0, *row) for row in ANSWERS]),
        ("Unit", "Unit", True, [(0, "UCUM", unit, unit) for unit in UNITS]),
        ("Condition", "Disorder", True,
         [(0, "SNOMEDCT", code, name) for _, code, name, _ in CONDITIONS if code]),
        ("Condition", "ICD10 code", False,
         [(0, "ICD10CM", code, name) for *_, codes in CONDITIONS for code, name in codes]),
        ("Condition", "ICD10 code", False, [(0, "ICD10CM", *row) for row in ROUTINE_CONDITIONS]),
        ("Procedure", "Procedure", True, [(0, *row) for row in PROCEDURES]),
        ("Drug", "Ingredient", True,
         [(omop, "LOCAL" if name in LOCAL_MEDICINES else "RXNORM", code, name)
          for name, code, omop in MEDICINES]),
        ("Drug", "Clinical Drug", True, [(0, "LOCAL", code, name) for _, code, name in PRODUCTS]),
        ("Drug", "Ingredient", True,
         [(0, "RXNORM", code, name) for name, code in ROUTINE_MEDICINES]),
        ("Route", "Qualifier Value", True, [(0, "SNOMEDCT", *row) for row in ROUTES]),
        ("Measurement", "Qualifier Value", True, [(0, "SNOMEDCT", *row) for row in SETTINGS]),
    ]  # fmt: skip
    return tuple(
        Concept(
            omop or FIRST_LOCAL_ID + _EACH * place + row,
            system,
            code,
            name,
            domain,
            concept_class,
            is_standard,
        )
        for place, (domain, concept_class, is_standard, rows) in enumerate(lists)
        for row, (omop, system, code, name) in enumerate(rows)
    )


CONCEPTS = _all()
"""Every concept; rows of the drawn tables name a concept by its place here."""

_PLACES = {(concept.system, concept.code): place for place, concept in enumerate(CONCEPTS)}

OMOP_IDS: NDArray[np.int64] = np.array([concept.omop_id for concept in CONCEPTS], dtype=np.int64)
"""OMOP id of each concept, by its place."""


def place_of(system: str, code: str) -> int:
    """Give the place of a concept in `CONCEPTS`.

    Parameters
    ----------
    system : str
        E.g. LOINC.
    code : str
        E.g. 718-7.

    Returns
    -------
    int
        From 0.
    """
    return _PLACES[system, code]


LOINC = {code: place_of("LOINC", code) for code, *_ in (*MEASURED, *ROUTINE)}
"""Place of each LOINC code of something measured."""

UNIT = {unit: place_of("UCUM", unit) for unit in UNITS}
"""Place of each unit."""

ANSWER = {
    "positive": place_of("SNOMEDCT", "10828004"),
    "negative": place_of("SNOMEDCT", "260385009"),
    "indeterminate": place_of("LOINC", "LA11884-6"),
    "worsened": place_of("SNOMEDCT", "271299001"),
    "stable": place_of("SNOMEDCT", "359746009"),
    "improved": place_of("SNOMEDCT", "268910001"),
}
"""Place of each coded answer by its word."""

ECOG_ANSWERS = tuple(place_of("LOINC", f"LA{9622 + s}-{d}") for s, d in enumerate("75308"))
"""Place of the coded answer for ECOG 0 to 4."""

MEDICINE = {
    name: place_of("LOCAL" if name in LOCAL_MEDICINES else "RXNORM", code)
    for name, code, *_ in (*MEDICINES, *((name, code, 0) for name, code in ROUTINE_MEDICINES))
}
"""Place of each medicine's ingredient by its name."""

PRODUCT = {name: place_of("LOCAL", code) for name, code, _ in PRODUCTS}
"""Place of the pharmacy's product by the name of its ingredient."""

SETTING = {
    "metastatic": place_of("SNOMEDCT", "363676003"),
    "adjuvant": place_of("SNOMEDCT", "373846009"),
}
"""Place of the coded setting of a treatment by its word."""

INGREDIENT = {PRODUCT[name]: MEDICINE[name] for name in PRODUCT}
"""Place of the ingredient of each product."""

STANDARD = {name: place_of("SNOMEDCT", code) if code else -1 for name, code, _, _ in CONDITIONS}
"""Place of the standard concept of a condition, or -1."""

CODED = {
    name: tuple(place_of("ICD10CM", code) for code, _ in codes) for name, _, _, codes in CONDITIONS
}
"""Places of the ICD-10-CM codes of a condition."""

MAPS_TO = {
    source: STANDARD[name] for name in CODED if STANDARD[name] >= 0 for source in CODED[name]
}
"""Place of the standard concept that an ICD-10-CM code maps to."""
