"""Hostile and ambiguous YAML is refused, with its line, before it costs anything."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from trialwright.assembly.files import MOST_TEXT_BYTES, read_text
from trialwright.protocol import strict_yaml
from trialwright.protocol.plain_text import dotted
from trialwright.protocol.strict_yaml import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_FAULTS,
    gather_yaml,
    is_ambiguous,
    read_yaml,
)
from trialwright.terms.errors import Refusal

BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{below}, *{below}]\n"
    for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def refused(text):
    """Give the faults of a text as (line, where, found)."""
    with pytest.raises(Refusal) as caught:
        read_yaml(text, "p.yaml")
    assert {fault.file for fault in caught.value.faults} == {"p.yaml"}
    assert all(fault.allowed and fault.do for fault in caught.value.faults)
    return [(fault.line, fault.where, fault.found) for fault in caught.value.faults]


@pytest.fixture
def events(monkeypatch):
    """Give the list of events that the parser makes."""
    made = []

    class Counting(YAML):
        """Counts what it parses."""

        def parse(self, stream):
            """Parse, keeping count."""
            for event in super().parse(stream):
                made.append(event)
                yield event

    monkeypatch.setattr(strict_yaml, "YAML", Counting)
    return made


def test_plain_values_are_read_with_their_lines():
    """Text, whole and decimal numbers, truth and nothing come as they are written."""
    plain = read_yaml('# words\na: Hb, low\nb: [1, -2.50, true]\nc:\n  d: "012"\n  e: null\n')

    assert plain.value == {
        "a": "Hb, low",
        "b": [1, Decimal("-2.50"), True],
        "c": {"d": "012", "e": None},
    }
    assert str(plain.value["b"][1]) == "-2.50"
    assert plain.lines == {
        (): 2, ("a",): 2, ("b",): 3, ("b", 0): 3, ("b", 1): 3, ("b", 2): 3,
        ("c",): 4, ("c", "d"): 5, ("c", "e"): 6,
    }  # fmt: skip


def test_line_of_a_value_that_is_not_there_is_that_of_what_surrounds_it():
    """A missing name is looked for where its record stands."""
    plain = read_yaml("a: 1\nb:\n  c: [5]\n")

    assert plain.line_of(("b", "c", 7)) == 3
    assert plain.line_of(("b", "says")) == 2
    assert plain.line_of(("z",)) == 1
    assert read_yaml("").line_of(("z",)) == 0


def test_windows_line_ends_are_read():
    """CRLF means a line end and nothing else."""
    assert read_yaml("a: x\r\nb: |\r\n  y\r\n  z\r\n").value == {"a": "x", "b": "y\nz\n"}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but words\n"])
def test_a_text_without_a_document_holds_nothing(text):
    """The reader of protocols then says what is missing."""
    assert read_yaml(text).value is None


def test_an_empty_document_is_an_empty_place():
    """A document that was begun has a value."""
    assert refused("---\n# words\n...\n") == [(3, "", "nothing")]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (BOMB, 1, "an anchor or alias (a)"),
        ("a: 1\nb: &it 2\n", 2, "an anchor or alias (it)"),
        ("a: 1\nb: *it\n", 2, "an anchor or alias (it)"),
        ("&it a: 1\n", 1, "an anchor or alias (it)"),
        ("a: 1\nb: !!str 012\n", 2, "a tag"),
        ("a: ! b\n", 1, "a tag"),
        ("a: !!python/object/apply:os.system [x]\n", 1, "a tag"),
        ("a: !!set {x}\n", 1, "a tag"),
        ("a: 1\n---\nb: 1\n", 2, "a second document"),
        ("a: 1\n...\nb: 1\n", 3, "a second document"),
        ("# x\n%YAML 1.1\n---\na: x\n", 2, "a directive"),
        ("%TAG ! tag:x,2000:\n---\na: x\n", 1, "a directive"),
        ("%ODD\n---\na: x\n", 1, "a directive"),
        ("a: 1\n? [b]\n: c\n", 2, "a list or mapping as a key"),
        ("{a: b}: c\n", 1, "a list or mapping as a key"),
        ("a: {<<: {b: c}}\n", 1, "the key '<<'"),
        ("a: b\rc: d\r", 1, "bare carriage returns"),
        ("a: b\r\nc: d\r", 2, "bare carriage returns"),
        ("a: b\nc: d\0\n", 2, "a zero byte"),
        ("a: b\nc: \ufeffd\n", 2, "a byte order mark inside"),
        ("\ufeffa: b\n", 1, "a byte order mark inside"),
        ("a:\n\tb: c\n", 2, "a tab"),
        ('a: "b\tc"\n', 1, "a tab"),
        ("a: b\x85c: d\n", 1, "the invisible sign U+0085"),
        ("a: b\nc: d\u2028e\n", 2, "the invisible sign U+2028"),
        ("a: \x07\n", 1, "the invisible sign U+0007"),
        ("a: \x1b[2J\n", 1, "the invisible sign U+001B"),
        ("a: met\u202eton\n", 1, "the invisible sign U+202E"),
        ("a: \ud800\n", 1, "the invisible sign U+D800"),
        ("a: [1\n", 2, "no valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: b: c\n", 1, "no valid YAML: mapping values are not allowed here"),
        ('a: 1\nb: "\\U00110000"\n', 2, "no valid YAML: it holds the number of no character"),
        ('a: "\\UFFFFFFFF"\n', 1, "no valid YAML: it holds the number of no character"),
        ("a: @b\n", 1, "no valid YAML: found character '@' that cannot start any token"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_or_misleads_is_refused_with_its_line(text, line, found):
    """Each form that expands, hides or means more than it shows is named where it stands."""
    assert (line, found) in [(at, what) for at, _, what in refused(text)]


@pytest.mark.parametrize(
    "scalar",
    ["NO", "No", "no", "n", "N", "y", "Y", "yes", "Yes", "YES", "on", "On", "OFF", "off", "True",
     "TRUE", "False", "FALSE", "Null", "NULL", "~", "=", "<<", "012", "007", "-012", "+1",
     "1_000", "1,000", "0x1F", "0X1f", "-0x1F", "0o17", "0b101", "12:30", "1:30:00", "1_2:30",
     "-12:30", "190:20:30.15", "1e3", "1E3", "1e309", "1.5e3", ".5", "-.5", "1.", "1._5", ".inf",
     "-.inf", ".Inf", "+.INF", ".nan", ".NaN", "inf", "nan", "infinity", "1234567890123456789",
     "1.1234567890123456789"],
)  # fmt: skip
def test_scalars_that_readers_take_differently_are_refused(scalar):
    """Unquoted they would become truth, other numbers, minutes or nothing; quoted, text."""
    assert refused(f"a: 1\nb: {scalar}\n") == [(2, "b", repr(scalar))]
    assert refused(f"a:\n- x\n- {scalar}\n") == [(3, "a.1", repr(scalar))]
    assert read_yaml(f"b: '{scalar}'\n").value == {"b": scalar}
    assert is_ambiguous(scalar)


@pytest.mark.parametrize(
    "scalar",
    ["x", "nope", "yes please", "A01", "1 of 3", "10*3/uL", "12:30 pm", "19-086", "2026-03-14",
     "3+3", "-", "--", "e5", "1e", "0x", "1.2.3", "١٢", "Infinity War", "NO2", "/mm3", "a~"],
)  # fmt: skip
def test_words_that_every_reader_takes_alike_are_text(scalar):
    """Units, dates and words with digits need no quotes."""
    assert not is_ambiguous(scalar)
    assert read_yaml(f"a: {scalar}x\n").value == {"a": f"{scalar}x"}


@pytest.mark.parametrize(
    ("scalar", "value"),
    [("0", 0), ("-0", 0), ("7", 7), ("-12", -12), ("123456789012345678", 123456789012345678),
     ("0.0", Decimal("0.0")), ("1.10", Decimal("1.10")), ("-0.5", Decimal("-0.5")),
     ("true", True), ("false", False), ("null", None)],
)  # fmt: skip
def test_plain_numbers_truth_and_null_keep_their_meaning(scalar, value):
    """A number has one form, and keeps its digits."""
    found = read_yaml(f"a: {scalar}\n").value["a"]

    assert (type(found), str(found)) == (type(value), str(value))
    assert not is_ambiguous(scalar)


@pytest.mark.parametrize(
    "text", ["a:\n", "a:\nb: 1\n", "a: [1, ]\nb:\n", "- \n- 1\n", "a: {b: }\n"]
)
def test_empty_places_are_refused(text):
    """Nothing is written as null, never left out."""
    assert [found for _, _, found in refused(text)] == ["nothing"]


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("1: x\n", "1", "the key '1'"),
        ("1.5: x\n", "1.5", "the key '1.5'"),
        ("true: x\n", "true", "the key 'true'"),
        ("null: x\n", "null", "the key 'null'"),
        ("NO: x\n", "NO", "the key 'NO'"),
        ("y: x\n", "y", "the key 'y'"),
        ("a: {012: x}\n", "a.012", "the key '012'"),
        (": x\n", "", "a value without a name"),
    ],
)
def test_names_that_readers_take_differently_are_refused(text, where, found):
    """Other readers make a number, a truth value or nothing of them."""
    assert refused(text) == [(1, where, found)]


def test_quoted_names_are_text():
    """Quotes settle what a name is."""
    assert read_yaml('"1": a\n"true": b\n').value == {"1": "a", "true": "b"}


def test_names_given_twice_are_refused_at_the_second():
    """No reader may choose which of two doses holds."""
    text = "dose: 200\nother: {x: 1, x: 2}\ndose: 400\n"

    assert refused(text) == [
        (2, "other.x", "this name a second time"),
        (3, "dose", "this name a second time"),
    ]


def test_many_faults_are_told_at_once_each_with_its_line():
    """Reading goes on as far as the text can be followed."""
    text = "a: NO\nb: [1, 012]\nb: 3\nc:\nd: {e: 0x1F, 7: x}\nf: [&x 1]\n"

    assert refused(text) == [
        (1, "a", "'NO'"),
        (2, "b.1", "'012'"),
        (3, "b", "this name a second time"),
        (5, "c", "nothing"),
        (5, "d.e", "'0x1F'"),
        (5, "d.7", "the key '7'"),
        (6, "f.0", "an anchor or alias (x)"),
    ]


def test_invisible_signs_are_told_together():
    """A file saved wrongly is described whole."""
    assert [(line, found) for line, _, found in refused("a:\t1\nb: \0\nc: \ufeff\rd\n%x\n")] == [
        (1, "a tab"),
        (2, "a zero byte"),
        (3, "a byte order mark inside"),
        (3, "bare carriage returns"),
        (4, "a directive"),
    ]


def test_faults_that_a_reader_survives_are_gathered_beside_the_values():
    """Ambiguous values are kept as text, so that what surrounds them can be looked at too."""
    plain, faults = gather_yaml("a: 012\nb: 1\nb: 2\n", "p.yaml")

    assert plain.value == {"a": "012", "b": 2}
    assert [(fault.where, fault.line) for fault in faults] == [("a", 1), ("b", 3)]


def test_no_more_faults_are_told_than_people_read(events):
    """A file of faults is given up, not listed."""
    found = refused("a: [" + "NO, " * 50_000 + "1]")

    assert len(found) == MOST_FAULTS
    assert len(events) < 2 * MOST_FAULTS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x" * (MOST_CHARACTERS + 1), f"{MOST_CHARACTERS + 1} characters"),
        ("a: 'x'\n" * 20_000_000, "140000000 characters"),
    ],
    ids=["one-too-many", "140-MB"],
)
def test_a_large_text_is_refused_unread(text, found, events):
    """Size is looked at before anything is parsed."""
    assert refused(text) == [(0, "", found)]
    assert events == []


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 10_000,
        "a: " + "{b: " * 10_000,
        "- " * 10_000 + "a",
        "\n".join(" " * depth + "a:" for depth in range(1_000)),
        "a: " + "[" * 10_000 + "]" * 10_000,
    ],
    ids=["lists", "mappings", "dashes", "indented", "closed"],
)
def test_deep_nesting_is_refused_at_its_limit(text, events):
    """Ten thousand levels cost no more than thirty."""
    assert [found for _, _, found in refused(text)] == [f"nesting deeper than {MOST_DEPTH}"]
    assert len(events) < 3 * MOST_DEPTH


def test_nesting_up_to_the_limit_is_read():
    """The limit itself is allowed, one level more is not."""
    depths = {depth: "[" * depth + "1" + "]" * depth for depth in (MOST_DEPTH, MOST_DEPTH + 1)}

    assert str(read_yaml(depths[MOST_DEPTH]).value).count("[") == MOST_DEPTH
    assert refused(depths[MOST_DEPTH + 1])


def test_an_alias_bomb_is_refused_at_its_first_anchor(events):
    """Nothing is expanded."""
    refused(BOMB)

    assert len(events) < 6


def test_more_values_than_any_protocol_holds_are_refused(events, monkeypatch):
    """Reading stops at the limit, here a nearer one."""
    most = 2_000
    monkeypatch.setattr(strict_yaml, "MOST_VALUES", most)
    text = "a: [" + "1," * (most + 1_000) + "1]"

    assert [found for _, _, found in refused(text)] == [f"more than {most} values"]
    assert len(events) <= most + 10


def test_long_values_and_names_do_not_flood_the_message():
    """What was found is shown shortened."""
    number = "1" * 900

    assert all(len(found) < 80 for _, _, found in refused(f"a: {number}\n{number}: 1\n"))


@given(st.text(st.sampled_from("ab1 0.:-#'\"[]{},&*!|>%@`?~=\n\\xU"), max_size=60))
def test_any_text_is_read_or_refused(text):
    """Nothing but a refusal ever comes of a bad text."""
    try:
        lines = list(read_yaml(text).lines.values())
    except Refusal as refusal:
        lines = [fault.line for fault in refusal.faults]

    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


def test_paths_are_written_with_dots():
    """Places in lists are counted from 0."""
    assert dotted(("arms", 0, "dosing", 2)) == "arms.0.dosing.2"


def test_a_file_of_100_mb_is_refused_unread(tmp_path, monkeypatch):
    """The size is asked of the file system."""
    large = tmp_path / "protocol.yaml"
    with large.open("wb") as stream:
        stream.truncate(100_000_000)
    monkeypatch.setattr(type(large), "read_bytes", None)

    with pytest.raises(Refusal, match=rf"protocol\.yaml: 100000000 bytes.*up to {MOST_TEXT_BYTES}"):
        read_text(large)


@pytest.mark.parametrize(
    ("raw", "line", "found"),
    [
        ("a: 1\nb: Größe\n".encode("latin-1"), 2, "the byte 0xf6"),
        ("a: 1\n".encode("utf-16"), 1, "the byte 0xff"),
        (b"a: 1\nb: 2\nc: \xed\xa0\x80\n", 3, "the byte 0xed"),
        (b"a: \xc0\xaf\n", 1, "the byte 0xc0"),
    ],
    ids=["latin-1", "utf-16", "surrogate", "overlong"],
)
def test_another_encoding_is_refused_with_the_line(tmp_path, raw, line, found):
    """A file is UTF-8 or it is refused; nothing is guessed."""
    path = tmp_path / "protocol.yaml"
    path.write_bytes(raw)

    with pytest.raises(Refusal) as caught:
        read_text(path)

    assert [(each.line, each.found) for each in caught.value.faults] == [(line, found)]


def test_a_byte_order_mark_at_the_beginning_of_a_file_is_no_part_of_it(tmp_path):
    """Editors put it there; it says UTF-8 and nothing else."""
    path = tmp_path / "protocol.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read_yaml(read_text(path)).value == {"a": 1}
