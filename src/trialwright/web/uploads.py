"""The size of what is sent: refused before any of it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from trialwright.web.import_forms import MOST_BYTES
from trialwright.web.screens.refused import too_large

_AROUND = 100_000
"""Most that the other fields of a form take, bytes."""


class Sizes:
    """Asks how long a request says it is, before its form is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, or refuse it by its length.

        Parameters
        ----------
        request : HttpRequest
            Any; of one that says no length, nothing is read.

        Returns
        -------
        HttpResponse
            413 for one that is too long.
        """
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said) > MOST_BYTES + _AROUND:
            return too_large(request, MOST_BYTES)
        return self.get_response(request)
