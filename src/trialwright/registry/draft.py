"""A draft: what a trial record says, each part with the place where it stands.

No shape of record is known here. A reader of one shape fills a draft; writing and comparing start
from the draft alone.
"""

from dataclasses import dataclass, field

from trialwright.protocol.proposals import Proposal
from trialwright.protocol.publication import Publication
from trialwright.protocol.schedule import FollowUp
from trialwright.protocol.study import Rank
from trialwright.registry.draft_arms import DraftArm
from trialwright.registry.spans import Kept, Remark, Span
from trialwright.terms.canonical import digest


def source_digest(words: str) -> str:
    """Give the digest by which a later reading says whether a criterion's words changed.

    Parameters
    ----------
    words : str
        The words of one criterion.

    Returns
    -------
    str
        First 16 digits of the SHA-256 of the words, white space collapsed to single spaces and
        trimmed; equal for two layouts of the same words.
    """
    return digest(" ".join(words.split()))[:16]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a criterion: its head, or a sub-bullet with those below it.

    Attributes
    ----------
    words : str
        Verbatim, without the bullet sign.
    depth : int
        0 for the head, then the number of signs (`**` is 2).
    span : Span
        Where it stands, its sign included.
    parts : tuple of Part
        Sub-bullets below it.
    """

    words: str
    depth: int
    span: Span
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class DraftCriterion:
    """One inclusion or exclusion criterion as the record words it.

    Attributes
    ----------
    id : str
        `I01` or `E01`: its place in its list.
    source_text : str
        Verbatim, sub-bullets included.
    place : str
        Where it stands, e.g. `inclusion bullet 2, line 12`.
    head : Part
        Its words as a tree.
    arms : tuple of str
        Arms named by `For Arm C only:`; empty: none is named.
    proposals : tuple of Proposal
        Limits read from `source_text`.
    """

    id: str
    source_text: str
    place: str
    head: Part
    arms: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of its words."""
        return source_digest(self.source_text)

    @property
    def is_exclusion(self) -> bool:
        """Whether it stands in the list of exclusions."""
        return self.id.startswith("E")


@dataclass(frozen=True, slots=True)
class DraftSite:
    """A site as the record lists it.

    Attributes
    ----------
    name, status, contact, phone : str
        As published; empty when not given.
    line : int
        Line of its name.
    email, city, state, zip, country : str
        As published; empty when not given.
    """

    name: str
    status: str
    contact: str
    phone: str
    line: int
    email: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """Somebody who answers for the trial, as the record lists them.

    Attributes
    ----------
    name, role, affiliation : str
        As published; the role in the record's word.
    """

    name: str
    role: str
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class DraftEndpoint:
    """An outcome measure as the record words it.

    Attributes
    ----------
    rank : {'primary', 'secondary', 'exploratory'}
        Its place; what a record calls `other` is read as exploratory.
    says, description, time_frame : str
        Verbatim; empty when not stated.
    """

    rank: Rank
    says: str
    description: str = ""
    time_frame: str = ""


@dataclass(frozen=True, slots=True)
class DraftIntervention:
    """An intervention as the record lists it apart from the arms.

    Attributes
    ----------
    name, type, description : str
        Verbatim; empty when not stated.
    other_names : tuple of str
        As published.
    arms : tuple of str
        Titles of the arms that receive it; empty when not stated.
    """

    name: str
    type: str = ""
    description: str = ""
    other_names: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftObjective:
    """An objective as the record words it.

    Attributes
    ----------
    rank : {'primary', 'secondary', 'exploratory'}
        Its place.
    says : str
        Verbatim.
    assumption : str
        What was assumed about its rank; empty when the record states it.
    line : int
        Where it stands.
    """

    rank: Rank
    says: str
    assumption: str
    line: int


@dataclass(frozen=True, slots=True)
class DraftIdentifiers:
    """Numbers under which the trial is registered.

    Attributes
    ----------
    primary : str
        The lead organisation's own.
    secondary : tuple of str
        Others, e.g. of the National Cancer Institute.
    nct : str
        ClinicalTrials.gov.
    """

    primary: str = ""
    secondary: tuple[str, ...] = ()
    nct: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a trial record says; text is empty, and a number None, where it says nothing.

    Attributes
    ----------
    shape : str
        Shape of the record, e.g. `cancer.gov page`.
    file : str
        Name of the file it came from.
    title, status, summary, phase, trial_type, lead_organisation, principal_investigator : str
        As published; `phase` without the word Phase.
    phase_in_summary : str
        The phase that the summary names; empty when it names none.
    identifiers : DraftIdentifiers
        Registration numbers.
    criteria : tuple of DraftCriterion
        Inclusions, then exclusions, each in the order of the record.
    sites : tuple of DraftSite
        Where participants are treated.
    objectives : tuple of DraftObjective
        In the order of the record.
    escalated_agent : str
        Agent of the dose escalation.
    arms_stated : int or None
        How many arms the record says there are.
    assigned : str
        How a participant comes to an arm, in the record's word (`assigned`, `randomized`).
    arms : tuple of DraftArm
        In the order of the record.
    follow_up : FollowUp or None
        What follows the end of treatment.
    spans : tuple of Span
        Every sign of the record that is no white space lies in exactly one of them, in order.
    kept : tuple of Kept
        What was not understood, in order.
    remarks : tuple of Remark
        What people should look at.
    endpoints : tuple of DraftEndpoint
        In the order of the record.
    people : tuple of DraftPerson
        Beside the principal investigator.
    interventions : tuple of DraftIntervention
        What the record lists apart from the arms.
    publication : Publication
        What only the public record needs.
    """

    shape: str
    file: str
    title: str
    status: str
    summary: str
    phase: str
    phase_in_summary: str
    trial_type: str
    lead_organisation: str
    principal_investigator: str
    identifiers: DraftIdentifiers
    criteria: tuple[DraftCriterion, ...]
    sites: tuple[DraftSite, ...]
    objectives: tuple[DraftObjective, ...]
    escalated_agent: str
    arms_stated: int | None
    assigned: str
    arms: tuple[DraftArm, ...]
    follow_up: FollowUp | None
    spans: tuple[Span, ...]
    kept: tuple[Kept, ...]
    remarks: tuple[Remark, ...]
    endpoints: tuple[DraftEndpoint, ...] = ()
    people: tuple[DraftPerson, ...] = ()
    interventions: tuple[DraftIntervention, ...] = ()
    publication: Publication = field(default_factory=Publication)

    @property
    def inclusion(self) -> tuple[DraftCriterion, ...]:
        """The inclusion criteria."""
        return tuple(each for each in self.criteria if not each.is_exclusion)

    @property
    def exclusion(self) -> tuple[DraftCriterion, ...]:
        """The exclusion criteria."""
        return tuple(each for each in self.criteria if each.is_exclusion)

    @property
    def cycle_days(self) -> int | None:
        """Length of a cycle in days; None unless every arm states the same."""
        lengths = {arm.cycle_days for arm in self.arms}
        return lengths.pop() if len(lengths) == 1 else None
