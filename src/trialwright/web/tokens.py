"""Tokens of programs: made once, kept as digests, with an end, and taken back at any time."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from trialwright.web.models import Token

API, CALENDAR = "api", "calendar"
"""Purposes of tokens."""

MOST_DAYS = 365
"""Longest life of a token, days."""

_BEGINNING = "tw_"
"""How every token begins, so that searches for leaked secrets find it."""


def make_token(account: User, purpose: str, label: str, days: int) -> str:
    """Make a token.

    Parameters
    ----------
    account : User
        As which a program will act.
    purpose : str
        `API` or `CALENDAR`.
    label : str
        What it is for.
    days : int, days
        How long it can be used.

    Returns
    -------
    str
        The secret; only its digest is kept.
    """
    secret, now = _BEGINNING + secrets.token_urlsafe(32), timezone.now()
    Token.objects.create(
        digest=_digest(secret), account=account, purpose=purpose, label=label,
        made_at=now, ends_at=now + timedelta(days=days),
    )  # fmt: skip
    return secret


def account_of(secret: str, purpose: str) -> User | None:
    """Give the account of a token that can be used.

    Parameters
    ----------
    secret : str
        As it came.
    purpose : str
        What it is used for.

    Returns
    -------
    User or None
        None: unknown, out of time, taken back, made for something else, or of an account that was
        closed.
    """
    found = Token.objects.select_related("account").filter(
        digest=_digest(secret), purpose=purpose, revoked_at=None, ends_at__gt=timezone.now()
    )
    token = found.filter(account__is_active=True).first()
    return token.account if token else None


def revoke(account: User, token: int) -> bool:
    """Take a token back.

    Parameters
    ----------
    account : User
        Whose it is.
    token : int
        Its number.

    Returns
    -------
    bool
        False: the account has no such token, or it was taken back before.
    """
    found = Token.objects.filter(pk=token, account=account, revoked_at=None)
    return found.update(revoked_at=timezone.now()) == 1


def _digest(secret: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
