"""Broken and hostile texts are refused, each with its place and nothing of the record."""

import gc
import gzip
import io
from decimal import Decimal

import ijson
import pytest

from trialwright.intake import bundle_stream
from trialwright.intake.bundle_stream import MOST_DEPTH, BundleStream
from trialwright.terms.errors import Refusal

HEAD = b'{"resourceType": "Bundle", "entry": ['
CANARY = "Zyxwvut Qrstuvw"


def entries(text: bytes) -> list[bundle_stream.Entry]:
    """Read all entries of a text."""
    return list(BundleStream(io.BytesIO(text)))


def refusal(text: bytes) -> str:
    """Give the words in which a text is refused."""
    with pytest.raises(Refusal) as caught:
        entries(text)
    return str(caught.value)


@pytest.fixture(params=["as installed", "python"])
def backend(request, monkeypatch):
    """Run with the parser installed and with the one in Python, which complains when stopped."""
    if request.param == "python":
        monkeypatch.setattr(ijson, "basic_parse", ijson.get_backend("python").basic_parse)
    yield
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        (b"", "bundle", "an empty file"),
        (b"not JSON", "bundle", "no valid JSON"),
        (b"[]", "bundle", "no JSON object"),
        (b'"Bundle"', "bundle", "no JSON object"),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "bundle", "XML"),
        (gzip.compress(b"{}", mtime=0), "bundle", "a gzip archive"),
        (b"PK\x03\x04", "bundle", "a zip archive"),
        ('{"a": 1}'.encode("utf-16"), "bundle", "UTF-16"),
        (b"{}", "resourceType", "missing"),
        (b'{"resourceType": "Patient", "id": "1"}', "resourceType", "another resource"),
        (b'{"resourceType": "Patient"}\n{"resourceType": "Observation"}', "resourceType", "anoth"),
        (b'{"resourceType": "Bundle"}\n{"resourceType": "Bundle"}', "resourceType", "goes on"),
        (b'{"resourceType": "Bundle", "entry": {}}', "entry", "no list"),
        (b'{"resourceType": "Bundle", "entry": [], "entry": []}', "entry", "stands twice"),
        (b'{"resourceType": "Bundle", "meta": {"a": 1, "a": 2}}', "meta.a", "stands twice"),
        (b'{"resourceType": "Bundle", "type": "history"}', "type", "history"),
        (HEAD + b'{"resource": {"id": "1', "entry[0].resource.id", "breaks off"),
        (HEAD + b'{"a": NaN}]}', "entry[0].a", "no valid JSON"),
        (HEAD + b'{"a": -Infinity}]}', "entry[0].a", "no valid JSON"),
        (HEAD + b'{"a": 01}]}', "entry[0].a", "no valid JSON"),
        (HEAD + b"{'a': 1}]}", "entry[0]", "no valid JSON"),
        (HEAD + b'{"a": "\xff"}]}', "", "no valid JSON"),
        (HEAD + b'{"a": ' + b"9" * 6000 + b"}]}", "bundle", "a number beyond"),
        (HEAD + b'{"a": 1e99999999999999999999}]}', "bundle", "a number beyond"),
    ],
)
def test_a_broken_text_is_refused_with_its_place(text, where, found):
    """Each break names where it is and what was found, whichever parser is installed."""
    words = refusal(text)

    assert words.startswith(f"{where}")
    assert found in words


@pytest.mark.parametrize("text", [b'{"a": "%s', b'{"a": %s}', b'{"%s": 01', b'["%s", }'])
def test_a_refusal_quotes_nothing_of_the_record(text):
    """What the parser says quotes the record; the refusal does not."""
    words = refusal(HEAD + text.replace(b"%s", CANARY.encode()))

    assert "Zyxwvut" not in words
    assert "Qrstuvw" not in words


def test_nesting_has_a_limit():
    """Nesting over the limit is refused while it is read; under it, it is read."""
    allowed = b"[" * MOST_DEPTH + b"]" * MOST_DEPTH
    deep = b"[" + allowed + b"]"

    assert f"deeper than {MOST_DEPTH} levels" in refusal(HEAD + deep + b"]}")
    assert len(entries(HEAD + allowed + b"]}")) == 1


def test_an_endless_nesting_is_refused_without_reading_on():
    """A million opening brackets cost no recursion and no traceback."""
    assert "levels" in refusal(HEAD + b"[" * 1_000_000)


def test_an_entry_has_a_limit_of_values(monkeypatch):
    """An entry of too many values is refused."""
    monkeypatch.setattr(bundle_stream, "MOST_VALUES", 10)

    assert "more than 10 values" in refusal(HEAD + b"[1,2,3,4,5,6,7,8,9,10]]}")


def test_a_text_without_end_is_stopped(monkeypatch):
    """One value longer than the limit is refused before it fills the memory."""
    monkeypatch.setattr(bundle_stream, "MOST_APART", 1_000_000)

    assert "one value of more than" in refusal(HEAD + b'"' + b"a" * 3_000_000 + b'"]}')


@pytest.mark.parametrize("pieces", [1, 3, 4, 5, 599, 601])
def test_a_long_number_is_stopped_however_the_stream_comes(pieces):
    """The digits may lie across two reads; those of a text are refused with them."""

    class Drops(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, pieces) if size > 0 else size)

    with pytest.raises(Refusal) as caught:
        list(BundleStream(Drops(HEAD + b'{"a": ' + b"9" * 601 + b"}]}")))
    allowed = list(BundleStream(Drops(HEAD + b'{"a": ' + b"9" * 600 + b"}]}")))

    assert "a number beyond reading" in str(caught.value)
    assert allowed[0].content == {"a": 10**600 - 1}


def test_a_stream_that_breaks_off_is_refused():
    """A gzip archive cut in half is refused, not raised as an error of the archive."""
    half = gzip.compress(HEAD + b"1, " * 1000 + b"1]}")[:40]

    with gzip.open(io.BytesIO(half)) as stream, pytest.raises(Refusal) as caught:
        list(BundleStream(stream))

    assert "cannot be read to its end" in str(caught.value)


def test_a_name_that_stands_twice_is_noted_in_its_entry():
    """Readers differ in which of two they take: the entry carries the fault, the rest is read."""
    found = entries(HEAD + b'{"resource": {"value": 1, "value": 2}}, {"resource": {}}]}')

    assert [fault.where for fault in found[0].faults] == ["entry[0].resource.value"]
    assert found[1].faults == ()


def test_a_name_that_is_no_element_is_not_shown():
    """A path shows names of elements alone."""
    found = entries(HEAD + b'{"%s": 1, "%s": 2}]}' % (CANARY.encode(), CANARY.encode()))

    assert found[0].faults[0].where == "entry[0].?"


@pytest.mark.usefixtures("backend")
def test_numbers_arrive_as_written():
    """Digits are kept, also zeros at the end and those beyond binary floats."""
    [entry] = entries(HEAD + b"[1.50, 0.1, 12345678901234567890, -0.0, 1e309]]}")

    assert [str(number) for number in entry.content] == [
        "1.50",
        "0.1",
        "12345678901234567890",
        "-0.0",
        "1E+309",
    ]
    assert isinstance(entry.content[0], Decimal)


def test_what_stands_beside_the_entries_is_kept():
    """The outline holds what stands at the top, before and after the entries."""
    stream = BundleStream(
        io.BytesIO(b'\xef\xbb\xbf{"type": "searchset", "entry": [1], "resourceType": "Bundle"}')
    )

    assert [entry.content for entry in stream] == [1]
    assert stream.outline == {"type": "searchset", "entry": True, "resourceType": "Bundle"}
