"""Kinds of resource: what reads each of them alone, which are left aside, which nobody knows."""

import re
from collections.abc import Callable, Mapping

from trialwright.intake.coding import Codebook
from trialwright.intake.conditions import (
    read_condition,
    read_family_history,
    read_procedure,
)
from trialwright.intake.elements import Element
from trialwright.intake.enclosed import READ
from trialwright.intake.medications import KINDS, read_medication
from trialwright.intake.observations import read_observation
from trialwright.intake.outcome import Place, Reading
from trialwright.intake.settling import unsettled
from trialwright.terms.errors import Fault

READERS: Mapping[str, Callable[[Element, Codebook, Place], Reading]] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "FamilyMemberHistory": read_family_history,
}
"""What reads a resource that needs no other."""

_UNREAD_NAMES = """
    Account AdverseEvent AllergyIntolerance Appointment Basic Binary BodyStructure CarePlan CareTeam
    Claim ClaimResponse ClinicalImpression Communication CommunicationRequest Composition Consent
    Contract Coverage DetectedIssue Device DeviceRequest DeviceUseStatement DiagnosticReport
    DocumentManifest DocumentReference Encounter EpisodeOfCare ExplanationOfBenefit
    Flag Goal Group ImagingStudy Immunization ImmunizationEvaluation
    ImmunizationRecommendation List Location Media Medication MessageHeader MolecularSequence
    NutritionOrder OperationOutcome Organization Parameters Person Practitioner PractitionerRole
    Provenance Questionnaire QuestionnaireResponse RelatedPerson ResearchStudy ResearchSubject
    RiskAssessment Schedule ServiceRequest Slot Specimen Substance Task VisionPrescription
"""
UNREAD = frozenset(_UNREAD_NAMES.split())
"""Kinds of resource left aside by name; a kind not among them is not shown, as it may be a name."""

_OF_OTHER_VERSIONS = frozenset({"medicationorder", "medicationprescription", "medicationusage"})
"""Kinds that hold medicines in other versions of FHIR than R4, in lower case."""

_SAYING_WHAT = re.compile(
    r"(?:entry\[\d+\]\.resource|line\[\d+\])"
    r"(?:\.(?:resourceType|code|medication\w*|component)\b.*)?"
)
"""Places in a resource that say what it is."""

_INSIDE = Fault("contained", "a resource inside", "none", "Export it as an entry of its own")

_IN_LOWER_CASE = frozenset(each.lower() for each in READ)


def is_misnamed(kind: str) -> bool:
    """Say whether a kind is none of FHIR R4, and may be one that holds facts.

    Parameters
    ----------
    kind : str
        As a resource says.

    Returns
    -------
    bool
        For the name of one that is read in other letters, and for medicines of other versions.
    """
    name = kind.lower()
    return kind not in READ and (name in _IN_LOWER_CASE or name in _OF_OTHER_VERSIONS)


def hides_what(fault: Fault) -> bool:
    """Say whether a fault leaves open what a resource is.

    Parameters
    ----------
    fault : Fault
        Such as a name that stands twice, of which one is not read.

    Returns
    -------
    bool
        For one of the resource itself, of its kind, its code, or what it contains.
    """
    return _SAYING_WHAT.fullmatch(fault.where) is not None


def opened_inside(resource: Element, codebook: Codebook, place: Place) -> frozenset[str]:
    """Give the terms and medicines that may stand in what a resource contains.

    Parameters
    ----------
    resource : Element
        One that does not read what it contains.
    codebook : Codebook
        Codes and names of the protocol.
    place : Place
        Where it stands.

    Returns
    -------
    frozenset of str
        Empty where all that it contains would be left aside.

    Raises
    ------
    Refusal
        If a part that decides what one of them is has another form.
    """
    opens: set[str] = set()
    for each in resource.inners("contained"):
        reading = read_alone(each, codebook, place)
        for asked in unsettled(reading, _INSIDE, place).questions:
            opens |= asked.opens.union({asked.term} - {""})
    return frozenset(opens)


def read_alone(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read a resource without looking at any other.

    Parameters
    ----------
    resource : Element
        Any.
    codebook : Codebook
        Codes and names of the protocol.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        Of a kind that may hold facts; nothing of others.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    kind = resource.text("resourceType")
    if kind in KINDS:
        return read_medication(resource, codebook, place, None)
    return READERS[kind](resource, codebook, place) if kind in READERS else Reading()
