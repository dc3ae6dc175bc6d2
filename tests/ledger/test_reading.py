"""Reading happenings: joined in the database, put together when somebody looks."""

import copy
import pickle
import threading
from datetime import date

import pytest

from trialwright.conduct.happenings import Happening
from trialwright.ledger import reading, statements
from trialwright.ledger.payloads import LaterPayload, shape_of
from trialwright.ledger.sqlite_session import SqliteSession
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"


def observed(payload):
    """Give a happening with a payload."""
    return Happening("observed", "A-003", date(2026, 3, 14), payload)


def row_by_row(monkeypatch, ledger):
    """Read the ledger from a row for each field."""

    def other(*_):
        """Take every field for one that holds a joint."""
        raise reading._OtherJointsError

    with monkeypatch.context() as patched:
        patched.setattr(reading, "_joined", other)
        return list(ledger.records(TRIAL))


def test_joined_fields_read_as_each_by_itself(filled, monkeypatch, say_redaction):
    """Redacted leaves, reason and source as well, and a source that tells by name."""
    filled.append(say_redaction(3, "payload/days/#1/more"))
    filled.append(say_redaction(3, "reason"))
    filled.append(say_redaction(4, "source"), source={"door": "page", "lines": [3, 4]})

    joined, apart = list(filled.ledger.records(TRIAL)), row_by_row(monkeypatch, filled.ledger)

    assert {type(each.happening.payload) for each in joined} == {LaterPayload}
    assert {type(each.happening.payload) for each in apart} == {dict}
    assert joined == apart
    assert [repr(each) for each in joined] == [repr(each) for each in apart]
    assert joined[2].happening.payload["days"][1] == {"more": None}


@pytest.mark.parametrize("value", ['"a\nb"', "1\n,", "\n"])
def test_a_line_end_in_a_value_moves_no_other_value(filled, monkeypatch, value):
    """No sound ledger holds one; the field that does is refused, and none is taken for another."""
    filled.as_owner(
        ("UPDATE field_values SET value = ? WHERE sequence = 3 AND path = 'payload/fact'", [value])
    )

    with pytest.raises(Refusal, match="happening 3: a field that cannot be read"):
        list(filled.ledger.records(TRIAL))


def test_a_line_end_in_a_path_names_no_other_field(filled):
    """The path is one field still."""
    filled.as_owner(
        "UPDATE field_values SET path = 'payload/fact' || char(10) || 'payload/x' "
        "WHERE sequence = 3 AND path = 'payload/fact'"
    )

    third = list(filled.ledger.records(TRIAL))[2]

    assert third.happening.payload["fact\npayload"] == {"x": "hemoglobin"}


def test_a_path_parted_at_its_line_end_is_none(filled):
    """Its parts contradict the paths beside it; the path itself does not."""
    filled.as_owner(
        "UPDATE field_values SET path = 'payload/fact' || char(10) || 'payload/days' "
        "WHERE sequence = 3 AND path = 'payload/fact'"
    )

    third = list(filled.ledger.records(TRIAL))[2]

    assert third.happening.payload["fact\npayload"] == {"days": "hemoglobin"}


def test_a_leaf_that_cannot_be_read_is_refused_at_each_look(filled):
    """Reading goes on; who looks is told which happening, however often."""
    filled.as_owner(
        "UPDATE field_values SET value = '{' WHERE sequence = 3 AND path = 'payload/fact'"
    )
    third = list(filled.ledger.records(TRIAL))[2].happening

    for _ in range(2):
        with pytest.raises(Refusal, match="happening 3: a field that cannot be read"):
            third.payload.get("fact")


def test_paths_that_contradict_one_another_are_refused_as_they_are_read(filled):
    """Whether or not somebody looks."""
    filled.as_owner(
        "UPDATE field_values SET path = 'payload/days/x' "
        "WHERE sequence = 3 AND path = 'payload/fact'"
    )

    with pytest.raises(Refusal, match="make no payload"):
        list(filled.ledger.records(TRIAL))


def test_a_payload_stays_what_it_was_when_it_was_read(filled, say_redaction):
    """What is redacted afterwards stands in a state that was folded before, as it did."""
    before = list(filled.ledger.records(TRIAL))
    filled.append(say_redaction(3, "payload/value"))

    assert before[2].happening.payload["value"] == "93"
    assert list(filled.ledger.records(TRIAL))[2].happening.payload["value"] is None


def test_a_later_payload_is_the_mapping_that_it_will_be(filled):
    """Equal in both directions, copied, sent elsewhere and taken apart as a dict is."""
    third = list(filled.ledger.records(TRIAL))[2].happening.payload
    plain = dict(list(filled.ledger.records(TRIAL))[2].happening.payload)

    assert pickle.loads(pickle.dumps(third)) == plain  # noqa: S301 - made here
    assert copy.deepcopy(third) == plain
    assert (third == plain, plain == third, third == {**plain, "unit": "g/dL"}) == (
        True,
        True,
        False,
    )
    assert (list(third), len(third), "unit" in third, "x" in third) == (
        list(plain), len(plain), True, False,
    )  # fmt: skip
    assert {**third} == plain
    assert list(third.items()) == list(zip(third.keys(), third.values(), strict=True))
    assert Happening("observed", "A-003", None, third) == Happening(
        "observed", "A-003", None, plain
    )


def test_threads_that_look_at_a_time_see_the_same(filled):
    """Of many, at the same payload."""
    for _ in range(30):
        payload, found = list(filled.ledger.records(TRIAL))[2].happening.payload, []
        ready = threading.Barrier(8)

        def look(payload=payload, ready=ready, found=found):
            """Look with all others."""
            ready.wait()
            found.append(payload["value"])

        threads = [threading.Thread(target=look) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert found == ["93"] * 8


def test_names_stand_in_the_order_of_their_paths():
    """Whatever order a database joins them in."""
    shape = shape_of(["source", "payload/b", "reason", "payload/a/#1", "payload/a/#0"])

    assert shape.filled(["page", 1, "", 3, 2]) == {"a": [2, 3], "b": 1}
    assert list(shape.filled(["page", 1, "", 3, 2])) == ["a", "b"]
    assert (shape.reason, shape.source, shape.after) == (2, (("source", 0),), -1)


class _Backwards(SqliteSession):
    """A database that joins fields in another order."""

    def run(self, statement, values=()):
        """Turn joined fields about."""
        rows = super().run(statement, values)
        if statement != statements.JOINED:
            return rows
        turned = [["\n".join(each.split("\n")[::-1]) for each in row[2:]] for row in rows]
        return [(*row[:2], *fields) for row, fields in zip(rows, turned, strict=True)]


def test_the_order_in_which_a_database_joins_does_not_matter(filled, monkeypatch):
    """PostgreSQL promises none."""
    before = list(filled.ledger.records(TRIAL))
    monkeypatch.setattr("trialwright.ledger.sqlite.SqliteSession", _Backwards)

    after = list(filled.ledger.records(TRIAL))

    assert [repr(each) for each in after] == [repr(each) for each in before]


def test_pages_grow(filled, monkeypatch):
    """All happenings come, each once, whatever the size of a page."""
    monkeypatch.setattr(reading, "PAGE", 1)
    monkeypatch.setattr(reading, "LONGEST_PAGE", 4)

    assert [each.sequence for each in filled.ledger.records(TRIAL)] == [*range(1, 11)]
