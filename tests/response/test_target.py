"""Target lesions: the limits of 20 %, 30 %, 5 mm and 10 mm, exactly."""

from decimal import Decimal

import pytest

from trialwright.response.target import has_grown, has_shrunk


@pytest.mark.parametrize(
    ("before", "now", "target"),
    [
        (100, 70, "PR"),
        (100, "70.001", "SD"),
        (90, 63, "PR"),  # 0.7 * 90 is 62.99999999999999 in binary
        ("33.3", "23.31", "PR"),
        (100, 100, "SD"),
        (100, "119.999", "SD"),
        (100, 120, "PD"),
        ("31.2", "37.44", "PD"),
        (20, 24, "SD"),  # +20 %, +4 mm
        (20, "24.999", "SD"),
        (20, 25, "PD"),  # +25 %, exactly +5 mm
        (25, 30, "PD"),  # exactly +20 % and exactly +5 mm
        (25, "29.999", "SD"),
        (60, 65, "SD"),  # +5 mm, +8 %
        (30, "TOO SMALL TO MEASURE", "PR"),
        (6, "TOO SMALL TO MEASURE", "SD"),
        (30, "NE", "NE"),
        (30, "ABSENT", "CR"),
        (30, 0, "CR"),
        (30, [6, 8], "PR"),
        (30, [20, 16], "PD"),
        (30, [0, 0], "CR"),
    ],
)
def test_one_lesion_against_its_baseline(bench, before, now, target):
    """Each limit belongs to the response it opens, to the last 0.001 mm."""
    assert bench.targets({"T1": before}, {"T1": now}) == [target]


@pytest.mark.parametrize(
    ("course", "target"),
    [
        ([100, 50, 60], "PD"),  # +20 % and +10 mm over the nadir, 40 % under baseline
        ([100, 50, 59], "PR"),
        ([20, 10, 12], "PR"),  # +20 % over the nadir, but +2 mm
        ([20, 10, "14.999"], "PR"),  # +50 %, under 5 mm; PR continued
        ([20, 10, 15], "PD"),
        ([50, 60, 61], "PD"),  # the nadir is the baseline itself
        ([100, 80, 90, 95], "SD"),  # nadir 80: +18.75 %
        ([100, 80, 90, 96], "PD"),
        ([100, 80, "NE", 96], "PD"),
    ],
)
def test_progression_is_measured_from_the_nadir(bench, course, target):
    """The smallest complete sum so far, baseline included, is what progression is against."""
    answers = bench.targets({"T1": course[0]}, *({"T1": mm} for mm in course[1:]))

    assert answers[-1] == target


@pytest.mark.parametrize(
    ("before", "now", "target"),
    [
        ({"LN1": 15}, {"LN1": "9.9"}, "CR"),
        ({"LN1": 15}, {"LN1": "9.999"}, "CR"),
        ({"LN1": 15}, {"LN1": 10}, "PR"),
        ({"LN1": 15}, {"LN1": 11}, "SD"),
        ({"LN1": 15}, {"LN1": 0}, "CR"),
        ({"LN1": 15}, {"LN1": "ABSENT"}, "CR"),
        ({"LN1": 15}, {"LN1": "TOO SMALL TO MEASURE"}, "CR"),
        ({"LN1": 20, "LN2": 18}, {"LN1": 9, "LN2": 9}, "CR"),
        ({"LN1": 20, "LN2": 18}, {"LN1": 9, "LN2": 10}, "PR"),
        ({"T1": 40, "LN1": 20}, {"T1": "ABSENT", "LN1": 9}, "CR"),
        ({"T1": 40, "LN1": 20}, {"T1": 1, "LN1": 9}, "PR"),
        ({"T1": 40, "LN1": 20}, {"T1": "ABSENT", "LN1": "NE"}, "NE"),
        ({"LN1": 20}, {"LN1": [6, 5]}, "PR"),  # fragments of a node are added
    ],
)
def test_nodes_are_gone_below_10_mm_short_axis(bench, before, now, target):
    """A normal node leaves a sum above 0 and is still complete response; 10 mm is not normal."""
    assert bench.targets(before, now) == [target]


@pytest.mark.parametrize(
    ("now", "target", "total"),
    [
        ({"T1": 42, "T2": "MERGED:T1"}, "SD", 42),
        ({"T1": 35, "T2": "MERGED:T1"}, "PR", 35),
        ({"T1": 60, "T2": "MERGED:T1"}, "PD", 60),
        ({"T1": "ABSENT", "T2": "MERGED:T1"}, "CR", 0),
        ({"T1": "NE", "T2": "MERGED:T1"}, "NE", None),
        ({"T1": "MERGED:T2", "T2": "MERGED:T1"}, "NE", None),
        ({"T1": 42, "T2": "MERGED:T9"}, "NE", None),
        ({"T1": 42, "T2": "MERGED:T9", "T9": 3}, "NE", None),
    ],
)
def test_merged_lesions_count_once(bench, now, target, total):
    """Lesions that grew together share one diameter; one that leads nowhere is not evaluated."""
    answer = bench.judge(bench.baseline({"T1": 30, "T2": 20}), bench.visit(57, now))[0]

    assert (answer.target, answer.sum_mm) == (target, total)


def test_a_mass_merged_into_a_normal_node_is_not_absent(bench):
    """A non-nodal lesion is gone only at 0 mm, also when a node carries its diameter."""
    assert bench.targets({"T1": 30, "LN1": 20}, {"T1": "MERGED:LN1", "LN1": 8}) == ["PR"]


def test_missing_lesions_may_leave_progression_open_but_never_response(bench):
    """With one lesion missing -60 % is NE, while +60 % is PD."""
    before = {"T1": 25, "T2": 25}

    assert bench.targets(before, {"T1": 10, "T2": "NE"}) == ["NE"]
    assert bench.targets(before, {"T1": 60, "T2": "NE"}) == ["PD"]
    assert bench.targets(before, {"T1": "59.999", "T2": "NE"}) == ["NE"]


def test_a_reappearance_is_certain_while_another_lesion_is_missing(bench):
    """After CR, one lesion back is PD although the other was not evaluated."""
    gone = {"T1": "ABSENT", "T2": "ABSENT"}

    assert bench.targets({"T1": 9, "T2": 9}, gone, {"T1": 2, "T2": "NE"}) == ["CR", "PD"]


def test_every_whole_millimetre_limit_is_exact():
    """For all sums of 10 to 300 mm the exact 20 % and 30 % decide, where binary floats slip."""
    slips_growth = slips_shrinkage = 0
    for mm in range(10, 301):
        length = mm * 1000
        assert has_shrunk(length * 7 // 10, length)
        assert not has_shrunk(length * 7 // 10 + 1, length)
        assert has_grown(length * 6 // 5, length) == (mm >= 25)
        assert not has_grown(length * 6 // 5 - 1, length)
        slips_growth += mm % 5 == 0 and not (mm * 6 // 5) / mm - 1 >= 0.2
        slips_shrinkage += mm % 10 == 0 and not mm * 7 // 10 <= 0.7 * mm

    assert slips_growth > 0
    assert slips_shrinkage > 0


def test_a_sum_can_grow_from_nothing():
    """From a nadir of 0 mm any 5 mm is at least 20 %."""
    assert has_grown(5000, 0)
    assert not has_grown(4999, 0)


def test_the_reason_names_the_numbers(bench):
    """Sum, growth, nadir, its day and both limits stand in the sentence."""
    visits = bench.visit(57, {"T1": 50}), bench.visit(113, {"T1": "60.5"})

    because = bench.judge(bench.baseline({"T1": Decimal(100)}), *visits)[1].because

    assert "sum 60.5 mm is 10.5 mm (+21 %) above the nadir of 50 mm on 2026-02-26" in because
    assert "limits 20 % and 5 mm (RECIST 1.1 section 4.3.1; T1 60.5 mm)" in because
