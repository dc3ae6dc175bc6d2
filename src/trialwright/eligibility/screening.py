"""Screening one participant for one arm: every criterion judged, and what it comes to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context
from trialwright.eligibility.trees import judge
from trialwright.protocol.criteria import Anchor, AttestedRule, Criterion, leaves
from trialwright.protocol.study import Study
from trialwright.terms.verdicts import Answer, Finding, negate


class Overall(StrEnum):
    """What the criteria of an arm come to."""

    ELIGIBLE = "eligible"
    ONCE_APPROVED = "eligible once approved"
    NOT_ELIGIBLE = "not eligible"
    CANNOT_TELL = "cannot tell yet"


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
    """

    criterion: str
    says: str
    finding: Finding
    is_exclusion: bool
    awaits_approval: bool = False

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
    """

    participant: str
    arm: str
    as_of: date
    verdicts: tuple[CriterionVerdict, ...]
    overall: Overall
    because: str

    @property
    def counts(self) -> dict[str, int]:
        """How many criteria are met, not met, unknown and not applicable."""
        return dict(Counter(str(each.finding.answer) for each in self.verdicts))

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts and answers that would decide what is unknown."""
        return tuple(dict.fromkeys(name for each in self.verdicts for name in each.finding.missing))


def verdict(
    criterion: Criterion,
    study: Study,
    casebook: Casebook,
    arm: str,
    as_of: date,
    anchors: Mapping[Anchor, date],
) -> CriterionVerdict:
    """Judge one criterion for one participant and arm.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    study : Study
        Whose vocabulary it speaks.
    casebook : Casebook
        What is known of the participant.
    arm : str
        Arm asked about.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days that are known.

    Returns
    -------
    CriterionVerdict
        Not applicable is decided by the arm before any rule is asked.

    Raises
    ------
    Refusal
        If the study has no such arm.
    """
    study.required_arm(arm)
    finding = _finding(criterion, study, casebook, arm, as_of, anchors)
    return CriterionVerdict(
        criterion.id,
        criterion.says,
        finding,
        criterion.is_exclusion,
        finding.answer is Answer.UNKNOWN and _awaits_approval(criterion, finding),
    )


def screen(
    study: Study,
    casebook: Casebook,
    arm: str,
    as_of: date,
    anchors: Mapping[Anchor, date],
) -> Screening:
    """Judge every criterion of the study for one participant and arm.

    Parameters
    ----------
    study : Study
        The protocol.
    casebook : Casebook
        What is known of the participant.
    arm : str
        Arm asked about.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days that are known.

    Returns
    -------
    Screening
        One failing criterion decides; else one that is unknown leaves it open; else an approval
        the protocol allows may be outstanding.

    Raises
    ------
    Refusal
        If the study has no such arm.
    """
    study.required_arm(arm)
    verdicts = tuple(verdict(each, study, casebook, arm, as_of, anchors) for each in study.criteria)
    overall, deciding = _overall(verdicts)
    named = ", ".join(each.criterion for each in deciding)
    because = f"arm {arm}: {overall}" + (f" ({named})" if named else ": every criterion is met")
    return Screening(casebook.participant, arm, as_of, verdicts, overall, because)


def _finding(
    criterion: Criterion,
    study: Study,
    casebook: Casebook,
    arm: str,
    as_of: date,
    anchors: Mapping[Anchor, date],
) -> Finding:
    """Judge a criterion; the root of an exclusion is negated here and nowhere else."""
    if not criterion.applies_to(arm):
        arms = ", ".join(criterion.arms)
        return Finding(Answer.NOT_APPLICABLE, f"asked for arm {arms} only, not for arm {arm}")
    if criterion.rule is None:
        return Finding(Answer.MET, "a permission: it never restricts")
    context = Context(arm, as_of, anchors, criterion.anchor, study.terms)
    found = judge(criterion.rule, casebook, context)
    if not criterion.is_exclusion:
        return found
    return Finding(negate(found.answer), found.because, found.evidence, found.missing, found.parts)


def _awaits_approval(criterion: Criterion, finding: Finding) -> bool:
    """Say whether all that is missing is the approval that the criterion itself allows."""
    approvals = {
        leaf.question
        for leaf in leaves(criterion.rule)
        if isinstance(leaf, AttestedRule) and leaf.by == criterion.approval
    }
    return bool(finding.missing) and set(finding.missing) <= approvals


def _overall(
    verdicts: tuple[CriterionVerdict, ...],
) -> tuple[Overall, list[CriterionVerdict]]:
    """Give what the verdicts come to, and those that decide it."""
    failing = [each for each in verdicts if each.finding.answer is Answer.NOT_MET]
    if failing:
        return Overall.NOT_ELIGIBLE, failing
    open_ones = [each for each in verdicts if each.finding.answer is Answer.UNKNOWN]
    undecided = [each for each in open_ones if not each.awaits_approval]
    if undecided:
        return Overall.CANNOT_TELL, undecided
    if open_ones:
        return Overall.ONCE_APPROVED, open_ones
    return Overall.ELIGIBLE, []
