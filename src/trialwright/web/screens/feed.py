"""The feed of visits, for the calendars of people who hold its address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from trialwright.assembly.calendars import feed_of
from trialwright.web import desk
from trialwright.web.roles import actor_of, seen_by, standing_of
from trialwright.web.screens.refused import not_found
from trialwright.web.tokens import CALENDAR, account_of


@require_safe
def visits(request: HttpRequest, token: str) -> HttpResponse:
    """Give the feed.

    Parameters
    ----------
    request : HttpRequest
        Any; a session counts for nothing.
    token : str
        Made under Tokens; its account says whose visits are told.

    Returns
    -------
    HttpResponse
        iCalendar with study numbers and visit codes; 404 for a token that cannot be used.
    """
    account = account_of(token, CALENDAR)
    if account is None:
        return not_found(request)
    request.user = account
    if standing_of(request) is None:
        return not_found(request)
    state = desk.state()
    feed = feed_of(state, seen_by(actor_of(request), state), desk.today())
    return HttpResponse(feed, content_type="text/calendar; charset=utf-8")
