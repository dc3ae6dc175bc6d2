"""The clock. No rule asks it: the time of entry in the ledger, and the day shown on pages."""

from datetime import UTC, date, datetime, timedelta

from trialwright.terms.errors import refuse

AHEAD = timedelta(days=731)
"""How far ahead may be asked: every cycle up to the day is laid out for it."""

REACH = "1900 to two years ahead"


def entered_at() -> str:
    """Read the clock for an entry of the ledger.

    Returns
    -------
    str
        UTC, ISO 8601 with milliseconds and `Z`.
    """
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> datetime:
    """Read the clock for a signature.

    Returns
    -------
    datetime
        Local time where this machine stands, with its zone.
    """
    return datetime.now().astimezone()


def today() -> date:
    """Read the clock for the day that pages begin with; every act carries its own day.

    Returns
    -------
    date
        Civil day where this machine stands.
    """
    return now().date()


def is_within_reach(day: date, on: date) -> bool:
    """Say whether a day can be asked for, so that no answer takes minutes.

    Parameters
    ----------
    day : date
        As it was asked for.
    on : date
        Today.

    Returns
    -------
    bool
        Whether it lies in `REACH`.
    """
    return date(1900, 1, 1) <= day <= on + AHEAD


def require_reach(day: date) -> None:
    """Refuse a day that cannot be asked for.

    Parameters
    ----------
    day : date
        As it was asked for.

    Raises
    ------
    Refusal
        If it lies outside `REACH`.
    """
    if not is_within_reach(day, today()):
        raise refuse("as_of", day.isoformat(), REACH, "Correct the day")
