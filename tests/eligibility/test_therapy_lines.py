"""Lines of therapy: grouped by their first doses, counted as an interval."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, had, took

from trialwright.eligibility.therapy_lines import counted, counts, lines_of, relapsed
from trialwright.protocol.event_rules import LinesRule
from trialwright.terms.dates import PartialDate

START = date(2025, 1, 1)


def rule(**fields):
    """Make a rule on chemotherapy."""
    return LinesRule(kind="lines", fact="chemotherapy", at_most=Decimal(2), **fields)


def given_on(days, **fields):
    """Make a treatment begun so many days after the start, for metastatic disease."""
    since = days if isinstance(days, str | None) else (START + timedelta(days=days)).isoformat()
    return took("letrozole", since, **({"intent": "metastatic"} | fields))


@pytest.mark.parametrize(
    ("starts", "lines"),
    [
        ([0], 1),
        ([0, 0], 1),
        ([0, 28], 1),
        ([0, 29], 2),
        ([0, 28, 56], 1),
        ([0, 28, 57], 2),
        ([100, 0, 28], 2),
    ],
)
def test_treatments_begun_close_together_are_one_line(starts, lines):
    """At most 28 days from one to the next, in whatever order they came in."""
    records = [given_on(each) for each in starts]

    assert counted(rule(), records, DAY) == (lines, lines)
    assert len(lines_of(rule(), records, DAY)) == lines


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        # may be one or two
        ([None, 0], (1, 2)),
        (["2025", 0], (1, 2)),
        (["2025-01", 0], (1, 2)),
        (["2025-02", 0], (2, 2)),
        (["2025-02", 4], (1, 2)),
        (["2025-02", 3], (1, 2)),
        (["2025-02", 2], (2, 2)),
        # certainly two, although one is known to the month alone
        (["2025-06", 0], (2, 2)),
        # certainly one
        (["2025-01", 5], (1, 1)),
        # one undated treatment may join two lines 56 days apart, and not 57
        ([0, 56, None], (1, 3)),
        ([0, 57, None], (2, 3)),
        ([0, 84, None, None], (1, 4)),
        ([None, None], (1, 2)),
    ],
)
def test_a_first_dose_not_known_to_the_day_makes_the_number_an_interval(starts, expected):
    """Fewer if what may be one line is, more if it is not."""
    assert counted(rule(), [given_on(each) for each in starts], DAY) == expected


@pytest.mark.parametrize(
    ("starts", "undated", "expected"),
    [
        # 40 days apart, one treatment between two lines joins them, and two join three
        ([0, 40, 80], 0, (3, 3)),
        ([0, 40, 80], 1, (2, 3)),
        ([0, 40, 80], 2, (1, 3)),
        # from 1 January to 1 March at the earliest are 59 days: two lie between
        ([0, "2025-03"], 1, (2, 2)),
        ([0, "2025-03"], 2, (1, 2)),
    ],
)
def test_adjuvant_treatment_without_a_day_may_join_lines_and_is_none(starts, undated, expected):
    """As many as needed, each of which lies at most 28 days from the next."""
    between = [given_on(None, intent="adjuvant")] * undated

    assert counted(rule(), [*(given_on(each) for each in starts), *between], DAY) == expected


@pytest.mark.parametrize(("undated", "least"), [(0, 2), (1, 2), (2, 1)])
def test_a_line_that_does_not_count_between_two_that_do_needs_joining_too(undated, least):
    """40 days on either side of adjuvant treatment."""
    records = [given_on(0), given_on(40, intent="adjuvant"), given_on(80)]
    between = [given_on(None, intent="adjuvant")] * undated

    assert counted(rule(), [*records, *between], DAY) == (least, 2)


@pytest.mark.parametrize(
    ("fields", "intent", "stopped_for", "expected"),
    [
        ({}, "metastatic", None, "met"),
        ({}, "adjuvant", None, "not met"),
        ({}, None, None, "unknown"),
        ({"stopped_for": ("progression",)}, "metastatic", "progression", "met"),
        ({"stopped_for": ("progression",)}, "metastatic", "toxicity", "not met"),
        ({"stopped_for": ("progression",)}, "metastatic", None, "unknown"),
        ({"stopped_for": ("progression",)}, "adjuvant", None, "not met"),
    ],
)
def test_setting_and_reason_for_stopping_decide_what_counts(fields, intent, stopped_for, expected):
    """Chemotherapy stopped for toxicity is no line; what is not recorded leaves it open."""
    record = given_on(0, until="2025-06-01", intent=intent, stopped_for=stopped_for)

    assert counts(rule(**fields), [record], DAY) == expected


def test_a_reason_for_stopping_counts_without_the_day():
    """That it ended is known, and why."""
    record = given_on(0, is_ongoing=False, stopped_for="progression")

    assert counts(rule(stopped_for=("progression",)), [record], DAY) == "met"
    assert counts(rule(stopped_for=("toxicity",)), [record], DAY) == "not met"


def test_treatment_that_goes_on_has_not_ended_for_a_reason():
    """Nobody stopped it."""
    record = given_on(0, is_ongoing=True)

    assert counts(rule(stopped_for=("progression",)), [record], DAY) == "not met"


@pytest.mark.parametrize(
    ("since", "until", "is_ongoing", "expected"),
    [
        ("2025-01-01", "2025-01-21", None, "met"),
        ("2025-01-01", "2025-01-20", None, "not met"),
        ("2025-01-01", "2025-01", None, "unknown"),
        ("2025-01", "2025-02-20", None, "met"),
        ("2025-01", "2025-01-25", None, "unknown"),
        ("2025-01", "2025-01-20", None, "not met"),
        ("2025-01-01", None, True, "met"),
        ("2025-01-01", None, None, "unknown"),
        ("2026-02-20", None, None, "not met"),
        (None, "2025-01-21", None, "unknown"),
    ],
)
def test_treatment_under_one_cycle_does_not_count(since, until, is_ongoing, expected):
    """21 days are a cycle, first and last dose included."""
    record = given_on(since, until=until, is_ongoing=is_ongoing)

    assert counts(rule(least_days=21), [record], DAY) == expected


def infusions(*days, **fields):
    """Make administrations of one day each, as an infusion ward records them."""
    dates = [(START + timedelta(days=day)).isoformat() for day in days]
    return [given_on(each, until=each, **fields) for each in dates]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # once every three weeks: the second dose begins the second cycle
        ([0, 21, 42], (1, 1)),
        # weekly: 21 days with the third dose on day 21, first and last dose included
        ([0, 7, 20], (1, 1)),
        ([0, 7, 19], (0, 0)),
        ([0], (0, 0)),
        # a new line after a pause is not made longer by the line before it
        ([0, 7, 36, 43], (0, 0)),
        ([0, 21, 50, 71], (2, 2)),
        ([0, 21, 50], (1, 1)),
    ],
)
def test_infusions_of_one_medicine_are_one_course(days, expected):
    """Each is over on its day; the course is what lasts a cycle or not."""
    assert counted(rule(least_days=21), infusions(*days), DAY) == expected


def test_a_course_counts_by_the_reason_that_one_record_of_it_carries():
    """An infusion that was given whole says nothing of why the last one was the last."""
    asked = rule(least_days=21, stopped_for=("progression",))
    weekly = infusions(0, 7, 14, 21)

    assert counted(asked, weekly, DAY) == (0, 1)
    weekly[3] = infusions(21, stopped_for="progression")[0]
    assert counted(asked, weekly, DAY) == (1, 1)


def test_a_cycle_reached_by_two_medicines_together_is_open():
    """Whether a switch within a line begins a new count of days, the record does not say."""
    first, second = infusions(0, 7), infusions(14, 20, stopped_for="progression")
    second = [replace(each, medicine="tamoxifen") for each in second]

    assert counted(rule(least_days=21), [*first, *second], DAY) == (0, 1)
    assert counted(rule(least_days=22), [*first, *second], DAY) == (0, 0)


def test_infusions_that_may_be_of_another_line_leave_the_length_open():
    """One of February may follow one of 10 January within 28 days, or not."""
    early, late = infusions(9), given_on("2025-02", until="2025-02-05")

    assert counted(rule(least_days=21), [*early, late], DAY) == (0, 2)
    assert counted(rule(least_days=28), [*early, late], DAY) == (0, 0)


def test_an_infusion_without_a_day_makes_no_course_longer():
    """It may be a line of its own."""
    undated = given_on(None, until="2025-01-21")

    assert counted(rule(least_days=21), [*infusions(0), undated], DAY) == (0, 1)
    assert counted(rule(least_days=21), [*infusions(0, 20), undated], DAY) == (1, 2)


def test_a_line_counts_if_a_treatment_of_it_counts():
    """One of two that were given together is enough."""
    asked = rule(stopped_for=("progression",))
    both = [
        given_on(0, until="2025-03-01", stopped_for="toxicity"),
        given_on(7, until="2025-06-01", stopped_for="progression"),
    ]

    [line] = lines_of(asked, both, DAY)
    assert (line.counts, len(line.treatments)) == ("met", 2)
    assert counted(asked, both, DAY) == (1, 1)
    assert counted(asked, both[:1], DAY) == (0, 0)


def test_what_may_count_is_counted_at_most():
    """A treatment without a setting is a line or none."""
    records = [given_on(0), given_on(200, intent=None)]

    assert counted(rule(), records, DAY) == (1, 2)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 90),
            st.sampled_from([0, 0, 10, 30]),
            st.sampled_from(["metastatic", "adjuvant", None]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_interval_holds_every_number_that_may_be_true(drawn):
    """Each first dose taken on any day that it may mean, and each missing setting either way."""

    def record(first, last, intent):
        days = (START + timedelta(days=first), START + timedelta(days=last))
        made = given_on(0, intent=intent)
        object.__setattr__(made, "since", PartialDate("2025", *days))
        return made

    least, most = counted(rule(), [record(a, a + more, intent) for a, more, intent in drawn], DAY)
    worlds = product(
        *(
            [
                (day, is_counted)
                for day in {a, a + more // 2, a + more}
                for is_counted in {
                    "metastatic": [True],
                    "adjuvant": [False],
                    None: [True, False],
                }[intent]
            ]
            for a, more, intent in drawn
        )
    )
    for world in worlds:
        ordered = sorted(world)
        groups = [[ordered[0]]]
        for before, each in pairwise(ordered):
            groups += [[each]] if each[0] - before[0] > 28 else []
            if groups[-1][0] is not each:
                groups[-1].append(each)
        assert least <= sum(any(is_sure for _, is_sure in group) for group in groups) <= most


RELAPSE = {"relapse": "metastasis", "relapse_after": "endocrine", "relapse_days": 365}


def adjuvant(since="2020-01-01", until="2023-01-01", intent="adjuvant", **fields):
    """Make adjuvant endocrine treatment."""
    return took("letrozole", since, until, intent=intent, **fields)


@pytest.mark.parametrize(
    ("treatment", "onset", "expected"),
    [
        # within 12 months after the last dose, and one day later
        (adjuvant(), "2024-01-01", "met"),
        (adjuvant(), "2024-01-02", "not met"),
        # during treatment
        (adjuvant(), "2022-06-01", "met"),
        (adjuvant(until=None, is_ongoing=True), "2022-06-01", "met"),
        # before it
        (adjuvant(), "2019-12-31", "not met"),
        # dates that straddle
        (adjuvant(), "2024", "unknown"),
        (adjuvant(), "2024-01", "unknown"),
        (adjuvant(until="2022"), "2023-06-01", "unknown"),
        (adjuvant(since="2020"), "2020-06-01", "unknown"),
        (adjuvant(since=None), "2023-06-01", "unknown"),
        (adjuvant(until=None), "2024-06-01", "unknown"),
        # the setting
        (adjuvant(intent="neoadjuvant"), "2023-06-01", "met"),
        (adjuvant(intent="metastatic"), "2023-06-01", "not met"),
        (adjuvant(intent=None), "2023-06-01", "unknown"),
    ],
)
def test_relapse_soon_after_adjuvant_treatment_counts(treatment, onset, expected):
    """Counted from the last dose to the first onset."""
    onsets = [had("metastasis", onset)]

    assert relapsed(rule(**RELAPSE), [treatment], onsets, DAY) == expected


def test_the_first_onset_counts():
    """Later metastases are progression, however soon."""
    onsets = [had("metastasis", "2023-06-01"), had("metastasis", "2019-01-01")]

    assert relapsed(rule(**RELAPSE), [adjuvant()], onsets, DAY) == "not met"
    assert relapsed(rule(**RELAPSE), [adjuvant()], onsets[:1], DAY) == "met"


def test_a_relapse_whose_onset_is_not_recorded_is_open():
    """It is on record, and may have come at any day up to then."""
    undated = [had("metastasis", recorded="2023-06-01")]

    assert relapsed(rule(**RELAPSE), [adjuvant()], undated, DAY) == "unknown"


def test_a_relapse_on_record_before_the_treatment_is_none_of_it():
    """It had begun by the day of the record, whenever that was."""
    undated = [had("metastasis", recorded="2023-06-01")]
    later = adjuvant(since="2023-06-02", until="2025-01-01")

    assert relapsed(rule(**RELAPSE), [later], undated, DAY) == "not met"
    assert relapsed(rule(**RELAPSE), [later], [had("metastasis")], DAY) == "unknown"


def test_without_relapse_or_treatment_nothing_counts():
    """Nor does an absence on record."""
    absent = had("metastasis", "2023-06-01", is_present=False)

    assert relapsed(rule(**RELAPSE), [adjuvant()], [], DAY) == "not met"
    assert relapsed(rule(**RELAPSE), [], [had("metastasis", "2023-06-01")], DAY) == "not met"
    assert relapsed(rule(**RELAPSE), [adjuvant()], [absent], DAY) == "not met"
