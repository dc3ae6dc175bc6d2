"""A forgotten password or a lost second factor: one operator begins, another one confirms.

The link is shown to the operator who begins, lasts two hours, and is of no use before another
operator has confirmed it. Whoever holds it sets a new password once. With that the old password,
the second factor, every session and every token of the account are of no use any more.
"""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from trialwright.conduct.roles import Actor
from trialwright.terms.errors import refuse, shorten
from trialwright.web.account_care import account_of, note, note_first, owner, unlock
from trialwright.web.accounts import digest_of, secret
from trialwright.web.models import Recovery

HOURS = 2
"""How long a link can be used."""


def begin(name: str, by: Actor, reason: str = "", source: str = "") -> str:
    """Begin a recovery, and note it; an older one of the account is of no use any more.

    Parameters
    ----------
    name : str
        Name of the account.
    by : Actor
        Operator.
    reason : str
        Why, and how it was made sure who asks.
    source : str
        Through which door; empty: a page.

    Returns
    -------
    str
        Secret part of the link; only its digest is kept.

    Raises
    ------
    Refusal
        If there is no such account, it is closed or the operator's own, or it cannot be noted.
    """
    user = _open_account(name)
    _require_another(user.get_username(), by)
    if not reason.strip():
        raise refuse("reason", "nothing", "words", "Say how you made sure who asks")
    note_first(user.get_username(), "recovery begun", by, reason, source)
    token = secret()
    with transaction.atomic():
        _open_ones().filter(account=user).update(used_at=timezone.now())
        Recovery.objects.create(digest=digest_of(token), account=user, by=by.account,
                                ends_at=timezone.now() + timedelta(hours=HOURS))  # fmt: skip
    return token


def confirm(name: str, by: Actor, reason: str = "", source: str = "") -> None:
    """Confirm the recovery of an account that another operator began, and note it.

    Parameters
    ----------
    name : str
        Name of the account.
    by : Actor
        Operator.
    reason : str
        Why; may be empty.
    source : str
        Through which door; empty: a page.

    Raises
    ------
    Refusal
        If none waits, the operator began it or owns the account, or it cannot be noted.
    """
    user = _open_account(name)
    waiting = _open_ones().filter(account=user, confirmed_by="").first()
    if waiting is None:
        raise refuse("account", f"{shorten(name)}, of which no recovery waits",
                     "an account whose recovery another operator began", "Begin one")  # fmt: skip
    _require_another(user.get_username(), by)
    if waiting.by.lower() == by.account.lower():
        raise refuse("operator", f"{shorten(by.account)}, who began it", "another operator",
                     "Let another operator confirm it")  # fmt: skip
    note_first(user.get_username(), "recovery confirmed", by, reason, source)
    _open_ones().filter(pk=waiting.pk).update(confirmed_by=by.account)


def recovery_of(token: str) -> Recovery | None:
    """Give the recovery of a link that can be used.

    Parameters
    ----------
    token : str
        Secret part of the link.

    Returns
    -------
    Recovery or None
        None: unknown, not confirmed, used, out of time, or the account is closed.
    """
    found = _open_ones().filter(digest=digest_of(token), account__is_active=True)
    return found.exclude(confirmed_by="").select_related("account").first()


def recover(token: str, password: str) -> User | None:
    """Set a new password, and end everything that let the account in before.

    Parameters
    ----------
    token : str
        Secret part of the link.
    password : str
        As chosen; checked before.

    Returns
    -------
    User or None
        None when the link was used meanwhile. Sessions end with the password: they hold its digest.
    """
    now = timezone.now()
    with transaction.atomic():
        found = recovery_of(token)
        if found is None:
            return None
        if not Recovery.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
            return None
        user = found.account
        user.set_password(password)
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        user.tokens.filter(revoked_at=None).update(revoked_at=now)  # type: ignore[attr-defined]
        unlock(user)
    name = user.get_username()
    note(name, "recovered", owner(name), f"begun by {found.by}, confirmed by {found.confirmed_by}")
    return user


def waiting() -> dict[str, Recovery]:
    """Give the recoveries that can still be confirmed or used.

    Returns
    -------
    dict of str to Recovery
        By name of the account.
    """
    found = _open_ones().select_related("account")
    return {each.account.get_username(): each for each in found}


def _open_ones() -> "QuerySet[Recovery]":
    """Give the recoveries that can still be confirmed or used."""
    return Recovery.objects.filter(used_at=None, ends_at__gt=timezone.now())


def _open_account(name: str) -> User:
    """Give an account that is not closed."""
    user = account_of(name)
    if not user.is_active:
        raise refuse("account", f"{shorten(name)}, closed", "an account that is open",
                     "Reopen it first")  # fmt: skip
    return user


def _require_another(name: str, by: Actor) -> None:
    """Refuse an operator who would recover the own account."""
    if name.lower() == by.account.lower():
        raise refuse("account", f"{shorten(name)}, the operator's own",
                     "the account of somebody else", "Ask two other operators")  # fmt: skip
