"""What follows from one participant's record alone, worked out once while that record stands.

A page looks at everybody, and asks of each the same several times over; the next page asks again. A
happening gives its participant a new `ParticipantState` and leaves the others as they are, so what
was worked out for the others still holds.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TypeVar
from weakref import ref

from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.study import Study

Found = TypeVar("Found")
Question = Callable[[TrialState, ParticipantState, date], Found]

MOST_EACH = 4
"""Answers kept of one participant and one question: some days, or versions of the protocol."""


def remembered(asked: Question[Found]) -> Question[Found]:
    """Make a function of the protocol, one participant and a day remember its last answers.

    It is called with a state in which nothing but the protocol is known, so that its answer cannot
    rest on anything else that an answer is not kept by.

    Parameters
    ----------
    asked : callable (state, participant, date) -> found
        Pure; what it finds is immutable and holds no `ParticipantState`. What it raises is not
        kept.

    Returns
    -------
    callable (state, participant, date) -> found
        The same answers. They are kept by the identity of the participant's state and of the
        protocol, the `MOST_EACH` newest of a participant, and no longer than that state lives.
        Each is put there in one step: of two threads at a time, one may work out again what the
        other keeps.
    """
    kept: dict[int, tuple[ref[ParticipantState], tuple[tuple[Study, date, Found], ...]]] = {}

    @wraps(asked)
    def answered(state: TrialState, participant: ParticipantState, day: date) -> Found:
        """Give an answer kept, or work it out and keep it."""
        study, number = state.study, id(participant)
        there = kept.get(number)
        answers = there[1] if there is not None and there[0]() is participant else ()
        for by, on, found in answers:
            if by is study and on == day:
                return found
        found = asked(TrialState(study), participant, day)

        def gone(dead: "ref[ParticipantState]") -> None:
            """Forget a state that nobody holds any more, unless its number was given anew."""
            last = kept.get(number)
            if last is not None and last[0] is dead:
                kept.pop(number, None)

        newest = ((study, day, found), *answers[: MOST_EACH - 1])
        kept[number] = (ref(participant, gone), newest)
        return found

    return answered
