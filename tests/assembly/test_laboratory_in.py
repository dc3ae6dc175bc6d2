"""An institution's table of reference ranges, read from CSV."""

from decimal import Decimal

import pytest

from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.protocols import shipped
from trialwright.terms.errors import Refusal

HEAD = "term,low,high,unit,group\n"


@pytest.fixture
def read(tmp_path):
    """Give a reader of such a table by its text."""

    def run(text):
        path = tmp_path / "ranges.csv"
        path.write_text(text, encoding="utf-8")
        return read_laboratory(path, shipped("nct03959891").study)

    return run


def test_ranges_are_read(read):
    """With an end that is open, and the line as source."""
    (one, other) = read(HEAD + "fsh,25.8,,m[IU]/mL,postmenopausal\nast,,40,U/L,\n")

    assert (one.term, one.low, one.high, one.group) == (
        "fsh",
        Decimal("25.8"),
        None,
        "postmenopausal",
    )
    assert (other.high, other.source) == (Decimal(40), "ranges.csv:3")


def test_every_fault_of_every_line_is_told(read):
    """Each with its column; what stands in a cell is told by its form."""
    with pytest.raises(Refusal) as caught:
        read(HEAD + "fsh,a,b,g/dL,\nzzz,2,1,g/L,\nast,,,U/L,\n")

    assert [(each.line, each.where) for each in caught.value.faults] == [
        (2, "low"),
        (2, "high"),
        (2, "unit"),
        (3, "low"),
        (3, "term"),
        (4, "low"),
    ]


def test_two_ranges_of_one_group_contradict(read):
    """The first would decide; the same twice says one thing, and groups differ."""
    with pytest.raises(Refusal) as caught:
        read(HEAD + "ast,,40,U/L,\nast,,60,U/L,\n")

    assert [(each.line, each.where) for each in caught.value.faults] == [(3, "term")]
    assert len(read(HEAD + "fsh,1,2,[IU]/L,luteal\nfsh,3,4,[IU]/L,\nfsh,3,4,[IU]/L,\n")) == 3


@pytest.mark.parametrize("text", ["", "P-1,1960-03-14\n", "term;low;high;unit;group\nfsh;1;2;g;\n"])
def test_other_columns_are_refused_and_not_quoted(read, text):
    """A file given by mistake may be about people."""
    with pytest.raises(Refusal) as caught:
        read(text)

    (fault,) = caught.value.faults
    assert (fault.where, fault.line) == ("columns", 1)
    assert "1960" not in str(fault)
