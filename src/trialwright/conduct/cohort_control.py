"""Whether people let anybody into the open cohort of an arm: planned, taking, on hold, closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.cohort_records import CohortChange, change_at
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault

Word = Literal["planned", "taking", "on hold", "closed"]
"""What people have said of a cohort."""

_AFTER: dict[str, Word] = {
    "opened": "taking",
    "held": "on hold",
    "resumed": "taking",
    "closed": "closed",
}


@dataclass(frozen=True, slots=True)
class Control:
    """What people have said of a cohort as of a day.

    Attributes
    ----------
    word : {'planned', 'taking', 'on hold', 'closed'}
        Whether it takes participants, as far as people decide.
    because : str
        Which act says so; else by what it is open, or what it waits for.
    """

    word: Word
    because: str


def control(state: TrialState, arm: str, as_of: date) -> Control:
    """Say what people have said of the open cohort of an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; the trial is open.
    arm : str
        Arm id.
    as_of : date
        The day.

    Returns
    -------
    Control
        With its reason.
    """
    changes, settings = changes_of(state, arm), state.study.slots
    change = change_at(changes, as_of)
    if change is not None:
        return Control(_AFTER[change.change], str(change))
    if settings is not None and settings.cohort_opening == "by-act":
        return Control("planned", "no act has opened it; the protocol asks for one")
    return Control("taking", state.cohorts[arm].because)


def changes_of(state: TrialState, arm: str, cohort: int | None = None) -> tuple[CohortChange, ...]:
    """Give what people changed about a cohort.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    cohort : int or None
        Number of the cohort; None: the open one.

    Returns
    -------
    tuple of CohortChange
        In ledger order.
    """
    number = state.cohorts[arm].number if cohort is None else cohort
    return tuple(each for each in state.slots.changes.get(arm, ()) if each.cohort == number)


def holds(changes: tuple[CohortChange, ...], as_of: date) -> Iterator[tuple[date, date | None]]:
    """Give the spans over which a cohort was on hold.

    Parameters
    ----------
    changes : tuple of CohortChange
        Of one cohort, in ledger order.
    as_of : date
        Changes of later days are left out.

    Yields
    ------
    tuple of date and date or None
        First day, and the day from which it went on; None: it is on hold.
    """
    began: date | None = None
    for change in changes:
        if change.on > as_of:
            continue
        if change.change == "held" and began is None:
            began = change.on
        elif began is not None and change.change != "held":
            yield began, change.on
            began = None
    if began is not None:
        yield began, None


def taking_faults(state: TrialState, arm: str, as_of: date) -> Iterator[Fault]:
    """Say why nobody is let into the open cohort of an arm, as far as people decide.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; the trial is open.
    arm : str
        Arm id.
    as_of : date
        The day.

    Yields
    ------
    Fault
        One when the cohort is planned, on hold or closed.
    """
    now = control(state, arm, as_of)
    if now.word == "taking":
        return
    do = {
        "planned": "Open the cohort first",
        "on hold": "Resume the cohort first, with the reason",
        "closed": "Open the cohort again, with the reason, or wait for the next dose decision",
    }[now.word]
    yield Fault(f"cohort of arm {arm}", f"{now.word}: {now.because}",
                "a cohort that takes participants on the day of the act", do)  # fmt: skip


def reason_faults(reason: str) -> Iterator[Fault]:
    """Refuse an act on a cohort or its places without the reason it needs.

    Parameters
    ----------
    reason : str
        As given.

    Yields
    ------
    Fault
        One when there is none.
    """
    if not reason.strip():
        yield Fault("reason", "no reason", "a reason", "Say why, without naming a participant")
