"""Statuses by a ledger: recorded through the gateway, and shown by the public record."""

import sqlite3
from datetime import date

import pytest

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import load, shipped
from trialwright.assembly.recruiting import (
    change_status,
    record_with_ledger,
    statuses_of,
    statuses_told,
    with_statuses,
)
from trialwright.conduct.acts import OpenTrial, Redact
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.recruiting_acts import CloseTrial, OpenSite, SuspendSite, SuspendTrial
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.protocol.publication import Publication
from trialwright.protocol.study import Site
from trialwright.protocol.writing import write_study
from trialwright.registry.record import record_of
from trialwright.terms.errors import Refusal

NAME = "nct03959891"
DAY, NEXT, LATER = date(2026, 1, 5), date(2026, 1, 6), date(2026, 2, 1)
CHIEF = ("p.chief", "principal-investigator")


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a ledger in which the trial was opened."""
    change_status(tmp_path / "trial", NAME, OpenTrial(DAY), *CHIEF, create=True)
    return tmp_path / "trial"


@pytest.fixture
def two_sites(tmp_path):
    """Give the file of a protocol with an invented second site."""
    invented = Site(id="elsewhere", name="Invented Hospital", status="not yet active")
    study = shipped(NAME).study
    file = tmp_path / "two.yaml"
    file.write_text(write_study(study.model_copy(update={"sites": (*study.sites, invented)})))
    return str(file)


def test_an_act_is_recorded_signed_and_told(folder):
    """Who, by which door, under which protocol; the receipt is the head of the chain."""
    sentence, receipt = change_status(folder, NAME, SuspendTrial(NEXT, "safety review"), *CHIEF)

    store = ledgers.look_at(folder)
    *_, record = store.records("NCT03959891")
    assert sentence == "NCT03959891 is suspended from 2026-01-06 on: safety review"
    assert receipt == f"receipt: happening 2, head {store.head('NCT03959891').hash[:16]}"
    assert (record.actor, record.role, record.site, record.source) == (*CHIEF, "mgh", "cli")
    assert record.protocol == shipped(NAME).digest
    assert record.happening.reason == "safety review"
    assert store.verify("NCT03959891").is_intact


def test_the_ledger_is_told_as_what_it_needs(tmp_path):
    """None is made unasked."""
    with pytest.raises(Refusal, match="trialwright trial open --create"):
        change_status(tmp_path / "none", NAME, OpenTrial(DAY), *CHIEF)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("act", "account", "role", "at"),
    [
        (OpenTrial(DAY), "p.chief", "coordinator", ""),
        (OpenTrial(DAY), "Jane Roe", "principal-investigator", ""),
        (OpenTrial(DAY), "p.chief", "principal-investigator", "no site"),
        (OpenSite("mgh", DAY), "p.chief", "principal-investigator", ""),
    ],
)
def test_a_refused_first_act_makes_no_ledger(tmp_path, act, account, role, at):
    """Neither file nor folder."""
    with pytest.raises(Refusal):
        change_status(tmp_path / "trial", NAME, act, account, role, at, create=True)

    assert list(tmp_path.iterdir()) == []


def test_a_ledger_is_not_made_twice(folder):
    """The one there is stays."""
    with pytest.raises(Refusal, match="a folder without one"):
        change_status(folder, NAME, OpenTrial(DAY), *CHIEF, create=True)

    assert ledgers.look_at(folder).verify("NCT03959891").is_intact


def test_a_ledger_without_its_secret_key_is_not_written(folder):
    """Looking goes on."""
    (folder / ledgers.KEY).unlink()

    with pytest.raises(Refusal, match="signing key"):
        change_status(folder, NAME, SuspendTrial(NEXT, "x"), *CHIEF)

    assert statuses_of(shipped(NAME).study, folder, LATER).trial.status == "active"


def test_the_site_of_the_account_is_said_where_there_are_several(two_sites, tmp_path):
    """It is not guessed from the site that is meant."""
    folder = tmp_path / "trial"
    change_status(folder, two_sites, OpenTrial(DAY), *CHIEF, "mgh", create=True)

    with pytest.raises(Refusal, match=r"at: no site of the account\. Allowed: mgh, else"):
        change_status(folder, two_sites, OpenSite("elsewhere", DAY), *CHIEF)

    change_status(folder, two_sites, OpenSite("elsewhere", NEXT), "d.m", "data-manager", "mgh")
    assert statuses_told(folder, two_sites, NEXT)[1:] == (
        "site mgh: active, as version 1 of the protocol states",
        "site elsewhere: active since 2026-01-06 by entry 2 (site opened)",
    )


def test_the_record_shows_the_statuses_of_the_day(folder):
    """Of each day its own; nothing else of the record changes."""
    record = record_of(shipped(NAME).study)
    change_status(folder, NAME, SuspendSite("mgh", NEXT, "no pharmacist"), *CHIEF)
    change_status(folder, NAME, CloseTrial(LATER, "done"), *CHIEF)

    shown = {
        day: record_with_ledger(record, NAME, folder, day)
        for day in (date(2025, 1, 1), DAY, NEXT, LATER)
    }

    assert [(each.status, each.sites[0].status) for each in shown.values()] == [
        ("active", "active"),
        ("active", "active"),
        ("active", "suspended"),
        ("closed", "closed"),
    ]
    assert shown[DAY] == record
    begun = {"status": record.status, "sites": record.sites}
    assert shown[LATER].model_copy(update=begun) == record


def test_the_file_of_the_ledger_may_be_named_for_its_folder(folder):
    """Both lead to the same."""
    record = record_of(shipped(NAME).study)

    assert record_with_ledger(record, NAME, folder / ledgers.LEDGER, DAY) == record


def test_a_registrys_own_word_goes_with_the_status_it_told(folder):
    """`RECRUITING` beside `suspended` would be untrue; beside `active` it stays."""
    plain = record_of(shipped(NAME).study)
    worded = plain.model_copy(update={"publication": Publication(status_word="RECRUITING")})
    change_status(folder, NAME, SuspendTrial(NEXT, "x"), *CHIEF)

    before = record_with_ledger(worded, NAME, folder, DAY)
    after = record_with_ledger(worded, NAME, folder, NEXT)

    assert before.publication.status_word == "RECRUITING"
    assert (after.status, after.publication.status_word) == ("suspended", "")


def test_a_site_of_which_nothing_is_known_keeps_its_status():
    """A record may hold sites that the protocol in force has not."""
    study = shipped(NAME).study
    record = record_of(study)
    other = record.sites[0].model_copy(update={"id": "other", "status": "suspended"})
    statuses = statuses_on(TrialState(study), DAY)

    shown = with_statuses(record.model_copy(update={"sites": (other,)}), statuses)

    assert shown.sites == (other,)


def test_a_ledger_that_was_changed_shows_nothing(folder):
    """A record is not written from what was not entered."""
    change_status(folder, NAME, SuspendTrial(NEXT, "x"), *CHIEF)
    opened = sqlite3.connect(folder / ledgers.LEDGER)
    guards = [
        row[0] for row in opened.execute("select name from sqlite_master where type='trigger'")
    ]
    for guard in guards:
        opened.execute(f'drop trigger "{guard}"')
    opened.execute("update field_values set value = '\"y\"' where value = '\"x\"'")
    opened.commit()
    opened.close()

    with pytest.raises(Refusal, match="trialwright ledger verify"):
        statuses_of(shipped(NAME).study, folder, NEXT)


def test_the_ledger_of_another_trial_is_not_taken(folder, tmp_path):
    """Its silence about this trial would read as the protocol's word."""
    other = (
        write_study(shipped(NAME).study).replace("NCT03959891", "NCT00000001").replace(NAME, "x")
    )
    file = tmp_path / "other.yaml"
    file.write_text(other)

    with pytest.raises(Refusal, match="a ledger without NCT00000001"):
        statuses_told(folder, str(file), DAY)

    assert load(str(file)).study.identifiers.nct == "NCT00000001"


def test_no_ledger_is_told(tmp_path):
    """With the way to one."""
    with pytest.raises(Refusal, match=r"no ledger\.sqlite"):
        statuses_told(tmp_path, NAME, DAY)


def test_a_name_in_a_reason_is_redacted_in_the_ledger(folder):
    """The text is gone from the file, the chain is whole, and the status stands."""
    change_status(folder, NAME, SuspendTrial(NEXT, "Canary Birdsong fell ill"), *CHIEF)
    gateway = Gateway(ledgers.open_to_write(folder), load(NAME), entered_at, "test")

    gateway.execute(
        Redact("NCT03959891", LATER, 2, "reason", "a name"), Actor("d.m", "data-manager", "mgh")
    )

    assert statuses_told(folder, NAME, LATER)[0] == (
        "NCT03959891: suspended since 2026-01-06 by entry 2 (trial suspended): "
        "(the reason was redacted)"
    )
    assert b"Birdsong" not in (folder / ledgers.LEDGER).read_bytes()
    assert gateway.state() == gateway.state_at()
