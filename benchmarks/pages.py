r"""How fast pages answer fifty people at once, on a trial of 100,000 happenings.

    .venv/bin/python benchmarks/pages.py [--happenings 100000] [--users 50] [--seconds 120]
    .venv/bin/python benchmarks/pages.py --happenings 2000 --participants 20 --users 4 \
        --seconds 20 --loop 3

Everybody signs in, and then looks at screens in turn, chosen at random with a fixed seed, with one
to five seconds of thought between two; every twentieth is a form that is sent. As often as for any
one screen each asks for a plain Django page, which stands in its own process beside the product: on
the same machine at the same time. The pages are served as `trialwright serve` serves them: by
waitress on SQLite, or with `DATABASE_URL` by gunicorn on PostgreSQL (`--workers`). Then a few
callers ask without thought, once for the same screens and once for the plain page. The second line
is a small form, to see that all of it runs.
"""

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from fold import OPENED, TRIAL, history

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.demo_trial import OPERATOR
from trialwright.assembly.serving import open_desk
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate
from trialwright.conduct.happenings import Happening
from trialwright.conduct.roles import Actor

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of invented accounts
ROLES = ("coordinator", "coordinator", "coordinator", "investigator", "monitor", "data-manager",
         "coordinator", "investigator", "principal-investigator", "statistician")  # fmt: skip
"""Roles of the accounts, over and over."""

SCREENS = (
    "/today/", "/cohorts/", "/participants/", "/participants/{who}/",
    "/participants/{who}/eligibility/", "/participants/{who}/values/",
    "/participants/{who}/record/visit/", "/participants/{who}/record/laboratory/",
    "/participants/{who}/oversight/", "/queries/", "/signatures/", "/safety/", "/safety/A/",
    "/cohorts/A/", "/statuses/", "/amendments/", "/delegation/",
)  # fmt: skip
"""What anybody looks at; those who inspect also look at `INSPECTED`."""

INSPECTED = ("/inspector/", "/inspector/?subject={who}", "/inspector/entries/{entry}/")
WRITE_EVERY = 20
THINK = (1.0, 5.0)
CALLERS = 8
"""Callers without thought."""

PLAIN = "a plain Django page"


@dataclass
class Times:
    """What was measured, by screen."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, screen: str, taken: float, status: int, expected: int) -> None:
        """Keep a time, or count an answer that is none."""
        with self.lock:
            self.seconds[screen].append(taken)
            if status != expected:
                self.wrong[f"{screen} ({status})"] += 1

    @property
    def every(self) -> list[float]:
        """All of them but the plain ones."""
        return [each for screen, listed in self.seconds.items() if screen != PLAIN
                for each in listed]  # fmt: skip


class Caller:
    """Somebody with a browser."""

    def __init__(self, port: int) -> None:
        self._at = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def sign_in(self, account: str) -> None:
        """Sign in by the form."""
        self.ask("GET", "/account/sign-in/")
        status = self.ask("POST", "/account/sign-in/", {"login": account, "password": PASSWORD})
        if status != 302:
            raise RuntimeError(f"{account} was not let in: {status}")

    def ask(self, method: str, at: str, form: dict[str, str] | None = None) -> int:
        """Ask for a page, or send a form, and give the status."""
        fields = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **(form or {})}
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self._at.request(method, at, urlencode(fields) if form else None, headers)
        answer = self._at.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, cookie in SimpleCookie(line).items():
                self._cookies[name] = cookie.value
        return answer.status


def in_arm_b(done: Happening) -> Happening:
    """Give a happening of the history as one of arm B, in which its letrozole is a choice."""
    if done.act == "registered":
        return replace(done, payload={**done.payload, "arm": "B"})
    if done.act == "assigned":
        choice = {"aromatase-inhibitor-daily": "letrozole"}
        return replace(done, payload={**done.payload, "arm": "B", "choice": choice})
    return done


def role_of(place: int) -> str:
    """Give the role of an account."""
    return ROLES[place % len(ROLES)]


def make(folder: Path, happenings: int, participants: int, users: int) -> None:
    """Fill a ledger, delegate everybody, and make the accounts."""
    store = ledgers.make(folder)
    protocol_digest = open_desk(folder, TRIAL).gateway.protocol.digest
    entry = {
        "actor": "m.chen", "role": "coordinator", "site": "mgh", "source": "page",
        "protocol": protocol_digest, "software": "trialwright", "entered_at": entered_at(),
    }  # fmt: skip
    whole = map(in_arm_b, history(happenings, participants))
    with store.transaction(TRIAL.upper()) as chain:
        while some := [*islice(whole, 100)]:
            chain.append(some, **entry)
    desk = open_desk(folder, TRIAL)
    chief = Actor("user-chief", "principal-investigator", EVERY_SITE)
    rows = [("user-chief", chief.role), *((f"user-{each}", role_of(each)) for each in range(users))]
    by = OPERATOR
    for account, role in rows:
        site = "mgh" if role in ("coordinator", "investigator") else EVERY_SITE
        tasks = tuple(sorted(tasks_of(role)))
        act = Delegate(account, account, role, site, tasks, OPENED, None, OPENED, OPENED)
        desk.gateway.execute(act, by)
        by = chief
    from trialwright.web.settings import Door
    from trialwright.web.starting import prepare

    prepare(desk, Door())
    from trialwright.web.accounts import make_account

    for account, _ in rows[1:]:
        make_account(account, PASSWORD, "person")


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(words: list[str], port: int) -> Iterator[int]:
    """Run a server until it is no longer needed."""
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                Caller(port).ask("GET", "/")
                break
            except OSError:
                time.sleep(0.5)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=30)


def at_random(chance: random.Random, role: str, participants: int, happenings: int) -> str:
    """Choose a screen."""
    inspects = role not in ("coordinator", "statistician")
    return chance.choice(SCREENS + INSPECTED if inspects else SCREENS)


def filled(screen: str, chance: random.Random, participants: int, happenings: int) -> str:
    """Give the address of a screen."""
    who = f"MGH-{chance.randint(1, participants):03}"
    return screen.format(who=who, entry=chance.randint(1, happenings))


def work(
    caller: Caller, plain: Caller, place: int, given: argparse.Namespace, times: Times, end: float
) -> None:
    """Do what a person does, until it is over."""
    chance, turn = random.Random(1000 + place), place  # noqa: S311 - a mix, no secret
    role = role_of(place)
    while time.monotonic() < end:
        time.sleep(chance.uniform(*THINK))
        turn += 1
        if chance.random() < 1 / len(SCREENS):
            begun = time.perf_counter()
            status = plain.ask("GET", "/")
            times.add(PLAIN, time.perf_counter() - begun, status, 200)
            continue
        if turn % WRITE_EVERY == 0 and role in ("coordinator", "investigator"):
            screen = "/participants/{who}/record/medicine/ (sent)"
            at = filled(screen.removesuffix(" (sent)"), chance, given.participants, 1)
            form = {"name": f"Drug {place}-{turn}", "since": "2026-10", "until": "",
                    "is_ongoing": "yes", "source": "chart", "note": ""}  # fmt: skip
            begun = time.perf_counter()
            status = caller.ask("POST", at, form)
            times.add(screen, time.perf_counter() - begun, status, 302)
        else:
            screen = at_random(chance, role, given.participants, given.happenings)
            at = filled(screen, chance, given.participants, given.happenings)
            begun = time.perf_counter()
            status = caller.ask("GET", at)
            times.add(screen, time.perf_counter() - begun, status, 200)


def together(makes: list[Callable[[], None]]) -> None:
    """Run each in a thread of its own, and wait for all."""
    threads = [threading.Thread(target=each) for each in makes]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def percentile(times: list[float], share: int) -> float:
    """Give a percentile in milliseconds."""
    return 1000 * statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def told(times: Times) -> None:
    """Print percentiles: of all screens together, of the plain page, and of each screen."""
    print(f"{'screen':<48}{'asked':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    listed = sorted(times.seconds.items(), key=lambda each: -statistics.fmean(each[1]))
    listed = [each for each in listed if each[0] != PLAIN]
    for screen, taken in [("all", times.every), (PLAIN, times.seconds[PLAIN]), *listed]:
        if len(taken) > 1:
            shares = "".join(f"{percentile(taken, each):>9.0f}" for each in (50, 95, 99))
            print(f"{screen:<48}{len(taken):>7}{shares}")
    print("other answers than expected:", dict(times.wrong) or "none")


def rate(ask: Callable[[int, int], None], on_loop: float) -> float:
    """Give answers a second to callers without thought."""
    counts, end = [0] * CALLERS, time.monotonic() + on_loop

    def loop(place: int) -> None:
        """Ask again and again."""
        while time.monotonic() < end:
            ask(place, counts[place])
            counts[place] += 1

    together([lambda each=place: loop(each) for place in range(CALLERS)])
    return sum(counts) / on_loop


def measure(port: int, plain: int, given: argparse.Namespace) -> None:
    """Sign everybody in, measure with thought and without, and print."""
    callers = [Caller(port) for _ in range(given.users)]
    beside = [Caller(plain) for _ in range(given.users)]
    begun = time.perf_counter()
    for place, caller in enumerate(callers):
        caller.sign_in(f"user-{place}")
    print(f"{given.users} signed in, {time.perf_counter() - begun:.0f} s")
    callers[0].ask("GET", "/today/")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    times, end = Times(), time.monotonic() + given.seconds
    pairs = enumerate(zip(callers, beside, strict=True))
    together([lambda one=one, other=other, at=at: work(one, other, at, given, times, end)
              for at, (one, other) in pairs])  # fmt: skip
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    told(times)
    people = [place for place in range(given.users) if role_of(place) == "coordinator"][:CALLERS]
    chances = [random.Random(place) for place in range(CALLERS)]  # noqa: S311
    rushing = [Caller(port) for _ in range(CALLERS)]
    for place, caller in enumerate(rushing):
        caller.sign_in(f"user-{people[place % len(people)]}")

    def screen(place: int, count: int) -> None:
        """Ask for the next screen."""
        at = filled(SCREENS[count % len(SCREENS)], chances[place], given.participants, 1)
        rushing[place].ask("GET", at)

    ours = rate(screen, given.loop)
    others = [Caller(plain) for _ in range(CALLERS)]
    theirs = rate(lambda place, _: others[place].ask("GET", "/") and None, given.loop)
    print(f"without thought, {CALLERS} callers: {ours:.1f} screens a second, a plain Django page")
    print(f"{theirs:.1f} a second: a screen takes as long as {theirs / ours:.1f} plain pages")


def main() -> None:
    """Make the trial, serve it, and measure."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--happenings", type=int, default=100_000)
    asked.add_argument("--participants", type=int, default=400)
    asked.add_argument("--users", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=120)
    asked.add_argument("--loop", type=float, default=20, help="seconds without thought")
    asked.add_argument("--workers", type=int, default=1, help="processes, on PostgreSQL alone")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, port, plain = Path(name) / "trial", free_port(), free_port()
        begun = time.perf_counter()
        make(folder, given.happenings, given.participants, given.users)
        print(f"{given.happenings:,} happenings of {given.participants} participants, made in "
              f"{time.perf_counter() - begun:.0f} s")  # fmt: skip
        product = [sys.executable, "-m", "trialwright", "serve", "--folder", str(folder),
                   "--port", str(port)]  # fmt: skip
        product += ["--workers", str(given.workers)] if given.workers > 1 else []
        beside = [sys.executable, str(Path(__file__).with_name("plain_django.py")), name,
                  str(plain)]  # fmt: skip
        with served(product, port), served(beside, plain):
            measure(port, plain, given)


if __name__ == "__main__":
    main()
