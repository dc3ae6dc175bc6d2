"""The clock. No rule asks it: the time of entry in the ledger, and the day shown on pages."""

from datetime import UTC, date, datetime


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
