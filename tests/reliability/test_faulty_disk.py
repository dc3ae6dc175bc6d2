"""A full disk and errors of the disk at every write: nothing acknowledged is lost.

Each refusal says what to do, nothing is half written, and the same open ledger goes on once there
is room again.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
from tests.conftest import ROOT
from tests.ledger.conftest import Bench, set_up
from tests.reliability.acknowledging import ENTRY, TRIAL, batch, halves, lost
from tests.reliability.fault_writer import SHIFT
from tests.sizes import sized

from trialwright.ledger.receipts import Receipt
from trialwright.terms.errors import Refusal

PAGES = sized(full=180, default=12)
LIMITS = sized(full=120, default=8)
CALLS = sized(full=40, default=4)
"""Of each kind of call that fails; there are five kinds."""

PAGE, MOST_FREE = 4096, 60
ROOM = 3_000_000
"""Size of the small disk, bytes."""


@contextmanager
def small_disk(folder):
    """Put a disk of 3 MB at a folder, or skip the test."""
    options = ["-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    mounted = subprocess.run(["mount", *options], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here: only root may, outside of a container")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def filled_up(folder, free):
    """Take all room of a disk but some bytes."""
    (folder / "ballast").unlink(missing_ok=True)
    stat = os.statvfs(folder)
    with (folder / "ballast").open("wb") as ballast:
        ballast.write(b"x" * (stat.f_bavail * stat.f_frsize - free))


def append(ledger, size, too_early=None):
    """Append in one transaction; give its receipt."""
    with ledger.transaction(TRIAL) as chain:
        receipt = chain.append(batch(1, size), **ENTRY)
        if too_early is not None:
            too_early.append(receipt)
    return receipt


def attempt(ledger, size, found):
    """Append, and count whether that was done or refused; anything else is no answer."""
    try:
        receipt = append(ledger, size)
    except Refusal as refused:
        found[refused.faults[0].found.split(" (")[0]] += 1
        return []
    found["done"] += 1
    return [receipt]


def model(folder):
    """Make a ledger of three happenings."""
    folder.mkdir()
    made = set_up(folder)
    return made, [append(made.ledger, 1) for _ in range(3)]


@pytest.mark.sized
def test_a_full_disk_is_told_and_writing_goes_on_once_there_is_room(tmp_path, tell):
    """With room for 0, 1, 2 ... pages: refused, kept as it was, and the same ledger goes on."""
    folder, found, gone = tmp_path / "small", Counter(), 0
    folder.mkdir()
    made, before = model(tmp_path / "model")
    with small_disk(folder):
        for pages in range(PAGES):
            here, receipts = Bench(shutil.copytree(made.folder, folder / f"{pages}")), [*before]
            ledger = here.ledger
            filled_up(folder, pages * MOST_FREE // PAGES * PAGE)
            receipts += attempt(ledger, 20 + pages % 4, found)
            (folder / "ballast").unlink()
            receipts.append(append(ledger, 5))
            gone += lost(ledger, receipts) + halves(ledger)
            shutil.rmtree(here.folder)

    tell("full disk (tmpfs)", points=PAGES, lost=gone, answers=dict(found))
    assert gone == 0
    assert found["the disk is full"] > 0
    assert found["done"] > 0


@pytest.mark.sized
def test_a_limit_on_the_size_of_files_is_told(tmp_path, tell):
    """As a quota would: the write that passes it fails, wherever in an append that is."""
    found, gone = Counter(), 0
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    made, before = model(tmp_path / "model")
    for number in range(LIMITS):
        here, receipts = Bench(shutil.copytree(made.folder, tmp_path / f"{number}")), [*before]
        ledger = here.ledger
        limit = here.path.stat().st_size * number // LIMITS + number * PAGE // 2
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            receipts += attempt(ledger, 20, found)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        receipts.append(append(ledger, 5))
        gone += lost(ledger, receipts) + halves(ledger)

    tell("limit on the size of files", points=LIMITS, lost=gone, answers=dict(found))
    assert gone == 0
    assert sum(found.values()) - found["done"] > 0


@pytest.mark.sized
@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("pwrite64", "ENOSPC"),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in [
                ("pwrite64", "EIO"), ("fdatasync", "EIO"), ("fsync", "EIO"), ("write", "ENOSPC")
            ]
        ),
    ],
)  # fmt: skip
def test_a_call_that_fails_is_told_and_loses_nothing(call, error, tmp_path, tell):
    """Call number 1, 2, 3 ... fails, of one append or a later one; the append after it is done."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: no call can be made to fail")
    _, before = model(tmp_path / "model")
    inject = f"inject={call}:error={error}:when={SHIFT}"
    command = [
        *("strace", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", inject),
        *(sys.executable, "-m", "tests.reliability.fault_writer"),
    ]
    subprocess.run([*command, str(tmp_path), call, "1", str(CALLS)], check=True, cwd=ROOT)

    found, gone = Counter(), 0
    for index in range(1, CALLS + 1):
        here = Bench(tmp_path / f"{call}-{index}")
        outcome = json.loads((here.folder / "outcome.json").read_text("utf-8"))
        words = [next(iter(each)) for each in outcome]
        found.update(words)
        assert words[-1] == "receipt", (index, outcome)
        assert set(words[:-1]) <= {"receipt", "refused"}, (index, outcome)
        kept = [Receipt.read(each["receipt"]) for each in outcome if "receipt" in each]
        gone += lost(here.ledger, [*before, *kept]) + halves(here.ledger)

    tell(f"{call} fails with {error}", points=CALLS, lost=gone, answers=dict(found))
    assert gone == 0
    assert found["refused"] > 0


def test_acknowledging_before_the_commit_loses_on_a_full_disk(bench, tell):
    """The negative control: what was said too early is missed once the append has failed."""
    receipts, ledger = [append(bench.ledger, 1)], bench.ledger
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bench.path.stat().st_size, hard))
    try:
        with pytest.raises(Refusal):
            append(ledger, 40, too_early=receipts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    gone = lost(ledger, receipts)
    tell("full disk, control: acknowledged before the commit", lost=gone)
    assert gone > 0
