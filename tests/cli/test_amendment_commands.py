"""`trialwright amendment`: recorded, activated, consented to, told, and the text given back."""

from click.testing import CliRunner

from trialwright.assembly.protocols import shipped
from trialwright.cli.main import main

TRIAL = "NCT03959891"
CHIEF = ("--by", "p.chief", "--role", "principal-investigator")


def run(*words, status=0):
    """Run a command and give what it printed."""
    done = CliRunner().invoke(main, [str(each) for each in words])
    assert done.exit_code == status, done.output
    return done.output


def test_an_amendment_from_its_file_to_the_site(tmp_path):
    """The version with which the trial began and the new one are printed byte for byte."""
    ledger, new = tmp_path / "ledger", tmp_path / "new.yaml"
    text = shipped(TRIAL).text.replace('version: "1"\n', 'version: "2"\n', 1)
    new.write_text(text, encoding="utf-8")
    on = ("--on", "2026-02-02")
    run("trial", "open", ledger, TRIAL, *on, *CHIEF, "--create")

    told = run("amendment", "record", ledger, TRIAL, *on, *CHIEF, "--to", new,
               "--reason", "a new name", "--consent-within", 14)  # fmt: skip
    assert "version 1 (2) is on record from 2026-02-02: a new name" in told
    run("amendment", "activate", ledger, TRIAL, *on, *CHIEF, "--version", 1)
    run("amendment", "activate", ledger, new, *on, *CHIEF, "--version", 1, "--site", "mgh")

    told = run("amendment", "list", ledger, TRIAL, "--as-of", "2026-02-02")
    assert "version 1 is in force at all-sites since 2026-02-02" in told
    assert "version 1 is in force at mgh since 2026-02-02" in told
    for version, whole in ((0, shipped(TRIAL).text), (1, text)):
        given = run("amendment", "text", ledger, new, "--version", version, "--as-of", "2026-02-02")
        assert given == whole
    told = run("amendment", "reconsent", ledger, TRIAL, *on, *CHIEF, "--version", 1,
               "--participant", "MGH-001", status=2)  # fmt: skip
    assert "MGH-001" in told
    assert "2" in run("amendment", "text", ledger, TRIAL, "--version", 2, "--as-of", "2026-02-02",
                      status=2)  # fmt: skip
