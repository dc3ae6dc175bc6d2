"""What every dose meeting says and counts in the same way, whatever the rule."""

from collections.abc import Iterator, Sequence

from trialwright.escalation.decision import Act, Decision, LevelCount
from trialwright.terms.errors import Fault, Refusal, refuse

INCOMPLETE = "incomplete-cohort"
"""Rule by which designs say that a cohort is not complete yet."""

DEVIATED = "Correct the counts, or record the deviation and decide without the design"
"""What is to be done about counts that a design cannot have led to."""


def tally(seen: Sequence[LevelCount], level: int) -> str:
    """Say DLTs and evaluable participants of a level.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.
    level : int
        Dose level.

    Returns
    -------
    str
        E.g. `1/3 DLT at dose level 2`.
    """
    return f"{seen[level - 1]} DLT at dose level {level}"


def rows(seen: Sequence[LevelCount]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give participants and DLTs by dose level, as what can be remembered.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.

    Returns
    -------
    evaluable, dlts : tuple of int
        Lowest level first.
    """
    return tuple(count.evaluable for count in seen), tuple(count.dlts for count in seen)


def treated(seen: Sequence[LevelCount]) -> int:
    """Count everybody treated.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.

    Returns
    -------
    int
        Pending or evaluable.
    """
    return sum(count.treated for count in seen)


def pending(seen: Sequence[LevelCount]) -> int:
    """Count everybody still in the DLT window.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.

    Returns
    -------
    int
        At all levels.
    """
    return sum(count.pending for count in seen)


def places_left(seen: Sequence[LevelCount], at: int, cohort_size: int, max_n: int) -> int:
    """Count the places of the running cohort that are still to be filled.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.
    at : int
        Dose level of the cohort.
    cohort_size, max_n : int, participants
        Of a cohort, and of the escalation.

    Returns
    -------
    int
        0 when the cohort is complete.
    """
    left, here = max(0, max_n - treated(seen)), seen[at - 1].treated
    return min(-here % cohort_size if here else cohort_size, left)


def said(
    design: str,
    tally: str,
    decided: tuple[Act, int | None, str],
    says: str,
    cohort_size: int = 0,
    mtd: int | None = None,
) -> Decision:
    """Give a decision whose sentence begins with the tally and ends with design and rule.

    Parameters
    ----------
    design : str
        Name of the design.
    tally : str
        E.g. `1/3 DLT at dose level 2`.
    decided : tuple
        Act, level and short name of the rule.
    says : str
        What the rule found, and what follows.
    cohort_size : int
        Participants who may be enrolled next.
    mtd : int or None
        Estimate of the MTD, with a stop.

    Returns
    -------
    Decision
        With its sentence.
    """
    act, level, rule = decided
    return Decision(act, level, f"{tally}, {says} ({design}, rule {rule})", rule, cohort_size, mtd)


def waiting(still: int, missing: int) -> tuple[Act, str, str] | None:
    """Say that those pending are waited for, or that a cohort is not complete.

    Parameters
    ----------
    still : int
        Participants in the DLT window who are waited for.
    missing : int
        Places of the running cohort still to be filled.

    Returns
    -------
    act, rule, says : str
        None when nobody is pending and no place is left.
    """
    if still:
        places = f", {missing} more may be enrolled in this cohort" if missing else ""
        return "wait", "pending", f"{still} still in the DLT window: wait{places}"
    if missing:
        return "stay", INCOMPLETE, f"cohort not complete: {missing} more at this level"
    return None


def mtd_said(level: int | None) -> str:
    """Say what the MTD is estimated to be.

    Parameters
    ----------
    level : int or None
        Dose level; None: no level is tolerable.

    Returns
    -------
    str
        The end of a sentence.
    """
    if level is None:
        return "no dose level is estimated to be tolerable"
    return f"the MTD is estimated at dose level {level}"


def step_of(level: int, at: int) -> Act:
    """Name the step from one level to the next.

    Parameters
    ----------
    level, at : int
        Dose level of the next cohort, and of the last.

    Returns
    -------
    {'escalate', 'stay', 'de-escalate'}
        The act.
    """
    return "escalate" if level > at else "stay" if level == at else "de-escalate"


def crowding_faults(seen: Sequence[LevelCount], max_n: int) -> Iterator[Fault]:
    """Find more participants than the design treats.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level.
    max_n : int
        Participants at which the escalation ends.

    Yields
    ------
    Fault
        At most one.
    """
    if treated(seen) > max_n:
        yield Fault("seen", f"{treated(seen)} participants", f"at most {max_n}", DEVIATED)


def not_stopped(found: str) -> Refusal:
    """Refuse an estimate of the MTD before the end.

    Parameters
    ----------
    found : str
        How far the escalation is.

    Returns
    -------
    Refusal
        To be raised.
    """
    return refuse(
        "seen",
        f"the escalation has not stopped ({found})",
        "counts of a finished escalation",
        "Ask for the next dose instead",
    )
