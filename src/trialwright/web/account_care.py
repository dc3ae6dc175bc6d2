"""Care of accounts: unlocking, closing and reopening them, each noted in the ledger of the trial.

What an operator does is noted first and done then: where it cannot be noted it is not done. What
people do to their own account, and a lockout, is noted once it has happened; where that fails, the
log says so.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_reset
from axes.models import AccessAttempt
from axes.utils import reset
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest
from django.utils import timezone

from trialwright.assembly.gateway import SYSTEM
from trialwright.conduct.account_changes import ACCOUNT_CHANGED, account_changed
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import OPERATOR, Actor
from trialwright.terms.errors import Refusal, refuse, shorten
from trialwright.web.desk import desk, today
from trialwright.web.logs import OWN
from trialwright.web.models import Standing
from trialwright.web.settings import FAILURES_BEFORE_LOCKOUT, LOCKED_HOURS

OWNER = "account-holder"
"""Role under which people change their own account: it is no role of the trial."""

UNLOCK, CLOSE, REOPEN = "unlock", "close", "reopen"

DEEDS: Mapping[str, str] = {UNLOCK: "unlocked", CLOSE: "closed", REOPEN: "reopened"}
"""What an operator can do to an account, and how it is recorded."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """What is counted against an account.

    Attributes
    ----------
    tries : int
        Wrong passwords and codes within the last hour, from all browsers.
    until : datetime or None
        Until when browsers that are not known take no password; None: they do.
    """

    tries: int
    until: datetime | None


def lockouts() -> Mapping[str, Lockout]:
    """Say of every account against which something is counted what it is.

    Returns
    -------
    mapping of str to Lockout
        By name in small letters; names that no account has are among them.
    """
    waits = timedelta(hours=LOCKED_HOURS)
    counted: dict[str, dict[str, list[AccessAttempt]]] = {}
    for each in AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - waits):
        name = (each.username or "").split(" ")[0]
        counted.setdefault(name, {}).setdefault(each.username or "", []).append(each)
    return {name: _lockout(tried, waits) for name, tried in counted.items()}


def do(deed: str, name: str, by: Actor, reason: str = "", source: str = "") -> None:
    """Unlock, close or reopen an account, and note it.

    Parameters
    ----------
    deed : str
        One of `DEEDS`.
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
        If there is no such account or deed, it cannot be noted, or the operator would close the
        own account.
    """
    user = account_of(name)
    if deed == CLOSE:
        _require_closable(user, by)
    note_first(user.get_username(), DEEDS[deed], by, reason, source)
    if deed == UNLOCK:
        unlock(user)
        return
    user.is_active = deed == REOPEN
    user.save(update_fields=["is_active"])


def unlock(user: User) -> None:
    """Forget the wrong passwords and codes that count against an account.

    Parameters
    ----------
    user : User
        Whose.
    """
    low = user.get_username().lower()
    kept = AccessAttempt.objects.values_list("username", flat=True).distinct()
    for counted in [each for each in kept if each and each.split(" ")[0] == low]:
        reset(username=counted)


def note(account: str, change: str, by: Actor, reason: str = "") -> None:
    """Note a change that has happened; where it cannot be, the log says so.

    Parameters
    ----------
    account : str
        Whose.
    change : str
        What happened.
    by : Actor
        Who did it.
    reason : str
        Why, or how; may be empty.
    """
    try:
        note_first(account, change, by, reason)
    except Refusal:
        told = {"account": account, "change": change}
        logging.getLogger(OWN).exception("a change of an account is not on record",
                                         extra={"told": told})  # fmt: skip


def owner(name: str) -> Actor:
    """Give somebody as who changes the own account.

    Parameters
    ----------
    name : str
        Of the account.

    Returns
    -------
    Actor
        In no role of the trial.
    """
    return Actor(name, OWNER, EVERY_SITE)


def note_locked(sender: object, request: HttpRequest, username: str, **more: object) -> None:
    """Note that an account is locked; further tries within the hour are not noted again.

    Parameters
    ----------
    sender : object
        Of the signal.
    request : HttpRequest
        With the wrong password.
    username : str
        Under what the tries are counted. What no account is called is not kept: it may be a
        password in the wrong field.
    **more : object
        What else the signal tells.
    """
    user = User.objects.filter(username__iexact=username.split(" ")[0]).first()
    if user is not None and not _is_noted(user.get_username()):
        note(user.get_username(), "locked", SYSTEM)


def note_password(sender: object, request: HttpRequest, user: User, **more: object) -> None:
    """Note that somebody changed the own password.

    Parameters
    ----------
    sender : object
        Of the signal.
    request : HttpRequest
        In which it was done.
    user : User
        Whose.
    **more : object
        What else the signal tells.
    """
    note(user.get_username(), "password changed", owner(user.get_username()))


def note_factor(
    sender: object, user: User, authenticator: Authenticator, signal: Any, **more: object
) -> None:
    """Note that somebody set or removed the own second factor, or made codes anew.

    Parameters
    ----------
    sender : object
        Of the signal.
    user : User
        Whose.
    authenticator : Authenticator
        Second factor or recovery codes.
    signal : Signal
        Which of the three it is.
    **more : object
        What else the signal tells.
    """
    name, is_added = user.get_username(), signal is authenticator_added
    if authenticator.type == Authenticator.Type.TOTP:
        change = "second factor set" if is_added else "second factor removed"
    elif is_added or signal is authenticator_reset:
        change = "recovery codes made anew"
    else:
        return  # they went with the second factor
    note(name, change, owner(name))


def account_of(name: str, database: str = DEFAULT_DB_ALIAS) -> User:
    """Give the account of a name.

    Parameters
    ----------
    name : str
        Its name.
    database : str
        Where it is looked for.

    Returns
    -------
    User
        Open or closed.

    Raises
    ------
    Refusal
        If there is none.
    """
    user = User.objects.using(database).filter(username__iexact=name).first()
    if user is None:
        raise refuse("account", shorten(name), "an account of this trial", "Correct the name")
    return user


def operator_of(name: str, database: str = DEFAULT_DB_ALIAS) -> Actor:
    """Give the operator of a name, for a command.

    Parameters
    ----------
    name : str
        Of the account.
    database : str
        Where it is looked for.

    Returns
    -------
    Actor
        As it is recorded.

    Raises
    ------
    Refusal
        If there is no such account, it is closed, or it is no operator's.
    """
    user = account_of(name, database)
    kept = Standing.objects.using(database).filter(account=user, kind=OPERATOR)
    if not (user.is_active and kept.exists()):
        raise refuse("--by", shorten(name), "an account of an operator", "Name an operator")
    return Actor(user.get_username(), OPERATOR, EVERY_SITE)


def _is_noted(account: str) -> bool:
    """Say whether the newest entry of the last hour about a lockout of an account is of one.

    Guesses may come at once, so that nobody sees the one that made the number full.
    """
    since = datetime.fromisoformat(desk().gateway.clock()) - timedelta(hours=LOCKED_HOURS)
    for each in reversed(desk().records()):
        if datetime.fromisoformat(each.entered_at) < since:
            return False
        told, is_of_accounts = each.happening.payload, each.happening.act == ACCOUNT_CHANGED
        change = told.get("change") if is_of_accounts and told.get("account") == account else ""
        if change in ("locked", DEEDS[UNLOCK]):
            return change == "locked"
    return False


def _lockout(tried: Mapping[str, list[AccessAttempt]], waits: timedelta) -> Lockout:
    """Add up what is counted together; the account is locked for who is counted under its name."""
    every = [each for rows in tried.values() for each in rows]
    ends = [max(each.attempt_time for each in rows) + waits
            for rows in tried.values() if _tries(rows) >= FAILURES_BEFORE_LOCKOUT]  # fmt: skip
    return Lockout(_tries(every), max(ends, default=None))


def _tries(rows: list[AccessAttempt]) -> int:
    """Give how often it was tried."""
    return sum(each.failures_since_start for each in rows)


def _require_closable(user: User, by: Actor) -> None:
    """Refuse to close the own account, so that an operator is always left."""
    if user.get_username() == by.account:
        raise refuse("account", f"{shorten(by.account)}, the operator's own",
                     "the account of somebody else", "Let another operator close it")  # fmt: skip


def note_first(account: str, change: str, by: Actor, reason: str = "", source: str = "") -> None:
    """Note a change that is about to be made, so that what cannot be noted is not done.

    Parameters
    ----------
    account : str
        Whose.
    change : str
        One of the changes of accounts.
    by : Actor
        Who does it.
    reason : str
        Why; may be empty.
    source : str
        Through which door; empty: a page.

    Raises
    ------
    Refusal
        If it cannot be noted.
    """
    desk().gateway.note(account_changed(account, change, today(), reason), by, source)
