"""Eligibility kept as one text becomes criteria, and what no heading covers stays text."""

import pytest

from trialwright.registry.shapes.eligibility_headings import heading_before, list_begun, scope_of
from trialwright.registry.shapes.eligibility_text import CriteriaReader
from trialwright.registry.shapes.spots import MarkedRecord


class Read:
    """The criteria of a text, what was kept, and what was remarked."""

    def __init__(self, text, *, is_escaped=False):
        record = MarkedRecord({"text": text})
        reader = CriteriaReader(record)
        if isinstance(text, str):
            reader.take_text(record.top["text"], is_escaped=is_escaped)
        else:
            reader.take_list(record.top["text"].each())
        self.criteria = reader.finish()
        self.words = {each.id: each.source_text for each in self.criteria}
        self.kept = {each.words: each.because for each in record.sheet.kept}
        self.remarks = [each.says for each in record.sheet.remarks]


def lists(*blocks):
    """Put blocks of text together, an empty line between them."""
    return "\n\n".join(blocks)


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("Inclusion Criteria:", "inclusion"),
        ("INCLUSION CRITERIA", "inclusion"),
        ("Exclusion criteria", "exclusion"),
        ("Key Inclusion Criteria", "inclusion"),
        ("Main Exclusion Criteria:", "exclusion"),
        ("Other exclusion criteria:", "exclusion"),
        ("**Inclusion Criteria:**", "inclusion"),
        ("Inclusion criteria for screening:", "inclusion"),
        ("Inclusion Criteria for dose escalation and expansion phase:", "inclusion"),
        ("Exclusion Criteria Part A", "exclusion"),
        ("Exclusion Criteria (Phases 1 and 2)", "exclusion"),
        ("Inclusion Criteria - Cohort B", "inclusion"),
        ("Criteria for Inclusion", "inclusion"),
        ("Inclusion:", "inclusion"),
        ("Exclusions:", "exclusion"),
        ("Non-inclusion criteria:", "exclusion"),
        ("Inclusion Criteria -", "inclusion"),
        ("Inclusion and Exclusion Criteria:", None),
        ("Inclusion/Exclusion Criteria", None),
        ("Inclusion criteria and exclusion criteria:", None),
        ("Eligibility Criteria:", None),
        ("Inclusion criteria were met on the day of screening", None),
        ("All inclusion criteria for screening, plus:", None),
        ("INCLUSION OF WOMEN AND MINORITIES:", None),
        ("Does not meet inclusion criteria", None),
        ("Inclusion", None),
        ("Exclusion Criteria: prior testinib", None),
        ("Inclusion criteria " + "x" * 200 + ":", None),
        ("", None),
    ],
)
def test_headings_name_their_list(words, begun):
    """A line begins a list only where it says which, and no other list with it."""
    assert list_begun(words) == begun


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("Inclusion Criteria:", ""),
        ("INCLUSION CRITERIA", ""),
        ("Exclusion Criteria Part A", "Part A"),
        ("Exclusion Criteria (both phases):", "(both phases)"),
        ("Inclusion criteria for expansion phase:", "for expansion phase"),
        ("No heading", ""),
    ],
)
def test_headings_say_what_their_list_holds_for(words, scope):
    """What a heading adds to the name of its list is what the list may hold for."""
    assert scope_of(words) == scope


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("Inclusion Criteria: Women", 20),
        ("Inclusion Criteria:  1. Women", 21),
        ("Inclusion Criteria:", 0),
        ("Women, see Inclusion Criteria: all", 0),
        ("Inclusion Criteria (part A): Women", 29),
    ],
)
def test_a_heading_may_stand_before_a_criterion_on_its_line(words, length):
    """The heading is cut off where words follow it."""
    assert heading_before(words) == length


def test_bullets_nest_by_their_column():
    """Two blanks set a bullet below another; each sub-bullet is a line of the words."""
    read = Read(
        "Inclusion Criteria:\n\n* One\n* Two, any of:\n\n  * a\n\n    * deep\n  * b\n* Three\n"
    )

    assert read.words == {
        "I01": "One",
        "I02": "Two, any of:\n* a\n** deep\n* b",
        "I03": "Three",
    }
    (a, b) = read.criteria[1].head.parts
    assert (a.depth, a.parts[0].depth, b.words) == (1, 2, "b")
    assert read.criteria[1].place == "inclusion bullet 2, line 4 of text"


def test_wrapped_and_indented_lines_are_joined():
    """CRLF, lines wrapped at a width, and paragraphs set in below a bullet."""
    long = (
        "a disease that was invented for this test and that nobody on this planet has ever had yet"
    )
    text = (
        "\r\n        Inclusion Criteria:\r\n\r\n"
        f"          -  Women with {long}\r\n             or will have\r\n\r\n"
        "             who are willing.\r\n\r\n"
        "               -  Sub\r\n                  bullet\r\n\r\n"
        "        Exclusion Criteria:\r\n\r\n"
        "          -  None\r\n      "
    )
    read = Read(text)

    assert read.words == {
        "I01": f"Women with {long} or will have who are willing.\n* Sub bullet",
        "E01": "None",
    }
    assert read.kept == {}


def test_a_wrapped_line_that_begins_like_a_bullet_is_none():
    """`- 2` that did not fit into the line above goes on with it."""
    wide = "performance status of the Eastern Cooperative Oncology Group, as scored at screening, 0"
    read = Read(f"Inclusion Criteria:\n\n  -  {wide}\n     - 2\n\n  -  {wide[:60]}\n     - sub\n")

    assert list(read.words.values()) == [f"{wide} - 2", f"{wide[:60]}\n* sub"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["1. One", "2. Two", "10. Ten"], ["One", "Two", "Ten"]),
        (["1) One", "2) Two"], ["One", "Two"]),
        (["(1) One", "(2) Two"], ["One", "Two"]),
        (["a. One", "b. Two"], ["One", "Two"]),
        (["• One", "• Two"], ["One", "Two"]),
        (["– One", "— Two"], ["One", "Two"]),
        ([" 9. Nine", "10. Ten", "11. Eleven"], ["Nine", "Ten", "Eleven"]),
        (["1. One:", "a. first", "b. second", "2. Two"], ["One:\n* first\n* second", "Two"]),
        (["1. One:", "- first", "- second", "2. Two"], ["One:\n* first\n* second", "Two"]),
        (["* One", "- Two"], ["One", "Two"]),
        (["1. One", "   1. first", "   2. second"], ["One\n* first\n* second"]),
    ],
)
def test_every_kind_of_list_is_read(lines, words):
    """Numbers, letters, brackets and dashes; at one column a second kind of sign is below."""
    read = Read(lists("Inclusion Criteria:", "\n".join(lines)))

    assert list(read.words.values()) == words


def test_escaped_signs_are_read_plain():
    """Backslashes before signs of Markdown are no part of the words; digests do not see them."""
    text = "Exclusion Criteria:\n\n* ANC \\< 1500/mm\\^3 \\[low\\]\n* 3 \\* ULN \\\\ more"
    read, raw = Read(text, is_escaped=True), Read(text)

    assert list(read.words.values()) == ["ANC < 1500/mm^3 [low]", "3 * ULN \\ more"]
    assert raw.words["E01"] == "ANC \\< 1500/mm\\^3 \\[low\\]"


def test_arms_named_by_a_criterion_are_read():
    """`For Arm C only:` names the arms."""
    read = Read(lists("Exclusion Criteria:", "* For Arms A and C only: x", "* y"))

    assert [each.arms for each in read.criteria] == [("A", "C"), ()]


def test_what_stands_under_no_heading_is_kept():
    """Nothing is guessed to include or to exclude."""
    read = Read(lists("Patients may enter.", "* Women", "Eligibility Criteria:", "* Men"))

    assert read.words == {}
    assert list(read.kept) == ["Patients may enter.", "* Women", "Eligibility Criteria:", "* Men"]
    assert set(read.kept.values()) == {
        "no heading of inclusion or exclusion criteria stands above it"
    }


def test_a_paragraph_among_bullets_is_kept_and_the_list_goes_on():
    """A line without a bullet is no criterion; the bullets below it still are."""
    read = Read(lists("Inclusion Criteria:", "* One", "Tissue must be there.", "* Two"))

    assert read.words == {"I01": "One", "I02": "Two"}
    assert read.kept == {
        "Tissue must be there.": "it stands among the inclusion criteria and is no bullet"
    }


def test_a_heading_inside_a_list_is_kept_and_said_to_limit_what_follows():
    """`Part B:` may hold for the bullets below it only, and nobody knows."""
    read = Read(lists("Inclusion Criteria:", "* One", "Part B:", "* Two"))

    assert read.words == {"I01": "One", "I02": "Two"}
    assert "I02 and what follows it may hold under this heading only" in read.kept["Part B:"]


@pytest.mark.parametrize(
    ("heading", "inner"),
    [
        ("Inclusion Criteria:", "Patients are excluded if:"),
        ("Inclusion Criteria:", "Withdrawal criteria:"),
        ("Inclusion Criteria:", "Randomization criteria:"),
        ("Inclusion Criteria:", "Exceptions"),
        ("Exclusion Criteria:", "Patients are eligible if:"),
        ("Exclusion Criteria:", "Exceptions:"),
        ("Exclusion Criteria:", "The following are allowed:"),
        ("Exclusion Criteria:", "Stopping rules"),
    ],
)
def test_a_heading_that_may_turn_the_direction_ends_the_list(heading, inner):
    """Below it nothing is read, until a known heading stands again."""
    read = Read(lists(heading, "* One", inner, "* Two", heading, "* Three"))

    assert list(read.words.values()) == ["One", "Three"]
    assert set(read.kept) == {inner, "* Two"}
    assert "may end the" in read.kept["* Two"]


def test_paragraphs_behind_sub_bullets_are_kept():
    """To which part they belong is for people to say."""
    read = Read("Inclusion Criteria:\n\n* One:\n\n  * a\n\n  More.\n\n* Two")

    assert read.words == {"I01": "One:\n* a", "I02": "Two"}
    assert read.kept["More."].startswith("it follows sub-bullets")


def test_a_list_without_bullets_is_read_by_paragraphs_and_says_so():
    """Each line that was begun on purpose is a criterion."""
    read = Read(lists("Inclusion Criteria:", "Women\nAge at least 18 years", "Exclusion Criteria:"))

    assert read.words == {"I01": "Women", "I02": "Age at least 18 years"}
    assert read.remarks == [
        "No bullet stands under 'Inclusion Criteria:': each paragraph there is read as one"
        " criterion."
    ]


def test_a_heading_on_the_line_of_its_criterion_is_cut_off():
    """Heading and criterion have a span each."""
    read = Read("Inclusion Criteria: 1. Women\n2. Adults\nExclusion Criteria: Men")

    assert read.words == {"I01": "Women", "I02": "Adults", "E01": "Men"}
    assert [(part.head.span.first_line, part.head.span.start) for part in read.criteria] == [
        (1, 20), (2, 0), (3, 20),
    ]  # fmt: skip


def test_headings_of_the_physician_data_query_are_read_as_inclusion_and_said_so():
    """They name no list: the assumption is a remark."""
    text = lists(
        "DISEASE CHARACTERISTICS:", "* Invented disease",
        "PATIENT CHARACTERISTICS:", "Age:", "* 18 and over",
        "PRIOR CONCURRENT THERAPY:", "* No prior testinib",
    )  # fmt: skip
    read = Read(text)

    assert read.words == {
        "I01": "Invented disease",
        "I02": "18 and over",
        "I03": "No prior testinib",
    }
    assert list(read.kept) == ["Age:"]
    assert len(read.remarks) == 1
    assert "this is assumed" in read.remarks[0]


def test_a_second_list_of_a_part_counts_on_and_says_what_it_may_hold_for():
    """The ids go on; a remark names the criteria of each part."""
    text = lists(
        "Inclusion Criteria Part A", "* One", "Exclusion Criteria Part A", "* No",
        "Inclusion Criteria Part B", "* Two", "* Three",
    )  # fmt: skip
    read = Read(text)

    assert list(read.words) == ["I01", "I02", "I03", "E01"]
    assert [each.partition(":")[0] for each in read.remarks] == [
        "Under 'Inclusion Criteria Part A' stand I01",
        "Under 'Exclusion Criteria Part A' stand E01",
        "Under 'Inclusion Criteria Part B' stand I02 to I03",
    ]


def test_a_list_announced_and_not_marked_is_a_remark():
    """Whether the next bullets belong to one that ends with a colon is for people to say."""
    read = Read(lists("Exclusion Criteria:", "* Methods are:", "* Abstinence"))

    assert read.remarks == [
        "Ending with a colon, with no sub-bullet marked below: E01. Which of the criteria that"
        " follow belong to them is for people to say."
    ]


def test_a_hyphen_that_touches_its_words_is_a_sub_bullet_where_it_is_set_in():
    """At the left it stays text; set in below a bullet it is read, with a remark."""
    read = Read(lists("Inclusion Criteria:", "  -  Renal", "     --Creatinine", "-Loose", "  -  x"))

    assert read.words == {"I01": "Renal\n* Creatinine", "I02": "x"}
    assert list(read.kept) == ["-Loose"]
    assert read.remarks == ["I01 has a part whose hyphen touches its words: it is read as a"
                            " sub-bullet."]  # fmt: skip


def test_more_than_99_criteria_of_a_list_are_kept():
    """The hundredth has no id."""
    read = Read(lists("Inclusion Criteria:", "\n".join(f"* c{number}" for number in range(101))))

    assert len(read.words) == 99
    assert list(read.kept) == ["* c99", "* c100"]


def test_a_list_of_lines_has_one_criterion_a_line():
    """Headings may stand at any column; the depth of bullets is lost."""
    read = Read(
        ["Inclusion Criteria:", "  Organ function:", "  ANC 1500/mm3", "  Main Exclusion Criteria:",
         "  x", "  Target Exclusions:", "  y", "", "  Patients are eligible if:", "  z"]
    )  # fmt: skip

    assert read.words == {
        "I01": "Organ function:",
        "I02": "ANC 1500/mm3",
        "E01": "x",
        "E02": "Target Exclusions:",
        "E03": "y",
    }
    assert list(read.kept) == ["Patients are eligible if:", "z"]


def test_deep_nesting_is_told_apart_to_six_levels():
    """A seventh level counts as the sixth."""
    text = "Inclusion Criteria:\n\n" + "\n".join(f"{'  ' * deep}* d{deep}" for deep in range(9))
    (criterion,) = Read(text).criteria

    depths = [len(line) - len(line.lstrip("*")) for line in criterion.source_text.split("\n")]

    assert depths == [0, 1, 2, 3, 4, 5, 6, 6, 6]
