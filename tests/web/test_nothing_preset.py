"""Nothing is entered that nobody chose; what waits for somebody stands on Today."""

import re
from datetime import date

import pytest

from trialwright.conduct.cohort_acts import HoldCohort
from trialwright.conduct.query_acts import AnswerQuery, RaiseQuery
from trialwright.conduct.recruiting_acts import SuspendTrial
from trialwright.conduct.roles import Actor
from trialwright.web.forms import OPEN

TODAY_PAGE = "/today/"
AT = "/participants/MGH-010/record/"


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def begins_with(page, name):
    """Give value and words of the first choice of a list in which none is chosen."""
    (inside,) = re.findall(rf'<select name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = re.findall(r'<option value="([^"]*)" selected', inside)
    assert chosen in ([], [""])
    return re.search(r'<option value="([^"]*)"[^>]*>([^<]*)<', inside).groups()


@pytest.mark.parametrize(
    ("role", "at", "names"),
    [
        ("investigator", f"{AT}end-of-treatment/", ["cause"]),
        ("investigator", f"{AT}end-of-study/", ["cause"]),
        ("coordinator", f"{AT}death/", ["cause"]),
        ("coordinator", f"{AT}survival/", ["how"]),
        ("coordinator", f"{AT}pregnancy/", ["of"]),
        ("coordinator", f"{AT}cycle-delay/", ["cause"]),
        ("coordinator", f"{AT}specimen/", ["form"]),
        ("coordinator", f"{AT}doses/", ["agent"]),
        ("coordinator", f"{AT}drug-count/", ["agent"]),
        ("investigator", f"{AT}tumour-assessment/", ["new"]),
        ("principal-investigator", "/delegation/", ["account", "role"]),
    ],
)
def test_a_list_begins_with_nothing(signed_in, at, role, names):
    """A cause of death or a new lesion that nobody chose is no answer."""
    page = signed_in(role).get(at).content.decode()

    assert [begins_with(page, name) for name in names] == [OPEN] * len(names)


def test_a_lesion_is_read_by_somebody(signed_in, trial):
    """Each non-target lesion waits for its reading too."""
    number = next(each.number for each in trial.gateway.state().participants.values()
                  if each.baseline and each.baseline.nontargets)  # fmt: skip
    at = f"/participants/{number}/record/tumour-assessment/"
    page = signed_in("investigator").get(at).content.decode()

    others = re.findall(r'<select name="(other_[^"]+)"', page)
    assert others
    assert {begins_with(page, each) for each in others} == {OPEN}


def test_an_event_is_attributed_to_what_the_participant_takes(signed_in, trial):
    """Of arm A the partner drugs of the other arms are not offered."""
    here = trial.gateway.state().participants["MGH-010"]
    page = signed_in("coordinator").get(f"{AT}adverse-event/").content.decode()

    offered = re.findall(r'name="related_to" value="([^"]+)"', page)
    taken = {given.agent for line in trial.gateway.state().study.required_arm(here.arm).dosing
             for given in line.choices}  # fmt: skip
    assert set(offered) == taken
    assert "letrozole" not in offered


def test_doses_wait_for_a_dose_level(signed_in):
    """Before, the refusal spoke of an agent that was not chosen."""
    page = words(signed_in("coordinator").get("/participants/MGH-016/record/doses/"))

    assert "There is no dose level yet. It is given on the page of eligibility." in page


def test_queries_stand_on_today_of_whom_they_wait_for(signed_in, trial):
    """First of the site, which answers; then of the monitor, who closes."""
    before = words(signed_in("monitor").get(TODAY_PAGE))
    act = RaiseQuery("MGH-010", trial.gateway.state().participants["MGH-010"].registered_on, "Why?")
    monitor = Actor("the-monitor", "monitor", "all-sites")
    trial.gateway.execute(act, monitor)
    number = max(trial.gateway.state().oversight.queries)
    site = words(signed_in("coordinator").get(TODAY_PAGE))
    answered = AnswerQuery("MGH-010", number, act.on, "It was read twice")
    trial.gateway.execute(answered, Actor("the-coordinator", "coordinator", "mgh"))
    then = words(signed_in("monitor").get(TODAY_PAGE))

    def counted(page, says):
        """Give the number that stands before words; 0: they are not there."""
        found = re.search(rf"(\d+) quer(?:y|ies) {says}", page)
        return int(found.group(1)) if found else 0

    assert counted(site, "to be answered") >= 1
    assert counted(then, "answered, to be closed") == counted(before, "answered, to be closed") + 1


def test_a_suspension_stands_on_today(signed_in, trial):
    """With its reason, for whoever would record a consent."""
    chief = Actor("the-principal-investigator", "principal-investigator", "all-sites")
    before = words(signed_in("coordinator").get(TODAY_PAGE))
    trial.gateway.execute(SuspendTrial(date(2026, 11, 28), "a question of the board"), chief)

    page = words(signed_in("coordinator").get(TODAY_PAGE))

    assert "No new participants" not in before
    assert re.search("No new participants The trial .{0,4} ?suspended", page)
    assert "a question of the board" in page


def test_a_cohort_on_hold_has_no_free_place(signed_in, trial):
    """Neither on Today nor on the board, as on the page of its places."""
    chief = Actor("the-principal-investigator", "principal-investigator", "all-sites")
    before = words(signed_in("coordinator").get(TODAY_PAGE))
    trial.gateway.execute(HoldCohort("C", date(2026, 11, 28), "a look at the livers"), chief)

    today = words(signed_in("coordinator").get(TODAY_PAGE))
    board = words(signed_in("coordinator").get("/cohorts/"))

    held = signed_in("coordinator").get("/cohorts/").content.decode()
    places = re.findall(r'class="slot ([a-z-]+)"', held[held.index('id="arm-C"') :])
    assert "free" not in places
    assert "on-hold" in places
    assert re.search(r"Arm C : \d free place", before)
    assert not re.search(r"Arm C : \d free place", today)
    assert "a look at the livers" in board
