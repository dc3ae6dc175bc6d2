"""A plain Django page to measure beside: sessions, an account, a table of fifty rows from SQLite.

`pages.py` starts it with the folder of its database and its port.
"""

import sys
from pathlib import Path
from secrets import token_hex

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from waitress import serve

THREADS = 8
"""As many as the pages of the product have."""

ROWS = 50
PAGE = (
    "<!doctype html><title>Plain</title><table>{% for each in rows %}<tr><th>{{ each.username }}"
    "</th><td>{{ each.date_joined }}</td><td>{{ each.email }}</td></tr>{% endfor %}</table>"
    "<p>{{ account }}</p>"
)


def page(request: HttpRequest) -> HttpResponse:
    """Show fifty rows, and who asks."""
    from django.contrib.auth.models import User

    context = Context({"rows": User.objects.all()[:ROWS], "account": request.user})
    return HttpResponse(Template(PAGE).render(context))


urlpatterns = [path("", page)]


def main() -> None:
    """Make the rows, and serve."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY=token_hex(), ROOT_URLCONF=__name__, USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                               "NAME": str(folder / "plain.sqlite")}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth",
                        "django.contrib.sessions"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware",
                    "django.contrib.sessions.middleware.SessionMiddleware",
                    "django.middleware.common.CommonMiddleware",
                    "django.middleware.csrf.CsrfViewMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from django.contrib.auth.models import User

    User.objects.bulk_create(
        User(username=f"row-{place}", email=f"row-{place}@example.org") for place in range(ROWS)
    )
    serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=THREADS)


if __name__ == "__main__":
    main()
