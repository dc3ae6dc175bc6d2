"""For which setting medicines were given, by the episodes of treatment, of every person.

In step with `intake.omop_episodes`.
"""

from collections.abc import Mapping

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from trialwright.terms import omop
from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.cells import column, holds, whole
from trialwright.warehouse.columns import among, choose, nothing
from trialwright.warehouse.recorded import Warehouse


def with_intents(treatments: Table, warehouse: Warehouse) -> Table:
    """Give treatments with the setting for which each was given.

    Parameters
    ----------
    treatments : Table
        With the number of their row, `code`.
    warehouse : Warehouse
        Tables and concepts.

    Returns
    -------
    Table
        With `intent`: null where no episode tells it, or several tell different ones.
    """
    settings = _settings(warehouse)
    if settings is None:
        return treatments.mutate(intent=nothing("string"))
    event = warehouse.tables["episode_event"]
    event = event.filter(holds(event, "episode_event_field_concept_id", omop.DRUG_FIELD))
    event = event.select(
        of_episode=column(event, "episode_id", "int64"),
        event_code=warehouse.numbering.code("drug_exposure", column(event, "event_id", "int64")),
    )
    told = event.inner_join(settings, [("of_episode", "episode")])
    told = told.group_by("event_code").agg(least=told.setting.min(), most=told.setting.max())
    is_one = told.least == told.most
    told = told.select(
        "event_code", intent=choose((is_one, told.least), otherwise=nothing("string"))
    )
    return treatments.left_join(told, [("code", "event_code")]).drop("event_code")


def _settings(warehouse: Warehouse) -> Table | None:
    """Give the settings of episodes, one or several each; None where no table tells any."""
    if not {"episode", "episode_event"} <= warehouse.tables.keys():
        return None
    episode = warehouse.tables["episode"]
    own = episode.select(
        episode=column(episode, "episode_id", "int64"),
        parent=column(episode, "episode_parent_id", "int64"),
        concept=whole(episode, "episode_concept_id"),
    )
    spread = own.filter(own.concept == omop.METASTATIC_DISEASE).select(spread="episode")
    below = own.inner_join(spread, [("parent", "spread")])
    parts = [below.select("episode", setting=ibis.literal("metastatic", "string"))]
    intents = warehouse.meanings.intents
    if intents:
        parts.append(_modified(warehouse, intents))
    return ibis.union(*parts, distinct=False)


def _modified(warehouse: Warehouse, intents: Mapping[int, str]) -> Table:
    """Give the settings that measurements tell of episodes."""
    table = warehouse.tables["measurement"]
    concept = column(table, "measurement_concept_id", "int64")
    is_of_episode = holds(table, "meas_event_field_concept_id", omop.EPISODE_FIELD)
    rows = table.filter(is_of_episode & among(concept, [*intents]))
    rows = rows.select(concept=concept, episode=column(rows, "measurement_event_id", "int64"))
    meant = table_of(
        {
            "meant": column_of([*intents], pa.int64()),
            "setting": column_of([*intents.values()], pa.string()),
        }
    )
    return rows.inner_join(meant, [("concept", "meant")]).select("episode", "setting")
