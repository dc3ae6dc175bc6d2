"""Triggers: what the database itself refuses, by raw SQL through another connection."""

import sqlite3
from contextlib import closing

import pytest

from trialwright.ledger.findings import Tampering

TRIAL = "NCT00000001"
NEW = (
    "INSERT {how} INTO happenings ({entry}format, trial, sequence, entered_at, happened_on, actor, "
    "role, site, act, subject, schema, protocol, software, previous, hash, commitments) "
    "SELECT {value}format, trial, {sequence}, entered_at, happened_on, 'mallory', role, site, act, "
    "subject, schema, protocol, software, {previous}, hash, commitments FROM happenings "
    "WHERE sequence = 3"
)
FIELD = (
    "INSERT {how} INTO field_values ({entry}trial, sequence, path, salt, value) "
    "VALUES ({value}'NCT00000001', {sequence}, {path}, '{salt}', '1')"
)
HEAD = (
    "INSERT {how} INTO heads (trial, first, sequence, hash, signed_at, key_id, signature) "
    "SELECT trial, {first}, {sequence}, hash, signed_at, key_id, signature FROM heads "
    "WHERE sequence = 3"
)
SALT = "ab" * 32

REFUSED = [
    "UPDATE happenings SET actor = 'mallory' WHERE sequence = 3",
    "UPDATE OR REPLACE happenings SET sequence = 4 WHERE sequence = 3",
    "UPDATE happenings SET actor = actor",
    "DELETE FROM happenings WHERE sequence = 10",
    "DELETE FROM happenings",
    NEW.format(how="", entry="", value="", sequence=3, previous="previous"),
    NEW.format(how="OR REPLACE", entry="", value="", sequence=3, previous="previous"),
    NEW.format(how="OR REPLACE", entry="entry, ", value="entry, ", sequence=11, previous="hash"),
    NEW.format(how="", entry="", value="", sequence=12, previous="hash"),
    NEW.format(how="", entry="", value="", sequence=11, previous="previous"),
    NEW.format(how="", entry="", value="", sequence=3, previous="previous")
    + " ON CONFLICT DO UPDATE SET actor = 'mallory'",
    "UPDATE heads SET hash = hash",
    "DELETE FROM heads WHERE sequence = 10",
    HEAD.format(how="OR REPLACE", first=3, sequence=3),
    HEAD.format(how="OR REPLACE", first=10, sequence=10),
    HEAD.format(how="", first=11, sequence=11),
    HEAD.format(how="", first=11, sequence=6),
    "DELETE FROM field_values",
    "UPDATE field_values SET value = '1' WHERE sequence = 3 AND path = 'payload/value'",
    "UPDATE field_values SET path = 'payload/other' WHERE path = 'payload/value'",
    "UPDATE field_values SET value = NULL WHERE sequence = 3 AND path = 'payload/value'",
    "UPDATE field_values SET salt = NULL WHERE sequence = 3 AND path = 'payload/value'",
    "UPDATE field_values SET salt = NULL, value = NULL WHERE sequence = 3",
    # happening 9 redacts payload/value of 3: it is signed, so its own transaction is over
    "UPDATE field_values SET salt = NULL, value = NULL WHERE sequence = 4 "
    "AND path = 'payload/value'",
    FIELD.format(how="", entry="", value="", sequence=3, path="'payload/more'", salt=SALT),
    FIELD.format(how="", entry="", value="", sequence=10, path="'payload/more'", salt=SALT),
    FIELD.format(
        how="OR REPLACE", entry="", value="", sequence=10, path="'payload/value'", salt=SALT
    ),
    FIELD.format(
        how="OR REPLACE",
        entry="entry, ",
        value="5, ",
        sequence=10,
        path="'payload/more'",
        salt=SALT,
    ),
    "INSERT INTO field_values (trial, sequence, path, salt, value) "
    "VALUES ('NCT00000001', 11, 'payload/more', NULL, NULL)",
]


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("triggers", ["ON", "OFF"])
def test_the_database_refuses_every_change(filled, statement, triggers):
    """Updates, deletions and replacing insertions fail, whatever the connection's settings."""
    before = list(filled.ledger.export_lines(TRIAL))
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        raw.execute(f"PRAGMA recursive_triggers = {triggers}")
        raw.execute("PRAGMA foreign_keys = OFF")
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)

    assert list(filled.ledger.export_lines(TRIAL)) == before
    assert filled.ledger.verify(TRIAL).is_intact


def test_a_value_is_not_erased_after_its_redaction_is_signed(filled, say_redaction):
    """The door that a redaction opens is shut again by the head of its own transaction."""
    filled.append(say_redaction(3, "payload/value"))
    filled.as_owner(
        ("UPDATE field_values SET salt = ?, value = '1' WHERE salt IS NULL", (SALT,)),
    )

    with (
        closing(sqlite3.connect(filled.path, isolation_level=None)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="in the transaction of its redaction"),
    ):
        raw.execute(
            "UPDATE field_values SET salt = NULL, value = NULL "
            "WHERE sequence = 3 AND path = 'payload/value'"
        )


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("happenings", "subject", "'Jane Roe'"),
        ("happenings", "trial", "'a/b'"),
        ("happenings", "actor", "''"),
        ("happenings", "role", "NULL"),
        ("happenings", "site", "x'00'"),
        ("happenings", "act", "'Done'"),
        ("happenings", "entered_at", "'2026-03-14T09:26:53Z'"),
        ("happenings", "entered_at", "'2026-03-14T09:26:53.5890000'"),
        ("happenings", "happened_on", "'14 March'"),
        ("happenings", "sequence", "'x'"),
        ("happenings", "schema", "0"),
        ("happenings", "format", "0"),
        ("happenings", "hash", "'abc'"),
        ("happenings", "previous", "upper(hash)"),
        ("happenings", "protocol", "NULL"),
        ("happenings", "software", "'a;b'"),
        ("happenings", "commitments", "'{}'"),
        ("field_values", "salt", "NULL"),
        ("field_values", "value", "NULL"),
        ("field_values", "salt", "'xyz'"),
        ("field_values", "value", "''"),
        ("heads", "signature", "'00'"),
        ("heads", "first", "11"),
        ("heads", "signed_at", "''"),
        ("heads", "key_id", "'key'"),
    ],
)
def test_columns_take_no_other_form(filled, table, column, text):
    """Types and checks hold even where a trigger was dropped."""
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            raw.execute(f"DROP TRIGGER {name}")
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(f"UPDATE {table} SET {column} = {text} WHERE sequence = 3")  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER happenings_stay",
        "DROP TRIGGER values_stay",
        "CREATE TABLE more (x)",
        "CREATE TRIGGER more AFTER INSERT ON heads BEGIN SELECT 1; END",
        "CREATE INDEX more ON field_values (value)",
    ],
)
def test_changed_guards_are_found(filled, statement):
    """A dropped trigger or an added table is told, though every happening still fits."""
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        raw.execute(statement)

    report = filled.ledger.verify(TRIAL)

    assert [one.kind for one in report.broken] == [Tampering.GUARD_REMOVED]
