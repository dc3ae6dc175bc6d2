"""What the pages say of somebody whose treatment, screening, study or life is over."""

import re
from datetime import date

import pytest

from trialwright.casebook.course import ClinicalProgression
from trialwright.casebook.course_ends import Death, ScreenFailure
from trialwright.conduct.clinical_acts import RecordDeath, RecordProgression, ScreenFail
from trialwright.conduct.roles import Actor
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source

TODAY = date(2026, 11, 28)
CHART = Source("person", "chart")
COORDINATOR = Actor("the-coordinator", "coordinator", "mgh")
INVESTIGATOR = Actor("the-investigator", "investigator", "mgh")


def words(answer):
    """Give the words of a page, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def part(text, begin, end):
    """Give the words between two headings."""
    return text[text.index(begin) :].partition(end)[0]


def test_the_list_says_who_died_and_who_is_followed(signed_in):
    """As it is on record; of the others it says where they stand."""
    text = words(signed_in("coordinator").get("/participants/"))

    found = dict(re.findall(r"(MGH-\d+) mgh ([a-z -]+?) [ABC–] ", text))
    assert {number for number, step in found.items() if step == "dead"} == {"MGH-002", "MGH-009"}
    assert found["MGH-001"] == "follow-up"
    assert found["MGH-004"] == "on treatment"
    assert found["MGH-013"] == "screen-failed"
    assert found["MGH-016"] == "in screening"


def test_a_month_says_how_it_ended(signed_in):
    """Else its empty days are not understood; of somebody on treatment nothing is said."""
    client = signed_in("coordinator")

    dead = words(client.get("/participants/MGH-009/?month=2026-11"))
    off = words(client.get("/participants/MGH-001/"))
    treated = words(client.get("/participants/MGH-004/"))

    assert re.search(r"Dead\. Died 2026-11-\d\d, disease under study\.", dead)
    assert re.search(r"Follow-up\. End of treatment on 2026-06-\d\d: progression\.", off)
    assert "Follow-up." not in treated
    assert "Off treatment" not in treated


def test_a_follow_up_visit_is_offered_once_the_end_of_treatment_is_recorded(signed_in, trial):
    """Before that its record is refused: the month says what comes first, and leads there."""
    entry = ClinicalProgression(PartialDate.of(TODAY), CHART)
    trial.gateway.execute(RecordProgression("MGH-010", TODAY, entry), INVESTIGATOR)
    client = signed_in("coordinator")

    waits = client.get("/participants/MGH-010/?month=2026-12").content.decode()
    offered = client.get("/participants/MGH-001/?month=2026-07").content.decode()

    assert "FU-1" in waits
    assert "?visit=FU-1" not in waits
    assert "/participants/MGH-010/record/end-of-treatment/" in waits
    assert "?visit=FU-1" in offered
    assert "end-of-treatment" not in offered


def test_today_offers_a_follow_up_visit_once_the_end_of_treatment_is_recorded(
    signed_in, trial, monkeypatch
):
    """It shows the visit all the same, with what comes first."""
    entry = ClinicalProgression(PartialDate.of(TODAY), CHART)
    trial.gateway.execute(RecordProgression("MGH-010", TODAY, entry), INVESTIGATOR)
    monkeypatch.setattr("trialwright.web.whole_trial.DAYS_AHEAD", 40)

    page = signed_in("coordinator").get("/today/").content.decode()

    assert "MGH-010/record/visit/?visit=FU-1" not in page
    assert "/participants/MGH-010/record/end-of-treatment/" in page
    assert re.search(r"MGH-005/record/visit/\?visit=FU-\d", page)


@pytest.mark.parametrize(
    ("act", "by"),
    [
        (
            ScreenFail("MGH-016", TODAY, ScreenFailure(TODAY, ("I04",), CHART)),
            INVESTIGATOR,
        ),
        (
            RecordDeath("MGH-016", TODAY, Death(PartialDate.of(TODAY), "other", CHART)),
            INVESTIGATOR,
        ),
    ],
)
def test_who_ended_is_not_in_screening(signed_in, trial, act, by):
    """Neither on Today nor on the board."""
    client = signed_in("coordinator")
    before = words(client.get("/today/"))
    trial.gateway.execute(act, by)

    today, board = words(client.get("/today/")), words(client.get("/cohorts/"))

    assert "MGH-016" in part(before, "In screening", "Visits from")
    assert "MGH-016" not in part(today, "In screening", "Visits from")
    assert "MGH-016" not in board


def test_the_course_shows_the_death(signed_in):
    """Beside the end of treatment."""
    page = signed_in("investigator").get("/participants/MGH-009/course/").content.decode()

    assert "treatment ended: progression" in page
    assert "died: disease under study" in page
    assert (
        "died"
        not in signed_in("investigator").get("/participants/MGH-001/course/").content.decode()
    )


def test_the_page_of_a_cohort_says_in_which_role_one_acts(signed_in):
    """As every page does."""
    text = words(signed_in("principal-investigator").get("/cohorts/C/cohort/"))

    assert "the-principal-investigator principal investigator, mgh" in text


def test_the_page_of_eligibility_says_that_screening_failed(signed_in):
    """Rather than how registration opens."""
    client = signed_in("investigator")

    failed = words(client.get("/participants/MGH-013/eligibility/"))
    screened = words(client.get("/participants/MGH-016/eligibility/"))

    assert re.search(r"Screen-failed\. Screen failure on 2026-11-\d\d\.", failed)
    assert "Registration opens" not in failed
    assert "Registration opens" in screened
    assert "Screen-failed" not in screened


def test_questions_of_which_none_is_answered_speak_neither_for_nor_against(trial):
    """One answer is enough for a verdict on the answers."""
    from django.test import Client

    empty = words(Client().post("/trial/questions/", {}))
    one = words(Client().post("/trial/questions/", {"I04": "yes"}))

    assert "Every question is open" in empty
    assert "speaks against it" not in empty
    assert "Nothing you answered speaks against it" in one
