"""`trialwright report`, on a small trial made here."""

import pytest
from click.testing import CliRunner

from trialwright.cli.main import main


def test_a_ledger_that_is_none_is_refused(tmp_path):
    """Nothing is written."""
    asked = ["report", "safety", str(tmp_path / "none"), "nct03959891"]
    asked += ["--cutoff", "2026-11-28", "--out", str(tmp_path / "out")]

    found = CliRunner().invoke(main, asked)

    assert found.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["safety", "efficacy"])
def test_a_folder_that_exists_is_not_written_over(tmp_path, kind):
    """A report never replaces another."""
    asked = ["report", kind, str(tmp_path), "nct03959891"]
    asked += ["--cutoff", "2026-11-28", "--out", str(tmp_path)]

    found = CliRunner().invoke(main, asked)

    assert found.exit_code == 2
    assert "a new folder" in found.output


def test_a_trial_that_was_just_opened_has_both_reports(tmp_path):
    """HTML, PDF and CSV, stamped with the head of the ledger."""
    ledger, runner = tmp_path / "ledger", CliRunner()
    opened = runner.invoke(main, [
        "trial", "open", str(ledger), "nct03959891", "--on", "2026-01-05",
        "--by", "p.chief", "--role", "principal-investigator", "--create",
    ])  # fmt: skip
    assert opened.exit_code == 0, opened.output

    for kind in ("safety", "efficacy"):
        out = tmp_path / kind
        found = runner.invoke(main, [
            "report", kind, str(ledger), "nct03959891", "--cutoff", "2026-01-31", "--out", str(out),
        ])  # fmt: skip
        assert found.exit_code == 0, found.output
        assert {each.name for each in out.iterdir()} >= {
            f"{kind}.html", f"{kind}.pdf", f"{kind}.csv",
        }  # fmt: skip
        page = (out / f"{kind}.html").read_text(encoding="utf-8")
        assert "data cutoff: 2026-01-31" in page
        assert "ledger head: 1 " in page
