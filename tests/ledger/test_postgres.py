"""The ledger in PostgreSQL: its guards, its lock, its backups, and what a redaction leaves."""

import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.servers import fresh_database

from trialwright.ledger import postgres_scrubbing
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import backup, restore, restore_drill
from trialwright.ledger.findings import Tampering
from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.postgres_session import PostgresSession, connect
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"
KEY = SigningKey(bytes(range(32)))
ENTRY = {
    "actor": "m.chen",
    "role": "coordinator",
    "site": "site-01",
    "source": "page",
    "protocol": "ab" * 32,
    "software": "trialwright 0.1.0",
    "entered_at": "2026-03-14T09:26:53.589Z",
}
SALT = "ab" * 32
MARK = b"a text that is to go"


@pytest.fixture
def address(postgres):
    """Give the address of an empty database."""
    with fresh_database(postgres) as made:
        yield made


@pytest.fixture(scope="module")
def model(postgres, tmp_path_factory, say_observed, say_redaction):
    """Give a ledger of nine happenings and a redaction that no test changes."""
    kept = tmp_path_factory.mktemp("model") / "checkpoint.json"
    with fresh_database(postgres) as made:
        PostgresLedger.create(made)
        ledger = PostgresLedger.open(made, signing=KEY, checkpoint=CheckpointFile(kept))
        for number in range(1, 10):
            append(ledger, say_observed(number))
        append(ledger, say_redaction(3, "payload/value"))
        yield ledger


@pytest.fixture
def ledger(postgres, model, tmp_path):
    """Give a copy of it that a test may change."""
    checkpoint = CheckpointFile(shutil.copy(model.checkpoint.path, tmp_path / "checkpoint.json"))
    with fresh_database(postgres, model.address) as made:
        yield PostgresLedger.open(made, signing=KEY, checkpoint=checkpoint)


def append(ledger, *happenings):
    """Append in one transaction."""
    with ledger.transaction(TRIAL) as opened:
        return opened.append(happenings, **ENTRY)


def as_owner(ledger, *statements, guards=True):
    """Change the database behind the ledger's back, as its owner can."""
    with closing(connect(ledger.address)) as raw:
        if guards:
            raw.execute("SET session_replication_role = replica")
        for statement in statements:
            raw.execute(statement)


NEW = (
    "INSERT INTO happenings (format, trial, sequence, entered_at, happened_on, actor, role, site, "
    "act, subject, schema, protocol, software, previous, hash, commitments) "
    "SELECT format, trial, {sequence}, entered_at, happened_on, 'mallory', role, site, act, "
    "subject, schema, protocol, software, {previous}, hash, commitments FROM happenings "
    "WHERE sequence = 3"
)
VALUE = "INSERT INTO field_values (trial, sequence, path, salt, value) VALUES ('NCT00000001', "


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE happenings SET actor = 'mallory' WHERE sequence = 3",
        "UPDATE happenings SET actor = actor",
        "DELETE FROM happenings WHERE sequence = 10",
        "TRUNCATE happenings CASCADE",
        "TRUNCATE field_values",
        "TRUNCATE heads",
        NEW.format(sequence=3, previous="previous"),
        NEW.format(sequence=12, previous="hash"),
        NEW.format(sequence=11, previous="previous"),
        NEW.format(sequence=11, previous="repeat('a', 64)"),
        "UPDATE heads SET hash = hash",
        "DELETE FROM heads WHERE sequence = 10",
        "INSERT INTO heads SELECT trial, 11, 11, hash, signed_at, key_id, signature FROM heads "
        "WHERE sequence = 3",
        "INSERT INTO heads SELECT trial, 3, 3, hash, signed_at, key_id, signature FROM heads "
        "WHERE sequence = 3",
        "DELETE FROM field_values",
        "UPDATE field_values SET value = '1' WHERE sequence = 4 AND path = 'payload/value'",
        "UPDATE field_values SET value = NULL WHERE sequence = 4 AND path = 'payload/value'",
        "UPDATE field_values SET salt = NULL, value = NULL WHERE sequence = 4",
        # happening 10 redacts payload/value of 3; it is signed, so its own transaction is over
        "UPDATE field_values SET salt = NULL, value = NULL WHERE sequence = 3",
        f"{VALUE}3, 'payload/more', '{SALT}', '1')",
        f"{VALUE}10, 'payload/more', '{SALT}', '1')",
        f"{VALUE}10, 'payload/more', NULL, NULL)",
        f"{VALUE}10, 'payload/sequence', '{SALT}', '1')",
    ],
)
def test_the_database_refuses_every_change(model, statement):
    """By its guards or keys, through any connection; and nothing was changed."""
    before = list(model.export_lines(TRIAL))

    with pytest.raises((psycopg.errors.RaiseException, psycopg.IntegrityError)):
        as_owner(model, statement, guards=False)

    assert list(model.export_lines(TRIAL)) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER happenings_stay ON happenings",
        "ALTER TABLE happenings DISABLE TRIGGER happenings_remain",
        "CREATE OR REPLACE FUNCTION heads_stay() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'",
        "CREATE RULE quiet AS ON DELETE TO heads DO INSTEAD NOTHING",
        "ALTER TABLE field_values ADD COLUMN more text",
        "ALTER TABLE field_values ALTER COLUMN path DROP NOT NULL",
        "ALTER TABLE happenings ALTER COLUMN sequence TYPE integer",
        "ALTER TABLE field_values DROP CONSTRAINT field_values_trial_sequence_path_key",
        "CREATE TABLE more (x text)",
    ],
)
def test_every_changed_guard_is_seen(model, statement):
    """Whatever an owner adds, drops, replaces or switches off."""
    with closing(connect(model.address)) as raw, raw.transaction(force_rollback=True):
        session = PostgresSession(raw)
        assert session.guards_stand()
        raw.execute(statement)
        assert not session.guards_stand()


def test_nothing_is_appended_without_the_guards(ledger, say_observed):
    """Owners can change the schema; the software notices before it builds on it."""
    as_owner(ledger, "DROP TRIGGER happenings_stay ON happenings", guards=False)

    kinds = {found.kind for found in ledger.verify(TRIAL).discoveries}

    assert kinds == {Tampering.GUARD_REMOVED}
    with pytest.raises(Refusal, match="tables or triggers were changed"):
        append(ledger, say_observed(11))


@pytest.mark.parametrize(
    ("statements", "kind"),
    [
        (["UPDATE happenings SET actor = 'mallory' WHERE sequence = 4"], Tampering.ENVELOPE_EDITED),
        (
            ["UPDATE field_values SET value = '7' WHERE sequence = 4 AND path = 'payload/value'"],
            Tampering.VALUE_EDITED,
        ),
        (
            [
                "DELETE FROM field_values WHERE sequence = 10",
                "DELETE FROM heads WHERE sequence = 10",
                "DELETE FROM happenings WHERE sequence = 10",
            ],
            Tampering.TAIL_CUT,
        ),
    ],
)
def test_what_an_owner_changes_behind_its_back_is_found(ledger, statements, kind):
    """With triggers passed over by a superuser."""
    as_owner(ledger, *statements)

    assert kind in {found.kind for found in ledger.verify(TRIAL).broken}


def test_a_redacted_value_leaves_the_tables(ledger, say_redaction):
    """The old row version may stay in the heap until the scrub; after it, it is gone."""
    with closing(connect(ledger.address)) as raw:
        (folder,) = raw.execute("SHOW data_directory").fetchone()

        def heap():
            (file,) = raw.execute("SELECT pg_relation_filepath('field_values')").fetchone()
            raw.execute("CHECKPOINT")
            return (Path(folder) / file).read_bytes()

        assert b'"96"' in heap()
        append(ledger, say_redaction(6, "payload/value"))
        ledger.scrub()
        assert b'"96"' not in heap()
    assert ledger.verify(TRIAL, every_signature=True).is_intact
    assert '"96"' not in "".join(ledger.export_lines(TRIAL))


def marks(raw, folder):
    """Count what is left of the redacted value in every file of the database."""
    raw.execute("CHECKPOINT")
    return sum(one.read_bytes().count(MARK) for one in folder.rglob("*") if one.is_file())


@pytest.fixture
def erased(ledger, say_observed, say_redaction, monkeypatch):
    """Give a ledger with a value that is redacted by `redact`, and a count of what is left."""
    monkeypatch.setattr(postgres_scrubbing, "_PAUSES", (0, 0.1, 0.3))
    with closing(connect(ledger.address)) as raw:
        (place,) = raw.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
        marked = replace(say_observed(11), payload={"value": MARK.decode()})
        sequences = [append(ledger, marked).sequence for _ in range(3)]

        def redact():
            for sequence in sequences:
                append(ledger, say_redaction(sequence, "payload/value"))

        yield ledger, redact, lambda: marks(raw, Path(place))


def snapshot(address):
    """Hold a snapshot from now on."""
    other = psycopg.connect(address, autocommit=True)
    other.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    other.execute("SELECT 1 FROM pg_class LIMIT 1")
    return other


def test_a_scrub_says_who_still_sees_what_was_erased(erased):
    """`VACUUM FULL` keeps it for them without a word; once they are gone, it is gone."""
    ledger, redact, left = erased
    with closing(snapshot(ledger.address)) as other:
        redact()
        pid = other.info.backend_pid

        with pytest.raises(Refusal, match=f"held by session {pid} of postgres") as refused:
            ledger.scrub()

        assert "still in the tables" in str(refused.value)
        assert left() > 0
    ledger.scrub()
    assert left() == 0
    assert ledger.verify(TRIAL, every_signature=True).is_intact


def test_a_scrub_waits_for_a_snapshot_that_ends(erased, monkeypatch):
    """One that the server takes by itself, to sample a table, ends within seconds."""
    ledger, redact, left = erased
    other = snapshot(ledger.address)
    redact()
    pauses = []

    def wait(seconds):
        """End the other session at the second look."""
        pauses.append(seconds)
        if len(pauses) == 2:
            other.close()

    monkeypatch.setattr(postgres_scrubbing.time, "sleep", wait)
    ledger.scrub()

    assert len(pauses) >= 2
    assert left() == 0


def test_a_snapshot_of_another_database_holds_nothing(erased, postgres):
    """Row versions of a table are kept for its own database alone."""
    ledger, redact, left = erased
    with closing(snapshot(postgres)):
        redact()
        ledger.scrub()

        assert left() == 0


def test_no_sample_of_an_erased_value_is_left(erased):
    """The server samples columns for its planner: never those of values; older ones are dropped."""
    ledger, redact, left = erased
    with closing(connect(ledger.address)) as raw:
        raw.execute("ANALYZE field_values")
        sampled = raw.execute(
            "SELECT attname FROM pg_stats WHERE tablename = 'field_values'"
        ).fetchall()
        assert {name for (name,) in sampled}.isdisjoint({"salt", "value"})
        for column in ("salt", "value"):
            raw.execute(f"ALTER TABLE field_values ALTER COLUMN {column} SET STATISTICS 100")
        raw.execute("ANALYZE field_values")
        redact()

        ledger.scrub()

    assert left() == 0
    assert ledger.verify(TRIAL).is_intact


@pytest.fixture
def as_account(ledger, postgres):
    """Give the ledger as another account opens it, and the right to change what that may do."""
    with (
        closing(psycopg.connect(postgres, autocommit=True)) as server,
        closing(psycopg.connect(ledger.address, autocommit=True)) as owner,
    ):
        server.execute("CREATE ROLE keeper LOGIN")
        try:
            owner.execute("GRANT USAGE ON SCHEMA trialwright_ledger TO keeper")
            owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA trialwright_ledger TO keeper")
            address = ledger.address.replace("//postgres", "//keeper", 1)
            yield PostgresLedger.open(address), owner.execute
        finally:
            owner.execute("REASSIGN OWNED BY keeper TO postgres")
            owner.execute("DROP OWNED BY keeper")
            server.execute("DROP ROLE keeper")


def test_an_account_that_may_not_rewrite_is_told(erased, as_account):
    """The server itself only warns, and leaves the tables as they are."""
    redact, left = erased[1:]
    guest, allow = as_account
    redact()

    with pytest.raises(Refusal, match="an account that may not do this"):
        guest.scrub()
    allow("ALTER SCHEMA trialwright_ledger OWNER TO keeper")
    allow("ALTER TABLE trialwright_ledger.field_values OWNER TO keeper")
    with pytest.raises(Refusal, match="did not rewrite for this account"):
        guest.scrub()

    (name,) = allow("SELECT current_database()").fetchone()
    allow(f"ALTER DATABASE {name} OWNER TO keeper")
    guest.scrub()
    assert left() == 0


def test_an_ordinary_account_is_told_who_holds_it(erased, as_account):
    """Though what other accounts do is hidden from it, the age of their snapshots is not."""
    ledger, redact, left = erased
    keeper, allow = as_account
    (name,) = allow("SELECT current_database()").fetchone()
    for what in ("SCHEMA trialwright_ledger", "TABLE trialwright_ledger.field_values",
                 f"DATABASE {name}"):  # fmt: skip
        allow(f"ALTER {what} OWNER TO keeper")
    with closing(snapshot(ledger.address)):
        redact()

        with pytest.raises(Refusal, match=r"held by session [0-9]+ of postgres"):
            keeper.scrub()

        assert left() > 0
    keeper.scrub()
    assert left() == 0


def test_a_backup_is_a_ledger_in_a_file(ledger, tmp_path):
    """Row for row, erased values as erased, verified with every signature."""
    reports = backup(ledger, tmp_path / "copy")

    copy = SqliteLedger.read_copy(tmp_path / "copy", keys=[KEY.verifying])
    assert all(report.is_intact for report in reports)
    assert list(copy.export_lines(TRIAL)) == list(ledger.export_lines(TRIAL))
    drilled = restore_drill(tmp_path / "copy", tmp_path, keys=[KEY.verifying])
    assert all(report.is_intact for report in drilled)


def test_a_backup_is_restored_into_another_database(ledger, postgres, tmp_path, say_observed):
    """And the work goes on there."""
    backup(ledger, tmp_path / "copy")
    with fresh_database(postgres) as other:
        reports = PostgresLedger.restore(
            tmp_path / "copy", other, keys=ledger.keys, checkpoint=ledger.checkpoint
        )
        restored = PostgresLedger.open(other, signing=KEY, checkpoint=ledger.checkpoint)

        assert all(report.is_intact for report in reports)
        assert list(restored.export_lines(TRIAL)) == list(ledger.export_lines(TRIAL))
        assert append(restored, say_observed(11)).sequence == 11
        assert restored.verify(TRIAL, every_signature=True).is_intact
        with pytest.raises(Refusal, match="a ledger in this database"):
            PostgresLedger.restore(tmp_path / "copy", other, keys=ledger.keys)


def test_a_backup_moves_from_one_database_to_the_other_kind(ledger, tmp_path):
    """What was in PostgreSQL goes on in a file."""
    backup(ledger, tmp_path / "copy")

    reports = restore(tmp_path / "copy", tmp_path / "moved", keys=ledger.keys)

    moved = SqliteLedger.open(tmp_path / "moved", signing=KEY)
    assert all(report.is_intact for report in reports)
    assert moved.head(TRIAL) == ledger.head(TRIAL)


def test_a_second_writer_waits_for_the_first(ledger, say_observed):
    """The lock is the trial's row: nothing is appended between look and append."""
    order, entered = [], threading.Event()

    def late():
        entered.wait(20)
        append(ledger, say_observed(12))
        order.append("late")

    waiting = threading.Thread(target=late)
    waiting.start()
    with ledger.transaction(TRIAL) as opened:
        entered.set()
        waiting.join(1)
        order.append("first")
        opened.append([say_observed(11)], **ENTRY)
    waiting.join(20)

    assert order == ["first", "late"]
    assert [one.sequence for one in ledger.records(TRIAL, 10)] == [11, 12]


def test_counting_before_the_lock_overfills(ledger, say_observed):
    """The negative control: who looks before the lock sees places that are taken by then."""
    free = threading.Barrier(4)

    def ask(number):
        taken = sum(1 for _ in ledger.records(TRIAL)) - 10
        free.wait(20)
        if taken < 1:
            append(ledger, say_observed(number))

    racers = [threading.Thread(target=ask, args=(number,)) for number in range(11, 15)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sum(1 for _ in ledger.records(TRIAL)) - 10 == 4


def test_the_address_is_never_shown(ledger):
    """It may hold a password."""
    for address in ("postgresql://m:secret@127.0.0.1:1/none", "postgresql://m:secret@nowhere/x"):
        with pytest.raises(Refusal) as refused:
            PostgresLedger.open(address)
        assert "secret" not in str(refused.value)
    assert ledger.address not in repr(ledger)


def test_a_database_without_a_ledger_is_refused(address):
    """With what to do."""
    with pytest.raises(Refusal, match="no ledger"):
        PostgresLedger.open(address)
    PostgresLedger.create(address)
    with pytest.raises(Refusal, match="a ledger in this database"):
        PostgresLedger.create(address)
