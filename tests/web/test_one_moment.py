"""What each page asks of the ledger and of the accounts, and how often it writes the session."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from tests.web.invented import PASSWORD

from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.sqlite import SqliteLedger

BEGUN = datetime(2031, 3, 3, 9, tzinfo=UTC)
SCREENS = ("/today/", "/cohorts/", "/participants/", "/cohorts/A/", "/queries/", "/signatures/",
           "/safety/", "/delegation/", "/amendments/", "/statuses/")  # fmt: skip


@pytest.fixture
def opened_ledgers(trial, monkeypatch):
    """Count how often the ledger is opened for reading."""
    opened = []
    for kind in (SqliteLedger, PostgresLedger):

        @contextmanager
        def reading(self, read=kind._reading):
            """Open it, and count."""
            opened.append(type(self))
            with read(self) as session:
                yield session

        monkeypatch.setattr(kind, "_reading", reading)
    return opened


@pytest.fixture
def time_of_day(monkeypatch):
    """Give a clock for sessions that the test sets."""
    hands = [BEGUN]
    monkeypatch.setattr("django.utils.timezone.now", lambda: hands[0])
    return hands


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
def test_a_page_asks_the_ledger_for_its_state_once(signed_in, opened_ledgers, trial):
    """And once more at most, for the entries themselves."""
    client = signed_in("principal-investigator")
    for screen in SCREENS:
        client.get(screen)
        opened_ledgers.clear()

        answer = client.get(screen)

        assert answer.status_code == 200, screen
        assert 1 <= len(opened_ledgers) <= 2, (screen, opened_ledgers)


def test_a_page_shows_one_moment(signed_in, trial, monkeypatch):
    """Though the ledger goes on while it is made."""
    from trialwright.web import desk

    seen = []
    state = type(trial.gateway).state

    def asked(gateway):
        """Count, and give the state."""
        seen.append(state(gateway))
        return seen[-1]

    monkeypatch.setattr(type(trial.gateway), "state", asked)
    signed_in("coordinator").get("/participants/")

    assert len(seen) == 1
    assert desk.state() is not None
    assert len(seen) == 2  # nothing is held once the page is made


def test_what_was_just_recorded_is_on_the_next_page(signed_in, trial):
    """No page is of the moment of another."""
    client = signed_in("coordinator")
    before = trial.gateway.state()
    number = next(iter(before.participants))
    at = f"/participants/{number}/record/medicine/"
    client.get(at)
    form = {"name": "Paracetamol", "since": before.participants[number].consented_on.isoformat(),
            "until": "", "is_ongoing": "yes", "source": "chart", "note": ""}  # fmt: skip

    answer = client.post(at, form, follow=True)

    assert trial.gateway.state().sequence == before.sequence + 1
    assert b"Recorded as entry" in answer.content


def row_of(client):
    """Give the session as it is kept."""
    from django.contrib.sessions.models import Session

    return Session.objects.get(session_key=client.cookies["sessionid"].value)


@pytest.fixture
def coordinator(trial, time_of_day):
    """Give a client that has just signed in by the form."""
    from django.test import Client

    client = Client()
    client.post("/account/sign-in/", {"login": "the-coordinator", "password": PASSWORD})
    return client


def writes_of(client, at):
    """Give the tables to which asking for a page writes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(at).status_code == 200
    return [each["sql"].split()[:3] for each in asked
            if each["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]  # fmt: skip


def test_a_session_is_written_at_most_once_a_minute(coordinator, time_of_day):
    """The other pages write nothing at all."""
    coordinator.get("/today/")
    time_of_day[0] += timedelta(seconds=60)
    assert writes_of(coordinator, "/today/")
    for _ in range(3):
        time_of_day[0] += timedelta(seconds=19)
        assert writes_of(coordinator, "/participants/") == []
    time_of_day[0] += timedelta(seconds=3)
    assert writes_of(coordinator, "/participants/")


def test_a_session_ends_a_quarter_of_an_hour_after_its_last_page_or_a_minute_sooner(
    coordinator, time_of_day
):
    """Whatever lies between the pages; never later."""
    for seconds in (0, 1, 58, 59, 60, 61, 3, 400, 839, 30, 59, 1, 1):
        time_of_day[0] += timedelta(seconds=seconds)
        assert coordinator.get("/today/").status_code == 200
        left = row_of(coordinator).expire_date - time_of_day[0]
        assert timedelta(minutes=14) < left <= timedelta(minutes=15), seconds

    time_of_day[0] += timedelta(minutes=15)
    answer = coordinator.get("/today/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in/")


def test_whoever_goes_on_stays_signed_in(coordinator, time_of_day):
    """An hour and a half of a page every forty seconds."""
    for _ in range(135):
        time_of_day[0] += timedelta(seconds=40)
        assert coordinator.get("/today/").status_code == 200


def test_a_clock_set_back_has_the_session_written(coordinator, time_of_day):
    """Else it would not be again until the clock has caught up."""
    time_of_day[0] += timedelta(minutes=10)
    coordinator.get("/today/")
    time_of_day[0] -= timedelta(minutes=8)

    assert writes_of(coordinator, "/today/")


def test_who_has_no_session_gets_none(trial, time_of_day, coordinator):
    """Neither a visitor, nor whoever signed out, nor one whose session is over."""
    from django.contrib.sessions.models import Session
    from django.test import Client

    visitor = Client()
    visitor.get("/")
    assert "sessionid" not in visitor.cookies
    held = Session.objects.count()
    time_of_day[0] += timedelta(minutes=16)
    for at in ("/", "/today/", "/account/sign-in/"):
        coordinator.get(at)

    assert Session.objects.count() == held
    assert not coordinator.session.keys()


def test_signing_out_ends_the_session(coordinator):
    """Nothing is written into one that was ended."""
    coordinator.get("/today/")
    coordinator.post("/account/sign-out/")

    assert not coordinator.session.keys()
    assert coordinator.get("/today/").status_code == 302


def test_threads_keep_their_connection_to_the_accounts(trial):
    """Django opens one for each page otherwise."""
    from django.conf import settings

    assert settings.DATABASES["default"]["CONN_MAX_AGE"] == 600
