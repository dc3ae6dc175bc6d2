"""Rules without rules below them, as data: what a criterion can ask of facts and of people.

A kind of rule is data here, judged, said and checked in `eligibility` and compiled in `warehouse`
under the same name. An exclusion is met when what it describes is present.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number

Role = Literal["investigator", "principal-investigator"]
"""Who may answer for a medical judgement."""

Silence = Literal["unknown", "absent", "absent-if-complete"]
"""What it means that nothing is recorded: nothing; absence, where the protocol itself asks for a
record (a *known* ejection fraction); or absence if the record is known to be complete over the
look-back, by an attestation or by an observation period of the source."""

Days = Annotated[int, Field(ge=0, le=3650)]
"""Whole days."""

LookBack = Annotated[int, Field(ge=1, le=36500)]
"""Days before the anchor over which a record must be complete."""

StopReason = Literal["progression", "toxicity", "completed", "refused", "other"]
"""Why a treatment ended."""

CodedAnswer = Annotated[str, Field(min_length=1, max_length=40)]
"""What a coded result says, e.g. `negative`."""

Intent = Literal["metastatic", "adjuvant", "neoadjuvant"]
"""For which setting a treatment was given; metastatic holds palliative intent too."""


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


class Recorded(Data):
    """A rule that says what silence in the record means.

    Attributes
    ----------
    not_recorded : {'unknown', 'absent', 'absent-if-complete'}
        What it means that nothing is recorded; `absent` only where the protocol says so.
    look_back_days : int or None, days
        For `absent-if-complete`: over how many days before the anchor the record must be complete.
    """

    not_recorded: Silence = "unknown"
    look_back_days: LookBack | None = None

    @model_validator(mode="after")
    def _look_back_where_needed(self) -> Self:
        """Refuse completeness without its span, and a span without completeness."""
        if (self.not_recorded == "absent-if-complete") != (self.look_back_days is not None):
            raise ValueError("has no use for one alone: absent-if-complete and look_back_days")
        return self


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
    among: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...], Field(min_length=1)
    ]
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


class ConditionRule(Recorded):
    """A condition is present, or is recorded as absent.

    Attributes
    ----------
    kind : {'condition'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary.
    expect : {'present', 'absent'}
        What meets the rule.
    when : {'now', 'ever', 'within'}
        Present at the day judged; at any time up to it; or at some time of the last `within_days`.
    within_days : int or None, days
        For `within`: how far back from the anchor.
    """

    kind: Literal["condition"]
    fact: Name
    expect: Literal["present", "absent"]
    when: Literal["now", "ever", "within"] = "now"
    within_days: Days | None = None

    @model_validator(mode="after")
    def _span_where_needed(self) -> Self:
        """Refuse a span without its use, and its use without a span."""
        if (self.when == "within") != (self.within_days is not None):
            raise ValueError("has no use for one alone: when within, and within_days")
        return self


class StableRule(Data):
    """A condition has been stable or decreasing for some time.

    Met when it was found stable or better at least `for_days` before the anchor and has not been
    found worse from then on; not met when the newest finding is worse.

    Attributes
    ----------
    kind : {'stable'}
        Which kind of rule it is.
    fact : Name
        Term of the condition.
    status : Name
        Term of the findings, which say of which condition they speak.
    for_days : int, days
        How long.
    """

    kind: Literal["stable"]
    fact: Name
    status: Name
    for_days: Days


class TreatmentRule(Recorded):
    """One of a set of medicines or treatments was given.

    Counted from the last dose. Open-ended treatment goes on if it is recorded as going on, and is
    undecided otherwise. What is applied locally does not count.

    Attributes
    ----------
    kind : {'treatment'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary, of kind `treatment`: the set.
    when : {'ever', 'now', 'within', 'started-within'}
        At any time; going on at the day judged; last dose within the time before the anchor;
        going on with its dose begun or changed within that time.
    days : int or None, days
        The time, for `within` and `started-within`.
    half_lives : Number or None
        For `within`: so many half-lives of the medicine, if longer than `days`. A half-life that
        is not known decides nothing.
    stopped_for : tuple of StopReason
        Only treatment that ended for one of these counts; empty: any.
    """

    kind: Literal["treatment"]
    fact: Name
    when: Literal["ever", "now", "within", "started-within"]
    days: Days | None = None
    half_lives: Number | None = None
    stopped_for: tuple[StopReason, ...] = ()

    @model_validator(mode="after")
    def _time_where_needed(self) -> Self:
        """Refuse a time without its use, and its use without a time."""
        if (self.when in ("within", "started-within")) != (self.days is not None):
            raise ValueError("has no use for one alone: when within or started-within, and days")
        if self.half_lives is not None and self.when != "within":
            raise ValueError("counts half-lives of no wash-out: when within")
        return self


class LinesRule(Bounded):
    """The number of earlier lines of therapy lies within bounds.

    Treatments of the set whose starts lie at most 28 days apart, from one to the next, are one
    line. A line counts if a treatment of it counts; what is not known of a treatment makes the
    number an interval.

    Attributes
    ----------
    kind : {'lines'}
        Which kind of rule it is.
    fact : Name
        Term of the set.
    intents : tuple of Intent
        Settings that count.
    stopped_for : tuple of StopReason
        Only treatment that ended for one of these counts; empty: any.
    least_days : int, days
        Shorter treatment does not count.
    relapse : Name or None
        Term of the condition whose beginning during, or within `relapse_days` after the last dose
        of, (neo)adjuvant treatment of the set `relapse_after` counts as one line.
    relapse_after : Name or None
        Term of that set.
    relapse_days : int or None, days
        How long after.
    """

    kind: Literal["lines"]
    fact: Name
    intents: tuple[Intent, ...] = ("metastatic",)
    stopped_for: tuple[StopReason, ...] = ()
    least_days: Days = 0
    relapse: Name | None = None
    relapse_after: Name | None = None
    relapse_days: Days | None = None

    @model_validator(mode="after")
    def _relapse_whole(self) -> Self:
        """Refuse a part of the rule on relapse."""
        if len({self.relapse is None, self.relapse_after is None, self.relapse_days is None}) > 1:
            raise ValueError("has a part alone: relapse, relapse_after and relapse_days")
        return self


class SpecimenForm(Data):
    """A form in which a specimen suffices.

    Attributes
    ----------
    form : {'block', 'slides', 'biopsy'}
        Paraffin block, unstained slides, or a biopsy taken before treatment.
    at_least : int
        How many.
    thickness_um : Number or None, um
        Of slides; None: any.
    """

    form: Literal["block", "slides", "biopsy"]
    at_least: Annotated[int, Field(ge=1, le=1000)] = 1
    thickness_um: Number | None = None


class SpecimenRule(Data):
    """A specimen is adequate, in one of the forms accepted.

    Attributes
    ----------
    kind : {'specimen'}
        Which kind of rule it is.
    fact : Name
        Term of the vocabulary, of kind `specimen`.
    accepts : tuple of SpecimenForm
        Any of them suffices.
    """

    kind: Literal["specimen"]
    fact: Name
    accepts: Annotated[tuple[SpecimenForm, ...], Field(min_length=1)]


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
