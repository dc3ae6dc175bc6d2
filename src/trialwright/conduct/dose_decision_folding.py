"""Folding dose decisions and RP2Ds into the part of the state that is vouched for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from trialwright.conduct.dose_decision_records import ChosenRp2d, DoseDecision
from trialwright.conduct.happenings import Happening
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import TrialState


def with_decision(state: TrialState, seen: Legible, arm: str) -> TrialState:
    """Keep a dose decision as recorded, beside the cohort that it opens.

    Parameters
    ----------
    state : TrialState
        Before it.
    seen : Legible
        The happening.
    arm : str
        Arm id.

    Returns
    -------
    TrialState
        After it.
    """
    done, sequence = seen.happening, seen.record.sequence
    decision = DoseDecision(sequence, arm, done.on, done.payload, done.reason)
    noted = state.oversight.with_entry(done.subject, sequence, done.act)
    decisions = (*noted.decisions, decision)
    return replace(state, oversight=replace(noted, decisions=decisions))


def with_advice(done: Happening) -> Happening:
    """Read the first form of a dose decision as the second: what it did not record is null.

    Parameters
    ----------
    done : Happening
        `dose_decided` in form 1.

    Returns
    -------
    Happening
        In form 2; the decision was the advice.
    """
    told = done.payload
    advised = ("act", "level", "cohort_size", "mtd", "rule", "because")
    payload = {
        **told,
        "advice": {**{name: told[name] for name in advised}, "highest_admissible": None},
        "is_overridden": False,
        "inputs": None,
        "minutes": "",
        "attended": [],
    }
    return replace(done, payload=payload, schema=2)


def _rp2d_chosen(state: TrialState, seen: Legible) -> TrialState:
    """Note the RP2D of an arm."""
    done, sequence = seen.happening, seen.record.sequence
    arm, mtd = str(seen.value("arm") or done.subject.removeprefix("arm-")), seen.value("mtd")
    reason = "(the reason was redacted)" if "reason" in seen.erased else done.reason
    level = cast("int | None", seen.value("level"))
    chosen = ChosenRp2d(sequence, arm, level, done.on, cast("int | None", mtd), reason)
    noted = state.oversight.with_entry(done.subject, sequence, done.act)
    return replace(state, oversight=replace(noted, rp2d={**noted.rp2d, arm: chosen}))


DOSE_DECISION_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {
    "rp2d_chosen": _rp2d_chosen
}
"""Act of a happening to the function that adds it."""
