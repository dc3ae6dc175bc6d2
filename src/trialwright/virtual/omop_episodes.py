"""Episodes of treatment as rows of OMOP CDM 5.4: medicines of one setting begun on one day.

The setting of every second episode for metastatic disease is told by its parent, the episode of the
disease that has spread; that of the others by a measurement that modifies the episode.
"""

from dataclasses import dataclass

import numpy as np

from trialwright.virtual.population import ROWS_EACH, Block
from trialwright.virtual.rows import INTENTS, NO_DAY, Truth, Whole

DISEASE = 900
"""Number of the episode of the disease that has spread among the episodes of a person."""

_METASTATIC = INTENTS.index("metastatic")


@dataclass(frozen=True, slots=True)
class Episodes:
    """Episodes of the people of a block, each with one value.

    Attributes
    ----------
    ids : ndarray of int
        Of episodes of treatment.
    intent : ndarray of int
        Place of the setting in `INTENTS`.
    since, until : ndarray of int
        Days from screening; `NO_DAY` for an end that is not recorded.
    is_below : ndarray of bool
        Whether the episode of the disease is its parent; else a measurement tells its setting.
    exposures, of_exposures : ndarray of int
        Ids of exposures, and of the episode to which each belongs.
    """

    ids: Whole
    intent: Whole
    since: Whole
    until: Whole
    is_below: Truth
    exposures: Whole
    of_exposures: Whole

    @property
    def diseases(self) -> tuple[Whole, Whole]:
        """Ids of the episodes of disease, and the day on which each begins."""
        below = self.ids[self.is_below] // ROWS_EACH * ROWS_EACH + DISEASE
        ids, first = np.unique(below, return_index=True)
        return ids, self.since[self.is_below][first]


def episodes_of(block: Block) -> Episodes:
    """Put exposures together as episodes.

    Parameters
    ----------
    block : Block
        People and their records.

    Returns
    -------
    Episodes
        Of exposures whose setting is recorded.
    """
    is_told = block.exposures.rows["intent"] > 0
    rows, exposures = block.exposures.rows[is_told], block.exposures.row_id[is_told]
    names = ("person", "since", "intent")
    keys = np.stack([rows[name].astype(np.int64) for name in names], axis=1).reshape(-1, 3)
    found, of_row = np.unique(keys, axis=0, return_inverse=True)
    of_row = of_row.reshape(-1)
    person, since, intent = found.T
    until = np.full(len(found), np.iinfo(np.int64).min)
    ends = rows["until"].astype(np.int64)
    np.maximum.at(until, of_row, ends)
    is_open = np.zeros(len(found), dtype=bool)
    is_open[of_row[ends == NO_DAY]] = True
    first = np.searchsorted(person, person)
    ids = (person + block.first_id) * ROWS_EACH + np.arange(len(found)) - first + 1
    return Episodes(
        ids,
        intent,
        since,
        np.where(is_open, NO_DAY, until),
        (intent == _METASTATIC) & (ids % 2 == 0),
        exposures,
        ids[of_row],
    )
