"""Answers that are dear to work out, kept by everything they rest on."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

MOST_KEPT = 24
"""Answers kept in memory, the least asked for let go first; a report is about half a megabyte."""


@dataclass(slots=True)
class Kept:
    """Answers by what they rest on."""

    _answers: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    _lock: Any = field(default_factory=threading.Lock)

    def answer(self, key: Hashable, work_out: Callable[[], Any]) -> Any:
        """Give a kept answer, or work it out.

        Parameters
        ----------
        key : hashable
            Everything the answer rests on.
        work_out : callable () -> object
            Gives the answer; two that ask at a time may both work it out, to equal answers.

        Returns
        -------
        object
            The answer.
        """
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        found = work_out()
        with self._lock:
            self._answers[key] = found
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return found
