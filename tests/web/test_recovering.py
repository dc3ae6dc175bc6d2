"""A forgotten password or a lost second factor: two operators, one link, and what ends with it."""

from datetime import timedelta

import pytest

from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

NAME, OLD, NEW = "c.lost", "a long enough pass phrase", "another long pass phrase"
FIRST = Actor("the-operator", "operator", EVERY_SITE)
SECOND = Actor("o.two", "operator", EVERY_SITE)
WHY = "called back at the ward"


def account(name, kind):
    """Make an account, or put it as it was: accounts outlive a test."""
    from django.contrib.auth.models import User

    from trialwright.web.accounts import make_account

    user = User.objects.filter(username=name).first() or make_account(name, OLD, kind)
    user.set_password(OLD)
    user.is_active = True
    user.save()


@pytest.fixture
def care(trial):
    """Give the module, in a trial with two operators and somebody who lost a telephone."""
    from trialwright.web import recovering
    from trialwright.web.models import Recovery

    account("o.two", "operator")
    account(NAME, "person")
    Recovery.objects.all().delete()
    return recovering


def form(password=NEW):
    """Give a form with a new password."""
    return {"password": password, "again": password}


def entries(trial):
    """Give what is on record of the account, oldest first: change, who and why."""
    found = [each for each in trial.gateway.store.records(trial.gateway.trial)
             if each.happening.act == "account_changed"]  # fmt: skip
    return [(each.happening.payload["change"], each.actor, each.happening.reason) for each in found
            if each.happening.payload["account"] == NAME]  # fmt: skip


def visitor():
    """Give a browser that nobody signed in to."""
    from django.test import Client

    return Client()


def test_two_operators_and_one_link_set_a_new_password(care, trial, signed_in):
    """The old password, sessions, tokens and second factor end; each step is on record."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.models import User
    from django.urls import reverse

    from trialwright.web.tokens import make_token

    user, before = User.objects.get(username=NAME), signed_in("", NAME)
    own = reverse("mfa_index")
    TOTP.activate(user, "ABCDEFGHIJKLMNOP")
    make_token(user, "api", "a program", 1)
    at = f"/recovery/{care.begin(NAME, FIRST, WHY)}/"
    assert visitor().get(at).status_code == 404
    care.confirm(NAME, SECOND)
    assert before.get(own).status_code == 200

    assert visitor().get(at).status_code == 200
    answer = visitor().post(at, form())

    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in/")
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not Authenticator.objects.filter(user=user).exists()
    assert not user.tokens.filter(revoked_at=None).exists()
    assert before.get(own).status_code == 302
    assert visitor().post(at, form("a third long pass phrase")).status_code == 404
    assert entries(trial)[-3:] == [
        ("recovery begun", "the-operator", WHY),
        ("recovery confirmed", "o.two", ""),
        ("recovered", NAME, "begun by the-operator, confirmed by o.two"),
    ]


@pytest.mark.parametrize(
    ("name", "by", "reason", "found"),
    [
        (NAME, FIRST, " ", "reason: nothing"),
        ("nobody", FIRST, WHY, "nobody"),
        ("o.two", SECOND, WHY, "the operator's own"),
        ("O.TWO", SECOND, WHY, "the operator's own"),
    ],
)
def test_what_cannot_be_begun_is_refused(care, trial, name, by, reason, found):
    """And nothing is recorded."""
    before = trial.gateway.state().sequence

    with pytest.raises(Refusal, match=found):
        care.begin(name, by, reason)

    assert trial.gateway.state().sequence == before
    assert care.waiting() == {}


def test_whoever_began_does_not_confirm(care, trial):
    """Nor does the owner of the account, though an operator; nor is anything else confirmed."""
    token = care.begin("o.two", FIRST, WHY)

    with pytest.raises(Refusal, match="who began it"):
        care.confirm("o.two", FIRST)
    with pytest.raises(Refusal, match="the operator's own"):
        care.confirm("o.two", SECOND)
    with pytest.raises(Refusal, match="of which no recovery waits"):
        care.confirm(NAME, SECOND)

    assert care.recovery_of(token) is None


def test_a_confirmed_recovery_is_not_confirmed_again(care):
    """And an older link is of no use once a newer one was made."""
    old = care.begin(NAME, FIRST, WHY)
    care.confirm(NAME, SECOND)
    with pytest.raises(Refusal, match="of which no recovery waits"):
        care.confirm(NAME, SECOND)

    new = care.begin(NAME, SECOND, WHY)

    assert care.recovery_of(old) is None
    assert care.recovery_of(new) is None
    care.confirm(NAME, FIRST)
    assert care.recovery_of(new).account.username == NAME


@pytest.mark.parametrize("change", ["out of time", "closed", "digest"])
def test_a_link_that_is_no_use_sets_nothing(care, change):
    """Out of time, of an account closed meanwhile, or the digest that the database holds."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from trialwright.web.accounts import digest_of
    from trialwright.web.models import Recovery

    token = care.begin(NAME, FIRST, WHY)
    care.confirm(NAME, SECOND)
    user = User.objects.get(username=NAME)
    if change == "out of time":
        Recovery.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    elif change == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        token = digest_of(token)

    assert visitor().post(f"/recovery/{token}/", form()).status_code == 404
    assert care.recover(token, NEW) is None
    user.refresh_from_db()
    assert not user.check_password(NEW)


def test_a_weak_or_mistyped_password_keeps_the_link(care):
    """Common, too short, like the name, or not the same twice."""
    at = f"/recovery/{care.begin(NAME, FIRST, WHY)}/"
    care.confirm(NAME, SECOND)

    for entered in (form("password1234"), form("short"), form(NAME), {**form(), "again": "other"}):
        assert visitor().post(at, entered).status_code == 422
    assert visitor().post(at, form()).status_code == 302


def test_operators_do_it_on_their_page(care, signed_in):
    """The link is shown once, to whoever begins; only another operator has the button."""
    first, second = signed_in("operator"), signed_in("operator", "o.two")
    shown = first.post(f"/accounts/{NAME}/recover/", {"reason": WHY}).content.decode()
    link = shown.partition("http://testserver")[2].partition("<")[0]
    assert link.startswith("/recovery/")
    confirming = f"/accounts/{NAME}/confirm/"

    assert confirming not in first.get("/accounts/").content.decode()
    assert link not in first.get("/accounts/").content.decode()
    first.post(confirming)
    assert visitor().get(link).status_code == 404
    assert confirming in second.get("/accounts/").content.decode()
    second.post(confirming)

    assert visitor().get(link).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "principal-investigator", "inspector"])
@pytest.mark.parametrize("deed", ["recover", "confirm"])
def test_nobody_else_recovers_an_account(care, trial, signed_in, role, deed):
    """The page is the operators' alone; a GET does nothing either."""
    before = trial.gateway.state().sequence

    assert signed_in(role).post(f"/accounts/{NAME}/{deed}/", {"reason": WHY}).status_code == 403
    assert signed_in("operator").get(f"/accounts/{NAME}/{deed}/").status_code == 405

    assert trial.gateway.state().sequence == before
