"""Records that people name are read by the ending of their file."""

import gzip
import json

import pytest

from trialwright.assembly import shelf
from trialwright.assembly.protocols import shipped
from trialwright.assembly.records_in import read_example, read_named
from trialwright.terms.errors import Refusal


@pytest.fixture(scope="module")
def study():
    """Give the protocol that ships."""
    return shipped("nct03959891").study


@pytest.mark.parametrize("name", ["her.json", "her.json.gz", "her.ndjson", "her.jsonl.gz"])
def test_a_bundle_and_its_lines_say_the_same(study, tmp_path, name):
    """Compressed or not."""
    bundle = json.loads(shelf.content("patients", "example-participant.json"))
    text = json.dumps(bundle)
    if "ndjson" in name or "jsonl" in name:
        text = "\n".join(json.dumps(each["resource"]) for each in bundle["entry"])
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    found = read_named(path, study, "P-001")

    assert found.casebook.treatments != ()
    assert found.casebook == read_example(study, "P-001").casebook


@pytest.fixture
def export(tmp_path):
    """Give the folder of an export: the example by kind of resource, among others."""
    bundle = json.loads(shelf.content("patients", "example-participant.json"))
    folder = tmp_path / "export"
    folder.mkdir()
    for entry in bundle["entry"]:
        resource = entry["resource"]
        with (folder / f"{resource['resourceType']}.000.ndjson").open("a") as file:
            file.write(json.dumps(resource) + "\n")
    with (folder / "Patient.001.ndjson").open("w") as file:
        file.write(json.dumps({"resourceType": "Patient", "id": "2"}) + "\n")
    (folder / "manifest.json").write_text("{}")
    (folder / ".hidden").write_text("x")
    return folder


def hers():
    """Give the id of the example's Patient."""
    bundle = json.loads(shelf.content("patients", "example-participant.json"))
    return next(
        each["resource"]["id"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "Patient"
    )


def test_a_folder_is_an_export(study, export):
    """Compressed files among them; the manifest and hidden files hold no records."""
    plain = export / "Observation.000.ndjson"
    (export / "Observation.000.ndjson.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    found = read_named(export, study, "P-001", hers())

    example = read_example(study, "P-001")
    assert found.read == example.read
    assert found.casebook.born == example.casebook.born
    assert set(found.casebook.treatments) == set(example.casebook.treatments)
    assert set(found.casebook.conditions) == set(example.casebook.conditions)
    assert found.questions == ()
    assert found.ignored["Patient: another patient's"] == 1


@pytest.mark.parametrize("name", ["more.zip", "bundle.json", "old"])
def test_what_is_not_read_beside_an_export_is_a_question(study, export, name):
    """Nothing is then known to be absent."""
    (export / name).mkdir() if name == "old" else (export / name).write_bytes(b"PK")

    found = read_named(export, study, "P-001", hers())

    (asked,) = found.questions
    assert str(asked).startswith(f"{name}: is not read")
    assert found.casebook.unsettled >= set(study.terms)


def test_a_folder_needs_the_one_meant_and_files(study, export, tmp_path):
    """Else it is refused before anything is read."""
    for folder, patient, says in (
        (export, "", "patient: not named"),
        (tmp_path, "1", "records: a folder without .ndjson files"),
        (export, "3", "patient: no Patient of that id"),
    ):
        with pytest.raises(Refusal, match=says):
            read_named(folder, study, "P-001", patient)


def test_a_file_of_several_patients_needs_the_one_meant(study, tmp_path, export):
    """By its id, as a folder does."""
    path = tmp_path / "all.ndjson"
    path.write_bytes(b"".join(each.read_bytes() for each in sorted(export.glob("*.ndjson"))))

    with pytest.raises(Refusal, match="2 patients in the bundle"):
        read_named(path, study, "P-001")
    assert read_named(path, study, "P-001", hers()).casebook.sex == "female"
