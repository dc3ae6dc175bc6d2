"""Opening, holding, resuming and closing the cohort of an arm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.conduct.cohort_acts import (
    CloseCohort,
    CohortMove,
    HoldCohort,
    OpenCohort,
    ResumeCohort,
)
from trialwright.conduct.cohort_control import Word, changes_of, control, reason_faults
from trialwright.conduct.happenings import Happening
from trialwright.conduct.redaction import require_legible
from trialwright.conduct.state import TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse


@dataclass(frozen=True, slots=True)
class CohortStep:
    """One way from what people said of a cohort to another.

    Attributes
    ----------
    happening : str
        What is recorded.
    starts : tuple of str
        From where it leads.
    do : str
        What to do when the cohort stands elsewhere.
    """

    happening: str
    starts: tuple[Word, ...]
    do: str


COHORT_MOVES: Mapping[type, CohortStep] = MappingProxyType(
    {
        OpenCohort: CohortStep(
            "cohort_opened", ("planned", "closed"), "Resume a cohort that is on hold"
        ),
        HoldCohort: CohortStep("cohort_held", ("taking",), "Nothing is to hold"),
        ResumeCohort: CohortStep("cohort_resumed", ("on hold",), "Nothing is to resume"),
        CloseCohort: CohortStep(
            "cohort_closed", ("planned", "taking", "on hold"), "Nothing is to close"
        ),
    }
)
"""Act to what it does to a cohort."""


def change_cohort(state: TrialState, act: CohortMove) -> tuple[Happening, ...]:
    """Open, hold, resume or close the cohort of an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : OpenCohort or HoldCohort or ResumeCohort or CloseCohort
        Arm, day and reason.

    Returns
    -------
    tuple of Happening
        `cohort_opened`, `cohort_held`, `cohort_resumed` or `cohort_closed`.

    Raises
    ------
    Refusal
        If the arm does not exist, its escalation has stopped, the cohort stands otherwise, no
        reason is given where one is needed, or a later change was recorded before.
    """
    state.study.required_arm(act.arm)
    require_legible(state)
    cohort = state.cohorts[act.arm]
    if cohort.level is None:
        raise refuse(f"arm {act.arm}", cohort.because, "an escalation that goes on",
                     "Nothing is to change: the arm has no open cohort")  # fmt: skip
    faults = [*_day_faults(state, act), *_faults(state, act)]
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {"arm": act.arm, "cohort": cohort.number, "level": cohort.level}
    step = COHORT_MOVES[type(act)]
    return (Happening(step.happening, f"arm-{act.arm}", act.on, payload, act.reason.strip()),)


def _day_faults(state: TrialState, act: CohortMove) -> Iterator[Fault]:
    """Refuse a day before the cohort began, or before a change already recorded."""
    opened, changes = state.cohorts[act.arm].opened_on, changes_of(state, act.arm)
    if opened is not None and act.on < opened:
        yield Fault("on", f"{act.on.isoformat()}, before the cohort began on {opened.isoformat()}",
                    f"{opened.isoformat()} or later", "Correct the day")  # fmt: skip
    if changes and act.on < changes[-1].on:
        last = changes[-1]
        yield Fault("on", f"{act.on.isoformat()}, before the cohort was {last.change} on "
                    f"{last.on.isoformat()} (happening {last.sequence})",
                    f"{last.on.isoformat()} or later", "Correct the day")  # fmt: skip


def _faults(state: TrialState, act: CohortMove) -> Iterator[Fault]:
    """Refuse a move that does not lead from where the cohort stands, or has no reason."""
    step, changes = COHORT_MOVES[type(act)], changes_of(state, act.arm)
    now = control(state, act.arm, max([act.on, *(each.on for each in changes)]))
    if now.word not in step.starts:
        yield Fault(f"cohort of arm {act.arm}", f"{now.word}: {now.because}",
                    f"a cohort that is {' or '.join(step.starts)}", step.do)  # fmt: skip
    is_first_opening = isinstance(act, OpenCohort) and now.word == "planned"
    if not is_first_opening:
        yield from reason_faults(act.reason)
