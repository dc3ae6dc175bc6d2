"""Correct, ask, verify, freeze, lock and sign on the pages: who did it, why, and what it voids."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.conduct.conftest import toxicity

from trialwright.assembly.story import COORDINATOR
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Target

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of invented accounts
GRADE = "payload/event/grade"


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def event(trial):
    """Give the address of the hyperglycaemia of MGH-005, grade 3, and its entry."""
    record = next(
        each for each in trial.records()
        if (each.happening.act, each.happening.subject) == ("adverse_event_recorded", "MGH-005")
        and each.happening.payload["event"]["term"] == "Hyperglycemia"
    )  # fmt: skip
    return f"/participants/MGH-005/entries/{record.sequence}/", record.sequence


def change(client, at, field=GRADE, **form):
    """Send a form about a value."""
    return client.post(f"{at}?field={field}", form)


def test_a_correction_keeps_the_old_value_in_sight(signed_in, trial, event):
    """Grade 3 becomes 2, with the reason; both values stand on the page with who entered them."""
    at, _ = event
    client = signed_in("coordinator")
    form = {"do": "correct", "old": "3", "sort": "number", "new": "2"}

    without = change(client, at, **form, reason="")
    done = change(client, at, **form, reason="Glucose was 240 mg/dL")

    text = words(client.get(f"{at}?field={GRADE}"))
    assert (without.status_code, done.status_code) == (422, 302)
    assert b'value="2"' in without.content
    history = text[text.index("In acts and exports payload/event/grade") :]
    assert re.search(r"3 replaced .*?c\.meyer, coordinator", history)
    assert re.search(r" 2 .*?the-coordinator, coordinator.*?Glucose was 240 mg/dL", history)
    (hyperglycaemia,) = [each for each in trial.gateway.state().participants["MGH-005"]
                         .adverse_events if each.term == "Hyperglycemia"]  # fmt: skip
    assert hyperglycaemia.grade == 2


def test_a_correction_of_a_value_that_nobody_saw_is_refused(signed_in, trial, event):
    """The page was open while somebody else corrected."""
    at, _ = event
    before = trial.gateway.state().sequence

    answer = change(signed_in("coordinator"), at, do="correct", old="4", sort="number", new="2",
                    reason="Lower")  # fmt: skip

    assert answer.status_code == 422
    assert "another value than the one recorded now" in words(answer).casefold()
    assert trial.gateway.state().sequence == before


def test_a_query_goes_from_question_to_close(signed_in, trial, event):
    """The monitor asks, the site answers, the monitor closes; each sees its own next step."""
    at, sequence = event
    monitor, site = signed_in("monitor"), signed_in("coordinator")
    assert change(monitor, at, do="ask", text="Which laboratory?").status_code == 302
    waiting = words(site.get("/queries/"))

    empty = site.post("/queries/1/", {"do": "answer", "text": ""})
    site.post("/queries/1/", {"do": "answer", "text": "Central"})
    answered = words(monitor.get("/queries/"))
    monitor.post("/queries/1/", {"do": "close", "text": ""})

    assert f"Highest grade of entry {sequence}" in waiting
    assert "Which laboratory?" in waiting
    assert "Answer query 1" in waiting
    assert "Close query 1" not in waiting
    assert empty.status_code == 422
    assert "Close query 1" in answered
    assert trial.gateway.state().oversight.queries[1].state == "Closed"
    assert "No query is open" in words(monitor.get("/queries/"))
    assert "Central" in words(monitor.get("/queries/?all=1"))


def test_a_site_takes_no_step_of_a_query_of_another_site(signed_in, trial, event):
    """It is as if the query did not exist."""
    change(signed_in("monitor"), event[0], do="ask", text="Which laboratory?")

    answer = signed_in("", "elsewhere").post("/queries/1/", {"do": "answer", "text": "Ours"})

    assert answer.status_code == 404
    assert trial.gateway.state().oversight.queries[1].state == "Open"


def test_a_value_is_verified_frozen_locked_and_opened_again(signed_in, trial, event):
    """Frozen and locked values take no correction; opening needs a reason."""
    at, _ = event
    monitor, manager = signed_in("monitor"), signed_in("data-manager")
    site = signed_in("coordinator")
    wrong = {"do": "correct", "old": "3", "sort": "number", "new": "2", "reason": "Lower"}

    change(monitor, at, do="verify")
    verified = words(monitor.get(f"{at}?field={GRADE}"))
    change(monitor, at, do="freeze")
    frozen = change(site, at, **wrong)
    change(manager, at, do="lock")
    locked = words(site.get(f"{at}?field={GRADE}"))
    silent = change(manager, at, do="unlock", reason="")
    opened = change(manager, at, do="unlock", reason="Late report")

    assert re.search(r"Highest grade 3 \S verified", verified)
    assert frozen.status_code == 422
    assert "is frozen since 2026-11-28" in words(frozen)
    assert re.search(r"Highest grade 3 \S locked", locked)
    assert (silent.status_code, opened.status_code) == (422, 302)
    assert change(site, at, **wrong).status_code == 302


def test_a_whole_participant_is_locked_on_one_page(signed_in, trial):
    """Then nothing more is entered; the page says what is held and since when."""
    at = "/participants/MGH-010/oversight/"
    manager = signed_in("data-manager")
    assert manager.post(at, {"do": "lock", "part": ""}).status_code == 302

    visit = signed_in("coordinator").post(
        "/participants/MGH-010/record/visit/",
        {"code": "C1D22", "outcome": "done", "on": "2026-11-27", "source": "x", "note": ""},
    )

    assert visit.status_code == 422
    assert "MGH-010 is locked since 2026-11-28" in words(visit)
    assert "locked MGH-010 since 28 Nov 2026" in words(manager.get(at))


def test_a_signature_asks_for_the_password_and_a_change_voids_it(signed_in, trial, event):
    """Name, time with zone, meaning and digest are shown; the correction voids it visibly."""
    at, _ = event
    client = signed_in("investigator")
    target = Target("casebook", "MGH-005")
    digest = content_digest(trial.gateway.state(), target)
    page = "/signatures/casebook/MGH-005/"
    shown = words(client.get(page))
    form = {"digest": digest, "meaning": "responsible"}

    wrong = client.post(page, {**form, "password": "something else"})
    done = client.post(page, {**form, "password": PASSWORD})
    valid = words(client.get("/signatures/"))
    change(signed_in("coordinator"), at, do="correct", old="3", sort="number", new="2",
           reason="Lower")  # fmt: skip
    void = words(client.get("/signatures/"))

    assert digest in shown
    assert "Hyperglycemia" in shown
    assert wrong.status_code == 422
    assert "Nothing was signed" in words(wrong)
    assert b"something else" not in wrong.content
    assert done.status_code == 302
    (signature,) = trial.gateway.state().oversight.signatures
    assert (signature.name, signature.meaning, signature.digest) == (
        "the-investigator", "responsible", digest,
    )  # fmt: skip
    assert f"{signature.at[11:19]} {signature.at[-6:]}" in valid
    assert signature.zone in valid
    assert f"{digest[:16]}…" in valid
    assert "✓ valid what is shown is what was signed." in valid
    assert "✕ void" in void
    assert "changed." in void


def test_what_was_shown_is_what_is_signed(signed_in, trial, event):
    """Somebody corrects while the page of the signature is open: the old digest is refused."""
    target = Target("casebook", "MGH-005")
    digest = content_digest(trial.gateway.state(), target)
    change(signed_in("coordinator"), event[0], do="correct", old="3", sort="number", new="2",
           reason="Lower")  # fmt: skip

    answer = signed_in("investigator").post(
        "/signatures/casebook/MGH-005/",
        {"digest": digest, "meaning": "reviewed", "password": PASSWORD},
    )

    assert answer.status_code == 422
    assert "another content than the one that stands now" in words(answer).casefold()
    assert trial.gateway.state().oversight.signatures == ()


def test_wrong_passwords_at_a_signature_lock_the_account(signed_in, trial):
    """They count as those at signing in do: the fifth locks, and the right one is refused."""
    from axes.models import AccessAttempt

    client = signed_in("investigator")
    digest = content_digest(trial.gateway.state(), Target("casebook", "MGH-005"))
    form = {"digest": digest, "meaning": "reviewed"}
    at = "/signatures/casebook/MGH-005/"
    AccessAttempt.objects.all().delete()
    try:
        for number in range(5):
            client.post(at, {**form, "password": f"wrong {number}"})
        client.post(at, {**form, "password": PASSWORD})
    finally:
        AccessAttempt.objects.all().delete()

    assert trial.gateway.state().oversight.signatures == ()


@pytest.mark.parametrize("role", ["coordinator", "inspector", "sponsor"])
def test_who_does_not_sign_a_casebook_has_no_form(signed_in, role):
    """The page shows what would be signed, and by whom."""
    text = words(signed_in(role).get("/signatures/casebook/MGH-005/"))

    assert "It is signed by: investigator, principal investigator." in text


def test_a_decision_against_the_advice_needs_its_reason(signed_in, trial):
    """Arm B: the 3+3 advises level 2; people stay at level 1 with three more, and say why."""
    chief = signed_in("principal-investigator")
    form = {"cutoff": "2026-11-28", "on": "2026-11-28", "choice": "1", "cohort_size": "3",
            "minutes": "Held by telephone", "attended": ["p.lindqvist", "s.kowalski"]}  # fmt: skip

    without = chief.post("/safety/B/", {**form, "reason": ""})
    done = chief.post("/safety/B/", {**form, "reason": "Grade 2 rash in all three"})

    text = words(chief.get("/safety/B/"))
    assert (without.status_code, done.status_code) == (422, 302)
    assert "Held by telephone" in without.content.decode()
    assert "Why: Grade 2 rash in all three" in text
    assert "against the advice" in text
    assert "waits for: principal investigator, statistician, sponsor" in text
    payload = trial.records()[-1].happening.payload
    assert (payload["act"], payload["level"], payload["advice"]["act"]) == ("stay", 1, "escalate")
    assert payload["attended"] == ["p.lindqvist", "s.kowalski"]


def test_a_dose_decision_is_signed_by_each_role(signed_in, trial):
    """Then nothing is waited for any more."""
    chief = signed_in("principal-investigator")
    chief.post("/safety/B/", {"cutoff": "2026-11-28", "on": "2026-11-28"})
    sequence = trial.records()[-1].sequence
    page = f"/signatures/dose-decision/arm-B/?sequence={sequence}"
    target = Target("dose-decision", "arm-B", sequence=sequence)
    digest = content_digest(trial.gateway.state(), target)

    for role in ("principal-investigator", "statistician", "sponsor"):
        answer = signed_in(role).post(
            page, {"digest": digest, "meaning": "approved", "password": PASSWORD}
        )
        assert answer.status_code == 302

    assert "waits for" not in words(chief.get("/safety/B/"))
    assert words(chief.get("/signatures/")).count("✓ valid") == 3


def test_people_decide_where_the_design_has_no_advice(signed_in, trial):
    """Arm B escalates; a DLT of level 1 becomes known late, and people go back with a reason."""
    chief = signed_in("principal-investigator")
    days = {"cutoff": "2026-11-28", "on": "2026-11-28"}
    chief.post("/safety/B/", days)
    began = trial.gateway.state().participants["MGH-007"].first_dose_on
    late = replace(toxicity("MGH-007", start=began), on=date(2026, 11, 28))
    trial.gateway.execute(late, COORDINATOR)

    before = words(chief.get("/safety/B/"))
    form = {**days, "choice": "1", "cohort_size": "3", "minutes": "", "attended": []}
    without = chief.post("/safety/B/", {**form, "reason": ""})
    done = chief.post("/safety/B/", {**form, "reason": "One late DLT"})

    assert "No advice: the design does not decide on these data." in before
    assert "Counts that the design looks at" in before
    assert (without.status_code, done.status_code) == (422, 302)
    assert "without advice" in words(chief.get("/safety/B/"))
    assert trial.records()[-1].happening.payload["advice"]["act"] == "no advice"
