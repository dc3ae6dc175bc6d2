"""For which setting medicines were given, by the episodes of treatment of OMOP CDM 5.4.

`episode_event` says which exposures an episode holds. An episode has a setting by a measurement
that modifies it, coded as mCODE codes intents, or by its parent: the episode of a disease that has
spread.
"""

from collections.abc import Mapping, Sequence

from trialwright.intake.omop_cells import Row
from trialwright.protocol.omop_codes import Meanings
from trialwright.terms import omop
from trialwright.terms.intents import Intent

Rows = Mapping[str, Sequence[Row]]
"""Table to the rows of one person, in the order of their ids."""


def intents_of(rows: Rows, meanings: Meanings) -> Mapping[int, Intent | None]:
    """Give the setting of each exposure that an episode tells of.

    Parameters
    ----------
    rows : mapping of str to sequence of mapping
        Of one person.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    mapping of int to Intent or None
        By drug_exposure_id; None where settings differ.
    """
    settings: dict[int, set[Intent]] = {}
    for row in rows.get("measurement", ()):
        modified = modified_episode(row, meanings)
        if modified is not None:
            intent = meanings.intents[row["measurement_concept_id"]]
            settings.setdefault(modified, set()).add(intent)
    episodes = {each["episode_id"]: each for each in rows.get("episode", ())}
    for number, episode in episodes.items():
        parent = episodes.get(episode.get("episode_parent_id"))
        if parent is not None and parent["episode_concept_id"] == omop.METASTATIC_DISEASE:
            settings.setdefault(number, set()).add("metastatic")
    found: dict[int, set[Intent]] = {}
    for row in rows.get("episode_event", ()):
        if row["episode_event_field_concept_id"] == omop.DRUG_FIELD:
            told = settings.get(row["episode_id"], set())
            found.setdefault(row["event_id"], set()).update(told)
    return {event: next(iter(each)) if len(each) == 1 else None for event, each in found.items()}


def modified_episode(row: Row, meanings: Meanings) -> int | None:
    """Give the episode whose setting a measurement tells.

    Parameters
    ----------
    row : mapping
        Of `measurement`.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    int or None
        Its id; None for a measurement that tells no setting of an episode.
    """
    is_setting = row.get("measurement_concept_id") in meanings.intents
    if not is_setting or row.get("meas_event_field_concept_id") != omop.EPISODE_FIELD:
        return None
    number: int | None = row.get("measurement_event_id")
    return number
