"""Secrets typed into forms: in no log line and in no address that the pages lead on to."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from tests.sizes import sized

from trialwright.web.logs import LOGGING, Lines

TYPED = sized(full=150, default=24)

_ANSWER = "/participants/MGH-015/eligibility/answer/"
FORMS = (
    ("/account/sign-in/", {"login": "x{}", "password": "{}"}),
    ("/account/sign-in/", {"login": "the-coordinator", "password": "{}"}),
    ("/participants/", {"number": "{}", "on": "2026-11-28"}),
    ("/participants/", {"number": "MGH-001", "on": "{}"}),
    ("/participants/MGH-015/eligibility/register/", {"arm": "{}", "on": "2026-11-28"}),
    (_ANSWER, {"question": "{}", "answer": "{}", "reason": "{}"}),
    ("/safety/B/", {"cutoff": "{}", "on": "2026-11-28"}),
    ("/statuses/", {"move": "suspend", "site": "mgh", "on": "2026-11-28x", "reason": "{}"}),
    ("/statuses/", {"move": "{}", "site": "{}", "on": "2026-11-28", "reason": "{}"}),
    ("/participants/{}/eligibility/screen/", {"arm": "A"}),
    ("/invitation/{}/", {"username": "{}", "password1": "{}", "password2": "{}"}),
    ("/account/password/", {"oldpassword": "{}", "password1": "{}", "password2": "{}"}),
)  # fmt: skip


def canary(number: int) -> str:
    """Give a secret that stands nowhere else."""
    return f"Canary{number:04}Q"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the logs of the pages write, by their own formatter."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines())
    loggers = [logging.getLogger(name) for name in LOGGING["loggers"]]
    for each in loggers:
        each.addHandler(handler)
    yield written
    for each in loggers:
        each.removeHandler(handler)


@pytest.fixture
def _forgotten(trial) -> Iterator[None]:
    """Forget who was locked out, so that no other test meets it."""
    from axes.models import AccessAttempt

    yield
    AccessAttempt.objects.all().delete()


@pytest.mark.sized
@pytest.mark.usefixtures("_forgotten")
def test_nothing_that_was_typed_is_in_a_log_or_an_address(signed_in, log, tell):
    """Passwords, names and numbers in the wrong fields, signed in and not."""
    from django.test import Client

    inside, outside = signed_in("principal-investigator"), Client()
    inside.raise_request_exception = outside.raise_request_exception = False
    leaks, statuses = [], set()
    for number in range(TYPED):
        address, fields = FORMS[number % len(FORMS)]
        secret = canary(number)
        form = {name: value.format(secret) for name, value in fields.items()}
        client = outside if number // len(FORMS) % 2 else inside
        answer = client.post(address.format(secret), form)
        statuses.add(answer.status_code)
        is_asked = "{}" in address  # who writes a name into an address is led on with it
        if secret in answer.headers.get("Location", "") and not is_asked:
            leaks.append((address, "address"))
        if secret in log.getvalue():
            leaks.append((address, "log"))
            log.truncate(0)

    lines = log.getvalue().splitlines()
    tell("canaries typed into forms", planted=TYPED, log_lines=len(lines), leaks=len(leaks),
         statuses=sorted(statuses))  # fmt: skip
    assert leaks == []
    assert len(lines) >= TYPED
    assert all(json.loads(line) for line in lines)
    assert max(statuses) < 500


def test_a_log_that_quotes_is_caught(log, tell):
    """The negative control: the formatter of the library writes what the one here leaves out."""
    plain = io.StringIO()
    handler = logging.StreamHandler(plain)
    logging.getLogger("django").addHandler(handler)
    try:
        logging.getLogger("django").warning("Not Found: %s", f"/participants/{canary(1)}/")
    finally:
        logging.getLogger("django").removeHandler(handler)

    tell("canaries, control: plain formatter", leaks=plain.getvalue().count(canary(1)))
    assert canary(1) in plain.getvalue()
    assert canary(1) not in log.getvalue()
    assert log.getvalue()
