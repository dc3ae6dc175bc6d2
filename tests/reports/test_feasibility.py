"""The page of feasibility: what stands on it, in words that need no other page."""

import html
import re

import pytest

from trialwright.reports.feasibility import ArmPage, Basis, page

BASIS = Basis(
    "Feasibility of NCT1", "A trial", (("Facts up to", "2026-03-05"),), ("dose levels (200 mg)",)
)
ROWS = [
    ("I01", "Hemoglobin < 9 g/dL & more", 10, 2, 30, 40, 1),
    ("E01", "Pregnancy", 0, 0, 5, 40, 3),
]


def arm(**fields):
    """Make the section of an arm."""
    usual = {
        "arm": "A",
        "says": "Drug",
        "people": 50,
        "candidates": 40,
        "complete": 0,
        "rows": ROWS,
        "by_people": [("I18", "Signed consent")],
        "picture": "<svg></svg>",
        "open": [(1, 4), (2, 16), (5, 20)],
    }
    return ArmPage(**usual | fields)


def test_the_page_says_what_it_rests_on():
    """Title, trial, days, and what is illustrative."""
    text = page(BASIS, [arm()])

    assert "<title>Feasibility of NCT1</title>" in text
    assert "<td>2026-03-05</td>" in text
    assert "Illustrative, not from the registry:</strong>\ndose levels (200 mg)." in text
    assert "Illustrative" not in page(Basis("T", "A trial", ()), [arm()])


def test_tables_that_are_not_there_stand_at_its_head():
    """Before any number; where all are there, nothing is said."""
    says = ("no table episode: nothing of it is known", "no table <b>: nothing of it is known")
    text = page(Basis("T", "A trial", (), gaps=says), [arm()])

    said = "no table episode: nothing of it is known; no table &lt;b&gt;: nothing of it is known."
    assert text.index(said) < text.index('aria-label="All arms"')
    assert "Not in this population" not in page(BASIS, [arm()])


def test_rows_that_nobody_can_read_stand_at_its_head():
    """Counted and named; where all can be read, nothing is said."""
    says = ("drug_exposure: 3 rows of 2 people have no day that can be read",)
    text = page(Basis("T", "A trial", (), unread_rows=says), [arm()])

    assert text.index(says[0]) < text.index('aria-label="All arms"')
    assert "no absence" in text
    assert "nobody can read" not in page(BASIS, [arm()])


def test_numbers_stand_with_their_share():
    """Of everybody; words of the protocol are written as text."""
    text = page(BASIS, [arm()])

    assert "40 (80.0 %)" in text
    assert "4 (8.0 %)" in text  # one fact away, over all criteria
    assert "Hemoglobin &lt; 9 g/dL &amp; more" in text
    assert "<li>I18: Signed consent</li>" in text
    assert "median number of criteria still open is\n3.5 (range 1 to 5)" in text


def test_what_the_tables_decide_of_nobody_is_named():
    """Beside the count of those one fact away, and among what is to do by people."""
    undecided = [("I03", "Progression", 50), ("E12", "Not < pregnant", 20)]
    text = page(BASIS, [arm(undecided=undecided)])

    assert "source:</strong>\nI03, open of\nall 50; \nE12, open of\n20.\n" in text
    assert "<li>I18: Signed consent</li>\n<li>I03: Progression (not in these tables)</li>" in text
    assert "<li>E12: Not &lt; pregnant (not in these tables)</li>" in text


def test_without_what_is_undecided_nothing_is_said_of_it():
    """Nor a list of things to do where there is none."""
    assert "Not decidable" not in page(BASIS, [arm()])
    assert "Still to do" not in page(BASIS, [arm(by_people=[])])
    assert "Still to do" in page(BASIS, [arm(by_people=[], undecided=[("I03", "P", 50)])])


@pytest.mark.parametrize(
    ("number", "of", "said"),
    [
        (1, 400, "1 (0.3 %)"),
        (131, 400, "131 (32.8 %)"),
        (1, 1_000_000, "1 (<0.1 %)"),
        (999_999, 1_000_000, "999,999 (>99.9 %)"),
        (0, 400, "0 (0.0 %)"),
        (400, 400, "400 (100.0 %)"),
        (0, 0, '<td class="n">0</td>'),
    ],
)
def test_few_are_not_shown_as_none(number, of, said):
    """Nor most as all; of nobody there is no share."""
    assert said in html.unescape(page(BASIS, [arm(candidates=number, people=of)]))


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        ([(3, 1)], "3 (range 3 to 3)"),
        ([(0, 1), (4, 2)], "4 (range 0 to 4)"),
        ([(1, 1), (2, 1)], "1.5 (range 1 to 2)"),
        ([(1, 1), (3, 1)], "2 (range 1 to 3)"),
        ([], ""),
    ],
)
def test_the_median_of_what_is_open(opened, said):
    """Over the possible candidates."""
    assert arm(open=opened).how_open == said


def test_without_candidates_nothing_is_said_of_them():
    """No median of nobody."""
    assert arm(candidates=0).how_open == ""
    assert "median" not in page(BASIS, [arm(candidates=0)])


def test_a_picture_keeps_its_size_on_a_narrow_page():
    """It scrolls, with the keyboard too, and is no wider than paper when printed."""
    text = page(BASIS, [arm()])

    assert 'tabindex="0" role="region" aria-label="Picture of arm A"' in text
    assert "min-width: 40rem" in text
    assert "figure svg { min-width: 0; }" in text


MISSING = {
    "reasons": ("nothing recorded", "too old"),
    "missing": [("Creatinine < 2", 3, 1, [2, 1]), ("Body weight", 2, 0, [2, 0])],
    "several": 2,
    "missing_picture": "<svg id='missing'></svg>",
}


def test_facts_that_are_missing_are_counted():
    """Each with the people who lack it, by the reason, and a picture; several are told."""
    text = page(BASIS, [arm(**MISSING)])

    section = text.partition("Facts that are missing in arm A")[2]
    assert "Of 4 people one criterion alone is open. For\n2 of them several facts are" in section
    assert "<svg id='missing'></svg>" in section
    row = section.partition("Creatinine &lt; 2")[2].partition("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["3", "1", "2", "1"]
    assert "Facts that are missing" not in page(BASIS, [arm()])


def test_on_whom_two_ways_of_judging_differ_is_told():
    """As a fault of the program; where they agree, nothing is said."""
    text = page(BASIS, [arm(differing=("person 7, I10: unknown, met when judged alone",))])

    assert "<strong>Judged alone, these differ:</strong>\nperson 7, I10: unknown" in text
    assert "differ:" not in page(BASIS, [arm(**MISSING)])
    many = page(BASIS, [arm(differing=[f"person {each}" for each in range(13)])])
    assert "person 9; and 3 more. Such a\ndifference" in many
    assert "person 10" not in many
