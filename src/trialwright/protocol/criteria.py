"""Eligibility criteria as data: a tree of typed rules, each criterion with examples that run.

A kind of rule is data here, judged, said and checked in `eligibility` under the same name.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number, Text
from trialwright.protocol.proposals import Proposal

Anchor = Literal["consent", "screening", "registration", "first_dose"]
"""The day from which a criterion looks back."""

ArmId = Annotated[str, Field(pattern=r"^[A-Z]$")]
"""One capital letter, as the protocol names its arms."""


CriterionId = Annotated[str, Field(pattern=r"^[IE][0-9]{2}$")]
"""I or E and the place of the bullet in its list, e.g. `I04`."""

Role = Literal["investigator", "principal-investigator"]
"""Who may answer for a medical judgement."""


class Bounded(Data):
    """Numbers allowed, by strict or non-strict bounds.

    Attributes
    ----------
    at_least, above : Number or None
        Lower bound, included or excluded.
    at_most, below : Number or None
        Upper bound, included or excluded.
    """

    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Self:
        """Refuse no bound at all, and two bounds on one side."""
        if self.at_least is not None and self.above is not None:
            raise ValueError("has two lower bounds: keep at_least or above")
        if self.at_most is not None and self.below is not None:
            raise ValueError("has two upper bounds: keep at_most or below")
        if {self.at_least, self.above, self.at_most, self.below} == {None}:
            raise ValueError("has no bound: give at_least, above, at_most or below")
        return self


class ObservationRule(Bounded):
    """The latest observation of a fact lies within bounds.

    Attributes
    ----------
    kind : {'observation'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    unit : str
        UCUM unit of the bounds.
    within_days : int or None, days
        How far back from the anchor an observation counts; None: any earlier day.
    """

    kind: Literal["observation"]
    fact: Name
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    within_days: Annotated[int, Field(ge=0, le=3650)] | None = None


class ConditionRule(Data):
    """A condition is present, or is recorded as absent.

    Attributes
    ----------
    kind : {'condition'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    expect : {'present', 'absent'}
        What meets the rule.
    when : {'now', 'ever'}
        Whether a condition that has ended still counts as present.
    not_recorded : {'unknown', 'absent'}
        What silence in the record means; `absent` only where the protocol says so.
    """

    kind: Literal["condition"]
    fact: Name
    expect: Literal["present", "absent"]
    when: Literal["now", "ever"] = "now"
    not_recorded: Literal["unknown", "absent"] = "unknown"


class AgeRule(Bounded):
    """Age in completed years at the anchor lies within bounds.

    Attributes
    ----------
    kind : {'age'}
        Which kind of rule it is.
    """

    kind: Literal["age"]


class SexRule(Data):
    """The recorded sex is the one asked for.

    Attributes
    ----------
    kind : {'sex'}
        Which kind of rule it is.
    expect : {'female', 'male'}
        What meets the rule.
    """

    kind: Literal["sex"]
    expect: Literal["female", "male"]


class AttestedRule(Data):
    """A person answers for it.

    Attributes
    ----------
    kind : {'attested'}
        Which kind of rule it is.
    question : Name
        Term of the vocabulary; its words are what the person is asked.
    expect : {'yes', 'no'}
        The answer that meets the rule.
    by : {'investigator', 'principal-investigator'}
        Role that may answer.
    """

    kind: Literal["attested"]
    question: Name
    expect: Literal["yes", "no"] = "yes"
    by: Role = "investigator"


class AllRule(Data):
    """Every rule below is met.

    Attributes
    ----------
    kind : {'all'}
        Which kind of rule it is.
    of : tuple of Rule
        At least one.
    """

    kind: Literal["all"]
    of: Annotated[tuple["Rule", ...], Field(min_length=1)]


class AnyRule(Data):
    """At least one rule below is met.

    Attributes
    ----------
    kind : {'any'}
        Which kind of rule it is.
    of : tuple of Rule
        At least one.
    """

    kind: Literal["any"]
    of: Annotated[tuple["Rule", ...], Field(min_length=1)]


class NotRule(Data):
    """The rule below is not met.

    Attributes
    ----------
    kind : {'not'}
        Which kind of rule it is.
    rule : Rule
        What must not hold.
    """

    kind: Literal["not"]
    rule: "Rule"


Rule = Annotated[
    ObservationRule
    | ConditionRule
    | AgeRule
    | SexRule
    | AttestedRule
    | AllRule
    | AnyRule
    | NotRule,
    Field(discriminator="kind"),
]
"""One node of a criterion's tree."""

for _branch in (AllRule, AnyRule, NotRule):
    _branch.model_rebuild()


class Example(Data):
    """Facts and the answer the criterion must give for them; run as a test.

    Attributes
    ----------
    given : mapping of Name to value
        Facts by term: a number in the term's unit, `"90 g/L"`, `present`, `absent`, a quoted
        `"yes"` or `"no"`, or null for a fact that is missing. `age` is in completed years, `sex` is
        `female` or `male`.
    answer : str
        `met`, `not met` or `unknown`; for an exclusion `absent`, `present` or `unknown`.
    arm : str
        The arm asked about; the first arm when empty.
    """

    given: dict[Name, str | int | Number | None]
    answer: Literal["met", "not met", "present", "absent", "unknown", "not applicable"]
    arm: str = ""


class Criterion(Data):
    """One inclusion or exclusion criterion.

    Attributes
    ----------
    id : str
        I01 to I20 or E01 to E15 here: the bullet's place in its list.
    says : str
        What it asks, in our own concise words.
    source_text : str or None
        The page's own words; kept only when a page is read.
    source_digest : str
        First 16 digits of the SHA-256 of the bullet's words with white space normalised, so
        that a later reading of the page can say whether the bullet changed; empty if not kept.
    place : str
        Where it stands on the registry page.
    kind : {'rule', 'attested', 'note'}
        Decided from facts, answered by a person, or a permissive note that never restricts.
    arms : tuple of str
        Arms it applies to; empty: every arm.
    anchor : {'consent', 'screening', 'registration', 'first_dose'}
        The day at which it is judged.
    approval : {'investigator', 'principal-investigator'} or None
        Role that may approve where the protocol itself allows it.
    rule : Rule or None
        The tree; for an exclusion, met means that the exclusion is present.
    examples : tuple of Example
        Cases that run as tests.
    proposals : tuple of Proposal
        Limits read from `source_text`, with what people made of them.
    """

    id: CriterionId
    says: Text
    source_text: Text | None = None
    source_digest: Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")] = ""
    place: Text
    kind: Literal["rule", "attested", "note"]
    arms: tuple[ArmId, ...] = ()
    anchor: Anchor = "registration"
    approval: Role | None = None
    rule: Rule | None = None
    examples: tuple[Example, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def is_exclusion(self) -> bool:
        """Whether meeting its rule keeps a participant out."""
        return self.id.startswith("E")

    def applies_to(self, arm: str) -> bool:
        """Say whether the criterion is asked for an arm.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        bool
            True also when no arm is named.
        """
        return not self.arms or arm in self.arms

    @model_validator(mode="after")
    def _kind_fits_rule(self) -> Self:
        """Refuse a note with a rule, and anything else without one."""
        if (self.kind == "note") != (self.rule is None):
            raise ValueError(f"is a {self.kind}: a note has no rule, every other kind has one")
        if self.kind == "attested" and any(leaf.kind != "attested" for leaf in leaves(self.rule)):
            raise ValueError("is attested, and its rule reads facts: the kind rule")
        wanted = {"present", "absent"} if self.is_exclusion else {"met", "not met"}
        for example in self.examples:
            if example.answer not in wanted | {"unknown", "not applicable"}:
                words = ", ".join(sorted(wanted))
                raise ValueError(f"has an example answered {example.answer!r}: {words}, unknown")
        return self


Leaf = ObservationRule | ConditionRule | AgeRule | SexRule | AttestedRule
"""A rule without rules below it."""


def leaves(rule: "Rule | None") -> tuple[Leaf, ...]:
    """Give the leaves of a tree from left to right.

    Parameters
    ----------
    rule : Rule or None
        The tree; None has no leaves.

    Returns
    -------
    tuple of Leaf
        Repeated leaves are given again.
    """
    match rule:
        case None:
            return ()
        case AllRule() | AnyRule():
            return tuple(leaf for below in rule.of for leaf in leaves(below))
        case NotRule():
            return leaves(rule.rule)
        case _:
            return (rule,)
