"""Numbers in tables of stains and runs: what `Decimal` reads beside plain numbers is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.biomarkers.made import SOURCE

from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.intake.biomarker_tables import read_runs, read_stains
from trialwright.terms.errors import Refusal

STAINS = (
    "participant,material,analyte,date,percent,intensity,weak,moderate,strong,score,ratio,clone"
)
RUNS = (
    "participant,run,material,panel,outcome,date,limit,tumour_fraction,white_cells_beside,variants,"
    "sample"
)
NO_NUMBERS = ("nan", "-Infinity", "1_0", "٣", "1e999", "0x1")


def stains(moderate):
    """Give a table of one stain."""
    return f"{STAINS}\nP-1,B1,ER,2026-02-12,,,2,{moderate},4,,,\n"


def runs(limit):
    """Give a table of one run."""
    return f"{RUNS}\nP-1,R1,B1,large,passed,2026-02-12,{limit},,no,,\n"


@pytest.mark.parametrize("cell", NO_NUMBERS)
@pytest.mark.parametrize(
    ("read", "table", "column"), [(read_stains, stains, "moderate"), (read_runs, runs, "limit")]
)
def test_what_is_no_plain_number_is_refused_by_its_cell(read, table, column, cell):
    """Line and column are named; nothing is read as another number."""
    with pytest.raises(Refusal) as refused:
        read(table(cell), "file.csv")

    (fault,) = refused.value.faults
    assert (fault.where, fault.line, fault.allowed) == (column, 2, "a number, e.g. 0.005")


@pytest.mark.parametrize(
    ("cell", "number"), [("3", "3"), ("3.", "3"), (".5", "0.5"), ("1E1", "10")]
)
def test_plain_numbers_are_read(cell, number):
    """In each way that tables write them."""
    (placed,) = read_stains(stains(cell), "file.csv")

    assert placed.what.moderate == Decimal(number)


RUN = SequencingRun("R1", "B1", "large", "passed", None, None, None, None, (), SOURCE)
CALL = VariantCall("PTEN", "", "nonsense", "somatic", None, None, "", SOURCE)


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
@pytest.mark.parametrize(
    ("make", "where"),
    [
        (
            lambda number: Stain("B1", "ER", "read", None, SOURCE, weak=Decimal(1),
                                 moderate=number, strong=Decimal(1)),
            "weak, moderate, strong",
        ),
        (lambda number: replace(CALL, told_fraction=number), "told_fraction"),
        (
            lambda number: replace(RUN, limit=number),
            "limit",
        ),
    ],
)  # fmt: skip
def test_no_reading_holds_what_is_no_number(make, where, number):
    """Whichever door it came by."""
    with pytest.raises(Refusal) as refused:
        make(Decimal(number))

    assert [each.where for each in refused.value.faults] == [where]
