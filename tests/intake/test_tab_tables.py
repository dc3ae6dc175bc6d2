"""Tables of sequencing results: bounds on rows, columns and faults, and lines of any end."""

import pytest

from trialwright.intake.case_lists import read_case_list
from trialwright.intake.tab_tables import MOST_COLUMNS, MOST_ROWS, each_row, read_tab
from trialwright.terms.errors import Refusal, refuse


def faults_of(text):
    """Give what is said of each fault."""
    with pytest.raises(Refusal) as refused:
        read_tab(text, "table.txt")
    return [(each.line, each.where, each.found) for each in refused.value.faults]


def test_lines_end_in_three_ways_and_keep_their_numbers():
    """Empty lines and those of a comment are counted."""
    table = read_tab("# said\r\nA\tB\r1\t2\n\n3\t4", "table.txt")

    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (3, {"A": "1", "B": "2"}),
        (5, {"A": "3", "B": "4"}),
    ]


def test_a_line_of_text_holds_what_other_programs_take_for_its_end():
    """A separator of lines of Unicode, a form feed, and signs of files within a cell."""
    cell = "a\u2028b\x0cc\x1cd"

    assert read_tab(f"A\n{cell}\n", "table.txt").rows[0].cells == {"A": cell}


def test_as_many_rows_as_allowed_are_read_and_one_more_is_refused():
    """The line of the first that is too many is named."""
    text = "A\n" + "1\n" * MOST_ROWS

    assert len(read_tab(text, "table.txt").rows) == MOST_ROWS
    assert faults_of(f"{text}1\n") == [(MOST_ROWS + 2, "", f"more than {MOST_ROWS} rows")]


def test_too_many_columns_are_one_fault():
    """Also where they have no names."""
    assert faults_of("\t" * MOST_COLUMNS + "x\n") == [(1, "", f"{MOST_COLUMNS + 1} columns")]


def test_a_heading_three_times_is_two_faults():
    """One for each that must be renamed."""
    assert faults_of("A\tB\tA\tA\n") == [(1, "A", "this heading twice")] * 2


@pytest.mark.parametrize(("rows", "more"), [(300, "100 more"), (5000, "at least 800 more")])
def test_faults_beyond_those_named_are_counted_until_there_are_enough(rows, more):
    """Two hundred are named."""
    *named, last = faults_of("A\tB\n" + "x\n" * rows)

    assert len(named) == 200
    assert last == (0, "", f"{more} faults")


def test_rows_that_cannot_be_read_end_the_reading_when_there_are_enough():
    """Of 5,000 rows, the first 1,000 were looked at."""
    table, seen = read_tab("A\n" + "x\n" * 5000, "table.txt"), []

    def read(row):
        """Refuse every row."""
        seen.append(row.line)
        raise refuse("A", "x", "a number", "Correct it")

    with pytest.raises(Refusal, match="at least 800 more faults"):
        each_row(table, read)
    assert len(seen) == 1000


def test_a_sample_three_times_in_a_case_list_is_two_faults():
    """In the line of the list."""
    with pytest.raises(Refusal) as refused:
        read_case_list("x: y\ncase_list_ids: S1\tS2\tS1\tS1\n", "cases.txt")

    assert [(each.line, each.found) for each in refused.value.faults] == [
        (2, "S1 a second time"), (2, "S1 a second time")
    ]  # fmt: skip
