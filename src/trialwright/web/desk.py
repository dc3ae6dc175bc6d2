"""The open trial, as the pages ask for it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
        Brought up to date; while a page is made, as it was when the page asked first.
    """
    seen = _SEEN.get()
    if seen is None:
        return desk().gateway.state()
    if not seen:
        seen.append(desk().gateway.state())
    return seen[0]


_SEEN: ContextVar[list[TrialState] | None] = ContextVar("seen", default=None)
"""The state that a page shows, once it has asked; none where something may be recorded."""


class OneMoment:
    """Shows each page at one moment of the ledger, which is asked once for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request.

        Parameters
        ----------
        request : HttpRequest
            Any. Only of one that records nothing is the moment held.

        Returns
        -------
        HttpResponse
            As it comes.
        """
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        held = _SEEN.set([])
        try:
            return self.get_response(request)
        finally:
            _SEEN.reset(held)


def today() -> date:
    """Give the day that pages begin with.

    Returns
    -------
    date
        By the clock of this machine.
    """
    return clock.today()
