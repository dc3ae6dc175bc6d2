"""Keyboard, mTPI, mTPI-2, i3+3 and an uploaded table: reasons, tables, and what is refused."""

import json

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.keys import keys_around
from trialwright.terms.errors import Refusal

ROWS = ((3, "ESDU"), (6, "EESDDUU"))


def made(kind, **settings):
    """Make a design for two levels and twelve participants."""
    return kind(**{"levels": 2, "target": 0.3, "max_n": 12, **settings})


@pytest.mark.parametrize(
    ("design", "tally", "says"),
    [
        (
            made(Keyboard),
            (6, 3),
            "the likeliest key 0.45-0.55 (mass 2.1658) is above the target key 0.25-0.35 "
            "(mass 1.2929)",
        ),
        (
            made(Keyboard),
            (3, 0),
            "the likeliest key 0-0.05 (mass 3.7099) is below the target key 0.25-0.35 "
            "(mass 1.3790)",
        ),
        (made(Keyboard), (3, 1), "the likeliest key 0.25-0.35 (mass 1.7530) is the target key"),
        (
            made(Mtpi),
            (6, 0),
            "the likeliest interval 0-0.25 (mass 3.4661) is below the equivalence interval "
            "0.25-0.35 (mass 0.8446)",
        ),
        (
            made(Mtpi),
            (3, 3),
            "the likeliest interval 0.35-1 (mass 1.5154) is above the equivalence interval "
            "0.25-0.35 (mass 0.1110)",
        ),
        (
            made(Mtpi),
            (3, 1),
            "the likeliest interval 0.25-0.35 (mass 1.7530) is the equivalence interval",
        ),
        (
            made(Mtpi2),
            (3, 1),
            "the likeliest interval 0.25-0.35 (mass 1.7530) is the equivalence interval",
        ),
        (
            made(Mtpi2),
            (6, 3),
            "the likeliest interval 0.45-0.55 (mass 2.1658) is above the equivalence interval "
            "0.25-0.35 (mass 1.2929)",
        ),
        (
            made(Mtpi2),
            (3, 0),
            "the likeliest interval 0-0.05 (mass 3.7099) is below the equivalence interval "
            "0.25-0.35 (mass 1.3790)",
        ),
        (made(I3Plus3), (3, 0), "0/3 = 0.0000 is below the equivalence interval 0.25-0.35"),
        (made(I3Plus3), (3, 1), "1/3 = 0.3333 is in the equivalence interval 0.25-0.35"),
        (
            made(I3Plus3),
            (2, 1),
            "1/2 = 0.5000 is above the equivalence interval 0.25-0.35 and 0/2 = 0.0000 below it",
        ),
        (
            made(I3Plus3),
            (6, 3),
            "3/6 = 0.5000 is above the equivalence interval 0.25-0.35 and 2/6 = 0.3333 not below "
            "it",
        ),
        (
            UploadedTable(levels=2, target=0.3, max_n=9, rows=ROWS),
            (3, 1),
            "the row ESDU for 3 participants says S for 1 DLTs",
        ),
    ],
)
def test_the_reason_holds_the_numbers(design, tally, says):
    """Masses of the posterior, rates and rows."""
    assert design.comparison(*tally) == says


@pytest.mark.shared
def test_the_tables_are_those_of_r_packages(shared):
    """Keyboard, PhIdesign and escalation, every tally of their tables."""
    folder = shared / "reference/escalation"
    read = {path.stem: json.loads(path.read_text()) for path in folder.glob("*tables.json")}

    for table in read["mtpi_tables"]["tables"]:
        kind = {"mTPI": Mtpi, "mTPI-2": Mtpi2}[table["design"]]
        design = made(kind, target=table["target"], max_n=24, eliminate=table["exclusion"])
        for row in table["rows"]:
            letters = [design.letter(row["n"], dlts) for dlts in range(row["n"] + 1)]
            assert letters == [each[-1] for each in row["decision"]]
    for table in read["i3plus3_tables"]["tables"]:
        design = made(I3Plus3, target=table["target"], max_n=30, eliminate=None)
        for n, y, letter in zip(table["n"], table["y"], table["decision"], strict=True):
            assert design.letter(n, y) == {"R": "S"}.get(letter, letter)


def test_the_outermost_keys_may_be_short():
    """Keys of .10 around .30: .05 is left at the bottom, .05 at the top."""
    keys = keys_around(0.25, 0.35)

    assert keys.limits == pytest.approx(
        (0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1)
    )
    assert keys.told(keys.target) == "0.25-0.35"


def test_rounding_makes_no_key():
    """Keys of .10 around .35 end at 0 and at 1 but for rounding."""
    keys = keys_around(0.35 - 0.05, 0.35 + 0.05)

    assert len(keys.limits) == 11
    assert min(b - a for a, b in zip(keys.limits, keys.limits[1:], strict=False)) > 0.09


def test_two_of_two_close_a_level_in_keyboard_and_not_in_boin_like_designs():
    """The number of participants from which a level can be closed differs as published."""
    assert made(Keyboard).letter(2, 2) == "U"
    assert made(I3Plus3).letter(2, 2) == "D"
    assert made(Keyboard, eliminate_from=3).letter(2, 2) == "D"


def test_an_uploaded_table_closes_levels_by_its_letter_alone():
    """U closes; the reason names the row."""
    design = UploadedTable(levels=2, target=0.3, max_n=9, rows=ROWS)

    decision = design.next_dose([LevelCount(3, 0), LevelCount(3, 3)], 2)

    assert (decision.act, decision.level, decision.rule) == ("de-escalate", 1, "close")
    assert decision.because == (
        "3/3 DLT at dose level 2, the row ESDU for 3 participants says U for 3 DLTs, which closes "
        "dose level 2 and above: de-escalate, next cohort of 3 at dose level 1 "
        "(decision-table 0.3, rule close)"
    )
    assert design.next_dose([LevelCount(3, 3), LevelCount(0, 0)], 1).mtd is None


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (((3, "ESD"), (6, "EESDDUU")), "rows.0.decisions"),
        (((3, "ESDX"), (6, "EESDDUU")), "rows.0.decisions"),
        (((3, "SEDU"), (6, "EESDDUU")), "rows.0.decisions"),
        (((3, "ESDU"), (3, "ESDU"), (6, "EESDDUU")), "rows.1"),
        (((3, "ESDU"),), "rows"),
    ],
)
def test_rows_that_cannot_decide_are_refused(rows, where):
    """Too short, another letter, milder for more DLTs, twice, missing."""
    with pytest.raises(Refusal) as refusal:
        UploadedTable(levels=2, target=0.3, max_n=9, rows=rows)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_table_has_no_probability_to_close_a_level_by():
    """Elimination is written as U."""
    with pytest.raises(Refusal, match=r"eliminate: 0\.95"):
        UploadedTable(levels=2, target=0.3, max_n=9, rows=ROWS, eliminate=0.95)


@pytest.mark.parametrize("kind", [Keyboard, Mtpi, Mtpi2, I3Plus3])
@pytest.mark.parametrize(
    ("reach", "says"),
    [
        ((0.3, 0.05), "0.3. Allowed: less than the target 0.3"),
        ((0.05, 0.7), "0.7. Allowed: less than 0.7"),
        ((5, 0.05), "did you mean 0.05"),
        ((0, 0.05), "a probability above 0"),
    ],
)
def test_intervals_that_leave_no_room_are_refused(kind, reach, says):
    """Below and above the target there must be something."""
    names = ("margin_left", "margin_right") if kind is Keyboard else ("epsilon_1", "epsilon_2")

    with pytest.raises(Refusal) as refusal:
        made(kind, **dict(zip(names, reach, strict=True)))

    assert says in str(refusal.value)
    assert refusal.value.faults[0].where in names


@pytest.mark.parametrize("kind", [Keyboard, Mtpi, Mtpi2, I3Plus3])
def test_a_target_that_is_none_is_refused_once(kind):
    """A percentage is told as the probability it would be."""
    with pytest.raises(Refusal) as refusal:
        made(kind, target=25)

    assert [fault.where for fault in refusal.value.faults] == ["target"]


@pytest.mark.parametrize("stop_at", [3, 6])
def test_a_low_stop_gives_a_table_all_the_same(stop_at):
    """Keyboard's package returns nothing here."""
    design = made(Keyboard, stop_at=stop_at)

    assert design.next_dose([LevelCount(6, 2), LevelCount(0, 0)], 1).rule == "enough-at-level"


@pytest.mark.parametrize("kind", [Keyboard, Mtpi, Mtpi2])
def test_the_side_of_the_likeliest_interval_is_the_letter(kind):
    """0/3 below, 1/3 on and 3/3 above the interval around .30, as the sentences above say."""
    design = made(kind)

    assert [design.rule(3, dlts) for dlts in (0, 1, 3)] == ["E", "S", "D"]
    assert " is below the " in design.comparison(6, 0)
    assert " is above the " in design.comparison(3, 3)
