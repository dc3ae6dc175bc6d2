"""Where the tests find the data folder outside the repository, and the server they share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from tests.servers import postgres_server

settings.register_profile("untimed", settings(), deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path | None:
    """Give the data folder: TRIALWRIGHT_SHARED, else `../shared` beside the checkout."""
    named = os.environ.get("TRIALWRIGHT_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "registry").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the data folder, or skip the test with the reason."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the data folder is not at ../shared nor named by TRIALWRIGHT_SHARED")
    return folder


@pytest.fixture(scope="session")
def postgres():
    """Give the address of a PostgreSQL server of these tests."""
    with postgres_server() as address:
        yield address


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Give the teller of figures: `tell("what", cases=..., lost=...)` is printed at the end."""

    def told(what: str, **figures: object) -> None:
        """Keep one line of figures."""
        said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
        record_property("figures", f"{what}: {said}")

    return told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the suites of reliability counted; it comes from every process of a run."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    lines = [
        str(said)
        for each in reports
        if each.when == "call"
        for name, said in each.user_properties
        if name == "figures"
    ]
    if lines:
        terminalreporter.section("figures")
        terminalreporter.write("".join(f"{line}\n" for line in lines))
