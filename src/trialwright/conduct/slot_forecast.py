"""When the next place may become free, and why: from held places and running DLT windows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.conduct.cohort_state import CohortStanding
from trialwright.conduct.slot_holding import held_until, participant_of
from trialwright.conduct.slot_records import SlotRequest
from trialwright.conduct.slot_windows import WindowProgress
from trialwright.conduct.state import TrialState
from trialwright.terms.dates import days_after


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the next place of an arm may become free.

    Attributes
    ----------
    on : date or None
        The first day on which one may be free; None: that cannot be forecast.
    because : str
        What happens then, or why nothing is known.
    unforeseen : tuple of str
        What could change it and cannot be forecast.
    """

    on: date | None
    because: str
    unforeseen: tuple[str, ...] = ()


def forecast(state: TrialState, now: CohortStanding, as_of: date) -> Forecast:
    """Say when the next place of an arm may become free.

    Parameters
    ----------
    state : TrialState
        Where the trial stands, with what happened up to that day.
    now : CohortStanding
        Where the arm's open cohort stands on that day.
    as_of : date
        The day.

    Returns
    -------
    Forecast
        Never a promise: after the last DLT window the dose meeting decides.
    """
    if now.state == "open":
        return Forecast(as_of, f"{now.places.free} free now")
    if now.state == "in review":
        return Forecast(None, f"a place opens with the dose decision, whose day nobody has set: "
                        f"{now.because}")  # fmt: skip
    if now.state in ("planned", "on hold", "closed"):
        return Forecast(None, f"{now.state}: {now.because}")
    awaited = [each for each in now.windows if each.is_awaited and not each.is_backfilled]
    unforeseen = [*_not_begun(awaited), *_unknown(now.windows)]
    lost = sorted(_losses(state, now.places.held, as_of))
    if now.places.held:
        unforeseen += [f"the place held for {each.reference}: nobody is treated in it"
                       for each in now.places.held]  # fmt: skip
    if lost:
        return Forecast(*lost[0], tuple(unforeseen))
    if unforeseen:
        return Forecast(None, "not every DLT window that must end is open", tuple(unforeseen))
    return _after_windows(awaited)


def _after_windows(awaited: Sequence[WindowProgress]) -> Forecast:
    """Forecast from windows that are all open."""
    ends = sorted((each.last, each.participant) for each in awaited if each.last is not None)
    on = days_after(ends[-1][0], 1)
    told = ", ".join(f"{participant} on {last.isoformat()}" for last, participant in ends)
    because = f"DLT windows end: {told}; from the day after the last the dose meeting can decide"
    sooner = days_after(ends[0][0], 1)
    early = (
        f"from {sooner.isoformat()} on, if {ends[0][1]} turns out not DLT-evaluable and is "
        "replaced",
    )
    dlt = "sooner, if DLTs decide at once"
    return Forecast(on, because, (*(early if sooner < on else ()), dlt))


def _losses(
    state: TrialState, held: Sequence[SlotRequest], as_of: date
) -> Iterator[tuple[date, str]]:
    """Give for each place held before registration the day on which it would be free again."""
    for each in held:
        here, last = participant_of(state, each), held_until(state, each, as_of)
        if last is not None and not (here and here.registered_on):
            because = (
                f"the place held for {each.reference} to {last.isoformat()} is lost then, unless "
                "the participant is registered"
            )
            yield days_after(last, 1), because


def _not_begun(awaited: Sequence[WindowProgress]) -> Iterator[str]:
    """Name those whose window is not open."""
    for each in awaited:
        if each.opened is None:
            planned = each.first_dose_planned_on
            when = f"; first dose planned on {planned.isoformat()}" if planned else ""
            yield f"{each.participant}: {each.evaluable.because}{when}"


def _unknown(windows: Sequence[WindowProgress]) -> Iterator[str]:
    """Name those of whom it is not known whether they count."""
    for each in windows:
        if each.evaluable.state == "unknown":
            yield f"{each.participant}: {each.evaluable.because}"
