"""Opening files that people name: refused before they cost anything."""

import gzip
from pathlib import Path

import pytest

from trialwright.assembly.files import MOST_TEXT_BYTES, open_bundle, read_text
from trialwright.terms.errors import Refusal


def test_text_is_read_without_its_byte_order_mark(tmp_path):
    """UTF-8, as every editor writes it."""
    file = tmp_path / "page.txt"
    file.write_bytes(b"\xef\xbb\xbfcaf\xc3\xa9\n")

    assert read_text(file) == "café\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"one\ntwo \xff three", "bad.txt:2: the byte 0xff"),
        (b"\xff\xfeh\x00i\x00", "bad.txt:1: the byte 0xff"),
        (b"a" * (MOST_TEXT_BYTES + 1), f"{MOST_TEXT_BYTES + 1} bytes"),
    ],
    ids=["latin", "utf-16", "large"],
)
def test_what_is_no_text_of_moderate_size_is_refused(tmp_path, content, says):
    """The line, the byte or the size is named; the file's name alone, not its folder."""
    file = tmp_path / "bad.txt"
    file.write_bytes(content)

    with pytest.raises(Refusal) as refused:
        read_text(file)

    assert says in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_cannot_be_opened_is_refused(tmp_path, name):
    """A missing file and a folder."""
    with pytest.raises(Refusal, match="Correct the path"):
        read_text(tmp_path / name)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_without_end_is_read_no_further_than_the_limit():
    """Its size is said to be 0."""
    with pytest.raises(Refusal, match="bytes"):
        read_text(Path("/dev/zero"))


@pytest.mark.parametrize("name", ["bundle.json", "bundle.json.gz"])
def test_a_bundle_is_opened_compressed_or_not(tmp_path, name):
    """By its ending; the stream can go back to its beginning."""
    file = tmp_path / name
    opener = gzip.open if name.endswith("gz") else open
    with opener(file, "wb") as stream:
        stream.write(b"{}")

    with open_bundle(file) as stream:
        stream.read()
        stream.seek(0)

        assert stream.read() == b"{}"


@pytest.mark.parametrize(
    "content", [b"hello", gzip.compress(b"{}" * 999, mtime=0)[:20]], ids=["text", "cut off"]
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(tmp_path, content):
    """No traceback of the unpacker."""
    file = tmp_path / "bundle.json.gz"
    file.write_bytes(content)

    with pytest.raises(Refusal), open_bundle(file) as stream:
        stream.read()


def test_a_missing_bundle_is_refused(tmp_path):
    """By its name."""
    with pytest.raises(Refusal, match=r"none\.json"), open_bundle(tmp_path / "none.json"):
        pass


@pytest.mark.parametrize("read", [read_text, lambda path: open_bundle(path).__enter__()])
@pytest.mark.parametrize("name", ["calls\0.maf", "calls\0.maf.gz"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path, read, name):
    """A table may name a file by signs that a system takes in no name."""
    with pytest.raises(Refusal, match="no file has such a name") as refused:
        read(tmp_path / name)

    assert "\0" not in str(refused.value)
