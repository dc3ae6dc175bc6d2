"""What the accounts file holds beside accounts: what each is for, and invitations."""

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
