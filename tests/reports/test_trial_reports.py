"""Reports of a trial: three participants of arm A at 200 mg, numbers worked by hand.

P-1 has rash of grade 3 from day 10 (a DLT), P-2 diarrhea of grade 1 and a response at week 8
(20.5 to 14 mm, -31.7 %), P-3 stable disease at week 8 (20.5 to 15.25 mm).
"""

import csv
import io
import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread
from tests.conduct import conftest as say

from trialwright.assembly.protocols import load
from trialwright.assembly.shelf import lab_rules
from trialwright.assembly.trial_pictures import _wings
from trialwright.assembly.trial_reports import make_report
from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.folding import fold
from trialwright.conduct.outcomes import outcomes
from trialwright.reports import (
    biomarker_tables,
    efficacy_tables,
    safety_listings,
    safety_tables,
)
from trialwright.reports.members import grouped, members
from trialwright.reports.results import ALL, counted, frame_csv, middle, sheet_of, told
from trialwright.reports.sheets import Sheet
from trialwright.reports.trial_pdf import pdf_report, png_pages
from trialwright.reports.trial_report import Section, Stamp, TrialReport, html_report, is_half
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity

GROUP = "A1: 200 mg"
CUTOFF = say.FIRST_DOSE + timedelta(days=60)
STAMP = Stamp("NCT03959891", CUTOFF.isoformat(), "41 abc<def", "version 1, 0123", "trialwright 0")


def told_trial():
    """Tell the story of the three participants."""
    study = load("nct03959891").study
    few = tuple(each for each in study.criteria if each.id in say.FEW)
    trial = say.Trial(study.model_copy(update={"criteria": few}))
    trial.do(OpenTrial(say.OPENED))
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.toxicity("P-1"))
    trial.do(say.toxicity("P-2", term="Diarrhea", grade=1, day=6))
    for number, mm in (("P-2", "14.00"), ("P-3", "15.25")):
        trial.do(say.disease(number))
        trial.do(say.scan(number, 8, mm))
    return trial


@pytest.fixture(scope="module")
def trial():
    """Give the trial, told once."""
    return told_trial()


@pytest.fixture(scope="module")
def state(trial):
    """Give its state."""
    return trial.state


@pytest.fixture(scope="module")
def safety(state):
    """Give the safety report and its frame."""
    return make_report(state, "safety", STAMP, CUTOFF)


@pytest.fixture(scope="module")
def efficacy(state):
    """Give the efficacy report and its frame."""
    return make_report(state, "efficacy", STAMP, CUTOFF)


def values(results, table, group=GROUP):
    """Give what a table shows of a group, by row."""
    return {each.row: each.shown for each in results if (each.table, each.group) == (table, group)}


def test_adverse_events_count_each_participant_once_a_row(safety):
    """Two of three had any, one of grade 3, and that one was dose-limiting."""
    shown = values(safety[1], safety_tables.EVENTS)

    assert shown["any"] == "2 (67 %)"
    assert shown["related to a study agent"] == "2 (67 %)"
    assert (shown["grade 3 or higher"], shown["dose-limiting"]) == ("1 (33 %)", "1 (33 %)")
    assert (shown["serious"], shown["grade 5"], shown["grade not recorded"]) == ("0", "0", "0")


def test_terms_stand_below_their_class_with_the_worst_grade(safety):
    """Rash is of the skin, diarrhea gastrointestinal."""
    sheet = sheet_of(safety[1], safety_tables.BY_TERM)

    assert [row[0] for row in sheet.rows] == [
        "Gastrointestinal disorders",
        "    Diarrhea",
        "Skin and subcutaneous tissue disorders",
        "    Rash maculo-papular",
    ]
    third = sheet.columns.index("grade 3")
    assert [row[third] for row in sheet.rows] == ["0", "0", "1 (33 %)", "1 (33 %)"]


def test_two_spellings_of_a_term_are_one_row():
    """The row has the name that CTCAE prints, and who had both counts once, with the worst."""
    trial = told_trial()
    trial.do(say.toxicity("P-2", term="Diarrhoea", grade=2, day=9))
    trial.do(say.toxicity("P-3", term="diarrhoea", grade=1, day=9))
    trial.do(say.toxicity("P-1", term="Sore knee", grade=1, day=9))
    trial.do(say.toxicity("P-3", term="Sore  Knee", grade=1, day=9))
    results = make_report(trial.state, "safety", STAMP, CUTOFF)[1]

    sheet = sheet_of(results, safety_tables.BY_TERM)

    rows = {row[0].strip(): row for row in sheet.rows}
    assert [row[0] for row in sheet.rows if row[0].startswith(" ")] == [
        "    Diarrhea",
        "    Rash maculo-papular",
        "    Sore  Knee",
    ]
    first, second = sheet.columns.index("grade 1"), sheet.columns.index("grade 2")
    assert (rows["Diarrhea"][first], rows["Diarrhea"][second]) == ("1 (33 %)", "1 (33 %)")
    assert rows["Sore  Knee"][first] == "2 (67 %)"
    any_grade = values(results, safety_tables.ANY_GRADE)
    assert any_grade["    Diarrhea"] == any_grade["Gastrointestinal disorders"] == "2 (67 %)"


def test_a_picture_of_worst_grades_has_one_row_for_two_spellings():
    """Of three, one had grade 1 and 2 in two spellings, one grade 1, and both wings agree."""
    trial = told_trial()
    trial.do(say.toxicity("P-2", term="Diarrhoea", grade=2, day=9))
    trial.do(say.toxicity("P-3", term="diarrhoea", grade=1, day=9))

    rows, sizes = _wings(members(trial.state, CUTOFF), GROUP, ALL)

    assert sizes == (3, 3)
    assert [(row.term, row.left, row.right) for row in rows] == [
        ("Diarrhea", {1: 1, 2: 1}, {1: 1, 2: 1}),
        ("Rash maculo-papular", {3: 1}, {3: 1}),
    ]


def test_terms_by_dose_level_are_a_table_of_any_grade_and_one_of_grade_3(safety):
    """Rash alone reached grade 3; a table has a column for each group and no more."""
    any_grade = sheet_of(safety[1], safety_tables.ANY_GRADE)
    high = sheet_of(safety[1], safety_tables.HIGH_GRADE)

    assert any_grade.columns[1:] == high.columns[1:] == ("A1: 200 mg", "all")
    assert len(any_grade.rows) == 4
    assert high.rows == (
        ("Skin and subcutaneous tissue disorders", "1 (33 %)", "1 (33 %)"),
        ("    Rash maculo-papular", "1 (33 %)", "1 (33 %)"),
    )


def test_exposure_is_amount_taken_over_amount_planned(safety):
    """28 x 200 mg in four weeks: 1400 mg a week, all that was planned."""
    shown = values(safety[1], safety_tables.EXPOSURE)

    assert shown["ipatasertib: doses"] == "28 (28 to 28)"
    assert shown["ipatasertib: mg a week"] == "1400 (1400 to 1400)"
    assert shown["ipatasertib: relative dose intensity, %"] == "100 (100 to 100)"
    assert shown["fulvestrant: taken by"] == "0"


def test_disposition_adds_up(safety):
    """Everybody who was treated is somewhere."""
    shown = values(safety[1], safety_tables.DISPOSITION)

    assert (shown["treated"], shown["on treatment"]) == ("3 (100 %)", "3 (100 %)")
    standing = [shown[f"DLT: evaluable, {each} a DLT"] for each in ("with", "without")]
    assert standing == ["1 (33 %)", "2 (67 %)"]


def test_the_dlt_is_listed_with_its_reason(safety):
    """And nobody else is."""
    (found,) = sheet_of(safety[1], safety_listings.LIMITING).rows

    assert found[0] == "P-1 / 1"
    assert found[2] == "DLT"
    assert "Rash maculo-papular: grade 3" in found[3]


def test_a_rash_held_for_too_long_is_proposed_to_end_treatment(safety):
    """51 days from day 10 to the cutoff; 28 are the longest hold."""
    (found,) = sheet_of(safety[1], safety_listings.PROPOSED).rows

    assert found[1] == "discontinue"
    assert "it has lasted 51 days" in found[2]
    assert found[3] == "illustrative, not from the registry"


def neutrophils(value, day):
    """Give a neutrophil count, LLN 1.8, by study day."""
    on = PartialDate.of(say.FIRST_DOSE + timedelta(days=day - 1))
    amount = Quantity(Decimal(value), "10*9/L")
    return Observation("anc", amount, on, say.PERSON, low=Decimal("1.8"), high=Decimal("7.5"))


def test_a_laboratory_shift_goes_from_the_last_before_to_the_worst_on_treatment(state):
    """2.4 then 0.9 then 1.6: grade 0 before, 3 the worst (<1.0 - 0.5); day -30 is not the last."""
    values_seen = [neutrophils("0.7", -30), neutrophils("2.4", -1), neutrophils("0.9", 15),
                   neutrophils("1.6", 22)]  # fmt: skip
    here = state.participants["P-1"]
    book = here.casebook.with_facts(observations=tuple(values_seen))
    changed = state.with_participant(replace(here, casebook=book))

    found = list(safety_listings.shifts(state.study, members(changed, CUTOFF), lab_rules()))

    assert {(each.row, each.group): each.shown for each in found if each.value} == {
        ("Neutrophil count decreased, grade 0 before", "worst 3"): "1 (100 %)"
    }


def test_a_serious_event_is_listed_with_each_clock_that_may_run(state):
    """Serious, related, unexpected, life-threatening, known on day 0: all three clocks run."""
    here = state.participants["P-1"]
    grave = replace(
        here.adverse_events[0],
        is_serious=True,
        serious_because=("life-threatening",),
        is_expected=False,
        sponsor_aware_on=date(2026, 3, 30),
    )
    changed = state.with_participant(replace(here, adverse_events=(grave,)))

    listed = list(safety_listings.serious_events(changed, members(changed, CUTOFF), CUTOFF))

    assert [each.shown for each in listed if each.group == "last day"] == [
        "2026-03-31",
        "2026-04-06",
        "2026-04-14",
    ]


def test_rates_have_exact_limits(efficacy):
    """One of two responded: the lower limit is 1 - sqrt(0.975) (Clopper-Pearson in closed form)."""
    rate = [each for each in efficacy[1] if each.row.startswith("ORR (95") and each.group == GROUP]

    assert [each.statistic for each in rate] == ["proportion", "lower limit", "upper limit"]
    assert [each.n for each in rate] == [2, 2, 2]
    assert rate[0].value == 0.5
    assert rate[1].value == pytest.approx(1 - math.sqrt(0.975))
    assert rate[2].value == pytest.approx(math.sqrt(0.975))
    assert rate[0].shown == "1/2, 50.0 % (1.3 to 98.7)"


def test_best_responses_are_counted_among_the_response_evaluable(efficacy, state):
    """-31.7 % is PR, -25.6 % SD; P-1 has no baseline and is in no count."""
    shown = values(efficacy[1], efficacy_tables.BEST)
    visit = outcomes(state, CUTOFF).people["P-2"].timepoints[0]

    assert (shown["PR"], shown["SD"], shown["NE"]) == ("1 (50 %)", "1 (50 %)", "0")
    assert efficacy_tables.change_of(visit) == pytest.approx(100 * (14 - 20.5) / 20.5)


def test_every_answer_names_a_participant_who_exists(efficacy, safety, state):
    """Rows of listings begin with a study number; those of markers with a marker."""
    of_markers = (biomarker_tables.ASSAYED, biomarker_tables.RESPONSE)
    listed = [each.row for results in (efficacy[1], safety[1]) for each in results
              if each.statistic == "listed" and each.table not in of_markers]  # fmt: skip

    assert {row.split(" / ")[0] for row in listed} <= set(state.participants)


@pytest.mark.parametrize("kind", ["safety", "efficacy"])
def test_the_same_state_gives_the_same_bytes(state, kind, safety, efficacy):
    """PDF/A, HTML and CSV, made twice; data cutoff, head and digest stand in the page."""
    report, frame = safety if kind == "safety" else efficacy
    again, frame_again = make_report(state, kind, STAMP, CUTOFF)
    made = pdf_report(report)

    assert pdf_report(again) == made
    assert b"pdfaid:part" in made
    assert frame_csv(frame_again) == frame_csv(frame)
    page = html_report(report)
    assert html_report(again) == page
    assert page.count("41 abc&lt;def") == 2
    assert page.count(f"data cutoff: {CUTOFF.isoformat()}") == 2
    assert "0123" in page


def test_every_page_of_a_report_has_something_on_it(safety):
    """Drawn as images; a page of one colour is blank."""
    pages = [imread(io.BytesIO(each)) for each in png_pages(safety[0])]

    assert len(pages) > 1
    assert all(float(page.std()) > 0.01 for page in pages)


def test_what_happens_after_the_cutoff_changes_nothing(safety):
    """An event and a scan, entered later and dated later."""
    later = told_trial()
    start = CUTOFF - timedelta(days=20)
    later.do(say.toxicity("P-3", grade=4, day=30, start=start, on=CUTOFF + timedelta(days=20)))
    later.do(say.scan("P-3", 16, "40.00"))

    state = fold(later.study, later.records, as_of=CUTOFF)

    assert frame_csv(make_report(state, "safety", STAMP, CUTOFF)[1]) == frame_csv(safety[1])


def test_the_order_of_entry_changes_no_count(state, safety):
    """Events and doses of each participant, reversed."""
    turned = replace(
        state,
        participants={
            name: replace(
                each,
                doses=each.doses[::-1],
                adverse_events=each.adverse_events[::-1],
                assessments=each.assessments[::-1],
            )
            for name, each in reversed(list(state.participants.items()))
        },
    )

    assert frame_csv(make_report(turned, "safety", STAMP, CUTOFF)[1]) == frame_csv(safety[1])


@pytest.mark.parametrize("kind", ["safety", "efficacy"])
def test_a_trial_without_participants_has_a_report(kind):
    """Tables that are empty say so."""
    study = load("nct03959891").study
    trial = say.Trial(study)
    trial.do(OpenTrial(say.OPENED))

    report, _ = make_report(trial.state, kind, STAMP, CUTOFF)

    assert "none as of the data cutoff" in html_report(report)


def test_nobody_is_a_member_before_the_first_dose(state):
    """The safety set begins with a dose."""
    assert members(state, say.FIRST_DOSE - timedelta(days=1)) == ()
    assert list(grouped(members(state, say.FIRST_DOSE))) == [GROUP, "all"]


@given(
    numbers=st.lists(st.integers(-1000, 1000), min_size=1, max_size=9),
    data=st.data(),
)
def test_a_median_lies_in_the_middle_whatever_the_order(numbers, data):
    """As many values on either side."""
    shuffled = data.draw(st.permutations(numbers))

    found = middle("t", "r", "g", [Fraction(each) for each in shuffled])

    assert found == middle("t", "r", "g", [Fraction(each) for each in numbers])
    assert sum(each < found.value for each in numbers) <= len(numbers) / 2
    assert sum(each > found.value for each in numbers) <= len(numbers) / 2


@pytest.mark.parametrize(
    ("number", "of", "shown"),
    [(0, 3, "0"), (1, 3, "1 (33 %)"), (1, 8, "1 (13 %)"), (3, 3, "3 (100 %)"), (0, 0, "0")],
)
def test_percentages_are_rounded_half_up(number, of, shown):
    """12.5 is 13."""
    assert counted("t", "r", "g", number, of).shown == shown


def test_the_frame_is_written_with_every_digit():
    """One line a result; not estimable is NE."""
    rows = list(csv.reader(io.StringIO(frame_csv([
        middle("t", "a", "g", []),
        middle("t", "b", "g", [1, 2]),
        told("t", "c", "because", "words, with commas"),
    ]))))  # fmt: skip

    assert rows[1:] == [
        ["t", "a", "g", "median", "NE", "0", ""],
        ["t", "b", "g", "median", "1.5", "2", "range beside"],
        ["t", "c", "because", "listed", "words, with commas", "", ""],
    ]


def test_columns_stand_in_the_order_of_the_whole_frame_and_everybody_last():
    """Also when a table names another group first."""
    frame = [counted("one", "r", group, 1, 2) for group in ("A", "B", "all")]
    frame += [counted("two", "r", group, 1, 2) for group in ("all", "B", "A")]

    assert sheet_of(frame, "two").columns == ("", "A", "B", "all")


def test_hazard_ratios_name_events_of_each_group(efficacy):
    """Three at one dose level, none progressed: one row, the reference, 0 events in 3."""
    found = {
        (each.row, each.group): each.shown
        for each in efficacy[1]
        if each.table == efficacy_tables.HAZARDS
    }

    assert found[("overall survival by dose level / level 1", "events")] == "0 in 3"
    assert found[("overall survival by dose level / level 1", "hazard ratio")] == "reference"


def test_arms_and_prior_treatment_have_tables_of_their_own(efficacy):
    """The same counts as everybody's where one arm holds everybody; the names are for people."""
    of_all, of_arm = (
        {
            each.row: each.shown
            for each in efficacy[1]
            if (each.table, each.group) == where and each.statistic in ("n", "proportion")
        }
        for where in ((efficacy_tables.BEST, "all"), (efficacy_tables.BEST_BETWEEN, "arm A"))
    )
    between = (efficacy_tables.BEST_BETWEEN, efficacy_tables.TIMES_BETWEEN)
    groups = {each.group for each in efficacy[1] if each.table in between}

    assert of_arm == of_all != {}
    assert len(groups) == 2
    assert any(name.startswith("prior CDK4/6 inhibitor") for name in groups)


def test_a_picture_fits_its_page():
    """One of 80 rows, 60 inches high, and one of 80 columns: foot and right end are on the page."""
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
    )
    drawn += '<rect width="{0}" height="{1}" fill="#eee"/>'
    drawn += '<rect x="{2}" y="{3}" width="{4}" height="{5}" fill="#f00"/></svg>'
    tall = drawn.format(960, 6000, 0, 5900, 960, 100)
    wide = drawn.format(1600, 600, 1500, 0, 100, 600)

    for picture in (tall, wide):
        section = Section("Picture", None, picture, "a picture")
        *_, page = png_pages(TrialReport("Title", STAMP, (), (section,)))
        shown = imread(io.BytesIO(page))[..., :3]
        red = (shown[..., 0] > 0.9) & (shown[..., 1] < 0.2)
        assert red.sum() > 50
        if picture is wide:  # it takes the width of the page
            assert np.flatnonzero(red.any(axis=0)).max() > 0.9 * shown.shape[1]


def test_two_pictures_share_a_row_where_both_can_be_read():
    """Two of usual size do; one that is large, wide or high, or has a table, stands alone."""
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}"><rect x="0" y="0" '
    drawn += 'width="{0}" height="{1}" fill="#f00"/></svg>'
    usual, large, wide, high = (drawn.format(*each) for each in
                                ((518.4, 302.4), (604.8, 430), (500, 200), (500, 450)))  # fmt: skip
    told = [Section(str(place), None, each, "a picture")
            for place, each in enumerate((usual, usual, usual, large, wide, high))]  # fmt: skip
    told.append(Section("table", Sheet("table", ("a",), (("1",),)), usual, "a picture"))

    page, *_ = png_pages(TrialReport("Title", STAMP, (), tuple(told[:2])))

    assert [is_half(each) for each in told] == [True, True, True, False, False, False, False]
    shown = imread(io.BytesIO(page))[..., :3]
    red = np.flatnonzero(((shown[..., 0] > 0.9) & (shown[..., 1] < 0.2)).any(axis=0))
    assert np.diff(red).max() > 10  # a gap between two
    assert red.min() < 0.1 * shown.shape[1]
    assert red.max() > 0.9 * shown.shape[1]
