"""Accounts and sessions in PostgreSQL, apart from the ledger, over several processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.servers import fresh_database

from trialwright.assembly.serving import postgres_accounts
from trialwright.terms.errors import Refusal
from trialwright.web.settings import settings_of

PASSWORD = "a long enough pass phrase"  # noqa: S105 - of an invented account


def test_an_address_is_told_to_django():
    """Part by part, with a schema of its own."""
    told = postgres_accounts("postgresql://ann:secret@db.example:5433/trial?sslmode=require")

    assert (told["NAME"], told["USER"], told["PASSWORD"]) == ("trial", "ann", "secret")
    assert (told["HOST"], told["PORT"]) == ("db.example", "5433")
    assert told["OPTIONS"] == {
        "sslmode": "require", "options": "-c search_path=trialwright_accounts",
    }  # fmt: skip


def test_an_address_that_cannot_be_read_is_not_shown():
    """It may hold a password."""
    with pytest.raises(Refusal) as refused:
        postgres_accounts("postgresql://ann:secret@[db/trial?what=ever")

    assert "secret" not in str(refused.value)


def test_threads_keep_their_connection_and_look_whether_it_is_alive(trial, monkeypatch):
    """A server that was started again meanwhile costs no page."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann@db/trial")

    accounts = settings_of(trial)["DATABASES"]["default"]

    assert (accounts["CONN_MAX_AGE"], accounts["CONN_HEALTH_CHECKS"]) == (600, True)


@pytest.mark.long
def test_several_processes_serve_one_trial(postgres, tmp_path: Path):
    """The first operator signs up by the link and stays signed in, whichever process answers."""
    with fresh_database(postgres) as address:
        words = [sys.executable, "-m", "trialwright", "serve", "--folder", str(tmp_path / "trial"),
                 "--port", "0", "--workers", "2"]  # fmt: skip
        running = subprocess.Popen(
            words, env={**os.environ, "DATABASE_URL": address, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            said = running.stdout.readline()
            site, link = re.search(r"(http://127\.0\.0\.1:\d+)(/\S+)", said).groups()
            with httpx.Client(base_url=site, follow_redirects=True, timeout=90) as browser:
                page = browser.get(link)
                form = {"name": "first.one", "password": PASSWORD, "again": PASSWORD,
                        "csrfmiddlewaretoken": hidden(page.text)}  # fmt: skip
                made = browser.post(str(page.url), data=form, headers={"Referer": str(page.url)})
                assert made.status_code == 200
                seen = [browser.get("/accounts/").status_code for _ in range(12)]
            assert seen == [200] * 12
            with psycopg.connect(address) as database:
                names = database.execute(
                    "SELECT username FROM trialwright_accounts.auth_user"
                ).fetchall()
            assert names == [("first.one",)]
            assert not (tmp_path / "trial" / "accounts.sqlite").exists()
        finally:
            running.terminate()
            running.wait(timeout=20)
            running.stdout.close()


def hidden(text: str) -> str:
    """Give the token of a form."""
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]


def test_several_processes_need_postgresql(tmp_path: Path, monkeypatch):
    """On SQLite one process serves."""
    from click.testing import CliRunner

    from trialwright.cli.main import main

    monkeypatch.delenv("DATABASE_URL", raising=False)
    words = ["serve", "--folder", str(tmp_path / "trial"), "--workers", "2"]

    done = CliRunner().invoke(main, words)

    assert done.exit_code == 2
    assert "--workers" in done.output
    assert not (tmp_path / "trial").exists()


def test_several_processes_need_gunicorn(tmp_path: Path, monkeypatch):
    """It is an extra of its own; without it nobody is told of an address."""
    from click.testing import CliRunner

    from trialwright.cli import serve_command
    from trialwright.cli.main import main

    monkeypatch.setenv("DATABASE_URL", "postgresql://ann@db/trial")
    monkeypatch.setattr(serve_command, "find_spec", lambda name: None)
    words = ["serve", "--folder", str(tmp_path / "trial"), "--workers", "2"]

    told = CliRunner().invoke(main, words)

    assert told.exit_code == 2
    assert "pip install 'trialwright[postgres]'" in told.output
    assert not (tmp_path / "trial").exists()
