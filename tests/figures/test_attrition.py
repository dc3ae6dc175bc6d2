"""The figure of attrition."""

from trialwright.figures.attrition import Bar, attrition, svg

BARS = [Bar("I01", 10, 2, 3), Bar("I02", 0, 0, 40)]


def test_a_figure_shows_every_number():
    """Three bars a criterion, with their numbers."""
    figure = attrition(BARS, 50, "Arm A")

    texts = [each.get_text() for each in figure.axes[0].texts]
    labels = [each.get_text() for each in figure.axes[0].get_yticklabels()]
    assert sorted(texts) == sorted(["10", "0", "2", "0", "3", "40"])
    assert labels == ["I01", "I02"]


def test_the_same_figure_is_written_the_same():
    """Without the day of drawing, and with the same names inside."""
    assert svg(attrition(BARS, 50, "Arm A")) == svg(attrition(BARS, 50, "Arm A"))
