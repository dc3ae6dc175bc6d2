"""What the verdicts on all criteria come to: for one arm, and for all arms in one sentence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialwright.eligibility.todo import Needed
from trialwright.terms.dates import PartialDate
from trialwright.terms.verdicts import Answer, Finding


class Overall(StrEnum):
    """What the criteria of an arm come to."""

    ELIGIBLE = "eligible"
    ONCE_APPROVED = "eligible once approved"
    NOT_ELIGIBLE = "not eligible"
    CANNOT_TELL = "cannot tell yet"


OPEN = frozenset({Overall.ELIGIBLE, Overall.ONCE_APPROVED})
"""What lets a participant in, at once or after an approval."""


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict on one criterion.

    Attributes
    ----------
    criterion : str
        Its id.
    says : str
        What it asks.
    finding : Finding
        Met when the criterion lets the participant in: an exclusion is negated here, once.
    is_exclusion : bool
        Whether the criterion is an exclusion.
    awaits_approval : bool
        Whether only an approval that the protocol itself allows is missing.
    duties : tuple of str
        What follows from the criterion while on study, in words.
    """

    criterion: str
    says: str
    finding: Finding
    is_exclusion: bool
    awaits_approval: bool = False
    duties: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in the words of its list: an exclusion is `present` or `absent`."""
        if not self.is_exclusion:
            return str(self.finding.answer)
        words = {Answer.MET: "absent", Answer.NOT_MET: "present"}
        return words.get(self.finding.answer, str(self.finding.answer))


@dataclass(frozen=True, slots=True)
class Screening:
    """All criteria judged for one arm.

    Attributes
    ----------
    participant, arm : str
        Who, for which arm.
    as_of : date
        Facts of later days did not count.
    verdicts : tuple of CriterionVerdict
        In the order of the protocol.
    overall : Overall
        What they come to.
    because : str
        The sentence that names what decides it.
    deciding : tuple of Needed
        What would decide the criteria that are unknown, cheapest first.
    died : PartialDate or None
        Day of death on record, unless it certainly lies after `as_of`: it decides before any
        criterion.
    """

    participant: str
    arm: str
    as_of: date
    verdicts: tuple[CriterionVerdict, ...]
    overall: Overall
    because: str
    deciding: tuple[Needed, ...] = ()
    died: PartialDate | None = None

    @property
    def failing(self) -> tuple[CriterionVerdict, ...]:
        """Criteria that are not met: each alone keeps the participant out."""
        return tuple(each for each in self.verdicts if each.finding.answer is Answer.NOT_MET)

    @property
    def counts(self) -> dict[str, int]:
        """How many criteria are met, not met, unknown and not applicable."""
        return dict(Counter(str(each.finding.answer) for each in self.verdicts))

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the facts and answers that would decide what is unknown, cheapest first."""
        return tuple(dict.fromkeys(each.name for each in self.deciding))


@dataclass(frozen=True, slots=True)
class ScreeningOfArms:
    """All criteria judged for every arm of the study.

    Attributes
    ----------
    participant : str
        Who.
    as_of : date
        Facts of later days did not count.
    screenings : tuple of Screening
        One for each arm, in the order of the protocol.
    because : str
        One sentence that names every arm, e.g. `Eligible for arms A and B; not eligible for arm C
        (E13).`
    deciding : tuple of Needed
        What would decide the arms that no criterion has closed, cheapest first.
    """

    participant: str
    as_of: date
    screenings: tuple[Screening, ...]
    because: str
    deciding: tuple[Needed, ...] = ()

    @property
    def open_arms(self) -> tuple[str, ...]:
        """Arms that the participant is eligible for, at once or once approved."""
        return tuple(each.arm for each in self.screenings if each.overall in OPEN)


def roll_up(
    verdicts: Sequence[CriterionVerdict],
) -> tuple[Overall, tuple[CriterionVerdict, ...]]:
    """Say what the verdicts on the criteria of an arm come to.

    Parameters
    ----------
    verdicts : sequence of CriterionVerdict
        All of them.

    Returns
    -------
    overall : Overall
        One criterion that is not met decides; else one that is unknown leaves it open; else an
        approval that the protocol allows may be outstanding.
    deciding : tuple of CriterionVerdict
        Those that decide it; none when every criterion is met.
    """
    failing = tuple(each for each in verdicts if each.finding.answer is Answer.NOT_MET)
    if failing:
        return Overall.NOT_ELIGIBLE, failing
    unknown = tuple(each for each in verdicts if each.finding.answer is Answer.UNKNOWN)
    undecided = tuple(each for each in unknown if not each.awaits_approval)
    if undecided:
        return Overall.CANNOT_TELL, undecided
    return (Overall.ONCE_APPROVED if unknown else Overall.ELIGIBLE), unknown


def of_the_dead(overall: Overall, died: PartialDate, as_of: date) -> Overall:
    """Say what an arm comes to for somebody of whom a death is on record.

    Parameters
    ----------
    overall : Overall
        What the criteria come to.
    died : PartialDate
        Day of death as known.
    as_of : date
        The day judged.

    Returns
    -------
    Overall
        Not eligible from the day of death on; nobody can tell while that may lie after the day
        judged, unless a criterion keeps the participant out anyway.
    """
    if died.on_or_before(as_of) is Answer.MET:
        return Overall.NOT_ELIGIBLE
    return overall if overall is Overall.NOT_ELIGIBLE else Overall.CANNOT_TELL


def reason(screening: Screening) -> str:
    """Name what decides an arm.

    Parameters
    ----------
    screening : Screening
        All criteria judged for it.

    Returns
    -------
    str
        Ids of criteria, or the death on record; empty when every criterion is met.
    """
    if screening.died is not None:
        return f"death on record: {screening.died}"
    return ", ".join(each.criterion for each in roll_up(screening.verdicts)[1])


def sentence(screenings: Sequence[Screening]) -> str:
    """Say in one sentence for which arms a participant is eligible, and what decides it.

    Parameters
    ----------
    screenings : sequence of Screening
        One for each arm.

    Returns
    -------
    str
        E.g. `Eligible for arms A and B; not eligible for arm C (E13).`
    """
    groups: dict[tuple[Overall, str], list[str]] = {}
    for each in screenings:
        groups.setdefault((each.overall, reason(each)), []).append(each.arm)
    told = [
        f"{overall} for {_arms(arms)}" + (f" ({named})" if named else "")
        for (overall, named), arms in groups.items()
    ]
    whole = "; ".join(told)
    return f"{whole[:1].upper()}{whole[1:]}."


def _arms(arms: Sequence[str]) -> str:
    """Name arms as people do: `arm A`, `arms A, B and C`."""
    *first, last = arms
    return f"arms {', '.join(first)} and {last}" if first else f"arm {last}"
