"""One invented trial and its accounts for all tests of the pages, and a browser."""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from tests.conduct.central_story import reviewed
from tests.servers import fresh_database
from tests.web.invented import (
    OPENED,
    PASSWORD,
    PEOPLE,
    TODAY,
    noon_of,
    on_its_day,
    timed,
    with_second_site,
)

from trialwright.assembly import clock, ledgers
from trialwright.assembly.demo_trial import make_demo_trial
from trialwright.assembly.serving import Desk
from trialwright.assembly.story import CHIEF
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import Delegate
from trialwright.conduct.happenings import Recorded
from trialwright.web import starting
from trialwright.web.settings import Door


@dataclass(frozen=True)
class Pages:
    """The pages of the invented trial."""

    demo: Path
    desk: Desk


def memory() -> str | None:
    """Give a folder in memory: hundreds of entries are each written to the disk for good."""
    there = Path("/dev/shm")  # noqa: S108 - a fresh folder is made in it
    return str(there) if there.is_dir() else None


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    """Make the trial once, open it, and make one account for each role."""
    with tempfile.TemporaryDirectory(prefix="trialwright-web-", dir=memory()) as folder:
        demo = Path(folder) / "demo"
        make_demo_trial(demo, TODAY)
        accounts = Path(folder) / "accounts"
        desk = replace(on_its_day(demo), folder=accounts)
        accounts.mkdir()
        starting.prepare(desk, Door((*Door().hosts, "testserver")))
        from trialwright.web.accounts import make_account
        from trialwright.web.roles import kind_of

        both = with_second_site(desk)
        for account, role, site in PEOPLE:
            make_account(account, PASSWORD, kind_of(role))
            if kind_of(role) == "person":
                tasks = tuple(sorted(tasks_of(role)))
                act = Delegate(account, account, role, site, tasks, OPENED, None, OPENED, OPENED)
                both.gateway.execute(act, CHIEF)
        yield Pages(demo, desk)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Say where the ledger of the trial lies; a test of both databases is given the word."""
    return str(getattr(request, "param", "sqlite"))


@dataclass(frozen=True)
class InPostgres:
    """The ledger of the invented trial in PostgreSQL: its address, and the folder of its keys."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def in_postgres(pages: Pages, postgres: str) -> Iterator[InPostgres]:
    """Write the entries of the trial to a database once, each by whom and when it was entered."""
    with (
        tempfile.TemporaryDirectory(prefix="trialwright-web-", dir=memory()) as name,
        fresh_database(postgres) as address,
    ):
        folder = Path(name) / "trial"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", address)
            store = ledgers.make(folder)
        for key, group in groupby(pages.desk.records(), key=_envelope):
            with store.transaction(pages.desk.gateway.trial) as chain:
                chain.append([each.happening for each in group], **dict(key))
        yield InPostgres(address, folder)


def _envelope(record: Recorded) -> tuple[tuple[str, Any], ...]:
    """Give what was recorded around a happening."""
    names = ("actor", "role", "site", "source", "protocol", "software", "entered_at")
    return tuple((name, getattr(record, name)) for name in names)


@contextmanager
def place_of(database: str, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give a folder whose ledger may be written to: with a file, or by `DATABASE_URL`."""
    with tempfile.TemporaryDirectory(prefix="trialwright-web-", dir=memory()) as name:
        copy = Path(name) / "trial"
        if database == "sqlite":
            shutil.copytree(request.getfixturevalue("pages").demo, copy)
            yield copy
            return
        model = request.getfixturevalue("in_postgres")
        shutil.copytree(model.folder, copy)
        with (
            fresh_database(request.getfixturevalue("postgres"), model.address) as address,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setenv("DATABASE_URL", address)
            yield copy


@pytest.fixture
def trial(
    pages: Pages, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Give a copy of the trial that the test may write to, on the day of the trial."""
    from django.conf import settings

    monkeypatch.setattr(clock, "now", lambda: noon_of(TODAY))
    with place_of(database, request) as copy:
        desk = replace(on_its_day(copy), kept=pages.desk.kept)
        # What is folded and read once need not be again for each copy: the entries are the same.
        desk.gateway._held = pages.desk.gateway.state()
        desk.held[0] = pages.desk.records()
        monkeypatch.setattr(settings, "DESK", desk)
        yield desk


@pytest.fixture
def central(trial: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give the invented trial under a protocol with two readers."""
    from django.conf import settings

    read = trial.gateway.protocol
    gateway = timed(trial, replace(read, study=reviewed(read.study))).gateway
    monkeypatch.setattr(settings, "DESK", replace(trial, gateway=gateway))
    return trial


@pytest.fixture
def signed_in(trial: Desk) -> Callable[[str], object]:
    """Give a client that is signed in under a role."""
    from django.contrib.auth.models import User
    from django.test import Client

    def client(role: str, account: str = "") -> Client:
        """Sign in without the form, which has tests of its own."""
        made = Client()
        user = User.objects.get(username=account or f"the-{role}")
        made.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


@pytest.fixture
def token(trial: Desk) -> Callable[..., object]:
    """Give a program with the token of an account."""
    from django.contrib.auth.models import User
    from django.test import Client

    from trialwright.web.tokens import make_token

    def program(role: str, account: str = "") -> Client:
        """Make a token and a program that sends it."""
        user = User.objects.get(username=account or f"the-{role}")
        secret = make_token(user, "api", "a test", 1)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return program


@pytest.fixture
def server(trial: Desk) -> Iterator[str]:
    """Serve the trial on a free port, and give its address."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    running = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.effective_port}"

    def end() -> None:
        for channel in list(running.active_channels.values()):
            channel.handle_close()
        running.close()

    running.trigger.pull_trigger(end)  # in its own thread: nothing closes that it waits for
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start chromium, which setup.sh installs; a test without it fails, and says so."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    assert found, "chromium is missing: sh setup.sh install test, or apt-get install chromium"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the test and the browser share a thread
    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(
    browser: Any, server: str, signed_in: Callable[..., Any]
) -> Iterator[Callable[..., Any]]:
    """Give a page of the browser that is signed in under a role."""
    contexts = []

    def page(
        role: str = "", width: int = 1440, theme: str = "light", account: str = "", **more: Any
    ) -> Any:
        """Open one."""
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, base_url=server, **more
        )
        contexts.append(context)
        if role or account:
            session = signed_in(role, account).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": server}])
        return context.new_page()

    yield page
    for context in contexts:
        context.close()
