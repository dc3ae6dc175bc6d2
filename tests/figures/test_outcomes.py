"""Figures of outcomes: what each carries, the same text each time, and reference images."""

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.dom.minidom import parseString

import numpy as np
import pytest
from matplotlib.image import imread
from tests.figures import shown, shown_markers

from trialwright.endpoints.kaplan_meier import kaplan_meier
from trialwright.figures.courses import timeline
from trialwright.figures.marks import GRADES, RESPONSES, marked_svg
from trialwright.figures.oncoprint import STATES
from trialwright.figures.survival_plot import kaplan_meier_plot
from trialwright.figures.volcano import why_no_volcano

REFERENCE = Path(__file__).parent / "reference"
DRAWN = {name: make() for name, make in shown.FIGURES.items()}
PICTURES = {name: marked_svg(each, "/participants/{}") for name, each in DRAWN.items()}


def words(name):
    """Give the texts of a picture."""
    return [re.sub("<[^>]*>", "", each) for each in re.findall(r"<text.*?</text>", PICTURES[name])]


def titles(name):
    """Give the titles of the marks."""
    return re.findall(r'role="img"><title>(.*?)</title>', PICTURES[name])


@pytest.mark.parametrize("name", shown.FIGURES)
def test_the_same_data_give_the_same_text(name):
    """Drawn twice; well-formed; with a heading for a screen reader."""
    again = marked_svg(shown.FIGURES[name](), "/participants/{}")

    assert again == PICTURES[name]
    root = parseString(again).documentElement  # noqa: S318  # our own text
    assert root.getElementsByTagName("title")[0].firstChild.data


@pytest.mark.parametrize("name", shown.FIGURES)
def test_a_figure_looks_as_it_was_looked_at(name):
    """Against an image that a person looked at; rendering may differ by little."""
    stream = io.BytesIO()
    DRAWN[name].savefig(stream, format="png", dpi=60)
    stream.seek(0)
    drawn, kept = imread(stream)[..., :3], imread(REFERENCE / f"{name}.png")[..., :3]

    assert drawn.shape == kept.shape
    assert float(np.abs(drawn - kept).mean()) < 0.004


def test_a_waterfall_carries_change_response_and_marks():
    """Clipped bars are labelled; who has no measured change is counted."""
    assert "+141 *" in words("waterfall")
    assert {"*", "x", "+20 %", "-30 %", "0"} <= set(words("waterfall"))
    assert any(
        "8 of 12 treated have a measured change, 2 are not" in each for each in words("waterfall")
    )
    assert "P-02 (A1: 200 mg): best change -45.5 %, PR" in titles("waterfall")
    order = [each for each in words("waterfall") if each.startswith("P-")]
    assert order == ["P-08", "P-07", "P-05", "P-04", "P-06", "P-03", "P-02", "P-01"]


def test_marks_are_linked_to_their_participants():
    """By study number."""
    found = set(re.findall(r'<a xlink:href="(.*?)">', PICTURES["swimmer"]))

    assert found == {f"/participants/{lane.participant}" for lane in shown.LANES}


def test_without_a_link_marks_have_titles_alone():
    """For a printed page."""
    assert "<a " not in marked_svg(DRAWN["swimmer"])


def test_a_spider_breaks_its_line_at_a_scan_that_was_not_evaluated():
    """P-02 has no sum on day 113: two pieces and a ring."""
    mine = [each for each in titles("spider") if each.startswith("P-02")]

    assert len(mine) == 3
    assert "P-02, day 113: not evaluated" in mine


def test_a_swimmer_says_responses_and_events_by_day():
    """Each with its days; the cutoff stands below."""
    assert "P-02: PR from day 57 to 113" in titles("swimmer")
    assert "P-04: death on day 95" in titles("swimmer")
    assert any("data cutoff 2026-11-28" in each for each in words("swimmer"))


def test_a_timeline_says_an_unknown_grade():
    """Never drawn as a grade."""
    assert "Fatigue, grade not recorded, day 20 to 34" in titles("timeline")
    assert "?" in words("timeline")


def test_a_kaplan_meier_plot_has_medians_numbers_at_risk_and_the_convention():
    """Freireich: 9 of 21 events, median 23 weeks = 5.3 months; 21 weeks and more: 7 at 5 months."""
    assert any("9 events in 21, median 5.3 months" in each for each in words("kaplan-meier"))
    assert any("convention R, 95 % limits log-log" in each for each in words("kaplan-meier"))
    at_risk = [each for each in words("kaplan-meier") if each.isdigit()]
    assert {"21", "16", "11", "9", "7"} <= set(at_risk)


def test_five_curves_are_not_told_apart():
    """They are refused rather than drawn alike."""
    one = kaplan_meier([1.0], [True], shown.CONVENTIONS)

    with pytest.raises(ValueError, match="5 curves"):
        kaplan_meier_plot({str(each): one for each in range(5)}, "survival", "Too many")


def test_an_empty_curve_is_drawn():
    """Nobody is at risk, and the median is not estimable."""
    none = kaplan_meier([], [], shown.CONVENTIONS)

    assert "median NE" in marked_svg(kaplan_meier_plot({"none": none}, "survival", "Nobody"))


def test_a_butterfly_counts_by_worst_grade():
    """Participants, of how many."""
    assert "A2: 300 mg: Hyperglycemia, grade 3: 2 of 6" in titles("butterfly")
    assert "A1: 200 mg (n = 4)" in words("butterfly")


def test_a_dose_panel_has_the_tally_of_each_level():
    """One DLT in two who count; the pending, the unknown and the replaced do not."""
    assert {"0/3", "1/2", "0/0"} <= set(words("dose-panel"))
    assert "P-05: 300 mg, DLT" in titles("dose-panel")


def test_a_laboratory_plot_names_grades_of_bands_and_points():
    """Grade 3 and undecided ones carry a sign."""
    assert {"grade 1", "grade 2", "grade 3", "3", "?"} <= set(words("laboratory"))


@pytest.mark.parametrize("table", [GRADES, RESPONSES], ids=["grades", "responses"])
def test_what_is_told_apart_by_colour_is_told_apart_in_grey(table):
    """Luminance of the fills, or a hatch, or a sign: no two neighbours in the key are alike."""
    seen = [(_grey(colour), hatch) for colour, hatch in table.values()]
    alike = [
        (one, other)
        for place, one in enumerate(seen)
        for other in seen[:place]
        if abs(one[0] - other[0]) < 0.06 and one[1] == other[1]
    ]

    assert alike == []


def _grey(colour):
    """Give the luminance of a colour, 0 to 1 (Rec. 709)."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_state_of_a_marker_is_told_apart_without_colour():
    """Luminance, hatch or sign: an open place that failed is never taken for one not altered."""
    seen = [
        (1.0 if colour == "none" else _grey(colour), hatch, sign, colour == "none")
        for colour, hatch, sign in STATES.values()
    ]
    alike = [
        (one, other)
        for place, one in enumerate(seen)
        for other in seen[:place]
        if abs(one[0] - other[0]) < 0.06 and one[1:] == other[1:]
    ]

    assert alike == []


def test_an_oncoprint_counts_only_those_whose_marker_is_known():
    """Seven participants: two altered and three not; one was not covered, one not assayed."""
    assert {"2/5", "2/4", "1/3"} <= set(words("oncoprint"))
    assert "P-01, esr1-plasma: failed. because" in titles("oncoprint")
    assert "P-06, esr1-plasma: not assayed. because" in titles("oncoprint")
    assert "P-06 (A2: 300 mg): best response not known" in titles("oncoprint")


def test_a_forest_says_what_was_not_tested_and_what_cannot_be_estimated():
    """With the smallest attainable p of each."""
    assert words("forest").count("not tested") == 2
    assert "not estimable" in words("forest")
    assert "akt1-tissue: smallest attainable p 0.4; not tested" in titles("forest")
    assert any(
        each.startswith("pik3ca-tissue: 39.3 (2.9 to 9e+03), 5/5") for each in titles("forest")
    )


def test_a_fraction_that_was_not_seen_is_drawn_at_its_limit_and_says_so():
    """Without a limit it stands at the foot with a question mark."""
    assert "P-02, ESR1 D538G, day 1: 0.20%, below limit" in titles("allele-fractions")
    assert "P-02, PIK3CA H1047R, day 57: not detected" in titles("allele-fractions")
    assert "?" in words("allele-fractions")


def test_a_volcano_is_drawn_only_of_many_tests():
    """Four tests are read by name; sixteen are a cloud, of which one passes the level."""
    few = [*shown_markers.TESTS, *shown_markers.OTHERS]

    assert "2 of 4 markers could be tested" in why_no_volcano(few)
    assert why_no_volcano(shown_markers.MANY) == ""
    assert [each for each in words("volcano") if each.startswith("gene")] == ["gene-0"]


def test_a_timeline_keeps_two_ends_apart_and_inside():
    """A late one is written towards the left, and each has a line of its own."""
    ends = ((40, "treatment ended: progression"), (66, "died: disease under study"))

    drawn = timeline(replace(shown.STORY, notes=ends), "2026-11-28")

    drawn.canvas.draw()
    axes = drawn.axes[0]
    first, second = (
        text.get_window_extent() for text in axes.texts if "ended" in text.get_text()
        or "died" in text.get_text()
    )  # fmt: skip
    assert not first.overlaps(second)
    assert max(first.x1, second.x1) <= drawn.bbox.x1
    assert axes.get_xlim()[1] == pytest.approx(70 * 1.08)
