"""The figure of facts that are missing."""

from trialwright.figures.missing_facts import FactBar, missing_facts

REASONS = ("nothing recorded", "too old", "cannot be read")
BARS = [FactBar("Creatinine", (1200, 0, 34)), FactBar("Body weight " * 9, (2, 0, 0))]


def test_each_fact_shows_its_people_by_the_reason():
    """The number of all behind the bar, and a legend of the reasons that occur."""
    [axes] = missing_facts(BARS, REASONS, "Arm A").axes

    assert [each.get_text() for each in axes.texts] == ["1,234", "2"]
    legend = [each.get_text() for each in axes.get_legend().get_texts()]
    assert legend == ["nothing recorded", "cannot be read"]
    widths = [each.get_width() for each in axes.patches]
    assert widths[:4] == [1200, 2, 34, 0]
    assert [each.get_x() for each in axes.patches][2] == 1200


def test_facts_are_named_on_one_line():
    """The first at the top; long ones are cut."""
    figure = missing_facts(BARS, REASONS, "Arm A")
    [axes] = figure.axes

    first, second = [each.get_text() for each in axes.get_yticklabels()]
    assert first == "Creatinine"
    assert second.endswith("…")
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert figure.get_suptitle() == "Arm A"
