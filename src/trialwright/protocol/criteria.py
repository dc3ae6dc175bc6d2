"""Eligibility criteria as data: a tree of typed rules, each criterion with examples that run.

A kind of rule is data here, judged, said and checked in `eligibility` under the same name.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number, Text
from trialwright.protocol.leaf_rules import Leaf
from trialwright.protocol.proposals import Proposal
from trialwright.protocol.rule_parts import Role

Anchor = Literal["consent", "screening", "registration", "first_dose"]
"""The day from which a criterion looks back."""

ArmId = Annotated[str, Field(pattern=r"^[A-Z]$")]
"""One capital letter, as the protocol names its arms."""


CriterionId = Annotated[str, Field(pattern=r"^[IE][0-9]{2}$")]
"""I or E and the place of the bullet in its list, e.g. `I04`."""


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


class AtLeastRule(Data):
    """At least so many rules below are met.

    Attributes
    ----------
    kind : {'at-least'}
        Which kind of rule it is.
    number : int
        How many.
    of : tuple of Rule
        At least one; at least `number` to be possible.
    """

    kind: Literal["at-least"]
    number: Annotated[int, Field(ge=1, le=100)]
    of: Annotated[tuple["Rule", ...], Field(min_length=1)]


class IfRule(Data):
    """One rule holds where a condition is met, another where it is not.

    While the condition is unknown, the answer stands only if both rules give it.

    Attributes
    ----------
    kind : {'if'}
        Which kind of rule it is.
    condition : Rule
        What decides which rule holds.
    then, otherwise : Rule
        The rule where it is met, and where it is not.
    """

    kind: Literal["if"]
    condition: "Rule"
    then: "Rule"
    otherwise: "Rule"


class FirstRule(Data):
    """The first rule below that is decided gives the answer.

    So a person is asked only for what the record leaves open, and does not overrule what it says.

    Attributes
    ----------
    kind : {'first'}
        Which kind of rule it is.
    of : tuple of Rule
        In the order in which they are asked.
    """

    kind: Literal["first"]
    of: Annotated[tuple["Rule", ...], Field(min_length=1)]


Branch = AllRule | AnyRule | NotRule | AtLeastRule | IfRule | FirstRule
"""A rule made of rules below it."""

Rule = Annotated[Leaf | Branch, Field(discriminator="kind")]
"""One node of a criterion's tree."""

for _branch in (AllRule, AnyRule, NotRule, AtLeastRule, IfRule, FirstRule):
    _branch.model_rebuild()


class Example(Data):
    """Facts and the answer the criterion must give for them; run as a test.

    Attributes
    ----------
    given : mapping of Name to value
        Facts by term: a number in the term's unit, `"90 g/L"`, `present`, `absent`, a quoted
        `"yes"` or `"no"`, or null for a fact that is missing; days, ranges, several records and
        treatments as the page of the protocol file shows. `age` is in completed years, `sex` is
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
    sex : {'female', 'male'} or None
        Whom it concerns; for anybody recorded as of the other sex it is not applicable.
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
    sex: Literal["female", "male"] | None = None
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
        answered = {"attested", "approval"}
        if self.kind == "attested" and {leaf.kind for leaf in leaves(self.rule)} - answered:
            raise ValueError("is attested, and its rule reads facts: the kind rule")
        wanted = {"present", "absent"} if self.is_exclusion else {"met", "not met"}
        for example in self.examples:
            if example.answer not in wanted | {"unknown", "not applicable"}:
                words = ", ".join(sorted(wanted))
                raise ValueError(f"has an example answered {example.answer!r}: {words}, unknown")
        return self


def below(rule: Rule) -> tuple[tuple[str, Rule], ...]:
    """Give the rules directly below a rule, each with its path.

    Parameters
    ----------
    rule : Rule
        Any node; a leaf has none below it.

    Returns
    -------
    tuple of (str, Rule)
        E.g. `of.0`, `condition`, `rule`, in the order of the tree.
    """
    inner = directly_below(rule)
    match rule:
        case NotRule():
            paths: tuple[str, ...] = ("rule",)
        case IfRule():
            paths = "condition", "then", "otherwise"
        case _:
            paths = tuple(f"of.{place}" for place in range(len(inner)))
    return tuple(zip(paths, inner, strict=True))


def directly_below(rule: Rule) -> tuple[Rule, ...]:
    """Give the rules directly below a rule, without their paths.

    Parameters
    ----------
    rule : Rule
        Any node; a leaf has none below it.

    Returns
    -------
    tuple of Rule
        In the order of the tree.
    """
    match rule:
        case AllRule() | AnyRule() | AtLeastRule() | FirstRule():
            return rule.of
        case NotRule():
            return (rule.rule,)
        case IfRule():
            return rule.condition, rule.then, rule.otherwise
        case _:
            return ()


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
    if rule is None:
        return ()
    inner = directly_below(rule)
    if not inner:
        return (rule,)  # type: ignore[return-value]  # only a leaf has nothing below it
    return tuple(leaf for each in inner for leaf in leaves(each))
