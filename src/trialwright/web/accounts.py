"""Accounts: made by one-time links alone, each for a person, an inspector or an operator."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from trialwright.conduct.roles import Actor
from trialwright.web.account_care import note, note_first, owner
from trialwright.web.models import Invitation, Standing
from trialwright.web.roles import first_page_of

LINK_HOURS = 48
"""How long a link can be used."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """What this product changes of the sign-in library: nobody signs up unasked."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether somebody may make an account without an invitation.

        Parameters
        ----------
        request : HttpRequest
            Any.

        Returns
        -------
        bool
            Never.
        """
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Say where somebody is led who has signed in and asked for no page.

        Parameters
        ----------
        request : HttpRequest
            In which it was done.

        Returns
        -------
        str
            Address of the first page of the role: not every role sees Today.
        """
        return reverse(first_page_of(request))


def invite(kind: str, by: str) -> str:
    """Make a one-time link.

    Parameters
    ----------
    kind : str
        `person`, `inspector` or `operator`.
    by : str
        Account that invites, or `serve` for the first.

    Returns
    -------
    str
        The secret part of the link; only its digest is kept.
    """
    token = secret()
    ends = timezone.now() + timedelta(hours=LINK_HOURS)
    Invitation.objects.create(digest=digest_of(token), kind=kind, ends_at=ends, by=by)
    return token


def invite_on_record(kind: str, by: Actor, source: str = "") -> str:
    """Note an invitation, and make its one-time link.

    Parameters
    ----------
    kind : str
        `person`, `inspector` or `operator`.
    by : Actor
        Operator who invites.
    source : str
        Through which door; empty: a page.

    Returns
    -------
    str
        The secret part of the link.

    Raises
    ------
    Refusal
        If it cannot be noted; then there is no link.
    """
    note_first(by.account, "invited", by, kind, source)
    return invite(kind, by.account)


def invitation_of(token: str) -> Invitation | None:
    """Give the invitation of a link that can be used.

    Parameters
    ----------
    token : str
        Secret part of the link.

    Returns
    -------
    Invitation or None
        None: unknown, used or out of time.
    """
    open_ones = Invitation.objects.filter(used_at=None, ends_at__gt=timezone.now())
    return open_ones.filter(digest=digest_of(token)).first()


def accept(token: str, name: str, password: str) -> User | None:
    """Make the account of an invitation.

    Parameters
    ----------
    token : str
        Secret part of the link.
    name, password : str
        As chosen; checked before.

    Returns
    -------
    User or None
        None when the link was used meanwhile.
    """
    with transaction.atomic():
        invitation = invitation_of(token)
        if invitation is None:
            return None
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
        made = make_account(name, password, invitation.kind)
    note(name, "made", owner(name), f"{invitation.kind}, by a link of {invitation.by}")
    return made


def make_account(name: str, password: str, kind: str) -> User:
    """Make an account.

    Parameters
    ----------
    name, password : str
        Of the account.
    kind : str
        `person`, `inspector` or `operator`.

    Returns
    -------
    User
        Able to sign in.
    """
    with transaction.atomic():
        user = User.objects.create_user(name, password=password)
        Standing.objects.create(account=user, kind=kind)
    return user


def secret() -> str:
    """Give the secret part of a new link.

    Returns
    -------
    str
        256 random bits, for an address.
    """
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Give what is kept of a link.

    Parameters
    ----------
    token : str
        Its secret part.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits.
    """
    return hashlib.sha256(token.encode()).hexdigest()
