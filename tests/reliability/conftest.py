"""What the suites of reliability count, told at the end of a run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ledger.conftest import Bench, set_up


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give an empty ledger on the bench."""
    return set_up(tmp_path)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Give the teller of figures: `tell("what", cases=..., lost=...)` is printed at the end."""

    def told(what: str, **figures: object) -> None:
        """Keep one line of figures."""
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        record_property("figures", f"{what}: {said}")

    return told
