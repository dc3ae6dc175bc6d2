"""What every answer says to the browser, and what never stands in an address or a log."""

import json
import logging
import re

import pytest

CANARY = "Zebrafink"
PAGES = ("/trial/", "/trial/questions/", "/today/", "/cohorts/", "/participants/", "/safety/",
         "/safety/A/", "/statuses/", "/inspector/", "/participants/MGH-010/",
         "/participants/MGH-015/eligibility/", "/response/", "/reports/", "/reports/safety/",
         "/reports/efficacy/", "/participants/MGH-010/course/")  # fmt: skip


@pytest.mark.parametrize("at", PAGES)
def test_the_policy_lets_nothing_in_from_elsewhere(signed_in, at):
    """Default-src is the page's own server; no script or style may stand inside a page."""
    answer = signed_in("principal-investigator").get(at)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    text = answer.content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=\"/static/)", text)
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


def test_the_other_headers(signed_in):
    """No sniffing, no framing, no copy in a cache once somebody has signed in."""
    answer = signed_in("monitor").get("/today/")

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_behind_tls_cookies_and_headers_are_strict(trial):
    """Cookies over TLS alone, HSTS for a year, plain requests are led to TLS."""
    from trialwright.web.settings import Door, settings_of

    strict = settings_of(trial, Door(("trial.example",), is_behind_tls=True))
    plain = settings_of(trial)

    assert strict["SESSION_COOKIE_SECURE"] is strict["CSRF_COOKIE_SECURE"] is True
    assert strict["SECURE_SSL_REDIRECT"] is True
    assert strict["SECURE_HSTS_SECONDS"] == 31536000
    assert strict["ALLOWED_HOSTS"] == ["trial.example"]
    assert "SECURE_HSTS_SECONDS" not in plain


def test_the_accounts_are_another_file_than_the_ledger(trial):
    """With writing locked from the beginning, and no transaction around a request."""
    from trialwright.web.settings import settings_of

    made = settings_of(trial)
    accounts = made["DATABASES"]["default"]

    assert accounts["NAME"] == str(trial.folder / "accounts.sqlite")
    assert accounts["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert accounts["ATOMIC_REQUESTS"] is False
    assert made["DEBUG"] is False
    assert "django.contrib.admin" not in made["INSTALLED_APPS"]


def test_a_form_without_its_token_is_refused(trial):
    """Nothing is recorded, and the page says what to do."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    user = User.objects.get(username="the-coordinator")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post("/participants/", {"number": "MGH-099", "on": "2026-11-28"})

    assert answer.status_code == 403
    assert b"could not be taken" in answer.content
    assert "MGH-099" not in trial.gateway.state().participants


@pytest.fixture
def log(monkeypatch):
    """Catch the lines that every logger of the pages would write."""
    from trialwright.web.logs import LOGGING, Lines

    lines: list[str] = []

    class Catcher(logging.Handler):
        """Keeps each line."""

        def emit(self, record):
            """Keep a line as it would be written."""
            lines.append(Lines().format(record))

    catcher = Catcher()
    for name in LOGGING["loggers"]:
        logging.getLogger(name).addHandler(catcher)
    yield lines
    for name in LOGGING["loggers"]:
        logging.getLogger(name).removeHandler(catcher)


def test_nothing_that_a_person_typed_is_logged(signed_in, log, monkeypatch):
    """Not a reason, a number of another form, a password, an address, nor an exception's words."""
    from trialwright.web import desk

    client = signed_in("investigator")
    client.post("/participants/", {"number": CANARY, "on": CANARY})
    answer = {"question": CANARY, "answer": "yes", "on": "2026-11-28", "reason": CANARY}
    client.post("/participants/MGH-015/eligibility/answer/", answer)
    client.get(f"/participants/{CANARY}/")
    client.get(f"/inspector/?subject={CANARY}")
    client.post("/account/sign-in/", {"login": CANARY, "password": CANARY})
    client.post("/trial/questions/", {"I01": CANARY})

    def broken():
        """Fail with words in the exception."""
        raise ValueError(CANARY)

    monkeypatch.setattr(desk, "state", broken)
    client.raise_request_exception = False
    failed = client.get("/today/")

    assert failed.status_code == 500
    assert CANARY not in failed.content.decode()
    told = [json.loads(line) for line in log]
    assert {"participants", "participant_answer", "participant", "inspect", "prescreen"} <= {
        line.get("route") for line in told
    }
    assert any(line.get("fault") == "ValueError" for line in told)
    assert CANARY not in "\n".join(log)


def test_a_reason_stands_in_no_address(signed_in, trial):
    """After an answer the browser is led to an address without what was typed."""
    answer = signed_in("investigator").post(
        "/participants/MGH-016/eligibility/answer/",
        {"question": "good-candidate", "answer": "yes", "on": "2026-11-28", "reason": CANARY},
    )

    assert answer.status_code == 302
    assert CANARY not in answer["Location"]
    said = trial.gateway.state().participants["MGH-016"].casebook.attestations[-1]
    assert said.reason == CANARY


def test_questions_to_oneself_are_stored_nowhere(trial):
    """Neither ledger nor accounts file nor session changes."""
    from django.contrib.sessions.models import Session
    from django.test import Client

    before = (trial.gateway.state().sequence, Session.objects.count())
    client = Client()

    answer = client.post("/trial/questions/", {"E11": "yes", "I04": "yes"})

    assert b"1 answer may speak against it" in answer.content
    assert (trial.gateway.state().sequence, Session.objects.count()) == before
    assert "sessionid" not in answer.cookies
