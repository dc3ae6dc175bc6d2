"""Who a program is: the account of its token, and never that of a session."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from trialwright.web.tokens import API as FOR_API
from trialwright.web.tokens import account_of

API = "api_"
"""How the names of routes for programs begin."""

AT = "/api/"
"""How their addresses begin."""

_SCHEME = "bearer "


class Bearer:
    """Puts the account of the token in the place of any session, for programs alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request.

        Parameters
        ----------
        request : HttpRequest
            Any; of a program, a cookie counts for nothing, so that no other site can make a
            browser send what it wants.

        Returns
        -------
        HttpResponse
            As the view gave it.
        """
        if request.path.startswith(AT):
            said = request.headers.get("Authorization", "")
            is_bearer = said[: len(_SCHEME)].lower() == _SCHEME
            account = account_of(said[len(_SCHEME) :], FOR_API) if is_bearer else None
            request.user = account or AnonymousUser()
        return self.get_response(request)
