"""The house stands: sizes, names and words that no linter watches."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import house
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "rule",
    [
        house.long_modules,
        house.empty_names,
        house.silent_rooms,
        house.undocumented,
        house.named_hosts,
        house.unguarded_rooms,
        house.reaching_calls,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_house_keeps_its_rules(rule: Callable[[Path], Iterator[str]]):
    """No module, name, docstring or file breaks the rule."""
    broken = list(rule(ROOT))

    assert broken == []


def test_the_rules_look_at_something():
    """The package is where the rules look."""
    found = list(house.modules(ROOT))

    assert len(found) > 50


@pytest.mark.parametrize(
    ("name", "text", "rule", "fault"),
    [
        ("calm.py", '"""A."""\n' + "x = 1\n" * 400, "long_modules", "401 lines"),
        ("dose_utils.py", '"""A."""\n', "empty_names", "dose_utils"),
        ("silent.py", "x = 1\n", "silent_rooms", "silent.py"),
        ("bare.py", 'def dose() -> int:\n    """Give."""\n', "undocumented", "no section Returns"),
        ("mute.py", "def dose() -> None: ...\n", "undocumented", "no docstring"),
        (
            "untold.py",
            'def dose(arm: str) -> None:\n    """Give it."""\n',
            "undocumented",
            "does not describe arm",
        ),
        (
            "vague.py",
            'class Dose:\n    """Amount.\n\n    Attributes\n    ----------\n    mg\n        One.\n'
            '    """\n\n    mg: int\n',
            "undocumented",
            "does not describe mg",
        ),
        ("host.txt", "an index at pypi" + ".org\n", "named_hosts", "host.txt:1"),
    ],
)
def test_each_rule_finds_its_fault(tmp_path: Path, name, text, rule, fault):
    """A rule that finds nothing in a good house finds the fault in a bad one."""
    room = tmp_path / "src" / "trialwright"
    room.mkdir(parents=True)
    (room / "__init__.py").write_text('"""A house."""\n')
    before = list(getattr(house, rule)(tmp_path))

    (room / name).write_text(text)
    after = list(getattr(house, rule)(tmp_path))

    assert before == []
    assert len(after) == 1
    assert fault in after[0]


@pytest.mark.parametrize("text", ['found = open("labs.csv")\n', 'found = __import__("sqlite3")\n'])
def test_a_rule_that_reaches_out_without_an_import_is_found(tmp_path: Path, text: str):
    """A built-in call opens files and modules that no contract on imports sees."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    room = tmp_path / "src" / "trialwright" / "safety"
    room.mkdir(parents=True)
    before = list(house.reaching_calls(tmp_path))

    (room / "dlt.py").write_text(text)
    after = list(house.reaching_calls(tmp_path))

    assert before == []
    assert len(after) == 1


def test_a_new_room_of_rules_must_be_guarded(tmp_path: Path):
    """A room that gets a floor and no guard is named."""
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "src" / "trialwright" / "safety").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(contracts, encoding="utf-8")
    before = list(house.unguarded_rooms(tmp_path))

    unguarded = contracts.replace('  "trialwright.safety",\n', "")
    (tmp_path / "pyproject.toml").write_text(unguarded, encoding="utf-8")

    assert before == []
    assert len(list(house.unguarded_rooms(tmp_path))) == 1
