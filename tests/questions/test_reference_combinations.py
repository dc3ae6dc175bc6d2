"""Reference cases of two agents: ties agree either way, other differences are named."""

import pytest

from trialwright.questions.reference_combinations import selected

EMPTY = [[0, 0, 0], [0, 0, 0]]
THREE = [[3, 0, 0], [0, 0, 0]]


def file_of(next_dose=(2, 1), mtd=((1, 1),), isotonic=((0.02, 0.5, 0.5), (0.5, 0.5, 0.5))):
    """Give a file with one MTD and one next combination: three without a DLT at the lowest."""
    return {
        "select": [
            {
                "target": 0.3,
                "n": THREE,
                "y": EMPTY,
                "mtd": [list(each) for each in mtd],
                "isotonic": [list(row) for row in isotonic],
            }
        ],
        "next_dose": [{"n": THREE, "y": EMPTY, "dose_now": [1, 1], "next_dose": list(next_dose)}],
    }


def says(parsed, library):
    """Give what is said of each case that differs."""
    return [each.says for each in selected(parsed, library) if not each.agrees]


@pytest.mark.parametrize("next_dose", [(2, 1), (1, 2)])
def test_either_neighbour_of_a_tie_agrees(next_dose, library):
    """Nobody was treated at either; R `BOIN` draws one."""
    assert says(file_of(next_dose), library) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"next_dose": (1, 1)}, "next_dose 1 2, expected 1"),
        ({"mtd": ((2, 1),)}, "MTD [1, 1], expected [[2, 1]]"),
        ({"isotonic": ((0.03, 0.5, 0.5), (0.5, 0.5, 0.5))}, "estimate 1 0.016"),
    ],
)
def test_what_differs_is_named(changed, said, library):
    """Another combination, another MTD, another estimate: (0 + .05) / (3 + .1) = .0161."""
    (found,) = says(file_of(**changed), library)

    assert said in found


def test_an_mtd_where_there_is_none_is_named(library):
    """Three of three close all combinations."""
    parsed = file_of()
    parsed["select"][0]["y"] = THREE

    found = says(parsed, library)

    assert "no MTD, expected [[1, 1]]" in found[0]


def test_a_case_that_leads_to_a_closed_combination_is_told_so(library):
    """3/3 at (1, 2) closes (2, 2), where `next.comb` would go on after 1/3."""
    case = {
        "n": [[3, 3], [3, 3]],
        "y": [[0, 3], [0, 1]],
        "dose_now": [2, 2],
        "next_dose": [2, 2],
    }

    (said,) = says({"select": [], "next_dose": [case]}, library)

    assert "next_dose 2 1, expected 2" in said
    assert said.endswith(", which is closed")


def test_mtds_that_tie_to_two_decimals_agree_and_others_do_not(library):
    """3.05 / 9.1 = 0.3352 is nearer to 0.30 than 2.05 / 6.1 = 0.3361; printed, both are 0.34."""
    case = {"target": 0.3, "n": [[3, 9], [6, 0]], "y": [[0, 3], [2, 0]]}

    for mtd, said in (([1, 2], []), ([2, 1], []), ([1, 1], ["MTD [1, 2], expected [[1, 1]]"])):
        assert says({"select": [case | {"mtd": [mtd]}], "next_dose": []}, library) == said


@pytest.mark.parametrize("none", [None, [None, None], [99, 99]])
def test_no_combination_is_written_in_several_ways(none, library):
    """Three of three at the lowest close all: the package writes NA twice, or 99 twice."""
    case = {"n": THREE, "y": THREE, "dose_now": [1, 1], "next_dose": none, "mtd": none}

    assert (
        says({"select": [case | {"mtd": [none] if none else none}], "next_dose": [case]}, library)
        == []
    )
    assert (
        "next_dose None, expected [1, 2]"
        in says({"select": [], "next_dose": [case | {"next_dose": [1, 2]}]}, library)[0]
    )


def test_the_next_combination_follows_after_any_number(library):
    """`next.comb` knows no cohorts: after 1 of 1 without a DLT it goes up, 0 <= 0.236."""
    one = {"n": [[1, 0], [0, 0]], "y": [[0, 0], [0, 0]], "dose_now": [1, 1], "next_dose": [2, 1]}

    assert says({"select": [], "next_dose": [one]}, library) == []
