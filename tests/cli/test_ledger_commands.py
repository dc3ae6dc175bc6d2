"""What the ledger commands hand to outsiders."""

import os
import subprocess
import sys
from datetime import date

import pytest
import verify_ledger
from click.testing import CliRunner

from trialwright.assembly import ledgers
from trialwright.cli.main import main
from trialwright.conduct.happenings import Happening

TRIAL = "NCT00000001"
REASON = "corrigé \u2028 \u20ac"


@pytest.fixture
def folder(tmp_path):
    """Give a folder with a ledger of one happening, whose reason no narrow encoding can hold."""
    with ledgers.make(tmp_path).transaction(TRIAL) as opened:
        opened.append(
            [Happening("observed", "A-001", date(2026, 3, 14), {"value": "1"}, REASON)],
            actor="m.chen",
            role="coordinator",
            site="site-01",
            source="page",
            protocol="0" * 64,
            software="trialwright 0.1.0",
            entered_at="2026-03-14T09:26:53.589Z",
        )
    return tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_what_is_printed_verifies_outside(folder, encoding):
    """Export, key and checkpoint are enough, whatever encoding the terminal has."""
    command = [sys.executable, "-m", "trialwright", "ledger"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    export = subprocess.run(
        [*command, "export", folder, TRIAL], capture_output=True, check=True, env=environment
    ).stdout
    pem = CliRunner().invoke(main, ["ledger", "key", str(folder)]).stdout
    receipts = verify_ledger.read((folder / "checkpoint.json").read_text("utf-8").strip())

    lines = export.decode("utf-8").removesuffix("\n").split("\n")

    keys = verify_ledger.public_keys(pem)
    assert list(verify_ledger.export_wrong(lines, keys, receipts["receipts"])) == []
    assert verify_ledger.canonical(REASON)[1:-1] in export.decode("utf-8")


def test_the_key_that_is_printed_is_the_public_one(folder):
    """The private key never leaves its file."""
    printed = CliRunner().invoke(main, ["ledger", "key", str(folder)])

    private = (folder / "signing.key").read_text("ascii").splitlines()[1]
    assert printed.exit_code == 0
    assert printed.stdout.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert private not in printed.stdout


def test_no_ledger_has_no_key(tmp_path):
    """A folder without a ledger is told, with exit status 2."""
    printed = CliRunner().invoke(main, ["ledger", "key", str(tmp_path)])

    assert printed.exit_code == 2
    assert printed.stdout == ""
