"""The three arms of NCT03959891 as the registry page words them, with illustrative doses."""

from decimal import Decimal

import pytest

from trialwright.protocol.arms import (
    Agent,
    AgentDose,
    Arm,
    CycleRange,
    DayRange,
    DltWindow,
    Dose,
    DoseLadder,
    DosingRule,
)
from trialwright.protocol.escalation_design import ThreePlusThreeDesign
from trialwright.protocol.schedule import Assessment, Window
from trialwright.protocol.study import Study

CYCLE_1, LATER = CycleRange(first=1, last=1), CycleRange(first=2)


def dosing_line(name, says, agents, days, cycles=None):
    """Make one dosing line; `agents` maps each agent to its fixed dose or None."""
    return DosingRule(
        id=name,
        says=says,
        choices=tuple(
            AgentDose(
                agent=agent,
                dose=amount and Dose(amount=Decimal(amount), origin="not_in_registry"),
            )
            for agent, amount in agents.items()
        ),
        days=tuple(DayRange(first=first, last=last) for first, last in days),
        cycles=cycles or CycleRange(),
    )


FULVESTRANT = (
    dosing_line(
        "fulvestrant-cycle-1",
        "IM on days 1 and 15 of cycle 1",
        {"fulvestrant": "500"},
        [(1, 1), (15, 15)],
        CYCLE_1,
    ),
    dosing_line(
        "fulvestrant-later",
        "IM on day 1 of later cycles",
        {"fulvestrant": "500"},
        [(1, 1)],
        LATER,
    ),
)


def make_arm(letter, says, *lines):
    """Make an arm that escalates ipatasertib."""
    return Arm(
        id=letter,
        says=says,
        dosing=lines,
        ladder=DoseLadder(
            agent="ipatasertib",
            doses=(Decimal(200), Decimal(300), Decimal(400)),
            origin="not_in_registry",
        ),
        escalation=ThreePlusThreeDesign(name="3+3", variant="six-at-mtd", cohort_size=3),
        dlt_window=DltWindow(
            anchor_agent="ipatasertib",
            days=28,
            least_dose_percent=Decimal(75),
            origin="not_in_registry",
        ),
    )


ARMS = {
    "A": make_arm(
        "A",
        "Fulvestrant and ipatasertib",
        *FULVESTRANT,
        dosing_line("ipatasertib-daily", "PO on days 1-28", {"ipatasertib": None}, [(1, 28)]),
    ),
    "B": make_arm(
        "B",
        "Aromatase inhibitor and ipatasertib",
        dosing_line("ipatasertib-daily", "PO on days 1-28", {"ipatasertib": None}, [(1, 28)]),
        dosing_line(
            "aromatase-inhibitor",
            "One of three PO on days 1-28",
            {"letrozole": "2.5", "anastrozole": "1", "exemestane": "25"},
            [(1, 28)],
        ),
    ),
    "C": make_arm(
        "C",
        "Fulvestrant, ipatasertib and palbociclib",
        *FULVESTRANT,
        dosing_line("ipatasertib-21", "PO on days 1-21", {"ipatasertib": None}, [(1, 21)]),
        dosing_line("palbociclib-21", "PO on days 8-28", {"palbociclib": "125"}, [(8, 28)]),
    ),
}


def make_assessment(name, *, window=(0, 0), **fields):
    """Make an assessment; its window is the days before and after."""
    return Assessment(
        id=name,
        says=f"{name.capitalize()} examined",
        window=Window(before_days=window[0], after_days=window[1]),
        **fields,
    )


@pytest.fixture(scope="session")
def line():
    """Give the maker of dosing lines."""
    return dosing_line


@pytest.fixture(scope="session")
def assessment():
    """Give the maker of assessments."""
    return make_assessment


@pytest.fixture(scope="session")
def arms():
    """Give the three arms by their letters."""
    return ARMS


@pytest.fixture(scope="session")
def agents():
    """Give the study's agents."""
    routes = {"fulvestrant": "IM"}
    names = ("anastrozole", "exemestane", "fulvestrant", "ipatasertib", "letrozole", "palbociclib")
    return {
        name: Agent(
            says=name.capitalize(), agent_class="drug", route=routes.get(name, "PO"), dose_unit="mg"
        )
        for name in names
    }


@pytest.fixture
def study(arms):
    """Give the maker of studies that hold a schedule and nothing else."""

    def make(*, changed=None, assessments=(), cycle_days=28):
        """Make a study of arms A, B and C, some of them changed."""
        return Study.model_construct(
            cycle_days=cycle_days,
            arms=tuple({**arms, **(changed or {})}.values()),
            assessments=tuple(assessments),
        )

    return make
