"""Nobody sees a page that does not say who may see it; each role sees what the table says."""

import pytest
from django.urls import get_resolver

ADDRESSES = {
    "number": "MGH-001",
    "token": "no-such-token",
    "arm": "A",
    "sequence": 1,
    "row": 1,
    "kind": "visit",
    "deed": "request",
    "account": "the-monitor",
    "name": "Consent",
    "rest": "nothing/here",
    "ending": "csv",
    "form": "circe",
    "version": "2.0",
}
"""What stands in the addresses that are asked for."""

OTHERS = {
    "sign": {"kind": "casebook", "subject": "MGH-001"},
    "participant_points": {"sequence": 14},
    "report": {"kind": "safety"},
    "report_file": {"kind": "efficacy", "ending": "csv"},
}
"""The same where a page needs something else."""

STUDY = {"coordinator", "investigator", "principal-investigator", "data-manager", "monitor",
         "inspector", "pharmacist", "statistician", "sponsor"}  # fmt: skip
CENTRAL = {"reader", "adjudicator"}
TRAIL = {"investigator", "principal-investigator", "data-manager", "monitor", "inspector"}
EXPECTED = {
    "today": STUDY,
    "board": STUDY,
    "participants": STUDY,
    "participant": STUDY,
    "participant_eligibility": STUDY,
    "participant_values": STUDY,
    "participant_record": STUDY,
    "participant_points": STUDY,
    "participant_oversight": STUDY,
    "queries": STUDY,
    "signatures": STUDY,
    "sign": STUDY,
    "places": STUDY,
    "safety": STUDY,
    "participant_course": STUDY,
    "response": STUDY,
    "central": STUDY | CENTRAL,
    "participant_central": STUDY | CENTRAL,
    "biomarkers": STUDY,
    "reports": STUDY,
    "report": STUDY,
    "report_file": STUDY,
    "safety_arm": STUDY,
    "safety_rp2d": STUDY,
    "cohort": STUDY,
    "amendments": STUDY,
    "amendments_criteria": STUDY,
    "amendments_criteria_file": STUDY,
    "import": STUDY | CENTRAL,
    "recruiting": STUDY,
    "inspect": TRAIL,
    "inspect_entry": STUDY,
    "inspect_redact": TRAIL,
    "inspect_verify": TRAIL,
    "inspect_state": TRAIL,
    "inspect_csv": TRAIL,
    "inspect_lines": TRAIL,
    "inspect_odm": TRAIL,
    "people": {"operator"},
    "delegations": STUDY | {"operator"},
}
"""Who sees which page, written from the roles of the trial and not from the table of routes."""

PROGRAMS = {
    "api_trial": STUDY,
    "api_participants": STUDY,
    "api_participant": STUDY,
    "api_calendar": STUDY,
    "api_board": STUDY,
    "api_due": STUDY,
    "api_entries": TRAIL,
    "api_entry": STUDY,
    "api_verify": TRAIL,
    "api_questions": STUDY | {"operator"},
    "api_question": STUDY | {"operator"},
    "api_act": STUDY | CENTRAL | {"operator"},
    "api_other": STUDY | {"operator"},
}
"""Which roles' tokens are let in; what an act may do is asked by the gateway."""

ROLES = sorted(STUDY | CENTRAL | {"operator"})
PUBLIC = {"home", "trial", "prescreen", "theme", "invitation", "recovery", "account_login",
          "account_logout", "account_inactive", "mfa_authenticate", "calendar_feed",
          "api_document"}  # fmt: skip
WRITES = {"participant_screen", "participant_answer", "participant_register", "participant_assign",
          "participant_backfill", "delegation_end", "place_act"}  # fmt: skip
CHOOSES = {"acting", "query_step"}
OPERATES = {"account_deed"}


def address(name: str) -> str:
    """Give the address of a route."""
    from django.urls import reverse

    from trialwright.web.routes import ANNOTATED

    asked = {word: ADDRESSES[word] for word in ADDRESSES if f":{word}>" in ANNOTATED[name].at}
    asked |= OTHERS.get(name, {})
    return reverse(name, kwargs=asked)


def test_every_route_says_who_may_see_it(pages):
    """A route that somebody adds beside the table is named here."""
    from trialwright.web.routes import ANNOTATED

    named = [pattern.name for pattern in get_resolver().url_patterns]

    assert set(named) == set(ANNOTATED)
    assert len(named) == len(set(named))


def test_every_route_stands_in_the_matrix(pages):
    """No page is left out of the test below."""
    from trialwright.web.routes import ACCOUNTS, ANNOTATED

    accounts = {name for name, route in ANNOTATED.items() if route.seen_by == ACCOUNTS}

    named = set(EXPECTED) | set(PROGRAMS) | PUBLIC | WRITES | CHOOSES | OPERATES | accounts
    assert set(ANNOTATED) == named


def test_a_route_without_annotation_is_shown_to_nobody(signed_in, monkeypatch):
    """Default deny: a page is there, its line in the table is not."""
    from trialwright.web import routes

    client = signed_in("principal-investigator")
    assert client.get("/cohorts/").status_code == 200
    monkeypatch.delitem(routes.ANNOTATED, "board")

    answer = client.get("/cohorts/")

    assert answer.status_code == 404
    assert b"Cohort board <span" not in answer.content


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_pages_alone(signed_in, role):
    """Every page is asked for by every role."""
    client = signed_in(role)

    seen = {name for name in EXPECTED if client.get(address(name)).status_code == 200}

    assert seen == {name for name, roles in EXPECTED.items() if role in roles}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_part_of_the_interface_alone(token, role):
    """Every route for programs is asked with the token of every role; 403 is told in JSON."""
    client = token(role)

    answers = {name: client.get(address(name)) for name in PROGRAMS}

    let_in = {name for name, answer in answers.items() if answer.status_code != 403}
    assert let_in == {name for name, roles in PROGRAMS.items() if role in roles}
    assert {answer.status_code for answer in answers.values()} <= {200, 403, 404, 405}


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_session_is_no_token(signed_in, name):
    """A browser that is signed in cannot be made to use the interface for programs."""
    answer = signed_in("principal-investigator").get(address(name))

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["faults"][0]["where"] == "Authorization"


def test_nobody_sees_a_page_without_signing_in(trial):
    """All are led to the page of signing in, and none is shown."""
    from django.test import Client

    answers = {name: Client().get(address(name)) for name in EXPECTED}

    assert {answer.status_code for answer in answers.values()} == {302}
    assert all(answer["Location"].startswith("/account/sign-in/") for answer in answers.values())


@pytest.mark.parametrize("name", ["trial", "prescreen", "account_login"])
def test_anybody_sees_the_public_pages(trial, name):
    """The registry record needs no account."""
    from django.test import Client

    assert Client().get(address(name)).status_code == 200


@pytest.mark.parametrize("name", ["participant", "participant_eligibility", "participant_values"])
def test_a_coordinator_of_another_site_sees_no_participant(signed_in, name):
    """The page is as if the participant did not exist."""
    client = signed_in("coordinator", "elsewhere")

    assert client.get(address(name)).status_code == 404


def test_a_coordinator_of_another_site_finds_nobody_in_lists(signed_in):
    """Neither the list nor Today names a participant of the other site."""
    client = signed_in("coordinator", "elsewhere")

    assert b"participants/MGH-0" not in client.get("/participants/").content
    assert b"participants/MGH-0" not in client.get("/today/").content


def test_an_entry_of_another_site_is_not_shown(signed_in, trial):
    """Entry by entry, as for the pages of the participant."""
    sequence = trial.gateway.state().participants["MGH-001"].entries[0][0]

    answer = signed_in("coordinator", "elsewhere").get(f"/inspector/entries/{sequence}/")

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_accounts_are_kept_by_the_operator_alone(signed_in, trial, role):
    """Everybody else is shown nothing of it, and nothing is recorded."""
    before = trial.gateway.state().sequence

    answer = signed_in(role).post(address("account_deed"))

    assert answer.status_code == (404 if role == "operator" else 403)
    assert trial.gateway.state().sequence == before


@pytest.mark.parametrize("name", sorted(WRITES))
def test_an_act_that_the_role_does_not_grant_is_refused(signed_in, trial, name):
    """A monitor sends every form; the gateway refuses, and the ledger stays as it was."""
    before = trial.gateway.state().sequence
    form = {"arm": "C", "on": "2026-11-28", "first_dose_on": "2026-12-01", "answer": "yes",
            "question": "good-candidate", "reason": "", "level": "1",
            "reference": "request-1", "site": "mgh"}  # fmt: skip
    at = address(name).replace("MGH-001", "MGH-015" if name != "participant_assign" else "MGH-014")

    answer = signed_in("monitor").post(at, form)

    assert answer.status_code == 422
    assert trial.gateway.state().sequence == before
