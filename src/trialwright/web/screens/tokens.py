"""Tokens of programs: made, shown once, and taken back."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from trialwright.web.models import Token
from trialwright.web.screens.refused import not_found
from trialwright.web.tokens import API, CALENDAR, MOST_DAYS, make_token, revoke

_USUAL_DAYS = 90


class TokenForm(forms.Form):
    """What a token is for, and for how long."""

    purpose = forms.ChoiceField(
        choices=[(API, "a program, with everything this account may do"),
                 (CALENDAR, "a calendar, with study numbers and visit codes alone")],
    )  # fmt: skip
    label = forms.CharField(
        max_length=60,
        label="What it is for",
        help_text="To know it again, e.g. laboratory interface. No names of participants.",
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_DAYS,
        initial=_USUAL_DAYS,
        label="Days until it ends",
        help_text=f"1 to {MOST_DAYS}.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens of the account, and make one; the password is asked for again.

    Parameters
    ----------
    request : HttpRequest
        Of any account.

    Returns
    -------
    HttpResponse
        A new token is shown once.
    """
    account, shown = _account(request), ""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        secret = make_token(account, chosen["purpose"], chosen["label"], chosen["days"])
        shown = secret if chosen["purpose"] == API else _address(request, secret)
    return render(
        request,
        "web/tokens.html",
        {
            "form": form if form.is_bound and not shown else TokenForm(),
            "shown": shown,
            "tokens": Token.objects.filter(account=account).order_by("-made_at"),
        },
        status=422 if form.is_bound and not shown else 200,
    )


@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take a token back.

    Parameters
    ----------
    request : HttpRequest
        Of any account.
    number : int
        Of the token.

    Returns
    -------
    HttpResponse
        Back to the list; 404 for a token of another account.
    """
    if not revoke(_account(request), number):
        return not_found(request)
    messages.success(request, "The token is taken back: no request with it is answered any more.")
    return redirect("tokens")


def _account(request: HttpRequest) -> User:
    """Give the account of whoever has signed in."""
    return User.objects.get(pk=request.user.pk)


def _address(request: HttpRequest, secret: str) -> str:
    """Give the address that a calendar subscribes to."""
    return request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
