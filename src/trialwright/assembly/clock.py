"""The clock. No rule asks it; only the time of entry in the ledger is read here."""

from datetime import UTC, datetime


def entered_at() -> str:
    """Read the clock for an entry of the ledger.

    Returns
    -------
    str
        UTC, ISO 8601 with milliseconds and `Z`.
    """
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
