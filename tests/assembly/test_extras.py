"""Whoever misses a package is told the extra that brings it."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from trialwright.assembly.extras import EXTRA_OF, missing_extra

ROOT = Path(__file__).resolve().parents[2]
IMPORTED_AS = {
    "argon2-cffi": "argon2", "django-allauth": "allauth", "django-axes": "axes",
    "django-csp": "csp", "django-htmx": "django_htmx", "ibis-framework": "ibis",
    "python-docx": "docx", "pyyaml": "yaml", "ruamel.yaml": "ruamel",
}  # fmt: skip
"""Where a package is imported by another name than it is installed by."""
PINNED = {"pydantic_core": "pydantic"}
"""Parts that a package pins for itself."""


def _imported_by(requirements: list[str]) -> set[str]:
    """Give the names by which packages are imported."""
    names = (re.match(r"[\w.-]+", each)[0].lower() for each in requirements)
    return {IMPORTED_AS.get(name, name) for name in names}


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _third_parties() -> set[str]:
    """Give what the sources import that is neither Python's nor their own."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.partition(".")[0])
    return {PINNED.get(each, each) for each in found - sys.stdlib_module_names} - {"trialwright"}


def test_each_package_that_is_imported_is_installed_always_or_by_an_extra():
    """A dependency of a dependency does not count: it may go."""
    assert _third_parties() <= _imported_by(_project()["dependencies"]) | set(EXTRA_OF)


def test_the_table_is_what_the_extras_bring():
    """But for what only tests and documentation need."""
    extras = _project()["optional-dependencies"]
    told = {
        extra: {name for name, of in EXTRA_OF.items() if of == extra}
        for extra in dict.fromkeys(EXTRA_OF.values())
    }
    brought = {extra: _imported_by(extras[extra]) - {"trialwright"} for extra in told}
    assert brought.pop("spark") == told.pop("spark") | {"ibis"}
    assert told == brought


def test_a_missing_package_is_told_with_the_command_that_brings_it():
    """By pip, and at locked versions in a copy of the repository."""
    told = str(missing_extra(ModuleNotFoundError("no", name="matplotlib.figure")))

    assert "the package matplotlib is not installed" in told
    assert "pip install 'trialwright[reports]'" in told
    assert "sh setup.sh install web" in told


@pytest.mark.parametrize("name", ["trialwright.lost", "nothing", None])
def test_what_no_extra_brings_is_not_excused(name):
    """A module of our own that is missing is a fault of the software."""
    assert missing_extra(ModuleNotFoundError("no", name=name)) is None
