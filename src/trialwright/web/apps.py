"""The web shell as an application of Django."""

from django.apps import AppConfig


class Web(AppConfig):
    """Pages, accounts and their standings; the trial itself is no part of its database."""

    name = "trialwright.web"
    label = "web"
    verbose_name = "Trialwright"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for what happens to accounts."""
        from allauth.account.signals import password_changed
        from allauth.mfa.signals import (
            authentication_failed,
            authenticator_added,
            authenticator_removed,
            authenticator_reset,
        )
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in

        from trialwright.web import account_care, known_browsers

        user_logged_in.connect(known_browsers.signed_in)
        authentication_failed.connect(known_browsers.wrong_code)
        user_locked_out.connect(account_care.note_locked)
        password_changed.connect(account_care.note_password)
        for signal in (authenticator_added, authenticator_removed, authenticator_reset):
            signal.connect(account_care.note_factor)
