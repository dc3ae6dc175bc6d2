"""Who is let in: each route says who may see it, and what says nothing is shown to nobody."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from trialwright.web import routes
from trialwright.web.api.bearer import API
from trialwright.web.api.replies import not_for_role, unauthorised
from trialwright.web.roles import standing_of
from trialwright.web.screens.refused import forbidden, no_role, not_found
from trialwright.web.unsent import can_be_handed_back, handed_back


class Admission:
    """Asks the table of routes before any page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, and keep pages out of caches.

        Parameters
        ----------
        request : HttpRequest
            Any.

        Returns
        -------
        HttpResponse
            Nothing of it is kept by the browser once somebody has signed in.
        """
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse a page that the account may not see.

        Parameters
        ----------
        request : HttpRequest
            With its route resolved.
        view, args, kwargs : object
            What Django would call.

        Returns
        -------
        HttpResponseBase or None
            None lets the request through.
        """
        match = request.resolver_match
        route = routes.ANNOTATED.get(match.view_name if match else "")
        if route is None:
            return not_found(request)
        if route.seen_by == routes.ANYBODY:
            return None
        if route.name.startswith(API):
            return self._of_program(request, route)
        if not request.user.is_authenticated:
            if can_be_handed_back(request):
                return handed_back(request)
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if route.seen_by == routes.ACCOUNTS:
            return None
        standing = standing_of(request)
        if standing is None:
            return no_role(request)
        return None if standing.role in route.seen_by else forbidden(request, route.seen_by)

    def _of_program(self, request: HttpRequest, route: "routes.Route") -> HttpResponseBase | None:
        """Refuse a program in JSON; nobody is led to a page of signing in."""
        if not request.user.is_authenticated:
            return unauthorised()
        standing = standing_of(request)
        is_let_in = standing is not None and standing.role in route.seen_by
        return None if is_let_in else not_for_role(route.seen_by)
