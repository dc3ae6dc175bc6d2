"""A form that is sent twice is recorded once; one for which nobody was signed in comes back."""

import re
from urllib.parse import urlsplit

from django.test import Client
from tests.web.invented import PASSWORD

AT = "/participants/MGH-010/record/adverse-event/"
EVENT = {
    "term": "Rash", "grade": "2", "started": "2026-11-20", "ended": "", "is_serious": "no",
    "attribution": "agents", "related_to": ["ipatasertib"], "source": "clinic note",
}  # fmt: skip
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def token_of(answer):
    """Give the token of the forms of a page."""
    return re.search(rf'name="{TOKEN}" value="(\w+)"', answer.content.decode()).group(1)


def test_a_double_click_is_one_entry(signed_in, trial):
    """The second one of the same showing is told which entry it is, and adds none."""
    client = signed_in("coordinator")
    entered = EVENT | {TOKEN: token_of(client.get(AT))}
    before = len(trial.records())

    client.post(AT, entered)
    answer = client.post(AT, entered, follow=True)

    assert len(trial.records()) == before + 1
    assert f"it was on record already, as entry {trial.records()[-1].sequence}" in words(answer)


def test_the_same_may_be_entered_anew(signed_in, trial):
    """A form that is shown again, or filled in otherwise, is another one."""
    client = signed_in("coordinator")
    first = token_of(client.get(AT))
    before = len(trial.records())

    client.post(AT, EVENT | {TOKEN: first})
    client.post(AT, EVENT | {TOKEN: first, "grade": "3"})
    client.post(AT, EVENT | {TOKEN: token_of(client.get(AT))})

    assert len(trial.records()) == before + 3


def test_a_double_consent_is_no_refusal(signed_in, trial):
    """The number is in use by then, by this very form."""
    client = signed_in("coordinator")
    entered = {"number": "MGH-077", "on": "2026-11-28"}
    entered[TOKEN] = token_of(client.get("/participants/"))

    answers = [client.post("/participants/", entered).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert "MGH-077" in trial.gateway.state().participants


def test_a_form_after_the_session_ended_comes_back(trial):
    """Nothing is recorded, and every field stands in the answer to be sent again."""
    before = len(trial.records())

    answer = Client().post(AT, EVENT, headers={"Origin": "http://testserver"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    assert 'name="related_to" value="ipatasertib"' in page
    assert f'action="{AT}"' in page
    assert "What you typed is still there" in words(answer)
    assert len(trial.records()) == before


def test_what_another_site_sends_is_not_shown(trial):
    """Nor a form that holds a password: they are led to the sign-in, with nothing kept."""
    elsewhere = Client().post(AT, EVENT, headers={"Origin": "http://elsewhere.example"})
    secret = Client().post(
        "/signatures/casebook/MGH-005/",
        {"meaning": "approved", "password": PASSWORD},
        headers={"Origin": "http://testserver"},
    )

    assert [elsewhere.status_code, secret.status_code] == [302, 302]
    assert urlsplit(secret["Location"]).path == "/account/sign-in/"


def test_nothing_typed_is_lost_when_a_session_ends(opened, trial):
    """In a browser: the session ends, the form is sent, somebody signs in beside it, sends again.

    The sign-in makes the token of the form void, so that it comes back a second time.
    """
    page = opened("coordinator")
    page.goto(AT)
    page.fill("[name=term]", "Rash")
    page.select_option("[name=grade]", "2")
    page.fill("[name=started]", "2026-11-20")
    page.fill("[name=source]", "clinic note of an hour")
    page.context.clear_cookies(name="sessionid")
    before = len(trial.records())

    page.click("button:has-text('Record')")
    page.wait_for_selector("text=What you typed is still there")
    beside = page.context.new_page()
    beside.goto("/account/sign-in/")
    beside.fill("#id_login", "the-coordinator")
    beside.fill("#id_password", PASSWORD)
    beside.click("main button[type=submit]")
    beside.wait_for_url("**/today/")
    page.click("button:has-text('Send it again')")
    page.wait_for_selector("text=What was typed is still there")
    page.click("button:has-text('Send it again')")
    page.wait_for_selector("text=Adverse event of MGH-010 is on record")

    event = trial.gateway.state().participants["MGH-010"].adverse_events[-1]
    assert (event.term, event.source.place) == ("Rash", "clinic note of an hour")
    assert trial.records()[before].happening.act == "adverse_event_recorded"
