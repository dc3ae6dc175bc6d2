"""Moving the accounts of a trial from their file into PostgreSQL: all of them, or none."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction

from trialwright.conduct.roles import Actor
from trialwright.terms.errors import refuse
from trialwright.web.account_care import note
from trialwright.web.models import Invitation
from trialwright.web.settings import OLD

LEFT = ("contenttypes", "auth.permission", "sessions")
"""What the new database makes by itself, and sessions: everybody signs in again."""


def move(file: Path, by: Actor) -> Mapping[str, int]:
    """Copy every account, factor, token, link and log of sign-ins.

    Parameters
    ----------
    file : Path
        Of the accounts so far; it is read under its lock, and left as it is. `prepare` was called
        with it.
    by : Actor
        Operator, whose account is among them.

    Returns
    -------
    mapping of str to int
        Rows of each table that has any, the same here and there.

    Raises
    ------
    Refusal
        If there are accounts in PostgreSQL already, the file is of another version, or a row does
        not fit; nothing is moved then.
    """
    if User.objects.exists():
        raise refuse("DATABASE_URL", "a database with accounts", "one that has none yet",
                     "Go on with those, or name another database")  # fmt: skip
    try:
        call_command("migrate", database=OLD, check_unapplied=True, verbosity=0)
    except SystemExit:
        raise refuse(str(file), "tables of an earlier version", "tables of this version",
                     "Start `trialwright serve` once without DATABASE_URL, stop it, and try again",
                     ) from None  # fmt: skip
    try:
        with TemporaryDirectory(dir=file.parent) as folder, transaction.atomic():
            Invitation.objects.all().delete()  # the first link, which nobody needs any more
            path = str(Path(folder) / "accounts.json")
            with transaction.atomic(using=OLD):
                call_command("dumpdata", database=OLD, exclude=LEFT, output=path, verbosity=0)
                before = _rows(OLD)
            call_command("loaddata", path, verbosity=0)
            after = _rows(DEFAULT_DB_ALIAS)
            if before != after:
                raise CommandError("rows differ")
    except (DatabaseError, CommandError) as failed:
        raise refuse(str(file), f"accounts that could not be moved ({type(failed).__name__})",
                     "every row, or none: none was moved",
                     "Look at the log of the database, and try again") from None  # fmt: skip
    note(
        by.account, "moved", by, f"{after.get('auth.user', 0)} accounts, from a file to PostgreSQL"
    )
    return after


def _rows(alias: str) -> Mapping[str, int]:
    """Count the rows of each table that is moved and has any."""
    moved = [each._meta for each in apps.get_models()]
    counted = {each.label_lower: each.model._default_manager.using(alias).count()
               for each in moved
               if each.app_label not in LEFT and each.label_lower not in LEFT}  # fmt: skip
    return {table: rows for table, rows in counted.items() if rows}
