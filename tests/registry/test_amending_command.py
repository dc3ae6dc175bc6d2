"""`trialwright protocol diff` from the command line, and the files it takes."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.registry.amending_versions import page_of

from trialwright.assembly.amendments import version_of
from trialwright.cli.main import main
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.terms.errors import Refusal


def run(*arguments: object) -> Result:
    """Run the command as people call it."""
    return CliRunner().invoke(main, ["protocol", "diff", *(str(each) for each in arguments)])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Write the older page."""
    file = tmp_path / "old.txt"
    file.write_text(
        page_of(["Platelets >= 100,000/mm3", "Central line (CL)"], ["QTc > 450 ms", "HIV"]),
        encoding="utf-8",
    )
    return file


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """Write the newer page."""
    file = tmp_path / "new.txt"
    file.write_text(
        page_of(
            ["Platelets >= 100 x 10^9/L", "CL", "Measurable disease"],
            ["QTc > 470 ms"],
        ),
        encoding="utf-8",
    )
    return file


def test_what_changes_is_told_section_by_section(old, new):
    """Who flips stands below what changes; wording and the count come last."""
    result = run(old, new)

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "What changes"
    assert lines[1].startswith("* QTc: excluded above 450 ms before, excluded above 470 ms now")
    assert lines[2].startswith("    A participant with QTc above 450 and up to 470 ms was kept out")
    assert "New criteria" in lines
    assert "Removed criteria" in lines
    assert "Wording only" in lines
    assert lines[-1].startswith("3 changes, of which 3 can flip a participant;")


def test_a_version_against_itself_gives_the_count_alone(old):
    """Nothing is told, and the exit status is the same."""
    result = run(old, old)

    assert result.exit_code == 0
    assert result.output == (
        "0 changes, of which 0 can flip a participant; 0 differences of words alone;"
        " 4 criteria the same.\n"
    )


def test_json_holds_the_whole_comparison(old, new):
    """Every part of each change is there."""
    result = json.loads(run("--json", old, new).output)

    assert {"changes", "wording", "same", "not_compared"} == set(result)
    assert result["changes"][0]["effect"] == "looser"
    assert result["changes"][0]["flips"][0]["kind"] == "value"


def test_a_file_that_cannot_be_taken_is_refused(old, tmp_path):
    """Exit status 2, and a sentence."""
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")

    result = run(old, empty)

    assert result.exit_code == 2
    assert "empty.txt" in result.output


@pytest.mark.parametrize("name", ["NCT00000000", "no-such-file.txt"])
def test_a_name_that_is_none_is_refused(old, name):
    """Neither a file nor a shipped protocol."""
    assert run(old, name).exit_code == 2


def test_a_shipped_protocol_a_draft_and_a_packed_page_are_versions(old, tmp_path):
    """Whatever a version is kept as, it is read by its name."""
    packed = tmp_path / "old.txt.gz"
    packed.write_bytes(gzip.compress(old.read_bytes()))
    drafted = tmp_path / "draft.yaml"
    drafted.write_text(draft_yaml(read_page(old.read_text(encoding="utf-8"))), encoding="utf-8")

    shipped = version_of("NCT03959891")
    limits = [
        [each.words for each in version_of(str(file)).limits if each.kind == "limit"]
        for file in (old, packed, drafted)
    ]

    assert len(shipped.criteria) == 35
    assert limits[0] == limits[1] == limits[2]


def test_a_yaml_that_is_no_protocol_is_refused(tmp_path):
    """Every fault of the file is named."""
    file = tmp_path / "list.yaml"
    file.write_text("- one\n- two\n", encoding="utf-8")

    with pytest.raises(Refusal):
        version_of(str(file))


def test_one_trial_of_several_is_named(shared):
    """A bundle of six needs the id; without it the ids are told."""
    bundle = shared / "registry" / "researchstudies-2022-fhir.json"

    named = run(bundle, bundle, "--id-old", "NCT03959891", "--id-new", "NCT03959891")
    unnamed = run(bundle, bundle)

    assert named.exit_code == 0
    assert named.output.startswith("0 changes")
    assert unnamed.exit_code == 2


def test_the_command_stands_in_its_group():
    """People find it beside the other commands on protocols."""
    done = CliRunner().invoke(main, ["protocol", "--help"])

    assert "  diff " in done.stdout


def test_a_study_in_usdm_is_compared_as_it_is_written(tmp_path: Path):
    """The version stands at the end of the file that `registry write` makes."""
    file = tmp_path / "study.json"
    CliRunner().invoke(main, ["registry", "write", "NCT03959891", "--as", "usdm", "-o", str(file)])

    done = run(file, file)

    assert done.exit_code == 0
    assert done.output.startswith("0 changes")


def test_a_protocol_with_a_fault_is_refused_and_not_read_as_a_draft(tmp_path: Path) -> None:
    """As a draft it would lack the rules: each criterion would seem to have changed."""
    text = CliRunner().invoke(main, ["protocol", "show", "NCT03959891", "--yaml"]).stdout
    faulty = tmp_path / "amended.yaml"
    faulty.write_text(text.replace("fact: ecog", "fact: egoc", 1), encoding="utf-8")

    result = run("NCT03959891", faulty)

    assert result.exit_code == 2
    assert "egoc" in result.output
    assert "how it is judged" not in result.output
