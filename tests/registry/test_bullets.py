"""Bullets as trees."""

import pytest

from trialwright.registry.bullets import depth_doubt, parts_of, read_bullet
from trialwright.registry.lines import Line


def bullet(words, list_name="inclusion", number=2):
    """Read a bullet that begins at character 2 of line 7."""
    return read_bullet(Line(words, 7, 2, is_after_blank=False), list_name, number)


def outline(part):
    """Give a tree as nested (words, parts below)."""
    return (part.words, [outline(below) for below in part.parts])


def test_signs_become_a_tree():
    """Two signs stand below one; the next single sign stands beside it."""
    read = bullet("• One of: * A OR * B, and any of: ** C ** D * E")

    assert outline(read.head) == (
        "One of:",
        [("A OR", []), ("B, and any of:", [("C", []), ("D", [])]), ("E", [])],
    )


def test_the_words_stay_verbatim():
    """The source text is everything after the sign, white space included."""
    read = bullet("•   Is  as\xa0it: * stands ", "exclusion", 12)

    assert (read.id, read.source_text, read.place) == (
        "E12",
        "Is  as\xa0it: * stands ",
        "exclusion bullet 12, line 7",
    )


@pytest.mark.parametrize(
    "words",
    ["Bilirubin < 3 * ULN", "none: 3 * 5", "a * b without a colon", "a: *b", "a: 2 * LLN"],
)
def test_a_star_that_is_no_sign_stays_in_the_words(words):
    """Factors, footnote stars and stars before any colon begin no sub-bullet."""
    assert outline(bullet(f"• {words}").head) == (words, [])


def test_each_part_knows_its_stretch_and_its_path():
    """Spans cut the line at the parts' words, signs included."""
    line = "• Of: * A ** B"
    spans = [part.span for part in parts_of(bullet(line).head)]

    assert [line[span.start - 2 : span.end - 2] for span in spans] == ["• Of:", "* A", "** B"]
    assert [span.became for span in spans] == [
        "criteria.I02",
        "criteria.I02.1",
        "criteria.I02.1.1",
    ]
    assert {(span.first_line, span.last_line, span.standing) for span in spans} == {
        (7, 7, "understood")
    }


@pytest.mark.parametrize(
    ("words", "arms"),
    [
        ("For Arm C only: x", ("C",)),
        ("For arms A and B only: x", ("A", "B")),
        ("For arms A, B, and D only: x", ("A", "B", "D")),
        ("For Arm C: x", ()),
        ("x (all arms)", ()),
        ("Not for arm C only: x", ()),
    ],
)
def test_arms_are_taken_only_where_the_bullet_begins_with_them(words, arms):
    """`For Arm C only:` names arms; other mentions are words."""
    assert bullet(f"• {words}").arms == arms


def test_a_colon_without_a_deeper_list_is_a_doubt():
    """A sub-bullet that announces a list which is not marked deeper is for people to read."""
    assert "E02" in depth_doubt(bullet("• Any: * A or any of: * B", "exclusion"))
    assert depth_doubt(bullet("• Any: * A or any of: ** B")) == ""
    assert depth_doubt(bullet("• Any: * A * B:")) == ""


def test_white_space_does_not_change_a_digest():
    """The digest is of the words, not of their layout."""
    assert bullet("• a  b ").digest == bullet("- a\tb").digest
    assert bullet("• a b").digest != bullet("• a c").digest
