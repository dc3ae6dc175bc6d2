"""An objective of a FHIR ResearchStudy, told from other words that stand in its place."""

import re

from trialwright.registry.draft import DraftObjective
from trialwright.registry.shapes.fhir_parts import concept_words, read_concept
from trialwright.registry.shapes.house_words import rank_of
from trialwright.registry.shapes.spots import Spot

NO_OBJECTIVE = (
    "it stands in the place of an objective, and neither begins like one ('To determine ...') nor"
    " has a type that is a rank"
)
NO_RANK = "The record gives this objective no type: read as primary."

_VERB = re.compile(
    r"(?:\(?[0-9IVX]{1,4}[.)]\s*)?(?:To\s+[a-z]+|(?:Assess|Characteri[sz]e|Compare|Describe"
    r"|Determine|Document|Establish|Estimate|Evaluate|Examine|Explore|Identify|Investigate|Measure"
    r"|Obtain|Select|Study|Test|Define|Observe|Confirm)\s)",
)


def read_objective(spot: Spot, place: int) -> DraftObjective | None:
    """Read an objective.

    Parameters
    ----------
    spot : Spot
        Where it stands.
    place : int
        Its place among the objectives, counted from 0.

    Returns
    -------
    DraftObjective or None
        None for words that say no objective, which are kept.
    """
    name = spot["name"]
    words = name.words
    rank = rank_of(concept_words(spot["type"]))
    if not words:
        return None
    if rank is None and not _VERB.match(words):
        name.keep(NO_OBJECTIVE)
        return None
    became = f"objectives.{place}"
    if rank is not None:
        read_concept(spot["type"], "objective type", became)
    says = name.read("objective", became)
    return DraftObjective(rank or "primary", says, "" if rank else NO_RANK, 0)
