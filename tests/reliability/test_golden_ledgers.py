"""A ledger written by each version: opens, verifies and replays under the software of today.

`write_golden.py` writes one; what it must say was counted by hand from the story of the demo trial
(days from its first doses), and stands in `expected.json` beside it.
"""

import json
import lzma
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trialwright.assembly import ledger_care, ledgers
from trialwright.assembly.protocols import load
from trialwright.conduct.folding import fold

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(each.name for each in GOLDEN.iterdir())


def laid_out(version, folder):
    """Unpack the ledger of a version into a folder, its protocol beside it."""
    for packed in (GOLDEN / version).glob("*.xz"):
        (folder / packed.stem).write_bytes(lzma.decompress(packed.read_bytes()))
    for name in (ledgers.PUBLIC, ledgers.CHECKPOINT):
        shutil.copy(GOLDEN / version / name, folder / name)
    return json.loads((GOLDEN / version / "expected.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _in_files(monkeypatch):
    """Keep ledgers in files."""
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_ledger_of_each_version_opens_verifies_and_replays(version, tmp_path, tell):
    """Every signature, the checkpoint, and the state of everybody; the protocol as it was then."""
    expected = laid_out(version, tmp_path)

    (verified,) = ledger_care.verify(tmp_path, every_signature=True)
    protocol = load(str(tmp_path / "protocol.yaml"))
    records = list(ledgers.look_at(tmp_path).records(expected["trial"]))
    state = fold(protocol.study, records)

    tell("golden ledger", version=version, happenings=len(records))
    assert verified.is_intact, verified.says
    assert {each.protocol for each in records} == {protocol.digest}
    assert state.opened_on.isoformat() == expected["opened_on"]
    found = {
        number: {
            name: getattr(here, name).isoformat()
            if name.endswith("_on") and getattr(here, name)
            else getattr(here, name)
            for name in expected["participants"][number]
        }
        for number, here in state.participants.items()
    }
    assert found == expected["participants"]


@pytest.mark.parametrize("version", VERSIONS)
def test_its_export_is_restored_line_for_line(version, tmp_path):
    """Out of the old file and into a new one."""
    trial = laid_out(version, tmp_path)["trial"]
    lines = list(ledgers.look_at(tmp_path).export_lines(trial))
    export = tmp_path / "export.jsonl"
    export.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (tmp_path / ledgers.LEDGER).unlink()

    (restored,) = ledger_care.restore(tmp_path, export)

    assert restored.is_intact
    assert list(ledgers.look_at(tmp_path).export_lines(trial)) == lines


def test_a_changed_golden_ledger_is_caught(tmp_path, tell):
    """The negative control: one value edited in it."""
    laid_out(VERSIONS[0], tmp_path)
    with closing(sqlite3.connect(tmp_path / ledgers.LEDGER)) as raw:
        (guard,) = raw.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'values_stay'"
        ).fetchone()
        raw.execute("DROP TRIGGER values_stay")
        raw.execute("UPDATE field_values SET value = '\"B\"' WHERE path = 'payload/arm'")
        raw.execute(guard)
        raw.commit()

    (verified,) = ledger_care.verify(tmp_path, every_signature=True)

    tell("golden ledger, control: one field edited", caught=not verified.is_intact)
    assert not verified.is_intact
    assert "value edited" in verified.says
