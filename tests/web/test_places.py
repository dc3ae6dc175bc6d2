"""Places of an arm on their page: ask, hold, give back, and refusals that say what is next."""

import re

import pytest

AT = "/cohorts/C/"
DAY = "2026-11-28"


def words(answer):
    """Give the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def site(signed_in):
    """Give the coordinator of the site."""
    return signed_in("coordinator")


def ask(client, *references):
    """Ask for places."""
    for each in references:
        client.post(f"{AT}request/", {"reference": each, "site": "mgh", "on": DAY})


def test_a_place_is_asked_for_held_and_given_back(site, trial):
    """With its last day, 14 days on; afterwards it is free again."""
    ask(site, "request-1")
    held = site.post(f"{AT}reserve/", {"reference": "request-1", "on": DAY, "reason": ""})
    page = words(site.get(AT))
    back = site.post(
        f"{AT}release/", {"reference": "request-1", "on": DAY, "reason": "Another trial"}
    )

    assert (held.status_code, back.status_code) == (302, 302)
    assert "request-1 mgh 28 Nov 2026 … reserved 12 Dec 2026" in page
    assert "Give the place back: request-1" in page
    assert "– released" in words(site.get(AT))
    assert b"2 free places" in site.get("/cohorts/").content


def test_no_place_is_given_that_is_not_there(site, trial):
    """Two places are free: the third is refused with the reason, and nothing is recorded."""
    ask(site, "request-1", "request-2", "request-3")
    for each in ("request-1", "request-2"):
        site.post(f"{AT}reserve/", {"reference": each, "on": DAY, "reason": ""})
    before = trial.gateway.state().sequence

    answer = site.post(f"{AT}reserve/", {"reference": "request-3", "on": DAY, "reason": ""})

    assert answer.status_code == 422
    assert "Nothing was recorded." in words(answer)
    assert trial.gateway.state().sequence == before


def test_whoever_is_not_next_is_passed_over_only_by_the_policy(site, trial):
    """First come, first served: the second request cannot be held before the first."""
    ask(site, "request-1", "request-2")

    answer = site.post(f"{AT}reserve/", {"reference": "request-2", "on": DAY, "reason": ""})

    assert answer.status_code == 422
    assert "request-1" in words(answer)


def test_a_request_is_linked_with_a_study_number(site, trial):
    """MGH-016 has consented and is screened: the place says so."""
    ask(site, "request-1")
    site.post(f"{AT}reserve/", {"reference": "request-1", "on": DAY, "reason": ""})

    done = site.post(f"{AT}link/", {"reference": "request-1", "participant": "MGH-016", "on": DAY})

    assert done.status_code == 302
    assert "request-1 MGH-016 mgh" in words(site.get(AT))


def test_an_office_refuses_a_request(signed_in, site, trial):
    """A data manager, with a reason that the site sees; a coordinator has no such form."""
    ask(site, "request-1")
    assert "Refuse the request" not in words(site.get(AT))

    signed_in("data-manager").post(
        f"{AT}refuse/", {"reference": "request-1", "on": DAY, "reason": "Not washed out"}
    )

    assert "✕ refused" in words(site.get(AT))
    assert trial.records()[-1].happening.reason == "Not washed out"
