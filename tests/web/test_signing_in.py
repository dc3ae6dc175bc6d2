"""Signing in: no default password, lockout, idle sessions, second factor, one-time links."""

import re
from datetime import timedelta

import pytest

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of invented accounts


@pytest.fixture
def visitor(trial):
    """Give a client that checks the tokens of forms as a browser's server does."""
    from axes.models import AccessAttempt
    from django.test import Client

    AccessAttempt.objects.all().delete()
    yield Client()
    AccessAttempt.objects.all().delete()


def sign_in(client, name, password):
    """Send the form."""
    return client.post("/account/sign-in/", {"login": name, "password": password})


def test_the_right_password_opens_today(visitor):
    """And the session ends after a quarter of an hour without a request."""
    answer = sign_in(visitor, "the-coordinator", PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, "/today/")
    assert visitor.session.get_expiry_age() == 15 * 60


def test_an_idle_session_is_over(visitor):
    """The next page leads to the page of signing in."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    sign_in(visitor, "the-coordinator", PASSWORD)
    key = visitor.cookies["sessionid"].value
    row = Session.objects.get(session_key=key)
    assert row.expire_date <= timezone.now() + timedelta(minutes=15)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())

    answer = visitor.get("/today/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in/")


def test_a_wrong_password_is_refused_in_words(visitor):
    """Nothing tells whether the account exists."""
    known = sign_in(visitor, "the-coordinator", "wrong")
    unknown = sign_in(visitor, "nobody", "wrong")

    assert known.status_code == unknown.status_code == 200
    assert b"are not correct" in known.content
    assert b"are not correct" in unknown.content


def test_the_fifth_wrong_password_locks_the_account(visitor):
    """From then on the right one is refused as well, for this account alone."""
    answers = [sign_in(visitor, "the-monitor", f"wrong {number}") for number in range(5)]

    assert answers[3].status_code == 200
    assert answers[4].status_code == 429
    assert sign_in(visitor, "the-monitor", PASSWORD).status_code == 429
    assert sign_in(visitor, "the-coordinator", PASSWORD).status_code == 302


def test_passwords_are_kept_by_argon2(trial):
    """None is readable in the accounts file."""
    from django.contrib.auth.models import User

    kept = User.objects.get(username="the-coordinator").password

    assert kept.startswith("argon2$argon2id$")


def test_a_second_factor_is_asked_for_once_it_is_set(visitor):
    """After the password comes the code, and Today is not shown before."""
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )
    from django.contrib.auth.models import User

    from trialwright.web.accounts import make_account

    user = make_account("with-factor", PASSWORD, "inspector")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    try:
        first = sign_in(visitor, "with-factor", PASSWORD)
        assert first["Location"].startswith("/account/code/")
        assert visitor.get("/today/").status_code == 302

        counter = next(iter(yield_hotp_counters_from_time()))
        code = format_hotp_value(hotp_value(secret, counter))
        second = visitor.post("/account/code/", {"code": code})

        assert (second.status_code, second["Location"]) == (302, "/today/")
        assert visitor.get("/today/").status_code == 200
    finally:
        user.standing.delete()
        User.objects.filter(pk=user.pk).delete()


def test_signing_in_again_says_why_and_is_done(visitor):
    """In the words of the product; a wrong password changes nothing, the right one goes on."""
    sign_in(visitor, "the-coordinator", PASSWORD)
    asked = visitor.get("/account/tokens/", follow=True)
    at = asked.redirect_chain[-1][0]

    wrong = visitor.post(at, {"password": "wrong", "next": "/account/tokens/"})
    right = visitor.post(at, {"password": PASSWORD, "next": "/account/tokens/"})

    assert b"<h1>Sign in again</h1>" in asked.content
    assert b"and then not again for 5 minutes" in asked.content
    assert b"Confirm Access" not in asked.content
    assert b"You are still signed in, and nothing was changed." in wrong.content
    assert b"Nothing was recorded" not in wrong.content
    assert (right.status_code, right["Location"]) == (302, "/account/tokens/")


OWN = (
    ("/account/second-factor/", "Second factor"),
    ("/account/password/", "Password"),
    ("/account/second-factor/app/", "Sign in again"),
)
"""Pages of an account whose words are of the product."""


@pytest.mark.parametrize(("at", "heading"), OWN)
def test_the_pages_of_an_account_speak_as_the_others_do(visitor, at, heading):
    """None has the words of the library."""
    sign_in(visitor, "the-coordinator", PASSWORD)

    page = visitor.get(at, follow=True).content.decode()

    assert f"<h1>{heading}</h1>" in page
    assert not re.search("Two-Factor|Activate|Deactivate|Are you sure", page)


def test_a_link_makes_one_account_once(visitor):
    """The second use finds nothing, and a link kept in the file is a digest."""
    from django.contrib.auth.models import User

    from trialwright.web.accounts import invite
    from trialwright.web.models import Invitation, Standing

    token = invite("person", "the-operator")
    at = f"/invitation/{token}/"
    form = {"name": "n.ewcomer", "password": PASSWORD, "again": PASSWORD}
    try:
        made = visitor.post(at, form)
        again = visitor.post(at, {**form, "name": "s.econd"})

        assert made.status_code == 302
        assert again.status_code == 404
        standing = Standing.objects.get(account__username="n.ewcomer")
        assert standing.kind == "person"
        assert visitor.get("/today/").status_code == 403
        assert token not in str(list(Invitation.objects.values()))
    finally:
        Standing.objects.filter(account__username="n.ewcomer").delete()
        User.objects.filter(username="n.ewcomer").delete()


def test_a_link_ends_after_two_days(visitor):
    """Nobody can use one that was forgotten."""
    from django.utils import timezone

    from trialwright.web.accounts import invite
    from trialwright.web.models import Invitation

    token = invite("person", "the-operator")
    Invitation.objects.filter(used_at=None).update(ends_at=timezone.now())

    assert visitor.get(f"/invitation/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"password": "short", "again": "short"}, b"too short"),
        ({"again": "another pass phrase"}, b"The two passwords differ"),
        ({"name": "Jane Doe"}, b"small letters"),
        ({"name": "the-monitor"}, b"in use"),
    ],
)
def test_a_weak_account_is_refused_at_the_field(visitor, changed, says):
    """The link stays good."""
    from trialwright.web.accounts import invitation_of, invite

    token = invite("person", "the-operator")
    form = {"name": "w.eak", "password": PASSWORD, "again": PASSWORD, **changed}

    answer = visitor.post(f"/invitation/{token}/", form)

    assert answer.status_code == 422
    assert says in answer.content
    assert invitation_of(token) is not None


def test_nobody_signs_up_unasked(visitor):
    """There is no such page."""
    assert visitor.get("/account/signup/").status_code == 404
    assert visitor.get("/accounts/signup/").status_code == 404


def test_the_first_link_is_made_only_while_there_is_no_account(trial):
    """With accounts there is none to be had."""
    from trialwright.web.starting import first_link

    assert first_link(trial) == ""


def test_the_secret_is_made_once_and_for_its_owner_alone(trial):
    """Mode 0600; another start finds the same."""
    from trialwright.assembly.serving import open_desk

    path = trial.folder / "secret.key"

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(trial.secret) >= 64
    assert open_desk(trial.folder, "nct03959891").secret == trial.secret


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("the-operator", "/accounts/"),
        ("the-reader", "/central-review/"),
        ("the-sponsor", "/today/"),
    ],
)
def test_a_sign_in_leads_to_a_page_of_the_role(visitor, name, at):
    """Not every role sees Today; nobody begins with a refusal."""
    answer = sign_in(visitor, name, PASSWORD)

    assert answer["Location"] == at
    assert visitor.get(at).status_code == 200
