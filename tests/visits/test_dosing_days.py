"""Planned doses of the three arms, date by date."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.protocol.arms import CycleRange, DayRange, Dose
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import Quantity
from trialwright.visits.dosing_days import (
    PlannedDose,
    cycles_in_words,
    days_in_words,
    dosing_calendar,
    lines_of,
    planned_days,
)

START = date(2026, 2, 16)
LABEL = "illustrative, not from the registry"
FULVESTRANT = ["2026-02-16", "2026-03-02", "2026-03-16", "2026-04-13"]


def every_day(*spans):
    """List the ISO dates of spans, both ends included."""
    listed = []
    for first, last in spans:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            listed.append(day.isoformat())
            day += timedelta(days=1)
    return listed


def days_of(doses, agent):
    """List the ISO dates on which an agent is planned."""
    return [dose.on.isoformat() for dose in doses if dose.agent == agent]


def test_arm_a_has_these_dates(arms, agents):
    """Fulvestrant on days 1 and 15 of cycle 1, then day 1; ipatasertib every day."""
    doses = dosing_calendar(arms["A"], agents, 28, START, 3)

    assert days_of(doses, "fulvestrant") == FULVESTRANT
    assert days_of(doses, "ipatasertib") == every_day(("2026-02-16", "2026-05-10"))
    assert {dose.agent for dose in doses} == {"fulvestrant", "ipatasertib"}


@pytest.mark.parametrize("inhibitor", ["letrozole", "anastrozole", "exemestane"])
def test_arm_b_has_these_dates(arms, agents, inhibitor):
    """Ipatasertib and the one chosen aromatase inhibitor every day, and no other."""
    choice = {"aromatase-inhibitor": inhibitor}

    doses = dosing_calendar(arms["B"], agents, 28, START, 3, choice=choice)

    assert days_of(doses, inhibitor) == every_day(("2026-02-16", "2026-05-10"))
    assert days_of(doses, "ipatasertib") == every_day(("2026-02-16", "2026-05-10"))
    assert {dose.agent for dose in doses} == {inhibitor, "ipatasertib"}


def test_arm_c_has_these_dates(arms, agents):
    """Ipatasertib on days 1-21, palbociclib on days 8-28, fulvestrant as in arm A."""
    doses = dosing_calendar(arms["C"], agents, 28, START, 3)

    assert days_of(doses, "fulvestrant") == FULVESTRANT
    assert days_of(doses, "ipatasertib") == every_day(
        ("2026-02-16", "2026-03-08"), ("2026-03-16", "2026-04-05"), ("2026-04-13", "2026-05-03")
    )
    assert days_of(doses, "palbociclib") == every_day(
        ("2026-02-23", "2026-03-15"), ("2026-03-23", "2026-04-12"), ("2026-04-20", "2026-05-10")
    )
    assert {dose.agent for dose in doses} == {"fulvestrant", "ipatasertib", "palbociclib"}


@pytest.mark.parametrize("cycle", [1, 2, 7])
def test_arm_c_has_no_drug_free_day(arms, agents, cycle):
    """21 palbociclib days, both tablets on days 8-21, and a tablet on each day of the cycle."""
    doses = dosing_calendar(arms["C"], agents, 28, START, range(cycle, cycle + 1))

    days = {
        agent: {dose.day for dose in doses if dose.agent == agent}
        for agent in ("ipatasertib", "palbociclib")
    }
    assert len(days["palbociclib"]) == 21
    assert days["ipatasertib"] & days["palbociclib"] == set(range(8, 22))
    assert days["ipatasertib"] | days["palbociclib"] == set(range(1, 29))


@given(start=st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_gaps_are_the_same_from_every_start(arms, agents, start):
    """Fulvestrant gaps are 14, 14 and 28 days, whatever leap days and clock changes lie between."""
    doses = dosing_calendar(arms["C"], agents, 28, start, 4)

    fulvestrant = [dose.on for dose in doses if dose.agent == "fulvestrant"]
    assert fulvestrant[0] == start
    gaps = [(later - earlier).days for earlier, later in pairwise(fulvestrant)]
    assert gaps == [14, 14, 28, 28]
    palbociclib = [(dose.on - start).days for dose in doses if dose.agent == "palbociclib"]
    assert palbociclib == [28 * cycle + day for cycle in range(4) for day in range(7, 28)]


def test_doses_stand_by_date_then_by_line(arms, agents):
    """Doses come in the order of their dates; on one date in the order of the protocol."""
    doses = dosing_calendar(arms["C"], agents, 28, START, range(1, 3))

    assert [dose.on for dose in doses] == sorted(dose.on for dose in doses)
    assert [dose.agent for dose in doses if dose.on == START] == ["fulvestrant", "ipatasertib"]


def test_a_fixed_dose_says_where_it_comes_from(arms, agents):
    """A planned dose names its amount, its line and the origin of both."""
    doses = dosing_calendar(arms["A"], agents, 28, START, 1)

    assert doses[0] == PlannedDose(
        on=START,
        cycle=1,
        day=1,
        agent="fulvestrant",
        amount=Quantity(Decimal(500), "mg"),
        label=LABEL,
        rule="fulvestrant-cycle-1",
        because=(
            "C1D1 is one of days 1 and 15 of cycle 1: arm A, line fulvestrant-cycle-1 "
            "(IM on days 1 and 15 of cycle 1); fixed dose, illustrative, not from the registry"
        ),
    )


@pytest.mark.parametrize(("level", "amount"), [(1, 200), (2, 300), (3, 400)])
def test_the_ladder_gives_the_escalated_dose(arms, agents, level, amount):
    """The escalated agent is planned at the amount of the participant's dose level."""
    doses = dosing_calendar(arms["C"], agents, 28, START, range(2, 3), dose_level=level)

    dose = next(dose for dose in doses if dose.agent == "ipatasertib")
    assert (dose.amount, dose.label) == (Quantity(Decimal(amount), "mg"), LABEL)
    assert dose.because == (
        "C2D1 is one of days 1-21 of every cycle: arm C, line ipatasertib-21 (PO on days 1-21); "
        f"dose level {level} of arm C, illustrative, not from the registry"
    )


def test_without_a_dose_level_the_amount_is_open(arms, agents):
    """Before a dose level is assigned, days are planned and amounts are not."""
    doses = dosing_calendar(arms["A"], agents, 28, START, 1)

    amounts = {dose.amount for dose in doses if dose.agent == "ipatasertib"}
    dose = next(dose for dose in doses if dose.agent == "ipatasertib")
    assert amounts == {None}
    assert dose.label == LABEL
    assert dose.because.endswith("(PO on days 1-28); no dose level assigned yet")


def test_doses_stated_by_the_registry_carry_no_label(arms, agents, line):
    """Nothing is called illustrative that the registry page states."""
    arm = arms["A"]
    fixed = line("fulvestrant", "IM on day 1", {"fulvestrant": "500"}, [(1, 1)])
    stated = fixed.choices[0].model_copy(update={"dose": Dose(amount=Decimal(500))})
    fixed = fixed.model_copy(update={"choices": (stated,)})
    ladder = arm.ladder.model_copy(update={"origin": "registry"})
    arm = arm.model_copy(update={"dosing": (fixed, arm.dosing[2]), "ladder": ladder})

    doses = dosing_calendar(arm, agents, 28, START, 1, dose_level=1)

    assert [dose.label for dose in doses[:2]] == ["", ""]
    assert doses[0].because.endswith("(IM on day 1); fixed dose")
    assert doses[1].because.endswith("(PO on days 1-28); dose level 1 of arm A")


def test_an_open_choice_is_refused(arms, agents):
    """Exactly one aromatase inhibitor is chosen; none is guessed."""
    with pytest.raises(Refusal) as refused:
        dosing_calendar(arms["B"], agents, 28, START, 1)

    assert refused.value.faults == (
        Fault(
            "choice.aromatase-inhibitor",
            "no agent is chosen",
            "exactly one of letrozole, anastrozole, exemestane",
            "Record which one the participant takes",
        ),
    )


def test_a_choice_of_two_is_open_too(arms, agents):
    """A line that offers two agents needs a choice as well."""
    arm = arms["B"]
    two = arm.dosing[1].model_copy(update={"choices": arm.dosing[1].choices[:2]})
    arm = arm.model_copy(update={"dosing": (arm.dosing[0], two)})

    with pytest.raises(Refusal) as refused:
        dosing_calendar(arm, agents, 28, START, 1)

    assert [fault.allowed for fault in refused.value.faults] == [
        "exactly one of letrozole, anastrozole"
    ]


def test_all_faults_of_a_request_are_named_at_once(arms, agents):
    """A foreign agent, a foreign line and a missing dose level are named together."""
    choice = {"aromatase-inhibitor": "tamoxifen", "vitamins": "zinc"}

    with pytest.raises(Refusal) as refused:
        dosing_calendar(arms["B"], agents, 28, START, 1, choice=choice, dose_level=4)

    assert refused.value.faults == (
        Fault(
            "dose_level",
            "dose level 4",
            "1 to 3 in arm B, or none while not assigned",
            "Correct the dose level",
        ),
        Fault(
            "choice.vitamins",
            "no line of arm B",
            "aromatase-inhibitor, ipatasertib-daily",
            "Correct the id of the line",
        ),
        Fault(
            "choice.aromatase-inhibitor",
            "tamoxifen",
            "exactly one of letrozole, anastrozole, exemestane",
            "Correct the agent",
        ),
    )


@pytest.mark.parametrize("level", [0, -1, 4])
def test_a_level_off_the_ladder_is_refused(arms, agents, level):
    """Dose levels run from 1 to the top of the ladder; 0 and -1 are none."""
    with pytest.raises(Refusal, match=f"dose_level: dose level {level}. Allowed: 1 to 3 in arm A"):
        dosing_calendar(arms["A"], agents, 28, START, 1, dose_level=level)


def test_the_only_agent_of_a_line_may_be_named(arms, agents):
    """Naming the one agent of a line is allowed; naming another one is refused."""
    named = {"ipatasertib-daily": "ipatasertib"}

    doses = dosing_calendar(arms["A"], agents, 28, START, 1, choice=named)

    assert doses == dosing_calendar(arms["A"], agents, 28, START, 1)
    with pytest.raises(Refusal, match="exactly one of ipatasertib"):
        dosing_calendar(
            arms["A"], agents, 28, START, 1, choice={"ipatasertib-daily": "palbociclib"}
        )


def test_an_agent_without_a_description_is_refused(arms, agents):
    """The unit of a dose stands with its agent, so an undescribed agent has no dose."""
    known = {"letrozole": agents["letrozole"], "fulvestrant": agents["fulvestrant"]}

    with pytest.raises(Refusal) as refused:
        dosing_calendar(arms["A"], known, 28, START, 1)

    assert refused.value.faults == (
        Fault(
            "agents.ipatasertib",
            "an agent not described",
            "fulvestrant, letrozole",
            "Describe the agent",
        ),
    )


def test_a_line_without_a_dose_is_refused(arms, agents, line):
    """Only the ladder's agent may leave its dose to the dose level."""
    bare = line("letrozole-daily", "PO", {"letrozole": None}, [(1, 28)])
    arm = arms["A"].model_copy(update={"dosing": (*arms["A"].dosing, bare)})

    with pytest.raises(Refusal) as refused:
        dosing_calendar(arm, agents, 28, START, 1, dose_level=1)

    assert refused.value.faults == (
        Fault(
            "arms.A.dosing.letrozole-daily",
            "letrozole without a dose",
            "a dose, or none for ipatasertib, whose dose levels the ladder holds",
            "State the dose in the protocol",
        ),
    )


def test_a_day_past_the_end_of_the_cycle_is_refused(arms, agents):
    """Twenty-eight days do not fit into a cycle of 21."""
    with pytest.raises(Refusal, match="day 22 is not in the cycle"):
        dosing_calendar(arms["A"], agents, 21, START, 1)


@pytest.mark.parametrize(
    ("cycles", "told"),
    [(0, "0"), (-1, "-1"), (range(0), "range(0, 0)"), (range(3), "range(0, 3)"),
     (range(3, -1, -1), "range(3, -1, -1)")],
)  # fmt: skip
def test_cycles_that_are_none_are_refused(arms, agents, cycles, told):
    """A calendar needs a cycle, and cycles count from 1."""
    with pytest.raises(Refusal) as refused:
        dosing_calendar(arms["A"], agents, 28, START, cycles)

    assert refused.value.faults == (
        Fault("cycles", told, "a number from 1, or a range of cycles from 1", "Correct the cycles"),
    )


@pytest.mark.parametrize("cycles", [10**9, range(10**9, 0, -1)])
def test_cycles_without_end_are_refused_at_once(arms, agents, cycles):
    """Cycles past the end of the calendar are refused before any date is made."""
    with pytest.raises(Refusal, match="outside the calendar"):
        dosing_calendar(arms["A"], agents, 28, START, cycles)


def test_the_last_cycle_of_the_calendar_is_whole(arms, agents):
    """A cycle that ends on the last day of the calendar is laid out; one that does not is not."""
    doses = dosing_calendar(arms["A"], agents, 28, date(9999, 12, 4), 1)

    assert doses[-1].on == date(9999, 12, 31)
    with pytest.raises(Refusal, match=r"27 days from .* is outside the calendar"):
        dosing_calendar(arms["A"], agents, 28, date(9999, 12, 5), 1)


def test_descending_cycles_make_the_same_dates(arms, agents):
    """The order in which cycles are asked does not matter."""
    up = dosing_calendar(arms["A"], agents, 28, START, range(2, 4))

    assert dosing_calendar(arms["A"], agents, 28, START, range(3, 1, -1)) == up


def test_lines_are_found_by_agent(arms):
    """An agent is found on every line that names it, also as one of several choices."""
    found = {
        agent: [line.id for line in lines_of(arms[arm], agent)]
        for arm, agent in [("A", "fulvestrant"), ("B", "exemestane"), ("C", "letrozole")]
    }

    assert found == {
        "fulvestrant": ["fulvestrant-cycle-1", "fulvestrant-later"],
        "exemestane": ["aromatase-inhibitor"],
        "letrozole": [],
    }


def test_a_line_is_laid_out_by_itself(line):
    """Days named twice are planned once, in the cycles of the line only."""
    alone = line(
        "alone", "words", {"letrozole": "1"}, [(1, 2), (2, 3)], CycleRange(first=2, last=2)
    )

    planned = list(planned_days(alone, range(1, 4), START, 7))

    assert [str(at) for at, _ in planned] == ["C2D1", "C2D2", "C2D3"]
    assert [on.isoformat() for _, on in planned] == ["2026-02-23", "2026-02-24", "2026-02-25"]


@pytest.mark.parametrize(
    ("spans", "words"),
    [([(1, 1)], "day 1"), ([(1, 1), (15, 15)], "days 1 and 15"), ([(8, 28)], "days 8-28"),
     ([(1, 5), (15, 15)], "days 1-5 and 15")],
)  # fmt: skip
def test_days_are_told_in_words(spans, words):
    """Days read as in a protocol."""
    assert days_in_words([DayRange(first=first, last=last) for first, last in spans]) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(1, None, "every cycle"), (2, None, "every cycle from cycle 2"), (1, 1, "cycle 1"),
     (1, 2, "cycles 1-2")],
)  # fmt: skip
def test_cycles_are_told_in_words(first, last, words):
    """Cycles read as in a protocol."""
    assert cycles_in_words(CycleRange(first=first, last=last)) == words
