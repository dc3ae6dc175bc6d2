"""Today: long lists come page by page."""

import re
from datetime import date

from trialwright.conduct.due import due_of

LINES = re.compile(r'\?month=[^"]+">([^<]+)</a></th><td>(.*?)</td>')


def test_a_long_list_comes_page_by_page(signed_in, monkeypatch):
    """The pages together hold each line once, in order; a page that is none is the nearest."""
    coordinator = signed_in("coordinator")
    whole = LINES.findall(coordinator.get("/today/").content.decode())
    monkeypatch.setattr("trialwright.web.paging.ROWS", 2)
    pages = -(-len(whole) // 2)

    parts = [
        coordinator.get(f"/today/?visits={number}").content.decode()
        for number in range(1, pages + 1)
    ]
    beyond = coordinator.get("/today/?visits=999").content.decode()

    assert len(whole) > 2
    assert [line for part in parts for line in LINES.findall(part)] == whole
    assert f"1 to 2 of {len(whole)}" in parts[0]
    assert LINES.findall(beyond) == LINES.findall(parts[-1])


def test_a_visit_ahead_says_when_its_window_opens(signed_in):
    """It is not offered yet: neither on Today nor, but for what was done before, in the month."""
    coordinator = signed_in("coordinator")
    today = coordinator.get("/today/").content.decode()
    month = coordinator.get("/participants/MGH-010/?month=2026-12").content.decode()

    assert "C2D1, opens" in today
    assert "MGH-010/record/visit/?visit=C2D1" not in today
    assert "MGH-010/record/visit/?visit=C1D22" in today
    assert "record C2D1" not in month
    assert re.search(
        r'opens <time datetime="2026-11-30">[^/]+/time> <a [^>]+C2D1#form">done bef', month
    )


def test_the_form_of_a_visit_ahead_says_what_an_early_record_becomes(signed_in, trial):
    """And it becomes that."""
    coordinator = signed_in("coordinator")
    at = "/participants/MGH-010/record/visit/?visit=C2D1"
    entered = {"code": "C2D1", "outcome": "done", "on": "2026-11-28", "source": "note 28 Nov"}

    before = coordinator.get(at).content.decode()
    after = coordinator.post(at, entered, follow=True).content.decode()
    open_now = coordinator.get("/participants/MGH-010/record/visit/?visit=C1D22").content.decode()

    assert "A visit done before that day is recorded as a deviation" in before
    assert "2 days too early" in after
    assert "kept as a deviation" not in open_now
    assert trial.gateway.state().participants["MGH-010"].course.visits[-1].visit.code == "C2D1"


def test_missed_visits_of_every_month_stand_on_the_calendar(signed_in, trial):
    """As many as on the page of today, each with its form; none of them once it is recorded."""
    coordinator, at = signed_in("coordinator"), "/participants/MGH-001/"
    state, today = trial.gateway.state(), date(2026, 11, 28)
    due = due_of(state, state.participants["MGH-001"], today)
    missed = {each.code for each in due if each.standing == "overdue"}

    june = coordinator.get(f"{at}?month=2026-06").content.decode()
    form = {"code": "C1D8", "outcome": "done", "on": "2026-03-09", "source": "clinic note"}
    coordinator.post(f"{at}record/visit/?visit=C1D8", form)
    after = coordinator.get(f"{at}?month=2026-06").content.decode()

    link = f'href="{at}record/visit/?visit='
    assert {"C1D1", "C1D8", "FU-1"} < missed
    assert all(f'{link}{code}#form"' in june for code in missed)
    assert f'{link}C1D8#form"' not in after


def test_a_visit_at_which_the_tumours_were_read_is_asked_for_no_more(signed_in):
    """MGH-003 was read in the window of week 8, and of what else is missed nothing is said less."""
    page = signed_in("coordinator").get("/participants/MGH-003/?month=2026-05").content.decode()
    missed = set(re.findall(r'visit/\?visit=(\w+)#form">record', page))

    assert re.search(r">W8 Tumour [^/]+</th>.*?>assessed <time datetime=\"2026-05-06\">", page)
    assert "W8" not in missed
    assert {"C1D1", "C2D1"} < missed
