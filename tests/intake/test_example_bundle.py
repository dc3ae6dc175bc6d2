"""The example bundle that ships with the package is what its generator makes."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "src" / "trialwright" / "shelf" / "patients" / "example-participant.json"


def generator():
    """Load the generator, which stands outside the package."""
    spec = importlib.util.spec_from_file_location(
        "make_example_bundle", ROOT / "tools" / "make_example_bundle.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_equals_what_the_generator_makes():
    """Nobody edits the example by hand."""
    assert EXAMPLE.read_text(encoding="utf-8") == generator().text()


def test_every_resource_is_tagged_as_test_data():
    """HTEST on each: an export of it cannot be taken for a person's record."""
    resources = [entry["resource"] for entry in generator().bundle()["entry"]]
    tags = {each["meta"]["tag"][0]["code"] for each in resources}

    assert tags == {"HTEST"}
    assert 30 <= len(resources) <= 45


def test_every_resource_has_its_own_id():
    """Ids repeat from run to run and never inside the bundle."""
    entries = generator().bundle()["entry"]

    assert len({entry["fullUrl"] for entry in entries}) == len(entries)
    assert entries == generator().bundle()["entry"]
