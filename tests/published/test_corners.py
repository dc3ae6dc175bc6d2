"""Corners of RECIST 1.1, CTCAE and survival, typed from the published rules before a run.

Each case names the rule that its answer rests on; the numbers of the curves come from the formulas
of Kaplan and Meier, Greenwood, and Kalbfleisch and Prentice in fractions.
"""

from pathlib import Path

from trialwright.assembly.reference_cases import compare_folder

HERE = Path(__file__).parent / "corners"

CASES = {
    "ctcae/lab_grades_v5.json": 228,
    "endpoints/km_hand.json": 7,
    "recist/baseline_cases.json": 7,
    "recist/bor_cases.json": 49,
    "recist/endpoint_cases.json": 34,
    "recist/timepoint_cases.json": 71,
}


def test_every_corner_agrees():
    """Three of INR on anticoagulation are counted apart: CTCAE reads a semicolon as `or`."""
    found = {each.file: each for each in compare_folder(HERE)}

    assert {name: each.total for name, each in found.items()} == CASES
    assert {name: each.agree for name, each in found.items()} == CASES
    ambiguous = [
        each.case for file in found.values() for each in file.comparisons if each.is_ambiguous
    ]
    assert ambiguous == ["BL196", "BL197", "BL198"]
