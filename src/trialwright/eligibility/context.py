"""What a rule is judged against: the arm, the named days, and the protocol's vocabulary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from trialwright.protocol.criteria import Anchor
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.verdicts import Answer, Finding


@dataclass(frozen=True, slots=True)
class LaboratoryRange:
    """A line of an institution's table of reference ranges, for results that carry none.

    Attributes
    ----------
    term : str
        Name in the protocol's vocabulary.
    low, high : Decimal or None
        Ends of the range, included; None: open.
    unit : str
        UCUM unit of the ends.
    group : str
        To whom it applies, e.g. `postmenopausal`; empty: to everybody.
    source : str
        The table and its line.
    """

    term: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    group: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of a judgement.

    Attributes
    ----------
    arm : str
        Arm that is asked about.
    as_of : date
        Facts and answers of later days do not count.
    anchors : mapping of Anchor to date
        Known days: consent, screening, registration, first dose (planned while it lies ahead).
    anchor : Anchor
        The day the criterion in hand looks back from.
    terms : mapping of str to Term
        The protocol's vocabulary.
    medicines : mapping of str to Medicine
        Members of the sets of medicines.
    completeness : str
        Question by which a person says that the record is complete; empty: nobody is asked.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    """

    arm: str
    as_of: date
    anchors: Mapping[Anchor, date]
    anchor: Anchor
    terms: Mapping[str, Term]
    medicines: Mapping[str, Medicine] = field(default_factory=dict)
    completeness: str = ""
    laboratory: tuple[LaboratoryRange, ...] = ()

    @property
    def anchored_on(self) -> date | None:
        """The anchor's day, or None when it is not known."""
        return self.anchors.get(self.anchor)

    @property
    def day(self) -> date:
        """The day judged: the anchor's, or `as_of` while the anchor lies ahead or is not known.

        Asked again later, a criterion of registration is not decided by what was measured or
        began under treatment. What a person answers counts up to `as_of`, for the answer is about
        the anchor, and may be given after it.
        """
        return min(self.as_of, self.anchored_on or self.as_of)


def unknown(because: str, *missing: str) -> Finding:
    """Give an unknown answer with what would decide it.

    Parameters
    ----------
    because : str
        The reason.
    *missing : str
        Facts that would decide it.

    Returns
    -------
    Finding
        Answered `unknown`.
    """
    return Finding(Answer.UNKNOWN, because, missing=missing)


Notes = Iterator[tuple[str, str, str]]
"""Design-time faults of a rule: what was found, what is allowed, what to do."""
