"""Answers that are dear to work out, kept by everything they rest on."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

MOST_KEPT = 24
"""Answers kept in memory, the least asked for let go first; a report is about half a megabyte."""


@dataclass(slots=True)
class _Turn:
    """Whose turn it is to work out one answer; the same thread may ask again while it is its."""

    lock: Any = field(default_factory=threading.RLock)
    asking: int = 0


@dataclass(slots=True)
class Kept:
    """Answers by what they rest on.

    Attributes
    ----------
    most : int
        How many are kept.
    """

    most: int = MOST_KEPT
    _answers: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    _turns: dict[Hashable, _Turn] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.Lock)

    def answer(self, key: Hashable, work_out: Callable[[], Any]) -> Any:
        """Give a kept answer, or work it out: one thread at a time, the others wait and take it.

        Parameters
        ----------
        key : hashable
            Everything the answer rests on.
        work_out : callable () -> object
            Gives the answer. It asks for no other answer that is kept here, so that no two threads
            can wait for one another. What it raises is not kept: who waited works it out again.

        Returns
        -------
        object
            The answer.
        """
        with self._lock:
            if key in self._answers:
                return self._kept(key)
            turn = self._turns.setdefault(key, _Turn())
            turn.asking += 1
        try:
            with turn.lock:
                with self._lock:
                    if key in self._answers:  # somebody worked it out meanwhile
                        return self._kept(key)
                found = work_out()
                with self._lock:
                    self._answers[key] = found
                    while len(self._answers) > self.most:
                        self._answers.popitem(last=False)
                return found
        finally:
            with self._lock:
                turn.asking -= 1
                if not turn.asking:
                    del self._turns[key]

    def _kept(self, key: Hashable) -> Any:
        """Give an answer that is kept, as the one asked for last."""
        self._answers.move_to_end(key)
        return self._answers[key]
