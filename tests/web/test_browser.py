"""The pages in a browser: journeys, and no violation of WCAG 2.2 AA on any page, in both themes.

The pictures are kept in the folder that TRIALWRIGHT_PICTURES names.
"""

import os
from datetime import date
from pathlib import Path

import pytest
from tests.web.invented import disagree, keep_lower_levels_open

from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import Actor

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {
    "sign-in": ("", "/account/sign-in/"),
    "trial": ("", "/trial/"),
    "questions": ("", "/trial/questions/"),
    "today": ("principal-investigator", "/today/"),
    "cohort-board": ("principal-investigator", "/cohorts/"),
    "participants": ("coordinator", "/participants/"),
    "calendar": ("coordinator", "/participants/MGH-010/"),
    "calendar-in-screening": ("coordinator", "/participants/MGH-016/"),
    "eligibility-open": ("investigator", "/participants/MGH-016/eligibility/"),
    "eligibility-whole": ("investigator", "/participants/MGH-015/eligibility/?all=1"),
    "values": ("monitor", "/participants/MGH-005/values/"),
    "safety": ("monitor", "/safety/"),
    "course": ("investigator", "/participants/MGH-005/course/"),
    "response": ("principal-investigator", "/response/"),
    "biomarkers": ("principal-investigator", "/response/biomarkers/"),
    "reports": ("statistician", "/reports/"),
    "safety-report": ("monitor", "/reports/safety/"),
    "efficacy-report": ("sponsor", "/reports/efficacy/"),
    "visit-form": ("coordinator", "/participants/MGH-010/record/visit/?visit=C1D22"),
    "laboratory-form": ("coordinator", "/participants/MGH-010/record/laboratory/"),
    "person-form": ("coordinator", "/participants/MGH-016/record/person/"),
    "history-form": ("coordinator", "/participants/MGH-016/record/medical-history/"),
    "therapy-form": ("coordinator", "/participants/MGH-016/record/prior-therapy/"),
    "specimen-form": ("coordinator", "/participants/MGH-016/record/specimen/"),
    "baseline-form": ("investigator", "/participants/MGH-016/record/tumour-baseline/"),
    "exception-form": ("principal-investigator", "/participants/MGH-016/record/exception/"),
    "reconsent-form": ("coordinator", "/participants/MGH-010/record/reconsent/"),
    "tumour-form": ("investigator", "/participants/MGH-010/record/tumour-assessment/"),
    "material-form": ("coordinator", "/participants/MGH-004/record/biomarker-material/"),
    "sequencing-form": ("coordinator", "/participants/MGH-004/record/sequencing/"),
    "stain-form": ("coordinator", "/participants/MGH-004/record/stain/"),
    "history": ("monitor", "/participants/MGH-001/entries/14/?field=payload/born"),
    "import": ("coordinator", "/import/"),
    "queries": ("monitor", "/queries/"),
    "queries-and-locks": ("data-manager", "/participants/MGH-005/oversight/"),
    "signatures": ("investigator", "/signatures/"),
    "sign": ("investigator", "/signatures/casebook/MGH-005/"),
    "places": ("coordinator", "/cohorts/C/"),
    "cohort": ("principal-investigator", "/cohorts/C/cohort/"),
    "rp2d": ("principal-investigator", "/safety/B/rp2d/"),
    "protocol-versions": ("principal-investigator", "/amendments/"),
    "criteria-files": ("data-manager", "/amendments/criteria/"),
    "redact": (
        "principal-investigator",
        "/inspector/entries/33/redact/?field=source",
    ),
    "delegation": ("principal-investigator", "/delegation/"),
    "dose-meeting": ("principal-investigator", "/safety/B/"),
    "audit-trail": ("inspector", "/inspector/"),
    "entry": ("inspector", "/inspector/entries/33/"),
    "chain": ("inspector", "/inspector/chain/?verify=1"),
    "state": ("inspector", "/inspector/state/?as_of=2026-09-01"),
    "statuses": ("principal-investigator", "/statuses/"),
    "accounts": ("operator", "/accounts/"),
    "tokens": ("monitor", "/account/tokens/"),
    "second-factor": ("monitor", "/account/second-factor/"),
    "sign-in-again": ("monitor", "/account/second-factor/app/"),
    "password": ("monitor", "/account/password/"),
    "early-visit-form": ("coordinator", "/participants/MGH-010/record/visit/?visit=C2D1"),
    "not-for-your-role": ("operator", "/today/"),
}
CENTRAL_SCREENS = {
    "central-list": ("monitor", "/central-review/"),
    "central-list-of-reader": ("reader", "/central-review/"),
    "central-list-of-adjudicator": ("adjudicator", "/central-review/"),
    "central-of-study": ("principal-investigator", "/participants/MGH-005/central-review/"),
    "central-of-reader": ("reader", "/participants/MGH-005/central-review/"),
    "central-reading": ("reader", "/participants/MGH-005/central-review/?as=reader-1"),
    "central-decision": ("adjudicator", "/participants/MGH-005/central-review/?as=decision"),
    "central-sign": ("adjudicator", "/signatures/form/MGH-005/?part=central_review"),
    "central-course": ("investigator", "/participants/MGH-005/course/"),
    "central-response": ("principal-investigator", "/response/"),
}
"""Screens of a protocol with two readers."""

OPEN_LEVEL = "/participants/MGH-015/eligibility/"
BACKFILL_SCREENS = {
    "backfilled": ("coordinator", OPEN_LEVEL),
    "backfilled-board": ("principal-investigator", "/cohorts/"),
    "backfilled-meeting": ("principal-investigator", "/safety/A/"),
    "backfilled-participant": ("coordinator", "/participants/MGH-015/"),
}
"""Screens of an arm whose lower levels are kept open, once somebody is treated there."""

WIDTHS = (1440, 390)
LOOK = 'rules => axe.run({runOnly: rules, resultTypes: ["violations"]})'


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(opened, theme):
    """On each screen at both widths: axe finds nothing, and nothing runs out of the page."""
    assert _found(opened, SCREENS, theme) == {}


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_central_review_breaks_a_rule_of_accessibility(opened, central, theme):
    """As above, where two readers differ and nobody has adjudicated."""
    from django.conf import settings

    disagree(settings.DESK)

    assert _found(opened, CENTRAL_SCREENS, theme) == {}


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_backfill_breaks_a_rule_of_accessibility(opened, trial, theme):
    """Before somebody is backfilled, and after."""
    keep_lower_levels_open(trial)

    before = _found(opened, {"backfill": ("coordinator", OPEN_LEVEL)}, theme)
    act = AssignBackfill("MGH-015", 1, date(2026, 11, 28))
    trial.gateway.execute(act, Actor("the-coordinator", "coordinator", "mgh"))

    assert (before, _found(opened, BACKFILL_SCREENS, theme)) == ({}, {})


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_of_a_one_time_link_breaks_a_rule_of_accessibility(opened, trial, theme):
    """The pages on which a password is set: of a new account, and of one that lost its own."""
    from trialwright.web import accounts, recovering

    token = recovering.begin("the-monitor", Actor("the-operator", "operator", EVERY_SITE), "called")
    recovering.confirm("the-monitor", Actor("o.two", "operator", EVERY_SITE))
    invited = accounts.invite("person", "the-operator")
    screens = {
        "recovery": ("", f"/recovery/{token}/"),
        "invitation": ("", f"/invitation/{invited}/"),
        "recovery-over": ("", "/recovery/none/"),
    }

    assert _found(opened, screens, theme) == {}
    assert opened().goto(f"/recovery/{token}/").status == 200


def _found(opened, screens, theme):
    """Give what is wrong by screen and width, and take pictures where they are asked for."""
    pictures = os.environ.get("TRIALWRIGHT_PICTURES")
    found = {}
    roles = dict.fromkeys(role for role, _ in screens.values())
    pages = {role: opened(role, theme=theme, bypass_csp=True) for role in roles}
    for name, (role, at) in screens.items():
        page = pages[role]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if width == WIDTHS[0]:
                page.goto(at)
                page.add_script_tag(path=AXE)
            if pictures:
                folder = Path(pictures)
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)
            judged = page.evaluate(LOOK, RULES)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            told = [(each["id"], each["nodes"][0]["target"]) for each in judged["violations"]]
            told += [("runs out of the page", "")] if page.evaluate(wide) else []
            if told:
                found[name, width] = told

    return found


@pytest.mark.parametrize(
    "at",
    [
        "/today/",
        "/participants/",
        "/participants/MGH-016/eligibility/",
        "/participants/MGH-005/values/",
        "/participants/MGH-001/entries/14/",
        "/safety/",
        "/safety/B/",
        "/signatures/",
        "/inspector/",
        "/inspector/state/",
        "/delegation/",
    ],
)
def test_what_is_worked_with_all_day_needs_no_sideways_scrolling(opened, at):
    """On a telephone the rows of its tables stand as blocks."""
    page = opened("principal-investigator", width=390)
    assert page.goto(at).ok

    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => e.getAttribute('aria-label'))"
    )

    assert wide == []


def test_an_open_criterion_is_printed_with_its_facts(opened):
    """On paper, whatever the theme, facts stand and forms do not."""
    page = opened("investigator", theme="dark")
    page.goto("/participants/MGH-015/eligibility/?all=1")
    page.emulate_media(media="print")

    assert page.locator("#c-I10 .evidence").is_visible()
    assert not page.locator("main form").first.is_visible()
    ground = page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_axe_finds_what_is_wrong(opened):
    """A page with a field without a name and with pale words does not pass."""
    page = opened(bypass_csp=True)
    page.goto("/account/sign-in/")
    page.add_script_tag(path=AXE)
    page.evaluate(
        "document.querySelector('main').innerHTML = '<input><p id=pale>pale</p>';"
        "document.getElementById('pale').style.color = '#dddddd'"
    )

    judged = page.evaluate(LOOK, RULES)

    assert {"label", "color-contrast"} <= {each["id"] for each in judged["violations"]}


def test_an_investigator_registers_with_the_keyboard_alone(opened, trial):
    """Sign in, skip to the page, and on to the button; Enter is all that is pressed beside Tab."""
    page = opened()
    page.goto("/participants/MGH-015/eligibility/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#id_login").focus()
    page.keyboard.type("the-investigator")
    page.keyboard.press("Tab")
    page.keyboard.type("a long enough pass phrase")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Register for arm C")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Register MGH-015"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=MGH-015 is registered for arm C")

    assert trial.gateway.state().participants["MGH-015"].registered_on is not None


def press_on(page, name):
    """Press Tab until a field or button has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        here = "document.activeElement.name || document.activeElement.textContent"
        if page.evaluate(here) == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


def test_biomarkers_are_entered_with_the_keyboard_alone(opened, trial):
    """Blood and its DNA in two lines, then a run of it that found nothing; Tab, letters, Enter.

    A list is chosen from by typing the first letters of what it shows.
    """
    page = opened("coordinator")
    page.goto("/participants/MGH-010/record/biomarker-material/")
    for name, typed in (
        ("source", "letter 4"), ("label_1", "K-T"), ("kind_1", "tube"),
        ("time_point_1", "On treat"), ("on_1", "2026-11-20"), ("label_2", "K-C"),
        ("kind_2", "cfDNA"), ("made_of_2", "Material 1"),
    ):  # fmt: skip
        press_on(page, name)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    press_on(page, "Record")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Biomarker material of MGH-010 is on record.")
    press_on(page, "Run of sequencing")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Material sequenced")
    for name, typed in (
        ("material", "K-C"), ("id", "K-R"), ("panel", "plasma"), ("outcome", "Passed"),
        ("reported", "None"), ("on", "2026-11-27"), ("tumour_fraction", "8"),
        ("source", "letter 5"),
    ):  # fmt: skip
        press_on(page, name)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Run of sequencing of MGH-010 is on record.")

    held = trial.gateway.state().participants["MGH-010"].biomarkers
    made = next(each for each in held.materials if each.id == "K-C")
    run = next(each for each in held.runs if each.id == "K-R")
    assert (made.made_of, run.material, run.panel, run.calls) == ("K-T", "K-C", "plasma-panel", ())
    assert run.outcome == "passed"


def test_a_principal_investigator_decides_a_dose(opened, trial):
    """From Today to the decision of arm B."""
    page = opened("principal-investigator")
    page.goto("/today/")
    page.click("text=Go to the dose meeting")
    page.click("text=Record the decision")
    page.wait_for_selector("text=The dose decision of arm B is taken.")

    assert trial.gateway.state().cohorts["B"].level == 2


def test_a_decision_on_an_old_page_is_refused(opened, trial):
    """Somebody else took it while the page was open: refused in words, and one is on record."""
    from trialwright.conduct.acts import DecideDose

    stale = opened("principal-investigator")
    stale.goto("/safety/B/")
    day = date(2026, 11, 28)
    trial.gateway.execute(
        DecideDose("B", day, day), Actor("p.lindqvist", "principal-investigator", "mgh")
    )

    stale.click("text=Record the decision")
    stale.wait_for_selector("text=Nothing was recorded.")

    decided = [each for each in trial.records() if each.happening.subject == "arm-B"]
    assert len(decided) == 1


def test_an_inspector_filters_without_loading_the_page_again(opened):
    """The policy lets the script of the filters work, and nothing is written to the console."""
    page = opened("inspector")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/inspector/")
    page.evaluate("window.stays = true")
    page.select_option("#act", "dose_decided")
    page.wait_for_selector("text=2 of")

    assert page.evaluate("window.stays") is True
    assert "act=dose_decided" in page.url
    assert said == []


def test_the_filters_work_without_scripts(opened):
    """The same by the button."""
    page = opened("inspector", java_script_enabled=False)
    page.goto("/inspector/")
    page.select_option("#act", "dose_decided")
    page.click("text=Filter")
    page.wait_for_selector("text=2 of")

    assert "act=dose_decided" in page.url
