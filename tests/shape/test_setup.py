"""Setting up says in one sentence what is missing, and the README's commands are the real ones."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give what setting up reads, in a folder with a space in its name and without `.venv`."""
    folder = tmp_path / "a copy"
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def command(folder: Path, name: str, text: str) -> Path:
    """Write a command that stands before others of its name."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def run_setup(copy: Path, *words: str, **around: str) -> subprocess.CompletedProcess[str]:
    """Run setup.sh from another folder, with the copy's own commands first."""
    path = f"{copy / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", str(copy / "setup.sh"), *words],
        cwd=copy.parent,
        env={**os.environ, "PATH": path, **around},
        capture_output=True,
        text=True,
    )


def test_an_old_python_is_refused_with_its_version(copy: Path):
    """Python 3.9 named by hand is told that 3.11 is needed, and nothing is made."""
    old = command(copy, "old", '[ "$1" = --version ] && echo Python 3.9.2; [ "$1" = --version ]')

    done = run_setup(copy, "demo", PYTHON=str(old))

    assert done.returncode == 2
    assert "is Python 3.9.2; Python 3.11 or newer is needed" in done.stderr
    assert not (copy / ".venv").exists()


def test_a_python_that_is_not_there_is_named(copy: Path):
    """A wrong PYTHON= is an error of its own, not a search for another."""
    done = run_setup(copy, "demo", PYTHON="/nowhere/python")

    assert done.returncode == 2
    assert "PYTHON=/nowhere/python is no command" in done.stderr


def test_without_venv_and_without_root_the_command_for_root_is_told(copy: Path):
    """Who is not root is told what root must install."""
    bare = command(
        copy, "bare", f'case "$*" in *ensurepip*) exit 1 ;; *) exec "{sys.executable}" "$@" ;; esac'
    )
    command(copy, "id", "echo 1000")

    done = run_setup(copy, "demo", PYTHON=str(bare))

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 2
    assert f"run 'apt-get install python{version}-venv' as root" in done.stderr


def test_a_word_that_is_none_shows_the_words(copy: Path):
    """Setting up explains itself."""
    done = run_setup(copy, "dmeo")

    assert done.returncode == 2
    assert "sh setup.sh demo" in done.stderr
    assert "sh setup.sh test" in done.stderr


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_names_one_command_for_each(name: str):
    """The README's fenced command after its marker is one line that setup.sh knows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    found = re.findall(rf"<!-- command: {name} -->\n```sh\n(.*?)```", readme, re.DOTALL)

    assert found == [f"sh setup.sh {name}\n"]


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.stem
)
def test_every_lock_pins_versions_by_digest(lock: Path):
    """Each package has one exact version and digests; no index is named."""
    text = lock.read_text(encoding="utf-8")

    entries = [line for line in text.splitlines() if line and line[0] not in "# "]

    assert len(entries) >= 5
    assert all(
        re.match(r"[a-z0-9._-]+(\[[a-z0-9,. _-]+\])?==\S+ .*\\$", entry) for entry in entries
    )
    assert text.count("--hash=sha256:") >= len(entries)
    assert "://" not in text
