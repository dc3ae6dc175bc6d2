"""Verifying in spans: whoever looks at a happening, the findings are those of a walk over rows."""

import sqlite3
from contextlib import closing

import pytest
from tests.ledger.tampers import ERASE, TRIAL, put
from tests.ledger.test_tampering import CONTROLS, HEADS, ROWS

from trialwright.assembly.processes import workers
from trialwright.ledger import anchors, looking, rows, spreading
from trialwright.ledger.findings import Tampering
from trialwright.ledger.looking import Stretch
from trialwright.ledger.redaction import REDACTED
from trialwright.ledger.spreading import Span, spans, wrong_with
from trialwright.ledger.sqlite_file import SHARED, connect
from trialwright.ledger.sqlite_session import SqliteSession
from trialwright.ledger.statements import GAP, SEAM
from trialwright.ledger.verify import verify

EVERY = {**ROWS, **HEADS, **CONTROLS}


@pytest.fixture(params=[1, 3, 500])
def pages(request, monkeypatch):
    """Look in several processes at ledgers of any length, in pages of several sizes."""
    monkeypatch.setattr(spreading, "FEW", 1)
    monkeypatch.setattr(spreading, "_PAGES", 1)
    monkeypatch.setattr(anchors, "_TOGETHER", request.param)
    monkeypatch.setattr(rows, "PAGE", request.param)
    return request.param


def by_rows(bench, receipts=()):
    """Verify from a row for each field, with nothing called sound beforehand."""
    with closing(connect(bench.path, SHARED)) as raw:
        session = SqliteSession(raw)
        found = verify(TRIAL, list(rows.links(session, TRIAL)), rows.heads(session, TRIAL),
                       bench.reader.keys, receipts, every_signature=True)  # fmt: skip
        return (*wrong_with(session), *found.discoveries), found.happenings, found.head


def told(report):
    """Give all that a report says."""
    return report.discoveries, report.happenings, report.head


@pytest.mark.parametrize("case", EVERY.values(), ids=EVERY)
def test_each_tampering_is_told_in_the_same_words(filled, pages, case):
    """By one process, by spans, and by a walk over every row: kind, place and reason."""
    case[0](filled)
    expected = by_rows(filled, filled.receipts)

    alone = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True)
    spread = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True, run=map)

    assert expected[0]
    assert told(alone) == expected
    assert told(spread) == expected


def test_signatures_are_checked_where_the_happenings_are(filled, monkeypatch):
    """Each once, in as many parts as there are; the newest alone, where it is asked for."""
    monkeypatch.setattr(spreading, "FEW", 1)
    monkeypatch.setattr(anchors, "_TOGETHER", 2)
    parts = []

    def run(ask, things):
        """Note what is asked."""
        things = list(things)
        parts.append(things)
        return map(ask, things)

    every = filled.reader.verify(TRIAL, every_signature=True, run=run)
    newest = filled.reader.verify(TRIAL, run=map)

    heads = [head for part in parts[-1] for head in part]
    assert [head.sequence for head in heads] == [each.sequence for each in filled.receipts]
    assert {len(part) for part in parts[-1]} == {2}
    assert (every.signatures, newest.signatures) == (len(heads), 1)


def test_a_sound_ledger_with_redactions_is_intact(filled, pages, say_redaction):
    """Redactions far from what they erase, in other spans."""
    for sequence, field in ((2, "payload/value"), (5, "reason"), (9, "source")):
        filled.append(say_redaction(sequence, field))

    report = filled.reader.verify(TRIAL, receipts=filled.receipts, run=map)

    assert told(report) == by_rows(filled, filled.receipts)
    assert (report.is_intact, report.happenings) == (True, 13)


def test_all_but_what_is_erased_or_erases_is_sound_at_a_glance(filled, say_redaction):
    """Else the look would say nothing, and every happening be looked at twice."""
    filled.append(say_redaction(2, "payload/value"))
    with closing(connect(filled.path, SHARED)) as raw:
        (page,) = looking.looked_at(SqliteSession(raw), TRIAL)

    others = [each.envelope for each in page.found if not isinstance(each, Stretch)]

    assert [(each.sequence, each.act) for each in others] == [(2, "observed"), (11, REDACTED)]


@pytest.mark.parametrize(
    "text",
    ["\x7f", "\x1f", "\\u001f", '"\x1f\\', "\x00\x07\n", "%s %% \\", "\u2028é😀\x7f", "a" * 9000],
)
def test_signs_that_join_and_quote_hide_nothing(bench, say_observed, text):
    """Whatever somebody typed verifies, and is found when another text stands in its place."""
    bench.fill((1, 1))
    bench.append(say_observed(3), source={"typed": text, "more": "x"})

    assert bench.reader.verify(TRIAL, receipts=bench.receipts).discoveries == ()
    bench.as_owner(put(3, "source/typed", '"other"'))
    assert [each.kind for each in bench.reader.verify(TRIAL).broken] == [Tampering.VALUE_EDITED]


@pytest.mark.parametrize("columns", [["salt"], ["value"], ["salt", "value"]])
def test_a_joint_moves_nothing_between_two_fields(filled, columns):
    """Two fields of which one holds both parts, and the other one's paths."""
    joined = {}
    with closing(sqlite3.connect(filled.path)) as raw:
        for column in columns:
            (one,), (two,) = raw.execute(
                f"SELECT {column} FROM field_values WHERE sequence = 4 "  # noqa: S608
                "AND path IN ('payload/fact', 'payload/unit') ORDER BY path"
            ).fetchall()
            joined[column] = f"{one}{GAP if column == 'salt' else SEAM}{two}"
    filled.as_owner(
        *(put(4, "payload/fact", text, column=column) for column, text in joined.items()),
        "DELETE FROM field_values WHERE sequence = 4 AND path = 'payload/unit'",
        f"UPDATE field_values SET path = 'payload/fact' || char({ord(SEAM)}) || 'payload/unit' "  # noqa: S608
        "WHERE sequence = 4 AND path = 'payload/fact'",
    )

    report = filled.reader.verify(TRIAL)

    assert told(report) == by_rows(filled)
    assert {each.sequence for each in report.broken} == {4}


@pytest.mark.parametrize(
    "change",
    [
        lambda one, two: (one[:-1], one[-1] + two),
        lambda one, two: (one + two[:1], two[1:]),
        lambda one, two: (f"{one} {two}", ""),
        lambda one, two: (one[:32] + " " + one[32:], two),
        lambda one, two: (one[:-1] + "\t", two),
        lambda one, two: (one[:-2] + "\n\n", two),
        lambda one, two: (one.upper(), two),
        lambda one, two: (two, one),
        lambda one, two: ("g" + one[1:], two),
        lambda one, two: ("\u0661" + one[1:], two),
    ],
)
def test_salts_are_looked_at_one_by_one_though_they_are_read_together(filled, change):
    """No sign goes from one to the other, and none is of another form."""
    paths = ("payload/fact", "payload/unit")
    with closing(sqlite3.connect(filled.path)) as raw:
        salts = [
            raw.execute(
                "SELECT salt FROM field_values WHERE sequence = 4 AND path = ?", (path,)
            ).fetchone()[0]
            for path in paths
        ]
    changed = change(*salts)
    filled.as_owner(
        *(put(4, path, salt, column="salt") for path, salt in zip(paths, changed, strict=True))
    )

    report = filled.reader.verify(TRIAL)

    assert told(report) == by_rows(filled)
    assert {each.sequence for each in report.broken} == {4}


def test_an_order_of_entry_is_looked_at_within_what_is_told_at_once(bench, pages, say_observed):
    """A clock that went back is a warning, wherever a page begins."""
    for number, second in enumerate((20, 10, 15, 15), start=1):
        bench.append(say_observed(number), entered_at=f"2026-03-14T09:26:{second}.000Z")

    report = bench.reader.verify(TRIAL, receipts=bench.receipts, run=map)

    assert [(each.kind, each.sequence) for each in report.discoveries] == [
        (Tampering.CLOCK_BACK, 2)
    ]
    assert told(report) == by_rows(bench, bench.receipts)


@pytest.fixture
def unlisted(filled):
    """Give what changes the table of fields behind its index."""

    def change(statement):
        """Take the index out of the schema, change rows, and put it back."""
        wanted = "SELECT * FROM sqlite_master WHERE name LIKE 'sqlite_autoindex_field_values%'"
        with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
            index = raw.execute(wanted).fetchone()
            table = "SELECT sql FROM sqlite_master WHERE name = 'field_values'"
            (whole,) = raw.execute(table).fetchone()
            guards = raw.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' "
                                 "AND tbl_name = 'field_values'").fetchall()  # fmt: skip
            for name in ("values_stay", "values_remain", "values_enter"):
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute("PRAGMA writable_schema = ON")
            raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE (trial, sequence, "
                        "path),', '') WHERE name = 'field_values'")  # fmt: skip
            raw.execute("DELETE FROM sqlite_master WHERE name = ?", (index[1],))
        with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
            assert raw.execute(statement).rowcount == 1
            raw.execute("PRAGMA writable_schema = ON")
            raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'field_values'", (whole,))
            raw.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", index)
        with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
            for (guard,) in guards:
                raw.execute(guard)

    return change


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE field_values SET path = 'payload/x' WHERE sequence = 4 AND path = 'payload/unit'",
        "UPDATE field_values SET sequence = 5 WHERE sequence = 4 AND path = 'payload/unit'",
        "UPDATE field_values SET trial = 'NCT09' WHERE sequence = 4 AND path = 'payload/unit'",
        "INSERT INTO field_values (trial, sequence, path, salt, value) "
        "SELECT trial, sequence, 'payload/more', salt, value FROM field_values "
        "WHERE sequence = 4 AND path = 'payload/unit'",
    ],
)
def test_a_table_that_says_otherwise_than_its_index_is_damage(filled, pages, unlisted, statement):
    """Who reads through the index sees nothing of it; the look for damage is then a whole one."""
    unlisted(statement)
    expected = by_rows(filled, filled.receipts)

    alone = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True)
    spread = filled.reader.verify(TRIAL, receipts=filled.receipts, every_signature=True, run=map)

    damage = expected[0][0]
    assert (damage.kind, damage.sequence) == (Tampering.DAMAGED, 0)
    assert "SQLite finds" in damage.because
    assert "index" in damage.because
    assert told(alone) == expected
    assert told(spread) == expected


def test_a_row_that_is_gone_behind_its_index_is_damage(filled, pages, unlisted):
    """Reading it fails; so nothing more is told than that."""
    unlisted("DELETE FROM field_values WHERE sequence = 4 AND path = 'payload/unit'")

    for run in (None, map):
        found = filled.reader.verify(TRIAL, receipts=filled.receipts, run=run).broken
        assert found[0].kind is Tampering.DAMAGED
        assert "SQLite finds" in found[0].because


@pytest.fixture
def beside(filled, say_observed):
    """Let the ledger hold another trial beside its own."""
    with filled.ledger.transaction("NCT00000002") as chain:
        chain.append(
            [say_observed(1)], actor="m.chen", role="coordinator", site="mgh", source="page",
            protocol="0" * 64, software="trialwright", entered_at="2026-05-01T09:00:00.000Z",
        )  # fmt: skip


@pytest.mark.usefixtures("beside")
def test_fields_of_another_trial_are_no_damage(filled, pages, monkeypatch):
    """They are not read for this one, so the database looks at all of them, and once."""
    asked, look = [], SqliteSession.damage
    monkeypatch.setattr(
        SqliteSession, "damage", lambda self, **how: asked.append(how) or look(self, **how)
    )
    for run in (None, map):
        asked.clear()
        report = filled.reader.verify(TRIAL, receipts=filled.receipts, run=run)

        assert [each.get("besides_fields", False) for each in asked] == [False]
        assert told(report) == by_rows(filled, filled.receipts)
        assert report.is_intact


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("trial", ["NCT00000001", "NCT00000002"])
def test_an_index_of_two_trials_that_says_otherwise_is_damage(filled, pages, unlisted, trial):
    """Whichever of them is verified, the table and its index differ."""
    unlisted("UPDATE field_values SET path = 'payload/x' WHERE trial = 'NCT00000001' "
             "AND sequence = 4 AND path = 'payload/unit'")  # fmt: skip

    for run in (None, map):
        found = filled.reader.verify(trial, run=run).broken
        assert found[0].kind is Tampering.DAMAGED
        assert "index" in found[0].because


@pytest.mark.parametrize("kind", ["BLOB", "INTEGER"])
def test_a_value_of_another_type_is_found(filled, kind):
    """Text of the same signs is another type in the file: the database itself tells, and where."""
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        guard = raw.execute("SELECT sql FROM sqlite_master WHERE name = 'values_stay'").fetchone()
        raw.execute("DROP TRIGGER values_stay")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '') "
                    "WHERE name = 'field_values'")  # fmt: skip
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'value TEXT', 'value') "
                    "WHERE name = 'field_values'")  # fmt: skip
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        path = "payload/days/#0"
        raw.execute(f"UPDATE field_values SET value = CAST(value AS {kind}) "  # noqa: S608
                    "WHERE sequence = 4 AND path = ?", (path,))  # fmt: skip
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'value CHECK', 'value TEXT CHECK')"
                    " || ' STRICT' WHERE name = 'field_values'")  # fmt: skip
        raw.execute("PRAGMA writable_schema = OFF")
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as raw:
        raw.execute(*guard)

    report = filled.reader.verify(TRIAL, receipts=filled.receipts)

    assert told(report) == by_rows(filled, filled.receipts)
    found = [(each.kind, each.sequence) for each in report.broken]
    assert found == [(Tampering.DAMAGED, 0), (Tampering.VALUE_EDITED, 4)]


def test_a_redaction_meanwhile_makes_one_process_look_again(filled, pages, say_redaction):
    """What is erased while some have looked already would else seem erased without a redaction."""

    def run(ask, things):
        """Redact once the first answer is there."""
        for place, each in enumerate(things):
            if place == 1:
                filled.append(say_redaction(9, "payload/value"))
            yield ask(each)

    report = filled.reader.verify(TRIAL, run=run)

    assert report.broken == ()
    assert report.happenings == 11


def test_what_is_appended_meanwhile_is_left_for_the_next_time(filled, pages, say_observed):
    """The report is of the ledger as it stood when it was begun."""

    def run(ask, things):
        """Append once the first answer is there."""
        for place, each in enumerate(things):
            if place == 1:
                filled.append(say_observed(11))
            yield ask(each)

    report = filled.reader.verify(TRIAL, receipts=filled.receipts[:8], run=run)

    assert report.discoveries == ()
    assert (report.happenings, report.head.sequence) == (10, 10)


def test_a_span_that_cannot_be_read_is_looked_at_by_one_process(filled, pages, monkeypatch):
    """It says where."""
    answers = filled.reader.verify(TRIAL, run=lambda ask, things: [None for _ in things])

    assert told(answers) == told(filled.reader.verify(TRIAL))


def test_processes_find_the_same(filled, pages):
    """What is sent to them and back is whole."""
    filled.as_owner(put(4, "payload/value", '"55"'), ERASE.format(7, "reason"))

    with workers(2) as run:
        report = filled.reader.verify(TRIAL, receipts=filled.receipts, run=run)

    assert told(report) == by_rows(filled, filled.receipts)


@pytest.mark.parametrize(
    ("sequences", "parts"),
    [
        ([], []),
        ([1], [(0, 1)]),
        ([*range(1, 8)], [(0, 3), (3, 6), (6, 7)]),
        ([*range(1, 7)], [(0, 3), (3, 6)]),
        ([1, 2, 3, 3, 4, 9], [(0, 3), (3, 9)]),
        ([2, 10**15], [(0, 10**15)]),
    ],
)
def test_spans_begin_where_pages_do(monkeypatch, sequences, parts):
    """So that each happening is looked at once, and a gap or a number twice is where it was."""
    monkeypatch.setattr(rows, "PAGE", 3)
    monkeypatch.setattr(spreading, "_PAGES", 1)

    assert spans(sequences) == [Span(*each) for each in parts]
