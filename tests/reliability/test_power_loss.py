"""A power loss at any moment: nothing acknowledged is lost, and what is left can be read."""

import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.ledger.conftest import Bench
from tests.reliability.acknowledging import TRIAL, batch, halves
from tests.reliability.power_loss import MODES, Disk, disks, record
from tests.reliability.power_writer import RESTORED
from tests.sizes import sized

from trialwright.ledger.receipts import Receipt
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

POINTS = sized(full=10_000, default=100)
OF_CONTROLS = sized(full=1_000, default=60)
SEED = 20260314


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Give the export of a ledger of 24 happenings."""
    made = Bench(tmp_path_factory.mktemp("source"))
    SqliteLedger.create(made.path)
    opened = SqliteLedger.open(made.path, signing=made.key)
    for number in range(3):
        made.append(*batch(number, 8), ledger=opened)
    lines = made.folder / "export.jsonl"
    lines.write_text("".join(f"{line}\n" for line in opened.export_lines(TRIAL)), "utf-8")
    return lines


def recorded(folder, synchronous, source):
    """Write under strace, and give the calls that concern the disk."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: a power loss is not simulated")
    (folder / "outside").mkdir()
    command = [sys.executable, "-m", "tests.reliability.power_writer", str(folder), synchronous]
    calls = record([*command, str(source)], folder.parent, cwd=ROOT)
    trial = Disk(folder)
    return [call for call in calls if trial.play(call) or call.name in ("openat", "close")]


def wrong_with(left, folder, here, acknowledged):
    """Put what is left of the files in a new folder, and say what is wrong with them, if anything.

    `left` has the paths of the folder that was recorded.
    """
    (here / "outside").mkdir()
    for path, data in left.items():
        (here / Path(path).relative_to(folder)).write_bytes(data)
    receipts = [Receipt.read(text) for text in acknowledged if text != "restored"]
    bench = Bench(here)
    try:
        if "restored" in acknowledged or (here / RESTORED).exists():
            copy = SqliteLedger.read_copy(here / RESTORED, keys=[bench.key.verifying])
            if len(list(copy.records(TRIAL))) != 24:
                return "half an import"
        if not bench.path.exists():
            return "lost" if receipts else ""
        report = bench.ledger.verify(TRIAL, receipts=receipts, every_signature=True)
        if report.broken:
            return str(report.broken[0].kind)
        bench.append(*batch(9, 1))  # and writing goes on
        return "half an import" if halves(bench.ledger) else ""
    except Refusal as refused:
        return f"unreadable: {refused.faults[0].found}"
    except sqlite3.IntegrityError:
        return "values that outlived their happening"


def simulated(synchronous, source, points, tmp_path):
    """Lose power at many moments of one record; count what is wrong, by what it is."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    calls = recorded(folder, synchronous, source)
    chance = random.Random(SEED)  # noqa: S311
    moments = sorted(chance.randint(0, len(calls)) for _ in range(points))
    found: Counter[str] = Counter()
    shared = Path("/dev/shm")  # noqa: S108 - nothing there needs to last
    for place, disk in enumerate(disks(calls, folder, moments)):
        left = disk.lose_power(MODES[place % len(MODES)], chance)
        with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as here:
            found[wrong_with(left, folder, Path(here), disk.acknowledged)] += 1
    return found


@pytest.mark.sized
def test_a_power_loss_takes_nothing_that_was_acknowledged(source, tmp_path, tell):
    """Making a ledger, appends, a redaction, an import: cut off anywhere, read and verified."""
    found = simulated("EXTRA", source, POINTS, tmp_path)

    tell("power loss, SQLite", points=POINTS, bad=POINTS - found[""], seed=SEED)
    assert found == {"": POINTS}


@pytest.mark.sized
@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL", "OFF"])
def test_a_weaker_setting_loses_in_a_power_loss(synchronous, source, tmp_path, tell):
    """The negative controls: the simulation tells each of them from the setting in use."""
    found = simulated(synchronous, source, OF_CONTROLS, tmp_path)

    bad = OF_CONTROLS - found.pop("", 0)
    tell(f"power loss, control: synchronous {synchronous}", points=OF_CONTROLS, bad=bad,
         of_it=dict(found))  # fmt: skip
    assert bad > 0
