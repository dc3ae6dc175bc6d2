"""Settings of the web shell, made from an open trial; none stands in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialwright.assembly.serving import Desk, file_of_accounts
from trialwright.web.logs import LOGGING
from trialwright.web.sessions import IDLE_SECONDS

KEPT_SECONDS = 600
"""How long a thread keeps its connection to the accounts."""

FAILURES_BEFORE_LOCKOUT = 5
LOCKED_HOURS = 1

POLICY: Mapping[str, list[str]] = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # the code that an authenticator app scans is drawn inline
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
"""Content security policy: nothing from elsewhere, no script and no style inside a page."""


@dataclass(frozen=True, slots=True)
class Door:
    """How the pages are reached.

    Attributes
    ----------
    hosts : tuple of str
        Names under which browsers may ask.
    is_behind_tls : bool
        Whether a proxy with TLS stands in front: cookies are sent over TLS alone then.
    """

    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    is_behind_tls: bool = False


OLD = "old"
"""Name of a second database: the file from which accounts are moved."""


def settings_of(desk: Desk, door: Door = Door(), old: Path | None = None) -> dict[str, Any]:
    """Give the settings for Django.

    Parameters
    ----------
    desk : Desk
        The open trial.
    door : Door
        How the pages are reached.
    old : Path or None
        File from which accounts are moved.

    Returns
    -------
    dict of str to object
        For `django.conf.settings.configure`.
    """
    return {
        "DESK": desk,
        "SECRET_KEY": desk.secret,
        "DEBUG": False,
        "ALLOWED_HOSTS": list(door.hosts),
        "ROOT_URLCONF": "trialwright.web.routes",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "INSTALLED_APPS": [
            "trialwright.web.apps.Web",  # first: its templates stand before those of libraries
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.forms",
            "django_htmx",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "axes",
            "csp",
        ],
        "MIDDLEWARE": [
            "trialwright.web.logs.RequestLog",
            "trialwright.web.desk.OneMoment",
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "trialwright.web.api.bearer.Bearer",  # before sessions are read
            "django.contrib.sessions.middleware.SessionMiddleware",
            "trialwright.web.sessions.Lengthened",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "axes.middleware.AxesMiddleware",
            "trialwright.web.known_browsers.Known",
            "trialwright.web.uploads.Sizes",  # before forms are read, which is done for the token
            "trialwright.web.admission.Admission",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "trialwright.web.furniture.around",
                    ],
                },
            }
        ],
        "FORM_RENDERER": "trialwright.web.furniture.Renderer",
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "TIME_ZONE": "UTC",
        "USE_TZ": True,
        "USE_I18N": False,
        "DATABASES": {
            "default": {
                **desk.accounts_database,
                "ATOMIC_REQUESTS": False,
                "CONN_MAX_AGE": KEPT_SECONDS,
            },
            **({OLD: file_of_accounts(old)} if old else {}),
        },
        "LOGGING": LOGGING,
        **_signing_in(),
        **_cookies(door),
    }


def _signing_in() -> dict[str, Any]:
    """Give what concerns accounts, passwords, second factors and lockout."""
    return {
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
            for name, options in (
                ("UserAttributeSimilarityValidator", {}),
                ("MinimumLengthValidator", {"min_length": 12}),
                ("CommonPasswordValidator", {}),
                ("NumericPasswordValidator", {}),
            )
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "today",
        "ACCOUNT_ADAPTER": "trialwright.web.accounts.Adapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "trial",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_CHANGE_EMAIL": False,
        "ACCOUNT_RATE_LIMITS": False,  # lockout is done by axes, which counts in the database
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Trialwright",
        "MFA_FORMS": {
            "authenticate": "trialwright.web.known_browsers.CodeForm",
            "reauthenticate": "trialwright.web.known_browsers.CodeAgainForm",
        },
        "AXES_FAILURE_LIMIT": FAILURES_BEFORE_LOCKOUT,
        "AXES_COOLOFF_TIME": LOCKED_HOURS,
        "AXES_LOCKOUT_PARAMETERS": ["username"],
        "SILENCED_SYSTEM_CHECKS": ["axes.W006"],  # addresses are not asked: browsers are
        "AXES_USERNAME_CALLABLE": "trialwright.web.known_browsers.counted_as",
        "AXES_RESET_ON_SUCCESS": False,  # the owner's sign-in forgives nobody else's guesses
        "AXES_LOCKOUT_TEMPLATE": "web/locked.html",
        "AXES_SENSITIVE_PARAMETERS": ["login", "username", "password"],
        "AXES_VERBOSE": False,
    }


def _cookies(door: Door) -> dict[str, Any]:
    """Give what concerns cookies, headers and TLS."""
    settings: dict[str, Any] = {
        "SESSION_COOKIE_AGE": IDLE_SECONDS,
        "SESSION_SAVE_EVERY_REQUEST": False,  # `Lengthened` says when
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": door.is_behind_tls,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": door.is_behind_tls,
        "CSRF_FAILURE_VIEW": "trialwright.web.screens.refused.csrf",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": dict(POLICY)},
    }
    if door.is_behind_tls:
        settings |= {
            "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
            "SECURE_SSL_REDIRECT": True,
            "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "CSRF_TRUSTED_ORIGINS": [f"https://{host}" for host in door.hosts],
        }
    return settings
