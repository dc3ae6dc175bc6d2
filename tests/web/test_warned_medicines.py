"""Who did not enter a watched medicine sees it all the same, until somebody acts or answers."""

import re
from datetime import date

import pytest

from trialwright.conduct.query_acts import AnswerQuery
from trialwright.conduct.roles import Actor

AT = "/participants/MGH-010/"
MEDICINE = {"name": "Itraconazole", "since": "2026-11-20", "until": "", "is_ongoing": "yes",
            "source": "clinic note"}  # fmt: skip
SAYS = "Itraconazole is a member of the set cyp3a-strong"


def words(response):
    """Give a page without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def entered(signed_in, trial):
    """Let a coordinator enter the medicine."""
    answer = signed_in("coordinator").post(f"{AT}record/medicine/", MEDICINE, follow=True)
    assert "tell the investigator" in answer.content.decode()
    return trial


@pytest.mark.parametrize("role", ["investigator", "coordinator", "principal-investigator"])
@pytest.mark.parametrize(
    "page", ["/today/", AT, f"{AT}course/", f"{AT}record/visit/", f"{AT}eligibility/",
             f"{AT}values/", f"{AT}oversight/"],
)  # fmt: skip
def test_others_see_the_warning(entered, signed_in, role, page):
    """On Today and on every page of the participant."""
    assert SAYS in words(signed_in(role).get(page))


def test_nobody_of_another_site_sees_it(entered, signed_in):
    """Today shows participants of the own site."""
    assert SAYS not in words(signed_in("", "elsewhere").get("/today/"))


def test_an_answered_query_takes_it_away(entered, signed_in):
    """Raised from the data check, it stands until the answer."""
    coordinator = signed_in("coordinator")
    page = coordinator.get(f"{AT}oversight/").content.decode()
    (name,) = re.findall(rf'{SAYS}[^<]*<form.*?name="check" value="([0-9a-f]+)"', page)
    coordinator.post(f"{AT}oversight/", {"check": name})
    asked = words(signed_in("investigator").get(AT))
    (number,) = entered.gateway.state().oversight.queries
    act = AnswerQuery("MGH-010", number, date(2026, 11, 28), "stopped in the clinic today")
    entered.gateway.execute(act, Actor("the-investigator", "investigator", "mgh"))

    after = words(signed_in("investigator").get(AT))

    assert SAYS in asked
    assert SAYS not in after
    assert SAYS not in words(signed_in("investigator").get("/today/"))
