"""Roles and sites of people stand in the delegation log of the trial; accounts say less."""

from typing import Any

from django.db import migrations

KEPT = ("operator", "inspector")


def _forget_roles(apps: Any, schema_editor: object) -> None:
    """Let every account that neither keeps accounts nor inspects be that of a person."""
    for name in ("Standing", "Invitation"):
        apps.get_model("web", name).objects.exclude(role__in=KEPT).update(role="person")


class Migration(migrations.Migration):
    """Take sites away, and roles that the delegation log tells."""

    dependencies = [
        ("web", "0001_accounts"),
    ]

    operations = [
        migrations.RunPython(_forget_roles, migrations.RunPython.noop),
        migrations.RenameField("Standing", "role", "kind"),
        migrations.RemoveField("Standing", "site"),
        migrations.RenameField("Invitation", "role", "kind"),
        migrations.RemoveField("Invitation", "site"),
    ]
