"""Reference cases: told by their form, compared field by field, ambiguous ones counted apart."""

import copy
from decimal import Decimal

import pytest

from trialwright.questions.reference import form_of

GRADES = {
    "cases": [
        {
            "id": "a",
            "term": "Anemia",
            "value": Decimal("7.9"),
            "unit": "g/dL",
            "lln": 12,
            "grade": 3,
        },
        {"id": "b", "term": "Anemia", "value": 8, "unit": "g/dL", "lln": 12, "grade": 2},
    ]
}
TIMEPOINTS = {
    "cases": [
        {
            "id": "T1",
            "baseline": {"target": [{"id": "T1", "mm": 100}], "nontarget": []},
            "visits": [
                {"day": 57, "target": {"T1": 70}, "nontarget": {}, "new": "NONE"},
                {"day": 113, "target": {"T1": 80}, "nontarget": {}, "new": "NONE"},
            ],
            "expected": {
                "overall": ["PR", "PR"],
                "sum_mm": [70, Decimal("80.0")],
                "policy": "PR is continued",
                "overall_if_each_visit_is_read_against_baseline": ["PR", "SD"],
            },
        }
    ]
}
CHARACTERISTICS = {
    "cohort_size": 3,
    "variants": [
        {
            "variant": "A_no_deescalation",
            "num_doses": 1,
            "results": [{"true_p": [Decimal("0.5")], "p_select": [Decimal("0.171875")],
                         "p_no_mtd": Decimal("0.828125"), "total": 1}],
        }
    ],
}  # fmt: skip


def compared(parsed, library):
    """Compare a file of a known form."""
    return list(form_of(parsed).compare(parsed, library))


@pytest.mark.parametrize(
    ("parsed", "form"),
    [
        (GRADES, "CTCAE grades"),
        (TIMEPOINTS, "RECIST time-point responses"),
        (CHARACTERISTICS, "exact operating characteristics of the 3+3"),
    ],
)
def test_each_form_is_known_and_agrees(parsed, form, library):
    """Cases worked out by hand: one level at p = 1/2: 8/64 + 3/64."""
    assert form_of(parsed).name == form
    assert [(each.agrees, each.is_ambiguous) for each in compared(parsed, library)] == [
        (True, False)
    ] * len(compared(parsed, library))


@pytest.mark.parametrize(
    "parsed",
    [None, 3, "cases", [], {}, {"cases": []}, {"cases": {}}, {"cases": [1]}, {"cases": [{}]},
     {"cases": [{"term": 1}]}, {"cohort_size": 3}, {"cohort_size": 3, "variants": {}},
     {"cohort_size": 2, "variants": []}, [GRADES]],
)  # fmt: skip
def test_another_form_is_not_known(parsed):
    """Nothing is compared by guessing."""
    assert form_of(parsed) is None


def changed(parsed, way, value):
    """Give a copy with another value in one place."""
    copied = copy.deepcopy(parsed)
    place = copied
    for part in way[:-1]:
        place = place[part]
    place[way[-1]] = value
    return copied


EXPECTED = ("cases", 0, "expected")
SCENARIO = ("variants", 0, "results", 0)


@pytest.mark.parametrize(
    ("parsed", "way", "value", "says"),
    [
        (GRADES, ("cases", 0, "grade"), 2, "grade 3, expected 2"),
        (GRADES, ("cases", 0, "grade"), None, "expected None"),
        (GRADES, ("cases", 0, "grade"), True, "expected True"),
        (GRADES, ("cases", 1, "unit"), "stones", "refused"),
        (TIMEPOINTS, (*EXPECTED, "overall"), ["PR", "SD"], "overall"),
        (TIMEPOINTS, (*EXPECTED, "overall"), ["PR"], "overall"),
        (TIMEPOINTS, (*EXPECTED, "sum_mm"), [70, 81], "sum_mm"),
        (TIMEPOINTS, (*EXPECTED, "sum_mm"), [70, None], "sum_mm"),
        (TIMEPOINTS, (*EXPECTED, "target"), ["PR", "x"], "target"),
        (
            TIMEPOINTS,
            (*EXPECTED, "overall_if_each_visit_is_read_against_baseline"),
            ["PR", "PR"],
            "read_against_baseline",
        ),
        (TIMEPOINTS, EXPECTED, {"policy": "none"}, "no field that is known here"),
        (TIMEPOINTS, EXPECTED, ["PR"], "no object"),
        (TIMEPOINTS, ("cases", 0, "settings"), {"moon": 1}, "moon"),
        (TIMEPOINTS, ("cases", 0, "settings"), "all", "settings"),
        (TIMEPOINTS, ("cases", 0, "visits"), 7, "refused"),
        (CHARACTERISTICS, (*SCENARIO, "p_no_mtd"), Decimal("0.828125000002"), "p_no_mtd"),
        (CHARACTERISTICS, (*SCENARIO, "p_select"), [], "p_select"),
        (CHARACTERISTICS, (*SCENARIO, "p_select"), "x", "p_select"),
        (CHARACTERISTICS, (*SCENARIO, "__class__"), 1, "__class__"),
        (CHARACTERISTICS, (*SCENARIO, "true_p"), [2], "refused"),
        (CHARACTERISTICS, (*SCENARIO, "true_p"), None, "no scenario"),
        (CHARACTERISTICS, SCENARIO, {"true_p": [0]}, "no scenario"),
        (CHARACTERISTICS, ("variants", 0, "variant"), "Z", "not known"),
        (CHARACTERISTICS, ("variants", 0, "num_doses"), 99, "num_doses"),
        (CHARACTERISTICS, ("variants", 0, "results"), [], "no list"),
        (CHARACTERISTICS, ("variants", 0, "terminal_states"), 1, "terminal_states"),
    ],
)
def test_one_wrong_value_is_one_disagreement(parsed, way, value, says, library):
    """Each is told with what was found and what was expected; the other cases still agree."""
    results = compared(changed(parsed, way, value), library)

    wrong = [each for each in results if not each.agrees]
    assert len(wrong) == 1
    assert says in wrong[0].says


@pytest.mark.parametrize(
    ("parsed", "add", "lacks"),
    [
        (GRADES, {"id": "c", "term": "Anemia"}, "lacks value, unit, grade"),
        (GRADES, 7, "no object"),
        (TIMEPOINTS, {"id": "T9"}, "lacks baseline, visits, expected"),
    ],
)
def test_a_case_of_another_form_is_told_and_the_others_are_compared(parsed, add, lacks, library):
    """A file is told by its first case; a later one that lacks a field does not pass silently."""
    *others, last = compared({"cases": [*parsed["cases"], add]}, library)

    assert all(each.agrees for each in others)
    assert (last.agrees, lacks in last.says) == (False, True)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("cases", 0, "ambiguous"), "either reading"),
        ((*EXPECTED, "accept_overall"), [["PR", "PR"]]),
        ((*EXPECTED, "accept_overall"), ["PR", "PR"]),
        (("cases", 0, "accept_overall"), [["SD", "SD"], ["PR", "PR"]]),
    ],
)
def test_a_reading_that_the_case_accepts_agrees_and_is_counted_apart(way, value, library):
    """Both readings can be defended; it is no silent agreement."""
    other = changed(TIMEPOINTS, (*EXPECTED, "overall"), ["PR", "SD"])

    (result,) = compared(changed(other, way, value), library)

    assert (result.agrees, result.is_ambiguous) == (True, True)


def test_a_case_marked_ambiguous_that_agrees_all_the_same_is_an_ordinary_one(library):
    """Apart are only those that agree by the other reading."""
    (result,) = compared(changed(TIMEPOINTS, ("cases", 0, "ambiguous"), "yes"), library)

    assert (result.agrees, result.is_ambiguous) == (True, False)


def test_a_field_that_is_not_compared_is_named(library):
    """What nobody looked at is told."""
    (result,) = compared(changed(TIMEPOINTS, (*EXPECTED, "nadir"), [100, 70]), library)

    assert (result.agrees, result.uncompared) == (True, ("nadir",))
