"""The how-to page on registry pages."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "read-a-registry-page.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_run(example):
    """Each Python example is run as it stands; its assertions hold."""
    exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102  # our own page
