"""Tables opened: text in UTF-8, and sheets of workbooks with their own cells."""

import gzip
from datetime import date, datetime

import openpyxl
import pytest

from trialwright.assembly.protocols import shipped
from trialwright.assembly.tables_in import read_table_file, read_table_files
from trialwright.terms.errors import Refusal

MAPPING = """\
participant: Subject
long:
  term: Test
  value: Result
  unit: Unit
  day: Collected
  names:
    HGB: {term: hemoglobin}
"""
HEAD = ["Subject", "Test", "Result", "Unit", "Collected"]
ROW = ["P-1", "HGB", 11.8, "g/dL", date(2026, 3, 2)]


@pytest.fixture
def mapping(tmp_path):
    """Give a writer of mappings: the usual one, and lines to add."""

    def write(more=""):
        path = tmp_path / "labs.yaml"
        path.write_text(MAPPING + more, encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(tmp_path, mapping):
    """Give a reader of a file by its bytes."""

    def run(name, content, more=""):
        path = tmp_path / name
        path.write_bytes(content)
        return read_table_file(path, mapping(more), shipped("nct03959891").study)

    return run


@pytest.fixture
def book(tmp_path, mapping):
    """Give a reader of a workbook of one sheet, written from rows."""

    def run(*rows, more="", sheets=("Labs",)):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for sheet in sheets:
            added = made.create_sheet(sheet)
            for row in rows:
                added.append(row)
        path = tmp_path / "labs.xlsx"
        made.save(path)
        return read_table_file(path, mapping(more), shipped("nct03959891").study)

    return run


def said(found):
    """Say the results of the one participant."""
    (casebook,) = found.casebooks.values()
    return [str(each.evidence) for each in casebook.observations]


TEXT = ",".join(HEAD) + "\nP-1,HGB,11.8,g/dL,2026-03-02\n"
EVIDENCE = "hemoglobin 11.8 g/dL on 2026-03-02 [{} labs.{}:2]"


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("labs.csv", TEXT.encode(), "csv"),
        ("labs.csv", TEXT.encode("utf-8-sig"), "csv"),
        ("labs.csv", TEXT.replace("\n", "\r").encode(), "csv"),
        ("labs.txt", TEXT.replace("\n", "\r\n").encode(), "txt"),
        ("labs.csv.gz", gzip.compress(TEXT.encode(), mtime=0), "csv.gz"),
    ],
)
def test_a_text_file_is_read(read, name, content, place):
    """With a byte order mark, any line ends, packed or not."""
    assert said(read(name, content)) == [EVIDENCE.format("csv", place)]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("labs.csv", TEXT.encode() + b"P-2,HGB,9,\xb5g/dL,2026-03-02\n", "3: the byte 0xb5"),
        ("labs.csv", TEXT.replace("\n", "\r").encode() + b"\xb5", "3: the byte 0xb5"),
        ("labs.csv", TEXT.encode() * 300 + b"\xb5", "601: the byte 0xb5"),
        ("labs.csv", TEXT.encode("utf-16"), "1: UTF-16"),
        ("labs.csv", b"PK\x03\x04\xff", "1: a packed file, perhaps a workbook"),
        ("labs.xls", b"\xd0\xcf\x11\xe0", "1: perhaps an older workbook"),
        ("labs.csv", b"", "1: no row"),
        ("labs.csv", b"\r\n\r\n", "1: no row"),
        ("labs.csv.gz", gzip.compress(TEXT.encode(), mtime=0)[:40], "cannot be read"),
        ("labs.csv.gz", TEXT.encode(), "cannot be read"),
        ("labs.xlsx", TEXT.encode(), "no workbook that can be read"),
        ("labs.xlsx", b"", "no workbook that can be read"),
    ],
)
def test_what_is_no_table_is_refused(read, name, content, found):
    """By the name of the file."""
    with pytest.raises(Refusal, match=f"{name}: ?{found}") as caught:
        read(name, content)
    assert len(caught.value.faults) == 1


def test_a_table_in_the_place_of_its_mapping_is_not_quoted(tmp_path, mapping):
    """Its lines are about people."""
    table = tmp_path / "labs.csv"
    table.write_text("Subject,Born\nP-1,1960-03-14\n", encoding="utf-8")
    text = tmp_path / "people.yaml"
    text.write_text("Subject,Born\nP-1,1960-03-14\n", encoding="utf-8")

    for wrong in (table, text):
        with pytest.raises(Refusal) as caught:
            read_table_file(mapping(), wrong, shipped("nct03959891").study)
        assert "1960" not in str(caught.value)
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("value", "form", "said_of_it"),
    [
        (0.8, "0%", "80 %"),
        (0.069, "0.0%", "6.9 %"),
        (1, "0%", "100 %"),
        (0.8, '0.0"%"', "0.8 %"),
        (0.8, "0.0\\%", "0.8 %"),
        (0.8, "General", "0.8 %"),
    ],
)
def test_a_share_that_the_sheet_shows_in_per_cent_is_per_cent(
    tmp_path, mapping, value, form, said_of_it
):
    """It is kept as 0.8 where people see 80%: read as 0.8 % a receptor would be negative."""
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["P-1", "ER", value, "%", date(2026, 3, 2)])
    book.active["C2"].number_format = form
    book.save(tmp_path / "labs.xlsx")

    found = read_table_file(
        tmp_path / "labs.xlsx",
        mapping("    ER: {term: er-percent}\n"),
        shipped("nct03959891").study,
    )

    (casebook,) = found.casebooks.values()
    assert str(casebook.observations[0].value) == said_of_it


def test_a_sheet_says_the_same_as_text(book):
    """Numbers and days from their own cells; facts by row of the sheet."""
    assert said(book(HEAD, ROW)) == [EVIDENCE.format("xlsx", "xlsx")]


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (["P-1", "HGB", 0.1 + 0.2, "g/dL", date(2026, 3, 2)], "0.3 g/dL"),
        (["P-1", "HGB", 12, "g/dL", date(2026, 3, 2)], "12 g/dL"),
        (["P-1", "HGB", "<2.50", "g/dL", "2026-03-02"], "<2.50 g/dL"),
        (["P-1", "HGB", 1e-7, "g/dL", date(2026, 3, 2)], "0.0000001 g/dL"),
        ([17, "HGB", 12, "g/dL", date(2026, 3, 2)], "12 g/dL"),
    ],
)
def test_numbers_are_those_that_the_sheet_shows(book, row, value):
    """To the fifteen digits that it keeps; a number of a participant is text."""
    (casebook,) = book(HEAD, row).casebooks.values()

    assert casebook.participant == str(row[0])
    assert str(casebook.observations[0].value) == value


@pytest.mark.parametrize("code", [-99, -99.0, "-99", None, " "])
def test_a_code_for_missing_is_no_number(book, code):
    """As declared, whether the cell holds it as a number or as text."""
    found = book(HEAD, ["P-1", "HGB", code, "g/dL", date(2026, 3, 2)], more='missing: ["-99"]\n')

    assert dict(found.ignored) == {"no value": 1}


def test_a_time_of_day_is_kept(book):
    """Of a cell that holds one."""
    at = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    (casebook,) = book(HEAD, [*ROW[:4], at]).casebooks.values()
    (fact,) = casebook.observations

    assert (str(fact.on), fact.at) == ("2026-03-02", "2026-03-02T08:30:00")


@pytest.mark.parametrize(
    ("row", "said_of_it"),
    [
        (["P-1", "HGB", "=10+1.8", "g/dL", date(2026, 3, 2)], "labs.xlsx:2: Result: a formula"),
        (["P-1", "HGB", "#N/A", "g/dL", date(2026, 3, 2)], "Result: an error of the spreadsheet"),
        (["P-1", "HGB", 11.8, "g/dL", 46083], "Collected: a number. Allowed: a day as YYYY"),
        (["P-1", "HGB", date(2026, 3, 2), "g/dL", date(2026, 3, 2)], "Result: a date"),
        (["P-1", "HGB", True, "g/dL", date(2026, 3, 2)], "Result: text of the form 'aaaa'"),
        (["P-1", "HGB", 11.8, "g/dL"], "labs.xlsx:2: Collected: a result without a day"),
        (["P-1", "HGB", 11.8, "g/dL", date(2026, 3, 2), "more"], "labs.xlsx:2: 6 cells"),
    ],
)
def test_cells_without_a_plain_value_are_refused(book, row, said_of_it):
    """A formula was worked out by another program; a bare number is no day."""
    with pytest.raises(Refusal) as caught:
        book(HEAD, row)
    assert said_of_it in str(caught.value)


def test_formulas_beside_the_named_columns_do_no_harm(book):
    """They are not read; empty rows keep their number."""
    found = book([*HEAD, "Note"], [], [*ROW, "=1+1"])

    assert said(found) == ["hemoglobin 11.8 g/dL on 2026-03-02 [xlsx labs.xlsx:3]"]


@pytest.mark.parametrize(
    ("more", "sheets", "found"),
    [
        ("", ("Labs", "More"), "labs.xlsx: sheet: 2 sheets"),
        ("sheet: Lab\n", ("Labs",), "labs.xlsx: sheet: no such sheet"),
    ],
)
def test_which_sheet_is_never_guessed(book, more, sheets, found):
    """One of several is named in the mapping."""
    with pytest.raises(Refusal, match=found):
        book(HEAD, ROW, more=more, sheets=sheets)


def test_a_sheet_is_read_by_its_name(book):
    """Whatever stands in the others."""
    found = book(HEAD, ROW, more="sheet: More\n", sheets=("Labs", "More"))

    assert found.used == 1


def test_a_workbook_that_unpacks_to_too_much_is_refused(book, monkeypatch):
    """Before it is opened."""
    monkeypatch.setattr("trialwright.assembly.tables_in.MOST_WORKBOOK_BYTES", 100)

    with pytest.raises(Refusal, match=r"bytes unpacked\. Allowed: up to 100"):
        book(HEAD, ROW)


def test_faults_of_all_tables_are_told_together(tmp_path, mapping):
    """Each with the name of its file."""
    study, declared = shipped("nct03959891").study, mapping()
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(TEXT.replace("11.8", "x"), encoding="utf-8")
    tables = [(tmp_path / name, declared) for name in ("one.csv", "two.csv")]

    with pytest.raises(Refusal) as caught:
        read_table_files(tables, study)
    assert [each.file for each in caught.value.faults] == ["one.csv", "two.csv"]


def test_tables_of_the_same_people_come_together(tmp_path, mapping):
    """One casebook for each participant."""
    study, declared = shipped("nct03959891").study, mapping()
    (tmp_path / "one.csv").write_text(TEXT, encoding="utf-8")
    (tmp_path / "two.csv").write_text(TEXT.replace("11.8", "9"), encoding="utf-8")
    found = read_table_files([(tmp_path / f"{n}.csv", declared) for n in ("one", "two")], study)

    assert [str(each.value) for each in found["P-1"].observations] == ["11.8 g/dL", "9 g/dL"]


LINES = b'Subject,Test,Result,Unit,Collected\nP-1,HGB,"8,8",g/dL,2026-03-02\nP-1,PLT,many,,\n'
"""A hemoglobin that cannot be read, and a platelet count that nobody reads."""


def faults(path, mapping, text):
    """Give the faults of a table and its mapping, each as place and field."""
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_table_files([(path, mapping)], shipped("nct03959891").study)
    return [(each.file, each.line, each.where) for each in refused.value.faults]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("    PLT: {term: plates, in_unit: /uL}\n", [("labs.yaml", 9, "long.names.PLT.term")]),
        ("    PLT: {term: platelets}\nborn: [x]\n", [("labs.yaml", 10, "born")]),
        ("    PLT: {term: platelets, in_units: /uL}\n", [("labs.yaml", 9, "long.names.PLT")]),
        (
            "    PLT: {term: 7}\n    WBC: {term: white}\nsex: [S]\n",
            [("labs.yaml", 9, "long.names.PLT.term"), ("labs.yaml", 11, "sex"),
             ("labs.yaml", 10, "long.names.WBC.term")],
        ),
    ],
)  # fmt: skip
def test_faults_of_a_mapping_hide_none_of_its_table(tmp_path, mapping, more, found):
    """Cells of facts that the mapping names wrongly are not read; all others are."""
    path = tmp_path / "labs.csv"
    path.write_bytes(LINES.replace(b"P-1,PLT,many,,\n", b"") if "platelets}" in more else LINES)

    told = faults(path, mapping(), MAPPING + more)

    assert {each[:2] for each in told[: len(found)]} == {each[:2] for each in found}
    assert told[len(found) :] == [("labs.csv", 2, "Result")]


def test_a_heading_that_is_not_there_is_told_beside_a_strange_fact(tmp_path, mapping):
    """The columns of the table are known whatever the fact is."""
    path = tmp_path / "labs.csv"
    path.write_bytes(LINES.replace(b"Unit", b"Units"))

    told = faults(path, mapping(), MAPPING + "    PLT: {term: plates, in_unit: /uL}\n")

    assert [each[0] for each in told] == ["labs.yaml", "labs.csv"]
    assert told[1][1:] == (1, "Unit")


@pytest.mark.parametrize(
    "more", ["decimal: komma\n", "missing: many\n", "separator: bar\n", "unknown: 1\n"]
)
def test_what_says_how_cells_are_read_leaves_the_table_unread(tmp_path, mapping, more):
    """Its cells would be faults for want of it alone; names that mean nothing are told too."""
    path = tmp_path / "labs.csv"
    path.write_bytes(LINES)

    told = faults(path, mapping(), MAPPING + "    PLT: {term: plates, in_unit: /uL}\n" + more)

    assert [each[:2] for each in told] == [("labs.yaml", 10), ("labs.yaml", 9)]


def test_a_mapping_of_no_form_hides_no_file_that_is_no_text(tmp_path, mapping):
    """Whatever the columns mean, bytes that are no UTF-8 cannot be read."""
    path = tmp_path / "labs.csv"
    path.write_bytes(LINES + "P-1,HGB,9,g/dL,März\n".encode("latin-1"))

    told = faults(path, mapping(), "participant: [Subject]\nlong: 7\n")

    assert [each[:2] for each in told] == [("labs.yaml", 1), ("labs.yaml", 2), ("labs.csv", 4)]


def test_what_two_tables_contradict_is_told_beside_other_faults(tmp_path):
    """Two birth dates of one participant, and a cell that cannot be read."""
    (tmp_path / "people.yaml").write_text("participant: Subject\nborn: Born\n", encoding="utf-8")
    for name, rows in (("a.csv", "P-1,1960\nP-2,when\n"), ("b.csv", "P-1,1961\n")):
        (tmp_path / name).write_text(f"Subject,Born\n{rows}", encoding="utf-8")
    tables = [(tmp_path / name, tmp_path / "people.yaml") for name in ("a.csv", "b.csv")]

    with pytest.raises(Refusal) as refused:
        read_table_files(tables, shipped("nct03959891").study)

    first, second = refused.value.faults
    assert (first.file, first.line, first.where) == ("a.csv", 3, "Born")
    assert (second.where, second.found) == ("born", "two answers, at csv a.csv:2 and csv b.csv:2")
