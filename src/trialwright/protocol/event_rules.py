"""Rules on conditions, treatments and specimens, as data: what happened to a participant, and when.

A kind of rule is data here, judged, said and checked in `eligibility` and compiled in `warehouse`
under the same name. An exclusion is met when what it describes is present.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number
from trialwright.protocol.rule_parts import Bounded, Days, Intent, Recorded, StopReason

REFILL_GAP_DAYS = 30
"""Days without a medicine between two supplies that OMOP's eras of exposure pass over."""


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
    lasting : bool
        For `within`: an episode may have lasted into those days, so that one which goes on, or
        ended on a day that nobody recorded, is undecided. Else it is dated by its onset.
    """

    kind: Literal["condition"]
    fact: Name
    expect: Literal["present", "absent"]
    when: Literal["now", "ever", "within"] = "now"
    within_days: Days | None = None
    lasting: bool = False

    @model_validator(mode="after")
    def _span_where_needed(self) -> Self:
        """Refuse a span without its use, and its use without a span."""
        if (self.when == "within") != (self.within_days is not None):
            raise ValueError("has no use for one alone: when within, and within_days")
        if self.lasting and self.when != "within":
            raise ValueError("lasts into no days: when within")
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
    refill_gap_days : int, days
        For `started-within`: a record that begins at most so many days after the last dose of
        another one of the same medicine may go on from it, as one supply follows another; if
        nothing is said of its dose, it is unknown whether that changed. Unless said otherwise 30,
        over which OMOP joins exposures to one era.
    stopped_for : tuple of StopReason
        Only treatment that ended for one of these counts; empty: any.
    """

    kind: Literal["treatment"]
    fact: Name
    when: Literal["ever", "now", "within", "started-within"]
    days: Days | None = None
    half_lives: Number | None = None
    refill_gap_days: Days = REFILL_GAP_DAYS
    stopped_for: tuple[StopReason, ...] = ()

    @model_validator(mode="after")
    def _time_where_needed(self) -> Self:
        """Refuse a time without its use, and its use without a time."""
        if (self.when in ("within", "started-within")) != (self.days is not None):
            raise ValueError("has no use for one alone: when within or started-within, and days")
        if self.half_lives is not None and self.when != "within":
            raise ValueError("counts half-lives of no wash-out: when within")
        if self.refill_gap_days != REFILL_GAP_DAYS and self.when != "started-within":
            raise ValueError("has a gap between supplies that nothing asks for: started-within")
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
