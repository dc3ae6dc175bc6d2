"""A copy of these files, with an environment of its own, does what the README says.

The other tests run where everything is installed, so that a package which is missing from a
narrower set of requirements is missed here alone.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
Accounts = dict[str, tuple[str, str]]
"""Name and password of an account, by role."""

LOOKING = ("coordinator", "principal-investigator", "monitor")
MOST_PAGES = 80
FILES = ("safety", "efficacy", "biomarkers")


def copy_to(folder: Path) -> Path:
    """Copy what git knows of, as it stands now, without what has been installed."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Set up with no extra, taking a participant all the way; give the copy and what was told."""
    copy = copy_to(tmp_path_factory.mktemp("plain"))
    ran = subprocess.run(
        ["sh", "setup.sh", "demo", "--keep", "trial"], cwd=copy, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return copy, ran.stdout


def test_a_participant_is_taken_all_the_way(plain: tuple[Path, str]):
    """The README's main command, at the packages that it installs."""
    assert "signatures checked" in plain[1]


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("serve", "--folder", "trial"), "web"),
        (("demo", "--serve"), "web"),
        (("screen", "--population", "duckdb://x", "--as-of", "2026-03-05", "--out", "out"),
         "hospital"),
        (("generate", "--patients", "1", "--seed", "1", "--screening", "2026-03-02",
          "--format", "omop", "--out", "out"), "hospital"),
        (("report", "safety", "{trial}", "nct03959891", "--cutoff", "2026-03-05", "--out", "out"),
         "reports"),
        (("design", "report", "nct03959891", "--arm", "A", "--out", "out"), "reports"),
        (("accounts", "list", "--folder", "{trial}"), "web"),
    ],
)  # fmt: skip
def test_a_command_without_its_extra_says_which_and_writes_nothing(
    plain: tuple[Path, str], tmp_path: Path, words: tuple[str, ...], extra: str
):
    """Without traceback, and before anything is made."""
    ran = subprocess.run(
        [plain[0] / ".venv" / "bin" / "trialwright",
         *(each.format(trial=plain[0] / "trial") for each in words)],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip

    assert (ran.returncode, ran.stdout) == (2, ""), ran.stderr
    assert f"pip install 'trialwright[{extra}]'" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Accounts]]:
    """Set up for the pages and open the demo; give its address, and an account for each role."""
    copy = copy_to(tmp_path_factory.mktemp("served"))
    told = copy / "told.txt"
    accounts = {}
    with (
        told.open("w") as out,
        subprocess.Popen(
            ["sh", "setup.sh", "serve", "--demo", "--port", "0"],
            cwd=copy, stdout=subprocess.PIPE, stderr=out, text=True, start_new_session=True,
        ) as running,
    ):  # fmt: skip
        try:
            for line in running.stdout or ():
                if at := re.search(r"Sign in at (http://\S+?)/account/", line):
                    yield at[1], accounts
                    return
                if account := re.match(r"  (\S+) +(\S+) +(\S+)$", line):
                    role, name, password = account.groups()
                    accounts[role] = (name, password)
            pytest.fail(told.read_text())
        finally:
            os.killpg(running.pid, signal.SIGTERM)


def test_every_page_that_the_demo_links_to_opens(served: tuple[str, Accounts]):
    """For three roles: reports and files to take away among them."""
    at, accounts = served
    wrong, seen = [], set()
    for role in LOOKING:
        name, password = accounts[role]
        with httpx.Client(base_url=at, timeout=120, follow_redirects=True) as browser:
            browser.get("/account/sign-in/")
            form = {"login": name, "password": password,
                    "csrfmiddlewaretoken": browser.cookies["csrftoken"]}  # fmt: skip
            waiting, met = [browser.post("/account/sign-in/", data=form)], set()
            while waiting and len(met) < MOST_PAGES:
                answer = waiting.pop(0)
                if answer.status_code != 200:
                    wrong.append((role, answer.url.path, answer.status_code))
                if "html" in answer.headers["content-type"]:
                    waiting += map(browser.get, _new_links(answer, at, met))
            seen |= met
    assert wrong == []
    for kind in FILES:
        assert any(page.startswith(f"/reports/{kind}/file.pdf") for page in seen), kind


def _new_links(answer: httpx.Response, at: str, met: set[str]) -> list[str]:
    """Give the links to pages of a kind not met yet: numbers do not make a kind."""
    new = []
    for found in re.findall(r'href="([^"#]+)"', answer.text):
        link = urljoin(str(answer.url), unescape(found))
        kind = re.sub(r"\d+", "0", link.removeprefix(at))
        if link.startswith(at) and kind not in met and "sign-out" not in link:
            met.add(kind)
            new.append(link)
    return new
