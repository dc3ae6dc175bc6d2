"""What in a draft does not fit together, for people to look at; nothing is decided here."""

from collections.abc import Iterator

from trialwright.registry.draft import Draft
from trialwright.registry.spans import Remark


def doubts(draft: Draft) -> tuple[Remark, ...]:
    """Find what a record says in two ways, or says and does not give.

    Parameters
    ----------
    draft : Draft
        As read.

    Returns
    -------
    tuple of Remark
        Empty when everything fits.
    """
    return (*_phase(draft), *_arms(draft), *_objectives(draft), *_lists(draft))


def _phase(draft: Draft) -> Iterator[Remark]:
    """Compare the phase of its own line with the phase that the summary names."""
    if draft.phase and draft.phase_in_summary and draft.phase != draft.phase_in_summary:
        yield Remark(
            0,
            f"The phase line says phase {draft.phase}, the summary phase {draft.phase_in_summary}.",
        )


def _arms(draft: Draft) -> Iterator[Remark]:
    """Compare the arms with what the outline says of them, and their cycles with each other."""
    if draft.arms_stated is not None and draft.arms_stated != len(draft.arms):
        yield Remark(
            0, f"The outline says {draft.arms_stated} arms, and {len(draft.arms)} were read."
        )
    for arm in draft.arms:
        given = {agent for line in arm.dosing for agent in line.choices}
        if draft.escalated_agent and draft.escalated_agent not in given and not arm.kept:
            yield Remark(
                arm.line,
                f"The outline says that the dose of {draft.escalated_agent} is escalated, and arm"
                f" {arm.label} does not give it.",
            )
        if arm.cycle_days is None:
            yield Remark(arm.line, f"The length of a cycle is not understood for arm {arm.label}.")
    lengths = sorted({arm.cycle_days for arm in draft.arms if arm.cycle_days is not None})
    if len(lengths) > 1:
        said = " and ".join(str(length) for length in lengths)
        yield Remark(0, f"The arms have cycles of {said} days; a protocol has one length.")


def _objectives(draft: Draft) -> Iterator[Remark]:
    """Say when objectives read by order are not in three groups."""
    ranks = {each.rank for each in draft.objectives}
    if any(each.assumption for each in draft.objectives) and len(ranks) != 3:
        yield Remark(
            draft.objectives[0].line,
            f"The objectives stand in {len(ranks)} numbered groups and not in three, so their"
            " ranks, read by order, may be wrong.",
        )


def _lists(draft: Draft) -> Iterator[Remark]:
    """Say when a list of criteria is empty."""
    for name, criteria in (("inclusion", draft.inclusion), ("exclusion", draft.exclusion)):
        if not criteria:
            yield Remark(0, f"No {name} criterion was read.")
