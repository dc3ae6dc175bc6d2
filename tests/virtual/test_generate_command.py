"""`trialwright generate`: what is asked, what is said, what is refused."""

import sys

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main

ASKED = ("--patients", "20", "--seed", "4", "--screening", "2026-03-02")


def generate(*words):
    """Run the command."""
    return CliRunner().invoke(main, ["generate", *map(str, words)])


@pytest.mark.parametrize("form", ["omop", "fhir", "csv", "ndjson"])
def test_each_format_is_written(tmp_path, form):
    """The sentence says how many, of which seed, and where."""
    done = generate(*ASKED, "--out", tmp_path / "new", "--format", form)

    assert done.exit_code == 0, done.output
    assert f"20 patients of seed 4 written to {tmp_path / 'new'}" in done.output
    assert (tmp_path / "new").exists()


def test_a_path_that_is_there_is_refused(tmp_path):
    """Exit status 2, with what to do."""
    done = generate(*ASKED, "--out", tmp_path, "--format", "omop")

    assert done.exit_code == 2
    assert "is there already. Allowed: a new path. Choose another name." in done.stderr


@pytest.mark.parametrize("left_out", ["--patients", "--seed", "--screening"])
def test_nothing_is_assumed(tmp_path, left_out):
    """Number, seed and screening day are asked for; the clock is not."""
    place = ASKED.index(left_out)
    words = ASKED[:place] + ASKED[place + 2 :]

    done = generate(*words, "--out", tmp_path / "new", "--format", "csv")

    assert done.exit_code == 2
    assert left_out in done.stderr


def test_what_is_not_installed_is_named(tmp_path, monkeypatch):
    """PyArrow comes with an extra; without it the command says which, and how to install it."""
    monkeypatch.delitem(sys.modules, "trialwright.assembly.generating", raising=False)
    for name in [each for each in sys.modules if each.startswith("trialwright.virtual.omop")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    done = generate(*ASKED, "--out", tmp_path / "new", "--format", "csv")

    assert done.exit_code == 2
    assert "pip install 'trialwright[hospital]'" in done.stderr
    assert not (tmp_path / "new").exists()
