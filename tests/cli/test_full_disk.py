"""What a command says when nothing more can be written, and what it leaves."""

import resource
import subprocess
import sys

import pytest

MOST = 400_000
"""Bytes that a file may take here: less than any of the populations below."""


def limited():
    """Let no file grow larger."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, MOST))


def run(*arguments):
    """Run a command whose files are limited."""
    return subprocess.run(
        [sys.executable, "-m", "trialwright", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
    )


@pytest.mark.parametrize(
    ("form", "name"), [("csv", "facts.csv"), ("ndjson", "export"), ("omop", "people.duckdb")]
)
def test_a_population_that_finds_no_room_is_told_and_leaves_nothing(form, name, tmp_path):
    """Also where the database fails only when it is put in order at its end."""
    asked = ["--patients", 300, "--seed", 7, "--screening", "2026-03-02", "--format", form]

    done = run("generate", *asked, "--out", tmp_path / name)

    assert done.returncode == 2, done.stdout
    assert "Make room, or name another place, and run it again." in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
