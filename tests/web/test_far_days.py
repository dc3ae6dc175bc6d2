"""Days far away in the addresses of pages: answered at once, as if nothing had been asked."""

import time

import pytest

FAR = [
    f"/participants/MGH-010/?month={month}" for month in ("9999-12", "0001-01", "2100-01")
] + [
    at + day
    for day in ("9999-12-31", "0001-01-01")
    for at in (
        "/participants/MGH-010/course/?cutoff=",
        "/participants/MGH-015/eligibility/?first_dose_on=",
        "/inspector/state/?as_of=", "/safety/B/?cutoff=", "/response/?cutoff=",
        "/signatures/eligibility/MGH-015/?part=C&first_dose_on=", "/reports/safety/?cutoff=",
    )
]  # fmt: skip


@pytest.mark.parametrize("at", FAR)
def test_a_day_far_away_is_answered_at_once(signed_in, at):
    """No page lays out cycles for thousands of years, and none fails."""
    began = time.process_time()

    answer = signed_in("principal-investigator").get(at)

    assert answer.status_code in (200, 404, 422)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("/response/?cutoff=", "The data cutoff asked for is no day"),
        ("/reports/safety/?cutoff=", "The data cutoff asked for is no day"),
        ("/inspector/state/?as_of=", "The day asked for is none"),
    ],
)
@pytest.mark.parametrize("day", ["2026-13-01", "01.06.2026", "2030-01-01"])
def test_another_day_than_the_one_asked_for_is_said(signed_in, at, says, day):
    """Nobody takes the data of today for those of the day that was meant."""
    client = signed_in("principal-investigator")

    told = client.get(f"{at}{day}").content.decode()
    plain = client.get(f"{at}2026-06-27").content.decode()

    assert (says in told) is not (at.startswith("/inspector") and day.startswith("2030"))
    assert says not in plain
