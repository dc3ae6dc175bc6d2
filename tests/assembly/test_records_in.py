"""Records that people name are read by the ending of their file."""

import gzip
import json

import pytest

from trialwright.assembly import shelf
from trialwright.assembly.protocols import shipped
from trialwright.assembly.records_in import read_example, read_file


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
    found = read_file(path, study, "P-001")

    assert found.casebook.treatments != ()
    assert found.casebook == read_example(study, "P-001").casebook
