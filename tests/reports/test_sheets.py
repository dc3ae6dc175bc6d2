"""Tables written in four forms, one content."""

import csv
import io

from trialwright.escalation.behaviour import Measure
from trialwright.reports.sheets import Sheet, as_csv, as_markdown, as_records, as_text

SHEET = Sheet(
    "Found",
    ("scenario", "level", "selected", "dose"),
    (
        ("steep, very", 1, Measure(0.123456, 0.004321), None),
        ("flat", 10, Measure(0.5), "300 mg | once"),
    ),
    ("A note.",),
)


def test_text_is_aligned_with_numbers_to_the_right():
    """Four digits, the standard error behind, nothing for nothing."""
    assert as_text(SHEET).splitlines() == [
        "Found",
        "scenario     level         selected  dose",
        "steep, very      1  0.1235 ± 0.0043",
        "flat            10           0.5000  300 mg | once",
        "  A note.",
    ]


def test_csv_has_every_digit_and_the_errors_in_a_column_of_their_own():
    """An exact number beside a simulated one has no error."""
    rows = list(csv.reader(io.StringIO(as_csv(SHEET))))

    assert rows == [
        ["scenario", "level", "selected", "selected mcse", "dose"],
        ["steep, very", "1", "0.123456", "0.004321", ""],
        ["flat", "10", "0.5", "0.0", "300 mg | once"],
    ]


def test_records_have_the_same_names_and_numbers():
    """For JSON."""
    assert as_records(SHEET)[0] == {
        "scenario": "steep, very",
        "level": 1,
        "selected": 0.123456,
        "selected mcse": 0.004321,
        "dose": None,
    }


def test_exact_tables_have_no_columns_of_errors():
    """Where nothing was simulated."""
    exact = Sheet("X", ("p",), ((Measure(0.25),),))

    assert as_csv(exact) == "p\n0.25\n"


def test_an_empty_table_is_its_heading():
    """No row, no fault."""
    empty = Sheet("X", ("a", "b"), ())

    assert as_text(empty) == "X\na  b"
    assert as_csv(empty) == "a,b\n"
    assert as_records(empty) == []


def test_markdown_keeps_columns_apart():
    """A bar inside a cell would end it."""
    assert as_markdown(SHEET).splitlines()[:4] == [
        "| scenario | level | selected | dose |",
        "| --- | ---: | ---: | --- |",
        "| steep, very | 1 | 0.1235 ± 0.0043 |  |",
        "| flat | 10 | 0.5000 | 300 mg / once |",
    ]
