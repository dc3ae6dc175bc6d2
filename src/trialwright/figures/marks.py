"""Marks of a picture: each has a title for a screen reader and a link to its participant.

Colours differ in lightness as well, so that a picture is read in grey; hatches and letters repeat
what they say. A picture of the same data is the same text.
"""

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure

from trialwright.casebook.tumours import Response
from trialwright.figures.attrition import svg

INK, FAINT, LINE = "#1b2530", "#8a949e", "#c9d0d6"
"""Text, what stands behind, and lines that guide the eye."""

RESPONSES: Mapping[Response, tuple[str, str]] = MappingProxyType(
    {
        Response.CR: ("#08306b", ""),
        Response.PR: ("#4292c6", ""),
        Response.SD: ("#c6dbef", ""),
        Response.NON_CR_NON_PD: ("#e6eef5", "..."),
        Response.PD: ("#b3400a", "///"),
        Response.NE: ("#ffffff", "xx"),
    }
)
"""Colour and hatch of each response, dark for the best."""

GRADES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        1: ("#fdebd7", ""),
        2: ("#fdc38d", ""),
        3: ("#ef6548", ""),
        4: ("#a01c12", ""),
        5: ("#1b0503", ""),
    }
)
"""Colour and hatch of each CTCAE grade, dark for the highest."""

_SIZE = 8.0
"""Points of text in a picture that fills the width of a printed page."""


def marked(artist: Any, participant: str, words: str) -> Any:
    """Mark an artist of a picture.

    Parameters
    ----------
    artist : matplotlib artist
        A bar, line, point or text.
    participant : str
        Study number to which it is linked; empty: none.
    words : str
        Its title.

    Returns
    -------
    matplotlib artist
        The same.
    """
    artist.set_gid(f"{participant}|{words}")
    return artist


def marked_svg(figure: Figure, link: str = "", title: str = "") -> str:
    """Write a figure as SVG in which each mark has its title and its link.

    Parameters
    ----------
    figure : Figure
        With marks made by `marked`.
    link : str
        Address of a participant, with `{}` for the study number; empty: no links.
    title : str
        What the picture shows, for a screen reader; empty: its heading.

    Returns
    -------
    str
        The same for the same data.
    """
    found = [each for each in figure.findobj() if "|" in (each.get_gid() or "")]
    titles: dict[str, tuple[str, str]] = {}
    kept = [(each, each.get_gid() or "") for each in found]
    for place, (each, gid) in enumerate(kept):
        participant, _, words = gid.partition("|")
        name = f"mark-{place}"
        titles[name] = (participant, words)
        each.set_gid(name)
    text = svg(figure)
    for each, gid in kept:
        each.set_gid(gid)
    for name, (participant, words) in titles.items():
        text = _titled(text, name, words, link.format(participant) if participant else "")
    heading = escape(title or heading_of(figure))
    return text.replace(
        "<metadata>", f"<title>{heading}</title>\n <metadata>", 1
    )  # the first child is what a screen reader says


def heading_of(figure: Figure) -> str:
    """Give the heading of a figure.

    Parameters
    ----------
    figure : Figure
        With a heading above all its axes, or without.

    Returns
    -------
    str
        Empty without one.
    """
    return figure.get_suptitle()


def _titled(text: str, name: str, words: str, address: str) -> str:
    """Give the group of a mark its title, and its link; a group may hold others."""
    opening = f'<g id="{name}">'
    begin = text.find(opening)
    if begin < 0:  # nothing of it lies inside the axes
        return text
    depth, end = 0, begin
    for tag in re.finditer(r"<g[ >]|</g>", text[begin:]):
        depth += -1 if tag[0] == "</g>" else 1
        if depth == 0:
            end = begin + tag.end()
            break
    inside = text[begin + len(opening) : end]
    body = f'<g id="{name}" role="img"><title>{escape(words)}</title>{inside}'
    if address:
        body = f'<a xlink:href="{escape(address, quote=True)}">{body}</a>'
    return text[:begin] + body + text[end:]


def bare(axes: Any) -> None:
    """Take frame and small ticks from axes, and set the size of their text.

    Parameters
    ----------
    axes : matplotlib axes
        Of a picture.
    """
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=_SIZE, length=2)


def key(axes: Any, handles: list[Any], columns: int = 8) -> None:
    """Explain signs and colours above the axes, below the heading.

    Parameters
    ----------
    axes : matplotlib axes
        Of a picture.
    handles : list of matplotlib artist
        With their labels; none: nothing is explained.
    columns : int
        Most of them in a line.
    """
    if handles:
        axes.legend(
            handles=handles, loc="lower left", bbox_to_anchor=(0, 1.01), fontsize=7.5,
            ncols=min(len(handles), columns), frameon=False, borderaxespad=0.2,
        )  # fmt: skip


def underline(figure: Figure, words: str) -> None:
    """Write what a reader must know below a picture.

    Parameters
    ----------
    figure : Figure
        The picture.
    words : str
        One or two lines.
    """
    figure.supxlabel(words, fontsize=_SIZE - 0.5, color=INK)
