"""The open trial, as the pages ask for it."""

from datetime import date
from typing import cast

from django.conf import settings

from trialwright.assembly import clock
from trialwright.assembly.serving import Desk
from trialwright.conduct.state import TrialState


def is_within_reach(day: date) -> bool:
    """Say whether a day can be asked for, so that no answer takes minutes.

    Parameters
    ----------
    day : date
        As it was asked for.

    Returns
    -------
    bool
        Whether it lies in `clock.REACH`.
    """
    return clock.is_within_reach(day, today())


def desk() -> Desk:
    """Give the trial that is open on these pages.

    Returns
    -------
    Desk
        As it was handed to the settings.
    """
    return cast(Desk, settings.DESK)


def state() -> TrialState:
    """Give the state of the trial with everything entered so far.

    Returns
    -------
    TrialState
        Brought up to date.
    """
    return desk().gateway.state()


def today() -> date:
    """Give the day that pages begin with.

    Returns
    -------
    date
        By the clock of this machine.
    """
    return clock.today()
