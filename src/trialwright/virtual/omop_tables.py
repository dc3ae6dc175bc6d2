"""A block of people as rows of OMOP CDM 5.4, column by column.

Results that are not final, and conditions refuted or entered in error, have no row: a warehouse is
loaded from what counts. A status of a person (ICD-10-CM Z codes) stands in `observation`, as in the
model's own mapping, and so do ECOG scores given as a coded answer.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trialwright.terms.omop import (
    CONDITION_FIELD,
    DRUG_FIELD,
    EPISODE_FIELD,
    FEMALE,
    MALE,
    METASTATIC_DISEASE,
    PRELIMINARY,
)
from trialwright.virtual.concepts import CONCEPTS, INGREDIENT, LOINC, MAPS_TO, OMOP_IDS, SETTING
from trialwright.virtual.omop_episodes import DISEASE, Episodes, episodes_of
from trialwright.virtual.omop_schema import (
    FROM_RECORD,
    OPERATOR_IDS,
    STOP_REASONS,
    TABLES,
    TREATMENT_REGIMEN,
    VOCABULARY_IDS,
)
from trialwright.virtual.population import ROWS_EACH, Block, Table
from trialwright.virtual.rows import (
    INTENTS,
    MILLION,
    NO_DAY,
    NO_NUMBER,
    NOTHING,
    SCORES,
    SPELLINGS,
    STATUSES,
    STOPS,
    Truth,
    Whole,
)

APART = 500
"""Added to the id of a result that stands in `observation`, so that no condition has the same."""

MODIFIER = 600
"""Added to the id of an episode: of the measurement that tells its setting."""

_MINUTE = 60_000_000  # microseconds
_IS_STATUS = np.array([each.system == "ICD10CM" and each.code.startswith("Z") for each in CONCEPTS])
_ECOG = LOINC["89247-1"]
_FIRST_NOT_FINAL = STATUSES.index("preliminary")


def vocabulary_tables() -> Mapping[str, pa.Table]:
    """Give the vocabulary: concepts, what maps to what, what is a product of what.

    Returns
    -------
    mapping of str to pyarrow.Table
        `concept`, `concept_relationship` and `concept_ancestor`.
    """
    ids = OMOP_IDS.tolist()
    concept = [
        [each.omop_id for each in CONCEPTS],
        [each.name for each in CONCEPTS],
        [each.domain for each in CONCEPTS],
        [VOCABULARY_IDS[each.system] for each in CONCEPTS],
        [each.concept_class for each in CONCEPTS],
        ["S" if each.is_standard else None for each in CONCEPTS],
        [each.code for each in CONCEPTS],
    ]
    mapped = [(ids[one], ids[two], "Maps to") for one, two in MAPS_TO.items()]
    below = [(ids[one], ids[two]) for two, one in INGREDIENT.items()]
    itself = [(each.omop_id, each.omop_id) for each in CONCEPTS if each.domain == "Drug"]
    columns: dict[str, list[Any]] = {
        "concept": concept,
        "concept_relationship": [list(each) for each in zip(*mapped, strict=True)],
        "concept_ancestor": [list(each) for each in zip(*below, *itself, strict=True)],
    }
    return {
        name: pa.Table.from_arrays(
            [
                pa.array(column, field.type)
                for column, field in zip(parts, TABLES[name], strict=True)
            ],
            schema=TABLES[name],
        )
        for name, parts in columns.items()
    }


def omop_tables(block: Block) -> Mapping[str, pa.Table]:
    """Give the rows of a block's people, table by table.

    Parameters
    ----------
    block : Block
        People and records.

    Returns
    -------
    mapping of str to pyarrow.Table
        Every table of `TABLES` but the vocabulary.
    """
    is_status = _statuses(block.diagnoses)
    is_answer = _coded_scores(block.results)
    is_final = block.results.rows["status"] < _FIRST_NOT_FINAL
    is_held = block.diagnoses.rows["verified"] < 2
    episodes = episodes_of(block)
    return {
        "person": _persons(block),
        "observation_period": _periods(block),
        "condition_occurrence": _conditions(block, is_held & ~is_status),
        "procedure_occurrence": _procedures(block),
        "drug_exposure": _exposures(block),
        "measurement": pa.concat_tables(
            [_measurements(block, is_final & ~is_answer), _settings(block, episodes)]
        ),
        "observation": _observations(block, is_held & is_status, is_final & is_answer),
        "episode": _episodes(block, episodes),
        "episode_event": _table(
            "episode_event",
            episodes.of_exposures,
            episodes.exposures,
            _always(DRUG_FIELD, len(episodes.exposures)),
        ),
    }


def _statuses(table: Table) -> Truth:
    """Say which conditions are statuses of a person, by a source code alone."""
    rows = table.rows
    found: Truth = (rows["concept"] == NOTHING) & (rows["source"] != NOTHING)
    found &= _IS_STATUS[rows["source"]]
    return found


def _coded_scores(table: Table) -> Truth:
    """Say which results are scores given as a coded answer."""
    found: Truth = (table.rows["concept"] == _ECOG) & (table.rows["micro"] == NO_NUMBER)
    found &= table.rows["answer"] != NOTHING
    return found


def _persons(block: Block) -> pa.Table:
    """Give the persons."""
    people = block.people
    size = len(people.year)
    return _table(
        "person",
        np.arange(size) + block.first_id,
        np.where(people.is_female, FEMALE, MALE),
        people.year,
        _known(people.month, people.known >= 2),
        _known(people.day, people.known >= 3),
        np.zeros(size, dtype=np.int64),
        np.zeros(size, dtype=np.int64),
    )


def _periods(block: Block) -> pa.Table:
    """Give the observation periods."""
    table = block.periods
    return _table(
        "observation_period",
        table.row_id,
        _person_ids(table.row_id),
        _days(block, table.rows["since"]),
        _days(block, table.rows["until"]),
        _always(FROM_RECORD, len(table.rows)),
    )


def _conditions(block: Block, is_kept: Truth) -> pa.Table:
    """Give the conditions."""
    rows, ids = block.diagnoses.rows[is_kept], block.diagnoses.row_id[is_kept]
    size = len(rows)
    return _table(
        "condition_occurrence",
        ids,
        _person_ids(ids),
        _omop(rows["concept"]),
        _days(block, rows["since"]),
        _days(block, rows["until"]),
        _always(FROM_RECORD, size),
        _known(_always(PRELIMINARY, size), rows["verified"] == 1),
        _words(rows["source"], [each.code for each in CONCEPTS]),
        _omop(rows["source"]),
    )


def _procedures(block: Block) -> pa.Table:
    """Give the procedures."""
    rows, ids = block.procedures.rows, block.procedures.row_id
    return _table(
        "procedure_occurrence",
        ids,
        _person_ids(ids),
        _omop(rows["concept"]),
        _days(block, rows["since"]),
        _days(block, rows["until"]),
        _always(FROM_RECORD, len(rows)),
        _always(0, len(rows)),
    )


def _exposures(block: Block) -> pa.Table:
    """Give the medicines."""
    rows, ids = block.exposures.rows, block.exposures.row_id
    other_writing = ids // ROWS_EACH % 2 * (len(STOPS) - 1)
    stop = np.where(rows["stop"] > 0, rows["stop"] - 1 + other_writing, NOTHING)
    return _table(
        "drug_exposure",
        ids,
        _person_ids(ids),
        _omop(rows["concept"]),
        _days(block, rows["since"]),
        _days(block, rows["until"]),
        _always(FROM_RECORD, len(rows)),
        _words(stop, STOP_REASONS),
        _omop(rows["route"], is_optional=True),
        _always(0, len(rows)),
    )


def _measurements(block: Block, is_kept: Truth) -> pa.Table:
    """Give the results."""
    rows, ids = block.results.rows[is_kept], block.results.row_id[is_kept]
    size, persons = len(rows), _person_ids(ids)
    midnight = (rows["day"].astype(np.int64) + block.plan.day_number) * 1440
    at = (midnight + rows["minute"]) * _MINUTE
    operators = np.array(OPERATOR_IDS)[rows["comparator"]]
    is_plain = rows["margin"] == 0
    has_about = rows["about"] != NOTHING
    return _table(
        "measurement",
        ids,
        persons,
        _omop(rows["concept"]),
        _days(block, rows["day"]),
        pa.array(at.astype("datetime64[us]"), mask=rows["minute"] == NOTHING),
        _always(FROM_RECORD, size),
        _known(operators, operators > 0),
        _amounts(rows["micro"]),
        _omop(rows["answer"], is_optional=True),
        _omop(rows["unit"], is_optional=True),
        _amounts(np.where(is_plain, rows["low"], NO_NUMBER)),
        _amounts(np.where(is_plain, rows["high"], NO_NUMBER)),
        _always(0, size),
        _words(rows["spelling"], SPELLINGS),
        _words(rows["wording"], SCORES),
        _known(persons * ROWS_EACH + rows["about"], has_about),
        _known(_always(CONDITION_FIELD, size), has_about),
    )


def _settings(block: Block, episodes: Episodes) -> pa.Table:
    """Give the measurements that tell the setting of an episode."""
    told = ~episodes.is_below
    ids, size = episodes.ids[told], int(np.count_nonzero(told))
    settings = np.zeros(max(INTENTS.index(name) for name in SETTING) + 1, dtype=np.int64)
    for name, place in SETTING.items():
        settings[INTENTS.index(name)] = OMOP_IDS[place]
    columns: dict[str, Any] = {
        "measurement_id": ids + MODIFIER,
        "person_id": _person_ids(ids),
        "measurement_concept_id": settings[episodes.intent[told]],
        "measurement_date": _days(block, episodes.since[told]),
        "measurement_type_concept_id": _always(FROM_RECORD, size),
        "measurement_source_concept_id": _always(0, size),
        "measurement_event_id": ids,
        "meas_event_field_concept_id": _always(EPISODE_FIELD, size),
    }
    fields = TABLES["measurement"]
    nothing = {field.name: pa.nulls(size, field.type) for field in fields}
    return _table("measurement", *(nothing | columns).values())


def _episodes(block: Block, episodes: Episodes) -> pa.Table:
    """Give episodes of treatment, and those of a disease that has spread."""
    diseases, spread_on = episodes.diseases
    ids = np.r_[episodes.ids, diseases]
    size, many = len(ids), len(diseases)
    parents = episodes.ids // ROWS_EACH * ROWS_EACH + DISEASE
    return _table(
        "episode",
        ids,
        _person_ids(ids),
        np.r_[_always(TREATMENT_REGIMEN, size - many), _always(METASTATIC_DISEASE, many)],
        _days(block, np.r_[episodes.since, spread_on]),
        _days(block, np.r_[episodes.until, _always(NO_DAY, many)]),
        _known(np.r_[parents, diseases], np.r_[episodes.is_below, np.zeros(many, dtype=bool)]),
        _always(0, size),
        _always(FROM_RECORD, size),
    )


def _observations(block: Block, is_status: Truth, is_answer: Truth) -> pa.Table:
    """Give statuses of persons, and scores given as a coded answer."""
    status, answer = block.diagnoses.rows[is_status], block.results.rows[is_answer]
    ids = np.r_[block.diagnoses.row_id[is_status], block.results.row_id[is_answer] + APART]
    size, none = len(ids), np.full(len(status), NOTHING)
    return _table(
        "observation",
        ids,
        _person_ids(ids),
        np.r_[np.zeros(len(status), dtype=np.int64), OMOP_IDS[answer["concept"]]],
        _days(block, np.r_[status["since"], answer["day"]]),
        _always(FROM_RECORD, size),
        pa.nulls(size, pa.float64()),
        _omop(np.r_[none, answer["answer"]], is_optional=True),
        pa.nulls(size, pa.int64()),
        np.r_[OMOP_IDS[status["source"]], np.zeros(len(answer), dtype=np.int64)],
        pa.nulls(size, pa.string()),
    )


def _table(name: str, *columns: Any) -> pa.Table:
    """Put columns together as a table of the schema."""
    schema = TABLES[name]
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column.astype(np.int64))
        for column in columns
    ]
    fields = [
        array.cast(field.type) if pa.types.is_dictionary(array.type) else array
        for array, field in zip(arrays, schema, strict=True)
    ]
    return pa.Table.from_arrays(fields, schema=schema)


def _person_ids(row_ids: Whole) -> Whole:
    """Give the person of each row id."""
    return row_ids // ROWS_EACH


def _always(value: int, size: int) -> Whole:
    """Give the same number for every row."""
    return np.full(size, value, dtype=np.int64)


def _known(values: NDArray[Any], is_known: Truth) -> pa.Array:
    """Give whole numbers, null where they are not recorded."""
    return pa.array(values.astype(np.int64), mask=~is_known)


def _omop(places: NDArray[Any], *, is_optional: bool = False) -> pa.Array:
    """Give the OMOP ids of concepts; none is 0 where the model asks for a concept, else null."""
    ids = np.where(places == NOTHING, 0, OMOP_IDS[places])
    return pa.array(ids, mask=places == NOTHING) if is_optional else pa.array(ids)


def _amounts(micro: NDArray[Any]) -> pa.Array:
    """Give numbers from millionths: the nearest double of the decimal."""
    return pa.array(micro / MILLION, mask=micro == NO_NUMBER)


def _days(block: Block, days: NDArray[Any]) -> pa.Array:
    """Give dates from days counted from screening."""
    dates = (days.astype(np.int64) + block.plan.day_number).astype("datetime64[D]")
    return pa.array(dates, mask=days == NO_DAY)


def _words(places: NDArray[Any], words: Any) -> pa.Array:
    """Give words by their number, null where there is none."""
    indices = pa.array(places.astype(np.int32), mask=places == NOTHING)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))
