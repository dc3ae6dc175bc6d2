"""Who a program is: the account of its token, and never that of a session."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from trialwright.web.tokens import API as FOR_API
from trialwright.web.tokens import account_of

API = "api_"
"""How the names of routes for programs begin."""

AT = "/api/"
"""How their addresses begin."""

OWN = (AT, "/calendar/")
"""How the addresses begin at which no session counts."""

_SCHEME = "bearer "


class Bearer:
    """Puts the account of the token in the place of any session, for programs alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, with its session left aside at addresses for programs.

        Parameters
        ----------
        request : HttpRequest
            Before its session is read: there a cookie counts for nothing, neither for the account
            nor for the role it acts in, so that no other site can make a browser send what it
            wants.

        Returns
        -------
        HttpResponse
            As the view gave it.
        """
        if request.path.startswith(OWN):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> None:
        """Find the account of the token, before anybody asks who is let in.

        Parameters
        ----------
        request : HttpRequest
            With its route resolved.
        view, args, kwargs : object
            What Django would call.
        """
        if request.path.startswith(AT):
            said = request.headers.get("Authorization", "")
            is_bearer = said[: len(_SCHEME)].lower() == _SCHEME
            account = account_of(said[len(_SCHEME) :], FOR_API) if is_bearer else None
            request.user = account or AnonymousUser()
