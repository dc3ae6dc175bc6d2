"""Lockout: guesses are stopped, their owner is not; an operator unlocks; all of it is on record."""

import pytest
from tests.web.test_signing_in import PASSWORD, sign_in

NAME = "the-monitor"


@pytest.fixture
def browsers(trial):
    """Make browsers that know nothing of each other, with nothing counted before or after."""
    from axes.models import AccessAttempt
    from django.contrib.auth.models import User
    from django.test import Client

    AccessAttempt.objects.all().delete()
    yield Client
    AccessAttempt.objects.all().delete()
    User.objects.filter(username=NAME).update(is_active=True)


@pytest.fixture
def factor(browsers):
    """Give the monitor a second factor, and what makes codes of it."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )
    from django.contrib.auth.models import User

    user, secret = User.objects.get(username=NAME), generate_totp_secret()
    TOTP.activate(user, secret)
    yield lambda: format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    Authenticator.objects.filter(user=user).delete()


def changes(trial):
    """Give what the ledger says of accounts: account, change, and who did it in which role."""
    noted = [each for each in trial.records() if each.happening.act == "account_changed"]
    return [(*each.happening.payload.values(), each.actor, each.role) for each in noted]


def leave(browser):
    """End the session; the browser keeps its other cookies."""
    del browser.cookies["sessionid"]


def guess(browser, times, name=NAME):
    """Give wrong passwords; say how the last was answered."""
    return [sign_in(browser, name, f"wrong {each}").status_code for each in range(times)][-1]


def test_a_guesser_does_not_lock_a_browser_that_is_known(browsers):
    """The owner goes on where they signed in before, and nowhere else."""
    owner, guesser, new = browsers(), browsers(), browsers()
    sign_in(owner, NAME, PASSWORD)
    leave(owner)

    assert guess(guesser, 5) == 429

    assert sign_in(owner, NAME, PASSWORD).status_code == 302
    assert sign_in(new, NAME, PASSWORD).status_code == 429


def test_a_known_browser_is_locked_by_its_own_guesses_alone(browsers):
    """Whoever sits down at it has five tries, and the account stays open elsewhere."""
    owner, new = browsers(), browsers()
    sign_in(owner, NAME, PASSWORD)
    leave(owner)

    assert guess(owner, 4) == 200
    assert guess(owner, 1) == 429
    assert sign_in(owner, NAME, PASSWORD).status_code == 429
    assert sign_in(new, NAME, PASSWORD).status_code == 302


def test_the_sign_in_of_the_owner_forgives_no_guesses(browsers):
    """Four guesses stay four, from a browser that is known as from one that is not."""
    owner, guesser = browsers(), browsers()
    guess(guesser, 4)

    assert sign_in(owner, NAME, PASSWORD).status_code == 302
    assert sign_in(owner, NAME, PASSWORD).status_code == 302
    assert guess(guesser, 1) == 429


def test_the_cookie_of_another_account_or_of_nobody_is_no_use(browsers):
    """A colleague's browser is not known for the monitor, nor is one with a cookie made up."""
    from trialwright.web.known_browsers import COOKIE

    colleague, forger = browsers(), browsers()
    sign_in(colleague, "the-coordinator", PASSWORD)
    leave(colleague)
    guess(browsers(), 5)
    forger.cookies[COOKIE] = colleague.cookies[COOKIE].value[:-1] + "x"

    assert sign_in(colleague, NAME, PASSWORD).status_code == 429
    assert sign_in(forger, NAME, PASSWORD).status_code == 429


def test_the_cookie_names_nobody_and_is_not_for_scripts(browsers):
    """It is kept half a year, and holds digests and marks."""
    from django.core import signing

    from trialwright.web.known_browsers import COOKIE, DAYS

    owner = browsers()
    sign_in(owner, NAME, PASSWORD)
    cookie = owner.cookies[COOKIE]

    assert NAME not in str(signing.loads(cookie.value, salt=COOKIE))
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == DAYS * 24 * 3600


def test_a_browser_is_known_for_a_few_people_and_the_newest_stay(browsers, monkeypatch):
    """On a ward several use one; each sign-in gives a new mark, so its own count begins anew."""
    from django.core import signing

    from trialwright.web import known_browsers

    monkeypatch.setattr(known_browsers, "PEOPLE", 2)
    shared, marks = browsers(), []
    for name in ("the-coordinator", NAME, "the-sponsor", NAME):
        sign_in(shared, name, PASSWORD)
        marks.append(signing.loads(shared.cookies[known_browsers.COOKIE].value,
                                   salt=known_browsers.COOKIE))  # fmt: skip
        leave(shared)

    assert [len(each) for each in marks] == [1, 2, 2, 2]
    assert marks[3].keys() == marks[2].keys()
    assert marks[3].values() != marks[2].values()


def test_a_password_without_the_code_makes_no_browser_known(browsers, factor):
    """Only the second factor ends a sign-in."""
    from trialwright.web.known_browsers import COOKIE

    browser = browsers()
    sign_in(browser, NAME, PASSWORD)
    assert COOKIE not in browser.cookies

    done = browser.post("/account/code/", {"code": factor()})

    assert (done.status_code, done["Location"]) == (302, "/today/")
    assert COOKIE in browser.cookies


def test_wrong_codes_lock_as_wrong_passwords_do(browsers, factor):
    """Whoever has the password cannot try every code."""
    guesser = browsers()
    sign_in(guesser, NAME, PASSWORD)

    answers = [guesser.post("/account/code/", {"code": "000000"}) for _ in range(5)]
    after = guesser.post("/account/code/", {"code": factor()})

    assert [each.status_code for each in answers] == [200, 200, 200, 200, 429]
    assert after.status_code == 429
    assert guesser.get("/today/").status_code == 302


def test_the_operator_unlocks_and_both_are_on_record(browsers, signed_in, trial):
    """One entry for the lockout, however long the guessing goes on, and one for the unlocking."""
    operator, guesser, new = signed_in("operator"), browsers(), browsers()
    guess(guesser, 8)
    shown = operator.get("/accounts/").content.decode()

    done = operator.post(f"/accounts/{NAME}/unlock/", {"reason": "called by the monitor"})

    assert "locked" in shown
    assert "8 wrong passwords" in shown
    assert done.status_code == 302
    assert sign_in(new, NAME, PASSWORD).status_code == 302
    assert changes(trial) == [(NAME, "locked", "system", "system"),
                              (NAME, "unlocked", "the-operator", "operator")]  # fmt: skip
    assert trial.records()[-1].happening.reason == "called by the monitor"


def test_guesses_that_come_at_once_are_on_record_once(browsers, trial):
    """Four browsers guess at the same time; whoever makes the number full, it is noted."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(lambda browser: guess(browser, 3), [browsers() for _ in range(4)])]

    assert 429 in answers
    assert {each[:2] for each in changes(trial)} == {(NAME, "locked")}


def test_what_no_account_is_called_is_not_recorded(browsers, trial):
    """It may be a password in the wrong field."""
    guess(browsers(), 6, name="Secret9.of-somebody")

    assert changes(trial) == []


def test_an_account_that_is_closed_is_of_no_use_until_it_is_reopened(
    browsers, signed_in, token, trial
):
    """Its session, its password and its tokens; what it did stays."""
    operator, inside, program = signed_in("operator"), signed_in("monitor"), token("monitor")
    operator.post(f"/accounts/{NAME}/close/", {"reason": "left the sponsor"})

    assert inside.get("/today/").status_code == 302
    assert program.get("/api/trial").status_code == 401
    assert sign_in(browsers(), NAME, PASSWORD)["Location"].startswith("/account/inactive/")
    assert "closed" in operator.get("/accounts/").content.decode()

    operator.post(f"/accounts/{NAME}/reopen/")

    assert sign_in(browsers(), NAME, PASSWORD)["Location"] == "/today/"
    assert [each[1] for each in changes(trial)] == ["closed", "reopened"]


@pytest.mark.parametrize(
    ("at", "says"), [("the-operator/close", "own"), ("nobody/unlock", "nobody")]
)
def test_what_cannot_be_done_to_an_account_is_refused_in_words(signed_in, trial, at, says):
    """The operator stays, and so does the ledger."""
    operator, before = signed_in("operator"), trial.gateway.state().sequence

    operator.post(f"/accounts/{at}/")

    assert says in operator.get("/accounts/").content.decode()
    assert trial.gateway.state().sequence == before


def test_what_cannot_be_recorded_is_not_done(browsers, signed_in, trial, monkeypatch):
    """The ledger first, then the account."""
    from trialwright.assembly.gateway import Gateway
    from trialwright.terms.errors import refuse

    def full(*_, **__):
        """Refuse every entry."""
        raise refuse("ledger", "a full disk", "room", "Make room")

    guess(browsers(), 5)
    monkeypatch.setattr(Gateway, "note", full)
    signed_in("operator").post(f"/accounts/{NAME}/unlock/")

    assert sign_in(browsers(), NAME, PASSWORD).status_code == 429


def test_what_people_do_to_their_own_account_is_on_record(browsers, trial, factor):
    """A second factor that is taken away, and a new password."""
    from django.contrib.auth.models import User

    inside, user = browsers(), User.objects.get(username=NAME)
    sign_in(inside, NAME, PASSWORD)
    inside.post("/account/code/", {"code": factor()})
    try:
        form = {"oldpassword": PASSWORD, "password1": "another pass phrase",
                "password2": "another pass phrase"}  # fmt: skip
        assert inside.post("/account/again/", {"password": PASSWORD}).status_code == 302
        assert inside.post("/account/second-factor/off/")["Location"] == "/account/second-factor/"
        assert inside.post("/account/password/", form).status_code == 302
    finally:
        User.objects.filter(pk=user.pk).update(password=user.password)

    assert changes(trial) == [(NAME, "second factor removed", NAME, "account-holder"),
                              (NAME, "password changed", NAME, "account-holder")]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_accounts_breaks_no_rule_of_accessibility(browsers, opened, theme):
    """With an account that is locked and one that is closed, at both widths."""
    from django.contrib.auth.models import User
    from tests.web.test_browser import SCREENS, _found

    guess(browsers(), 5, name="the-coordinator")
    User.objects.filter(username=NAME).update(is_active=False)

    assert _found(opened, {"accounts-locked": SCREENS["accounts"]}, theme) == {}
