"""Participants whose happenings are filed as they come, and folded when somebody looks.

A fold of a whole ledger files each happening with its participant and goes on. Most acts and pages
look at few participants; who is never looked at is never folded.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from trialwright.terms.layered import Layered

State = TypeVar("State")
Item = TypeVar("Item")


class Awaiting(Generic[State, Item]):
    """A state with what is still to be added to it.

    Parameters
    ----------
    before : state or Awaiting
        As it stood, itself perhaps not folded yet.
    items : sequence
        To be added, in order; not changed once somebody else holds this.
    add : callable (state, item) -> state
        Adds one of them.
    """

    __slots__ = ("_add", "_before", "_items")

    def __init__(
        self,
        before: "State | Awaiting[State, Item]",
        items: Sequence[Item],
        add: Callable[[State, Item], State],
    ) -> None:
        self._before, self._items, self._add = before, items, add

    def settled(self) -> State:
        """Add what waits, once; two threads that do so at a time come to equal states.

        Returns
        -------
        state
            As it stands.
        """
        chain: list[Awaiting[State, Item]] = []
        here: State | Awaiting[State, Item] = self
        while isinstance(here, Awaiting):
            chain.append(here)
            here = here._before
        state = here
        for each in reversed(chain):
            for item in each._items:
                state = each._add(state, item)
        self._before, self._items = state, ()
        return state


class Held(Layered[str, State], Generic[State]):
    """States by name, each folded when it is looked at."""

    __slots__ = ()

    def __getitem__(self, key: str) -> State:
        """Give a state, folded by now."""
        held = self.filed(key)
        return held.settled() if isinstance(held, Awaiting) else held

    def filed(self, key: str) -> "State | Awaiting[State, Any]":
        """Give what is filed under a name, without folding it.

        Parameters
        ----------
        key : str
            The name; it is held.

        Returns
        -------
        state or Awaiting
            As filed.
        """
        return cast("State | Awaiting[State, Any]", super().__getitem__(key))
