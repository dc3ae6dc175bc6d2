"""Planned assessments, their windows, and where a date falls."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.protocol.arms import CycleRange
from trialwright.protocol.schedule import Window
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.verdicts import Answer, Finding
from trialwright.visits.windows import PlannedVisit, nearest_visit, visit_calendar, within_window

START = date(2026, 2, 16)
LABEL = "illustrative, not from the registry"


def days_of(visits):
    """List the planned ISO dates."""
    return [visit.on.isoformat() for visit in visits]


@pytest.fixture
def counts(assessment):
    """Give blood counts on days 1 and 15 of cycles 1-2, from 2 days before to 3 after."""
    cycles = CycleRange(first=1, last=2)
    return assessment("blood-counts", days=(15, 1), cycles=cycles, window=(2, 3))


def test_cycle_days_make_visits(arms, counts):
    """Visits stand on the named days of the named cycles, by date."""
    visits = visit_calendar([counts], arms["A"], 28, START, 3)

    assert days_of(visits) == ["2026-02-16", "2026-03-02", "2026-03-16", "2026-03-30"]
    assert [(visit.cycle, visit.day) for visit in visits] == [(1, 1), (1, 15), (2, 1), (2, 15)]


def test_a_visit_names_its_window_and_its_line(arms, counts):
    """Each date shows which line of the protocol made it."""
    visit = visit_calendar([counts], arms["A"], 28, START, range(2, 3))[1]

    assert visit == PlannedVisit(
        assessment="blood-counts",
        says="Blood-counts examined",
        on=date(2026, 3, 30),
        earliest=date(2026, 3, 28),
        latest=date(2026, 4, 2),
        cycle=2,
        day=15,
        label="",
        because=(
            "C2D15, day 15 of cycles 1-2: arm A, assessment blood-counts (Blood-counts examined), "
            "window -2/+3 days"
        ),
    )


@pytest.mark.parametrize("illustrated", ["assessment", "window"])
def test_an_illustrative_visit_or_window_is_labelled(arms, counts, illustrated):
    """The label shows when the page states no visit, and when it states no window."""
    changed = {"origin": "not_in_registry"}
    if illustrated == "window":
        window = Window(before_days=2, after_days=3, origin="not_in_registry")
        changed = {"window": window}

    visits = visit_calendar([counts.model_copy(update=changed)], arms["A"], 28, START, 1)

    assert {visit.label for visit in visits} == {LABEL}
    assert visits[0].because.endswith(f"-2/+3 days; {LABEL}")


@pytest.mark.parametrize(
    ("weeks", "cycles", "expected"),
    [
        (8, 4, ["2026-04-13"]),
        (8, 5, ["2026-04-13", "2026-06-08"]),
        (4, range(2, 4), ["2026-03-16", "2026-04-13"]),
        (1, 1, ["2026-02-23", "2026-03-02", "2026-03-09"]),
        (6, 1, []),
    ],
)
def test_weeks_count_from_the_first_dose(arms, assessment, weeks, cycles, expected):
    """An interval in weeks first falls due after one interval; there is no week 0."""
    scans = assessment("scans", every_weeks=weeks)

    assert days_of(visit_calendar([scans], arms["A"], 28, START, cycles)) == expected


def test_a_weekly_visit_names_its_week(arms, assessment):
    """A visit by weeks says its week, its interval and its cycle day."""
    scans = assessment("scans", every_weeks=6, window=(7, 7))
    weekly = assessment("calls", every_weeks=1)

    visit = visit_calendar([scans], arms["B"], 28, START, 2)[0]
    call = visit_calendar([weekly], arms["B"], 28, START, 1)[0]

    assert (visit.cycle, visit.day) == (2, 15)
    assert visit.because == (
        "week 6, every 6 weeks from C1D1: arm B, assessment scans (Scans examined), "
        "window -7/+7 days"
    )
    assert call.because.startswith("week 1, every week from C1D1: arm B")


def test_assessments_of_other_arms_are_left_out(arms, assessment):
    """An assessment that names arms is planned in those arms only."""
    both = [assessment("glucose", days=(1,), arms=("A", "C")), assessment("counts", days=(1,))]

    planned = {
        arm: [visit.assessment for visit in visit_calendar(both, arms[arm], 28, START, 1)]
        for arm in "ABC"
    }

    assert planned == {"A": ["glucose", "counts"], "B": ["counts"], "C": ["glucose", "counts"]}


def test_visits_stand_by_date_then_by_line(arms, assessment):
    """Visits come by date; on one date in the order of the protocol."""
    listed = [assessment("late", days=(8, 15)), assessment("early", days=(1, 8))]

    visits = visit_calendar(listed, arms["A"], 28, START, 1)

    assert [visit.assessment for visit in visits] == ["early", "late", "early", "late"]


def test_a_visit_past_the_end_of_the_cycle_is_refused(arms, assessment):
    """A cycle of 21 days has no day 22."""
    with pytest.raises(Refusal, match="day 22 is not in the cycle"):
        visit_calendar([assessment("counts", days=(22,))], arms["A"], 21, START, 1)


def test_a_calendar_without_cycles_is_refused(arms, counts):
    """A calendar needs a cycle."""
    with pytest.raises(Refusal, match="a number from 1"):
        visit_calendar([counts], arms["A"], 28, START, 0)


@given(
    start=st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    weeks=st.integers(1, 12),
    cycles=st.integers(1, 12),
    cycle_days=st.integers(7, 42),
)
def test_every_week_lies_in_one_cycle(arms, assessment, start, weeks, cycles, cycle_days):
    """Visits by weeks are spaced alike and end with the last cycle asked for."""
    scans = assessment("scans", every_weeks=weeks)

    days = [
        (visit.on - start).days
        for visit in visit_calendar([scans], arms["A"], cycle_days, start, cycles)
    ]

    assert days == list(range(7 * weeks, cycles * cycle_days, 7 * weeks))


@pytest.fixture
def visit(arms, counts):
    """Give the visit planned on 2026-03-30, allowed from 2026-03-28 to 2026-04-02."""
    return visit_calendar([counts], arms["A"], 28, START, 2)[3]


PLANNED = "blood-counts planned on 2026-03-30, window 2026-03-28 to 2026-04-02"


@pytest.mark.parametrize(
    ("on", "answer", "told"),
    [
        ("2026-03-28", Answer.MET, "in window: 2026-03-28"),
        ("2026-03-30", Answer.MET, "in window: 2026-03-30"),
        ("2026-04-02", Answer.MET, "in window: 2026-04-02"),
        ("2026-03-27", Answer.NOT_MET, "out of window: 2026-03-27 is 1 day too early"),
        ("2026-03-20", Answer.NOT_MET, "out of window: 2026-03-20 is 8 days too early"),
        ("2026-04-03", Answer.NOT_MET, "out of window: 2026-04-03 is 1 day too late"),
        ("2026-04-09", Answer.NOT_MET, "out of window: 2026-04-09 is 7 days too late"),
        ("2026-02", Answer.NOT_MET, "out of window: 2026-02 is at least 28 days too early"),
        ("2026-05", Answer.NOT_MET, "out of window: 2026-05 is at least 29 days too late"),
        ("2027", Answer.NOT_MET, "out of window: 2027 is at least 274 days too late"),
    ],
)
def test_a_date_falls_inside_or_outside(visit, on, answer, told):
    """Both ends of the window are allowed; outside, the days are counted."""
    finding = within_window(visit, PartialDate.parse(on))

    assert finding == Finding(answer, f"{told}; {PLANNED}")


@pytest.mark.parametrize("on", ["2026-03", "2026-04", "2026"])
def test_a_date_that_straddles_the_window_is_unknown(visit, on):
    """A month that lies partly in the window decides nothing."""
    finding = within_window(visit, PartialDate.parse(on))

    because = f"{on} may lie inside or outside: the day is not known; {PLANNED}"
    assert finding == Finding(Answer.UNKNOWN, because, missing=("the day of the assessment",))


def test_a_month_wholly_in_the_window_is_in_it(arms, assessment):
    """A partial date is in the window when every day it may mean is."""
    wide = assessment("scans", days=(1,), window=(20, 20))
    planned = visit_calendar([wide], arms["A"], 28, date(2026, 2, 14), 1)[0]

    finding = within_window(planned, PartialDate.parse("2026-02"))

    assert finding.answer is Answer.MET


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-05", "2026-03-02"),
        ("2026-03-09", "2026-03-02"),
        ("2026-03-10", "2026-03-16"),
        ("2026-01-01", "2026-02-16"),
        ("2026-12-31", "2026-03-30"),
    ],
)
def test_an_examination_answers_the_nearest_visit(arms, counts, on, expected):
    """The nearest planned day is taken, the earlier one of two at equal distance."""
    visits = visit_calendar([counts], arms["A"], 28, START, 2)

    nearest = nearest_visit(visits[::-1], "blood-counts", date.fromisoformat(on))

    assert nearest is not None
    assert nearest.on.isoformat() == expected


@pytest.mark.parametrize(
    ("window", "after", "expected"),
    [((0, 9), 8, 1), ((0, 9), 9, 1), ((0, 9), 10, 15), ((9, 0), 5, 15), ((9, 0), 4, 1)],
)
def test_a_window_comes_before_distance(arms, assessment, window, after, expected):
    """A day in the window of a visit answers it, even when another visit lies nearer."""
    wide = assessment("counts", days=(1, 15), window=window)
    visits = visit_calendar([wide], arms["A"], 28, START, 1)

    nearest = nearest_visit(visits, "counts", START + timedelta(days=after))

    assert nearest is not None
    assert nearest.day == expected


def test_an_unplanned_assessment_answers_no_visit(arms, counts):
    """Where nothing is planned, nothing is answered."""
    visits = visit_calendar([counts], arms["A"], 28, START, 2)

    assert nearest_visit(visits, "scans", START) is None
