"""One invented trial and its accounts for all tests of the pages, and a browser."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from trialwright.assembly import clock
from trialwright.assembly.demo_trial import make_demo_trial
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.serving import Desk, open_desk
from trialwright.assembly.story import CHIEF
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import Delegate
from trialwright.protocol.reading import ReadProtocol
from trialwright.web import starting
from trialwright.web.settings import Door

TODAY = date(2026, 11, 28)
"""The day on which the invented trial is looked at, whatever the clock says."""

NOW = "2026-11-28T09:00:00.000Z"

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of invented accounts


OPENED = date(2026, 6, 26)
"""The day on which the invented trial was opened: 155 days before."""

PEOPLE = (
    *((f"the-{role}", role, "mgh")
      for role in ("coordinator", "investigator", "pharmacist", "operator", "inspector")),
    *((f"the-{role}", role, "all-sites")
      for role in ("principal-investigator", "data-manager", "monitor", "statistician", "sponsor")),
    ("elsewhere", "coordinator", "other"),
)  # fmt: skip
"""Account, role and site of everybody who signs in."""


def opened(folder: Path) -> Desk:
    """Open the trial by a clock that stands on its day."""
    desk = open_desk(folder, "nct03959891")
    return timed(desk, desk.gateway.protocol)


def timed(desk: Desk, read: ReadProtocol) -> Desk:
    """Let a desk go by a protocol, and by a clock that stands on the day of the trial."""
    gateway = Gateway(desk.gateway.store, read, lambda: NOW, "page")
    return replace(desk, gateway=gateway)


def with_second_site(desk: Desk) -> Desk:
    """Give the same trial at two sites."""
    read = desk.gateway.protocol
    other = read.study.sites[0].model_copy(update={"id": "other", "name": "Another Hospital"})
    study = read.study.model_copy(update={"sites": (*read.study.sites, other)})
    return timed(desk, replace(read, study=study))


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
        desk = replace(opened(demo), folder=accounts)
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
def trial(pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Give a copy of the trial that the test may write to, on the day of the trial."""
    from django.conf import settings

    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with tempfile.TemporaryDirectory(prefix="trialwright-web-", dir=memory()) as folder:
        copy = Path(folder) / "trial"
        shutil.copytree(pages.demo, copy)
        desk = opened(copy)
        # What is folded and read once need not be again for each copy: the entries are the same.
        desk.gateway._held = pages.desk.gateway.state()
        desk.held[0] = pages.desk.records()
        monkeypatch.setattr(settings, "DESK", desk)
        yield desk


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
    running.close()
    thread.join(timeout=5)
