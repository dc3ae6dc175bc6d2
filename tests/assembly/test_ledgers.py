"""Ledgers in folders: who needs which key."""

from datetime import date

import pytest

from trialwright.assembly import ledgers
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY = date(2026, 3, 2)
CHIEF = Actor("p.lindqvist", "principal-investigator", "mgh")


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a ledger with one happening."""
    store = ledgers.make(tmp_path / "trial")
    Gateway(store, shipped("nct03959891"), lambda: "2026-03-02T09:00:00.000Z", "test").execute(
        OpenTrial(DAY), CHIEF
    )
    return tmp_path / "trial"


def test_looking_needs_no_secret_key(folder):
    """An inspector verifies with the public keys alone."""
    (folder / ledgers.KEY).unlink()

    (verified,) = ledgers.verify(folder, every_signature=True)

    assert verified.is_intact


def test_a_former_key_beside_the_present_one_is_read(folder, tmp_path):
    """`public.pem` may hold several keys, one after another."""
    other = ledgers.make(tmp_path / "other")
    both = other.keys[0].text + (folder / ledgers.PUBLIC).read_text(encoding="utf-8")
    (folder / ledgers.PUBLIC).write_text(both, encoding="utf-8")

    assert len(ledgers.look_at(folder).keys) == 2


def test_another_key_does_not_verify(folder, tmp_path):
    """With a key that never signed, the head is told as signed by a stranger."""
    ledgers.make(tmp_path / "other")
    strange = (tmp_path / "other" / ledgers.PUBLIC).read_text(encoding="utf-8")
    (folder / ledgers.PUBLIC).write_text(strange, encoding="utf-8")

    (verified,) = ledgers.verify(folder, every_signature=False)

    assert not verified.is_intact


def test_a_file_without_a_key_is_refused(folder):
    """Verification without keys would prove nothing, so it is not begun."""
    (folder / ledgers.PUBLIC).write_text("no key\n", encoding="utf-8")

    with pytest.raises(Refusal, match="no public key"):
        ledgers.look_at(folder)


def test_a_second_ledger_is_not_made_over_the_first(folder):
    """A folder holds one ledger for ever."""
    with pytest.raises(Refusal, match="a folder without one"):
        ledgers.make(folder)
