"""Roles come from the delegation log on the day of entry; what it does not say is refused."""

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.web.invented import noon_of

from trialwright.assembly import clock
from trialwright.assembly.gateway import Gateway
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import Delegate, EndDelegation
from trialwright.conduct.roles import Actor

DAY = date(2026, 11, 28)
CHIEF = Actor("p.lindqvist", "principal-investigator", "mgh")
ROW = {"account": "the-pharmacist", "name": "Paul Roe", "role": "coordinator", "site": "mgh",
       "tasks": ["coordinator/consent"], "since": "2026-11-28", "until": "",
       "trained_on": "2026-11-28", "on": "2026-11-28"}  # fmt: skip


def row_of(trial, account):
    """Give the number of the row of an account."""
    found = [each for each in trial.gateway.state().oversight.delegations
             if each.account == account]  # fmt: skip
    return found[-1].number


def test_a_row_is_ended_with_a_reason_and_the_account_sees_nothing_the_day_after(
    signed_in, trial, monkeypatch
):
    """Last day 28 November; on the 29th the pages are closed to the account."""
    chief, coordinator = signed_in("principal-investigator"), signed_in("coordinator")
    at = f"/delegation/{row_of(trial, 'the-coordinator')}/end/"

    without = chief.post(at, {"on": "2026-11-28", "reason": ""})
    done = chief.post(at, {"on": "2026-11-28", "reason": "Leaves the site"})

    assert (without.status_code, done.status_code) == (422, 302)
    assert b"This field is required" in without.content
    assert coordinator.get("/today/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: noon_of(date(2026, 11, 29)))
    after = coordinator.get("/today/")
    assert after.status_code == 403
    assert b"The delegation log gives you no task today" in after.content


def test_a_task_that_is_not_delegated_is_refused_in_words(signed_in, trial):
    """The role of a coordinator alone does not grant consent: that row ended the day before."""
    number = row_of(trial, "the-coordinator")
    trial.gateway.execute(EndDelegation(number, DAY.replace(day=27), "New duties"), CHIEF)
    row = Delegate("the-coordinator", "the-coordinator", "coordinator", "mgh", ("slots",), DAY,
                   None, DAY, DAY)  # fmt: skip
    trial.gateway.execute(row, CHIEF)

    answer = signed_in("coordinator").post(
        "/participants/", {"number": "MGH-017", "on": "2026-11-28"}
    )

    assert answer.status_code == 422
    assert b"none with day 2026-11-28" in answer.content
    assert b'value="MGH-017"' in answer.content


def test_a_person_with_two_roles_chooses(signed_in, trial):
    """The first row counts until the other is chosen; a role nobody gave is not taken."""
    chief, pharmacist = signed_in("principal-investigator"), signed_in("pharmacist")
    assert chief.post("/delegation/", {**ROW, "name": "the-pharmacist"}).status_code == 302
    before = pharmacist.get("/participants/").content

    pharmacist.post("/delegation/acting/", {"as": "principal-investigator all-sites"})
    still = pharmacist.get("/participants/").content
    pharmacist.post("/delegation/acting/", {"as": "coordinator mgh"})
    after = pharmacist.get("/participants/").content

    assert b"pharmacist, mgh" in before
    assert b"Day of consent" not in before
    assert b"Day of consent" not in still
    assert b"Day of consent" in after


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, "the account of another person"),
        (
            {"tasks": ["coordinator/consent", "monitor/queries"]},
            "Chosen: Queries under Monitor. Delegate tasks of the role chosen above: Coordinator.",
        ),
        ({"tasks": ["dose-decision"]}, "Select a valid choice"),
        ({"trained_on": ""}, "This field is required"),
        ({"until": "2026-11-01"}, "the first day or later"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_what_was_entered(signed_in, trial, changed, says):
    """An account belongs to one person; tasks belong to roles; training comes first."""
    before = trial.gateway.state().sequence

    answer = signed_in("principal-investigator").post("/delegation/", {**ROW, **changed})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert 'value="Paul Roe"' in text
    assert trial.gateway.state().sequence == before


def test_tasks_stand_under_each_role_that_may_have_them(signed_in):
    """Every role with its tasks and no other; nothing is chosen before."""
    page = signed_in("principal-investigator").get("/delegation/").content.decode()

    offered = re.findall(r'name="tasks" value="([a-z-]+)/([a-z-]+)"([^>]*)>', page)
    roles = {role for role, _, _ in offered}
    assert {role: {task for of, task, _ in offered if of == role} for role in roles} == {
        role: tasks_of(role) for role in re.findall(r'<option value="([a-z-]+)">', page)
        if tasks_of(role)
    }  # fmt: skip
    assert {"monitor", "coordinator"} < roles
    assert not [each for *_, each in offered if "checked" in each]
    for role in roles:
        assert f"<label>{role.replace('-', ' ').capitalize()}</label>" in page


def test_the_operator_begins_the_log_and_goes_no_further(signed_in, trial, tmp_path, monkeypatch):
    """On a new ledger nobody acts before; then the principal investigator does."""
    from django.conf import settings

    from trialwright.assembly.serving import open_desk

    desk = open_desk(tmp_path, "nct03959891")
    read = desk.gateway.protocol
    desk = replace(
        desk,
        gateway=Gateway(desk.gateway.store, read, lambda: "2026-11-28T09:00:00.000Z", "page"),
    )
    monkeypatch.setattr(settings, "DESK", desk)
    operator, person = signed_in("operator"), signed_in("principal-investigator")
    role = "principal-investigator"
    row = {**ROW, "account": f"the-{role}", "name": "Per Roe", "role": role,
           "tasks": [f"{role}/{task}" for task in ("delegation", "recruitment")]}  # fmt: skip
    assert person.get("/today/").status_code == 403

    refused = operator.post("/delegation/", {**row, "role": "coordinator", "tasks": ["consent"]})
    begun = operator.post("/delegation/", row)
    again = operator.post("/delegation/", {**ROW, "account": "the-monitor", "name": "Mia Roe"})

    assert (refused.status_code, begun.status_code, again.status_code) == (422, 302, 422)
    assert person.get("/today/").status_code == 200
    assert [each.role for each in desk.gateway.state().oversight.delegations] == [
        "principal-investigator"
    ]


def test_an_account_of_another_site_has_no_page_of_a_participant(signed_in, trial):
    """The site is that of the row."""
    assert signed_in("", "elsewhere").get("/participants/MGH-001/").status_code == 404
    assert signed_in("coordinator").get("/participants/MGH-001/").status_code == 200
