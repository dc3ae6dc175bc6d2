"""What the owner of the file could do to a ledger, behind its back."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

from trialwright.ledger import chain, rows, sqlite_file
from trialwright.ledger.commitments import Opening, commitment, read_commitments
from trialwright.ledger.receipts import sign
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite_session import SqliteSession

TRIAL = "NCT00000001"
FOREIGN = SigningKey(b"\x07" * 32)

ERASE = "UPDATE field_values SET salt = NULL, value = NULL WHERE sequence = {} AND path = '{}'"
ADD_FIELD = (
    "INSERT INTO field_values (trial, sequence, path, salt, value) VALUES (?, 4, ?, ?, ?)",
    (TRIAL, "payload/more", "ab" * 32, "1"),
)


def put(sequence, path, value, table="field_values", column="value"):
    """Write the statement that changes one entry."""
    where = f"WHERE sequence = {sequence}" + (f" AND path = '{path}'" if path else "")
    return (f"UPDATE {table} SET {column} = ? {where}", (value,))  # noqa: S608


def rechain(bench, start, edit, key=None, keep_hashes=False):
    """Edit a happening and forge everything after it anew, as somebody with the software could.

    Heads from there on get the new hash; their signature too when there is a key.
    """
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED)) as raw:
        links = list(rows.links(SqliteSession(raw), TRIAL))
        heads = rows.heads(SqliteSession(raw), TRIAL)
    statements, previous = [], links[start - 2].hash if start > 1 else chain.NO_HASH
    hashes = {}
    for link in links[start - 1 :]:
        envelope, openings = edit(link) if link is links[start - 1] else (None, None)
        envelope, openings = envelope or link.envelope, openings or link.openings
        commitments = {path: commitment(path, one) for path, one in openings.items()}
        own = chain.link_hash(envelope, previous, commitments)
        sequence = envelope.sequence
        statements.append(put(sequence, "", envelope.actor, "happenings", "actor"))
        statements.append(put(sequence, "", previous, "happenings", "previous"))
        statements.append(put(sequence, "", own, "happenings", "hash"))
        text = json.dumps(commitments, sort_keys=True, separators=(",", ":"))
        statements.append(put(sequence, "", text, "happenings", "commitments"))
        statements += [put(sequence, path, one.value) for path, one in openings.items()]
        previous = hashes[sequence] = own
    for head in heads:
        if head.sequence in hashes and not keep_hashes:
            signer = key or FOREIGN
            forged = sign(
                signer, TRIAL, head.first, head.sequence, hashes[head.sequence], head.signed_at
            )
            signature = forged.signature if key else head.signature
            key_id = forged.key_id if key else head.key_id
            statements.append(put(head.sequence, "", forged.hash, "heads", "hash"))
            statements.append(put(head.sequence, "", signature, "heads", "signature"))
            statements.append(put(head.sequence, "", key_id, "heads", "key_id"))
    bench.as_owner(*statements)


def other_value(link):
    """Edit a value in place."""
    edited = link.openings["payload/value"]._replace(value='"55"')
    return link.envelope, {**link.openings, "payload/value": edited}


def other_actor(link):
    """Edit the envelope in place."""
    return replace(link.envelope, actor="mallory"), link.openings


def forged_append(bench, key=None):
    """Append a happening by hand, with a head by a key of one's own if any."""
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED)) as raw:
        last = list(rows.links(SqliteSession(raw), TRIAL))[-1]
    envelope = replace(last.envelope, sequence=last.envelope.sequence + 1, actor="mallory")
    fields = {path: json.loads(one.value) for path, one in last.openings.items()}
    link = chain.forge(envelope, last.hash, fields, bench.salts)
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED, is_writing=True)) as raw:
        rows.put(SqliteSession(raw), link)
        if key:
            place = envelope.sequence
            raw_head = sign(key, TRIAL, place, place, link.hash, envelope.entered_at)
            rows.put_head(SqliteSession(raw), raw_head)


def swap(one, other, table="happenings"):
    """Write the statements that exchange two sequence numbers."""
    return [
        f"UPDATE {table} SET sequence = 9999 WHERE sequence = {one}",  # noqa: S608
        f"UPDATE {table} SET sequence = {one} WHERE sequence = {other}",  # noqa: S608
        f"UPDATE {table} SET sequence = {other} WHERE sequence = 9999",  # noqa: S608
    ]


def drop(sequence, tables=("field_values", "heads", "happenings")):
    """Write the statements that delete a happening with all that belongs to it."""
    return [f"DELETE FROM {table} WHERE sequence = {sequence}" for table in tables]  # noqa: S608


def close_ranks(after):
    """Write the statements that renumber everything after a deleted happening."""
    return [
        f"UPDATE {table} SET sequence = sequence - 1 WHERE sequence > {after}"  # noqa: S608
        for table in ("field_values", "happenings")
    ]


def edited_commitment(bench):
    """Change one digit of a commitment of happening 4."""
    with closing(sqlite3.connect(bench.path)) as raw:
        (text,) = raw.execute("SELECT commitments FROM happenings WHERE sequence = 4").fetchone()
    commitments = json.loads(text)
    digits = commitments["payload/unit"]
    commitments["payload/unit"] = ("1" if digits[0] == "0" else "0") + digits[1:]
    spelled = json.dumps(commitments, sort_keys=True, separators=(",", ":"))
    bench.as_owner(put(4, "", spelled, "happenings", "commitments"))


def both_edited(bench):
    """Change a value and its commitment together, not the hash."""
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED)) as raw:
        link = list(rows.links(SqliteSession(raw), TRIAL))[3]
    commitments = read_commitments(link.commitments)
    opening = Opening(link.openings["payload/unit"].salt, '"mg/dL"')
    commitments["payload/unit"] = commitment("payload/unit", opening)
    spelled = json.dumps(commitments, sort_keys=True, separators=(",", ":"))
    bench.as_owner(
        put(4, "", spelled, "happenings", "commitments"), put(4, "payload/unit", '"mg/dL"')
    )


def moved(bench, one, other):
    """Exchange salt and value of two fields."""
    with closing(sqlite3.connect(bench.path)) as raw:
        read = "SELECT salt, value FROM field_values WHERE sequence = ? AND path = ?"
        first, second = raw.execute(read, one).fetchone(), raw.execute(read, other).fetchone()
    write = "UPDATE field_values SET salt = ?, value = ? WHERE sequence = ? AND path = ?"
    bench.as_owner((write, (*second, *one)), (write, (*first, *other)))


def rechain_one(bench, sequence):
    """Edit one happening with its own hash, not those after it."""
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED)) as raw:
        link = list(rows.links(SqliteSession(raw), TRIAL))[sequence - 1]
    envelope = replace(link.envelope, actor="mallory")
    own = chain.link_hash(envelope, link.previous, read_commitments(link.commitments))
    bench.as_owner(
        put(sequence, "", "mallory", "happenings", "actor"),
        put(sequence, "", own, "happenings", "hash"),
    )


def drop_guard(bench):
    """Drop one trigger and leave it so."""
    with closing(sqlite3.connect(bench.path)) as raw:
        raw.execute("DROP TRIGGER heads_stay")
