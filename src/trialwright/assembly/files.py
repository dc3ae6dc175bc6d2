"""Opening files that people name: size and encoding are refused before anything is read."""

import errno
import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from trialwright.terms.errors import Fault, Refusal, refuse

MOST_TEXT_BYTES = 8_000_000
"""Largest text file read, bytes."""

_AT_A_TIME = 1_000_000
"""Bytes unpacked at a time."""

MOST_RECORD_BYTES = 20_000_000
"""Largest trial record read, bytes; one with all its results has some 2,000,000."""


def read_text(path: Path, most: int = MOST_TEXT_BYTES) -> str:
    """Read a text file that somebody named; one that ends in `.gz` is unpacked.

    Parameters
    ----------
    path : Path
        The file.
    most : int, bytes
        Largest text read, unpacked.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    Refusal
        If it cannot be opened, is larger, or is not UTF-8.
    """
    try:
        with _opened(path) as stream:  # its size is not asked: a device has none
            raw = stream.read(most + 1)
            size = max(path.stat().st_size, len(raw))
    except (OSError, EOFError, zlib.error) as failed:
        raise _unreadable(path, failed) from None
    if len(raw) > most:
        raise Refusal([Fault("", f"{size} bytes", f"up to {most} bytes",
                             "Give the file itself, not an archive", path.name)])  # fmt: skip
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise Refusal([Fault("", f"the byte 0x{raw[wrong.start]:02x}", "UTF-8 text",
                             "Save the file as UTF-8", path.name, line)]) from None  # fmt: skip


def digest_of(path: Path) -> str:
    """Give the digest of a file, in memory that does not grow with it.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        SHA-256 of its bytes, in hexadecimal digits.

    Raises
    ------
    Refusal
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as failed:
        raise _unreadable(path, failed) from None


def require_size(path: Path, most: int) -> None:
    """Refuse a file by its size, before any of it is taken.

    Parameters
    ----------
    path : Path
        Any; one that ends in `.gz` is unpacked as far as it is allowed, and nothing is kept of it.
    most : int, bytes
        Largest file, as it lies and unpacked.

    Raises
    ------
    Refusal
        If it is no file, cannot be read, or is larger.
    """
    try:
        size = path.stat().st_size
        found = f"{size} bytes"
        is_within = path.is_file() and size <= most
        if is_within and path.suffix == ".gz":
            found = f"more than {most} bytes unpacked"
            is_within = _unpacks_within(path, most)
    except (OSError, EOFError, zlib.error) as failed:
        raise _unreadable(path, failed) from None
    if not is_within:
        raise Refusal([Fault("", found, f"a file of up to {most}", "Split it", path.name)])


def _unpacks_within(path: Path, most: int) -> bool:
    """Say whether a file compressed by gzip unpacks to so many bytes at most."""
    size = 0
    with gzip.open(path) as stream:
        while size <= most and (piece := stream.read(_AT_A_TIME)):
            size += len(piece)
    return size <= most


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading, unpacking one compressed by gzip."""
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "no file has such a name")  # Python's own is no OSError
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def write_new(path: Path, text: str | bytes) -> None:
    """Write a file that is not there yet.

    Parameters
    ----------
    path : Path
        The new file.
    text : str or bytes
        Text is written as UTF-8.

    Raises
    ------
    Refusal
        If there is such a file, or it cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
    except OSError as failed:
        raise Refusal([Fault("", str(failed.strerror), "a new file in a folder that can be written",
                             "Choose another name", path.name)]) from None  # fmt: skip


def refuse_existing(folder: Path) -> None:
    """Refuse a folder that is there, before anything is worked out for it.

    Parameters
    ----------
    folder : Path
        Asked for by `--out`.

    Raises
    ------
    Refusal
        If it exists.
    """
    if folder.exists():
        raise refuse("--out", str(folder), "a new folder", "Name another one")


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> tuple[str, ...]:
    """Write files into a new folder.

    Parameters
    ----------
    folder : Path
        The folder; it is made with those around it.
    files : mapping of str to str or bytes
        Text or bytes by name; a name may lie in a folder of its own.

    Returns
    -------
    tuple of str
        The names.

    Raises
    ------
    Refusal
        If a file cannot be written.
    """
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_new(folder / name, content)
    return tuple(files)


def replace_text(path: Path, text: str) -> None:
    """Put a new text in the place of an old one, whole or not at all.

    Parameters
    ----------
    path : Path
        A file that is there; behind a link, the file that it leads to.
    text : str
        Written as UTF-8 into a file beside it, which then takes its place.

    Raises
    ------
    Refusal
        If its folder cannot be written, or its name says that it is compressed; the old text then
        stands.
    """
    if path.suffix == ".gz":
        raise Refusal([Fault("", "a file compressed by gzip", "a text file",
                             "Unpack it, and name the text", path.name)])  # fmt: skip
    beside, path = "", path.resolve()
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, path.stat().st_mode & 0o777)
        os.replace(beside, path)
    except OSError as failed:
        if beside:
            Path(beside).unlink(missing_ok=True)
        raise Refusal([Fault("", str(failed.strerror), "a file in a folder that can be written",
                             "Choose another place", path.name)]) from None  # fmt: skip


@contextmanager
def open_bundle(path: Path) -> Iterator[BinaryIO]:
    """Open a record file for streaming, compressed or not.

    Parameters
    ----------
    path : Path
        A JSON file, or one compressed by gzip (`.gz`).

    Yields
    ------
    BinaryIO
        A stream that can go back to its beginning.

    Raises
    ------
    Refusal
        If it cannot be opened or is no gzip file.
    """
    try:
        with _opened(path) as stream:
            yield stream
    except (OSError, EOFError) as failed:
        raise _unreadable(path, failed) from None


def _unreadable(path: Path, failed: Exception) -> Refusal:
    """Say why a file could not be read."""
    why = getattr(failed, "strerror", None) or "cannot be read"
    return Refusal([Fault("", str(why), "a readable file", "Correct the path",
                         path.name.replace("\0", "?"))])  # fmt: skip
