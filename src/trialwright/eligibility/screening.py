"""Screening one participant for one arm: every criterion judged, and what it comes to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.eligibility.trees import judge, negated
from trialwright.protocol.criteria import Anchor, Criterion, leaves
from trialwright.protocol.leaf_rules import ApprovalRule
from trialwright.protocol.study import Study
from trialwright.terms.verdicts import Answer, Finding


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
    days = _Days(arm, as_of, anchors, laboratory)
    finding = _finding(criterion, study, casebook, days)
    return _verdict(criterion, finding)


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
        One failing criterion decides; else one that is unknown leaves it open; else an approval
        the protocol allows may be outstanding.

    Raises
    ------
    Refusal
        If the study has no such arm.
    """
    study.required_arm(arm)
    judged = _all(study, casebook, _Days(arm, as_of, anchors, laboratory), {})
    return _rolled_up(casebook.participant, arm, as_of, judged)


def screen_arms(
    study: Study,
    casebook: Casebook,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> tuple[Screening, ...]:
    """Judge every criterion of the study for one participant and each arm.

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
    tuple of Screening
        In the order of the arms; a criterion of every arm is judged once.
    """
    shared: dict[str, CriterionVerdict] = {}
    return tuple(
        _rolled_up(
            casebook.participant,
            arm.id,
            as_of,
            _all(study, casebook, _Days(arm.id, as_of, anchors, laboratory), shared),
        )
        for arm in study.arms
    )


@dataclass(frozen=True, slots=True)
class _Days:
    """For which arm and days a participant is judged."""

    arm: str
    as_of: date
    anchors: Mapping[Anchor, date]
    laboratory: tuple[LaboratoryRange, ...]


def _all(
    study: Study, casebook: Casebook, days: _Days, shared: dict[str, CriterionVerdict]
) -> tuple[CriterionVerdict, ...]:
    """Judge every criterion; what holds for every arm is taken from, or kept in, `shared`."""
    judged = []
    for each in study.criteria:
        known = shared.get(each.id)
        if known is None:
            known = _verdict(each, _finding(each, study, casebook, days))
            if not each.arms:
                shared[each.id] = known
        judged.append(known)
    return tuple(judged)


def _verdict(criterion: Criterion, finding: Finding) -> CriterionVerdict:
    """Give the verdict of a finding."""
    awaits = finding.answer is Answer.UNKNOWN and _awaits_approval(criterion, finding)
    return CriterionVerdict(criterion.id, criterion.says, finding, criterion.is_exclusion, awaits)


def _rolled_up(
    participant: str, arm: str, as_of: date, verdicts: tuple[CriterionVerdict, ...]
) -> Screening:
    """Say what the verdicts of an arm come to."""
    overall, deciding = _overall(verdicts)
    named = ", ".join(each.criterion for each in deciding)
    because = f"arm {arm}: {overall}" + (f" ({named})" if named else ": every criterion is met")
    return Screening(participant, arm, as_of, verdicts, overall, because)


def sentence(screenings: tuple[Screening, ...]) -> str:
    """Say for which arms a participant is eligible, and what stands in the way of the others.

    Parameters
    ----------
    screenings : tuple of Screening
        One for each arm.

    Returns
    -------
    str
        E.g. `Eligible for arms A and B. Not eligible for arm C (E13).`
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for each in screenings:
        _, deciding = _overall(each.verdicts)
        named = ", ".join(verdict.criterion for verdict in deciding)
        groups.setdefault((str(each.overall), named), []).append(each.arm)
    said = []
    for (overall, named), arms in groups.items():
        listed = f"arm{'s' if len(arms) > 1 else ''} {_listed(arms)}"
        said.append(f"{overall.capitalize()} for {listed}{f' ({named})' if named else ''}.")
    return " ".join(said)


def _listed(names: list[str]) -> str:
    """Say names as people do: `A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _finding(criterion: Criterion, study: Study, casebook: Casebook, days: _Days) -> Finding:
    """Judge a criterion; the root of an exclusion is negated here and nowhere else."""
    if not criterion.applies_to(days.arm):
        arms = ", ".join(criterion.arms)
        return Finding(Answer.NOT_APPLICABLE, f"asked for arm {arms} only, not for arm {days.arm}")
    if criterion.sex and casebook.sex and casebook.sex != criterion.sex:
        because = f"asked of a {criterion.sex} participant only; recorded sex {casebook.sex}"
        return Finding(Answer.NOT_APPLICABLE, because)
    if criterion.rule is None:
        return Finding(Answer.MET, "a permission: it never restricts")
    context = Context(
        days.arm,
        days.as_of,
        days.anchors,
        criterion.anchor,
        study.terms,
        study.medicines,
        study.completeness or "",
        days.laboratory,
    )
    found = judge(criterion.rule, casebook, context)
    return negated(found) if criterion.is_exclusion else found


def _awaits_approval(criterion: Criterion, finding: Finding) -> bool:
    """Say whether all that is missing is the approval that the criterion itself allows."""
    approvals = {
        leaf.question
        for leaf in leaves(criterion.rule)
        if isinstance(leaf, ApprovalRule)
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
