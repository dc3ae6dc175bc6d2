"""The schedule of the protocol that is shipped, day by day as the registry page words it."""

from datetime import date
from pathlib import Path

import pytest

from trialwright.protocol.reading import read_study
from trialwright.visits.checks import check
from trialwright.visits.dosing_days import dosing_calendar

PROTOCOL = Path(__file__).parents[2] / "src/trialwright/shelf/protocols/nct03959891.yaml"


@pytest.fixture(scope="module")
def shipped():
    """Give the study as shipped."""
    return read_study(PROTOCOL.read_text(encoding="utf-8"), PROTOCOL.name).study


def test_the_shipped_schedule_has_no_fault(shipped):
    """No participant is asked for what the calendar cannot hold."""
    assert check(shipped) == ()


@pytest.mark.parametrize(
    ("arm", "choice", "expected"),
    [
        ("A", {}, {"fulvestrant": ({1, 15}, {1}), "ipatasertib": (set(range(1, 29)),) * 2}),
        *(
            (
                "B",
                {"aromatase-inhibitor-daily": inhibitor},
                {inhibitor: (set(range(1, 29)),) * 2, "ipatasertib": (set(range(1, 29)),) * 2},
            )
            for inhibitor in ("letrozole", "anastrozole", "exemestane")
        ),
        (
            "C",
            {},
            {
                "fulvestrant": ({1, 15}, {1}),
                "ipatasertib": (set(range(1, 22)),) * 2,
                "palbociclib": (set(range(8, 29)),) * 2,
            },
        ),
    ],
)
def test_the_shipped_arms_have_the_days_of_the_registry_page(shipped, arm, choice, expected):
    """Cycle 1 and later cycles carry the days that the page states, and no others."""
    doses = dosing_calendar(
        shipped.arm(arm), shipped.agents, shipped.cycle_days, date(2026, 3, 2), 3, choice=choice
    )

    for cycle, which in ((1, 0), (2, 1), (3, 1)):
        days = {
            agent: {dose.day for dose in doses if (dose.agent, dose.cycle) == (agent, cycle)}
            for agent in {dose.agent for dose in doses}
        }
        assert days == {agent: days_of[which] for agent, days_of in expected.items()}
