"""Sums and percentages: exact, and never rounded over a limit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.response.lesions import LesionSize
from trialwright.response.sums import add_up, nadir_of, percent_text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (70, 100, "-30 %"),
        (120, 100, "+20 %"),
        (100, 100, "0 %"),
        (9, 8, "+12.5 %"),
        (119999, 100000, "+19.999 %"),
        (1199999, 1000000, "+19.9… %"),
        (700001, 1000000, "-29.9… %"),
        (699999, 1000000, "-30.0… %"),
        (1, 3, "-66.6… %"),
        (4, 3, "+33.3… %"),
        (0, 50, "-100 %"),
        (5, 0, "no percentage of 0 mm"),
    ],
)
def test_percentages_are_cut_and_never_rounded(now, before, text):
    """What is under a limit is shown under it; digits that follow are marked."""
    assert percent_text(now, before) == text


@given(now=st.integers(0, 400_000), before=st.integers(1, 400_000))
def test_the_shown_percentage_stands_on_the_right_side_of_the_limits(now, before):
    """A shown change of at least +20 %, or at most -30 %, is one."""
    shown = float(percent_text(now, before).removesuffix(" %").removesuffix("…"))

    assert (shown >= 20) == (5 * now >= 6 * before)
    assert (shown <= -30) == (10 * now <= 7 * before)


def test_only_complete_sums_can_be_the_nadir():
    """The smallest complete sum counts, the earlier one on a tie."""
    is_node = False
    full = [LesionSize("T1", is_node, size, size, "") for size in (50, 30, 30)]
    lost = LesionSize("T2", is_node, None, None, "")
    days = [date(2026, 1, day) for day in (1, 2, 3, 4)]
    sums = [add_up(day, (lesion,)) for day, lesion in zip(days, full, strict=False)]
    partial = add_up(days[3], (LesionSize("T1", is_node, 10, 10, ""), lost))

    assert nadir_of([*sums, partial]).on == days[1]
    assert (partial.measured, partial.missing, partial.is_complete) == (10, ("T2",), False)
