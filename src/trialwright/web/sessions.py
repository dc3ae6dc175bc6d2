"""Sessions: over after a quarter of an hour without a request, and written at most once a minute.

Written with every page, they were the one write that most pages did. A session that is read within
a minute of its last writing is left as it is, and so ends up to a minute sooner than it would have,
and never later.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

IDLE_SECONDS = 15 * 60
"""A session ends after a quarter of an hour without a request (21 CFR 11.200, common practice)."""

BETWEEN_SECONDS = 60
"""How much time lies between two writings of a session in which nothing else changed."""

_WRITTEN = "written"
"""Where a session keeps when it was written last, in seconds of the clock that ends it."""


class Lengthened:
    """Has a session written again when a minute has gone by; stands right behind the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request.

        Parameters
        ----------
        request : HttpRequest
            Any.

        Returns
        -------
        HttpResponse
            As it comes; what is written is the session.
        """
        response = self.get_response(request)
        session = request.session
        written = None if session.is_empty() else session.get(_WRITTEN)
        if not session.is_empty():  # reading one that is over, or unknown, empties it
            now = int(timezone.now().timestamp())
            is_of_late = type(written) is int and 0 <= now - written < BETWEEN_SECONDS
            if session.modified or not is_of_late:
                session[_WRITTEN] = now
        return response
