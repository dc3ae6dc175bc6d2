"""Holds that the protocol has made up move later cycles: act, ledger, fold, calendar."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.assembly.gateway import Gateway
from trialwright.casebook.course import CycleDelay
from trialwright.casebook.exposure import DoseGiven
from trialwright.conduct.acts import Assign, OpenTrial, RecordDoses
from trialwright.conduct.clinical_acts import DelayCycle
from trialwright.conduct.folding import fold
from trialwright.conduct.planning import planned_visits, preview_hold
from trialwright.conduct.roles import Actor
from trialwright.protocol.course_settings import HoldRule
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

CHIEF = Actor("p.chief", "principal-investigator", "mgh")
CHART = Source("person", "chart")
C1D1 = date(2026, 2, 5)  # cycles of 28 days: C2D1 on 5 March, C3D1 on 2 April
C2D1, C3D1 = date(2026, 3, 5), date(2026, 4, 2)
ENTRY = date(2026, 6, 1)
IPATASERTIB = HoldRule(held_days_of=("ipatasertib",))


@pytest.fixture
def treated(desk):
    """Give a maker of a gateway at whose trial P-1 took a first dose, by rules on holds."""

    def make(rule: HoldRule | None, late: str = "later cycles move") -> Gateway:
        gateway = desk.gateway()
        study = gateway.protocol.study
        course = study.course.model_copy(update={"holds_move_cycles": rule, "late_cycle": late})
        read = replace(gateway.protocol, study=study.model_copy(update={"course": course}))
        gateway = Gateway(gateway.store, read, lambda: "2026-11-22T12:00:00.000Z", "test")
        gateway.execute(OpenTrial(C1D1), CHIEF)
        desk.register(gateway, "P-1")
        gateway.execute(Assign("P-1", C1D1, {}), CHIEF)
        record(gateway, "given", C1D1)
        return gateway

    return make


def record(gateway, status, first, last=None, agent="ipatasertib"):
    """Record one dose a day."""
    days = ((last or first) - first).days + 1
    amount = {"given": 200, "reduced": 100}.get(status)
    doses = tuple(
        DoseGiven(agent, first + timedelta(days=each),
                  Quantity(Decimal(amount), "mg") if amount else None, status, CHART,
                  None if status == "given" else "adverse event")
        for each in range(days)
    )  # fmt: skip
    gateway.execute(RecordDoses("P-1", ENTRY, doses), CHIEF)


def delay(gateway, begins, cycle=2):
    """Record that a cycle begins on a day."""
    gateway.execute(DelayCycle("P-1", ENTRY, CycleDelay(cycle, begins, "toxicity", CHART)), CHIEF)


def begins(gateway, cycles=3):
    """Give the first day of each cycle after the first by its visits, from ledger and live."""
    state = gateway.state()
    records = list(gateway.store.records(gateway.trial))
    assert fold(gateway.protocol.study, records).participants == state.participants
    visits = planned_visits(state, state.participants["P-1"], cycles)
    return {each.cycle: each for each in visits
            if each.assessment == "blood-counts-later" and each.day == 1}  # fmt: skip


def days(gateway):
    """Give the first days alone."""
    return [each.on for each in begins(gateway).values()]


def test_later_cycles_move_by_the_days_held_and_name_the_hold(treated):
    """Five days held in cycle 1: cycles 2 and 3 begin five days later, and say why."""
    gateway = treated(IPATASERTIB)
    assert days(gateway) == [C2D1, C3D1]

    record(gateway, "held", date(2026, 2, 10), date(2026, 2, 14))

    found = begins(gateway)
    assert [each.on for each in found.values()] == [date(2026, 3, 10), date(2026, 4, 7)]
    for each in found.values():
        assert ("moved by ipatasertib held from 2026-02-10 to 2026-02-14 (5 days)"
                in each.because)  # fmt: skip


@pytest.mark.parametrize("rule", [None, HoldRule(held_days_of=("palbociclib",))])
def test_without_a_rule_on_the_agent_a_hold_moves_nothing(treated, rule):
    """The stated default, and a rule on an agent that was not held."""
    gateway = treated(rule)

    record(gateway, "held", date(2026, 2, 10), date(2026, 2, 14))

    assert days(gateway) == [C2D1, C3D1]
    assert all("held" not in each.because for each in begins(gateway).values())


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 2, 26), date(2026, 3, 4), [date(2026, 3, 12), date(2026, 4, 9)]),
        (date(2026, 3, 4), date(2026, 3, 4), [date(2026, 3, 6), date(2026, 4, 3)]),
        (date(2026, 2, 26), date(2026, 3, 8), [date(2026, 3, 16), date(2026, 4, 13)]),
        (date(2026, 3, 5), date(2026, 3, 5), [C2D1, date(2026, 4, 3)]),
    ],
    ids=["whole last week", "last day", "through the days made up", "first day of cycle 2"],
)
def test_a_hold_at_the_end_of_a_cycle(treated, first, last, expected):
    """Cycle 1 ends on 4 March; a hold that goes on is made up until it ends."""
    gateway = treated(IPATASERTIB)

    record(gateway, "held", first, last)

    assert days(gateway) == expected


def test_a_reduction_moves_nothing_unless_the_rule_says_so(treated, desk):
    """Three days at half the dose."""
    gateway = treated(IPATASERTIB)
    reduced = (date(2026, 2, 10), date(2026, 2, 12))

    record(gateway, "reduced", *reduced)

    assert days(gateway) == [C2D1, C3D1]
    course = gateway.protocol.study.course
    rule = IPATASERTIB.model_copy(update={"with_reduced": True})
    course = course.model_copy(update={"holds_move_cycles": rule})
    study = gateway.protocol.study.model_copy(update={"course": course})
    state = replace(gateway.state(), study=study)
    second = next(each for each in planned_visits(state, state.participants["P-1"], 2)
                  if each.assessment == "blood-counts-later")  # fmt: skip
    assert second.on == date(2026, 3, 8)
    assert "ipatasertib reduced from 2026-02-10 to 2026-02-12 (3 days)" in second.because


def test_a_delay_takes_in_what_was_held_before_it(treated):
    """Five days held and a cycle delayed by seven: seven days, not twelve."""
    gateway = treated(IPATASERTIB)
    record(gateway, "held", date(2026, 2, 10), date(2026, 2, 14))

    delay(gateway, date(2026, 3, 12))

    found = begins(gateway)
    assert [each.on for each in found.values()] == [date(2026, 3, 12), date(2026, 4, 9)]
    assert ("begins on 2026-03-12 instead of 2026-03-10; which takes in ipatasertib held from "
            "2026-02-10 to 2026-02-14 (5 days)" in found[2].because)  # fmt: skip
    assert "held" not in found[3].because


def test_a_hold_after_a_delay_moves_the_cycle_after_it_alone(treated):
    """Held until the delayed cycle, and two days of it: the two are made up."""
    gateway = treated(IPATASERTIB)
    delay(gateway, date(2026, 3, 12))

    record(gateway, "held", date(2026, 3, 1), date(2026, 3, 13))

    assert days(gateway) == [date(2026, 3, 12), date(2026, 4, 11)]


def test_a_delay_may_begin_a_cycle_before_all_is_made_up(treated):
    """The person who sets the day has the last word, once the cycle itself is over."""
    gateway = treated(IPATASERTIB)
    record(gateway, "held", date(2026, 2, 10), date(2026, 2, 14))

    with pytest.raises(Refusal, match="before the end of cycle 1 on 2026-03-05"):
        delay(gateway, date(2026, 3, 4))
    delay(gateway, date(2026, 3, 6))

    assert days(gateway) == [date(2026, 3, 6), C3D1 + timedelta(days=1)]


def test_where_planned_dates_stay_a_hold_moves_the_next_cycle_alone(treated):
    """Cycle 2 is cut short, as a delayed one is."""
    gateway = treated(IPATASERTIB, "planned dates stay")

    record(gateway, "held", date(2026, 2, 10), date(2026, 2, 14))

    found = begins(gateway)
    assert [each.on for each in found.values()] == [date(2026, 3, 10), C3D1]
    assert "held" not in found[3].because


def test_two_agents_held_on_one_day_are_one_day(treated):
    """Both are named; the day is made up once."""
    gateway = treated(HoldRule(held_days_of=("ipatasertib", "fulvestrant")))
    record(gateway, "held", date(2026, 2, 19))

    record(gateway, "held", date(2026, 2, 19), agent="fulvestrant")

    found = begins(gateway)
    assert found[2].on == date(2026, 3, 6)
    assert "fulvestrant held and ipatasertib held on 2026-02-19 (1 day)" in found[2].because


def test_a_preview_tells_what_the_record_does_and_records_nothing(treated):
    """Day by day the same as after the entry."""
    gateway = treated(IPATASERTIB)
    first, last = date(2026, 2, 10), date(2026, 2, 14)
    state = gateway.state()

    told = preview_hold(state, state.participants["P-1"], first, last, 3)

    assert days(gateway) == [C2D1, C3D1]
    record(gateway, "held", first, last)
    state = gateway.state()
    then = planned_visits(state, state.participants["P-1"], 3)
    assert told
    assert {after for _, after in told} == {each for each in then if "moved by" in each.because}
    assert all((after.on - before.on).days == 5 for before, after in told)
    assert preview_hold(state, state.participants["P-1"], first, last, 3) == ()


@pytest.mark.parametrize(
    ("first", "last", "match"),
    [
        (date(2026, 2, 14), date(2026, 2, 10), "1 to 400 days"),
        (date(2026, 2, 10), date(2027, 3, 17), "1 to 400 days"),
        (C1D1, date(2026, 2, 10), "ipatasertib of 2026-02-05, which is recorded as taken"),
    ],
)
def test_a_preview_refuses_days_that_cannot_be_held(treated, first, last, match):
    """Turned round, 401 days, and a dose that was taken."""
    state = treated(IPATASERTIB).state()

    with pytest.raises(Refusal, match=match):
        preview_hold(state, state.participants["P-1"], first, last, 3)
