"""The design: arms, epochs, what is given in each, objectives with their endpoints, indications."""

from collections.abc import Mapping
from typing import Any

from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.registry.record import Record, RecordArm, RecordEndpoint
from trialwright.registry.usdm_terms import (
    ALLOCATIONS,
    ARM_TYPES,
    DATA_OF_THIS_STUDY,
    ENDPOINT_RANKS,
    EPOCHS,
    INTERVENTIONAL,
    MASKINGS,
    MODELS,
    PHASES,
    PURPOSES,
    RANKS,
)
from trialwright.registry.writing.usdm_eligibility import cohorts_of, population_of
from trialwright.registry.writing.usdm_parts import Names, Part, Parts
from trialwright.registry.writing.usdm_treatment import lines_without_agent

UNEXPLAINED = "Not stated in the public record."
"""Written where USDM asks for words that no public record has: rationale, purpose."""

NO_OBJECTIVE = "The record states no objective for these endpoints."
"""Text of an objective that only holds endpoints."""


def design_of(
    record: Record, criteria: list[Part], interventions: Mapping[str, str], parts: Parts
) -> Part:
    """Give the design of a trial.

    Parameters
    ----------
    record : Record
        Any record.
    criteria : list of dict
        As `criteria_of` gives them.
    interventions : mapping of str to str
        Ids of the interventions by the key of the agent.
    parts : Parts
        Makes the parts.

    Returns
    -------
    dict of str to object
        An `InterventionalStudyDesign`.
    """
    published = record.publication
    cohorts, of_arm = cohorts_of(record, criteria, parts)
    arms = _arms(record, of_arm, parts)
    epochs = _epochs(record, parts)
    elements, cells = _cells(record, arms, epochs, interventions, parts)
    masked = MASKINGS.words.get(published.masking)
    randomised = ALLOCATIONS.words.get(published.allocation)
    purpose = PURPOSES.coded(record.trial_type) if record.trial_type else None
    return parts.part(
        "InterventionalStudyDesign",
        _beside(record),
        name="design",
        studyType=parts.code(INTERVENTIONAL),
        studyPhase=parts.alias(PHASES.coded(record.phase)) if record.phase else None,
        characteristics=[parts.code(randomised)] if randomised else None,
        arms=arms,
        studyCells=cells,
        rationale=UNEXPLAINED,
        epochs=epochs,
        elements=elements or None,
        indications=_indications(record, parts) or None,
        studyInterventionIds=list(interventions.values()) or None,
        objectives=_objectives(record, parts) or None,
        population=population_of(record, criteria, cohorts, parts),
        eligibilityCriteria=criteria,
        model=parts.code(MODELS.coded(published.intervention_model)),
        intentTypes=[parts.code(purpose)] if purpose else None,
        blindingSchema=parts.alias(masked) if masked else None,
    )


def _beside(record: Record) -> dict[str, Any]:
    """Give what a design has no attribute for."""
    beside: dict[str, Any] = {}
    if not PHASES.holds(record.phase):
        beside["phase"] = record.phase
    if record.cycle_days is not None:
        beside["cycle_days"] = record.cycle_days
    if record.stop_rules:
        beside["stop_rules"] = [each.model_dump(mode="json") for each in record.stop_rules]
    if record.assignment is not None:
        beside["assignment"] = record.assignment.model_dump(mode="json")
    return beside


def _arms(record: Record, cohorts: Mapping[str, str], parts: Parts) -> list[Part]:
    """Give the arms, each with its cohort."""
    names = Names("id")
    arms = []
    for place, arm in enumerate(record.arms, start=1):
        name, beside = names.give(arm.id, f"arm-{place}")
        made = parts.part(
            "StudyArm",
            beside | _beside_arm(arm),
            name=name,
            label=arm.title or None,
            description=(arm.says if arm.source_text is None else arm.source_text) or None,
            type=parts.code(ARM_TYPES.coded(arm.type)),
            dataOriginDescription="Collected in this trial",
            dataOriginType=parts.code(DATA_OF_THIS_STUDY),
            populationIds=[cohorts[arm.id]],
        )
        arms.append(made)
    return arms


def _beside_arm(arm: RecordArm) -> dict[str, Any]:
    """Give what an arm has no attribute for."""
    beside: dict[str, Any] = {}
    if arm.source_text is not None:
        beside["says"] = arm.says
    if not ARM_TYPES.holds(arm.type):
        beside["type"] = arm.type
    if lines := lines_without_agent(arm):
        beside["lines_without_agent"] = lines
    return beside


def _epochs(record: Record, parts: Parts) -> list[Part]:
    """Give treatment, and follow-up where the record states it."""
    treatment, later = parts.id_of("StudyEpoch"), parts.id_of("StudyEpoch")
    follow_up = record.follow_up
    epochs = [
        parts.part(
            "StudyEpoch",
            known_as=treatment,
            name="treatment",
            type=parts.code(EPOCHS.coded("treatment")),
            nextId=later if follow_up else None,
        )
    ]
    if follow_up:
        days, months = follow_up.first_after_days, follow_up.then_every_months
        made = parts.part(
            "StudyEpoch",
            follow_up.model_dump(),
            known_as=later,
            name="follow-up",
            description=f"First {days} days after treatment, then every {months} months.",
            type=parts.code(EPOCHS.coded("follow-up")),
            previousId=treatment,
        )
        epochs.append(made)
    return epochs


def _cells(
    record: Record,
    arms: list[Part],
    epochs: list[Part],
    interventions: Mapping[str, str],
    parts: Parts,
) -> tuple[list[Part], list[Part]]:
    """Give what happens in each epoch of each arm; follow-up is the same in all."""
    if not arms:
        return [], []
    treatments = [
        _treatment(record, arm, made, interventions, parts)
        for arm, made in zip(record.arms, arms, strict=True)
    ]
    later = [parts.part("StudyElement", name=each["name"]) for each in epochs[1:]]
    cells = [
        parts.part("StudyCell", armId=arm["id"], epochId=epoch["id"], elementIds=[element["id"]])
        for arm, treatment in zip(arms, treatments, strict=True)
        for epoch, element in zip(epochs, [treatment, *later], strict=True)
    ]
    return [*treatments, *later], cells


def _treatment(
    record: Record, arm: RecordArm, made: Part, interventions: Mapping[str, str], parts: Parts
) -> Part:
    """Give the treatment of an arm, and in words what ends it."""
    agents = dict.fromkeys(choice.agent for line in arm.dosing for choice in line.choices)
    ends = " ".join(each.says for each in record.stop_rules if each.ends == "treatment")
    rule = parts.part("TransitionRule", name=f"end {made['name']}", text=ends) if ends else None
    return parts.part(
        "StudyElement",
        name=f"treatment {made['name']}",
        description="\n".join(line.says for line in arm.dosing) or None,
        transitionEndRule=rule,
        studyInterventionIds=[interventions[agent] for agent in agents] or None,
    )


def _indications(record: Record, parts: Parts) -> list[Part]:
    """Give the conditions; a record does not say whether one is rare."""
    return [
        parts.part("Indication", name=f"condition-{place}", label=words, isRareDisease=False)
        for place, words in enumerate(record.publication.conditions, start=1)
    ]


def _objectives(record: Record, parts: Parts) -> list[Part]:
    """Give the objectives with their endpoints; endpoints without one are held by rank."""
    holders = [_holder(record, each) for each in record.endpoints]
    spare = dict.fromkeys(each for each in holders if isinstance(each, str))
    keys: list[int | str] = [*range(len(record.objectives)), *spare]
    order = [place for key in keys for place, each in enumerate(holders) if each == key]
    is_in_order = order == sorted(order)
    names, endpoint_names = Names("id"), Names("id")
    made = []
    for key in keys:
        endpoints = [
            _endpoint(record, place, key, endpoint_names, parts, is_placed=not is_in_order)
            for place in order
            if holders[place] == key
        ]
        made.append(_objective(record, key, endpoints, names, parts))
    return made


def _holder(record: Record, endpoint: RecordEndpoint) -> int | str:
    """Say which objective holds an endpoint: its own, or a spare one for its rank."""
    own = (place for place, each in enumerate(record.objectives) if each.id == endpoint.objective)
    return next(own, endpoint.rank)


def _objective(
    record: Record, key: int | str, endpoints: list[Part], names: Names, parts: Parts
) -> Part:
    """Give an objective of the record, or a spare one that only holds endpoints."""
    beside: dict[str, Any]
    if isinstance(key, str):
        rank, says = key, NO_OBJECTIVE
        name, beside = names.give("", f"no-objective-{key}")[0], {"is_stated": False}
    else:
        objective = record.objectives[key]
        rank, says = objective.rank, objective.says
        name, named = names.give(objective.id, f"objective-{key + 1}")
        assumed = {"assumption": objective.assumption} if objective.assumption else {}
        beside = {**named, **assumed}
    return parts.part(
        "Objective",
        beside,
        name=name,
        text=says,
        level=parts.code(RANKS.coded(rank)),
        endpoints=endpoints or None,
    )


def _endpoint(
    record: Record, place: int, key: int | str, names: Names, parts: Parts, *, is_placed: bool
) -> Part:
    """Give an endpoint; one that is not from the registry is labelled."""
    endpoint = record.endpoints[place]
    name, beside = names.give(endpoint.id, f"endpoint-{place + 1}")
    told: dict[str, Any] = {**beside, **({"place": place} if is_placed else {})}
    if isinstance(key, str) and endpoint.objective:
        told["objective"] = endpoint.objective
    if endpoint.time_frame:
        told["time_frame"] = endpoint.time_frame
    if endpoint.origin != "registry":
        told["origin"] = endpoint.origin
    is_illustrative = endpoint.origin == "not_in_registry"
    notes = [parts.part("CommentAnnotation", text=ILLUSTRATIVE)] if is_illustrative else None
    return parts.part(
        "Endpoint",
        told,
        name=name,
        description=endpoint.description or None,
        text=endpoint.says,
        notes=notes,
        purpose=UNEXPLAINED,
        level=parts.code(ENDPOINT_RANKS.coded(endpoint.rank)),
    )
