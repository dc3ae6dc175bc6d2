"""The day of an act against the day of its entry: nothing that was done lies ahead.

A mistyped day in the future would let reservations expire and windows end that are still open, and
nothing recorded can be taken back.
"""

from datetime import date, timedelta

from trialwright.conduct.acts import Act
from trialwright.conduct.happenings import Happening
from trialwright.terms.errors import refuse

ZONES = timedelta(days=1)
"""How far the civil day of a site may be ahead of the day in UTC: at most 14 hours, so one day."""


def require_done(act: Act | Happening, entered_on: date) -> None:
    """Refuse an act whose day has not come yet.

    Parameters
    ----------
    act : Act or Happening
        What is asked, or noted; it carries its own day.
    entered_on : date
        Day of the entry in UTC, by the clock of the gateway.

    Raises
    ------
    Refusal
        If the act lies more than one day after it.
    """
    last = entered_on + ZONES
    if act.on > last:
        raise refuse("on", f"{act.on.isoformat()}, and it is entered on {entered_on.isoformat()}",
                     f"{last.isoformat()} or earlier: what was done, wherever the site lies",
                     "Correct the day, or enter it when it has come")  # fmt: skip
