"""Words of the OMOP Common Data Model 5.4 that are the same at every site."""

from collections.abc import Mapping
from decimal import Decimal
from math import floor
from types import MappingProxyType
from typing import Literal

from trialwright.terms.errors import refuse

OPERATORS: Mapping[int, str] = MappingProxyType(
    {0: "", 4172703: "", 4171756: "<", 4171754: "<=", 4171755: ">=", 4172704: ">"}
)
"""`operator_concept_id` to the comparator of a result; another id is none that we know."""

FEMALE, MALE = 8532, 8507
"""`gender_concept_id`."""

PRELIMINARY = 32899
"""`condition_status_concept_id` of a condition that is not confirmed."""

UNCONFIRMED = frozenset({PRELIMINARY, 4033240})
"""The same, and the id that sites of earlier versions give it."""

RESOLVED = 32906
"""`condition_status_concept_id` of a condition that is over."""

DOUBTED = frozenset(
    {
        "refuted", "ruled out", "rule out", "r/o", "excluded", "not confirmed", "unconfirmed",
        "provisional", "differential", "suspected", "possible", "probable", "preliminary",
        "entered-in-error", "entered in error",
    }
)  # fmt: skip
"""`condition_status_source_value` in lower case of a condition that is not confirmed."""

HISTORY = frozenset({1340204, 4214956})
"""`observation_concept_id` of something in the past, which `value_as_concept_id` names."""

FAMILY_HISTORY = frozenset({4210989, 4167217})
"""`observation_concept_id` of something of a relative, which `value_as_concept_id` names."""

CONDITION_FIELD = 1147127
"""`meas_event_field_concept_id` that says: the event is a condition_occurrence."""

DRUG_FIELD = 1147094
"""`episode_event_field_concept_id` that says: the event is a drug_exposure."""

EPISODE_FIELD = 756290
"""`meas_event_field_concept_id` that says: the measurement modifies an episode."""

METASTATIC_DISEASE = 32944
"""`episode_concept_id` of the episode of a disease that has spread."""

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

BLANKS = " \t\n\r\v\f"
"""Before and after words they say nothing: those that every database takes for blanks."""

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
        "side effects": "toxicity",
        "completed": "completed",
        "refused": "refused",
        "other": "other",
    }
)
"""`stop_reason` in lower case to the reason; what other words mean is not known."""

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

GREATEST = 9_000_000_000_000
"""Numbers of this size and beyond are no results, and would not fit as millionths."""

_HALF = 0.5


def number(stored: float | int | Decimal) -> Decimal:
    """Read a number of a database as the decimal that was meant.

    Parameters
    ----------
    stored : float, int or Decimal
        As it stands in the column.

    Returns
    -------
    Decimal
        To a millionth, without trailing zeros, worked out as a database works it out; halves go
        up.

    Raises
    ------
    Refusal
        If it is not a number, is infinite, or is no result for its size.
    """
    exact = Decimal(repr(stored)) if isinstance(stored, float) else Decimal(stored)
    if not exact.is_finite() or abs(exact) >= GREATEST:
        raise refuse(
            "value_as_number",
            "no number, or one beyond any result",
            f"a finite number below {GREATEST}",
            "Correct the row",
        )
    whole = floor(float(stored))
    millionths = whole * 10**PLACES + floor((float(stored) - whole) * 10**PLACES + _HALF)
    plain = Decimal(millionths).scaleb(-PLACES).normalize()
    is_whole = plain == plain.to_integral_value()
    return plain.quantize(Decimal(1)) if is_whole else plain
