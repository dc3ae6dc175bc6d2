"""`trialwright protocol`: show, check, schema."""

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from trialwright.assembly import shelf
from trialwright.assembly.protocols import shipped
from trialwright.cli.main import main
from trialwright.protocol.reading import read_study


def protocol(*arguments):
    """Run a command on protocols."""
    return CliRunner().invoke(main, ["protocol", *arguments])


@pytest.mark.parametrize("form", ["--json", "--yaml"])
def test_what_is_shown_reads_back_as_the_same_study(form, tmp_path):
    """JSON and YAML: through a file, without a fault, equal to what ships."""
    done = protocol("show", "nct03959891", form)
    file = tmp_path / "copy.yaml"
    file.write_text(done.stdout, encoding="utf-8")

    assert read_study(done.stdout).study == shipped("nct03959891").study
    assert protocol("check", str(file)).exit_code == 0


def test_the_json_is_what_the_schema_says():
    """Numbers are numbers."""
    described = json.loads(protocol("schema").stdout)

    shown = json.loads(protocol("show", "nct03959891", "--json").stdout)

    assert list(Draft202012Validator(described).iter_errors(shown)) == []


def test_a_protocol_is_told_for_people():
    """Arms with their days and the label of what is illustrative; all 35 criteria."""
    told = protocol("show", "NCT03959891").stdout

    assert "Palbociclib PO once daily on days 8-28" in told
    assert "200, 300, 400 mg [illustrative, not from the registry]" in told
    for criterion in shipped("nct03959891").study.criteria:
        assert f"  {criterion.id} {criterion.says}" in told


def test_a_protocol_without_fault_is_said_to_be_so():
    """With what was checked."""
    done = protocol("check", "nct03959891")

    assert done.exit_code == 0
    assert "no fault; 35 criteria" in done.stdout


def test_every_fault_is_told_with_its_line(tmp_path):
    """Three faults in three places, each on one line that an editor can follow."""
    file = tmp_path / "wrong.yaml"
    text = shelf.text("protocols", "nct03959891.yaml")
    for old, new in (
        ("phase: Ib", "phase: IX"),
        ("cycle_days: 28", "cycle_days: many"),
        ("    says: Fulvestrant and ipatasertib", "    says: 5"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")

    done = protocol("check", str(file))

    assert done.exit_code == 2
    lines = text.splitlines()
    for wrong in ("phase: IX", "cycle_days: many", "    says: 5"):
        assert f"wrong.yaml:{lines.index(wrong) + 1}: " in done.stderr
