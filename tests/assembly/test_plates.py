"""Pictures that are drawn once for the same data."""

import pytest
from matplotlib.figure import Figure

from trialwright.assembly import plates
from trialwright.assembly.kept_answers import Kept
from trialwright.assembly.plates import Plate, drawn
from trialwright.figures.marks import marked

DRAWN = []
"""What was drawn, in order."""


def bars(heights, words):
    """Draw a bar for each participant, linked to it."""
    DRAWN.append(heights)
    figure = Figure(figsize=(3, 2))
    shown = figure.add_subplot().bar(range(len(heights)), heights)
    for number, bar in enumerate(shown, 1):
        marked(bar, f"P-{number}", f"{words} of P-{number}")
    return figure


def others(heights, words):
    """Draw the same in another way."""
    return bars(heights, f"other {words}")


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    """Begin without drawings."""
    DRAWN.clear()
    monkeypatch.setattr(plates, "_DRAWN", Kept(most=2))


def test_the_same_data_are_drawn_once():
    """Whatever the heading, and though the collections are others."""
    first = drawn(Plate("Grades", bars, ((1, 2), "grade")))
    again = drawn(Plate("The same grades", bars, (tuple(range(1, 3)), "grade")))

    assert first is again
    assert DRAWN == [(1, 2)]


@pytest.mark.parametrize(
    ("draw", "shows", "link"),
    [
        (bars, ((1, 3), "grade"), ""),
        (bars, ((1, 2), "level"), ""),
        (bars, (("1", "2"), "grade"), ""),
        (others, ((1, 2), "grade"), ""),
        (bars, ((1, 2), "grade"), "/participants/{}/"),
    ],
    ids=["a number", "a word", "texts for numbers", "another picture", "links"],
)
def test_whatever_differs_is_drawn_anew(draw, shows, link):
    """Data, their kind, the way they are drawn, and where marks lead."""
    drawn(Plate("Grades", bars, ((1, 2), "grade")))
    drawn(Plate("Grades", draw, shows), link)

    assert len(DRAWN) == 2


def test_marks_lead_to_participants_where_there_is_a_link_alone():
    """A report that is sent leads nowhere."""
    plate = Plate("Grades", bars, ((1, 2), "grade"))

    linked = drawn(plate, "/participants/{}/")
    assert ("<a " in linked, "/participants/P-2/" in linked) == (True, True)
    assert "<a " not in drawn(plate)


def test_the_drawing_asked_for_least_is_let_go():
    """Of three, two are kept."""
    shown = [Plate("Grades", bars, ((height,), "grade")) for height in (1, 2, 3)]
    for plate in (*shown[:2], shown[0], shown[2], shown[0], shown[1]):
        drawn(plate)

    assert DRAWN == [(1,), (2,), (3,), (2,)]


def test_a_picture_that_cannot_be_drawn_is_tried_again():
    """What went wrong is not kept for a drawing."""
    plate = Plate("Grades", bars, ((None,), "grade"))

    for _ in range(2):
        with pytest.raises(TypeError):
            drawn(plate)
    assert DRAWN == [(None,), (None,)]
