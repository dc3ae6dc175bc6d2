"""The tables and columns of OMOP CDM 5.4 that the generator writes.

Columns that the Common Data Model has and nothing is known for are left out. An exposure without
an end has none here either, although the model asks for one.
"""

import pyarrow as pa

from trialwright.terms.omop import OPERATORS, VOCABULARIES
from trialwright.virtual.rows import COMPARATORS

_ID, _DAY, _TEXT, _NUMBER = pa.int64(), pa.date32(), pa.string(), pa.float64()
_AT = pa.timestamp("us")

TABLES: dict[str, pa.Schema] = {
    "person": pa.schema([
        ("person_id", _ID), ("gender_concept_id", _ID), ("year_of_birth", _ID),
        ("month_of_birth", _ID), ("day_of_birth", _ID), ("race_concept_id", _ID),
        ("ethnicity_concept_id", _ID),
    ]),
    "observation_period": pa.schema([
        ("observation_period_id", _ID), ("person_id", _ID),
        ("observation_period_start_date", _DAY), ("observation_period_end_date", _DAY),
        ("period_type_concept_id", _ID),
    ]),
    "condition_occurrence": pa.schema([
        ("condition_occurrence_id", _ID), ("person_id", _ID), ("condition_concept_id", _ID),
        ("condition_start_date", _DAY), ("condition_end_date", _DAY),
        ("condition_type_concept_id", _ID), ("condition_status_concept_id", _ID),
        ("condition_source_value", _TEXT), ("condition_source_concept_id", _ID),
    ]),
    "procedure_occurrence": pa.schema([
        ("procedure_occurrence_id", _ID), ("person_id", _ID), ("procedure_concept_id", _ID),
        ("procedure_date", _DAY), ("procedure_end_date", _DAY),
        ("procedure_type_concept_id", _ID), ("procedure_source_concept_id", _ID),
    ]),
    "drug_exposure": pa.schema([
        ("drug_exposure_id", _ID), ("person_id", _ID), ("drug_concept_id", _ID),
        ("drug_exposure_start_date", _DAY), ("drug_exposure_end_date", _DAY),
        ("drug_type_concept_id", _ID), ("stop_reason", _TEXT), ("route_concept_id", _ID),
        ("drug_source_concept_id", _ID),
    ]),
    "measurement": pa.schema([
        ("measurement_id", _ID), ("person_id", _ID), ("measurement_concept_id", _ID),
        ("measurement_date", _DAY), ("measurement_datetime", _AT),
        ("measurement_type_concept_id", _ID), ("operator_concept_id", _ID),
        ("value_as_number", _NUMBER), ("value_as_concept_id", _ID), ("unit_concept_id", _ID),
        ("range_low", _NUMBER), ("range_high", _NUMBER), ("measurement_source_concept_id", _ID),
        ("unit_source_value", _TEXT), ("value_source_value", _TEXT),
        ("measurement_event_id", _ID), ("meas_event_field_concept_id", _ID),
    ]),
    "observation": pa.schema([
        ("observation_id", _ID), ("person_id", _ID), ("observation_concept_id", _ID),
        ("observation_date", _DAY), ("observation_type_concept_id", _ID),
        ("value_as_number", _NUMBER), ("value_as_concept_id", _ID), ("unit_concept_id", _ID),
        ("observation_source_concept_id", _ID), ("unit_source_value", _TEXT),
    ]),
    "episode": pa.schema([
        ("episode_id", _ID), ("person_id", _ID), ("episode_concept_id", _ID),
        ("episode_start_date", _DAY), ("episode_end_date", _DAY), ("episode_parent_id", _ID),
        ("episode_object_concept_id", _ID), ("episode_type_concept_id", _ID),
    ]),
    "episode_event": pa.schema([
        ("episode_id", _ID), ("event_id", _ID), ("episode_event_field_concept_id", _ID),
    ]),
    "concept": pa.schema([
        ("concept_id", _ID), ("concept_name", _TEXT), ("domain_id", _TEXT),
        ("vocabulary_id", _TEXT), ("concept_class_id", _TEXT), ("standard_concept", _TEXT),
        ("concept_code", _TEXT),
    ]),
    "concept_relationship": pa.schema([
        ("concept_id_1", _ID), ("concept_id_2", _ID), ("relationship_id", _TEXT),
    ]),
    "concept_ancestor": pa.schema([
        ("ancestor_concept_id", _ID), ("descendant_concept_id", _ID),
    ]),
}  # fmt: skip
"""Each table with its columns and their types, in the order in which they are written."""

VOCABULARY = ("concept", "concept_relationship", "concept_ancestor")
"""Tables that are the same for every population."""

TREATMENT_REGIMEN = 32531
"""`episode_concept_id` of an episode of treatment."""

FROM_RECORD = 32817
"""`*_type_concept_id`: from an electronic health record."""

OPERATOR_IDS = tuple(
    next(concept_id for concept_id, said in OPERATORS.items() if said == sign)
    for sign in COMPARATORS
)
"""`operator_concept_id` of each comparator, in the order of `COMPARATORS`; 0: none."""

STOP_REASONS = (
    "progression", "toxicity", "completed", "refused",
    "Disease progression", "adverse event", "Completed", "refused",
)  # fmt: skip
"""`stop_reason` of each reason but none, in two ways of writing."""

VOCABULARY_IDS = {ours: theirs for theirs, ours in VOCABULARIES.items()}
"""`vocabulary_id` of each system of codes."""
