"""Where each participant stands by the tumours: the last call, the best, and what comes next."""

from datetime import date

import pytest

from trialwright.web.responses_now import responses_now


@pytest.fixture
def standing(pages):
    """Give the line of a participant as of a day."""

    def line(number, on):
        """Find it."""
        state = pages.desk.state_on(on)
        (found,) = responses_now(state, [state.participants[number]], on)
        return found

    return line


@pytest.mark.parametrize(
    ("number", "on", "last", "code", "window", "word"),
    [
        # First dose 30 June: weeks 8, 16 and 24 are 25 August, 20 October and 15 December.
        ("MGH-004", date(2026, 11, 28), "NON-CR/NON-PD", "W24", (12, 8), "planned"),
        ("MGH-004", date(2026, 12, 10), "NON-CR/NON-PD", "W24", (12, 8), "window open"),
        ("MGH-004", date(2026, 12, 30), "NON-CR/NON-PD", "W24", (12, 8), "overdue"),
        ("MGH-010", date(2026, 11, 28), None, "W8", (12, 24), "planned"),
    ],
)
def test_the_next_assessment_follows_the_last_one(standing, number, on, last, code, window, word):
    """It is overdue once its window is over, and not replaced by a later one."""
    found = standing(number, on)

    assert (found.last.overall if found.last else None) == last
    assert (found.next.visit.code, found.next.word) == (code, word)
    assert (found.next.visit.earliest.month, found.next.visit.earliest.day) == window


@pytest.mark.parametrize(
    ("number", "because"),
    [("MGH-001", "end of treatment on 2026-06-21"), ("MGH-009", "died 2026-11-13")],
)
def test_none_is_planned_after_treatment(standing, number, because):
    """The line says why."""
    found = standing(number, date(2026, 11, 28))

    assert found.next.visit is None
    assert because in found.next.word


def test_what_is_needed_stands_first(signed_in):
    """The lines of the participants, then the pictures; what they rest on is folded below."""
    page = signed_in("principal-investigator").get("/response/").content.decode()

    places = [page.index(each) for each in ('id="now"', "MGH-004", "<figure", "ledger head")]
    assert places == sorted(places)
    assert page.index('<details class="card rests">') < page.index("ledger head")


def test_a_site_sees_its_own_lines_alone(signed_in):
    """Who may not look at a participant finds no line of theirs."""
    page = signed_in("", "elsewhere").get("/response/").content.decode()

    assert "MGH-004" not in page
    assert "Nobody had a dose level by then." in page
