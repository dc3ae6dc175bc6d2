"""Racers for the last places of a cohort, by the form of the page, on two server processes."""

import http.client
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Barrier
from urllib.parse import urlencode

import pytest
from tests.assembly.conftest import CHIEF
from tests.assembly.slot_racing import DAY, RACERS
from tests.conftest import ROOT
from tests.reliability.race_server import ARMS, PASSWORD, RACER, open_race
from tests.servers import fresh_database
from tests.sizes import sized

from trialwright.assembly.demo_trial import OPERATOR
from trialwright.assembly.gateway import Step
from trialwright.conduct.acts import Consent, OpenTrial, Register
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import Delegate
from trialwright.conduct.roles import Actor

COHORTS = sized(full=1008, default=24)
"""In ledgers of at most 126 each."""

PLACES = 3


class Browser:
    """Keeps the cookies of one racer, who is signed in."""

    def __init__(self, port: int) -> None:
        self._at = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.ask("GET", "/account/sign-in/")
        entered = {"login": RACER, "password": PASSWORD}
        assert self.ask("POST", "/account/sign-in/", entered) == 302

    def close(self) -> None:
        """Hang up."""
        self._at.close()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        """Ask for a page, or send a form, and give the status."""
        fields = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **(form or {})}
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._at.request(method, path, urlencode(fields) if form else None, headers)
        answer = self._at.getresponse()
        answer.read()
        for each in answer.msg.get_all("Set-Cookie", []):
            self._cookies |= {name: held.value for name, held in SimpleCookie(each).items()}
        return answer.status


@contextmanager
def server(folder, variant=""):
    """Serve the trial of a folder from a process of its own, and give the port."""
    command = [sys.executable, "-m", "tests.reliability.race_server", str(folder)]
    if variant:
        command.append(variant)
    with NamedTemporaryFile(dir=folder, prefix="server-", suffix=".log") as log:
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            port = running.stdout.readline()
            assert port, Path(log.name).read_text()
            yield int(port)
        finally:
            running.terminate()
            running.wait(timeout=30)
            running.stdout.close()


def prepare(folder, arms):
    """Register eight participants for each arm, of whom three can get a dose level; delegate it."""
    gateway = open_race(folder).gateway
    gateway.execute(OpenTrial(DAY), CHIEF)
    acts = [
        act
        for arm in arms
        for who in (number(arm, racer) for racer in range(RACERS))
        for act in (Consent(who, DAY), Register(who, arm, DAY, DAY))
    ]
    gateway.execute_whole([Step(act, {}, "", 0) for act in acts], CHIEF)
    for each, by in ((CHIEF, OPERATOR), (Actor(RACER, "coordinator", "mgh"), CHIEF)):
        tasks = tuple(sorted(tasks_of(each.role)))
        row = Delegate(each.account, each.account, each.role, each.site, tasks, DAY, None, DAY, DAY)
        gateway.execute(row, by)


def number(arm, racer):
    """Give the study number of a racer's participant in an arm."""
    return f"{arm}-{racer + 1}"


def race(folder, arms, variant=""):
    """Let all racers send the form for one participant of each arm; give the statuses by arm."""
    with ExitStack() as stack:
        ports = [stack.enter_context(server(folder, variant)) for _ in range(2)]
        browsers = [
            stack.enter_context(closing(Browser(ports[racer % 2]))) for racer in range(RACERS)
        ]
        start = Barrier(RACERS, timeout=120)

        def run(racer):
            answers = []
            for arm in arms:
                path = f"/participants/{number(arm, racer)}/eligibility/assign/"
                start.wait()
                answers.append(browsers[racer].ask("POST", path, {"on": DAY.isoformat()}))
            return answers

        with ThreadPoolExecutor(RACERS) as pool:
            return list(zip(*pool.map(run, range(RACERS)), strict=True))


def ledgers_of(cohorts):
    """Give the arms of each ledger of a suite."""
    for begin in range(0, cohorts, len(ARMS)):
        yield ARMS[: min(len(ARMS), cohorts - begin)]


@contextmanager
def database(name, request, monkeypatch):
    """Keep the ledger in a file of the folder, or in a database of the server."""
    if name == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield
        return
    with fresh_database(request.getfixturevalue("postgres")) as address:
        monkeypatch.setitem(os.environ, "DATABASE_URL", address)
        yield


@pytest.mark.long
@pytest.mark.parametrize("name", ["sqlite", "postgres"])
@pytest.mark.parametrize("ledger", list(enumerate(ledgers_of(COHORTS))), ids=lambda one: one[0])
def test_the_form_never_overfills_and_never_underfills(
    name, ledger, request, monkeypatch, tmp_path, tell
):
    """Three of eight get a dose level in every cohort; the others are told, with status 422."""
    arms = ledger[1]
    with database(name, request, monkeypatch):
        prepare(tmp_path, arms)
        began = time.monotonic()
        answers = race(tmp_path, arms)
        seconds = time.monotonic() - began

        after = open_race(tmp_path).gateway
        taken = {arm: len(after.state().cohorts[arm].assigned) for arm in arms}
        report = after.store.verify(after.trial, every_signature=True)

    statuses = Counter(status for arm in answers for status in arm)
    tell(f"last slot over HTTP, {name}", cohorts=len(arms), racers=RACERS,
         overfilled=sum(one > PLACES for one in taken.values()),
         underfilled=sum(one < PLACES for one in taken.values()),
         server_errors=sum(n for status, n in statuses.items() if status >= 500),
         seconds=f"{seconds:.0f}")  # fmt: skip
    assert taken == dict.fromkeys(arms, PLACES)
    assert [Counter(arm) for arm in answers] == [{302: PLACES, 422: RACERS - PLACES}] * len(arms)
    assert report.broken == ()


@pytest.mark.long
def test_counting_before_the_lock_overfills_over_http(monkeypatch, tmp_path, tell):
    """The negative control: the same forms on a gateway that decides before it locks."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    arms = ARMS[:2]
    prepare(tmp_path, arms)

    race(tmp_path, arms, "naive")

    records = open_race(tmp_path).gateway.store.records("NCT03959891")
    given = [each.happening for each in records if each.happening.act == "assigned"]
    taken = Counter(each.subject.partition("-")[0] for each in given)
    tell("last slot over HTTP, control: count then insert", cohorts=2,
         overfilled=sum(one > PLACES for one in taken.values()))  # fmt: skip
    assert all(taken[arm] > PLACES for arm in arms)
