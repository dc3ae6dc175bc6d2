"""Interventions of a FHIR ResearchStudy: a PlanDefinition for each agent and arm."""

from dataclasses import replace

from trialwright.registry.draft import DraftIntervention
from trialwright.registry.shapes.fhir_parts import References, read_concept
from trialwright.registry.shapes.house_words import paragraphs
from trialwright.registry.shapes.spots import Spot


def read_plans(study: Spot, references: References) -> tuple[DraftIntervention, ...]:
    """Read the plans that a study refers to; the same agent for several arms is one intervention.

    Parameters
    ----------
    study : Spot
        Where the study stands.
    references : References
        Follows what it refers to.

    Returns
    -------
    tuple of DraftIntervention
        In the order of the study.
    """
    found: list[DraftIntervention] = []
    for reference in study["protocol"].each():
        plan = references.follow(reference, "interventions")
        if plan is None or not plan["title"].words:
            continue
        each = _intervention(plan, f"interventions.{_place(found, plan)}")
        place = _place(found, plan)
        if place < len(found) and replace(found[place], arms=each.arms) == each:
            found[place] = replace(
                each, arms=tuple(dict.fromkeys((*found[place].arms, *each.arms)))
            )
        else:
            found.append(each)
    return tuple(found)


def _place(found: list[DraftIntervention], plan: Spot) -> int:
    """Give the place of an intervention of this name; past the last when there is none."""
    names = [each.name for each in found]
    name = plan["title"].words
    return names.index(name) if name in names else len(found)


def _intervention(plan: Spot, became: str) -> DraftIntervention:
    """Read one plan."""
    plan["status"].understood("shape", became)
    description = plan["description"]
    words = paragraphs(description.text)
    description.understood("intervention", became)
    other = plan["subtitle"].read("other name", became)
    arm = read_concept(plan["subjectCodeableConcept"], "arm of an intervention", became)
    return DraftIntervention(
        plan["title"].read("intervention", became),
        read_concept(plan["type"], "intervention", became),
        words,
        (other,) if other else (),
        (arm,) if arm else (),
    )
