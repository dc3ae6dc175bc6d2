"""`trialwright accounts`: unlocking on record, and moving from a file to PostgreSQL."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys

import psycopg
import pytest
from tests.servers import fresh_database

from trialwright.assembly import ledgers

MAKE = """
import sys
from pathlib import Path
from trialwright.assembly.serving import open_desk
from trialwright.web import starting
from trialwright.web.settings import Door
starting.prepare(open_desk(Path(sys.argv[1]), "nct03959891"), Door())
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from trialwright.web.accounts import invite, make_account
from trialwright.web.tokens import make_token
for name, kind in (("the-operator", "operator"), ("c.meyer", "person"), ("gone", "person")):
    make_account(name, "a long enough pass phrase", kind)
User.objects.filter(username="gone").update(is_active=False)
TOTP.activate(User.objects.get(username="c.meyer"), "ABCDEFGHIJKLMNOP")
make_token(User.objects.get(username="c.meyer"), "api", "a test", 1)
invite("person", "the-operator")
AccessAttempt.objects.create(username="c.meyer", failures_since_start=5, ip_address="127.0.0.1")
SessionStore().create()
"""
"""Makes a folder with three accounts of every sort, in a process of its own."""


def run(words, folder, **environment):
    """Run a command of accounts, or a script; give exit status and what was said."""
    done = subprocess.run(
        [sys.executable, *words, str(folder)], capture_output=True, text=True,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def command(*words):
    """Give the words of a command of accounts, to which the folder is added."""
    return ["-m", "trialwright", "accounts", *words, "--folder"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make the folder once."""
    folder = tmp_path_factory.mktemp("accounts") / "trial"
    assert run(["-c", MAKE], folder)[0] == 0
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """Give a copy of it."""
    return shutil.copytree(made, tmp_path / "trial")


def noted(folder):
    """Give what the ledger of a folder says of accounts."""
    store = ledgers.open_to_write(folder)
    return [(*each.happening.payload.values(), each.actor, each.source, each.happening.reason)
            for each in store.records("NCT03959891")]  # fmt: skip


def test_an_account_is_unlocked_by_an_operator_alone(folder):
    """The list says that it is locked; a person is refused; the operator's name is on record."""
    before = run(command("list"), folder)
    refused = run(command("unlock", "c.meyer", "--by", "c.meyer"), folder)
    done = run(command("unlock", "c.meyer", "--by", "the-operator", "--reason", "called"), folder)
    after = run(command("list"), folder)

    assert (before[0], refused[0], done[0], after[0]) == (0, 2, 0, 0)
    assert "c.meyer: person, open, locked in some browsers until" in before[1]
    assert "an account of an operator" in refused[1]
    assert "Traceback" not in refused[1]
    assert after[1].splitlines()[0] == "c.meyer: person, open"
    assert noted(folder) == [("c.meyer", "unlocked", "the-operator", "cli", "called")]


def test_a_recovery_is_begun_and_not_confirmed_by_the_same_operator(folder):
    """Without a reason it is refused; the link is printed once, and its digest alone is kept."""
    words = ("recover", "c.meyer", "--by", "the-operator")
    silent = run(command(*words), folder)
    begun = run(command(*words, "--reason", "called back"), folder)
    refused = run(command("confirm-recovery", "c.meyer", "--by", "the-operator"), folder)

    assert (silent[0], begun[0], refused[0]) == (2, 0, 2)
    assert "reason: nothing" in silent[1]
    secret = begun[1].partition("/recovery/")[2].partition("/")[0]
    assert len(secret) > 40
    assert secret.encode() not in (folder / "accounts.sqlite").read_bytes()
    assert "the-operator, who began it" in refused[1]
    assert noted(folder) == [("c.meyer", "recovery begun", "the-operator", "cli", "called back")]


def test_a_further_operator_is_invited_from_the_machine(folder):
    """The link is printed once and kept as a digest; who is no operator invites nobody."""
    refused = run(command("invite-operator", "--by", "c.meyer"), folder)
    done = run(command("invite-operator", "--by", "the-operator"), folder)

    assert (refused[0], done[0]) == (2, 0)
    assert "an account of an operator" in refused[1]
    secret = done[1].partition("/invitation/")[2].partition("/")[0]
    with sqlite3.connect(folder / "accounts.sqlite") as file:
        kept = file.execute("SELECT kind, digest, used_at, by FROM web_invitation").fetchall()
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert ("operator", digest, None, "the-operator") in kept
    assert noted(folder) == [("the-operator", "invited", "the-operator", "cli", "operator")]


def test_accounts_move_whole_or_not_at_all(folder, postgres, monkeypatch):
    """Into a database without any; a second time is refused, and so is a file that is broken."""
    with fresh_database(postgres) as address:
        target = folder.parent / "elsewhere"
        monkeypatch.setenv("DATABASE_URL", address)
        ledgers.make(target)
        broken = shutil.copy(folder / "accounts.sqlite", target)
        with sqlite3.connect(broken) as file:
            file.execute("PRAGMA foreign_keys = OFF")
            file.execute("UPDATE web_token SET account_id = 77")
        words = command("move", "--by", "the-operator")

        failed = run(words, target)
        assert (failed[0], accounts_at(address)) == (2, [])
        assert "none was moved" in failed[1]
        assert "Traceback" not in failed[1]

        shutil.copy(folder / "accounts.sqlite", target)
        done = run(words, target)
        again = run(words, target)

        assert (done[0], again[0]) == (0, 2), done[1]
        assert "auth.user: 3" in done[1]
        assert "mfa.authenticator: 1" in done[1]
        assert "sessions" not in done[1]
        assert "a database with accounts" in again[1]
        assert accounts_at(address) == [("c.meyer", True), ("gone", False), ("the-operator", True)]
        [moved] = noted(target)
        assert moved[:4] == ("the-operator", "moved", "the-operator", "page")
        assert sorted(each.name for each in target.iterdir() if "accounts" in each.name) == [
            "accounts.sqlite"
        ]
        assert "c.meyer: person, open, locked" in run(command("list"), target)[1]
        made = run(command("close", "c.meyer", "--by", "the-operator"), target)
        assert made[0] == 0, made[1]


def accounts_at(address):
    """Give the accounts of a database."""
    with psycopg.connect(address) as database:
        return database.execute(
            "SELECT username, is_active FROM trialwright_accounts.auth_user ORDER BY username"
        ).fetchall()
