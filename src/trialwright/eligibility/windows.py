"""Which days before an anchor count: half-open intervals of days, and facts without a sure day."""

from datetime import date, timedelta

from trialwright.eligibility.context import Context
from trialwright.terms.dates import PartialDate, days_after
from trialwright.terms.verdicts import Answer


def within(on: PartialDate, days: int, context: Context) -> Answer | None:
    """Say whether a day lies at most so many days before the anchor.

    The window is half-open, from the start of the day so many days before the anchor up to the
    start of the day after it: with 14 days, the 14th day before still lies in it.

    Parameters
    ----------
    on : PartialDate
        Day of the fact.
    days : int
        Length of the window.
    context : Context
        Gives the anchor.

    Returns
    -------
    Answer or None
        Unknown when a partial date straddles the start; None when the anchor's day is not known.
    """
    anchored = context.anchored_on
    if anchored is None:
        return None
    first = days_after(anchored, -days)
    if on.earliest >= first:
        return Answer.MET
    return Answer.NOT_MET if on.latest < first else Answer.UNKNOWN


def leaves_window_on(on: date, days: int) -> date:
    """Give the first anchor day for which a day no longer lies in the window.

    Parameters
    ----------
    on : date
        Day of the fact.
    days : int
        Length of the window.

    Returns
    -------
    date
        The day after the window's last.
    """
    return up_to(on, days + 1)


def up_to(on: date, days: int) -> date:
    """Give the civil date some days later, and no later than the calendar reaches.

    An end that is not known may lie at the end of the calendar, which is also how some records
    write that there is none (9999-12-31): what comes after it comes never.

    Parameters
    ----------
    on : date
        The start.
    days : int
        Days to add, 0 or more.

    Returns
    -------
    date
        That day, or the last of the calendar.
    """
    return on + timedelta(days=min(days, (date.max - on).days))
