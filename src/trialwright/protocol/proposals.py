"""Limits that a reader of free text proposes for a criterion, until people have looked at them.

A proposal is data in a protocol file: what was read, from which words, how surely, and what became
of it. A protocol with a proposal that nobody reviewed cannot be run (`unreviewed`).
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Name, Number, Text

Confidence = Literal["high", "medium"]
"""`high`: every part stands in the words, side by side. `medium`: a part was taken from elsewhere
in the same sentence, e.g. the comparator of the limit before or a shared unit. What is less sure is
not proposed."""

Standing = Literal["proposed", "accepted", "edited", "attested"]
"""Not yet reviewed; taken as it is; taken with changes; left to a person's answer."""

Multiple = Literal["ULN", "LLN", "baseline"]
"""What a number counts: the laboratory's own upper or lower limit of normal, or the baseline."""


class Review(Data):
    """Who decided about a proposal.

    Attributes
    ----------
    by : str
        Account or initials; never a participant.
    on : str
        Day of the decision, year-month-day.
    """

    by: Annotated[str, Field(min_length=1, max_length=60)]
    on: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Proposed(Data):
    """What every proposal carries.

    Attributes
    ----------
    words : str
        The words it was read from, as they stand in the criterion's `source_text`.
    start, end : int, characters
        Where they stand in `source_text`, counted from 0; `end` itself excluded.
    confidence : {'high', 'medium'}
        How surely it was read.
    because : str
        What was taken from elsewhere in the sentence; empty for `high`.
    arms : tuple of str
        Arms the words name; empty: every arm.
    standing : {'proposed', 'accepted', 'edited', 'attested'}
        What became of it.
    review : Review or None
        Who decided; None while it is `proposed`.
    """

    words: Text
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    confidence: Confidence
    because: str = ""
    arms: tuple[Annotated[str, Field(pattern=r"^[A-Z]$")], ...] = ()
    standing: Standing = "proposed"
    review: Review | None = None

    @model_validator(mode="after")
    def _reviewed_by_somebody(self) -> Self:
        """Refuse a decision that nobody made, and a reviewer of what is not decided."""
        if (self.standing == "proposed") != (self.review is None):
            raise ValueError("is reviewed by nobody, or reviewed and still proposed: review it")
        return self


class Bounds(Proposed):
    """A proposal that bounds a number.

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
    def _bounded(self) -> Self:
        """Refuse no bound, and two bounds on one side."""
        low = (self.at_least is not None) + (self.above is not None)
        high = (self.at_most is not None) + (self.below is not None)
        if low > 1 or high > 1 or low + high == 0:
            raise ValueError("has no bound, or two on one side: one lower, one upper, or both")
        return self


class LimitProposal(Bounds):
    """A limit on a laboratory value, vital sign, ECG interval or body measure.

    Attributes
    ----------
    kind : {'limit'}
        Which kind of proposal it is.
    fact : Name
        What is measured, e.g. `platelets`.
    unit : str
        UCUM unit of the bounds; empty for a multiple, and where the words give none.
    times : {'ULN', 'LLN', 'baseline'} or None
        What the bounds multiply; None: they are the value itself.
    given : str
        Circumstance under which this limit holds instead of another, in the record's words, e.g.
        `liver metastases`; empty: always.
    """

    kind: Literal["limit"]
    fact: Name
    unit: Annotated[str, Field(max_length=40)] = ""
    times: Multiple | None = None
    given: Annotated[str, Field(max_length=300)] = ""


class AgeProposal(Bounds):
    """A limit on age.

    Attributes
    ----------
    kind : {'age'}
        Which kind of proposal it is.
    unit : {'years', 'months'}
        Of the bounds, completed ones.
    """

    kind: Literal["age"]
    unit: Literal["years", "months"] = "years"


class SexProposal(Proposed):
    """Whose sex may enter.

    Attributes
    ----------
    kind : {'sex'}
        Which kind of proposal it is.
    expect : {'female', 'male', 'all'}
        As the words say.
    """

    kind: Literal["sex"]
    expect: Literal["female", "male", "all"]


class PerformanceProposal(Bounds):
    """A limit on performance status.

    Attributes
    ----------
    kind : {'performance'}
        Which kind of proposal it is.
    scale : {'ECOG', 'Karnofsky', 'Zubrod', 'WHO', 'Lansky'}
        Zubrod and WHO count as ECOG does.
    """

    kind: Literal["performance"]
    scale: Literal["ECOG", "Karnofsky", "Zubrod", "WHO", "Lansky"]


class LifeExpectancyProposal(Bounds):
    """A limit on life expectancy.

    Attributes
    ----------
    kind : {'life-expectancy'}
        Which kind of proposal it is.
    unit : {'days', 'weeks', 'months', 'years'}
        Of the bounds.
    """

    kind: Literal["life-expectancy"]
    unit: Literal["days", "weeks", "months", "years"]


class WashOutProposal(Bounds):
    """A time between an earlier treatment, procedure or event and the study.

    The bounds are as the words state them: `within 4 weeks` is `below: 4`, `at least 4 weeks since`
    is `at_least: 4`.

    Attributes
    ----------
    kind : {'wash-out'}
        Which kind of proposal it is.
    what : str
        The treatment or event, in the record's words; empty where it could not be cut out.
    unit : {'hours', 'days', 'weeks', 'months', 'years', 'half-lives'}
        Of the bounds.
    before : str
        The day from which it counts back, in the record's words, e.g. `registration`; empty if not
        stated.
    whichever : {'longer', 'shorter'} or None
        How it combines with the other wash-out of the same words.
    """

    kind: Literal["wash-out"]
    what: Annotated[str, Field(max_length=300)] = ""
    unit: Literal["hours", "days", "weeks", "months", "years", "half-lives"]
    before: Annotated[str, Field(max_length=200)] = ""
    whichever: Literal["longer", "shorter"] | None = None


class PriorLinesProposal(Bounds):
    """A limit on the number of prior therapies.

    Attributes
    ----------
    kind : {'prior-lines'}
        Which kind of proposal it is.
    what : str
        What is counted, in the record's words.
    """

    kind: Literal["prior-lines"]
    what: Annotated[str, Field(max_length=300)] = ""


Proposal = Annotated[
    LimitProposal
    | AgeProposal
    | SexProposal
    | PerformanceProposal
    | LifeExpectancyProposal
    | WashOutProposal
    | PriorLinesProposal,
    Field(discriminator="kind"),
]
"""One limit read from free text."""
