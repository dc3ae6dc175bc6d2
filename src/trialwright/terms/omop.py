"""Words of the OMOP Common Data Model 5.4 that are the same at every site."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

OPERATORS: Mapping[int, str] = MappingProxyType(
    {0: "", 4172703: "", 4171756: "<", 4171754: "<=", 4171755: ">=", 4172704: ">"}
)
"""`operator_concept_id` to the comparator of a result; another id is none that we know."""

FEMALE, MALE = 8532, 8507
"""`gender_concept_id`."""

PRELIMINARY = 32899
"""`condition_status_concept_id` of a condition that is not confirmed."""

CONDITION_FIELD = 1147127
"""`meas_event_field_concept_id` that says: the event is a condition_occurrence."""

VOCABULARIES: Mapping[str, str] = MappingProxyType(
    {
        "LOINC": "LOINC",
        "SNOMED": "SNOMEDCT",
        "RxNorm": "RXNORM",
        "ICD10CM": "ICD10CM",
        "UCUM": "UCUM",
        "Trialwright": "LOCAL",
    }
)
"""`vocabulary_id` to the short name of the system in protocol files."""

LOCAL_ROUTES = frozenset({"6064005", "54485002", "10547007", "16857009"})
"""SNOMED CT codes of routes by which a medicine is applied locally."""

StopWord = Literal["progression", "toxicity", "completed", "refused", "other"]

STOP_WORDS: Mapping[str, StopWord] = MappingProxyType(
    {
        "progression": "progression",
        "disease progression": "progression",
        "pd": "progression",
        "toxicity": "toxicity",
        "adverse event": "toxicity",
        "ae": "toxicity",
        "intolerance": "toxicity",
        "completed": "completed",
        "refused": "refused",
    }
)
"""`stop_reason` in lower case to the reason; other words are another reason."""

ORIGINS = (
    "measurement",
    "condition_occurrence",
    "procedure_occurrence",
    "drug_exposure",
    "observation",
)
"""Tables in the order in which their rows come into a casebook."""

PLACES = 6
"""Decimal places to which numbers are read: databases hold binary fractions."""

_MILLIONTH = Decimal(1).scaleb(-PLACES)


def number(stored: float | int | Decimal) -> Decimal:
    """Read a number of a database as the decimal that was meant.

    Parameters
    ----------
    stored : float, int or Decimal
        Finite.

    Returns
    -------
    Decimal
        To a millionth, without trailing zeros.
    """
    exact = Decimal(repr(stored)) if isinstance(stored, float) else Decimal(stored)
    rounded = exact.quantize(_MILLIONTH)
    plain = rounded.normalize()
    return plain if plain.as_tuple().exponent <= 0 else plain.quantize(Decimal(1))  # type: ignore[operator]
