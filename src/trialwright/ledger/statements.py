"""What is asked and written in the tables of a ledger, in SQL that every database of it reads.

`?` stands for a value, `group_concat` joins texts, and `json_array` writes values as JSON; a
database with another mark or word puts its own. No statement that joins says in which order; within
a row it is the same for each column.
"""

LINE = "\n"
"""What joins paths and values to be read; canonical JSON holds none."""

SEAM = "\x7f"
"""What joins paths and values to be verified: quoted it stays one sign, which a text is parted at
fastest, and hardly any text holds it."""

GAP = " "
"""What joins salts to be verified: who reads hexadecimal digits as bytes passes over it."""

TRIALS = "SELECT DISTINCT trial FROM happenings ORDER BY trial"
LINKS = """
SELECT format, trial, sequence, entered_at, happened_on, actor, role, site, act, subject, schema,
  protocol, software, previous, hash, commitments
FROM happenings WHERE trial = ? AND sequence > ? ORDER BY sequence, entry LIMIT ?"""
ENVELOPES = """
SELECT sequence, entered_at, happened_on, act, subject,
  CAST(json_array(format, actor, role, site, schema, protocol, software) AS TEXT)
FROM happenings WHERE trial = ? AND sequence > ? ORDER BY sequence, entry LIMIT ?"""
NEWEST = "SELECT coalesce(max(sequence), 0) FROM happenings WHERE trial = ?"
ACT = "SELECT act FROM happenings WHERE trial = ? AND sequence = ?"
HASH = "SELECT hash FROM happenings WHERE trial = ? AND sequence = ?"
FIELDS = """
SELECT sequence, path, salt, value FROM field_values
WHERE trial = ? AND sequence BETWEEN ? AND ? ORDER BY sequence, path"""
VALUES = """
SELECT sequence, path, value FROM field_values
WHERE trial = ? AND sequence BETWEEN ? AND ? ORDER BY sequence, path"""
JOINED = f"""
SELECT sequence, count(*), group_concat(path, '{LINE}'),
  group_concat(coalesce(value, 'null'), '{LINE}')
FROM field_values WHERE trial = ? AND sequence BETWEEN ? AND ? GROUP BY sequence"""  # noqa: S608
SEALED = f"""
SELECT sequence, count(*), group_concat(path, '{SEAM}'), group_concat(coalesce(salt, ''), '{GAP}'),
  group_concat(coalesce(value, ''), '{SEAM}')
FROM field_values WHERE trial = ? AND sequence BETWEEN ? AND ? GROUP BY sequence"""  # noqa: S608
SEQUENCES = "SELECT sequence FROM happenings WHERE trial = ? AND sequence > 0 ORDER BY sequence"
REDACTED_AFTER = """
SELECT EXISTS (SELECT 1 FROM happenings WHERE trial = ? AND sequence > ? AND act = 'redacted')"""
FIELD = "SELECT salt, value FROM field_values WHERE trial = ? AND sequence = ? AND path = ?"
HEADS = """
SELECT trial, first, sequence, hash, signed_at, key_id, signature
FROM heads WHERE trial = ? AND sequence > ? ORDER BY sequence"""
HAS_SIGNED = "SELECT EXISTS (SELECT 1 FROM heads WHERE trial = ? AND key_id = ?)"

PUT_LINK = """
INSERT INTO happenings (format, trial, sequence, entered_at, happened_on, actor, role, site, act,
  subject, schema, protocol, software, previous, hash, commitments)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PUT_FIELD = """
INSERT INTO field_values (trial, sequence, path, salt, value) VALUES (?, ?, ?, ?, ?)"""
PUT_HEAD = """
INSERT INTO heads (trial, first, sequence, hash, signed_at, key_id, signature)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
ERASE = """
UPDATE field_values SET salt = NULL, value = NULL
WHERE trial = ? AND sequence = ? AND path = ?"""
