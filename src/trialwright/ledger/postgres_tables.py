"""The SQL of the ledger on PostgreSQL: four tables, and triggers that refuse every change.

As on SQLite, triggers keep honest software honest, and `verify` compares them with this text: the
forms of the columns are checked by the triggers, whose text PostgreSQL keeps as it was given, and
not by CHECK constraints, whose text it writes anew.

`locks` has one row for each trial; whoever appends holds it first.
"""

SCHEMA_NAME = "trialwright_ledger"
"""Schema of the tables, apart from everything else in the database."""

SCHEMA_VERSION = 1
"""Number of the tables' form, as `guards` writes it; not that of the record format."""

_COLUMNS = {
    "happenings": (
        ("entry", "bigint GENERATED ALWAYS AS IDENTITY"),
        ("format", "integer"),
        ("trial", 'text COLLATE "C"'),
        ("sequence", "bigint"),
        *(
            (name, 'text COLLATE "C"')
            for name in ("entered_at", "happened_on", "actor", "role", "site", "act", "subject")
        ),
        ("schema", "integer"),
        *(
            (name, 'text COLLATE "C"')
            for name in ("protocol", "software", "previous", "hash", "commitments")
        ),
    ),
    "field_values": (
        ("entry", "bigint GENERATED ALWAYS AS IDENTITY"),
        ("trial", 'text COLLATE "C"'),
        ("sequence", "bigint"),
        ("path", 'text COLLATE "C"'),
        ("salt", 'text COLLATE "C"'),
        ("value", 'text COLLATE "C"'),
    ),
    "heads": (
        ("trial", 'text COLLATE "C"'),
        ("first", "bigint"),
        ("sequence", "bigint"),
        *((name, 'text COLLATE "C"') for name in ("hash", "signed_at", "key_id", "signature")),
    ),
    "locks": (("trial", 'text COLLATE "C"'),),
    "version": (("number", "integer"),),
}
ERASABLE = ("salt", "value")
"""Columns of `field_values` that a redaction empties; the server may keep no samples of them."""

_MAY_BE_NULL = {("field_values", column) for column in ERASABLE}
_KEYS = {
    "happenings": (
        "PRIMARY KEY (entry)",
        "UNIQUE (trial, sequence)",
    ),
    "field_values": (
        "PRIMARY KEY (entry)",
        "UNIQUE (trial, sequence, path)",
        "FOREIGN KEY (trial, sequence) REFERENCES {schema}.happenings (trial, sequence)",
    ),
    "heads": (
        "PRIMARY KEY (trial, sequence)",
        "FOREIGN KEY (trial, sequence) REFERENCES {schema}.happenings (trial, sequence)",
    ),
    "locks": ("PRIMARY KEY (trial)",),
    "version": ("PRIMARY KEY (number)",),
}

_NEVER = "BEGIN RAISE EXCEPTION '{what}'; END"

_HAPPENINGS_FOLLOW = """
DECLARE
  last record;
BEGIN
  IF NEW.format < 1 OR NEW.schema < 1 OR NEW.sequence < 1
    OR NEW.trial !~ '^[A-Za-z0-9._-]{1,64}$'
    OR NEW.entered_at !~ '^\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d\\.\\d{3}Z$'
    OR NEW.happened_on !~ '^\\d{4}-[01]\\d-[0-3]\\d$'
    OR NEW.actor !~ '^[A-Za-z0-9._@+-]{1,64}$'
    OR NEW.role !~ '^[A-Za-z0-9 ._/-]{1,64}$'
    OR NEW.site !~ '^[A-Za-z0-9._/-]{1,64}$'
    OR NEW.act !~ '^[a-z0-9_]{1,64}$'
    OR NEW.subject !~ '^[A-Za-z0-9._/-]{1,64}$'
    OR NEW.protocol !~ '^[0-9a-f]{64}$'
    OR NEW.software !~ '^[A-Za-z0-9 ._/+@:-]{1,64}$'
    OR NEW.previous !~ '^[0-9a-f]{64}$'
    OR NEW.hash !~ '^[0-9a-f]{64}$'
    OR length(NEW.commitments) < 3
  THEN
    RAISE EXCEPTION 'a happening has the form of the record';
  END IF;
  SELECT sequence, hash INTO last FROM {schema}.happenings
    WHERE trial = NEW.trial ORDER BY sequence DESC LIMIT 1;
  IF NEW.sequence <> coalesce(last.sequence, 0) + 1
    OR NEW.previous <> coalesce(last.hash, repeat('0', 64))
  THEN
    RAISE EXCEPTION 'a happening follows the one before, with the next number';
  END IF;
  RETURN NEW;
END"""

_HEADS_FOLLOW = """
BEGIN
  IF NEW.hash !~ '^[0-9a-f]{64}$' OR length(NEW.signed_at) <> 24
    OR NEW.key_id !~ '^[0-9a-f]{64}$' OR NEW.signature !~ '^[0-9a-f]{128}$'
  THEN
    RAISE EXCEPTION 'a head has the form of a receipt';
  END IF;
  IF NEW.first <> (SELECT coalesce(max(sequence), 0) + 1 FROM {schema}.heads
      WHERE trial = NEW.trial)
    OR NEW.sequence <> (SELECT coalesce(max(sequence), 0) FROM {schema}.happenings
      WHERE trial = NEW.trial)
    OR NEW.hash <> (SELECT hash FROM {schema}.happenings
      WHERE trial = NEW.trial AND sequence = NEW.sequence)
  THEN
    RAISE EXCEPTION 'a head closes what was appended since the head before';
  END IF;
  RETURN NEW;
END"""

_VALUES_ENTER = """
BEGIN
  IF NEW.salt IS NULL OR NEW.salt !~ '^[0-9a-f]{64}$'
    OR NEW.value IS NULL OR length(NEW.value) < 1
    OR length(NEW.path) NOT BETWEEN 1 AND 1000
    OR NEW.sequence <= (SELECT coalesce(max(sequence), 0) FROM {schema}.heads
      WHERE trial = NEW.trial)
  THEN
    RAISE EXCEPTION 'a value enters once, with its happening';
  END IF;
  RETURN NEW;
END"""

# A redaction is still in its own transaction as long as no head is signed over it. A path holds
# neither quotes nor backslashes, so its JSON text is the path in quotes.
_VALUES_STAY = """
BEGIN
  IF NEW.salt IS NOT NULL OR NEW.value IS NOT NULL
    OR NEW.entry IS DISTINCT FROM OLD.entry OR NEW.trial IS DISTINCT FROM OLD.trial
    OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.path IS DISTINCT FROM OLD.path
    OR NOT EXISTS (
      SELECT 1 FROM {schema}.happenings redaction
      JOIN {schema}.field_values target USING (trial, sequence)
      JOIN {schema}.field_values field USING (trial, sequence)
      WHERE redaction.trial = OLD.trial AND redaction.sequence > OLD.sequence
        AND redaction.sequence > (SELECT coalesce(max(sequence), 0) FROM {schema}.heads
          WHERE trial = OLD.trial)
        AND redaction.act = 'redacted'
        AND target.path = 'payload/sequence' AND target.value = OLD.sequence::text
        AND field.path = 'payload/field' AND field.value = '"' || OLD.path || '"'
    )
  THEN
    RAISE EXCEPTION 'a value is only erased, in the transaction of its redaction';
  END IF;
  RETURN NEW;
END"""

_GUARDS = (
    ("happenings_follow", "happenings", "BEFORE INSERT", "ROW", _HAPPENINGS_FOLLOW),
    ("heads_follow", "heads", "BEFORE INSERT", "ROW", _HEADS_FOLLOW),
    ("values_enter", "field_values", "BEFORE INSERT", "ROW", _VALUES_ENTER),
    ("values_stay", "field_values", "BEFORE UPDATE", "ROW", _VALUES_STAY),
    *(
        (
            f"{table}_{name}",
            table,
            f"BEFORE {event}",
            level,
            _NEVER.format(what=f"{what} is never {done}"),
        )
        for table, what, guarded in (
            ("happenings", "a happening", ("UPDATE", "DELETE", "TRUNCATE")),
            ("heads", "a head", ("UPDATE", "DELETE", "TRUNCATE")),
            ("field_values", "a value", ("DELETE", "TRUNCATE")),
        )
        for event, name, level, done in (
            ("UPDATE", "stay", "ROW", "changed"),
            ("DELETE", "remain", "ROW", "deleted"),
            ("TRUNCATE", "whole", "STATEMENT", "emptied"),
        )
        if event in guarded
    ),
)
"""Name, table, event, level and text of each trigger."""


def tables() -> tuple[str, ...]:
    """Give the statements that make the tables, not guarded yet.

    Returns
    -------
    tuple of str
        To be run in one transaction with those of `guards`.
    """
    return (
        f"CREATE SCHEMA {SCHEMA_NAME}",
        *(_table(name) for name in _COLUMNS),
        *(
            f"ALTER TABLE {SCHEMA_NAME}.field_values ALTER COLUMN {column} SET STATISTICS 0"
            for column in ERASABLE
        ),
    )


def guards() -> tuple[str, ...]:
    """Give the statements that guard the tables and mark them as a ledger.

    Returns
    -------
    tuple of str
        In order.
    """
    return (
        *(
            f"CREATE FUNCTION {SCHEMA_NAME}.{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$guard${_named(text)}$guard$"
            for name, _, _, _, text in _GUARDS
        ),
        *(
            f"CREATE TRIGGER {name} {event} ON {SCHEMA_NAME}.{table} FOR EACH {level} "
            f"EXECUTE FUNCTION {SCHEMA_NAME}.{name}()"
            for name, table, event, level, _ in _GUARDS
        ),
        _named("INSERT INTO {schema}.version VALUES (1)"),
    )


def expected() -> frozenset[tuple[str, ...]]:
    """Give what `FOUND` gives while nothing was changed.

    Returns
    -------
    frozenset of tuple of str
        One for each column, key, function and trigger.
    """
    rows: set[tuple[str, ...]] = set()
    for table, columns in _COLUMNS.items():
        for column, kind in columns:
            is_needed = str((table, column) not in _MAY_BE_NULL).lower()
            rows.add(("column", table, column, kind.split()[0], is_needed))
        for key in _KEYS[table]:
            names = key.partition("(")[2].partition(")")[0]
            rows.add(("key", table, key[0].lower(), names, "true"))
    for name, table, event, level, text in _GUARDS:
        rows.add(("function", name, "plpgsql", _named(text), ""))
        rows.add(("trigger", table, name, f"{event} {level}", "O"))
    return frozenset(rows)


def _table(name: str) -> str:
    """Give the statement that makes a table."""
    columns = [
        f"{column} {kind}{'' if (name, column) in _MAY_BE_NULL else ' NOT NULL'}"
        for column, kind in _COLUMNS[name]
    ]
    keys = [_named(key) for key in _KEYS[name]]
    return f"CREATE TABLE {SCHEMA_NAME}.{name} ({', '.join([*columns, *keys])})"


def _named(text: str) -> str:
    """Put the name of the schema into a text, whose other braces stay."""
    return text.replace("{schema}", SCHEMA_NAME)


FOUND = _named("""
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
  a.attnotnull::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'key', c.relname, k.contype::text,
  (SELECT string_agg(a.attname, ', ' ORDER BY place.n)
   FROM unnest(k.conkey) WITH ORDINALITY place(attnum, n)
   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = place.attnum),
  k.convalidated::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = '{schema}'::regnamespace AND k.contype <> 'n'
UNION ALL
SELECT 'function', p.proname, l.lanname, p.prosrc, ''
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = '{schema}'::regnamespace
UNION ALL
SELECT 'trigger', c.relname, t.tgname,
  (CASE WHEN t.tgtype & 2 = 2 THEN 'BEFORE' ELSE 'AFTER' END)
  || (CASE WHEN t.tgtype & 4 = 4 THEN ' INSERT' ELSE '' END)
  || (CASE WHEN t.tgtype & 8 = 8 THEN ' DELETE' ELSE '' END)
  || (CASE WHEN t.tgtype & 16 = 16 THEN ' UPDATE' ELSE '' END)
  || (CASE WHEN t.tgtype & 32 = 32 THEN ' TRUNCATE' ELSE '' END)
  || (CASE WHEN t.tgtype & 1 = 1 THEN ' ROW' ELSE ' STATEMENT' END)
  || (CASE WHEN t.tgqual IS NULL AND p.proname = t.tgname THEN '' ELSE ' of another kind' END),
  t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = '{schema}'::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'rule', c.relname, r.rulename, '', ''
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = '{schema}'::regnamespace""")
"""Asks for columns, keys, functions, triggers and rules as they stand."""
