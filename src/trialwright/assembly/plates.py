"""Pictures as what they show, so that each is drawn once for the same data.

A page and a report show the same pictures, and most entries change none of them: an entry of a
medicine leaves every picture of safety as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from matplotlib.figure import Figure

from trialwright.assembly.kept_answers import Kept
from trialwright.figures.marks import marked_svg


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture that is not drawn yet.

    Attributes
    ----------
    heading : str
        Its heading.
    draw : callable (*shows) -> Figure
        Draws it; a function of a module, which looks at nothing else.
    shows : tuple
        Everything in it: texts, numbers, days, collections and records of these, all of which
        their `repr` tells apart.
    """

    heading: str
    draw: Callable[..., Figure]
    shows: tuple[object, ...]


_MOST = 200
"""Drawings kept in memory; one of 400 participants is half a megabyte, most are a tenth of it."""

_DRAWN = Kept(most=_MOST)


def drawn(plate: Plate, link: str = "") -> str:
    """Draw a picture, or give the drawing of the same data.

    Parameters
    ----------
    plate : Plate
        What to draw.
    link : str
        Address of a participant, with `{}` for the study number, to which its marks lead; empty:
        they lead nowhere.

    Returns
    -------
    str
        SVG, as `marked_svg` writes it.
    """
    key = (plate.draw.__module__, plate.draw.__qualname__, repr(plate.shows), link)
    return cast(str, _DRAWN.answer(key, lambda: marked_svg(plate.draw(*plate.shows), link)))
