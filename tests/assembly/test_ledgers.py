"""Ledgers in folders: who needs which key."""

from datetime import date

import pytest
from tests.servers import fresh_database

from trialwright.assembly import ledger_care, ledgers
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import shipped
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Refusal

DAY, NOW = date(2026, 3, 2), "2026-03-02T09:00:00.000Z"
CHIEF = Actor("p.lindqvist", "principal-investigator", "mgh")


@pytest.fixture
def folder(tmp_path):
    """Give the folder of a ledger with one happening."""
    store = ledgers.make(tmp_path / "trial")
    Gateway(store, shipped("nct03959891"), lambda: NOW, "test").execute(OpenTrial(DAY), CHIEF)
    return tmp_path / "trial"


def test_looking_needs_no_secret_key(folder):
    """An inspector verifies with the public keys alone."""
    (folder / ledgers.KEY).unlink()

    (verified,) = ledger_care.verify(folder, every_signature=True)

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

    (verified,) = ledger_care.verify(folder, every_signature=False)

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


def test_a_lost_ledger_is_restored_in_its_place(folder, tmp_path):
    """The folder keeps key and checkpoint, the backup gives the happenings."""
    ledger_care.backup(folder, tmp_path / "copy")
    (folder / ledgers.LEDGER).unlink()

    (verified,) = ledger_care.restore(folder, tmp_path / "copy")

    assert verified.is_intact
    assert ledgers.open_to_write(folder).head("NCT03959891").sequence == 1


def test_a_ledger_is_restored_from_its_export(folder, tmp_path):
    """The lines that anybody can read are enough: same happenings, same heads, same state."""
    lines = list(ledgers.look_at(folder).export_lines("NCT03959891"))
    (tmp_path / "lines").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / ledgers.LEDGER).unlink()

    (verified,) = ledger_care.restore(folder, tmp_path / "lines")

    assert verified.is_intact
    assert list(ledgers.look_at(folder).export_lines("NCT03959891")) == lines


def test_a_cut_export_restores_nothing(folder, tmp_path):
    """Not half of it, and not a changed one as if it were intact."""
    lines = list(ledgers.look_at(folder).export_lines("NCT03959891"))
    (tmp_path / "lines").write_text("\n".join(lines[:-1]), encoding="utf-8")
    (folder / ledgers.LEDGER).unlink()

    with pytest.raises(Refusal, match="without its end"):
        ledger_care.restore(folder, tmp_path / "lines")

    assert not (folder / ledgers.LEDGER).exists()


def test_nothing_is_restored_over_a_ledger(folder, tmp_path):
    """A ledger in use is never overwritten."""
    ledger_care.backup(folder, tmp_path / "copy")

    with pytest.raises(Refusal, match="a path that cannot be used"):
        ledger_care.restore(folder, tmp_path / "copy")


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite:///file", "trial"])
def test_a_database_of_another_kind_is_refused(tmp_path, monkeypatch, address):
    """And the address is not shown: it may hold a password."""
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(Refusal, match="an address of another kind") as refused:
        ledgers.make(tmp_path / "trial")

    assert address not in str(refused.value)
    assert not (tmp_path / "trial").exists()


def test_a_ledger_in_a_database_has_its_keys_in_the_folder(postgres, tmp_path, monkeypatch):
    """Made, written, verified, backed up, moved into a file; without its address it is refused."""
    folder = tmp_path / "trial"
    with fresh_database(postgres) as address:
        monkeypatch.setenv("DATABASE_URL", address)
        gateway = Gateway(ledgers.make(folder), shipped("nct03959891"), lambda: NOW, "test")
        gateway.execute(OpenTrial(DAY), CHIEF)

        assert not (folder / ledgers.LEDGER).exists()
        assert gateway.state().opened_on == DAY
        assert [one.is_intact for one in ledger_care.verify(folder, every_signature=True)] == [True]
        assert "write-ahead log" in ledger_care.scrub(folder)
        ledger_care.backup(folder, tmp_path / "copy")
        with pytest.raises(Refusal, match="a ledger in this database"):
            ledger_care.restore(folder, tmp_path / "copy")

    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(Refusal, match="no DATABASE_URL"):
        ledgers.open_to_write(folder)
    assert [one.is_intact for one in ledger_care.restore(folder, tmp_path / "copy")] == [True]
    assert ledgers.open_to_write(folder).head("NCT03959891").sequence == 1
