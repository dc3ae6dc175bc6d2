"""A JSON record under reading: nothing can be forgotten, nothing is taken twice."""

from tests.registry.placed_words import loose_signs, parsed

from trialwright.registry.shapes.spots import MarkedRecord
from trialwright.registry.shapes.strict_json import read_json


class Finished:
    """What the counting of signs asks of a draft."""

    def __init__(self, record):
        record.keep_unread()
        self.spans = record.sheet.spans
        self.kept = record.sheet.kept


def record_of(text):
    """Give a record under reading."""
    return MarkedRecord(read_json(text))


def test_what_nobody_reads_is_kept_in_the_largest_parts():
    """A part of which nothing is read is one text; beside a value that is read, each is its own."""
    text = '{"a": {"b": "read", "c": {"d": 1, "e": [true]}, "f": "x"}, "g": [1, 2]}'
    record = record_of(text)
    words = record.top["a"]["b"].read("value", "title")

    draft = Finished(record)

    assert words == "read"
    assert [(each.span.field, each.words) for each in draft.kept] == [
        ("a.c", '{"d":1,"e":[true]}'),
        ("a.f", "x"),
        ("g", "[1,2]"),
    ]
    assert loose_signs(parsed(text), draft) == []


def test_many_parts_of_one_kind_are_kept_as_one_text():
    """Four coordinates beside names that were read are one text, by their places."""
    places = ", ".join(f'{{"name": "n{place}", "at": [{place}.50]}}' for place in range(4))
    text = f'{{"sites": [{places}]}}'
    record = record_of(text)
    for each in record.top["sites"].each():
        each["name"].read("site", "sites")

    draft = Finished(record)

    assert [(each.span.field, each.words) for each in draft.kept] == [
        ("sites.*.at", '{"0":[0.50],"1":[1.50],"2":[2.50],"3":[3.50]}')
    ]
    assert loose_signs(parsed(text), draft) == []


def test_a_part_too_long_to_be_one_text_is_kept_in_its_parts(monkeypatch):
    """What is longer than a protocol holds is cut at its own joints."""
    monkeypatch.setattr("trialwright.registry.shapes.spots.MOST_KEPT", 60)
    text = '{"a": {"b": ["1234567890", "1234567890", "1234567890", "1234567890", "1234567890"]}}'

    draft = Finished(record_of(text))

    assert [each.span.field for each in draft.kept] == ["a.b.*", "a.b.*"]
    assert all(len(each.words) <= 60 for each in draft.kept)
    assert loose_signs(parsed(text), draft) == []


def test_lines_that_nobody_reads_of_a_text_are_kept_line_by_line():
    """A text of which one line is read is no longer kept whole."""
    text = '{"a": "one\\n two\\n\\nthree"}'
    record = record_of(text)
    spot = record.top["a"]
    record.understand(spot.lines[1].span("value", "title"))

    draft = Finished(record)

    assert [(each.span.first_line, each.words) for each in draft.kept] == [(1, "one"), (4, "three")]
    assert loose_signs(parsed(text), draft) == []


def test_a_value_of_another_kind_is_kept_with_the_reason():
    """A list where text is expected, text where a list is, and text where an object is."""
    record = record_of('{"a": ["x"], "b": "y", "c": "z", "d": {"e": 1}, "f": null}')
    top = record.top

    answers = (
        top["a"].words, top["b"].each(), top["c"]["d"].words, top["d"].words, top["f"].words,
        top["nothing"]["at all"].each(),
    )  # fmt: skip

    assert answers == ("", (), "", "", "", ())
    assert [each.because for each in record.sheet.kept] == [
        "text is expected here, and a list stands here",
        "a list is expected here, and text stands here",
        "an object is expected here, and text stands here",
        "text is expected here, and an object stands here",
    ]


def test_nothing_is_taken_twice():
    """A value understood twice, or kept after it was understood, has one span."""
    record = record_of('{"a": "x", "b": {"c": "y"}}')
    top = record.top
    top["a"].understood("value", "title")
    top["a"].understood("value", "summary")
    top["a"].keep("late")
    top["b"].keep("first")
    top["b"]["c"].keep("second")
    top["b"]["c"].understood("value", "status")

    draft = Finished(record)

    assert [(span.field, span.became) for span in draft.spans] == [("a", "title"), ("b", "kept")]


def test_a_part_of_another_record_is_neither_read_nor_kept():
    """What is left out has no span, and neither has what stands in it."""
    record = record_of('{"a": {"b": "x", "c": 1}, "d": "y"}')
    record.leave_out(record.top["a"])
    record.top["a"]["b"].keep("late")

    draft = Finished(record)

    assert [each.span.field for each in draft.kept] == ["d"]
