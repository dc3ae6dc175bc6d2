"""One version of a trial, as far as two versions can be compared; no shape of record is known here.

Text is empty, and a tuple too, where a version states nothing: what only one version states is
said, and never counted as a change.
"""

from dataclasses import dataclass, field

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.protocol.criteria import Rule
from trialwright.registry.amending.limit import Limit


@dataclass(frozen=True, slots=True)
class VersionDosing:
    """One line of an arm's treatment.

    Attributes
    ----------
    agents : tuple of str
        The agent by its name; more than one: one of them is given.
    drug_class : str
        What the record calls them together; empty when it names one agent.
    route : str
        `PO`, `IM`, `IV`, `SC`; empty when not stated.
    times_a_day : int or None
        Doses on each dosing day; None when not stated.
    days : tuple of DayRange
        Days of the cycle; empty when not stated.
    cycles : CycleRange
        Cycles to which the line applies.
    dose : str
        In the record's own words; empty when not stated.
    """

    agents: tuple[str, ...]
    drug_class: str = ""
    route: str = ""
    times_a_day: int | None = None
    days: tuple[DayRange, ...] = ()
    cycles: CycleRange = field(default_factory=CycleRange)
    dose: str = ""


@dataclass(frozen=True, slots=True)
class VersionArm:
    """One arm.

    Attributes
    ----------
    label : str
        Its letter or number.
    title : str
        Its name where that is more than the label.
    agents : tuple of str
        Every agent named, those without days too.
    dosing : tuple of VersionDosing
        Its treatment as far as it was understood.
    cycle_days : int or None, days
        Length of a cycle; None when not stated.
    most_cycles : int or None
        Greatest number of cycles; None when no limit is stated.
    words : str
        The record's own words on its treatment; empty when not kept.
    unread : tuple of str
        Sentences of them that were not understood.
    place : str
        Where it stands.
    """

    label: str
    title: str = ""
    agents: tuple[str, ...] = ()
    dosing: tuple[VersionDosing, ...] = ()
    cycle_days: int | None = None
    most_cycles: int | None = None
    words: str = ""
    unread: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class VersionCriterion:
    """One criterion.

    Attributes
    ----------
    id : str
        `I01` or `E01`.
    words : str
        Its words, sub-bullets included.
    place : str
        Where it stands, e.g. `inclusion bullet 2, line 12`.
    arms : tuple of str
        Arms it applies to; empty: every arm.
    limits : tuple of Limit
        What its words or its rule limit.
    rule : Rule or None
        What decides it, where the version is a protocol.
    judged : str
        How it is judged beside the rule: kind, anchor, approval; empty for a record.
    is_record_words : bool
        Whether the words are those of a public record, not a protocol's own.
    open : tuple of (str, str)
        What its words limit in a way that was not understood: the fact, and the words.
    digest : str
        By which equal words are known though they are not kept; empty when unknown.
    """

    id: str
    words: str
    place: str = ""
    arms: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    rule: Rule | None = None
    judged: str = ""
    is_record_words: bool = True
    open: tuple[tuple[str, str], ...] = ()
    digest: str = ""

    @property
    def is_exclusion(self) -> bool:
        """Whether meeting it keeps a participant out."""
        return self.id.startswith("E")

    @property
    def where(self) -> str:
        """Its id with its place."""
        return f"{self.id} ({self.place})" if self.place else self.id


@dataclass(frozen=True, slots=True)
class Member:
    """A person, a site, an objective or an endpoint.

    Attributes
    ----------
    name : str
        By which it is known: name, or the words themselves.
    details : tuple of (str, str)
        What is stated of it, by topic; empty texts are left out.
    """

    name: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A part of a protocol that no public record shows.

    Attributes
    ----------
    path : str
        Where it stands in the protocol, e.g. `arms.A.ladder.doses`.
    value : str
        As written.
    label : str
        Says that the value is illustrative; empty otherwise.
    """

    path: str
    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a trial.

    Attributes
    ----------
    name : str
        How it is called in sentences, e.g. the file it came from.
    facts : tuple of (str, str)
        Title, phase, status and the like, by topic; what is not stated is left out.
    people, sites, objectives, endpoints : tuple of Member
        As listed.
    cycle_days : int or None, days
        Length of a cycle.
    follow_up : str
        What follows treatment, in words.
    arms : tuple of VersionArm
        In the order of the record.
    criteria : tuple of VersionCriterion
        Inclusions, then exclusions.
    fields : tuple of Limit
        Limits that the record states in fields of their own (age, sex).
    settings : tuple of Setting
        What only a protocol holds.
    unread : tuple of (str, str)
        Words of the record that were not understood, after their place; those of arms and criteria
        are kept there.
    """

    name: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    people: tuple[Member, ...] = ()
    sites: tuple[Member, ...] = ()
    objectives: tuple[Member, ...] = ()
    endpoints: tuple[Member, ...] = ()
    cycle_days: int | None = None
    follow_up: str = ""
    arms: tuple[VersionArm, ...] = ()
    criteria: tuple[VersionCriterion, ...] = ()
    fields: tuple[Limit, ...] = ()
    settings: tuple[Setting, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit of its criteria, then of its fields."""
        return (*(limit for each in self.criteria for limit in each.limits), *self.fields)
