"""The reference page of grading, held to the code."""

import re
from pathlib import Path

import pytest

from trialwright.grading.context import FACTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "grading.md"


@pytest.fixture(scope="module")
def page():
    """Give the text of the page."""
    return PAGE.read_text(encoding="utf-8")


def test_the_examples_of_the_page_run(page, capsys):
    """What a reader copies works as written."""
    for example in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102

    assert "is grade 2" in capsys.readouterr().out


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_has_its_line(page, fact):
    """A fact that criteria ask for is explained."""
    assert f"`{fact}`" in page
