"""Browsers in which somebody has signed in wholly: guesses from elsewhere do not lock them out.

These are device cookies [1]_: after a whole sign-in, second factor included, the browser keeps a
signed cookie. Wrong passwords and codes from it are counted for it alone; those from all other
browsers are counted together for the account. Counting, waiting and locking are done by
django-axes, which asks here under what an attempt counts.

References
----------
.. [1] OWASP. Slow down online guessing attacks with device cookies.
       https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known_browser"
"""Name of the cookie, and salt of its signature."""

DAYS = 180
"""How long a browser is known after the last whole sign-in in it."""

PEOPLE = 8
"""Accounts that one browser is known for at most: on a ward several people use one."""

_DAY = 24 * 3600


def counted_as(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Say under what an attempt to sign in is counted.

    Parameters
    ----------
    request : HttpRequest
        Of the form, whose field is `login`.
    credentials : mapping of str to str, or None
        As handed to the backends, where it is `username`.

    Returns
    -------
    str
        The name in small letters, as accounts are found whatever the case; from a browser that is
        known for it, followed by a space and the mark of that browser.
    """
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login", "")
    name = name.strip().lower()
    mark = _marks(request).get(_digest(name), "")
    return f"{name} {mark}" if mark else name


class Known:
    """Hands the cookie to a browser in which somebody has just signed in wholly."""

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
            With the cookie, under a new mark, when it signed somebody in.
        """
        response = self.get_response(request)
        name = getattr(request, COOKIE, "")
        if name:
            digest = _digest(name)
            others = {each: mark for each, mark in _marks(request).items() if each != digest}
            newest = {digest: secrets.token_urlsafe(16), **others}
            response.set_cookie(
                COOKIE, signing.dumps(dict([*newest.items()][:PEOPLE]), salt=COOKIE),
                max_age=DAYS * _DAY, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response


def signed_in(sender: object, request: HttpRequest, user: User, **more: object) -> None:
    """Note that somebody has signed in wholly; `Known` hands out the cookie.

    Parameters
    ----------
    sender : object
        Of the signal.
    request : HttpRequest
        In which it was done, after the second factor where one is set.
    user : User
        Whose account.
    **more : object
        What else the signal tells.
    """
    setattr(request, COOKIE, user.get_username().lower())


def wrong_code(
    sender: object, request: HttpRequest, user: AbstractBaseUser, **more: object
) -> None:
    """Count a wrong code of a second factor as a wrong password is counted.

    Parameters
    ----------
    sender : object
        Of the signal.
    request : HttpRequest
        In which it was given.
    user : AbstractBaseUser
        Whose account.
    **more : object
        What else the signal tells.
    """
    user_login_failed.send(sender, credentials=_named(user), request=request)


def is_locked(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Say whether no more codes are taken, and let the page of a locked account be shown.

    Parameters
    ----------
    request : HttpRequest
        In which a code is given.
    user : AbstractBaseUser
        Whose account.

    Returns
    -------
    bool
        True: too many passwords or codes were wrong.
    """
    if AxesProxyHandler.is_allowed(request, _named(user)):
        return False
    request.axes_locked_out = True  # type: ignore[attr-defined]  # how axes marks a request
    return True


class _Counted:
    """A form of a code that takes none while the account is locked."""

    user: AbstractBaseUser

    def clean_code(self) -> str:
        """Refuse a code while the account is locked, and check it otherwise.

        Returns
        -------
        str
            The code.

        Raises
        ------
        ValidationError
            If the account is locked, or the code is wrong.
        """
        from allauth.core import context

        if is_locked(context.request, self.user):
            raise ValidationError("This account is locked.")
        return str(super().clean_code())  # type: ignore[misc]  # of the form beside it


class CodeForm(_Counted, AuthenticateForm):  # type: ignore[misc]  # the library has no types
    """The code of a second factor at signing in."""


class CodeAgainForm(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """The code of a second factor before something is changed."""


def _named(user: AbstractBaseUser) -> dict[str, str]:
    """Give an account as credentials name it."""
    return {"username": user.get_username()}


def _marks(request: HttpRequest) -> dict[str, str]:
    """Give for whom a browser is known; a cookie that is old or not signed here is none."""
    try:
        held: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE,
                                  max_age=DAYS * _DAY)  # fmt: skip
    except signing.BadSignature:
        return {}
    return dict(held)


def _digest(name: str) -> str:
    """Give what the cookie holds of a name: whoever shares the browser reads none."""
    return salted_hmac(COOKIE, name).hexdigest()[:16]
