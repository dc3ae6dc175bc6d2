"""The figure of attrition."""

import pytest

from trialwright.figures.attrition import Bar, attrition, svg

LONG = "Heart disease or repolarisation abnormality, grade 3 low potassium or magnesium"
BARS = [Bar("I01", "Hemoglobin", 10, 2, 3, 40), Bar("I02", LONG, 0, 0, 40, 1234)]


def words(axes):
    """Give the words beside the bars."""
    return [each.get_text() for each in axes.texts]


def test_a_figure_shows_every_number():
    """Not met with those by it alone, open, and left, in panels of their own."""
    lost, still_open, left = attrition(BARS, 2000, "Arm A").axes

    assert words(lost) == ["10 (2 alone)", "0"]
    assert words(still_open) == ["3", "40"]
    assert words(left) == ["40", "1,234"]


def test_every_panel_says_what_it_shows():
    """With its unit, and how many people there are."""
    figure = attrition(BARS, 2000, "Arm A")

    assert figure.get_suptitle() == "Arm A (n = 2,000 people, dotted line)"
    assert [each.get_title().split("\n")[0] for each in figure.axes] == ["not met", "open", "left"]
    assert {each.get_xlabel() for each in figure.axes} == {"people"}


def test_criteria_are_named_on_one_line():
    """By what they ask, shortened, and their id; the first at the top."""
    axes = attrition(BARS, 50, "Arm A").axes[0]

    first, second = [each.get_text() for each in axes.get_yticklabels()]
    assert first == "Hemoglobin  I01"
    assert second.endswith("…  I02")
    assert len(second) <= 55
    assert axes.yaxis_inverted()


@pytest.mark.parametrize("people", [0, 1, 3, 400, 1_000_000])
def test_scales_end_with_everybody(people):
    """In whole numbers; there is room for a number beyond the longest bar."""
    figure = attrition([Bar("I01", "", 0, 0, 0, people)], people, "Arm A")
    figure.draw_without_rendering()

    ticks = figure.axes[0].get_xticks()
    assert max(ticks) <= max(1, people)
    assert all(each == int(each) for each in ticks)
    assert figure.axes[0].get_xlim()[1] > people


def test_a_protocol_that_a_record_decides_nothing_of_has_an_empty_figure():
    """It is drawn all the same."""
    assert "<svg" in svg(attrition([], 0, "Arm A"))


def test_no_words_are_cut_off():
    """Everything lies inside the figure, with 30 criteria as with one."""
    for number in (1, 30):
        figure = attrition([Bar("E15", LONG, 999_999, 9999, 10**6, 10**6)] * number, 10**6, "Arm A")
        figure.draw_without_rendering()

        width, height = figure.get_size_inches()
        box = figure.get_tightbbox()
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height


def test_the_same_figure_is_written_the_same():
    """Without the day of drawing, and with the same names inside."""
    assert svg(attrition(BARS, 50, "Arm A")) == svg(attrition(BARS, 50, "Arm A"))
