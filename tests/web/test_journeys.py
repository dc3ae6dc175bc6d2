"""Days of work in a browser: a coordinator, a principal investigator, two sites, an inspector.

Each on a ledger in SQLite and on one in PostgreSQL; the accounts lie in SQLite.
"""

from datetime import date, timedelta

import pytest
from tests.web.invented import PASSWORD, TODAY, noon_of, with_second_site

from trialwright.assembly import clock, story
from trialwright.assembly.demo_trial import _records
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import RequestSlot, ReserveSlot

pytestmark = [
    pytest.mark.long,
    pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True),
]


def on_day(trial, monkeypatch, day):
    """Let the pages and the entries stand on a day."""
    monkeypatch.setattr(clock, "now", lambda: noon_of(day))
    monkeypatch.setattr(trial.gateway, "clock", lambda: f"{day.isoformat()}T09:00:00.000Z")


def fill(page, **fields):
    """Type into fields by their names; lists of choices are chosen."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_a_coordinator_takes_somebody_from_consent_to_day_15(opened, trial, monkeypatch):
    """Consent, screening, registration, a dose level, doses and the visit of C1D15.

    First dose ten days after consent. The hospital's records come by their own door, and the
    investigator's answers but one; each other step is taken on a page.
    """
    number, first_dose = "MGH-017", TODAY + timedelta(days=10)
    screened, registered = TODAY + timedelta(days=4), TODAY + timedelta(days=6)
    day_15 = first_dose + timedelta(days=14)
    investigator = Actor("the-investigator", "investigator", "mgh")
    on_day(trial, monkeypatch, TODAY)
    page = opened("coordinator")
    page.goto("/participants/")
    page.locator("main summary").first.click()
    fill(page, number=number, on=TODAY.isoformat())
    page.click("button:has-text('Record the consent')")
    page.wait_for_selector(f"text=The consent of {number} is on record")

    on_day(trial, monkeypatch, screened)
    casebook = _records(trial.gateway.state().study, number, first_dose)
    _, *facts = story.consent_and_facts(number, casebook, TODAY, screened)
    for act in facts:
        trial.gateway.execute(act, Actor("the-coordinator", "coordinator", "mgh"))
    trial.gateway.execute(story.absences(number, screened), investigator)
    for answer in story.attestations(number, screened):
        trial.gateway.execute(answer, investigator)

    on_day(trial, monkeypatch, registered)
    doctor = opened("investigator")
    doctor.goto(f"/participants/{number}/eligibility/?arm=C&first_dose_on={first_dose}")
    doctor.click(f"button:has-text('Register {number}')")
    doctor.wait_for_selector(f"text={number} is registered for arm C")
    page.goto(f"/participants/{number}/eligibility/")
    page.click("button:has-text('dose level')")
    page.wait_for_selector(f"text={number} has a dose level")

    on_day(trial, monkeypatch, day_15)
    for agent in ("ipatasertib", "fulvestrant"):
        page.goto(f"/participants/{number}/record/doses/")
        fill(page, agent=agent, on=first_dose.isoformat(), last=day_15.isoformat(),
             source="drug diary")  # fmt: skip
        page.click("button:has-text('Record')")
        page.wait_for_selector(f"text=Doses of {number} is on record")
    page.goto("/today/")
    page.click(f"tr:has-text('{number}') >> text=record C1D15")
    fill(page, source="clinic note")
    page.click("button:has-text('Record')")
    page.wait_for_selector(f"text=Visit of {number} is on record")
    page.click("text=Laboratory values")
    fill(page, term_1="fasting-glucose", value_1="101", unit_1="mg/dL", source="report 3")
    page.click("button:has-text('Record')")
    page.wait_for_selector(f"text=Laboratory values of {number} is on record")

    here = trial.gateway.state().participants[number]
    taken = {agent: [dose.on for dose in here.doses if dose.agent == agent]
             for agent in ("ipatasertib", "fulvestrant")}  # fmt: skip
    assert len(taken["ipatasertib"]) == 15
    assert taken["fulvestrant"] == [first_dose, day_15]
    assert [(each.visit.code, each.visit.on, each.deviations) for each in here.course.visits] == [
        ("C1D15", day_15, ())
    ]
    page.goto("/today/")
    assert page.locator(f"tr:has-text('{number}') >> text=record C1D15").count() == 0


def test_a_principal_investigator_takes_and_signs_a_decision_by_keyboard(opened, trial):
    """The signature is given with the keyboard alone; then it is listed as valid."""
    page = opened("principal-investigator")
    page.goto("/safety/B/")
    page.locator("button:has-text('Record the decision')").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The dose decision of arm B is taken.")
    page.locator("text=See and sign").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What is signed")
    page.locator("#id_meaning").focus()
    page.keyboard.type("I approve")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=what is shown is what was signed")

    (signature,) = trial.gateway.state().oversight.signatures
    assert (signature.meaning, signature.account) == ("approved", "the-principal-investigator")
    assert trial.gateway.state().cohorts["B"].level == 2


def test_two_sites_race_for_the_last_place(opened, trial, monkeypatch):
    """Both ask at once and both press the button at once: one place is held, one site is told no.

    First come, first served, so that whoever's request was taken first wins; one of the two free
    places is held before.
    """
    from django.conf import settings

    two = with_second_site(trial)
    monkeypatch.setattr(settings, "DESK", two)
    coordinator = Actor("the-coordinator", "coordinator", "mgh")
    two.gateway.execute(RequestSlot("request-1", "C", "mgh", TODAY), coordinator)
    two.gateway.execute(ReserveSlot("request-1", TODAY), coordinator)
    pages = {"request-2": opened("coordinator"), "request-3": opened(account="elsewhere")}

    for reference, page in pages.items():
        page.goto("/cohorts/C/")
        page.locator("#id_reference").fill(reference)
    for page in pages.values():
        send_soon(page.locator("form[action$='/request/']"))
    for reference, page in pages.items():
        page.wait_for_selector(f"text={reference} waits for a place in arm C")
    for reference, page in pages.items():
        page.goto("/cohorts/C/")
        row = page.locator(f"tr:has-text('{reference}')")
        row.locator("summary:has-text('Hold a place')").click()
    for reference, page in pages.items():
        send_soon(page.locator(f"tr:has-text('{reference}') form[action$='/reserve/']"))
    for page in pages.values():
        page.wait_for_selector("text=/A place is held for request-|Nothing was recorded/")

    won = [page.locator("text=A place is held for request-").count() for page in pages.values()]
    told = [page.locator("text=Nothing was recorded").count() for page in pages.values()]
    held = [each for each in two.gateway.state().slots.every("C") if each.reservation]
    assert sorted(won) == [0, 1]
    assert [bool(each) for each in told] == [not each for each in won]
    assert len(held) == 2


def send_soon(form):
    """Send a form a moment later, so that two can be on the way at once."""
    form.evaluate("form => { setTimeout(() => form.requestSubmit(), 100) }")


def test_an_inspector_walks_a_value_to_its_source_and_verifies_the_chain(opened, trial):
    """From the list to the grade, who entered it and whether delegated that day; then the chain."""
    page = opened("inspector")
    page.goto("/participants/")
    page.click("text=MGH-005")
    page.click("text=Values and sources")
    page.select_option("#of", "Hyperglycemia")
    page.click("button:has-text('Show')")
    page.click("td a:has-text('entry ')")
    page.click("text=Highest grade")
    page.wait_for_selector("li:has-text('c.meyer, coordinator')")
    entry = page.locator("li:has-text('c.meyer, coordinator') >> text=/entry/")
    entry.click()
    entered = page.locator("dl.facts").inner_text()
    page.click("text=Delegation log")
    row = page.locator("tr:has-text('c.meyer')").inner_text()
    page.click("text=Inspector room")
    page.click("text=Chain")
    page.click("button:has-text('Verify now')")
    page.wait_for_selector("text=intact")

    assert "c.meyer, coordinator, mgh" in entered
    assert "safety" in row
    assert "14 Feb 2026" in row
    assert date(2026, 6, 26) < date(2026, 9, 21)
