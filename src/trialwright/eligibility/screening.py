"""Screening one participant: every criterion judged, for one arm or for all of them.

No function takes a waiver: nothing but facts, answers and the approvals that a criterion itself
asks for can make it met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.eligibility.overall import (
    CriterionVerdict,
    Overall,
    Screening,
    ScreeningOfArms,
    of_the_dead,
    reason,
    roll_up,
    sentence,
)
from trialwright.eligibility.todo import Needed, Open, needed, open_of
from trialwright.eligibility.trees import judge, negated
from trialwright.protocol.criteria import Anchor, Criterion, leaves
from trialwright.protocol.leaf_rules import ApprovalRule, Leaf
from trialwright.protocol.schedule import Obligation
from trialwright.protocol.study import Study
from trialwright.terms.verdicts import Answer, Finding

__all__ = [
    "CriterionVerdict",
    "Overall",
    "Screening",
    "ScreeningOfArms",
    "screen",
    "screen_arms",
    "verdict",
]


def verdict(
    criterion: Criterion,
    study: Study,
    casebook: Casebook,
    arm: str,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
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
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges, for results that carry none.

    Returns
    -------
    CriterionVerdict
        Not applicable is decided by arm and sex before any rule is asked.

    Raises
    ------
    Refusal
        If the study has no such arm.
    """
    study.required_arm(arm)
    return _Asked(study, casebook, as_of, anchors, laboratory).judged(criterion, arm).verdict


def screen(
    study: Study,
    casebook: Casebook,
    arm: str,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
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
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges, for results that carry none.

    Returns
    -------
    Screening
        A death on record decides; else one failing criterion; else one that is unknown leaves it
        open; else an approval the protocol allows may be outstanding.

    Raises
    ------
    Refusal
        If the study has no such arm.
    """
    study.required_arm(arm)
    asked = _Asked(study, casebook, as_of, anchors, laboratory)
    return asked.screening(arm, [asked.judged(each, arm) for each in study.criteria])


def screen_arms(
    study: Study,
    casebook: Casebook,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> ScreeningOfArms:
    """Judge every criterion of the study for one participant and every arm.

    Parameters
    ----------
    study : Study
        The protocol.
    casebook : Casebook
        What is known of the participant.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days that are known.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges, for results that carry none.

    Returns
    -------
    ScreeningOfArms
        One screening for each arm, as `screen` gives it, and one sentence that names them all.
    """
    asked = _Asked(study, casebook, as_of, anchors, laboratory)
    arms = [each.id for each in study.arms]
    by_arm: dict[str, list[_Judged]] = {arm: [] for arm in arms}
    for criterion in study.criteria:
        alike: _Judged | None = None
        for arm in arms:
            if criterion.applies_to(arm):
                alike = alike or asked.judged(criterion, arm)
                by_arm[arm].append(alike)
            else:
                by_arm[arm].append(asked.judged(criterion, arm))
    screenings = tuple(asked.screening(arm, judged) for arm, judged in by_arm.items())
    still_open = {
        each.still_open.criterion: each.still_open
        for screening in screenings
        if screening.overall is not Overall.NOT_ELIGIBLE
        for each in by_arm[screening.arm]
        if each.still_open
    }
    in_order = tuple(still_open[each.id] for each in study.criteria if each.id in still_open)
    return ScreeningOfArms(
        casebook.participant, as_of, screenings, sentence(screenings), asked.needed(in_order)
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """The verdict on a criterion, and what is missing while it is unknown."""

    verdict: CriterionVerdict
    still_open: Open | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is judged by what, as of which day."""

    study: Study
    casebook: Casebook
    as_of: date
    anchors: Mapping[Anchor, date]
    laboratory: tuple[LaboratoryRange, ...]
    listed: dict[tuple[Open, ...], tuple[Needed, ...]] = field(default_factory=dict)

    def needed(self, still_open: tuple[Open, ...]) -> tuple[Needed, ...]:
        """List what is missing; arms that leave the same open share one list."""
        if still_open not in self.listed:
            self.listed[still_open] = needed(still_open, self.study)
        return self.listed[still_open]

    def judged(self, criterion: Criterion, arm: str) -> _Judged:
        """Judge one criterion for an arm of the study."""
        found = self._finding(criterion, arm)
        still_open, awaits = None, False
        if found.answer is Answer.UNKNOWN:
            below = leaves(criterion.rule)
            still_open = open_of(criterion, below, found, self.study, self.casebook, self.as_of)
            awaits = _awaits_approval(below, found)
        verdict = CriterionVerdict(
            criterion.id,
            criterion.says,
            found,
            criterion.is_exclusion,
            awaits,
            () if found.answer is Answer.NOT_APPLICABLE else _duties(criterion, self.study),
        )
        return _Judged(verdict, still_open)

    def _finding(self, criterion: Criterion, arm: str) -> Finding:
        """Judge a criterion; the root of an exclusion is negated here and nowhere else."""
        if not criterion.applies_to(arm):
            arms = ", ".join(criterion.arms)
            return Finding(Answer.NOT_APPLICABLE, f"asked for arm {arms} only, not for arm {arm}")
        recorded = self.casebook.sex
        if criterion.sex is not None and recorded is not None and recorded != criterion.sex:
            because = f"asked of {criterion.sex} participants only; recorded sex {recorded}"
            return Finding(Answer.NOT_APPLICABLE, because)
        if criterion.rule is None:
            return Finding(Answer.MET, "a permission: it never restricts")
        context = Context(
            arm,
            self.as_of,
            self.anchors,
            criterion.anchor,
            self.study.terms,
            self.study.medicines,
            self.study.completeness or "",
            self.laboratory,
        )
        found = judge(criterion.rule, self.casebook, context)
        return negated(found) if criterion.is_exclusion else found

    def screening(self, arm: str, judged: Sequence[_Judged]) -> Screening:
        """Say what the verdicts of an arm come to."""
        verdicts = tuple(each.verdict for each in judged)
        overall, died = roll_up(verdicts)[0], self.casebook.died
        if died is not None and died.on_or_before(self.as_of) is Answer.NOT_MET:
            died = None  # not yet
        if died is not None:
            overall = of_the_dead(overall, died, self.as_of)
        listed = self.needed(tuple(each.still_open for each in judged if each.still_open))
        who = self.casebook.participant
        told = Screening(who, arm, self.as_of, verdicts, overall, "", listed, died)
        named = reason(told)
        because = f"arm {arm}: {overall}" + (f" ({named})" if named else ": every criterion is met")
        return replace(told, because=because)


def _awaits_approval(below: Sequence[Leaf], found: Finding) -> bool:
    """Say whether all that is missing are approvals that the criterion itself asks for."""
    approvals = {leaf.question for leaf in below if isinstance(leaf, ApprovalRule)}
    return bool(found.missing) and approvals.issuperset(found.missing)


def _duties(criterion: Criterion, study: Study) -> tuple[str, ...]:
    """Say the duties that follow from a criterion."""
    return tuple(_duty(each) for each in study.obligations if each.criterion == criterion.id)


def _duty(obligation: Obligation) -> str:
    """Say a duty, and from when until when it is one."""
    weeks = obligation.weeks_after_last_dose
    until = f" until {weeks} weeks after the last dose" if weeks else ""
    return f"{obligation.says}, from {obligation.starts.replace('_', ' ')}{until}"
