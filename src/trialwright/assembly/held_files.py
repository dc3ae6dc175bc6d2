"""Files that somebody sent and has not confirmed: held for minutes, for their owner alone."""

import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from trialwright.assembly.clock import now
from trialwright.terms.errors import refuse

HELD = "held"
"""Folder beside the accounts in which files wait."""

HELD_SECONDS = 15 * 60
"""How long a file waits; as long as a session without a request."""


def hold(folder: Path, name: str, parts: Iterable[bytes], most: int) -> str:
    """Hold a file.

    Parameters
    ----------
    folder : Path
        Of the trial.
    name : str
        Under which it is held; no name that somebody gave it.
    parts : iterable of bytes
        What it holds.
    most : int, bytes
        Largest file held.

    Returns
    -------
    str
        The word by which it is found again.

    Raises
    ------
    Refusal
        If it is larger; nothing is held then.
    """
    let_go(folder)
    word = secrets.token_hex(16)
    (folder / HELD).mkdir(mode=0o700, exist_ok=True)
    (folder / HELD / word).mkdir(mode=0o700)
    handle = os.open(folder / HELD / word / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    size = 0
    with os.fdopen(handle, "wb") as file:
        for part in parts:
            size += len(part)
            if size > most:
                break
            file.write(part)
    if size > most:
        let_go(folder, word)
        raise refuse("file", f"more than {most} bytes", f"up to {most}", "Split it")
    return word


def held(folder: Path, word: str) -> Path | None:
    """Find where a file is held; those that waited too long are removed first.

    Parameters
    ----------
    folder : Path
        Of the trial.
    word : str
        As `hold` gave it.

    Returns
    -------
    Path or None
        A folder of its own; None: it is not held any more.
    """
    let_go(folder)
    found = folder / HELD / word
    return found if word and found.is_dir() else None


def claim(folder: Path, word: str) -> str:
    """Take a held file for one use, so that a request sent twice finds it once.

    Parameters
    ----------
    folder : Path
        Of the trial.
    word : str
        As `hold` gave it.

    Returns
    -------
    str
        The word by which it is found from now on; empty: it is not held any more.
    """
    if held(folder, word) is None:
        return ""
    new = secrets.token_hex(16)
    try:
        os.rename(folder / HELD / word, folder / HELD / new)
    except FileNotFoundError:  # another request took it meanwhile
        return ""
    return new


def let_go(folder: Path, word: str = "") -> None:
    """Remove a held file, and all that waited too long.

    Parameters
    ----------
    folder : Path
        Of the trial.
    word : str
        As `hold` gave it; empty: only those that waited too long.
    """
    oldest = now().timestamp() - HELD_SECONDS
    try:
        found = [(each.name, each.stat().st_mtime) for each in (folder / HELD).iterdir()]
    except FileNotFoundError:  # none was held yet, or another process removed one
        return
    for name, began in found:
        if name == word or began < oldest:
            shutil.rmtree(folder / HELD / name, ignore_errors=True)
