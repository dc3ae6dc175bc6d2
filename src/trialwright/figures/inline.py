"""Pictures inside a page that lets in no style of its own: attributes instead, names apart."""

import re
from html import escape

_STYLE = re.compile(r' style="([^"]*)"')
_SHEET = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_ABOUT = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_NAMED = re.compile(r'( id="|url\(#|xlink:href="#)')
_LINK = re.compile(r'<a xlink:href="[^"]*">|</a>')


def inlined(picture: str, name: str, says: str) -> str:
    """Give a picture as a part of a page.

    Parameters
    ----------
    picture : str
        SVG, as `marked_svg` writes it.
    name : str
        Stands before the name of every part, so that several pictures share a page.
    says : str
        What it shows, for a screen reader.

    Returns
    -------
    str
        Without a style of its own: what it said is said by attributes, which a strict content
        security policy lets in. As wide as the place it is put in.
    """
    text = picture[picture.find("<svg") :]
    text = _ABOUT.sub("", _SHEET.sub("", text))
    text = _NAMED.sub(rf"\g<1>{name}-", _STYLE.sub(_as_attributes, text))
    opening = f'<svg role="group" aria-label="{escape(says)}" stroke-linejoin="round"'
    return text.replace("<svg", opening, 1).strip()


def unlinked(picture: str) -> str:
    """Give a picture without its links, for paper and for files that leave the page.

    Parameters
    ----------
    picture : str
        SVG, as `marked_svg` writes it.

    Returns
    -------
    str
        The same as `marked_svg` writes without links.
    """
    return _LINK.sub("", picture)


def _as_attributes(found: re.Match[str]) -> str:
    """Write a style as attributes of the same names."""
    parts = [each.split(":", 1) for each in found[1].split(";") if ":" in each]
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in parts)
