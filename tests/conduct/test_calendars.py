"""Calendars of a participant: delays move what the protocol says, and what is due is listed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.conduct import clinical_story as story

from trialwright.casebook.course import ClinicalProgression, Visit
from trialwright.conduct.acts import RecordTumourAssessment
from trialwright.conduct.clinical_acts import Correct, RecordProgression
from trialwright.conduct.course_stages import waits_for_end
from trialwright.conduct.due import DueVisit, calendar_of, due_visits, obligations_of
from trialwright.conduct.folding import fold
from trialwright.conduct.planning import planned_visits, preview
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.visits.cycle_starts import cycle_starts

C1D1 = story.FIRST_DOSE  # Monday 9 February 2026; cycles of 28 days
C2D1, C3D1 = date(2026, 3, 9), date(2026, 4, 6)
WEEK = timedelta(days=7)


@pytest.fixture
def treated(trial):
    """Give a trial in which P-1 took ipatasertib on study days 1 to 28."""
    trial.complete("P-1")
    return trial


def days(state, assessment, cycles=3):
    """Give the planned days of an assessment."""
    here = state.participants["P-1"]
    return [each.on for each in planned_visits(state, here, cycles)
            if each.assessment == assessment]  # fmt: skip


def test_a_delayed_cycle_moves_the_later_ones_and_not_what_recurs_by_weeks(treated):
    """Cycle 2 begins a week late: its blood counts and those of cycle 3 too; the scan does not."""
    assert days(treated.live, "blood-counts-later") == [
        C2D1,
        C2D1 + 2 * WEEK,
        C3D1,
        C3D1 + 2 * WEEK,
    ]

    treated.do(story.delay("P-1"))

    late = [C2D1 + WEEK, C2D1 + 3 * WEEK, C3D1 + WEEK, C3D1 + 3 * WEEK]
    assert days(treated.live, "blood-counts-later") == late
    assert days(treated.live, "blood-counts") == [C1D1 + n * WEEK for n in range(4)]
    assert days(treated.live, "tumour-assessment") == [C1D1 + 8 * WEEK]


def test_where_planned_dates_stay_only_the_delayed_cycle_moves(study, say):
    """The other rule: cycle 2 is cut short, and cycle 3 begins on the day first planned."""
    settings = study.course.model_copy(update={"late_cycle": "planned dates stay"})
    trial = say.empty(study.model_copy(update={"course": settings}))
    trial.do(say.OPENING)
    trial.complete("P-1")
    trial.do(story.delay("P-1"))

    late = [C2D1 + WEEK, C2D1 + 3 * WEEK, C3D1, C3D1 + 2 * WEEK]
    assert days(trial.live, "blood-counts-later") == late
    trial.do(story.delay("P-1", 2, C2D1 + 3 * WEEK))
    assert days(trial.live, "blood-counts-later") == [C2D1 + 3 * WEEK, C3D1, C3D1 + 2 * WEEK]


def test_a_preview_shows_each_visit_before_and_after_and_changes_nothing(treated):
    """Before the act; every line says what made its day."""
    state = treated.live

    moved = preview(state, story.delay("P-1"), 2)

    assert {(before.assessment, before.on, after.on) for before, after in moved} == {
        ("blood-counts-later", C2D1, C2D1 + WEEK),
        ("blood-counts-later", C2D1 + 2 * WEEK, C2D1 + 3 * WEEK),
        ("fasting-glucose", C2D1, C2D1 + WEEK),
        ("fasting-glucose", C2D1 + WEEK, C2D1 + 2 * WEEK),
        ("fasting-glucose", C2D1 + 2 * WEEK, C2D1 + 3 * WEEK),
    }
    assert all("instead of 2026-03-09" in after.because for _, after in moved)
    assert all("28 days after cycle 1" in before.because for before, _ in moved)
    assert treated.live is state
    assert state.participants["P-1"].course.delays == ()


def test_a_corrected_delay_moves_the_visits_again(treated):
    """The happening of the delay is corrected, and the calendar follows."""
    treated.do(story.delay("P-1"))
    sequence = len(treated.records)

    treated.do(Correct("P-1", story.ENTRY, sequence, "payload/entry/begins_on",
                       "2026-03-16", "2026-03-11", "misread"))  # fmt: skip

    assert days(treated.live, "blood-counts-later")[0] == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("begins", "match"),
    [(date(2026, 3, 8), "before the end of cycle 1 on 2026-03-09"), (C2D1, None)],
)
def test_a_cycle_does_not_begin_before_the_one_before_it_is_over(treated, begins, match):
    """Cycle 1 lasts 28 days."""
    if match is None:
        treated.do(story.delay("P-1", 2, begins))
        return
    with pytest.raises(Refusal, match=match):
        treated.do(story.delay("P-1", 2, begins))


def test_no_cycle_is_delayed_after_treatment_ended(treated):
    """The refusal names the end."""
    treated.do(story.off_treatment("P-1"))

    with pytest.raises(Refusal, match="end of treatment on 2026-03-08"):
        treated.do(story.delay("P-1"))


def test_what_is_due_and_overdue_on_a_day(treated):
    """On study day 10, C1D1 and C1D8 of glucose are over; C1D8 of blood counts closes today."""
    found = due_visits(treated.live, story.day(10))

    assert [(each.code, each.latest, each.standing) for each in found] == [
        ("C1D1", story.day(2), "overdue"),
        ("C1D1", story.day(3), "overdue"),
        ("C1D8", story.day(9), "overdue"),
        ("C1D8", story.day(10), "due"),
    ]
    assert found[3].because.endswith("; window ends in 0 days")
    assert found[2].because.endswith("; window over for 1 days")


def test_a_recorded_visit_is_no_longer_due(treated):
    """Done, missed or not applicable: it is on record."""
    for code, on in (("C1D1", story.day(1)), ("C1D8", None)):
        treated.do(story.visit("P-1", code, on))

    assert due_visits(treated.live, story.day(10)) == ()


@pytest.mark.parametrize(
    ("days_from_week_8", "is_due"), [(-8, True), (-7, False), (0, False), (7, False), (8, True)]
)
def test_an_assessment_of_the_tumours_closes_the_visit_in_whose_window_it_lies(
    trial, say, days_from_week_8, is_due
):
    """A week on either side of week 8, by the shipped protocol; the visits of blood stay due."""
    trial.complete("P-1")
    trial.do(say.disease("P-1"))
    read = say.scan("P-1", 8).assessment
    on = read.on + timedelta(days=days_from_week_8)
    trial.do(RecordTumourAssessment("P-1", replace(read, on=on)))

    codes = {each.code for each in due_visits(trial.live, C1D1 + 10 * WEEK)}

    assert ("W8" in codes) is is_due
    assert {"C1D1", "C2D1", "C3D1"} < codes


def test_an_assessment_closes_no_visit_of_another_interval(study, say):
    """A weekly call in the same window is no assessment of the tumours."""
    calls = study.assessments[-1].model_copy(update={"id": "calls", "every_weeks": 4})
    trial = say.empty(study.model_copy(update={"assessments": (*study.assessments, calls)}))
    trial.do(say.OPENING)
    trial.complete("P-1")
    trial.do(say.disease("P-1"))
    trial.do(say.scan("P-1", 8))

    due = [each.on for each in due_visits(trial.live, C1D1 + 9 * WEEK) if each.code == "W8"]

    assert due == [C1D1 + 8 * WEEK]


def test_after_treatment_follow_up_is_due_after_30_days_and_every_3_months(treated):
    """Last dose 8 March: 7 April, 7 July; each a week on either side, by the shipped protocol."""
    treated.do(story.off_treatment("P-1"))
    last = date(2026, 7, 14)

    found = [each for each in due_visits(treated.live, last) if each.code.startswith("FU-")]

    assert [(each.code, each.on, each.standing) for each in found] == [
        ("FU-1", date(2026, 4, 7), "overdue"),
        ("FU-2", date(2026, 7, 7), "due"),
    ]
    codes = {each.code for each in due_visits(treated.live, last)}
    assert codes == {"C1D1", "C1D8", "C1D15", "C1D22", "FU-1", "FU-2"}


def test_what_follows_treatment_is_said_by_the_protocol(treated):
    """A planned visit says it, whatever its code; of an entry the code says it."""
    here = treated.live.participants["P-1"]
    on = [DueVisit("P-1", "END-OF-CYCLE", C2D1, C2D1, C2D1, "due", "")]
    treated.do(story.off_treatment("P-1"))
    after = due_visits(treated.live, date(2026, 7, 14))

    assert {each.code: each.follows_treatment for each in after} == {
        "C1D1": False, "C1D8": False, "C1D15": False, "C1D22": False, "FU-1": True, "FU-2": True,
    }  # fmt: skip
    assert {each.code for each in (*on, *after) if waits_for_end(here, each)} == {"FU-1", "FU-2"}
    assert [
        waits_for_end(here, Visit(code, "missed", None, story.CHART))
        for code in ("SCREENING", "C1D1", "END", "FU-1")
    ] == [False, False, True, True]


def progression(on=str(C2D1), number="P-1"):
    """Give progression as it is judged without imaging."""
    entry = ClinicalProgression(PartialDate.parse(on), story.CHART)
    return RecordProgression(number, story.ENTRY, entry)


def planned(state, on, number="P-1"):
    """Give the calendar of three cycles, with follow-up up to a day."""
    return calendar_of(state, state.participants[number], 3, on, on)


def test_progression_ends_the_visits_on_treatment_and_follow_up_begins(treated):
    """Last dose 8 March, progression the next day: 7 April and 7 July, as after a recorded end."""
    before = {each.code for each in planned(treated.live, date(2026, 7, 14))}
    treated.do(progression())

    after = planned(treated.live, date(2026, 7, 14))

    assert {"C2D15", "C3D1", "C3D15"} <= before
    assert [each.code for each in after if each.on > C2D1] == ["FU-1", "FU-2"]
    assert [each.on for each in after][-2:] == [date(2026, 4, 7), date(2026, 7, 7)]
    assert after[-1].because.endswith(
        "; progression on 2026-03-09 ends treatment; its end is not recorded yet"
    )
    due = {each.code for each in due_visits(treated.live, date(2026, 7, 14))}
    assert {code for code in due if code[0] != "C" or code > "C2D1"} == {"FU-1", "FU-2"}


def test_progression_counts_from_its_day_on(treated):
    """On the day before it is not known; the visit planned on its day is still due."""
    treated.do(progression())

    codes = {each.code for each in planned(treated.live, C2D1 - timedelta(days=1))}
    assert {"C2D15", "C3D1"} <= codes
    assert "C2D1" in {each.code for each in planned(treated.live, C2D1)}


def test_treatment_beyond_progression_keeps_its_visits(treated):
    """A dose after progression says that treatment goes on, until its end is recorded."""
    treated.do(progression(on="2026-02-20"))
    last = date(2026, 7, 14)
    assert "C3D1" in {each.code for each in planned(treated.live, last)}

    treated.do(story.off_treatment("P-1"))

    codes = [each.code for each in planned(treated.live, last)]
    assert codes[-2:] == ["FU-1", "FU-2"]
    assert "C3D1" not in codes


def test_without_a_stop_rule_progression_ends_no_visits(study, say):
    """Then people end treatment, and record it."""
    trial = say.empty(study.model_copy(update={"stop_rules": ()}))
    trial.do(say.OPENING)
    trial.complete("P-1")
    trial.do(progression())

    assert "C3D1" in {each.code for each in planned(trial.live, date(2026, 7, 14))}


def test_nothing_is_due_before_the_first_dose_is_planned(trial):
    """Nor is anything refused: the work list is that of the whole trial."""
    trial.enrol("P-1")

    assert due_visits(trial.live, date(2026, 1, 1)) == ()


def test_whoever_took_no_dose_is_followed_from_the_end(trial):
    """Progression before the first dose ends nothing; the recorded end does."""
    trial.enrol("P-1")
    trial.do(story.off_treatment("P-1", last=None))
    ended = story.LAST_DOSE + timedelta(days=1)

    found = planned(trial.live, date(2026, 7, 14))

    assert found[-2].on == ended + timedelta(days=30)
    assert "C3D1" not in {each.code for each in found}


def test_nothing_is_due_of_the_dead(treated):
    """Nor is anything overdue."""
    treated.do(story.off_treatment("P-1"))
    treated.do(story.death("P-1"))

    assert due_visits(treated.live, date(2026, 12, 31)) == ()


def duties(state, protocol):
    """Give the obligations of P-1 by the whole protocol; the small one has none."""
    return obligations_of(replace(state, study=protocol), state.participants["P-1"])


def test_contraception_lasts_eight_weeks_after_the_last_dose(treated, protocol):
    """8 March and 56 days is 3 May; the end is open while treatment goes on."""
    before = duties(treated.live, protocol)
    treated.do(story.off_treatment("P-1"))

    after = duties(treated.live, protocol)

    assert [each.obligation for each in after] == ["contraception", "gnrh-agonist",
                                                   "cyp3a-counselling"]  # fmt: skip
    assert (before[0].until_on, after[0].until_on) == (None, date(2026, 5, 3))
    assert fold(treated.study, treated.records) == treated.live


def test_planned_dates_that_stay_are_taken_up_again_when_there_is_room():
    """Weeks from C1D1: planned 0, 4, 8, 12; a delay to week 5, and one to week 9."""
    for begins, rule, weeks in (
        (5, "planned dates stay", [0, 5, 8, 12]),
        (9, "planned dates stay", [0, 9, 13, 17]),
        (5, "later cycles move", [0, 5, 9, 13]),
    ):
        starts = cycle_starts(C1D1, 28, 4, {2: C1D1 + begins * WEEK}, rule)

        assert [(each.on - C1D1).days // 7 for each in starts] == weeks


@pytest.mark.parametrize(("cycles", "length"), [(0, 28), (1, 0)])
def test_no_cycle_is_refused(cycles, length):
    """There is at least one, of at least one day."""
    with pytest.raises(Refusal, match="cycles"):
        cycle_starts(C1D1, length, cycles)
