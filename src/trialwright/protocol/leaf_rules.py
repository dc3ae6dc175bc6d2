"""Rules on results and on people's answers, as data, and the set of all leaf kinds.

A kind of rule is data here, judged, said and checked in `eligibility` and compiled in `warehouse`
under the same name. An exclusion is met when what it describes is present.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name
from trialwright.protocol.event_rules import (
    ConditionRule,
    LinesRule,
    SpecimenRule,
    StableRule,
    TreatmentRule,
)
from trialwright.protocol.rule_parts import Bounded, CodedAnswer, Days, Recorded, Role


class ObservationRule(Bounded, Recorded):
    """Observations of a fact lie within bounds.

    Attributes
    ----------
    kind : {'observation'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    unit : str
        UCUM unit of the bounds.
    pick : {'latest', 'mean', 'worst', 'any'}
        The newest one; the mean of the newest `of`, which stand on one day; every one; at least
        one.
    of : int
        For `mean`: how many.
    methods : tuple of Name
        Methods of examination that count; empty: any. A result by another method does not lie
        within the bounds, one by an unknown method may.
    within_days : int or None, days
        How far back from the anchor an observation counts; None: any earlier day.
    """

    kind: Literal["observation"]
    fact: Name
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    pick: Literal["latest", "mean", "worst", "any"] = "latest"
    of: Annotated[int, Field(ge=2, le=20)] | None = None
    methods: tuple[Name, ...] = ()
    within_days: Days | None = None

    @model_validator(mode="after")
    def _mean_of_several(self) -> Self:
        """Refuse a mean of nobody knows how many, and a number without a mean."""
        if (self.pick == "mean") != (self.of is not None):
            raise ValueError("has no use for one alone: pick mean, and of")
        return self


class MultipleRule(Bounded):
    """The latest observation lies within multiples of the laboratory's own limit of normal.

    The limit is that of the result's own reference range; else that of the institution's table;
    else the answer is unknown.

    Attributes
    ----------
    kind : {'multiple'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    times : {'ULN', 'LLN'}
        Which limit of normal the bounds multiply.
    within_days : int or None, days
        How far back from the anchor an observation counts; None: any earlier day.
    """

    kind: Literal["multiple"]
    fact: Name
    times: Literal["ULN", "LLN"]
    within_days: Days | None = None


class RangeRule(Data):
    """The latest observation lies in the laboratory's own range for a group of people.

    Attributes
    ----------
    kind : {'range'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    group : Name
        To whom the range applies, e.g. `postmenopausal`; the result's own range of that group,
        else the institution's table, else unknown.
    within_days : int or None, days
        How far back from the anchor an observation counts; None: any earlier day.
    """

    kind: Literal["range"]
    fact: Name
    group: Name
    within_days: Days | None = None


class FindingRule(Recorded):
    """The latest coded result is one of those named.

    Attributes
    ----------
    kind : {'finding'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary, of kind `finding`.
    among : tuple of str
        Answers that meet the rule, e.g. `negative`, `1+`.
    within_days : int or None, days
        How far back from the anchor a result counts; None: any earlier day.
    """

    kind: Literal["finding"]
    fact: Name
    among: Annotated[tuple[CodedAnswer, ...], Field(min_length=1)]
    within_days: Days | None = None


class ClearanceRule(Bounded):
    """Creatinine clearance calculated by Cockcroft and Gault's formula lies within bounds.

    In mL/min, not per body surface: (140 - age) x kg x (0.85 for a woman) / (72 x mg/dL), with age
    in completed years at the anchor, actual weight, and 88.42 umol/L to the mg/dL.

    Attributes
    ----------
    kind : {'clearance'}
        Which kind of rule it is.
    creatinine, weight : Name
        Terms of the vocabulary; the latest of each counts.
    within_days : int or None, days
        How far back from the anchor creatinine counts; None: any earlier day.
    """

    kind: Literal["clearance"]
    creatinine: Name
    weight: Name
    within_days: Days | None = None


class QtcfRule(Bounded):
    """The mean of several QTcF of one day lies within bounds, in ms.

    Attributes
    ----------
    kind : {'qtcf'}
        Which kind of rule it is.
    fact : Name
        Term of QTcF as recorded.
    qt, rr : Name
        Terms of QT and RR, from one instant; each pair gives a QTcF where none is recorded.
    of : int
        How many ECGs the mean needs.
    within_days : int or None, days
        How far back from the anchor an ECG counts; None: any earlier day.
    """

    kind: Literal["qtcf"]
    fact: Name
    qt: Name
    rr: Name
    of: Annotated[int, Field(ge=1, le=20)] = 3
    within_days: Days | None = None


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


class ApprovalRule(Data):
    """A role approves what the protocol itself leaves to its approval.

    Met by an approval alone; an approval is no waiver: no other rule becomes met by it.

    Attributes
    ----------
    kind : {'approval'}
        Which kind of rule it is.
    question : Name
        Term of the vocabulary; its words are what is approved.
    by : {'investigator', 'principal-investigator'}
        Role that may approve.
    """

    kind: Literal["approval"]
    question: Name
    by: Role = "principal-investigator"


Leaf = (
    ObservationRule
    | MultipleRule
    | RangeRule
    | FindingRule
    | ClearanceRule
    | QtcfRule
    | ConditionRule
    | StableRule
    | TreatmentRule
    | LinesRule
    | SpecimenRule
    | AgeRule
    | SexRule
    | AttestedRule
    | ApprovalRule
)
"""A rule without rules below it."""
