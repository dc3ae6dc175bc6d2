"""Arms and interventions of a ClinicalTrials.gov record, and which arm receives which."""

from trialwright.registry.draft import DraftIntervention
from trialwright.registry.draft_arms import DraftArm
from trialwright.registry.shapes.arm_texts import ArmSpots, read_arms
from trialwright.registry.shapes.house_words import paragraphs
from trialwright.registry.shapes.spots import MarkedRecord, Spot


def read_arms_module(
    record: MarkedRecord, module: Spot
) -> tuple[tuple[DraftArm, ...], tuple[DraftIntervention, ...]]:
    """Read the module on arms and interventions.

    Parameters
    ----------
    record : MarkedRecord
        Takes spans, kept text and remarks.
    module : Spot
        Where the module stands.

    Returns
    -------
    tuple of (tuple of DraftArm, tuple of DraftIntervention)
        In the order of the record; an arm without a label, or an intervention without a name, is
        kept.
    """
    groups = [each for each in module["armGroups"].each() if each["label"].words]
    listed = [each for each in module["interventions"].each() if each["name"].words]
    receivers = _receivers(groups)
    interventions = tuple(
        _intervention(each, place, receivers) for place, each in enumerate(listed)
    )
    _mark_names(groups, interventions)
    arms = [ArmSpots(each["label"], each["type"], (each["description"],)) for each in groups]
    return read_arms(record, arms, [each.name for each in interventions]), interventions


def _receivers(groups: list[Spot]) -> dict[str, list[str]]:
    """Find which arms name an intervention, by `Type: name` in lower case."""
    receivers: dict[str, list[str]] = {}
    for group in groups:
        for name in group["interventionNames"].each():
            receivers.setdefault(name.words.lower(), []).append(group["label"].words)
    return receivers


def _intervention(spot: Spot, place: int, receivers: dict[str, list[str]]) -> DraftIntervention:
    """Read one intervention; its arms are those that it names, and those that name it."""
    became = f"interventions.{place}"
    name = spot["name"].read("intervention", became)
    type_ = spot["type"].read("intervention", became)
    description = spot["description"]
    words = paragraphs(description.text)
    description.understood("intervention", became)
    own = [each.read("arm of an intervention", became) for each in spot["armGroupLabels"].each()]
    naming = receivers.get(_called(type_, name).lower(), [])
    return DraftIntervention(
        name,
        type_,
        words,
        tuple(each.read("other name", became) for each in spot["otherNames"].each()),
        tuple(dict.fromkeys(each for each in (*own, *naming) if each)),
    )


def _mark_names(groups: list[Spot], interventions: tuple[DraftIntervention, ...]) -> None:
    """Note the names in arms that are those of listed interventions; others stay to be kept."""
    known = {_called(each.type, each.name).lower() for each in interventions}
    for group in groups:
        for name in group["interventionNames"].each():
            if name.words.lower() in known:
                name.understood("arm of an intervention", "interventions")


def _called(kind: str, name: str) -> str:
    """Give an intervention as an arm names it, e.g. `Drug: Palbociclib`."""
    return f"{' '.join(kind.split('_'))}: {name}"
