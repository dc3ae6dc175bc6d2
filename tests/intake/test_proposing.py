"""Proposed mappings: what is known by name, what the cells decide, and what stays open."""

from datetime import date

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.intake.entry_tables import read_entry_mapping
from trialwright.intake.proposing import mapping_text, propose
from trialwright.intake.table_mapping import read_mapping
from trialwright.intake.table_text import Line
from trialwright.terms.errors import Refusal

STUDY = shipped("nct03959891").study


def table(*rows):
    """Give lines of cells; cells of text rows are separated by commas."""
    split = (tuple(row.split(",")) if isinstance(row, str) else row for row in rows)
    return [Line(number, cells) for number, cells in enumerate(split, start=1)]


def proposed(kind, *rows, settled=None):
    """Give what is proposed, by group, field and name."""
    found = propose(table(*rows), kind, STUDY, "comma", settled or {})
    return {(each.group, each.field, each.name): each for each in found.choices}


def days(*written):
    """Give the choice of the order of days in a table of visits."""
    rows = [f"P-1,C{at}D1,{day}" for at, day in enumerate(written, start=1)]
    return proposed("visits", "Subject,Visit,Date", *rows)["dates", "", "dates"]


@pytest.mark.parametrize(
    ("written", "order"),
    [
        (("13/02/2026", "01/02/2026"), "DD/MM/YYYY"),
        (("02/13/2026", "01/02/2026"), "MM/DD/YYYY"),
        (("2026-02-13", "2026-02"), "YYYY-MM-DD"),
        (("1.2.2026",), "DD.MM.YYYY"),
        (("01-Feb-2026",), "DD-MMM-YYYY"),
        (("01/02/2026", "12/12/2026"), ""),
        (("13/02/2026", "02/13/2026"), ""),
        (("01/02/2026", "2026-02-01"), ""),
    ],
)
def test_an_order_of_days_is_proposed_where_the_cells_leave_one(written, order):
    """01/02 is in January or in February: a person says which."""
    assert days(*written).proposed == order


def test_the_reason_names_the_line_that_does_not_fit():
    """Line 1 holds the headings, and the second day stands in line 3."""
    assert days("13/02/2026", "02/13/2026").why.endswith("not line 3")
    assert "DD/MM/YYYY and MM/DD/YYYY" in days("01/02/2026").why


def test_cells_that_are_days_need_no_order():
    """As in a workbook."""
    rows = (("Subject", "Visit", "Date"), ("P-1", "C1D1", date(2026, 2, 1)))

    found = proposed("visits", *rows)["dates", "", "dates"]

    assert (found.proposed, found.why) == ("YYYY-MM-DD", "cells that hold days need no order")


def test_headings_are_known_without_case_and_blanks_and_two_stay_open():
    """Which of two days is meant nobody can know."""
    found = proposed("visits", "subject ID,VISIT,Visit date,Date,Note", "P-1,C1D1,2026-02-01,,")

    column = {name: each.proposed for (group, _, name), each in found.items() if group == "column"}
    assert column == {"participant": "subject ID", "code": "VISIT", "day": "", "outcome": ""}
    assert found["column", "", "day"].why == "open: 2 headings could be meant"


def test_words_of_cells_are_proposed_or_asked_about():
    """Y says yes of `serious`; who GDC is, a person says."""
    found = proposed(
        "adverse-events", "Subject,AETERM,Grade,AESTDTC,AEENDTC,SAE,Related",
        "P-1,Rash,2,2026-02-10,NA,Y,GDC;none", "P-1,Rash,2,2026-02-10,,perhaps,ipatasertib",
    )  # fmt: skip

    word = {key[1:]: each.proposed for key, each in found.items() if key[0] == "word"}
    assert word == {("is_serious", "Y"): "yes", ("is_serious", "perhaps"): "",
                    ("related_to", "GDC"): ""}  # fmt: skip
    assert found["missing", "", "NA"].proposed == "nothing is recorded"


def test_what_a_person_chose_is_where_words_are_looked_for():
    """The column of the outcome is known by no heading; once it is chosen, its words are asked."""
    rows = ("Subject,Visit,Date,What became", "P-1,C1D1,2026-02-01,ok")
    first = proposed("visits", *rows)
    key = first["column", "", "outcome"].key

    then = proposed("visits", *rows, settled={key: "What became"})

    assert ("word", "outcome", "ok") not in first
    assert then["word", "outcome", "ok"].options == ("done", "missed", "not applicable")


def test_what_is_proposed_reads_as_a_mapping():
    """The written mapping says what was proposed, and an open order of days is refused."""
    rows = ("Subject,Visit,Date,Status", "P-1,C1D1,13/02/2026,Completed", "P-1,C1D8,,NA")
    found = propose(table(*rows), "visits", STUDY, "semicolon")
    mapping = read_entry_mapping(mapping_text(found, found.answers))

    assert mapping.columns == {"code": "Visit", "day": "Date", "outcome": "Status"}
    assert (mapping.participant, mapping.dates) == ("Subject", "DD/MM/YYYY")
    assert (mapping.separator, mapping.missing) == ("semicolon", ("NA",))
    assert mapping.words == {"outcome": {"Completed": "done"}}
    opened = propose(table(*rows[:1], "P-1,C1D1,01/02/2026,done"), "visits", STUDY)
    with pytest.raises(Refusal) as refused:
        read_entry_mapping(mapping_text(opened, opened.answers))
    assert [each.where for each in refused.value.faults] == ["dates"]


def test_facts_are_known_by_the_protocols_names_and_units_are_asked_for():
    """A name of its own is proposed; another one is left aside; no unit is ever supposed."""
    rows = ("Subject,Test,Result,Date", "P-1,ECOG,1,2026-02-05", "P-1,Xyz,2,2026-02-05")
    found = proposed("facts", *rows)

    assert found["name", "", "ECOG"].proposed == "ecog"
    assert found["name", "", "Xyz"].proposed == ""
    assert found["unit", "", "ECOG"].proposed == ""
    table_of = propose(table(*rows), "facts", STUDY)
    mapping = read_mapping(mapping_text(table_of, table_of.answers), STUDY)
    assert mapping.long is not None
    assert {name: each.term for name, each in mapping.long.names.items()} == {"ECOG": "ecog"}


def test_an_empty_table_is_refused():
    """Without headings nothing can be proposed."""
    with pytest.raises(Refusal, match="no line"):
        propose([], "visits", STUDY)


def test_the_key_of_a_choice_holds_nothing_of_the_table():
    """Keys stand in forms."""
    found = proposed("adverse-events", "Subject,Event,SAE", "P-1,Rash,Miller")

    assert "miller" not in found["word", "is_serious", "Miller"].key.casefold()
