"""Hazards of silent coercion: each refused, or asked about."""

import json
import re
from datetime import date, datetime, time

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from ruamel.yaml import YAML
from tests.conftest import ROOT
from tests.reliability.importers import Importer, importers

from trialwright.cli.main import main
from trialwright.terms.errors import Refusal, refuse

HAZARDS = YAML(typ="safe").load((ROOT / "tests/reliability/hazards.yaml").read_text("utf-8"))
READERS = {
    "participants.csv": ("participants", ".csv"),
    "participants.json": ("participants", ".json"),
    "ranges": ("laboratory ranges", ".csv"),
}


JUDGED = (
    "Subject,Born,Sex,Test,Result,Unit,Collected\n"
    "P-1,1970-01-31,F,HGB,11.8,g/dL,2026-03-02\n"
    "P-1,1970-01-31,F,CREA,0.9,mg/dL,2026-03-02\n"
    "P-1,1970-01-31,F,WT,62,kg,2026-03-02\n"
)
MAPPING = """\
participant: Subject
born: Born
sex: Sex
sexes: {F: female, M: male}
long:
  term: Test
  value: Result
  unit: Unit
  day: Collected
  names: {HGB: {term: hemoglobin}, CREA: {term: creatinine}, WT: {term: body-weight}}
"""


def judged(path):
    """Judge the participant of a table, and give what is told of every criterion."""
    mapping = path.with_name("mapping.yaml")
    mapping.write_text(MAPPING, "utf-8")
    options = ["judge", "--table", str(path), str(mapping), "--as-of", "2026-03-10", "--why"]
    done = CliRunner().invoke(main, options)
    if done.exit_code:
        raise refuse("table", done.stderr, "a table that is judged", "Correct it")
    return done.stdout


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """Give every reader by name and ending."""
    made = importers(tmp_path_factory.mktemp("readers"))
    made += (Importer("judged", ".csv", (JUDGED.encode(),), judged, 0),)
    return {(each.name, each.suffix): each for each in made} | {each.name: each for each in made}


def answer_of(reader, path):
    """Read a file, and say what came of it: refused or read, and the words of it."""
    try:
        found = reader.read(path)
    except Refusal as refused:
        return "refused", str(refused)
    if reader.name == "cases":
        (answer,) = found
        return ("refused" if "error" in answer else "read"), json.dumps(answer)
    return "read", str(found)


def given(hazard, reader):
    """Give the text that is handed over."""
    if "give" in hazard:
        return hazard["give"]
    sound = reader.seeds[0].decode()
    old, new = hazard["edit"]
    assert old in sound, "the sound file has nothing of the kind"
    return sound.replace(old, new, 1)


ASKED = re.compile(r"can hardly be true|cannot be turned into|\"missing\": \[\"")
"""Words by which an answer says that it does not take the value as it stands."""


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda one: f"{one['reader']}: {one['hazard']}")
def test_no_hazard_passes_in_silence(hazard, readers, tmp_path):
    """Refused outright, or told to whoever reads the answer."""
    reader = readers[READERS.get(hazard["reader"], hazard["reader"])]
    path = tmp_path / f"given{reader.suffix}"
    path.write_bytes(given(hazard, reader).encode("utf-8", "surrogatepass"))

    what, says = answer_of(reader, path)

    if hazard["expect"] == "refused":
        assert what == "refused", says[:300]
    else:
        assert what == "refused" or ASKED.search(says), says[:900]
    assert hazard.get("names", "") in says


def test_the_list_is_as_long_as_promised_and_names_each_hazard_once():
    """At least sixty."""
    names = [(each["reader"], each["hazard"]) for each in HAZARDS]
    assert len(set(names)) == len(names) >= 60


def test_what_is_judged_is_judged_when_sound(readers, tmp_path):
    """The other side: the same table without a hazard answers both criteria."""
    path = tmp_path / "sound.csv"
    path.write_text(JUDGED, "utf-8")

    says = answer_of(readers["judged"], path)[1]

    assert "met      I11: Hemoglobin 11.8 g/dL" in says
    assert "met      I15: creatinine clearance" in says
    assert not ASKED.search(says)


def test_a_lenient_reader_is_caught():
    """The negative control: what the readers of the library take without a word."""
    assert json.loads('{"value": NaN, "value": 1e309}') == {"value": float("inf")}
    assert YAML(typ="safe", pure=True).load("a: 012") != {"a": "012"}


IMPORTS = ("visits", "events", "facts", "readings", "material", "stains", "runs")


@pytest.mark.parametrize("kind", IMPORTS)
@pytest.mark.parametrize("form", ["mark", "CR", "CRLF", "blank rows", "blanks", "blank column"])
def test_what_a_spreadsheet_adds_changes_nothing(kind, form, readers, tmp_path):
    """Byte order mark, line ends, and empty rows and columns: the same is read."""
    reader = readers[f"import of {kind}"]
    sound = reader.seeds[0].decode()
    width = sound.splitlines()[0].count(",")
    given = {
        "mark": "\ufeff" + sound,
        "CR": sound.replace("\n", "\r"),
        "CRLF": sound.replace("\n", "\r\n"),
        "blank rows": sound + 3 * ("," * width + "\n"),
        "blanks": sound + "  \n\n",
        "blank column": sound.replace("\n", ",\n"),
    }[form]
    path = tmp_path / "given.csv"
    path.write_bytes(sound.encode())
    expected = reader.read(path)

    path.write_bytes(given.encode())
    found = reader.read(path)

    assert (found.rows, found.recorded, found.duplicates, found.left_aside) == (
        expected.rows, expected.recorded, expected.duplicates, expected.left_aside
    )  # fmt: skip
    assert len(found.steps) == len(expected.steps)


@pytest.mark.parametrize("kind", ["material", "stains", "runs"])
def test_fixed_headings_tell_their_separator(kind, readers, tmp_path):
    """A table of a country that writes a decimal comma."""
    reader = readers[f"import of {kind}"]
    path = tmp_path / "given.csv"
    path.write_bytes(reader.seeds[0].replace(b",", b";"))

    found = reader.read(path)

    assert found.rows == found.recorded == reader.seeds[0].count(b"\n") - 1


@pytest.mark.parametrize("kind", IMPORTS)
def test_another_encoding_is_refused_with_what_to_do(kind, readers, tmp_path):
    """Accents of code page 1252, and UTF-16."""
    reader = readers[f"import of {kind}"]
    path = tmp_path / "given.csv"
    for content in (
        reader.seeds[0] + "é".encode("cp1252"),
        reader.seeds[0].decode().encode("utf-16"),
    ):
        path.write_bytes(content)

        what, says = answer_of(reader, path)

        assert what == "refused"
        assert "Save the file as UTF-8" in says


def with_epoch(book):
    """Count days from 1904, as workbooks of old Macs do."""
    book.epoch = CALENDAR_MAC_1904


def with_hidden(book):
    """Add a sheet that nobody sees."""
    book.create_sheet("more").sheet_state = "hidden"


def with_title(book):
    """Put a merged line above the headings."""
    book.active.insert_rows(1)
    book.active["A1"] = "Export"
    book.active.merge_cells("A1:D1")


def with_blanks(book):
    """Leave rows of blanks behind."""
    book.active.append([None, " ", "", None])
    book.active.append(["", "", ""])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (with_epoch, ""),
        (with_blanks, ""),
        (lambda book: book.active.__setitem__("C2", datetime(2026, 2, 6, 14, 30)), ""),  # noqa: DTZ001
        (with_hidden, "2 sheets, 1 of them hidden"),
        (with_title, "take out what stands above the headings"),
        (lambda book: book.active.merge_cells("A1:B1"), "Visit: no such heading"),
        (lambda book: book.active.__setitem__("C2", "=TODAY()"), "2: Date: a formula"),
        (lambda book: book.active.__setitem__("C2", time(14, 30)), "2: Date: a time"),
        (lambda book: book.active.__setitem__("D2", True), "2: Status: "),  # noqa: FBT003
    ],
)
def test_a_workbook_is_read_right_or_refused_with_its_place(change, says, readers, tmp_path):
    """One visit on 6 February, as workbooks of hospitals hold it."""
    book = openpyxl.Workbook()
    book.active.append(["Subject", "Visit", "Date", "Status"])
    book.active.append(["P-1", "SCREENING", date(2026, 2, 6), "Y"])
    change(book)
    path = tmp_path / "given.xlsx"
    book.save(path)

    if says:
        with pytest.raises(Refusal, match=re.escape(says)):
            readers["import of visits"].read(path)
        return
    (step,) = readers["import of visits"].read(path).steps

    assert step.act.entry.on == date(2026, 2, 6)
