"""H-score and Allred score told as one number: kept as told, and held against the rest."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.biomarkers.made import material as made_material
from tests.biomarkers.made import record, stain, status_rule

from trialwright.biomarkers.marker_table import CellState
from trialwright.biomarkers.scores import allred, apart, h_score
from trialwright.biomarkers.statuses import status_of
from trialwright.biomarkers.tabulating import prespecified, tabulate
from trialwright.casebook.stains import Stain
from trialwright.conduct.records import read, write
from trialwright.protocol.biomarker_settings import BiomarkerSettings, Marker
from trialwright.terms.errors import Refusal

ALLRED_3 = status_rule("er-allred-3", "ER", "Allred", "3")
H_100 = status_rule("er-h-100", "ER", "H-score", "100")
ONE_PERCENT = status_rule("er-1-percent", "ER", "percent stained", "1")


def told(*, h=None, a=None, percent="", **more):
    """Give a stain of ER with scores as told."""
    number = None if h is None else Decimal(h)
    return replace(stain("ER", percent, **more), h_score=number, allred=a)


@pytest.mark.parametrize("number", ["0", "0.5", "299.9", "300"])
def test_an_h_score_is_kept_as_it_was_told(number):
    """From 0 to 300; nothing is derived from it, and it is none that was derived."""
    found = told(h=number)

    assert (str(found.h_score), h_score(found), found.stained) == (number, None, None)


@pytest.mark.parametrize("number", [0, 2, 3, 8])
def test_an_allred_score_is_kept_as_it_was_told(number):
    """0, or 2 to 8."""
    found = told(a=number)

    assert (found.allred, allred(found)) == (number, None)


@pytest.mark.parametrize("number", ["-1", "300.1", "301", "NaN", "Infinity"])
def test_an_h_score_that_cannot_be_is_refused(number):
    """With its place and what is allowed."""
    with pytest.raises(Refusal) as refused:
        told(h=number)

    (fault,) = refused.value.faults
    assert (fault.where, fault.found, fault.allowed) == ("h_score", number, "from 0 to 300")


@pytest.mark.parametrize("number", [-1, 1, 9])
def test_an_allred_score_that_cannot_be_is_refused(number):
    """A stained cell gives 1 for its proportion and 1 for its intensity: there is no 1."""
    with pytest.raises(Refusal) as refused:
        told(a=number)

    (fault,) = refused.value.faults
    assert (fault.where, fault.found, fault.allowed) == ("allred", str(number), "0, or 2 to 8")


def test_all_faults_are_told_at_once():
    """Both scores and the percentage."""
    with pytest.raises(Refusal) as refused:
        Stain("slide", "ER", "read", None, stain("ER").source, weak=Decimal(5),
              h_score=Decimal(301), allred=1)  # fmt: skip

    assert [each.where for each in refused.value.faults] == [
        "h_score", "allred", "weak, moderate, strong",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "rule", "expected"),
    [
        (told(a=0), ALLRED_3, ("negative", "ER Allred 0: 3 not reached (er-allred-3)")),
        (told(a=2), ALLRED_3, ("negative", "ER Allred 2: 3 not reached (er-allred-3)")),
        (told(a=3), ALLRED_3, ("positive", "ER Allred 3: 3 or more (er-allred-3)")),
        (told(h="99.9"), H_100, ("negative", "ER H-score 99.9: 100 not reached (er-h-100)")),
        (told(h="100"), H_100, ("positive", "ER H-score 100: 100 or more (er-h-100)")),
        (told(a=8), H_100, ("unknown", "ER: H-score is not told (er-h-100)")),
        (told(h="300"), ALLRED_3, ("unknown", "ER: Allred is not told (er-allred-3)")),
        (told(h="300", a=8), ONE_PERCENT,
         ("unknown", "ER: percent stained is not told (er-1-percent)")),
    ],
)  # fmt: skip
def test_a_status_follows_from_the_score_that_the_rule_names(seen, rule, expected):
    """And from no other one: an Allred score of 8 is no percentage and no H-score."""
    found = status_of(seen, rule)

    assert (found.status, found.because) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (told(h="110", parts="20/30/10"), ""),
        (told(h="111", parts="20/30/10"), "H-score told as 111, 110"),
        (told(h="70", percent="70"), ""),
        (told(h="210", percent="70"), ""),
        (told(h="69", percent="70"), "H-score told as 69, 70-210"),
        (told(h="211", percent="70"), "H-score told as 211, 70-210"),
        (told(h="29", percent="30-60"), "H-score told as 29, 30-180"),
        (told(h="1", percent="0"), "H-score told as 1, 0"),
        (told(h="0", percent="0"), ""),
        (told(h="0", percent="1"), "H-score told as 0, 1-3"),
        (told(a=8, percent="70", intensity="strong"), ""),
        (told(a=7, percent="70", intensity="strong"), "Allred told as 7, 8"),
        (told(a=6, percent="70"), ""),
        (told(a=8, percent="70"), ""),
        (told(a=5, percent="70"), "Allred told as 5, 6-8"),
        (told(a=3, percent="0.5-1"), ""),
        (told(a=0, percent="0-70"), ""),
        (told(a=2, percent="0", intensity="none"), "Allred told as 2, 0"),
        (told(a=0, percent="0"), ""),
        (told(a=0, percent="5"), "Allred told as 0, 3-5"),
        (told(h="300", a=0), ""),
        (told(a=8, intensity="weak"), ""),
        (told(percent="70"), ""),
    ],
)
def test_a_score_told_is_held_against_percentage_and_intensity(seen, expected):
    """20 weak, 30 moderate and 10 strong are 110; 70 % stained are 70 to 210, and Allred 6 to 8."""
    found = [str(each) for each in apart(seen)]

    assert found == ([f"{expected} by percentage and intensity"] if expected else [])


def test_ends_that_are_left_out():
    """Above 60 % to 100 %: an H-score of 60 cannot be; below 10 %: neither can one of 30."""
    above, below = (
        replace(told(percent=percent).percent, is_above_low=low, is_below_high=not low)
        for percent, low in (("60-100", True), ("0-10", False))
    )

    assert apart(replace(told(h="60"), percent=above))
    assert not apart(replace(told(h="60.1"), percent=above))
    assert apart(replace(told(h="30"), percent=below))
    assert not apart(replace(told(h="29.9"), percent=below))
    assert apart(replace(told(a=4), percent=above))
    assert not apart(replace(told(a=5), percent=above))
    assert not apart(replace(told(a=0), percent=below))


def test_both_scores_may_be_apart():
    """Each is said."""
    assert [each.score for each in apart(told(h="0", a=0, percent="50"))] == ["H-score", "Allred"]


@pytest.mark.parametrize(
    ("number", "percent", "expected"),
    [
        (8, "5", ("positive", "3 or more")),
        (2, "70", ("unknown", "on both sides of 3")),
        (5, "0", ("unknown", "on both sides of 3")),
        (2, "0", ("negative", "3 not reached")),
    ],
)
def test_two_scores_that_differ_decide_where_both_lie_on_one_side(number, percent, expected):
    """Neither is dropped; the reason names both."""
    found = status_of(told(a=number, percent=percent), ALLRED_3)

    assert found.status == expected[0]
    assert f"ER Allred told as {number}, " in found.because
    assert expected[1] in found.because


def test_the_score_told_counts_where_nothing_contradicts_it():
    """70 % stained, of no intensity that is told: Allred 6 to 8, told as 7."""
    rule = status_rule("er-allred-7", "ER", "Allred", "7")

    assert status_of(told(percent="70"), rule).status == "unknown"
    assert status_of(told(a=7, percent="70"), rule).status == "positive"
    assert status_of(told(a=6, percent="70"), rule).status == "negative"


def test_a_marker_by_a_score_is_decided_by_the_score_told():
    """And a contradicted one leaves its cell undetermined."""
    settings = BiomarkerSettings(
        version="test", statuses=(ALLRED_3,),
        markers=(Marker(id="er", says="ER", family="IHC", rule="er-allred-3",
                        altered=("positive",)),),
    )  # fmt: skip
    block = made_material("slide", "block")
    people = {
        "1": record("1", block, told(a=3)),
        "2": record("2", block, told(a=2)),
        "3": record("3", block, told(a=2, percent="70")),
    }

    cells = tabulate((*people,), people, prespecified(settings), settings).column("er")

    assert [each.state for each in cells] == [
        CellState.ALTERED, CellState.NOT_ALTERED, CellState.UNDETERMINED,
    ]  # fmt: skip
    assert "Allred told as 2, 6-8 by percentage and intensity" in cells[2].because


def test_a_stain_of_an_older_ledger_is_read_as_it_was():
    """Its payload tells no score."""
    seen = stain("ER", "70")
    older = {name: value for name, value in write(seen).items()
             if name not in ("h_score", "allred")}  # fmt: skip

    assert read(Stain, older) == seen
    assert read(Stain, write(told(h="110.5", a=3))) == told(h="110.5", a=3)
