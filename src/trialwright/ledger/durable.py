"""Writing a small file so that it is there after a power loss, whole or not at all."""

import os
from pathlib import Path


def write_new(path: Path, text: str, mode: int) -> None:
    """Write a file that must not exist yet.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    text : str
        What it shall hold, UTF-8.
    mode : int
        Permissions, e.g. 0o600.

    Raises
    ------
    FileExistsError
        If there is such a file.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(handle, "w", encoding="utf-8") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    sync_folder(path.parent)


def replace(path: Path, text: str, mode: int) -> None:
    """Put a text in place of a file's, or leave the old one whole.

    Parameters
    ----------
    path : Path
        In a folder that exists. Writers must exclude one another.
    text : str
        What it shall hold, UTF-8.
    mode : int
        Permissions of the new file.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_new(fresh, text, mode)
    os.replace(fresh, path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Make what a file holds safe from a power loss.

    Parameters
    ----------
    path : Path
        A file that no database has open.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(fresh: Path, path: Path) -> None:
    """Give a finished file its name, unless that name is taken.

    Parameters
    ----------
    fresh : Path
        The file under its passing name, in the same folder.
    path : Path
        The name it shall have.

    Raises
    ------
    FileExistsError
        If the name is taken; nothing is overwritten.
    """
    sync(fresh)
    os.link(fresh, path)
    fresh.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe from a power loss.

    Parameters
    ----------
    folder : Path
        That exists.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
