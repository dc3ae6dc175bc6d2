"""Pictures inside a page: the same drawing without a style of its own, names apart."""

import re
from collections import Counter
from xml.dom.minidom import parseString

import pytest
from tests.figures import shown

from trialwright.figures.inline import inlined, unlinked
from trialwright.figures.marks import marked_svg

NAMES = ("waterfall", "swimmer", "kaplan-meier")
PICTURES = {name: marked_svg(shown.FIGURES[name](), "/participants/{}/") for name in NAMES}


def elements(text):
    """Give every element of a picture."""
    return parseString(text).getElementsByTagName("*")  # noqa: S318  # our own text


def attributes(text, names):
    """Count the attributes of some names with their values."""
    return Counter(
        (name, each.getAttribute(name))
        for each in elements(text)
        for name in names
        if each.hasAttribute(name)
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_style_is_said_by_attributes(name):
    """A policy without `unsafe-inline` lets them in, and the drawing is the same."""
    text = inlined(PICTURES[name], "part-1", "what it shows")
    said = Counter(
        tuple(map(str.strip, part.split(":", 1)))
        for each in elements(PICTURES[name])
        for part in each.getAttribute("style").split(";")
        if part
    )
    names = {name for name, _ in said}

    now = attributes(text.replace("part-1-", ""), names) - Counter([("stroke-linejoin", "round")])
    assert "style" not in text
    assert now - attributes(PICTURES[name], names) == said
    assert said.total() > 100


@pytest.mark.parametrize("name", NAMES)
def test_every_name_used_is_a_name_given(name):
    """Clips and marks of one picture are not taken for those of another in the page."""
    text = inlined(PICTURES[name], "part-7", "what it shows")

    given = {each.getAttribute("id") for each in elements(text) if each.hasAttribute("id")}
    used = set(re.findall(r"url\(#([^)]*)\)", text)) | set(re.findall(r'href="#([^"]*)"', text))
    assert given
    assert used <= given
    assert all(each.startswith("part-7-") for each in given)


def test_a_screen_reader_is_told_what_it_shows():
    """The words are escaped; the marks inside keep their titles."""
    text = inlined(PICTURES["waterfall"], "part-1", 'change <of> "sums"')

    root = parseString(text).documentElement  # noqa: S318  # our own text
    assert root.getAttribute("aria-label") == 'change <of> "sums"'
    assert root.getAttribute("role") == "group"
    assert "P-02 (A1: 200 mg): best change -45.5 %, PR" in text


@pytest.mark.parametrize("name", NAMES)
def test_without_its_links_it_is_the_picture_made_without_links(name):
    """Byte for byte, so that a file from a page is the file of the command."""
    assert "<a " in PICTURES[name] or name == "kaplan-meier"
    assert unlinked(PICTURES[name]) == marked_svg(shown.FIGURES[name]())
