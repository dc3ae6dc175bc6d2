"""From the page of eligibility: an answer, an approval, an exception, and what each changed."""

import re
from datetime import date
from decimal import Decimal

import pytest

from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import RecordFacts
from trialwright.conduct.roles import Actor
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.web.checklists import ComesTo, effect

TODAY = date(2026, 11, 28)
INVESTIGATOR = Actor("the-investigator", "investigator", "mgh")
IN_SCREENING = "/participants/MGH-016/eligibility/"
ELIGIBLE = "/participants/MGH-015/eligibility/"


@pytest.fixture
def unfit(trial):
    """Record an ECOG performance status of 3 for MGH-015, who was eligible for arm C."""
    seen = Observation("ecog", Quantity(Decimal(3), "{score}"), PartialDate.of(TODAY),
                       Source("person", "clinic note"))  # fmt: skip
    trial.gateway.execute(RecordFacts("MGH-015", TODAY, observations=(seen,)), INVESTIGATOR)
    return trial


def said(page):
    """Give what the page says of what was done."""
    return page.locator(".said").inner_text()


@pytest.mark.parametrize(
    ("role", "question", "changed"),
    [
        ("investigator", "good-candidate", "I19 was unknown and is met now"),
        ("principal-investigator", "tissue-approval", "I20 was unknown and is met now"),
        (
            "principal-investigator",
            "second-malignancy-approval",
            "No verdict changes: other things still decide it",
        ),
    ],
)
def test_an_answer_says_what_it_changed(opened, trial, role, question, changed):
    """The question with the answer, each criterion that moved, and what the arm comes to."""
    page = opened(role)
    page.goto(IN_SCREENING)
    asked = page.locator(f"#q-{question}")
    asked.locator("summary").click()
    asked.locator("input[value=yes]").check()
    asked.locator("textarea").fill("Seen today")

    asked.get_by_role("button", name="Record the answer").click()
    page.wait_for_selector(".said")

    assert changed in said(page)
    assert "Arm C stays: cannot tell yet." in said(page)
    assert (
        page.locator(f"#q-{question} > summary")
        .inner_text()
        .endswith(f"the {role.replace('-', ' ')}")
    )


def test_a_deviation_begins_at_its_criterion_and_ends_there(opened, trial):
    """The form knows the criterion; the page then says that it is on record beside the verdict."""
    page = opened("principal-investigator")
    page.goto("/participants/MGH-013/eligibility/")
    page.click("text=Put an exception or deviation for I04 on record")
    assert page.locator("[name=criterion]").input_value() == "I04"
    page.select_option("[name=sort]", "deviation")
    page.fill("[name=granted_by]", "board, 18")
    page.fill("[name=reason]", "Found at monitoring")

    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_selector(".said")

    assert "The verdict stays what it is" in said(page)
    criterion = page.locator("#c-I04").inner_text()
    assert "not met" in criterion
    assert "An exception or deviation stands on record for it." in criterion
    assert page.url.endswith("/participants/MGH-013/eligibility/#c-I04")
    assert trial.gateway.state().participants["MGH-013"].excepted


def test_registration_is_offered_by_an_exception(signed_in, unfit):
    """Where it is all that kept it back, with what the registration will name; else it is not."""
    investigator, chief = signed_in("investigator"), signed_in("principal-investigator")
    before = investigator.get(ELIGIBLE).content.decode()
    granted = {"criterion": "I04", "sort": "exception", "granted_by": "board, 17",
               "on": "2026-11-28", "reason": "Fracture, not disease"}  # fmt: skip

    chief.post("/participants/MGH-015/record/exception/?criterion=I04", granted)
    after = investigator.get(ELIGIBLE).content.decode()
    day = {"arm": "C", "on": "2026-11-28", "first_dose_on": "2026-12-02"}
    done = investigator.post(f"{ELIGIBLE}register/", day)

    assert "Register MGH-015" not in before
    assert "Register MGH-015" in after
    assert "Not by the criteria alone" in after
    assert done.status_code == 302
    assert unfit.gateway.state().participants["MGH-015"].registered_on == TODAY


def test_no_exception_is_offered_to_whom_it_does_not_belong(signed_in, unfit):
    """Nor for what is not known, or met."""
    coordinator = signed_in("coordinator").get(ELIGIBLE).content.decode()
    chief = signed_in("principal-investigator").get(ELIGIBLE).content.decode()

    assert "record/exception/?criterion" not in coordinator
    assert re.findall(r"record/exception/\?criterion=(\w+)", chief) == ["I04"]


def test_nothing_is_said_of_a_checklist_that_is_not_known():
    """Days that cannot be judged give no words; a move names both verdicts and the arm."""
    one = ComesTo("C", "cannot tell yet", {"I04": "unknown", "I05": "met"})
    two = ComesTo("C", "eligible", {"I04": "met", "I05": "met"})

    assert effect(None, two) == effect(one, None) == ""
    assert effect(one, two) == "I04 was unknown and is met now. Arm C is now: eligible."


def test_whether_the_record_is_complete_is_answered_on_the_page(opened, trial):
    """The question that most criteria wait for leads to its form, and changes them."""
    page = opened("investigator")
    page.goto(IN_SCREENING)
    page.click("main a[href='#q-record-complete']")
    asked = page.locator("#q-record-complete")
    asked.locator("summary").click()
    asked.locator("input[value=yes]").check()

    asked.get_by_role("button", name="Record the answer").click()
    page.wait_for_selector(".said")

    given = trial.gateway.state().participants["MGH-016"].casebook.attestations[-1]
    assert (given.question, given.answer, given.role) == ("record-complete", "yes", "investigator")
    assert "so that what is not in it did not happen? Yes." in said(page)
