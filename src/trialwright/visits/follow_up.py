"""What is due after the last dose: follow-up visits, and how long duties last.

The registry page says 30 days, then every 3 months, and not from when the months count. Here
they count from the planned 30-day visit, by the day of the month; where a month has no such day,
its last day is taken, and the day of the month is remembered (31 January, 30 April, 31 July).
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trialwright.protocol.schedule import FollowUp, Obligation
from trialwright.terms.dates import days_after
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class FollowUpVisit:
    """One visit after the end of treatment.

    Attributes
    ----------
    on : date
        The planned day.
    says : str
        `safety visit` or `follow-up`.
    label : str
        `illustrative, ...` when the registry page does not state it; else empty.
    because : str
        How the day was counted.
    """

    on: date
    says: str
    label: str
    because: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of a participant with its dates.

    Attributes
    ----------
    obligation : str
        Id of the obligation.
    says : str
        The duty in words.
    from_on : date or None
        First day; None while that has not happened.
    until_on : date or None
        Last day, included; None while treatment goes on.
    label : str
        `illustrative, ...` when the registry page does not state it; else empty.
    because : str
        How the days were counted, and the criterion it follows from.
    """

    obligation: str
    says: str
    from_on: date | None
    until_on: date | None
    label: str
    because: str


def follow_up_calendar(
    follow_up: FollowUp, last_dose: date, until: date
) -> tuple[FollowUpVisit, ...]:
    """Lay out the visits after the last dose.

    Parameters
    ----------
    follow_up : FollowUp
        As in the protocol.
    last_dose : date
        Day of the last dose of any study agent.
    until : date
        Visits planned up to this day, included, are given.

    Returns
    -------
    tuple of FollowUpVisit
        The safety visit first; empty when it lies after `until`.

    Raises
    ------
    Refusal
        If the safety visit lies outside the calendar.
    """
    days, step = follow_up.first_after_days, follow_up.then_every_months
    safety = days_after(last_dose, days)
    if safety > until:
        return ()
    because = f"{days} days after the last dose on {last_dose.isoformat()}"
    visits = [FollowUpVisit(safety, "safety visit", follow_up.label, because)]
    for months in range(step, _month_number(until) - _month_number(safety) + 1, step):
        on = months_after(safety, months)
        if on <= until:
            because = f"{months} months after the safety visit planned on {safety.isoformat()}"
            if on.day != safety.day:
                because += f"; that month has no day {safety.day}, so its last day is taken"
            visits.append(FollowUpVisit(on, "follow-up", follow_up.label, because))
    return tuple(visits)


def months_after(day: date, months: int) -> date:
    """Give the date some calendar months later.

    Parameters
    ----------
    day : date
        The start.
    months : int
        0 or more.

    Returns
    -------
    date
        The same day of the month, or the last day of a shorter month.

    Raises
    ------
    Refusal
        If it lies outside the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        found = f"{months} months from {day.isoformat()}"
        raise refuse("date", found, "years 1 to 9999", "Check the number of months")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def duties(
    obligations: Iterable[Obligation],
    *,
    consented: date | None,
    registered: date | None,
    first_dose: date | None,
    last_dose: date | None,
) -> tuple[Duty, ...]:
    """Date the obligations of one participant.

    Parameters
    ----------
    obligations : iterable of Obligation
        As in the protocol.
    consented, registered, first_dose : date or None
        When it happened; None while it has not.
    last_dose : date or None
        Day of the last dose of any study agent, once treatment has ended; None before.

    Returns
    -------
    tuple of Duty
        In the order of the protocol.

    Raises
    ------
    Refusal
        If a duty ends outside the calendar.
    """
    starts = {"consent": consented, "registration": registered, "first_dose": first_dose}
    return tuple(_duty(each, starts[each.starts], last_dose) for each in obligations)


def _month_number(day: date) -> int:
    """Give the number of a month, counted on over the years."""
    return day.year * 12 + day.month


def _duty(obligation: Obligation, from_on: date | None, last_dose: date | None) -> Duty:
    """Date one obligation."""
    begins = obligation.starts.replace("_", " ")
    since = f"from {begins} on {from_on.isoformat()}" if from_on else f"from {begins}, not yet"
    weeks = obligation.weeks_after_last_dose
    ends = f"until {weeks} weeks after the last dose" if weeks else "until the last dose"
    until_on = None
    if last_dose is not None:
        until_on = days_after(last_dose, 7 * weeks)
        ends += f" on {last_dose.isoformat()}"
    return Duty(
        obligation=obligation.id,
        says=obligation.says,
        from_on=from_on,
        until_on=until_on,
        label=obligation.label,
        because=f"criterion {obligation.criterion}: {since}, {ends}",
    )
