"""The documentation is under test: everything has its page, and every example runs."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import make_pictures
import pytest
import write_pages
from ruamel.yaml import YAML
from tests.forking import forking_command

from trialwright.eligibility.trees import LEAF_KINDS
from trialwright.escalation.catalogue import CATALOGUE
from trialwright.questions.asking import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES]


def headings(page: str) -> set[str]:
    """Give the headings of a page, code marks left out."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return {line.lstrip("#").strip(" `") for line in text.splitlines() if line.startswith("#")}


def named(nav: object) -> list[str]:
    """Give every page that a navigation names."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in named(part)]  # type: ignore[union-attr]


def test_every_page_is_in_the_navigation():
    """No page is hidden, none is named that is not there, and none twice."""
    settings = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))

    pages = named(settings["nav"])

    assert sorted(pages) == [str(page.relative_to(DOCS)) for page in PAGES]


@pytest.mark.parametrize("part", write_pages.GENERATED, ids=":".join)
def test_every_generated_part_is_what_the_program_says(part: tuple[str, str]):
    """`make pages` would change nothing."""
    stands = write_pages.part_of(*part)

    assert stands == write_pages.GENERATED[part]()


def test_the_picture_is_what_the_program_says():
    """`make pages` would draw the same picture."""
    stands = (ROOT / make_pictures.PICTURE).read_text(encoding="utf-8")

    assert stands == make_pictures.draw()


def test_every_command_has_its_section():
    """Each command that does something is told on the page of the commands."""
    commands = {name for name, _ in write_pages.walk_commands()}

    assert commands <= headings("reference/commands.md")


def test_every_question_has_its_section():
    """Each question that can be asked in JSON is told on the page of the questions."""
    assert set(QUESTIONS) <= headings("reference/questions.md")


def test_every_kind_of_rule_has_its_section():
    """Each leaf and branch of a criterion's tree is told on the page of the kinds."""
    assert {*LEAF_KINDS, "all", "any", "not"} <= headings("reference/criterion-kinds.md")


@pytest.mark.parametrize("row", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_design_has_its_page(row):
    """Each design of the catalogue has the page it names, under its own name."""
    assert row.name in headings(row.page)


def test_every_criterion_that_needs_a_person_is_in_the_readme():
    """The list of criteria that need a person is whole: attested, or with such a part."""
    part = write_pages.part_of("README.md", "attested")

    listed = re.findall(r"^\| ([IE]\d{2}) ", part, re.MULTILINE)

    assert len(listed) == len(set(listed)) == 24


SPACES = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CONSOLE = re.compile(r"<!-- run -->\n```console\n(.*?)```", re.DOTALL)
RUN = [
    pytest.param(example, id=f"{page.relative_to(ROOT)}:{number}")
    for page in TEXTS
    if page.is_file()
    for number, example in enumerate(CONSOLE.findall(page.read_text(encoding="utf-8")), start=1)
]


@pytest.fixture(scope="module")
def around():
    """Give an environment in which `trialwright` is found first, and `python` is this one."""
    with forking_command() as folder:
        path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
        yield {**os.environ, "PATH": path}


@pytest.mark.parametrize("example", RUN)
def test_every_shell_example_gives_what_the_page_shows(example: str, around, tmp_path: Path):
    """A command after `$` prints what stands below it; `...` is anything, white space is one."""
    for command, expected in re.findall(r"^\$ (.*(?:\n> .*)*)\n((?:(?!\$ ).*\n)*)", example, re.M):
        done = subprocess.run(
            ["sh", "-c", command.replace("\n> ", "\n")],
            cwd=tmp_path,
            env=around,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        matches = doctest.OutputChecker().check_output(expected, done.stdout, SPACES)
        assert matches, f"$ {command}\nprinted\n{done.stdout}\nthe page shows\n{expected}"


def test_shell_examples_are_found():
    """The pages have examples marked to be run."""
    assert len(RUN) >= 5


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")],
    ids=lambda page: str(page.relative_to(DOCS)),
)
def test_every_session_in_python_gives_what_the_page_shows(page: Path):
    """Lines after `>>>` print what stands below them."""
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)

    assert found.attempted > 0
    assert found.failed == 0


SCRIPTS = re.compile(r"```python\n((?!>>> ).*?)```", re.DOTALL)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if SCRIPTS.search(page.read_text(encoding="utf-8"))],
    ids=lambda page: str(page.relative_to(DOCS)),
)
def test_every_python_example_runs(page: Path):
    """The examples of a page run from top to bottom; their assertions hold."""
    scripts = SCRIPTS.findall(page.read_text(encoding="utf-8"))

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(scripts)], capture_output=True, text=True
    )

    assert done.stderr == ""
