"""The interface for programs: one door for acts, reads as on the pages, tokens that end."""

import json
from datetime import timedelta

import pytest

CONSENT = {"participant": "MGH-040", "on": "2026-11-28"}
KEY = "a-key-of-a-test"


def send(client, act, body, key=KEY):
    """Send an act."""
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"/api/acts/{act}", text, content_type="application/json",
                       headers={"Idempotency-Key": key})  # fmt: skip


def test_an_act_is_done_by_the_gateway_and_its_receipt_is_handed_out(token, trial):
    """The head that is told is the one that the ledger holds."""
    answer = send(token("coordinator"), "Consent", CONSENT)

    head = trial.gateway.store.head(trial.gateway.trial)
    told = answer.json()
    assert answer.status_code == 201
    assert told["receipt"] == head.as_mapping()
    entry = trial.records()[-1]
    assert (entry.happening.act, entry.happening.subject) == ("consented", "MGH-040")
    assert (entry.actor, entry.source["door"]) == ("the-coordinator", "api")
    assert told["receipt"]["sequence"] == entry.sequence


def test_a_retry_records_nothing_and_is_answered_alike(token, trial):
    """Also by another process, which has read nothing of the ledger yet."""
    from trialwright.assembly.requests import Requests

    client = token("coordinator")
    first = send(client, "Consent", CONSENT)
    count = trial.gateway.state().sequence
    trial.gateway._requests = Requests()

    again = send(client, "Consent", json.dumps(CONSENT, indent=3))

    assert again.status_code == 200
    assert again.json() == first.json() | {"is_repeated": True}
    assert trial.gateway.state().sequence == count


def test_a_key_stands_for_one_request_of_one_account(token, trial):
    """Another act under it is refused; the same key of another account is another one."""
    send(token("coordinator"), "Consent", CONSENT)

    other = send(token("coordinator"), "Consent", CONSENT | {"participant": "MGH-041"})
    elsewhere = send(token("", "the-investigator"), "Consent", CONSENT | {"participant": "MGH-042"})

    assert other.status_code == 409
    assert other.json()["faults"][0]["where"] == "Idempotency-Key"
    assert elsewhere.status_code == 201
    assert "MGH-041" not in trial.gateway.state().participants


def test_nothing_of_what_is_sent_can_be_told_from_the_source(token, trial):
    """The ledger is handed on: a plain digest of a body would let anybody try names against it."""
    import hashlib

    send(token("coordinator"), "Consent", CONSENT)

    source = trial.records()[-1].source
    plain = json.dumps(CONSENT, sort_keys=True, separators=(",", ":"))
    assert set(source) == {"door", "request", "content"}
    assert hashlib.sha256(plain.encode()).hexdigest() not in source.values()
    assert KEY not in source.values()


@pytest.mark.parametrize(
    ("act", "body", "key", "status", "where"),
    [
        ("Consent", {"participant": "MGH-001", "on": "2026-11-28"}, KEY, 409, "participant"),
        ("Consent", {"participant": "MGH-040"}, KEY, 422, "on"),
        ("Consent", CONSENT | {"onn": 1}, KEY, 422, "onn"),
        ("Consent", CONSENT | {"on": "28/11/2026"}, KEY, 422, "on"),
        ("Consent", '{"participant": "A-1", "participant": "A-2"}', KEY, 422, "participant"),
        ("Consent", '{"participant": NaN}', KEY, 422, None),
        ("Consent", "[]", KEY, 422, "Consent"),
        ("Consent", CONSENT, "", 422, "Idempotency-Key"),
        ("Sign", {}, KEY, 404, "act"),
        ("Nothing", {}, KEY, 404, "act"),
    ],
)
def test_a_refusal_is_told_in_parts_and_records_nothing(
    token, trial, act, body, key, status, where
):
    """Where, found, allowed, do; a signature is given on a page alone."""
    before = trial.gateway.state().sequence

    answer = send(token("coordinator"), act, body, key)

    faults = answer.json()["faults"]
    assert answer.status_code == status
    assert all(set(each) == {"where", "found", "allowed", "do"} for each in faults)
    assert where in (None, *(each["where"] for each in faults))
    assert trial.gateway.state().sequence == before


def test_what_a_role_does_not_grant_is_refused_by_the_gateway(token, trial):
    """A monitor is let in to the door, and does nothing through it."""
    before = trial.gateway.state().sequence

    answer = send(token("monitor"), "Consent", CONSENT)

    assert answer.status_code == 409
    assert "coordinator" in answer.json()["faults"][0]["allowed"]
    assert trial.gateway.state().sequence == before


def test_a_dose_decision_against_the_advice_needs_its_reason(token, trial):
    """The 3+3 advises level 2 in arm B; people stay at level 1 with three more, and say why.

    On the command line, by which nobody decides, the advice of the design stays what it was.
    """
    from click.testing import CliRunner

    from trialwright.cli.main import main

    chief, before = token("principal-investigator"), trial.gateway.state().sequence
    days = {"arm": "B", "on": "2026-11-28", "cutoff": "2026-11-28"}
    stay = {"level": 1, "cohort_size": 3, "reason": "Grade 2 rash in all three"}

    without = send(chief, "DecideDose", {**days, "override": {**stay, "reason": " "}})
    refused = trial.gateway.state().sequence
    done = send(chief, "DecideDose", {**days, "override": stay}, key="another-key-of-it")

    (fault,) = without.json()["faults"]
    assert (without.status_code, refused) == (409, before)
    assert (fault["where"], fault["do"]) == ("reason", "Say why the advice is not followed")
    entry = trial.records()[-1]
    assert (done.status_code, entry.source["door"]) == (201, "api")
    assert entry.happening.reason == "Grade 2 rash in all three"
    decided = entry.happening.payload
    assert (decided["act"], decided["level"], decided["rule"]) == ("stay", 1, "people")
    assert (decided["advice"]["act"], decided["advice"]["level"]) == ("escalate", 2)
    asked = ["next-dose", str(trial.folder), "--arm", "B", "--as-of", "2026-11-28"]
    told = CliRunner().invoke(main, [*asked, "--format", "json"])
    assert (told.exit_code, json.loads(told.stdout)["advice"]["level"]) == (0, 2)


def test_a_participant_of_another_site_is_neither_told_nor_acted_on(token, trial):
    """As if there were none."""
    client, before = token("", "elsewhere"), trial.gateway.state().sequence
    doses = {"participant": "MGH-001", "on": "2026-11-28", "doses": []}

    assert client.get("/api/participants/MGH-001").status_code == 404
    assert client.get("/api/participants/MGH-001/calendar").status_code == 404
    assert client.get("/api/participants").json()["participants"] == []
    assert client.get("/api/due").json()["due"] == []
    assert send(client, "RecordDoses", doses).status_code == 404
    assert trial.gateway.state().sequence == before


def test_a_session_beside_a_token_counts_for_nothing(token, trial, signed_in):
    """Neither its account nor the role that was chosen in it; and it is not ended."""
    browser = signed_in("principal-investigator")
    session = browser.session
    session["acts_as"] = ["principal-investigator", "mgh"]
    session.save()
    program = token("coordinator")
    program.cookies = browser.cookies

    send(program, "Consent", CONSENT)

    entry = trial.records()[-1]
    assert (entry.actor, entry.role) == ("the-coordinator", "coordinator")
    assert program.get("/api/verify").status_code == 403
    assert browser.get("/today/").status_code == 200


def test_reads_tell_what_the_state_holds(token, trial):
    """Compared with the state itself."""
    client, state = token("principal-investigator"), trial.gateway.state()
    here = state.participants["MGH-001"]

    told = client.get("/api/participants/MGH-001").json()
    board = client.get("/api/cohorts").json()
    page = client.get("/api/entries?after=2&limit=3").json()

    assert told["consented_on"] == here.consented_on.isoformat()
    assert (told["arm"], told["dose_level"]) == (here.arm, here.dose_level)
    assert told["entries"] == [sequence for sequence, _ in here.entries]
    assert [each["arm"] for each in board["arms"]] == [each.id for each in state.study.arms]
    assert [each["sequence"] for each in page["entries"]] == [3, 4, 5]
    assert page["next_after"] == 5
    assert client.get(f"/api/entries?after={state.sequence}").json()["next_after"] is None


def test_a_day_in_the_past_is_told_as_it_was(token):
    """Before the first consent there is nobody."""
    told = token("monitor").get("/api/participants?as_of=2026-02-18").json()

    assert told == {"as_of": "2026-02-18", "participants": []}


@pytest.mark.parametrize("query", ["as_of=2026-02-30", "as_of=28.11.2026", "day=2026-11-28",
                                   "as_of=2026-11-27&as_of=2026-11-28"])  # fmt: skip
def test_a_query_is_not_passed_over(token, query):
    """What cannot be read, is unknown or stands twice is refused."""
    assert token("monitor").get(f"/api/due?{query}").status_code == 422


def test_a_question_is_answered_as_the_command_answers_it(token):
    """Both by the one parser."""
    from trialwright.assembly.library import library
    from trialwright.questions.asking import ask
    from trialwright.questions.reading import read_json

    case = '{"term": "Anemia", "value": 7.5, "unit": "g/dL"}'
    answer = token("monitor").post("/api/questions/grade", case, content_type="application/json")
    try:
        expected = ask("grade", read_json(case), library())
    except Exception as refused:  # noqa: BLE001 - the case of this test must be a good one
        pytest.fail(str(refused))

    assert answer.status_code == 200
    assert answer.json() == expected


def test_tokens_end(token, trial):
    """By being taken back, by time, and with their account: at the next request."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from trialwright.web.models import Token
    from trialwright.web.tokens import revoke

    def answered(client):
        return client.get("/api/trial").status_code

    taken, late, closed = (token("monitor") for _ in range(3))
    first, second, _ = Token.objects.order_by("-pk")[:3][::-1]
    monitor = User.objects.get(username="the-monitor")
    assert [answered(each) for each in (taken, late, closed)] == [200, 200, 200]

    assert not revoke(User.objects.get(username="the-inspector"), first.pk)
    assert answered(taken) == 200
    assert revoke(monitor, first.pk)
    Token.objects.filter(pk=second.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert [answered(each) for each in (taken, late, closed)] == [401, 401, 200]
    User.objects.filter(pk=monitor.pk).update(is_active=False)
    try:
        assert answered(closed) == 401
    finally:
        User.objects.filter(pk=monitor.pk).update(is_active=True)


def test_tokens_are_kept_as_digests(trial):
    """The secret stands nowhere in the accounts."""
    from django.contrib.auth.models import User

    from trialwright.web.models import Token
    from trialwright.web.tokens import make_token

    secret = make_token(User.objects.get(username="the-monitor"), "api", "a test", 1)

    held = Token.objects.order_by("-pk").values().first()
    assert secret not in map(str, held.values())
    assert secret[3:] not in map(str, held.values())


def test_a_token_is_made_after_the_password_was_given_again(signed_in):
    """Shown once; and one of another account cannot be taken back."""
    from trialwright.web.models import Token

    client, form = signed_in("monitor"), {"purpose": "api", "label": "lab", "days": "30"}
    assert client.post("/account/tokens/", form)["Location"].startswith("/account/again/")
    wrong = client.post("/account/again/", {"password": "another one altogether"})
    assert wrong.status_code == 200
    again = client.post("/account/again/", {"password": "a long enough pass phrase"})
    assert again.status_code == 302

    answer = client.post("/account/tokens/", form)

    made = Token.objects.order_by("-pk").first()
    assert (made.account.username, made.label) == ("the-monitor", "lab")
    assert b"tw_" in answer.content
    assert b"tw_" not in client.get("/account/tokens/").content
    assert client.post("/account/tokens/", form | {"days": "366"}).status_code == 422
    other = signed_in("inspector").post(f"/account/tokens/{made.pk}/revoke/")
    assert other.status_code == 404
    assert client.post(f"/account/tokens/{made.pk}/revoke/").status_code == 302


def test_the_feed_tells_numbers_and_codes_alone(trial, token):
    """Compared with what is due; the token of a feed is no token of a program."""
    from django.contrib.auth.models import User
    from django.test import Client
    from icalendar import Calendar

    from trialwright.web.tokens import make_token

    user = User.objects.get(username="the-coordinator")
    secret = make_token(user, "calendar", "my calendar", 1)
    elsewhere = make_token(User.objects.get(username="elsewhere"), "calendar", "mine", 1)

    answer = Client().get(f"/calendar/{secret}/visits.ics")

    feed = Calendar.from_ical(answer.content)
    events = feed.walk("VEVENT")
    said = {str(each["SUMMARY"]): each["DTSTART"].dt.isoformat() for each in events}
    due = token("coordinator").get("/api/due").json()["due"]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(feed["X-WR-CALNAME"]) == "NCT03959891 visits"
    assert due
    for each in due:
        assert said[f"{each['participant']} {each['code']}"] <= each["on"]
    allowed = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "CLASS", "TRANSP"}
    assert all(set(each) == allowed for each in events)
    other = Calendar.from_ical(Client().get(f"/calendar/{elsewhere}/visits.ics").content)
    assert other.walk("VEVENT") == []
    assert Client().get("/calendar/nothing/visits.ics").status_code == 404
    bearer = {"Authorization": f"Bearer {secret}"}
    assert Client(headers=bearer).get("/api/trial").status_code == 401


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2028-11-29"])
@pytest.mark.parametrize("at", ["due", "participants/MGH-010/calendar", "cohorts"])
def test_a_day_out_of_reach_is_refused_at_once(token, at, day):
    """Laying out every cycle up to the year 9999 took minutes, and memory without bound."""
    answer = token("coordinator").get(f"/api/{at}?as_of={day}")

    assert answer.status_code == 422
    assert "two years ahead" in answer.content.decode()


def test_two_years_ahead_can_be_asked(token):
    """The last day that is answered."""
    assert token("coordinator").get("/api/due?as_of=2028-11-28").status_code == 200
