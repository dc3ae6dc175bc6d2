"""The SQL of the ledger on SQLite: three tables, and triggers that refuse every change.

Triggers keep honest software honest; an owner of the file can drop them. That is found by
`verify`, which also compares the schema with this text.

`field_values` is an ordinary table that only grows at its end, not one WITHOUT ROWID: measured
(docs/decisions/0004), pages of the latter kept erased bytes in spite of `secure_delete`.
"""

from trialwright.ledger.statements import GAP, SEAM

APPLICATION_ID = 0x54574C47
"""`TWLG`, in the header of the file."""

SCHEMA_VERSION = 1
"""Number of the tables' form (`user_version`); not that of the record format."""

_TABLES = (
    """
CREATE TABLE happenings (
  entry INTEGER PRIMARY KEY NOT NULL,
  format INTEGER NOT NULL CHECK (format >= 1),
  trial TEXT NOT NULL CHECK (
    length(trial) BETWEEN 1 AND 64 AND trial NOT GLOB '*[^A-Za-z0-9._-]*'
  ),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  entered_at TEXT NOT NULL CHECK (
    length(entered_at) = 24 AND entered_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T*Z'
    AND substr(entered_at, 12) GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9]Z'
  ),
  happened_on TEXT NOT NULL CHECK (
    happened_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'
  ),
  actor TEXT NOT NULL CHECK (
    length(actor) BETWEEN 1 AND 64 AND actor NOT GLOB '*[^A-Za-z0-9._@+-]*'
  ),
  role TEXT NOT NULL CHECK (
    length(role) BETWEEN 1 AND 64 AND role NOT GLOB '*[^A-Za-z0-9 ._/-]*'
  ),
  site TEXT NOT NULL CHECK (
    length(site) BETWEEN 1 AND 64 AND site NOT GLOB '*[^A-Za-z0-9._/-]*'
  ),
  act TEXT NOT NULL CHECK (
    length(act) BETWEEN 1 AND 64 AND act NOT GLOB '*[^a-z0-9_]*'
  ),
  subject TEXT NOT NULL CHECK (
    length(subject) BETWEEN 1 AND 64 AND subject NOT GLOB '*[^A-Za-z0-9._/-]*'
  ),
  schema INTEGER NOT NULL CHECK (schema >= 1),
  protocol TEXT NOT NULL CHECK (length(protocol) = 64 AND protocol NOT GLOB '*[^0-9a-f]*'),
  software TEXT NOT NULL CHECK (
    length(software) BETWEEN 1 AND 64 AND software NOT GLOB '*[^A-Za-z0-9 ._/+@:-]*'
  ),
  previous TEXT NOT NULL CHECK (length(previous) = 64 AND previous NOT GLOB '*[^0-9a-f]*'),
  hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  commitments TEXT NOT NULL CHECK (length(commitments) > 2),
  UNIQUE (trial, sequence)
) STRICT""",
    """
CREATE TABLE field_values (
  entry INTEGER PRIMARY KEY NOT NULL,
  trial TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  path TEXT NOT NULL CHECK (length(path) BETWEEN 1 AND 1000),
  salt TEXT CHECK (salt IS NULL OR (length(salt) = 64 AND salt NOT GLOB '*[^0-9a-f]*')),
  value TEXT CHECK (value IS NULL OR length(value) >= 1),
  CHECK ((salt IS NULL) = (value IS NULL)),
  UNIQUE (trial, sequence, path),
  FOREIGN KEY (trial, sequence) REFERENCES happenings (trial, sequence)
) STRICT""",
    """
CREATE TABLE heads (
  trial TEXT NOT NULL,
  first INTEGER NOT NULL CHECK (first >= 1),
  sequence INTEGER NOT NULL CHECK (sequence >= first),
  hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  signed_at TEXT NOT NULL CHECK (length(signed_at) = 24),
  key_id TEXT NOT NULL CHECK (length(key_id) = 64 AND key_id NOT GLOB '*[^0-9a-f]*'),
  signature TEXT NOT NULL CHECK (length(signature) = 128 AND signature NOT GLOB '*[^0-9a-f]*'),
  PRIMARY KEY (trial, sequence),
  FOREIGN KEY (trial, sequence) REFERENCES happenings (trial, sequence)
) STRICT, WITHOUT ROWID""",
)

# INSERT OR REPLACE deletes the row in its way without asking the DELETE triggers: so the INSERT
# triggers refuse every key that is taken, the row number included.
_GUARDS = (
    """
CREATE TRIGGER happenings_stay BEFORE UPDATE ON happenings
BEGIN SELECT raise(ABORT, 'a happening is never changed'); END""",
    """
CREATE TRIGGER happenings_remain BEFORE DELETE ON happenings
BEGIN SELECT raise(ABORT, 'a happening is never deleted'); END""",
    """
CREATE TRIGGER happenings_follow BEFORE INSERT ON happenings
WHEN EXISTS (SELECT 1 FROM happenings WHERE entry = NEW.entry)
  OR NEW.sequence <>
    (SELECT coalesce(max(sequence), 0) + 1 FROM happenings WHERE trial = NEW.trial)
  OR NEW.previous <> coalesce(
    (SELECT hash FROM happenings WHERE trial = NEW.trial AND sequence = NEW.sequence - 1),
    '0000000000000000000000000000000000000000000000000000000000000000'
  )
BEGIN SELECT raise(ABORT, 'a happening follows the one before, with the next number'); END""",
    """
CREATE TRIGGER heads_stay BEFORE UPDATE ON heads
BEGIN SELECT raise(ABORT, 'a head is never changed'); END""",
    """
CREATE TRIGGER heads_remain BEFORE DELETE ON heads
BEGIN SELECT raise(ABORT, 'a head is never deleted'); END""",
    """
CREATE TRIGGER heads_follow BEFORE INSERT ON heads
WHEN NEW.first <> (SELECT coalesce(max(sequence), 0) + 1 FROM heads WHERE trial = NEW.trial)
  OR NEW.sequence <>
    (SELECT coalesce(max(sequence), 0) FROM happenings WHERE trial = NEW.trial)
  OR NEW.hash <>
    (SELECT hash FROM happenings WHERE trial = NEW.trial AND sequence = NEW.sequence)
BEGIN SELECT raise(ABORT, 'a head closes what was appended since the head before'); END""",
    """
CREATE TRIGGER values_remain BEFORE DELETE ON field_values
BEGIN SELECT raise(ABORT, 'a value is never deleted'); END""",
    """
CREATE TRIGGER values_enter BEFORE INSERT ON field_values
WHEN NEW.salt IS NULL OR NEW.value IS NULL
  OR EXISTS (SELECT 1 FROM field_values WHERE entry = NEW.entry)
  OR EXISTS (
    SELECT 1 FROM field_values
    WHERE trial = NEW.trial AND sequence = NEW.sequence AND path = NEW.path
  )
  OR NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM heads WHERE trial = NEW.trial)
BEGIN SELECT raise(ABORT, 'a value enters once, with its happening'); END""",
    # A redaction is still in its own transaction as long as no head is signed over it. A path
    # holds neither quotes nor backslashes, so its JSON text is the path in quotes.
    """
CREATE TRIGGER values_stay BEFORE UPDATE ON field_values
WHEN NEW.salt IS NOT NULL OR NEW.value IS NOT NULL
  OR NEW.entry IS NOT OLD.entry OR NEW.trial IS NOT OLD.trial
  OR NEW.sequence IS NOT OLD.sequence OR NEW.path IS NOT OLD.path
  OR NOT EXISTS (
    SELECT 1 FROM happenings redaction
    JOIN field_values target USING (trial, sequence)
    JOIN field_values field USING (trial, sequence)
    WHERE redaction.trial = OLD.trial AND redaction.sequence > OLD.sequence
      AND redaction.sequence >
        (SELECT coalesce(max(sequence), 0) FROM heads WHERE trial = OLD.trial)
      AND redaction.act = 'redacted'
      AND target.path = 'payload/sequence' AND target.value = CAST(OLD.sequence AS TEXT)
      AND field.path = 'payload/field' AND field.value = '"' || OLD.path || '"'
  )
BEGIN SELECT raise(ABORT, 'a value is only erased, in the transaction of its redaction'); END""",
)

TABLES = tuple(statement.strip() for statement in _TABLES)
"""Statements that make the tables, not guarded yet."""

GUARDS = (
    *(statement.strip() for statement in _GUARDS),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
"""Statements that guard the tables and mark the file as a ledger."""

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
"""Asks for the schema as it stands, guards included."""

SEALED = f"""
SELECT listed.sequence, count(*), group_concat(kept.path, '{SEAM}'),
  group_concat(coalesce(kept.salt, ''), '{GAP}'), group_concat(coalesce(kept.value, ''), '{SEAM}')
FROM field_values listed CROSS JOIN field_values kept NOT INDEXED
WHERE listed.trial = ? AND listed.sequence BETWEEN ? AND ?
  AND kept.entry = listed.entry AND kept.trial = listed.trial
  AND kept.sequence = listed.sequence AND kept.path = listed.path
GROUP BY listed.sequence"""  # noqa: S608
"""Reads fields by their index, each from its row of the table, where both say the same."""

FIELDS = "SELECT count(*) FROM field_values NOT INDEXED"
"""Counts the rows of the table."""

OVERALL = "PRAGMA quick_check(5)"
"""Looks at the form of the file and of every row, and at no index."""

INDEXED = ("PRAGMA integrity_check(happenings)", "PRAGMA integrity_check(heads)")
"""Look at the tables that `OVERALL` and `SEALED` leave, their indexes included."""

EVERYTHING = "PRAGMA integrity_check(5)"
"""Looks at the form of the file, every row, and every index."""
