"""The pages show the conduct's own plan and board: delays, held places and the wait list."""

import re
from datetime import date

import pytest

from trialwright.casebook.course import ClinicalProgression, CycleDelay
from trialwright.conduct.clinical_acts import DelayCycle, RecordProgression
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import RequestSlot, ReserveSlot
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source

TODAY = date(2026, 11, 28)
COORDINATOR = Actor("the-coordinator", "coordinator", "mgh")
INVESTIGATOR = Actor("the-investigator", "investigator", "mgh")


def words(answer):
    """Give the words of a page, without tags and with single spaces."""
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    return re.sub(r" (?=[,.:;)])", "", text)


@pytest.fixture
def delayed(trial):
    """Let cycle 2 of MGH-010, which began on 5 November, begin on 5 instead of 3 December."""
    delay = CycleDelay(2, date(2026, 12, 5), "toxicity", Source("person", "chart"))
    trial.gateway.execute(DelayCycle("MGH-010", TODAY, delay), COORDINATOR)
    return trial


def test_a_delay_moves_today(signed_in, delayed):
    """Its visits are planned two days later, and nothing is planned on the old day."""
    text = words(signed_in("coordinator").get("/today/"))

    assert re.search(r"5 Dec 2026 coming MGH-010 \S.*? C2D1", text)
    assert not re.search(r"3 Dec 2026 coming MGH-010 [^–]*? C2D1 ", text.split("5 Dec 2026")[0])


def test_a_delay_moves_the_month(signed_in, delayed):
    """Cycle 1 counts on until the new day, doses and visits move, and the reason is told."""
    answer = signed_in("coordinator").get("/participants/MGH-010/?month=2026-12")

    cells = re.findall(
        r'<time datetime="(2026-12-0\d)">\d</time>.*?class="cd">(C\dD\d+)<',
        answer.content.decode(), re.DOTALL,
    )  # fmt: skip
    assert dict(cells)["2026-12-03"] == "C1D29"
    assert dict(cells)["2026-12-05"] == "C2D1"
    assert "begins on 2026-12-05 instead of 2026-12-03; later cycles move" in words(answer)


def test_the_board_shows_held_places_and_who_waits(signed_in, trial):
    """Arm C has two free places of three: both are held, and a third request waits.

    The protocol holds a place for 14 days: to 12 December.
    """
    for reference in ("request-1", "request-2", "request-3"):
        trial.gateway.execute(RequestSlot(reference, "C", "mgh", TODAY), COORDINATOR)
    for reference in ("request-1", "request-2"):
        trial.gateway.execute(ReserveSlot(reference, TODAY), COORDINATOR)

    text = words(signed_in("coordinator").get("/cohorts/"))

    arm = text[text.index("Arm C ") :]
    assert "request-1 … reserved held to 12 Dec 2026, mgh" in arm
    assert re.search(r"Wait list 1\. request-3, mgh, since 28 Nov 2026", arm)
    assert "Next free place: 13 Dec 2026. The place held for request-1 to 2026-12-12" in arm


def test_today_names_held_places_that_can_be_lost(signed_in, trial):
    """With the last day on which the place is held."""
    trial.gateway.execute(RequestSlot("request-1", "C", "mgh", TODAY), COORDINATOR)
    trial.gateway.execute(ReserveSlot("request-1", TODAY), COORDINATOR)

    text = words(signed_in("coordinator").get("/today/"))

    assert "Arm C: request-1, reserved, held to 12 Dec 2026" in text
    assert "request-1" not in words(signed_in("coordinator", "elsewhere").get("/today/"))


def test_progression_ends_the_treatment_of_the_month_and_begins_follow_up(signed_in, trial):
    """The last dose of MGH-010 on record counts 30 days; nothing of cycle 3 is planned."""
    client = signed_in("coordinator")
    address = "/participants/MGH-010/?month={}"
    before = words(client.get(address.format("2026-12")))
    assert "C3D1" in before
    entry = ClinicalProgression(PartialDate.of(TODAY), Source("person", "chart"))
    trial.gateway.execute(RecordProgression("MGH-010", TODAY, entry), INVESTIGATOR)

    text = words(client.get(address.format("2026-12")))

    assert "FU-1 safety visit" in text
    assert "progression on 2026-11-28 ends treatment; its end is not recorded yet" in text
    assert not re.search(r"C[23]D1\b.{0,60}record C[23]D", text)
    assert text.count("planned") < 10 < before.count("planned")
    assert "C2D1" in before
    assert not re.search(r"C[23]D\d", text)
    assert "Cycle 1 5 Nov 2026" in text


def test_the_calendar_over_http_has_follow_up_once_treatment_is_over(token, trial):
    """And no visit of treatment later than progression."""
    entry = ClinicalProgression(PartialDate.of(TODAY), Source("person", "chart"))
    trial.gateway.execute(RecordProgression("MGH-010", TODAY, entry), INVESTIGATOR)

    told = token("coordinator").get("/api/participants/MGH-010/calendar?cycles=6").json()

    codes = [each["code"] for each in told["visits"]]
    assert codes[-1] == "FU-1"
    assert "C3D1" not in codes
