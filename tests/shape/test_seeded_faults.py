"""Fourteen faults against the house, each seeded in a copy and refused by the machine that must.

The copy without the fault passes the same machine, so a machine that refuses everything, or looks
at nothing, is found out.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import house
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path("src/trialwright")


def run(checkout: Path, *words: str) -> str:
    """Run a tool in a checkout; give what it says when it refuses, and nothing when it passes."""
    around = {**os.environ, "PYTHONPATH": str(checkout / "src"), "COLUMNS": "200"}
    done = subprocess.run(words, cwd=checkout, env=around, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}"


def floors(checkout: Path) -> str:
    """Ask import-linter who imports whom."""
    return run(checkout, str(Path(sys.executable).parent / "lint-imports"), "--no-cache")


def style(checkout: Path) -> str:
    """Ask ruff."""
    return run(checkout, sys.executable, "-m", "ruff", "check", "--no-cache", "src")


def types(checkout: Path) -> str:
    """Ask mypy about the lowest floor, which takes seconds; CI asks it about all of them."""
    words = ("-m", "mypy", "--cache-dir", os.devnull, "-p", "trialwright.terms")
    return run(checkout, sys.executable, *words)


def shape(rule: Callable[[Path], object]) -> Callable[[Path], str]:
    """Ask one rule of the house."""
    return lambda checkout: "\n".join(rule(checkout))  # type: ignore[call-overload]


@dataclass(frozen=True)
class Fault:
    """A fault, who must refuse it, and the words of the refusal.

    `text` is added at the end of `file`; a file that is not there is made.
    """

    file: str
    text: str
    machine: Callable[[Path], str]
    words: str
    also: tuple[str, ...] = ()


FLOORS = "Each floor stands only on the floors below it"
NO_FILES = "conduct and everything below touch no file"
FAULTS = {
    "upward import": Fault(
        "terms/verdicts.py", "from trialwright.conduct import state\n", floors, FLOORS
    ),
    "sibling import": Fault(
        "safety/dlt.py", "from trialwright.visits import cycles\n", floors, FLOORS
    ),
    "relative import": Fault("visits/checks.py", "from . import windows\n", style, "TID252"),
    "import inside a function": Fault(
        "response/sums.py",
        "def sideways() -> None:\n    from trialwright.safety import dlt\n",
        floors,
        FLOORS,
    ),
    "import under TYPE_CHECKING": Fault(
        "grading/findings.py",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
        "    from trialwright.eligibility import screening\n",
        floors,
        FLOORS,
    ),
    "sqlite3 in conduct": Fault("conduct/deciding.py", "import sqlite3\n", floors, NO_FILES),
    "pandas in a rule": Fault(
        "response/target.py", "def frame() -> None:\n    import pandas\n", floors, NO_FILES
    ),
    "circle in a room": Fault(
        "visits/cycles.py",
        "from trialwright.visits import dosing_days\n",
        floors,
        "No circles inside a room",
    ),
    "web reaching the ledger": Fault(
        "web/audit_pages.py",
        '"""Pages."""\n\nfrom trialwright.ledger import verify\n',
        floors,
        "Only assembly opens the ledger",
        also=("web/__init__.py",),
    ),
    "one design using another": Fault(
        "escalation/designs/boin.py",
        '"""BOIN."""\n\nfrom trialwright.escalation.designs import three_plus_three\n',
        floors,
        "Designs do not know each other",
    ),
    "a new utils.py": Fault(
        "visits/utils.py", '"""Odds and ends."""\n', shape(house.empty_names), "utils.py"
    ),
    "a clock read": Fault(
        "visits/windows.py",
        "from datetime import datetime\n\n\ndef moment() -> datetime:\n"
        '    """Give it."""\n    return datetime.now()\n',
        style,
        "TID251",
    ),
    "a module over 400 lines": Fault(
        "safety/window.py", "# another line\n" * 400, shape(house.long_modules), "safety/window.py"
    ),
    "an unannotated function": Fault(
        "terms/verdicts.py", "def grade(value):\n    return value\n", types, "no-untyped-def"
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the package and its contracts without a fault."""
    checkout = tmp_path_factory.mktemp("house")
    copy(ROOT, checkout)
    return checkout


def copy(source: Path, checkout: Path) -> None:
    """Copy what the machines read."""
    dirt = shutil.ignore_patterns("__pycache__", "shelf")
    shutil.copytree(source / "src", checkout / "src", ignore=dirt)
    shutil.copy(source / "pyproject.toml", checkout)


said_of = cache(lambda machine, checkout: machine(checkout))
"""What a machine says of a checkout that nobody changes."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_refused(name: str, sound: Path, tmp_path: Path):
    """The machine passes the copy, and refuses it once the fault is in."""
    fault = FAULTS[name]
    before = said_of(fault.machine, sound)

    copy(sound, tmp_path)
    for file in (*fault.also, fault.file):
        seeded = tmp_path / PACKAGE / file
        seeded.parent.mkdir(exist_ok=True)
        old = seeded.read_text(encoding="utf-8") if seeded.exists() else ""
        seeded.write_text(old + fault.text, encoding="utf-8")
    after = fault.machine(tmp_path)

    assert before == ""
    assert fault.words in after


def test_there_are_fourteen():
    """None was left out."""
    assert len(FAULTS) == 14
