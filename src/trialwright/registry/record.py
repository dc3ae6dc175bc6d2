"""The public record of a trial: what a registry shows of a protocol, and nothing that drives it.

The fields bear the names of the protocol file, so that a whole protocol and a draft that is not
finished are both read by `record_of`; what neither states is empty.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.protocol.criteria import Rule
from trialwright.protocol.data import frozen
from trialwright.protocol.proposals import Proposal
from trialwright.protocol.publication import Publication
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal, shorten


class RecordPart(BaseModel):
    """A frozen part of a record; other fields of the protocol are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RecordIdentifiers(RecordPart):
    """Registration numbers.

    Attributes
    ----------
    nct, nci, local : str
        As in the protocol; empty when not stated.
    """

    nct: str = ""
    nci: str = ""
    local: str = ""


class RecordPerson(RecordPart):
    """Somebody who answers for the trial.

    Attributes
    ----------
    name, role, affiliation : str
        As in the protocol.
    """

    name: str
    role: str = ""
    affiliation: str = ""


class RecordSite(RecordPart):
    """A site.

    Attributes
    ----------
    id, name, status, contact, phone, email, city, state, zip, country : str
        As in the protocol; empty when not stated.
    """

    id: str
    name: str
    status: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


class RecordObjective(RecordPart):
    """An objective.

    Attributes
    ----------
    id, rank, says : str
        As in the protocol.
    assumption : str
        What was assumed about its rank; empty: a record states it.
    """

    id: str
    rank: str
    says: str
    assumption: str = ""


class RecordEndpoint(RecordPart):
    """An endpoint.

    Attributes
    ----------
    id, rank, says, objective, description, time_frame, origin : str
        As in the protocol.
    """

    id: str
    rank: str
    says: str
    objective: str = ""
    description: str = ""
    time_frame: str = ""
    origin: str = "registry"


class RecordAgent(RecordPart):
    """A study drug.

    Attributes
    ----------
    says, agent_class, route, description : str
        As in the protocol; empty when not stated.
    is_investigational : bool
        Whether the trial escalates or studies it.
    codes, synonyms : tuple of str
        Codes and other names.
    """

    says: str
    agent_class: str = ""
    route: str = ""
    description: str = ""
    is_investigational: bool = False
    codes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


class RecordChoice(RecordPart):
    """An agent of a dosing line.

    Attributes
    ----------
    agent : str
        Key in the record's agents.
    """

    agent: str


class RecordDosing(RecordPart):
    """One line of an arm's treatment.

    Attributes
    ----------
    id, says : str
        As in the protocol.
    choices : tuple of RecordChoice
        The agent; more than one: exactly one is chosen.
    days : tuple of DayRange
        Days of the cycle.
    cycles : CycleRange
        Cycles to which the line applies.
    """

    id: str
    says: str
    choices: tuple[RecordChoice, ...]
    days: tuple[DayRange, ...]
    cycles: CycleRange = CycleRange()


class RecordArm(RecordPart):
    """An arm.

    Attributes
    ----------
    id, says, title, type : str
        As in the protocol.
    source_text : str or None
        The record's own words; None: the arm is told from its lines.
    dosing : tuple of RecordDosing
        Its treatment.
    """

    id: str
    says: str = ""
    title: str = ""
    type: str = ""
    source_text: str | None = None
    dosing: tuple[RecordDosing, ...] = ()


class RecordFollowUp(RecordPart):
    """What follows the end of treatment.

    Attributes
    ----------
    first_after_days : int, days
        First visit.
    then_every_months : int, months
        Interval after that.
    """

    first_after_days: int
    then_every_months: int


class RecordAssignment(RecordPart):
    """How a participant comes to an arm.

    Attributes
    ----------
    rule, origin : str
        As in the protocol.
    """

    rule: str
    origin: str = "registry"


class RecordStop(RecordPart):
    """What ends treatment, an arm or the trial.

    Attributes
    ----------
    id, says, ends : str
        As in the protocol.
    """

    id: str
    says: str
    ends: str


class RecordCriterion(RecordPart):
    """A criterion.

    Attributes
    ----------
    id, says, place, kind : str
        As in the protocol.
    source_text : str or None
        The record's own words where they are kept.
    arms : tuple of str
        Arms it applies to; empty: every arm.
    rule : Rule or None
        What decides it.
    proposals : tuple of Proposal
        Limits read from its words.
    """

    id: str
    says: str
    place: str = ""
    kind: str = "attested"
    source_text: str | None = None
    arms: tuple[str, ...] = ()
    rule: Rule | None = None
    proposals: tuple[Proposal, ...] = ()

    @property
    def is_exclusion(self) -> bool:
        """Whether meeting it keeps a participant out."""
        return self.id.startswith("E")

    @property
    def printed(self) -> str:
        """The words a record shows: the source's own where kept, else ours."""
        return self.source_text if self.source_text is not None else self.says


class Record(RecordPart):
    """A trial as its public record shows it; text is empty where nothing is stated.

    Attributes
    ----------
    version, dated : str
        Of the protocol; `dated` as year-month-day.
    identifiers : RecordIdentifiers
        Registration numbers.
    title, summary, phase, trial_type, status, lead_organisation : str
        As in the protocol.
    investigators : tuple of RecordPerson
        Who answers for it.
    sites : tuple of RecordSite
        Where participants are treated.
    objectives : tuple of RecordObjective
        What it is to find out.
    endpoints : tuple of RecordEndpoint
        What is measured.
    cycle_days : int or None, days
        Length of a cycle.
    agents : mapping of str to RecordAgent
        Study drugs.
    arms : tuple of RecordArm
        Treatment arms.
    assignment : RecordAssignment or None
        How a participant comes to one of them; None when not stated.
    stop_rules : tuple of RecordStop
        What ends treatment.
    follow_up : RecordFollowUp or None
        What follows it.
    criteria : tuple of RecordCriterion
        Inclusions, then exclusions.
    publication : Publication
        What only the public record needs.
    """

    version: str = ""
    dated: str = ""
    identifiers: RecordIdentifiers = RecordIdentifiers()
    title: str = ""
    summary: str = ""
    phase: str = ""
    trial_type: str = ""
    status: str = ""
    lead_organisation: str = ""
    investigators: tuple[RecordPerson, ...] = ()
    sites: tuple[RecordSite, ...] = ()
    objectives: tuple[RecordObjective, ...] = ()
    endpoints: tuple[RecordEndpoint, ...] = ()
    cycle_days: int | None = None
    agents: dict[str, RecordAgent] = {}
    arms: tuple[RecordArm, ...] = ()
    assignment: RecordAssignment | None = None
    stop_rules: tuple[RecordStop, ...] = ()
    follow_up: RecordFollowUp | None = None
    criteria: tuple[RecordCriterion, ...] = ()
    publication: Publication = Publication()


def record_of(study: Study) -> Record:
    """Give the public record of a protocol.

    Parameters
    ----------
    study : Study
        Any protocol.

    Returns
    -------
    Record
        Its public part.
    """
    plain = study.model_dump(mode="python")
    return Record.model_validate({**plain, "dated": study.dated.isoformat()})


def record_of_plain(plain: Mapping[str, Any], file: str = "") -> Record:
    """Give the public record of a protocol file that is not finished.

    Parameters
    ----------
    plain : mapping of str to object
        The values of the file, as `protocol.strict_yaml.gather_yaml` gives them.
    file : str
        Name shown in faults.

    Returns
    -------
    Record
        What the file states of it.

    Raises
    ------
    Refusal
        With every value that has another form than the protocol file's.
    """
    try:
        return Record.model_validate(frozen(plain))
    except ValidationError as invalid:
        raise Refusal(
            Fault(
                ".".join(str(part) for part in error["loc"]),
                shorten(error["input"]),
                error["msg"],
                "Correct the value",
                file,
            )
            for error in invalid.errors(include_url=False)
        ) from None
