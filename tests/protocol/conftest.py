"""The shipped protocol as text, to be spoiled in one place."""

from pathlib import Path

import pytest

PROTOCOL = Path(__file__).parents[2] / "src/trialwright/shelf/protocols/nct03959891.yaml"


@pytest.fixture(scope="session")
def shipped_text():
    """Give the text of the shipped protocol."""
    return PROTOCOL.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def spoiled(shipped_text):
    """Give a maker of texts in which passages, each standing once or more, are replaced."""

    def make(*changes):
        """Replace the first of each passage."""
        text = shipped_text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        return text

    return make
