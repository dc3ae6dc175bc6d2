"""The DLT window of one participant: when it opens, its last day, whether it is over.

Day 1 is the day of the first dose of the anchor agent, so a window of 28 days ends on day 28. The
last day still belongs to it: it is over from the day after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trialwright.casebook.exposure import DoseGiven
from trialwright.protocol.arms import DltWindow
from trialwright.terms.dates import days_after
from trialwright.terms.verdicts import Answer, Finding


def window_opened(doses: Iterable[DoseGiven], agent: str, as_of: date) -> date | None:
    """Give the day on which a DLT window opened.

    Parameters
    ----------
    doses : iterable of DoseGiven
        The participant's, in any order; held ones open nothing.
    agent : str
        The anchor agent.
    as_of : date
        Later doses are left out.

    Returns
    -------
    date or None
        Day of the first dose taken; None while there is none.
    """
    days = (
        dose.on for dose in doses if dose.agent == agent and dose.was_taken and dose.on <= as_of
    )
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class WindowDays:
    """The days of one participant that count for a dose-limiting toxicity.

    Attributes
    ----------
    opened : date
        Day 1.
    last : date
        Last day, included.
    """

    opened: date
    last: date

    def day_of(self, on: date) -> int:
        """Count the day of the window; day 1 is its first, the day before it is day -1.

        Parameters
        ----------
        on : date
            Any day.

        Returns
        -------
        int, days
            Never 0; above the length of the window for a day after it.
        """
        days = (on - self.opened).days
        return days if days < 0 else days + 1

    def over(self, as_of: date) -> Finding:
        """Say whether the window is over.

        Parameters
        ----------
        as_of : date
            The day up to which is asked.

        Returns
        -------
        Finding
            Met from the day after its last day.
        """
        span = f"{self.opened.isoformat()} to {self.last.isoformat()}"
        if as_of > self.last:
            return Finding(Answer.MET, f"the DLT window ran from {span}")
        left = (self.last - as_of).days
        still = "this is its last day" if left == 0 else f"days left: {left}"
        because = f"the DLT window runs from {span}; as of {as_of.isoformat()} {still}"
        return Finding(Answer.NOT_MET, because)


def window_days(window: DltWindow, opened: date) -> WindowDays:
    """Lay out a DLT window from its first day.

    Parameters
    ----------
    window : DltWindow
        As in the protocol.
    opened : date
        Day of the first dose of the anchor agent.

    Returns
    -------
    WindowDays
        As many days as the protocol says, the first included.
    """
    return WindowDays(opened, days_after(opened, window.days - 1))
