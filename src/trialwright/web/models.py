"""What the accounts file holds beside accounts: what each is for, invitations and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models


class Standing(models.Model):
    """What an account is for; what a person may do in the trial, its delegation log says.

    Attributes
    ----------
    account : User
        The account; it is never deleted while this stands.
    kind : str
        `person`, `inspector` or `operator`.
    """

    objects: ClassVar[models.Manager[Standing]]

    account: models.OneToOneField[User, User] = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="standing"
    )
    kind: models.CharField[str, str] = models.CharField(max_length=40)


class Invitation(models.Model):
    """A link by which one person sets a name and a password, once; the link itself is not kept.

    Attributes
    ----------
    digest : str
        SHA-256 of the secret part of the link.
    kind : str
        What the account will be for.
    ends_at : datetime
        Until when it can be used.
    used_at : datetime or None
        When it was used.
    by : str
        Account that made it, or `serve`.
    """

    objects: ClassVar[models.Manager[Invitation]]

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    kind: models.CharField[str, str] = models.CharField(max_length=40)
    ends_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True
    )
    by: models.CharField[str, str] = models.CharField(max_length=150)


class Token(models.Model):
    """A secret with which a program acts as an account; the secret itself is not kept.

    Attributes
    ----------
    digest : str
        SHA-256 of the secret.
    account : User
        As which the program acts; its role is asked anew at each request.
    purpose : str
        `api` or `calendar`; one is no use as the other.
    label : str
        What it is for, in the words of whoever made it.
    made_at, ends_at : datetime
        From when until when it can be used.
    revoked_at : datetime or None
        When it was taken back.
    """

    objects: ClassVar[models.Manager[Token]]

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    account: models.ForeignKey[User, User] = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="tokens"
    )
    purpose: models.CharField[str, str] = models.CharField(max_length=20)
    label: models.CharField[str, str] = models.CharField(max_length=60)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ends_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    revoked_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True
    )


class Recovery(models.Model):
    """A link by which somebody sets a new password for the own account, once two operators agree.

    Attributes
    ----------
    digest : str
        SHA-256 of the secret part of the link.
    account : User
        Whose password was forgotten, or second factor lost.
    by, confirmed_by : str
        Operators: who began it, and who confirmed it; the second is empty until then.
    ends_at : datetime
        Until when the link can be used.
    used_at : datetime or None
        When it was used, or a newer one took its place.
    """

    objects: ClassVar[models.Manager[Recovery]]

    digest: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    account: models.ForeignKey[User, User] = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="recoveries"
    )
    by: models.CharField[str, str] = models.CharField(max_length=150)
    confirmed_by: models.CharField[str, str] = models.CharField(max_length=150, default="")
    ends_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    used_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(
        null=True
    )
