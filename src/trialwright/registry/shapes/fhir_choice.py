"""Which ResearchStudy of a FHIR record is meant."""

from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.shapes.strict_json import Json
from trialwright.terms.errors import Fault, Refusal, shorten

STUDY = "ResearchStudy"
BUNDLE = "Bundle"

_SHOWN = 20  # studies of a bundle that a message lists


def is_fhir(root: dict[str, Json]) -> bool:
    """Say whether a record is a FHIR ResearchStudy or a bundle.

    Parameters
    ----------
    root : dict of str to object
        The record.

    Returns
    -------
    bool
        By its `resourceType`.
    """
    return root.get("resourceType") in (STUDY, BUNDLE)


def choose_study(record: MarkedRecord, file: str = "", wanted: str = "") -> Spot:
    """Choose a study; the others of a bundle are other records.

    Parameters
    ----------
    record : MarkedRecord
        A ResearchStudy, or a bundle that holds some.
    file : str
        Name shown in faults.
    wanted : str
        Resource id or identifier of the one meant; empty: the only one.

    Returns
    -------
    Spot
        The study.

    Raises
    ------
    Refusal
        If there is none, or not exactly one is meant; the studies there are, are named.
    """
    if record.root.get("resourceType") == STUDY:
        if not _is_meant(record.top, wanted):
            raise Refusal([_not_one([record.top], 0, wanted, file)])
        return record.top
    entries = [
        each
        for each in record.top["entry"].each()
        if isinstance(each.value, dict) and _is_study(each.value.get("resource"))
    ]
    studies = [each["resource"] for each in entries]
    meant = [each for each, study in zip(entries, studies, strict=True) if _is_meant(study, wanted)]
    if len(meant) != 1:
        raise Refusal([_not_one(studies, len(meant), wanted, file)])
    chosen = meant[0]
    for each in entries:
        if each is not chosen:
            record.leave_out(each)
    if len(entries) > 1:
        others = ", ".join(_named(each["resource"]) for each in entries if each is not chosen)
        says = f"The bundle also holds studies that are not read: {others}."
        record.sheet.remark(0, shorten(says, 300))
    for key in ("resourceType", "type", "total"):
        record.top[key].understood("shape", "shape")
    chosen["fullUrl"].understood("shape", "shape")
    chosen["search"]["mode"].understood("shape", "shape")
    return chosen["resource"]


def _is_study(value: Json) -> bool:
    """Say whether a value is a ResearchStudy."""
    return isinstance(value, dict) and value.get("resourceType") == STUDY


def _numbers(study: Spot) -> set[str]:
    """Give the resource id and the identifiers of a study."""
    values = {each["value"].words for each in study["identifier"].each()}
    return {study["id"].words, *values} - {""}


def _is_meant(study: Spot, wanted: str) -> bool:
    """Say whether a study has the number that is wanted, in capitals or not."""
    return not wanted or wanted.casefold() in {each.casefold() for each in _numbers(study)}


def _named(study: Spot) -> str:
    """Name a study for a message."""
    return shorten(study["id"].words or min(_numbers(study), default=study.field), 40)


def _not_one(studies: list[Spot], meant: int, wanted: str, file: str) -> Fault:
    """Say that not exactly one study is meant."""
    named = [_named(each) for each in studies]
    allowed = ", ".join(named[:_SHOWN]) + (", ..." if len(named) > _SHOWN else "")
    if not studies:
        found, allowed = "a bundle without a ResearchStudy", "a bundle with at least one"
        return Fault("entry", found, allowed, "Give the trial's record", file)
    if not wanted:
        found = f"a bundle of {len(studies)} studies, and none is named"
    elif meant:
        found = f"{meant} studies with the number {shorten(wanted)}"
    else:
        found = f"no study with the number {shorten(wanted)}"
    return Fault("id", found, allowed, "Name one of them by its id", file)
