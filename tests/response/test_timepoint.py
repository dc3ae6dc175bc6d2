"""Time-point responses: shared cases, sequences, and what must never change an answer."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.tumour_words import read_target
from trialwright.casebook.tumours import (
    Certainty,
    Marker,
    NewLesion,
    NonTargetLesion,
    Response,
    TargetLesion,
    TumourBaseline,
)
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source


def _judge_case(bench, case):
    """Judge one shared case; its baseline has no day, a week before day 1 is taken."""
    written = case["baseline"]
    baseline = TumourBaseline(
        bench.day_1 - timedelta(7),
        tuple(
            TargetLesion(one["id"], one["site"], one["node"], read_target(one["mm"], one["id"]))
            for one in written["target"]
        ),
        tuple(
            NonTargetLesion(one["id"], one.get("site", ""), one["node"])
            for one in written["nontarget"]
        ),
        Source("example", case["id"]),
    )
    visits = [
        bench.visit(seen["day"], seen["target"], seen["nontarget"], seen["new"])
        for seen in case["visits"]
    ]
    return bench.judge(baseline, *visits)


def test_shared_cases_agree(bench, shared):
    """Every published time-point case gives the responses and sums typed from the tables."""
    path = shared / "reference" / "recist" / "timepoint_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]
    found, expected = {}, {}
    for case in cases:
        answers = _judge_case(bench, case)
        for field in ("overall", "target", "nontarget", "sum_mm"):
            if field in case["expected"]:
                found[case["id"], field] = [getattr(answer, field) for answer in answers]
                expected[case["id"], field] = case["expected"][field]

    assert found == expected
    assert len(found) >= len(cases) >= 16


def test_reading_each_visit_against_baseline_is_a_setting(bench):
    """Without continuing PR, sums 100 | 70 80 give PR, then SD."""
    before, visits = {"T1": 100}, [bench.visit(57, {"T1": 70}), bench.visit(113, {"T1": 80})]

    kept = bench.judge(bench.baseline(before), *visits)
    fresh = bench.judge(bench.baseline(before), *visits, continuing_pr=False)

    assert [answer.overall for answer in kept] == ["PR", "PR"]
    assert [answer.overall for answer in fresh] == ["PR", "SD"]


def test_continuing_pr_survives_a_visit_that_could_not_be_judged(bench):
    """PR, NE, then -20 % is PR, NE, PR."""
    assert bench.targets({"T1": 100}, {"T1": 60}, {"T1": "NE"}, {"T1": 70}) == ["PR", "NE", "PR"]
    assert bench.targets({"T1": 100}, {"T1": 65}, {"T1": "NE"}, {"T1": 77}) == ["PR", "NE", "PR"]


def test_continuing_pr_ends_with_progression(bench):
    """After PR and PD a visit 20 % under baseline is SD again."""
    assert bench.targets({"T1": 100}, {"T1": 50}, {"T1": 100}, {"T1": 80}) == ["PR", "PD", "PD"]

    visits = [
        bench.visit(57, {"T1": 70}),
        bench.visit(113, {"T1": 70}, new="UNEQUIVOCAL"),
        bench.visit(169, {"T1": 80}),
    ]
    answers = bench.judge(bench.baseline({"T1": 100}), *visits)

    assert [answer.overall for answer in answers] == ["PR", "PD", "SD"]
    assert [answer.is_after_progression for answer in answers] == [False, False, True]


@pytest.mark.parametrize(
    ("third", "target"),
    [("ABSENT", "CR"), (0, "CR"), ("0.001", "PD"), (4, "PD"), ("TOO SMALL TO MEASURE", "PD")],
)
def test_any_reappearance_after_complete_response_is_progression(bench, third, target):
    """A lesion back after overall CR is PD, however small; the 5 mm rule does not protect it."""
    assert bench.targets({"T1": 30}, {"T1": "ABSENT"}, {"T1": third})[1] == target


@pytest.mark.parametrize(("mm", "overall"), [("4.95", "PR"), (5, "PD")])
def test_a_reappearance_may_be_judged_by_its_growth(bench, mm, overall):
    """By the setting, 4.95 mm after CR is PR with a query, and 5 mm over the nadir of 0 is PD."""
    visits = bench.visit(57, {"T1": "ABSENT"}), bench.visit(113, {"T1": mm})

    answer = bench.judge(bench.baseline({"T1": 30}), *visits, reappearing_after_cr="by-growth")[1]

    assert answer.overall == overall
    assert any("after a complete response" in query.says for query in answer.queries)


def test_a_reappearance_after_a_missed_scan_is_still_one(bench):
    """CR, then NE, then back: the last evaluable response was CR, so PD."""
    found = bench.targets({"T1": 30}, {"T1": "ABSENT"}, {"T1": "NE"}, {"T1": 3})

    assert found == ["CR", "NE", "PD"]


def test_targets_gone_beside_persisting_nontargets_are_no_complete_response(bench):
    """With overall PR a target that reappears at 4 mm only joins the sum, at 5 mm it is PD."""
    baseline = bench.baseline({"T1": 30}, ("N1",))
    gone = bench.visit(57, {"T1": "ABSENT"}, {"N1": "PRESENT"})

    def back(mm):
        seen = bench.visit(113, {"T1": mm}, {"N1": "PRESENT"})
        return [answer.overall for answer in bench.judge(baseline, gone, seen)]

    assert back(4) == ["PR", "PR"]
    assert back(5) == ["PR", "PD"]


@pytest.mark.parametrize(
    ("regrown", "target"), [(9, "CR"), (10, "PR"), ("12.999", "PR"), (13, "PD")]
)
def test_a_node_after_complete_response_is_judged_by_its_growth(bench, regrown, target):
    """A node of 8 mm that regrows is PD from 13 mm on: 20 % and 5 mm over the nadir."""
    assert bench.targets({"LN1": 20}, {"LN1": 8}, {"LN1": regrown})[1] == target


def test_normal_nodes_that_grow_stay_complete_response_with_a_query(bench):
    """3 mm to 9 mm is +6 mm, but a node under 10 mm is not disease; somebody should look."""
    visits = bench.visit(57, {"LN1": 3}), bench.visit(113, {"LN1": 9})

    answer = bench.judge(bench.baseline({"LN1": 20}), *visits)[1]

    assert answer.overall is Response.CR
    assert any("every node is below 10 mm" in query.says for query in answer.queries)


def test_no_partial_sum_becomes_the_nadir(bench):
    """50 mm, then 10 mm with a lesion missing, then 50 mm is SD, not PD."""
    before = {"T1": 25, "T2": 25}
    visits = bench.visit(57, {"T1": 10, "T2": "NE"}), bench.visit(113, {"T1": 25, "T2": 25})

    first, second = bench.judge(bench.baseline(before), *visits)

    assert (first.target, first.sum_mm, first.measured_mm) == ("NE", None, Decimal(10))
    assert (second.target, second.nadir_mm) == ("SD", Decimal(50))


def test_what_was_measured_can_be_progression_by_itself(bench):
    """50 mm in three lesions, then 80 mm in two of them, is PD whatever the third is."""
    before = {"T1": 20, "T2": 20, "T3": 10}

    answer = bench.judge(bench.baseline(before), bench.visit(57, {"T1": 40, "T2": 40, "T3": "NE"}))[
        0
    ]

    assert (answer.target, answer.overall, answer.sum_mm) == ("PD", "PD", None)
    assert "T3, not evaluated" in answer.because


@pytest.mark.parametrize(
    ("second", "overall"),
    [
        ({"T1": "NE"}, "NE"),
        ({"T1": "NE", "T2": "NE"}, "NE"),
        ({}, "NE"),
    ],
)
def test_nothing_evaluated_is_ne_never_absent(bench, second, overall):
    """A lesion that was not looked at is neither gone nor stable."""
    answer = bench.judge(bench.baseline({"T1": 20, "T2": 20}), bench.visit(57, second))[0]

    assert (answer.target, answer.overall) == (overall, overall)
    assert answer.change_from_baseline == ""


def test_progression_is_dated_back_to_the_equivocal_scan(bench):
    """An equivocal lesion later confirmed dates PD to the scan that first showed it."""
    visits = [
        bench.visit(57, {"T1": 30}, new="EQUIVOCAL"),
        bench.visit(113, {"T1": 30}, new="UNEQUIVOCAL"),
    ]

    first, second = bench.judge(bench.baseline({"T1": 50}), *visits)

    assert (first.overall, first.progression_on) == ("PR", None)
    assert (second.overall, second.progression_on) == ("PD", first.on)
    assert second.on > first.on


@pytest.mark.parametrize(
    ("marker", "overall"),
    [
        (Marker.NOT_FOLLOWED, "CR"),
        (Marker.NORMAL, "CR"),
        (Marker.ABOVE_NORMAL, "PR"),
        (Marker.NOT_EVALUATED, "PR"),
    ],
)
def test_a_followed_marker_must_be_normal_for_complete_response(bench, marker, overall):
    """Targets gone with a marker above normal, or unknown, are PR."""
    visit = bench.visit(57, {"T1": "ABSENT"}, marker=marker)

    assert bench.judge(bench.baseline({"T1": 20}), visit)[0].overall == overall


@pytest.mark.parametrize(
    ("readings", "overall"),
    [
        (["ABSENT", "ABSENT"], "CR"),
        (["PRESENT", "ABSENT"], "NON-CR/NON-PD"),
        (["NE", "ABSENT"], "NE"),
        (["NE", "PRESENT"], "NE"),
        (["NE", "NE"], "NE"),
        (["UNEQUIVOCAL PROGRESSION", "NE"], "PD"),
    ],
)
def test_bone_only_disease_reads_table_2(bench, readings, overall):
    """Without targets there is CR, NON-CR/NON-PD, PD or NE, and never SD or PR."""
    baseline = bench.baseline(nontargets=("B1", "B2"))
    visit = bench.visit(57, nontargets=dict(zip(("B1", "B2"), readings, strict=True)))

    answer = bench.judge(baseline, visit)[0]

    assert (answer.target, answer.nontarget, answer.overall) == (None, overall, overall)
    assert (answer.sum_mm, answer.baseline_mm) == (None, None)


def test_a_bone_lesion_back_after_complete_response_is_progression(bench):
    """Non-target CR alone is overall CR; what reappears then is PD."""
    visits = bench.visit(57, nontargets={"B1": "ABSENT"}), bench.visit(113, None, {"B1": "PRESENT"})

    answers = bench.judge(bench.baseline(nontargets=("B1",)), *visits)

    assert [answer.overall for answer in answers] == ["CR", "PD"]


def test_no_disease_at_baseline_waits_for_a_new_lesion(bench):
    """Without any lesion every visit is NE with its reason, until a new lesion is PD."""
    visits = bench.visit(57, marker=Marker.ABOVE_NORMAL), bench.visit(113, new="UNEQUIVOCAL")

    first, second = bench.judge(bench.baseline(), *visits)

    assert (first.overall, second.overall) == ("NE", "PD")
    assert "no lesion was recorded at baseline" in first.because


def test_new_lesions_nobody_could_look_for_leave_the_visit_unknown(bench):
    """Targets at -50 % with new lesions not evaluated are NE; progression still counts."""
    baseline = bench.baseline({"T1": 40})

    unknown = bench.judge(baseline, bench.visit(57, {"T1": 20}, new=None))[0]
    grown = bench.judge(baseline, bench.visit(57, {"T1": 60}, new=None))[0]

    assert (unknown.target, unknown.overall) == ("PR", "NE")
    assert grown.overall == "PD"


def test_numbers_of_an_answer_belong_together(bench):
    """Sum, baseline, nadir with its day, and both changes stand in one answer."""
    visits = bench.visit(57, {"T1": 30}), bench.visit(113, {"T1": "35.5"})

    answer = bench.judge(bench.baseline({"T1": 60}), *visits)[1]

    assert (answer.sum_mm, answer.baseline_mm, answer.nadir_mm) == (
        Decimal("35.5"),
        Decimal(60),
        Decimal(30),
    )
    assert (answer.nadir_on, answer.change_from_baseline, answer.change_from_nadir) == (
        visits[0].on,
        "-40.8… %",
        "+18.3… %",
    )


def test_visits_may_come_in_any_order(bench):
    """Assessments are judged by date, not by place."""
    visits = bench.visit(57, {"T1": 20}), bench.visit(113, {"T1": 30})
    baseline = bench.baseline({"T1": 40})

    assert bench.judge(baseline, *visits) == bench.judge(baseline, *reversed(visits))


def test_impossible_days_are_refused_together(bench):
    """Two assessments on one day and two not after the baseline are named at once."""
    visits = bench.visit(57), bench.visit(57), bench.visit(-30), bench.visit(-6)

    with pytest.raises(Refusal) as refused:
        bench.judge(bench.baseline({"T1": 40}), *visits)

    assert [fault.where for fault in refused.value.faults] == [
        "assessments.2026-02-26",
        "assessments.2025-12-01",
        "assessments.2025-12-25",
    ]


READINGS = st.one_of(
    st.integers(0, 120).map(lambda tenths: Decimal(tenths) / 2),
    st.sampled_from(["ABSENT", "TOO SMALL TO MEASURE", "NE"]),
)
COURSES = st.lists(
    st.tuples(
        READINGS,
        READINGS,
        READINGS,
        st.sampled_from(["PRESENT", "ABSENT", "UNEQUIVOCAL PROGRESSION", "NE"]),
        st.sampled_from(["NONE", "NONE", "NONE", "EQUIVOCAL", "UNEQUIVOCAL"]),
    ),
    min_size=1,
    max_size=5,
)
LABELS = ("T1", "T2", "LN1")


def _course(bench, course):
    """Make the visits of a generated course."""
    return [
        bench.visit(
            57 + 56 * place,
            dict(zip(LABELS, readings[:3], strict=True)),
            {"N1": readings[3]},
            readings[4],
        )
        for place, readings in enumerate(course)
    ]


@given(course=COURSES)
def test_a_later_visit_never_changes_an_earlier_answer(bench, course):
    """What was answered at a visit stays, whatever comes after."""
    baseline = bench.baseline({"T1": 30, "T2": 20, "LN1": 16}, ("N1",))
    visits = _course(bench, course)

    whole = bench.judge(baseline, *visits)

    for known in range(len(visits)):
        assert bench.judge(baseline, *visits[:known]) == whole[:known]


@given(course=COURSES)
def test_every_answer_carries_its_reason_and_fits_the_guideline(bench, course):
    """Each answer names its rule; PD is dated; nothing improves on its parts."""
    baseline = bench.baseline({"T1": 30, "T2": 20, "LN1": 16}, ("N1",))

    for answer in bench.judge(baseline, *_course(bench, course)):
        assert f"Overall {answer.overall}: " in answer.because
        assert "RECIST 1.1" in answer.because
        assert (answer.progression_on is not None) == (answer.overall == "PD")
        assert (answer.overall == "PD") == (
            "PD" in (answer.target, answer.nontarget) or answer.new == "UNEQUIVOCAL"
        )
        assert answer.overall != "CR" or (answer.target, answer.nontarget) == ("CR", "CR")
        assert (answer.sum_mm is None) == (answer.change_from_baseline == "")


@given(course=COURSES, order=st.permutations(LABELS))
def test_the_order_of_lesions_never_matters(bench, course, order):
    """Lesions listed in another order give the same responses and sums."""
    sizes = {"T1": 30, "T2": 20, "LN1": 16}
    visits = _course(bench, course)

    listed = bench.judge(bench.baseline(sizes, ("N1",)), *visits)
    shuffled = bench.judge(
        bench.baseline({label: sizes[label] for label in order}, ("N1",)), *visits
    )

    fields = ("target", "nontarget", "overall", "sum_mm", "nadir_mm", "progression_on")
    for one, other in zip(listed, shuffled, strict=True):
        assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]


@given(
    sums=st.lists(st.integers(10, 400), min_size=2, max_size=5),
    factor=st.sampled_from([Decimal("0.1"), Decimal("0.5"), Decimal("1.7"), Decimal("2")]),
)
def test_scaling_changes_nothing_but_the_five_millimetres(bench, sums, factor):
    """In another unit of length the answers stay, unless the 5 mm rule decides one of them."""
    plain = bench.targets({"T1": sums[0]}, *({"T1": mm} for mm in sums[1:]))
    scaled = bench.targets({"T1": sums[0] * factor}, *({"T1": mm * factor} for mm in sums[1:]))

    nadir = sums[0]
    for mm, one, other in zip(sums[1:], plain, scaled, strict=True):
        if one != other:
            assert (mm - nadir >= 5) != ((mm - nadir) * factor >= 5)
            assert 5 * mm >= 6 * nadir
            return
        nadir = min(nadir, mm)


def test_a_second_new_lesion_does_not_inherit_the_date_of_the_first(bench):
    """Only the equivocal lesion that was confirmed dates progression back."""
    liver = NewLesion(Certainty.EQUIVOCAL, "LIVER")
    lung = NewLesion(Certainty.UNEQUIVOCAL, "LUNG")
    visits = [bench.visit(57, {"T1": 50}, new=(liver,)), bench.visit(113, {"T1": 50}, new=(lung,))]

    answer = bench.judge(bench.baseline({"T1": 50}), *visits)[1]

    assert answer.progression_on == visits[1].on == date(2026, 4, 23)
