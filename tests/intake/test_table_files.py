"""Tables to casebooks: what stands there and nothing else, or every fault at once."""

import io
from datetime import date
from decimal import Decimal

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.treatments import Treatment
from trialwright.intake.table_files import joined, read_table
from trialwright.intake.table_mapping import read_mapping
from trialwright.intake.table_text import csv_lines
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

LONG = """\
participant: Subject
missing: ["NA", "-"]
long:
  term: Test
  value: Result
  comparator: Sign
  unit: Unit
  low: LLN
  high: ULN
  day: Collected
  until: Stopped
  names:
    HGB: {term: hemoglobin, in_unit: g/dL}
    ANC: {term: anc}
    ECOG: {term: ecog}
    HIV: {term: hiv-test}
    IHC: {term: her2-ihc, answers: {"neg (0)": "0", "+++": "3+"}}
    Brain: {term: cns-metastasis, answers: {"Y": present, "N": absent, "?": suspected}}
    Letrozole: {term: letrozole, answers: {took: given, takes: ongoing, stopped: ended}}
"""
HEAD = "Subject,Test,Result,Sign,Unit,LLN,ULN,Collected,Stopped\n"
DAY = PartialDate.of(date(2026, 3, 2))
CANARY = "Zyxwvut"


@pytest.fixture(scope="module")
def study(terms, medicines):
    """Give a study with the small vocabulary of these tests."""
    named = shipped("nct03959891").study
    return named.model_copy(update={"terms": terms, "medicines": medicines})


@pytest.fixture
def table(study):
    """Give a reader of a CSV text by a mapping."""

    def run(text, mapping=LONG):
        declared = read_mapping(mapping, study)
        lines = csv_lines(io.StringIO(text, newline=""), declared.separator, "labs.csv")
        return read_table(lines, declared, study, "labs.csv")

    return run


@pytest.fixture
def fact(table):
    """Give the one fact of one row of the long form."""

    def run(row, mapping=LONG):
        (book,) = table(f"{HEAD}P-1,{row}\n", mapping).casebooks.values()
        (found,) = book.observations + book.conditions + book.treatments
        return found

    return run


@pytest.fixture
def told(table):
    """Give the words in which a table is refused."""

    def run(text, mapping=LONG):
        with pytest.raises(Refusal) as caught:
            table(text, mapping)
        return str(caught.value)

    return run


def test_a_row_becomes_a_result(fact):
    """With unit, range, day and its place in the file."""
    expected = Observation(
        "hemoglobin",
        Quantity(Decimal("11.80"), "g/dL"),
        DAY,
        Source("csv", "labs.csv:2"),
        Decimal(12),
        Decimal("16.0"),
    )

    assert fact("HGB,11.80,,g/dL,12,16.0,2026-03-02,") == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("HGB,11.8,,,,,2026-03-02,", "11.8 g/dL"),
        ("HGB,118,,g/L,,,2026-03-02,", "118 g/L"),
        ("HGB,118 g/L,,,,,2026-03-02,", "118 g/L"),
        ("HGB,118 g/L,,g/L,,,2026-03-02,", "118 g/L"),
        ("HGB,<2,,gm/dL,,,2026-03-02,", "<2 g/dL"),
        ("HGB,2,<,g/dL,,,2026-03-02,", "<2 g/dL"),
        ("HGB,≥ 2,,g/dL,,,2026-03-02,", ">=2 g/dL"),
        ("HGB,=2,=,g/dL,,,2026-03-02,", "2 g/dL"),
        ("HGB,<2,<,g/dL,,,2026-03-02,", "<2 g/dL"),
        ("ECOG,0,,,,,2026-03-02,", "0 {score}"),
        ("ANC,1.5,,10*3/uL,,,2026-03-02,", "1.5 10*3/uL"),
        ("HGB,-0,,g/dL,,,2026-03-02,", "0 g/dL"),
        ("HIV,negative,,,,,2026-03-02,", "negative"),
        ("IHC,+++,,,,,2026-03-02,", "3+"),
        ("IHC,neg (0),,,,,2026-03-02,", "0"),
    ],
)
def test_values_stay_as_written(fact, row, said):
    """With comparator and unit from the place where they stand."""
    assert str(fact(row).value) == said


def test_every_fault_of_a_row_is_told(told):
    """A value that is none does not hide a day that is none, nor a word that nobody knows."""
    words = told(f"{HEAD}P-1,HGB,high,,g/dL,16,12,2026-02-30,\nP-1,HIV,perhaps,,,,,2026-02-30,\n")

    places = [line.partition(": ")[0] for line in words.splitlines()]
    assert places == ["labs.csv:2"] * 3 + ["labs.csv:3"] * 2
    for column in ("Result", "LLN", "Collected"):
        assert f"labs.csv:2: {column}: " in words
    for column in ("Result", "Collected"):
        assert f"labs.csv:3: {column}: " in words


@pytest.mark.parametrize(
    ("row", "where", "said"),
    [
        ("HGB,NaN,,g/dL,,,2026-03-02,", "Result", "a number with a decimal point"),
        ('HGB,"11,8",,g/dL,,,2026-03-02,', "Result", "'99,9'. Allowed: a number with a decimal"),
        ('HGB,"1,180",,g/dL,,,2026-03-02,', "Result", "without separated thousands"),
        ("HGB,1.1.8,,g/dL,,,2026-03-02,", "Result", "'9.9.9'"),
        ("HGB,1e3,,g/dL,,,2026-03-02,", "Result", "is no unit"),
        ("HGB,11.8,~,g/dL,,,2026-03-02,", "Sign", "<, <=, >=, > or nothing"),
        ("HGB,>2,<,g/dL,,,2026-03-02,", "Sign", "another sign"),
        ("HGB,11.8,,per bottle,,,2026-03-02,", "Result", "is no unit"),
        ("HGB,11.8 g/L,,g/dL,,,2026-03-02,", "Unit", "another unit"),
        ("ANC,1.5,,,,,2026-03-02,", "Unit", "a number without a unit"),
        ("HGB,11.8,,g/dL,<12,,2026-03-02,", "LLN", "more than a number"),
        ("HGB,11.8,,g/dL,16,12,2026-03-02,", "LLN", "ends below its beginning"),
        ("HGB,11.8,,g/dL,,,,", "Collected", "a result without a day"),
        ("HIV,negative,,,,,-,", "Collected", "a result without a day"),
        ("HGB,11.8,,g/dL,,,02/03/2026,", "Collected", "'99/99/9999'"),
        ("HGB,11.8,,g/dL,,,2026-02-30,", "Collected", "is no date"),
        ("HGB,11.8,,g/dL,,,46083,", "Collected", "is no date"),
        (f"HIV,{CANARY},,,,,2026-03-02,", "Result", "'Aaaaaaa'".lower()),
        ("Brain,Y,,,,,2026-03-02,2026-03-01", "Stopped", "a last day before the first"),
        ("Letrozole,takes,,,,,2026-03-02,2026-03-09", "Stopped", "that goes on"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(told, row, where, said):
    """By file, line and column; the content of the cell is not quoted."""
    words = told(f"{HEAD}P-1,{row}\n")

    assert words.startswith(f"labs.csv:2: {where}: ")
    assert said in words
    assert CANARY not in words


def test_all_faults_of_a_table_are_told_at_once(told):
    """Several of one row, too; nothing of it is read."""
    rows = ["HGB,x,~,g/dL,y,,2026,", "HGB,11.8,,g/dL,,,2026-03-02,", "HGB,1,,g/dL,,,soon,"]
    words = told(HEAD + "".join(f"P-1,{row}\n" for row in rows) + ",HGB,1,,g/dL,,,2026-03-02,\n")

    assert [line.split(": ")[:2] for line in words.split("\n")] == [
        ["labs.csv:2", "Result"],
        ["labs.csv:2", "Sign"],
        ["labs.csv:2", "LLN"],
        ["labs.csv:4", "Collected"],
        ["labs.csv:5", "Subject"],
    ]


def test_no_more_faults_are_told_than_people_read(told):
    """The rest is counted."""
    words = told(HEAD + "P-1,HGB,x,,g/dL,,,2026-03-02,\n" * 203)

    assert words.count("\n") == 200
    assert "3 more faults" in words


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ("Brain,Y,,,,,2026-03-02,", {"is_present": True, "since": DAY, "until": None}),
        ("Brain,Y,,,,,2026-03-02,2026-03-02", {"until": DAY}),
        ("Brain,Y,,,,,,", {"since": None}),
        ("Brain,N,,,,,2026-03-02,", {"is_present": False, "since": None, "recorded": DAY}),
        ("Brain,?,,,,,2026-03-02,", {"is_present": True, "is_confirmed": False, "since": DAY}),
    ],
)
def test_a_condition_is_present_absent_or_suspected(fact, row, fields):
    """An absence is dated by the day on which somebody looked."""
    found = fact(row)

    assert isinstance(found, Condition)
    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("row", "since", "until", "is_ongoing"),
    [
        ("Letrozole,took,,,,,2026-03-02,", DAY, None, None),
        ("Letrozole,took,,,,,2026-03-02,2026-03-02", DAY, DAY, False),
        ("Letrozole,takes,,,,,2026-03-02,", DAY, None, True),
        ("Letrozole,stopped,,,,,,2026-03-02", None, DAY, False),
        ("Letrozole,stopped,,,,,2026-03,", PartialDate.parse("2026-03"), None, False),
    ],
)
def test_a_treatment_has_its_days(fact, row, since, until, is_ongoing):
    """Whether it goes on is known only when the table says so."""
    source = Source("csv", "labs.csv:2")

    assert fact(row) == Treatment("letrozole", since, until, is_ongoing, source)


@pytest.mark.parametrize(
    ("order", "written"),
    [
        ("DD/MM/YYYY", "02/03/2026"),
        ("MM/DD/YYYY", "03/02/2026"),
        ("DD-MMM-YYYY", "02-MAR-2026"),
        ("YYYY.MM.DD", "2026.03.02"),
        ("MM/DD/YYYY", "3/2/2026"),
        ("DD.MM.YYYY", "2.3.2026"),
    ],
)
def test_days_are_read_in_the_declared_order_alone(fact, told, order, written):
    """Never guessed, not even when ISO 8601 stands there."""
    declared = LONG + f"dates: {order}\n"

    assert fact(f"HGB,11.8,,g/dL,,,{written},", declared).on == DAY
    assert f"a day as {order}" in told(f"{HEAD}P-1,HGB,1,,g/dL,,,2026-03-02,\n", declared)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-02T08:30", "2026-03-02T08:30:00"),
        ("2026-03-02 23:59:30", "2026-03-02T23:59:30"),
        ("2026-03-02T23:30-05:00", "2026-03-02T23:30:00-05:00"),
        ("2026-03-02", ""),
    ],
)
def test_a_time_leaves_the_day_as_written(fact, written, at):
    """In whatever offset."""
    found = fact(f"HGB,11.8,,g/dL,,,{written},")

    assert (found.on, found.at) == (DAY, at)


def test_a_time_that_is_none_is_refused(told):
    """There is no 25 o'clock."""
    words = told(f"{HEAD}P-1,HGB,1,,g/dL,,,2026-03-02 25:00,\n")

    assert "labs.csv:2: Collected: text of the form '9999-99-99 99:99'" in words


def test_a_decimal_comma_is_read_when_declared(fact, told):
    """And then a point is refused, for it may separate thousands."""
    declared = LONG + "decimal: comma\n"

    assert str(fact('HGB,"<11,8",,g/dL,"12,0",16,2026-03-02,', declared).value) == "<11.8 g/dL"
    assert "a decimal comma" in told(f"{HEAD}P-1,HGB,11.8,,g/dL,,,2026-03-02,\n", declared)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", ["comma", "semicolon", "tab"])
def test_line_ends_and_separators_say_nothing(table, ends, separator):
    """Nor do empty lines, blanks around cells, and quotes around them; lines keep their number."""
    sign = {"comma": ",", "semicolon": ";", "tab": "\t"}[separator]
    text = f'{HEAD}\nP-1, HGB ,"11.8",,g/dL,,,2026-03-02,\nP-2,HGB,9,,g/dL,,,2026-03-02,\n'
    text = text.replace(",", sign).replace("\n", ends)
    found = table(text, LONG + f"separator: {separator}\n").casebooks

    assert [book.observations[0].source.place for book in found.values()] == [
        "labs.csv:3",
        "labs.csv:4",
    ]


def test_a_quoted_cell_may_go_over_lines(table):
    """What follows is counted by the lines of the file."""
    text = 'Note,Subject,Hb,Visit\n"a ""b""\nc, d",P-1,9,2026-03-02\n,P-2,8,2026-03-02\n'
    found = table(text, WIDE).casebooks

    assert [book.observations[0].source.place for book in found.values()] == [
        "labs.csv:2:Hb",
        "labs.csv:4:Hb",
    ]


WIDE = """\
participant: Subject
wide:
  - {term: hemoglobin, value: Hb, in_unit: g/dL, day: Visit}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Subject,Hb\nP-1,9\n", "labs.csv:1: Visit: no such heading"),
        ("Subject,Hb,Visit,Hb\nP-1,9,,\n", "labs.csv:1: Hb: this heading several times"),
        ("Subject;Hb;Visit\n", "Correct the mapping: `separator`"),
        ("", "labs.csv:1: no row. Allowed: a row of headings"),
        ("Subject,Hb,Visit\nP-1,9,3,2026-03-02\n", "labs.csv:2: 4 cells. Allowed: 3"),
        ("Subject,Hb,Visit\nP-1,9\n", "labs.csv:2: 2 cells"),
        ('Subject,Hb,Visit\nP-1,"9,2026-03-02\n', "labs.csv:2: no CSV"),
        ('Subject,Hb,Visit\nP-1,"9"x,2026-03-02\n', "labs.csv:2: no CSV"),
        ("Subject,Hb,Visit\n ,9,2026-03-02\n", "labs.csv:2: Subject: nothing"),
    ],
)
def test_a_table_of_another_shape_is_refused(told, text, said):
    """Before a cell is taken for one of another column."""
    assert said in told(text, WIDE)


def test_rows_above_the_headings_are_passed_over(table):
    """When the mapping says where the headings stand."""
    text = "Export of labs\nby nobody,at all\nSubject,Hb,Visit\nP-1,9,2026-03-02\n"
    found = table(text, WIDE + "heading: 3\n")

    assert found.casebooks["P-1"].observations[0].source.place == "labs.csv:4:Hb"


FORMS = """\
participant: Subject
born: Born
sex: Sex
sexes: {F: female, M: male}
missing: ["unk"]
wide:
  - {term: hemoglobin, value: Hb, unit: Hb unit, low: Hb low, high: Hb high, day: Visit}
  - {term: letrozole, day: LET start, until: LET stop}
  - {term: cns-metastasis, value: Brain, day: Visit, answers: {"1": present, "0": absent}}
  - {term: metformin, value: MET, answers: {"Y": ongoing, "N": not given}}
"""
FORMS_HEAD = "Subject,Born,Sex,Visit,Hb,Hb unit,Hb low,Hb high,LET start,LET stop,Brain,MET\n"


def test_facts_may_stand_side_by_side(table):
    """Each row gives what its columns say of one participant."""
    row = "P-1,1961-09,F,2026-03-02,11.8,g/dL,12,16,2025-01-05,2026-02-20,0,Y\n"
    book = table(FORMS_HEAD + row, FORMS).casebooks["P-1"]

    assert (str(book.born), book.sex) == ("1961-09", "female")
    assert book.person == Source("csv", "labs.csv:2")
    assert [str(each.evidence) for each in (*book.observations, *book.treatments)] == [
        "hemoglobin 11.8 g/dL on 2026-03-02 [csv labs.csv:2:Hb]",
        "letrozole since 2025-01-05, last dose 2026-02-20 on 2026-02-20 [csv labs.csv:2:LET start]",
        "metformin going on [csv labs.csv:2:MET]",
    ]
    assert [str(each.evidence) for each in book.conditions] == [
        "cns-metastasis absent on 2026-03-02 [csv labs.csv:2:Brain]"
    ]


def test_every_entry_has_one_fate(table):
    """What says nothing is counted by its reason; 0 is a value."""
    rows = ["P-1,,X,,,,,,,,,\n", "P-1,unk,F,2026-03-02,0,g/dL,,,unk,,unk,N\n"]
    found = table(FORMS_HEAD + "".join(rows), FORMS)

    assert (found.entries, found.used) == (8, 1)
    assert dict(found.ignored) == {"no value": 6, "recorded as not given": 1}
    assert found.casebooks["P-1"].sex == "female"
    assert found.casebooks["P-1"].treatments == ()


def test_rows_of_other_names_are_left_aside(table):
    """And counted, as are rows without a name or a value."""
    rows = ["HGB,1,,g/dL,,,2026-03-02,", "CRP,5,,mg/L,,,2026-03-02,", ",5,,,,,,", "HGB,NA,,,,,,"]
    found = table(HEAD + "".join(f"P-1,{row}\n" for row in rows))

    assert (found.entries, found.used) == (4, 1)
    assert dict(found.ignored) == {"not in the mapping": 1, "no name": 1, "no value": 1}


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (("P-1,1961,F,,,,,,,,,\n", "P-1,1962,,,,,,,,,,\n"), "Born"),
        (("P-1,,F,,,,,,,,,\n", "P-1,,M,,,,,,,,,\n"), "Sex"),
    ],
)
def test_a_participant_has_one_birth_date_and_one_sex(told, rows, where):
    """The second answer is refused, without being shown."""
    words = told(FORMS_HEAD + "".join(rows), FORMS)

    assert words.startswith(f"labs.csv:3: {where}: another answer than in an earlier row")
    assert "196" not in words


def test_tables_of_the_same_participants_are_joined(table):
    """Facts in the order of the tables; participants of any of them."""
    people = table(FORMS_HEAD + "P-1,1961,F,,,,,,,,,\nP-2,,,,,,,,,,,\n", FORMS)
    labs = table(HEAD + "P-3,HGB,8,,g/dL,,,2026-03-02,\nP-1,HGB,9,,g/dL,,,2026-03-02,\n")
    found = joined([people, labs, labs])

    assert list(found) == ["P-1", "P-2", "P-3"]
    assert (str(found["P-1"].born), len(found["P-1"].observations)) == ("1961", 2)
    assert found["P-3"].born is None


def test_tables_that_contradict_each_other_are_refused(table):
    """Each contradiction is named by where it stands."""
    one = table(FORMS_HEAD + "P-1,1961,F,,,,,,,,,\n", FORMS)
    other = table(FORMS_HEAD + "P-1,1962,M,,,,,,,,,\n", FORMS)

    with pytest.raises(Refusal) as caught:
        joined([one, other])
    assert [each.where for each in caught.value.faults] == ["born", "sex"]
