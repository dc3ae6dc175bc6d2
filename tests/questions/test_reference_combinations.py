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
