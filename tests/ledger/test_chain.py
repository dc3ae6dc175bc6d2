"""The record format, frozen."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.conduct.happenings import Happening
from trialwright.ledger import chain, envelope, reading, statements
from trialwright.ledger.commitments import Opening, read_commitments
from trialwright.ledger.envelope import Envelope
from trialwright.terms.errors import Refusal

HEAD = "1205421db560c9066f53c968f939df08a8a3b0e7c33e4b10c05e226d8d608ca1"
SIGNATURE = (
    "35dc8fa7300fab27f37c1ff675a94639aa3385da0d45a5888d03ef4d2b035e8b"
    "6bee6b155c22b02337a2a2f85af19d87e361419bc3ad553ddaf3860a8798b10e"
)


def stored(path, sql):
    """Read rows behind the ledger's back."""
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(sql).fetchall()


def test_the_record_format_is_frozen(filled, say_redaction):
    """With fixed salts, clock and key, ten happenings and a redaction have one fixed head."""
    receipt = filled.append(say_redaction(2, "payload/value"))

    assert receipt.sequence == 11
    assert receipt.hash == HEAD
    assert receipt.signature == SIGNATURE


def test_the_hash_of_the_first_happening_is_made_as_documented(filled):
    """The reference page's recipe, followed with nothing but json and hashlib."""
    with closing(sqlite3.connect(filled.path)) as raw:
        raw.row_factory = sqlite3.Row
        row = dict(raw.execute("SELECT * FROM happenings WHERE sequence = 1").fetchone())
        fields = raw.execute("SELECT path, salt, value FROM field_values WHERE sequence = 1")
        commitments = {
            path: sha256(["trialwright field 1", salt, path, value]) for path, salt, value in fields
        }
    own, previous = row.pop("hash"), row.pop("previous")
    assert json.loads(row.pop("commitments")) == commitments
    del row["entry"]

    assert previous == "0" * 64
    assert own == sha256(
        {
            "context": "trialwright happening 1",
            "envelope": row,
            "previous": previous,
            "commitments": commitments,
        }
    )


def sha256(value):
    """Hash canonical JSON without the product's own functions."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_receipt_signs_what_is_documented(filled):
    """The statement is canonical JSON with its context."""
    receipt = filled.receipts[4]

    assert json.loads(receipt.statement) == {
        "context": "trialwright head 1",
        "trial": "NCT00000001",
        "first": 5,
        "sequence": 7,
        "hash": receipt.hash,
        "signed_at": "2026-03-14T09:04:00.000Z",
        "key_id": filled.key.verifying.key_id,
    }
    assert filled.key.verifying.fits(receipt.signature, receipt.statement)


def test_each_field_has_its_own_salt(filled):
    """No salt is used twice, so equal values have different commitments."""
    salts = [salt for (salt,) in stored(filled.path, "SELECT salt FROM field_values")]

    assert len(set(salts)) == len(salts) > 70


def test_the_default_salts_are_random(bench, say_observed):
    """Two ledgers with the same happenings, clock and key have different heads."""
    opened = type(bench.ledger).open(bench.path, signing=bench.key)
    one = bench.append(say_observed(1), ledger=opened)
    other_path = bench.folder / "other.ledger"
    type(opened).create(other_path)
    other = type(opened).open(other_path, signing=bench.key)
    bench.entries = 0

    assert bench.append(say_observed(1), ledger=other).hash != one.hash


ENVELOPE = Envelope(
    *(1, "T", 1, "2026-03-14T09:26:53.589Z", "2026-03-14", "a", "r", "s", "done", "A", 1),
    *("0" * 64, "1"),
)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_salts_of_another_length_are_refused(length):
    """A generator that gives too few bytes is noticed."""
    with pytest.raises(Refusal, match="32 random bytes"):
        chain.forge(ENVELOPE, chain.NO_HASH, {"reason": ""}, lambda _: bytes(length))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{", "1", '{"reason":"x","source":"x"}', None, "[" * 100_000]
)
def test_other_texts_are_no_commitments(text):
    """Damaged commitments are refused, whatever they look like."""
    with pytest.raises(Refusal, match="Verify the ledger"):
        read_commitments(text)


def test_commitments_have_one_spelling():
    """Blanks or a doubled key would hide an edit."""
    sound = f'{{"reason":"{"0" * 64}","source":"{"1" * 64}"}}'

    assert read_commitments(sound) == {"reason": "0" * 64, "source": "1" * 64}
    with pytest.raises(Refusal):
        read_commitments(sound.replace(":", ": "))
    with pytest.raises(Refusal):
        read_commitments(sound.replace("{", f'{{"source":"{"2" * 64}",'))


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("0" * 64, "0" * 63),
        ("0" * 64, "0" * 65),
        ("0" * 64, "A" * 64),
        ("0" * 64, "0" * 63 + "\n"),
        (f'"{"0" * 64}"', "null"),
        (f'"{"0" * 64}"', f'["{"0" * 64}"]'),
        ('"source"', '"reason"'),
        ('"source"', '"origin"'),
        ('"source"', '"source/\ud800"'),
        ("}", ""),
        ("}", "} "),
    ],
)
def test_commitments_of_a_known_shape_are_read_as_strictly(there, instead):
    """Neither what was read before nor its shape lets another text pass."""
    sound = f'{{"reason":"{"0" * 64}","source":"{"1" * 64}"}}'
    for digit in "0a":
        same_shape = sound.replace("0" * 64, digit * 64)
        assert read_commitments(same_shape) == {"reason": digit * 64, "source": "1" * 64}

    for _ in range(2):
        with pytest.raises(Refusal):
            read_commitments(sound.replace(there, instead))


def forged(**fields):
    """Make a link with some fields replaced."""
    happening = Happening("done", "A", date(2026, 3, 14), {"value": 1})
    leaves = chain.fields_of(happening, "page")
    link = chain.forge(ENVELOPE, chain.NO_HASH, leaves, lambda length: bytes(length))
    return chain.Link(
        link.envelope, link.previous, link.hash, link.commitments, {**link.openings, **fields}
    )


class Holding:
    """A session to tables that hold one happening."""

    def __init__(self, link):
        row = envelope.plain(link.envelope)
        entered = ("format", "actor", "role", "site", "schema", "protocol", "software")
        each = ("sequence", "entered_at", "happened_on", "act", "subject")
        who = json.dumps([row[name] for name in entered])
        self._whole = [(*(row[name] for name in each), who)]
        fields = sorted(link.openings.items())
        self._fields = [(row["sequence"], path, opening.value) for path, opening in fields]

    def run(self, statement, values):
        """Give the happening, or its fields, each by itself or joined."""
        if statement == statements.ENVELOPES:
            return self._whole
        if statement == statements.VALUES:
            return self._fields
        paths = "\n".join(path for _, path, _ in self._fields)
        joined = "\n".join("null" if each is None else each for _, _, each in self._fields)
        return [(self._fields[0][0], len(self._fields), paths, joined)]


def read_back(link):
    """Read a link as it would be read out of a database."""
    (read,) = reading.page(Holding(link), link.envelope.trial, 0)
    return read


PAYLOADS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xy"), inner),
    ),
)


@given(PAYLOADS, st.text(max_size=3), st.sampled_from(["page", {"door": "api", "files": ["f"]}]))
def test_what_is_recorded_reads_back(payload, reason, source):
    """Whatever shape a payload has, and however often a text or an empty list stands in it."""
    happening = Happening("done", "A", date(2026, 3, 14), payload, reason)
    fields = chain.fields_of(happening, source)

    read = read_back(chain.forge(ENVELOPE, chain.NO_HASH, fields, lambda length: bytes(length)))

    assert (read.happening, read.source) == (happening, source)


def test_no_two_places_share_a_list():
    """An empty list is each time a list of its own."""
    happening = Happening("done", "A", date(2026, 3, 14), {"one": [], "two": []})
    fields = chain.fields_of(happening, "page")
    link = chain.forge(ENVELOPE, chain.NO_HASH, fields, lambda length: bytes(length))

    payload = read_back(link).happening.payload

    assert payload["one"] is not payload["two"]


def test_redacted_texts_read_as_empty():
    """Reason and source that were erased read as empty text, a leaf as null."""
    gone = Opening(None, None)

    read = read_back(forged(reason=gone, source=gone, **{"payload/value": gone}))

    assert (read.happening.reason, read.source) == ("", "")
    assert read.happening.payload == {"value": None}


def test_a_source_tells_more_by_name(filled, say_observed, say_redaction):
    """Session, address and file are leaves, so that an address goes and the digest stays."""
    source = {"door": "page", "address": "192.0.2.7", "files": ["0" * 64]}
    filled.append(say_observed(11), source=source)
    filled.append(say_redaction(11, "source/address"))

    eleventh, twelfth = filled.ledger.records("NCT00000001", after=10)

    assert eleventh.source == {**source, "address": None}
    assert twelfth.source == "page"
    assert filled.ledger.verify("NCT00000001").discoveries == ()


@pytest.mark.parametrize(
    "leaves",
    [{"source": 1}, {"source": "page", "source/door": "page"}, {"source/#0": "page"}],
)
def test_a_source_of_another_form_is_refused(leaves):
    """A torn record is never put together by guessing."""
    link = forged()
    fields = {"reason": "", "payload": {}, **leaves}
    torn = chain.forge(link.envelope, link.previous, fields, lambda length: bytes(length))

    with pytest.raises(Refusal, match="make no payload"):
        read_back(torn)


def test_another_record_format_is_not_read_as_this_one():
    """A happening written by later software is refused, not guessed at."""
    link = forged()
    later = chain.Link(
        replace(link.envelope, format=2), link.previous, link.hash, link.commitments, link.openings
    )

    with pytest.raises(Refusal, match="happening 1: record format 2"):
        read_back(later)


@pytest.mark.parametrize(
    ("largest", "too_large"),
    [
        ({"days": [0] * 99_998}, {"days": [0] * 99_999}),
        ({"note": "x" * (2**24 - 4)}, {"note": "x" * (2**24 - 3)}),
    ],
    ids=["fields", "signs"],
)
def test_the_size_of_a_happening_is_bounded(largest, too_large):
    """Reason and source count: the largest is recorded, one field or sign more is refused."""
    chain.fields_of(Happening("done", "A", date(2026, 3, 14), largest), "page")

    with pytest.raises(Refusal, match="at most 100,000 fields with 16,777,216 signs"):
        chain.fields_of(Happening("done", "A", date(2026, 3, 14), too_large), "page")


@pytest.mark.parametrize("value", ["", "{", "[" * 100_000])
def test_a_value_that_cannot_be_read_is_refused(value):
    """Damage is told with the sequence."""
    with pytest.raises(Refusal, match="happening 1: a field that cannot be read"):
        read_back(forged(reason=Opening("0" * 64, value)))


@pytest.mark.parametrize(
    ("reason", "source"), [(None, "page"), ("", None), ("\ud800", "page"), ("", {})]
)
def test_reason_and_source_are_texts(reason, source):
    """Anything else is refused."""
    with pytest.raises(Refusal, match="Unicode text"):
        chain.fields_of(Happening("done", "A", date(2026, 3, 14), {}, reason), source)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("\x07\b\t\n\f\r\x1f", '"\\u0007\\b\\t\\n\\f\\r\\u001f"'),
        ('"\\/', '"\\"\\\\/"'),
        ("\x7f\u2028é😀", '"\x7f\u2028é😀"'),
        (2**53 - 1, "9007199254740991"),
        (None, "null"),
        (True, "true"),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_values_are_written_as_rfc_8785_has_them(value, text):
    """Short escapes where there are, lower-case hexadecimal otherwise, all else as it is."""
    leaves = chain.fields_of(Happening("done", "A", date(2026, 3, 14), {"value": value}), "page")

    link = chain.forge(ENVELOPE, chain.NO_HASH, leaves, lambda length: bytes(length))

    assert link.openings["payload/value"].value == text
