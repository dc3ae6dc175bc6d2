"""Putting off the collection of garbage while a whole ledger or record is read into memory."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _PutOff:
    """Who puts off collecting; it is one thing for the whole process, and threads overlap."""

    lock: Lock = field(default_factory=Lock)
    blocks: int = 0
    was_enabled: bool = False


_PUT_OFF = _PutOff()


MANY = 10_000
"""From so many happenings on, what was read of them is set aside."""


def set_aside(happenings: int) -> None:
    """Look through nothing that is held by now when garbage is collected later.

    Looking through the state of 100,000 happenings takes two seconds, in the middle of somebody's
    page. What is set aside still goes when nobody holds it any more; cycles in it do not.

    Parameters
    ----------
    happenings : int
        How many were read; below `MANY` nothing is done.
    """
    if happenings >= MANY:
        gc.freeze()


def end_at_once() -> None:
    """Collect nothing more when the process ends.

    Python looks through everything it holds then, which took a process of the pages 0.9 seconds of
    a processor, and many times as long by the clock on a busy machine: it seemed not to end.
    """
    atexit.register(gc.freeze)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Collect no garbage meanwhile; reading a ledger makes hardly any, and much that stays.

    Looking through what stays again and again took two thirds of the time of a fold of 100,000
    happenings. It holds for the whole process and ends with the last block of any thread: then
    collecting is as it was before the first.

    Yields
    ------
    None
        While it holds.
    """
    with _PUT_OFF.lock:
        if not _PUT_OFF.blocks:
            _PUT_OFF.was_enabled = gc.isenabled()
            gc.disable()
        _PUT_OFF.blocks += 1
    try:
        yield
    finally:
        with _PUT_OFF.lock:
            _PUT_OFF.blocks -= 1
            if not _PUT_OFF.blocks and _PUT_OFF.was_enabled:
                gc.enable()
