"""The web shell as an application of Django."""

from django.apps import AppConfig


class Web(AppConfig):
    """Pages, accounts and their standings; the trial itself is no part of its database."""

    name = "trialwright.web"
    label = "web"
    verbose_name = "Trialwright"
    default_auto_field = "django.db.models.BigAutoField"
