"""The commands that open, suspend, close and reopen: one sentence, one receipt, or a refusal."""

import re

import pytest
from click.testing import CliRunner

from trialwright.assembly import ledgers
from trialwright.cli.main import main

NAME = "nct03959891"
CHIEF = ("--by", "p.chief", "--role", "principal-investigator")
MANAGER = ("--by", "d.manager", "--role", "data-manager")
INVESTIGATOR = ("--by", "i.vestigator", "--role", "investigator")


def run(*arguments):
    """Run a command of a trial."""
    return CliRunner().invoke(main, ["trial", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a ledger in which the trial was opened by the command."""
    made = tmp_path / "trial"
    done = run("open", made, NAME, "--on", "2026-01-05", *CHIEF, "--create")
    assert done.exit_code == 0, done.output
    return made


def act(folder, word, on, *arguments, by=CHIEF):
    """Do one act."""
    return run(word, folder, NAME, "--on", on, *by, *arguments)


def statuses(folder, day):
    """Give the lines of the statuses."""
    done = run("status", folder, NAME, "--as-of", day)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_a_trial_from_opening_to_reopening(folder):
    """Each act is told in one sentence, and its receipt counts the happenings."""
    story = [
        (act(folder, "suspend", "2026-01-06", "--reason", "safety review"),
         "NCT03959891 is suspended from 2026-01-06 on: safety review"),
        (act(folder, "reopen", "2026-01-07", "--reason", "nothing found"),
         "NCT03959891 is active from 2026-01-07 on: nothing found"),
        (act(folder, "close", "2026-01-08", "--reason", "accrual complete"),
         "NCT03959891 is closed from 2026-01-08 on (every site is closed with it): "
         "accrual complete"),
        (act(folder, "reopen", "2026-01-09", "--reason", "amendment 2"),
         "NCT03959891 is active from 2026-01-09 on (each site stays closed until it is "
         "reopened): amendment 2"),
        (act(folder, "reopen", "2026-01-09", "--site", "mgh", "--reason", "amendment 2",
             by=MANAGER),
         "site mgh of NCT03959891 is active from 2026-01-09 on: amendment 2"),
    ]  # fmt: skip

    for place, (done, sentence) in enumerate(story, start=2):
        told, receipt = done.stdout.splitlines()
        assert (done.exit_code, told) == (0, sentence)
        assert re.fullmatch(rf"receipt: happening {place}, head [0-9a-f]{{16}}", receipt)
    assert statuses(folder, "2026-01-06") == [
        "NCT03959891: suspended since 2026-01-06 by entry 2 (trial suspended): safety review",
        "site mgh: suspended since 2026-01-06 by entry 2 (trial suspended): safety review",
    ]
    assert statuses(folder, "2026-01-09") == [
        "NCT03959891: active since 2026-01-09 by entry 5 (trial reopened): amendment 2",
        "site mgh: active since 2026-01-09 by entry 6 (site reopened): amendment 2",
    ]


def test_a_site_by_its_investigator(folder):
    """The own site is suspended at once; the trial goes on."""
    done = act(
        folder, "suspend", "2026-01-06", "--site", "mgh", "--reason", "no nurse", by=INVESTIGATOR
    )

    assert done.exit_code == 0
    assert statuses(folder, "2026-01-06")[0].startswith("NCT03959891: active")
    assert "no nurse" in statuses(folder, "2026-01-06")[1]


REFUSED = {
    "a role that may not": (("suspend", "2026-01-06", "--reason", "x"), MANAGER, "SuspendTrial"),
    "an unknown site": (
        ("suspend", "2026-01-06", "--reason", "x", "--site", "here"),
        CHIEF,
        "Allowed: mgh",
    ),
    "an open trial": (("open", "2026-01-06"), CHIEF, "open since 2026-01-05"),
    "an open site": (("open", "2026-01-06", "--site", "mgh"), CHIEF, "Nothing is to do"),
    "a blank reason": (("close", "2026-01-06", "--reason", " "), CHIEF, "Say why"),
    "an earlier day": (("close", "2026-01-04", "--reason", "x"), CHIEF, "Correct the day"),
    "no account": (
        ("close", "2026-01-06", "--reason", "x"),
        ("--by", "", "--role", "principal-investigator"),
        "actor",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_is_told_and_not_recorded(folder, why):
    """Status 2, a sentence on standard error, and the ledger as before."""
    (word, on, *rest), by, told = REFUSED[why]

    done = act(folder, word, on, *rest, by=by)

    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(list(ledgers.look_at(folder).records("NCT03959891"))) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("suspend", "x", NAME, "--on", "2026-01-06", *CHIEF),
        ("suspend", "x", NAME, "--on", "6.1.2026", "--reason", "x", *CHIEF),
        ("close", "x", NAME, "--reason", "x", *CHIEF),
        ("reopen", "x", NAME, "--on", "2026-01-06", "--reason", "x"),
        ("status", "x", NAME),
        ("open", "/dev/null", NAME, "--on", "2026-01-06", *CHIEF, "--create"),
        ("open", "/dev/null/x", NAME, "--on", "2026-01-06", *CHIEF, "--create"),
        ("open", "x", "no-such-protocol", "--on", "2026-01-06", *CHIEF, "--create"),
        ("status", "/dev/null", NAME, "--as-of", "2026-01-06"),
        ("status", "/tmp", NAME, "--as-of", "2026-01-06"),  # noqa: S108
    ],
    ids=" ".join,
)
def test_what_cannot_be_taken_makes_no_traceback(arguments, tmp_path, monkeypatch):
    """Options that are missing, days that are none, folders that cannot be made."""
    monkeypatch.chdir(tmp_path)

    done = run(*arguments)

    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reason_in_any_language_and_of_any_length_is_kept_whole(folder):
    """The sentence is cut; the ledger is not."""
    reason = "Überprüfung der Sicherheit\u2028\u20ac " + "x" * 1000

    done = act(folder, "suspend", "2026-01-06", "--reason", reason)

    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 2
    *_, record = ledgers.look_at(folder).records("NCT03959891")
    assert record.happening.reason == reason


@pytest.mark.parametrize("word", ["open", "suspend", "close", "reopen"])
def test_the_help_says_that_nobody_signs_in(word):
    """What is recorded of the account is what was said."""
    said = " ".join(run(word, "--help").stdout.split())

    assert "recorded as the actor; there is no sign-in yet" in said
    assert "Exit status: 0 recorded, 2 refused" in said
