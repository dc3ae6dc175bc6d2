"""`trialwright registry`: read, rules, lint, write, compare; every shape, every refusal."""

import gzip
import json

import pytest
from click.testing import CliRunner
from tests.registry.invented_records import CTGOV, SHAPES, STUDY, bundle, changed, text_of
from tests.registry.short_pages import draft_of, finished, page_of

from trialwright.assembly.registry_records import SHAPES as WRITERS
from trialwright.assembly.registry_records import record_named
from trialwright.cli.main import main
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.reading import read_record
from trialwright.registry.shapes.usdm import read_usdm

PAGE = page_of("Hemoglobin >= 9 g/dL", "HbA1c < 7", exclusion=("QTcF > 470 ms",))


def registry(*arguments):
    """Run a command on trial records."""
    return CliRunner().invoke(main, ["registry", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """Give a folder with a record of each shape, a page and its draft."""
    for name, record in SHAPES.items():
        (tmp_path / f"{name}.json").write_text(text_of(record), encoding="utf-8")
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "page.txt.gz").write_bytes(gzip.compress(PAGE.encode()))
    draft = draft_of("Hemoglobin >= 9 g/dL", whole=True)
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    two = bundle(STUDY, changed(STUDY, "id", "other"))
    (tmp_path / "two.json").write_text(text_of(two), encoding="utf-8")
    return tmp_path


RECORDS = ["page.txt", "page.txt.gz", *(f"{name}.json" for name in SHAPES)]


@pytest.mark.parametrize("name", RECORDS)
def test_a_draft_is_printed_and_written_alike(folder, name):
    """On standard output, or to a new file; every shape, packed or not."""
    printed = registry("read", folder / name)
    written = registry("read", folder / name, "-o", folder / "new.yaml")

    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert printed.stdout == (folder / "new.yaml").read_text(encoding="utf-8")
    assert written.stdout == f"draft written to {folder / 'new.yaml'}\n"
    assert read_yaml(printed.stdout).value["format"] == 1


@pytest.mark.parametrize("command", [("read",), ("write",), ("write", "--as", "html")])
def test_an_existing_file_is_never_overwritten(folder, command):
    """The refusal names it, and it stays as it is."""
    file = folder / "mine.yaml"
    file.write_text("mine", encoding="utf-8")

    done = registry(*command, folder / "page.txt", "-o", file)

    assert (done.exit_code, done.stdout) == (2, "")
    assert "mine.yaml" in done.stderr
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("command", ["read", "write"])
def test_a_folder_that_is_not_there_is_no_place_for_an_output(folder, command):
    """A sentence, exit status 2."""
    done = registry(command, folder / "page.txt", "-o", folder / "gone" / "new")

    assert (done.exit_code, done.stdout) == (2, "")
    assert "new" in done.stderr


def test_what_cannot_be_read_leaves_no_output(folder):
    """No empty file where the draft would have been."""
    (folder / "bad.json").write_text("{}", encoding="utf-8")

    done = registry("read", folder / "bad.json", "-o", folder / "new.yaml")

    assert done.exit_code == 2
    assert not (folder / "new.yaml").exists()


def test_what_does_not_fit_a_shape_leaves_no_output(folder):
    """A title longer than ClinicalTrials.gov takes is told with its length."""
    long = changed(CTGOV, "protocolSection.identificationModule.briefTitle", "x" * 301)
    (folder / "long.json").write_text(text_of(long), encoding="utf-8")

    done = registry("write", folder / "long.json", "--as", "ctgov", "-o", folder / "new.json")

    assert done.exit_code == 2
    assert "301" in done.stderr
    assert not (folder / "new.json").exists()


@pytest.mark.parametrize("command", ["read", "rules", "lint", "write"])
def test_a_bundle_asks_which_study_is_meant(folder, command):
    """Without `--id` it names them; with one it takes it; with another it refuses."""
    none = registry(command, folder / "two.json")
    one = registry(command, folder / "two.json", "--id", "other")
    wrong = registry(command, folder / "two.json", "--id", "third")

    assert (none.exit_code, wrong.exit_code) == (2, 2)
    assert "invented-1" in none.stderr
    assert "other" in none.stderr
    assert one.exit_code in (0, 1)
    assert one.stderr == ""


@pytest.mark.parametrize("name", ["page.txt", "ctgov.json", "draft.yaml"])
def test_an_id_of_another_trial_is_refused(folder, name):
    """Also where the file holds only one, be it a record or a draft."""
    right = registry("write", folder / name, "--id", "99-001")
    wrong = registry("write", folder / name, "--id", "NCT00000000")

    assert right.exit_code == 0
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "NCT99999999" in wrong.stderr


def test_a_shipped_protocol_is_held_to_its_id_too():
    """By any of its numbers, in any case."""
    assert registry("write", "NCT03959891", "--id", "nci-2019-03872").exit_code == 0
    assert registry("lint", "NCT03959891", "--id", "NCT00000001").exit_code == 2


def test_the_limits_of_a_record_are_listed_with_their_words(folder):
    """One line each, in the order of the record."""
    done = registry("rules", folder / "page.txt")

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "I01  hemoglobin >= 9 g/dL  [Hemoglobin >= 9 g/dL]",
        "I02  hba1c < 7 (no unit stated)  [HbA1c < 7]",
        "E01  qtcf > 470 ms  [QTcF > 470 ms]",
    ]


def test_the_limits_of_a_record_are_listed_for_machines(folder):
    """One JSON object a line, with criterion, place, words and span."""
    done = registry("rules", folder / "page.txt", "--json")
    first = json.loads(done.stdout.splitlines()[0])

    assert len(done.stdout.splitlines()) == 3
    assert first["criterion"] == "I01"
    assert first["place"].startswith("inclusion bullet 1")
    assert (first["kind"], first["fact"], first["unit"]) == ("limit", "hemoglobin", "g/dL")
    assert (first["start"], first["end"]) == (0, 20)
    assert float(first["at_least"]) == 9


def test_words_over_several_lines_are_listed_on_one(folder):
    """A wrapped criterion does not break the list."""
    wrapped = "Inclusion Criteria:\n\n* Hemoglobin\n  \\>= 9\n  g/dL\n"
    record = changed(CTGOV, "protocolSection.eligibilityModule.eligibilityCriteria", wrapped)
    (folder / "wrapped.json").write_text(text_of(record), encoding="utf-8")

    done = registry("rules", folder / "wrapped.json")

    assert len(done.stdout.splitlines()) == 1
    assert "hemoglobin >= 9 g/dL" in done.stdout


def test_findings_are_told_and_counted(folder):
    """Exit status 1 when something is to settle."""
    done = registry("lint", folder / "page.txt")

    assert done.exit_code == 1
    assert "I02: missing unit: 'HbA1c < 7' gives no unit." in done.stdout
    assert done.stdout.splitlines()[-1] == f"{len(done.stdout.splitlines()) - 1} to settle"


def test_nothing_found_is_said_so(folder):
    """Exit status 0."""
    file = folder / "clean.txt"
    file.write_text(page_of("Age >= 18 years"), encoding="utf-8")

    done = registry("lint", file)

    assert (done.exit_code, done.stdout) == (0, "nothing found\n")
    assert registry("lint", file, "--json").stdout == ""


def test_findings_for_machines_are_objects(folder):
    """One a line, no count."""
    done = registry("lint", folder / "page.txt", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.exit_code == 1
    assert all(set(each) == {"rule", "where", "says", "do"} for each in found)
    assert ("missing unit", "I02") in [(each["rule"], each["where"]) for each in found]


@pytest.mark.parametrize("name", [*RECORDS, "draft.yaml"])
def test_every_shape_and_a_draft_are_linted(folder, name):
    """A record, packed or not, and the draft of one."""
    done = registry("lint", folder / name)

    assert done.exit_code in (0, 1)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        *(("page.txt", shape) for shape in WRITERS),
        *(("draft.yaml", shape) for shape in WRITERS),
        *(("ctgov.json", shape) for shape in WRITERS if shape != "ctgov"),
    ],
)
def test_every_shape_is_written_from_records_and_drafts(folder, name, shape):
    """To standard output as to a file, with the trial's title in it."""
    printed = registry("write", folder / name, "--as", shape)
    written = registry("write", folder / name, "--as", shape, "-o", folder / "new")

    assert printed.exit_code == 0, printed.stderr
    assert written.stdout == f"{shape} written to {folder / 'new'}\n"
    assert (folder / "new").read_text(encoding="utf-8") == printed.stdout
    assert "Invented Disease" in printed.stdout


def test_a_record_of_the_registry_is_written_for_it_again(folder):
    """ClinicalTrials.gov's own record, with its central contact."""
    done = registry("write", folder / "ctgov.json", "--as", "ctgov")

    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("shape", ["page", "ctgov", "fhir"])
def test_what_is_written_is_read_again(folder, shape):
    """With the same criteria, and the same limits in them."""
    file = folder / "again"
    registry("write", folder / "page.txt", "--as", shape, "-o", file)

    again = read_record(file.read_text(encoding="utf-8"), "again")

    assert [each.source_text for each in again.criteria] == [
        "Hemoglobin >= 9 g/dL",
        "HbA1c < 7",
        "QTcF > 470 ms",
    ]
    assert registry("rules", file).stdout == registry("rules", folder / "page.txt").stdout


def test_a_study_of_usdm_is_read_by_those_that_take_any_record(folder):
    """`lint` and `write`; `read` says which shapes it takes."""
    file = folder / "usdm.json"
    registry("write", folder / "page.txt", "--as", "usdm", "-o", file)

    again = record_named(str(file))

    assert again == read_usdm(file.read_text(encoding="utf-8"), "usdm.json")
    assert registry("lint", file).exit_code == 1
    assert registry("read", file).exit_code == 2
    assert registry("write", file, "--id", "another").exit_code == 2


def test_an_unreviewed_draft_is_published_and_not_run(folder):
    """Its words are its record; as a protocol it is refused until somebody has decided."""
    file = folder / "whole.yaml"
    file.write_text(finished(draft_of("Hemoglobin >= 9 g/dL", whole=True)), encoding="utf-8")

    written = registry("write", file)
    checked = CliRunner().invoke(main, ["protocol", "check", str(file)])
    compared = registry("compare", folder / "page.txt", file)

    assert written.exit_code == 0
    assert "Hemoglobin >= 9 g/dL" in written.stdout
    assert (checked.exit_code, compared.exit_code) == (2, 2)
    assert "nobody reviewed" in checked.stderr
    assert "nobody reviewed" in compared.stderr


def test_a_record_is_compared_with_a_protocol(folder):
    """In sentences, agreements first."""
    done = registry("compare", folder / "page.txt", "NCT03959891")

    assert done.exit_code == 0
    assert "The same on the page and in the protocol" in done.stdout
    assert "NCT99999999" in done.stdout


@pytest.mark.parametrize("options", [("--ledger", "."), ("--as-of", "2099-01-31")])
def test_a_ledger_and_its_day_are_given_together(folder, options):
    """One without the other is a misunderstanding."""
    done = registry("write", folder / "page.txt", *options)

    assert done.exit_code == 2
    assert "given together" in done.stderr


def test_an_unknown_shape_is_refused(folder):
    """With the names of those there are."""
    done = registry("write", folder / "page.txt", "--as", "pdf")

    assert done.exit_code == 2
    assert "usdm" in done.stderr


HOSTILE = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "binary.txt": bytes(range(256)),
    "nul.txt": b"Trial Status: Active\x00",
    "latin.txt": "Trial Status: Größe".encode("latin-1"),
    "no-page.txt": b"Dear colleague,\nsee you tomorrow.\n",
    "list.json": b"[1]",
    "empty.json": b"{}",
    "cut.json": text_of(CTGOV)[:300].encode(),
    "nan.json": b'{"protocolSection": NaN}',
    "twice.json": b'{"protocolSection": {}, "protocolSection": {}}',
    "wrong.json": b'{"protocolSection": 3}',
    "deep.json": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "patient.json": b'{"resourceType": "Patient"}',
    "bundle.json": b'{"resourceType": "Bundle", "entry": 3}',
    "usdm.json": b'{"usdmVersion": "4.0"}',
    "usdm-wrong.json": b'{"usdmVersion": 4, "study": {"versions": [{"studyDesigns": [3]}]}}',
    "half.json": b'{"protocolSection": {"identificationModule": {"briefTitle": "\\ud800"}}}',
    "no-gzip.gz": b"hello",
    "cut.gz": gzip.compress(PAGE.encode())[:60],
    "bomb.gz": gzip.compress(b"a" * 30_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(tmp_path, name):
    """By every command, on standard error, with exit status 2 and never a traceback."""
    file = tmp_path / name
    file.write_bytes(HOSTILE[name])

    for command in (
        ("read", file, "-o", tmp_path / "new.yaml"),
        ("rules", file),
        ("lint", file),
        ("lint", file, "--json"),
        ("write", file),
        ("compare", file, "NCT03959891"),
    ):
        done = registry(*command)

        assert (done.exit_code, done.stdout) == (2, ""), command
        assert isinstance(done.exception, SystemExit), command
        assert done.stderr.strip(), command
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a\n",
        b"title: 3\n",
        b"arms: {a: b}\n",
        b"agents: {a: 3}\n",
        b"criteria: 3\n",
        b"criteria: [{id: I01, says: a, rule: {kind: all, of: []}}]\n",
        b"publication: {sex: other}\n",
        b"a: &x 1\nb: *x\n",
        b"a: !!python/object:os.system {}\n",
        b"[" * 40,
        b"title: a\ntitle: b\n",
    ],
)
def test_a_hostile_protocol_file_is_refused_in_a_sentence(tmp_path, content):
    """What is no protocol and no draft of one has no record."""
    file = tmp_path / "wrong.yaml"
    file.write_bytes(content)

    for command in (("lint", file), ("write", file), ("write", file, "--as", "usdm")):
        done = registry(*command)

        assert (done.exit_code, done.stdout) == (2, ""), command
        assert isinstance(done.exception, SystemExit), command
        assert "wrong.yaml" in done.stderr, command


@pytest.mark.parametrize("name", ["gone.yaml", "gone.txt", "NCT00000000", "."])
def test_what_is_not_there_is_refused(tmp_path, name):
    """A file, a protocol that does not ship, a folder."""
    named = tmp_path / name if "." in name else name

    for command in ("lint", "write"):
        done = registry(command, named)

        assert (done.exit_code, done.stdout) == (2, "")
        assert isinstance(done.exception, SystemExit)


def test_a_terminal_is_not_obeyed(folder):
    """Words of a record reach the terminal without signs that it would follow."""
    words = "Platelets 100,000/mm3 \x1b[2J\x1b]0;x\x07 and HbA1c < 7 \u202e"
    record = changed(
        CTGOV, "protocolSection.eligibilityModule.eligibilityCriteria",
        f"Inclusion Criteria:\n\n* {words}\n",
    )  # fmt: skip
    (folder / "escape.json").write_text(text_of(record), encoding="utf-8")

    for command in ("rules", "lint"):
        done = registry(command, folder / "escape.json")

        assert "\x1b" not in done.output
        assert "\u202e" not in done.output
