"""The study as written: one frozen value that drives everything else."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.arms import Agent, Arm, Assignment, CycleDay
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.protocol.course_settings import CourseSettings
from trialwright.protocol.criteria import Criterion
from trialwright.protocol.data import Data, Day, Illustrated, Name, Text
from trialwright.protocol.dlt_definition import DltDefinition
from trialwright.protocol.dose_decision_settings import DoseDecisionSettings
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.publication import Line, Long, Publication
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.protocol.safety_settings import SafetySettings
from trialwright.protocol.schedule import Assessment, FollowUp, Obligation, StopRule
from trialwright.protocol.sharing import Sharing
from trialwright.protocol.slot_settings import SlotSettings
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.errors import refuse

Rank = Literal["primary", "secondary", "exploratory"]
"""Place of an objective or endpoint."""


class Identifiers(Data):
    """Under which numbers the trial is registered.

    Attributes
    ----------
    nct : str
        ClinicalTrials.gov.
    nci : str
        National Cancer Institute.
    local : str
        The lead organisation's own.
    """

    nct: Annotated[str, Field(pattern=r"^NCT[0-9]{8}$")]
    nci: str = ""
    local: str = ""


class Person(Data):
    """Somebody who answers for the trial; never a participant.

    Attributes
    ----------
    name, role : str
        As published.
    affiliation : str
        Organisation; empty when not stated.
    """

    name: Text
    role: Name
    affiliation: Line = ""


class Site(Data):
    """A place where participants are treated.

    Attributes
    ----------
    id : Name
        Short name.
    name : str
        As published.
    status : {'active', 'suspended', 'closed', 'not yet active'}
        Recruitment status.
    contact, phone, email : str
        As published.
    city, state, zip, country : str
        Where it is.
    """

    id: Name
    name: Text
    status: Literal["active", "suspended", "closed", "not yet active"]
    contact: str = ""
    phone: str = ""
    email: Line = ""
    city: Line = ""
    state: Line = ""
    zip: Line = ""
    country: Line = ""


class Objective(Data):
    """What the trial is to find out.

    Attributes
    ----------
    id : Name
        Short name.
    rank : {'primary', 'secondary', 'exploratory'}
        Its place.
    says : str
        The objective in words.
    assumption : str
        What was assumed when the page was read; empty when the page says it.
    """

    id: Name
    rank: Rank
    says: Text
    assumption: str = ""


class Endpoint(Illustrated):
    """What is measured for an objective.

    Attributes
    ----------
    id : Name
        Short name.
    rank : {'primary', 'secondary', 'exploratory'}
        Its place.
    says : str
        The endpoint in words.
    objective : Name
        The objective it serves.
    description : str
        How it is measured; empty when not stated.
    time_frame : str
        Over which time, in the record's words; empty when not stated.
    """

    id: Name
    rank: Rank
    says: Text
    objective: Name
    description: Long = ""
    time_frame: Line = ""


class SampleSize(Illustrated):
    """How many participants are planned.

    Attributes
    ----------
    participants : int
        Greatest number in all arms together.
    """

    participants: Annotated[int, Field(ge=1, le=10000)]


class Assay(Illustrated):
    """A biomarker assay.

    Attributes
    ----------
    id : Name
        Short name.
    says : str
        The assay in words.
    specimen : {'tissue', 'plasma'}
        What is examined.
    method : {'IHC', 'NGS'}
        How.
    """

    id: Name
    says: Text
    specimen: Literal["tissue", "plasma"]
    method: Literal["IHC", "NGS"]


class Study(Data):
    """A trial as its protocol promises it.

    Attributes
    ----------
    format : int
        Number of the file's form; 1.
    version : str
        Version of this protocol text.
    dated : date
        Day of that version.
    identifiers : Identifiers
        Under which numbers it is registered.
    title, summary : str
        As for the public.
    phase : {'early I', 'I', 'Ia', 'Ib', 'I/Ib', 'Ib/II', 'I/II'}
        Phase of development.
    trial_type : str
        What the trial is for.
    status : str
        Whether it recruits.
    lead_organisation : str
        Who leads it.
    investigators : tuple of Person
        Who answers for it.
    sites : tuple of Site
        Where participants are treated.
    objectives : tuple of Objective
        What it is to find out.
    endpoints : tuple of Endpoint
        What is measured for that.
    cycle_days : int, days
        Length of a treatment cycle.
    agents : mapping of Name to Agent
        Study drugs by name.
    arms : tuple of Arm
        Treatment arms.
    assignment : Assignment
        How a participant comes to an arm.
    sharing : tuple of Sharing
        Groups of arms whose dose decisions rest on the data of all of them.
    slots : SlotSettings or None
        How places of a cohort are asked for, held and given. None: a free place goes to whoever is
        assigned.
    sample_size : SampleSize
        How many participants are planned.
    dlt : DltDefinition
        Which adverse events are dose-limiting.
    dose_decisions : DoseDecisionSettings
        Who signs a dose decision; by default nobody is waited for.
    safety : SafetySettings
        Dose modifications proposed, and reporting clocks; none unless the file says so.
    stop_rules : tuple of StopRule
        What ends treatment, an arm or the trial.
    assessments : tuple of Assessment
        What is examined at which times.
    follow_up : FollowUp
        What follows the end of treatment.
    obligations : tuple of Obligation
        Duties that follow from criteria while on study.
    course : CourseSettings
        What is watched while participants are on study.
    response : ResponseSettings
        How tumour response is read.
    endpoint_settings : EndpointSettings
        How time to event is censored.
    assays : tuple of Assay
        Biomarker assays.
    biomarkers : BiomarkerSettings
        Panels, named rules and the markers named before anybody looked; none unless the file says
        so.
    medicines : mapping of Name to Medicine
        Medicines and treatments that terms name as members of a set.
    terms : mapping of Name to Term
        The vocabulary: each fact the protocol speaks of.
    completeness : Name or None
        Question by which a person says that the record is complete: what is not in it did not
        happen. None: nobody is asked.
    criteria : tuple of Criterion
        Eligibility.
    publication : Publication
        What only the public record needs.
    """

    format: Literal[1]
    version: Text
    dated: Day
    identifiers: Identifiers
    title: Text
    summary: Text
    phase: Literal["early I", "I", "Ia", "Ib", "I/Ib", "Ib/II", "I/II"]
    trial_type: Literal["treatment", "prevention", "diagnostic", "supportive care"]
    status: Literal[
        "active", "not yet active", "suspended", "closed", "completed", "terminated", "withdrawn"
    ]
    lead_organisation: Text
    investigators: tuple[Person, ...] = ()
    sites: tuple[Site, ...] = ()
    objectives: tuple[Objective, ...]
    endpoints: tuple[Endpoint, ...] = ()
    cycle_days: CycleDay
    agents: dict[Name, Agent]
    arms: Annotated[tuple[Arm, ...], Field(min_length=1)]
    assignment: Assignment
    sharing: tuple[Sharing, ...] = ()
    slots: SlotSettings | None = None
    sample_size: SampleSize
    dlt: DltDefinition
    dose_decisions: DoseDecisionSettings = DoseDecisionSettings()
    safety: SafetySettings = SafetySettings()
    stop_rules: tuple[StopRule, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    follow_up: FollowUp
    obligations: tuple[Obligation, ...] = ()
    course: CourseSettings = CourseSettings()
    response: ResponseSettings
    endpoint_settings: EndpointSettings
    assays: tuple[Assay, ...] = ()
    biomarkers: BiomarkerSettings = BiomarkerSettings()
    medicines: dict[Name, Medicine] = Field(default_factory=dict)
    terms: dict[Name, Term]
    completeness: Name | None = None
    criteria: tuple[Criterion, ...]
    publication: Publication = Publication()

    def arm(self, arm: str) -> Arm | None:
        """Give an arm by its letter.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        Arm or None
            None when the study has no such arm.
        """
        return next((each for each in self.arms if each.id == arm), None)

    def required_arm(self, arm: str) -> Arm:
        """Give an arm by its letter, or refuse.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        Arm
            As the protocol has it.

        Raises
        ------
        Refusal
            Naming the arms there are.
        """
        found = self.arm(arm)
        if found is None:
            arms = ", ".join(each.id for each in self.arms)
            raise refuse("arm", f"arm {arm}", arms, "Name an arm of the protocol")
        return found

    def criterion(self, criterion: str) -> Criterion | None:
        """Give a criterion by its id.

        Parameters
        ----------
        criterion : str
            E.g. `I04`.

        Returns
        -------
        Criterion or None
            None when the study has no such criterion.
        """
        return next((each for each in self.criteria if each.id == criterion), None)
