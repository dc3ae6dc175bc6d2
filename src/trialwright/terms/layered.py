"""A mapping that is never changed and grows by copies, each of which shares most of the one before.

A dict that is copied for each new entry costs its whole length each time; a fold of a ledger adds
an entry with each happening.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Self, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST_ON_TOP = 32
"""Entries on top before they go into the base: copying either is then equally seldom dear."""


class Layered(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping in two layers: a base that copies share, and what came later on top of it.

    Parameters
    ----------
    entries : mapping
        What it holds; not looked at again.

    Notes
    -----
    Entries keep the order in which their keys came in, as those of a dict do.
    """

    __slots__ = ("_base", "_new", "_top")

    def __init__(self, entries: Mapping[Key, Any] | None = None) -> None:
        self._base: dict[Key, Value] = dict(entries or {})
        self._top: dict[Key, Value] = {}
        self._new = 0

    def with_entry(self, key: Key, value: Any) -> Self:
        """Give a mapping that also holds an entry, in place of one under the same key.

        Parameters
        ----------
        key : hashable
            Its key.
        value : object
            Its value, or what stands for it in a kind of this mapping.

        Returns
        -------
        Layered
            A new one; this one is unchanged.
        """
        grown = object.__new__(type(self))
        top = self._top.copy()
        grown._new = self._new + (key not in top and key not in self._base)
        top[key] = value
        grown._base, grown._top = self._base, top
        if len(top) > _MOST_ON_TOP:
            grown._base, grown._top, grown._new = self._base | top, {}, 0
        return grown

    def __getitem__(self, key: Key) -> Value:
        """Look on top first."""
        top = self._top
        return top[key] if key in top else self._base[key]

    def __contains__(self, key: object) -> bool:
        """Say whether either layer holds the key."""
        return key in self._top or key in self._base

    def __iter__(self) -> Iterator[Key]:
        """Give the keys in the order in which they came in."""
        yield from self._base
        yield from (key for key in self._top if key not in self._base)

    def __len__(self) -> int:
        """Count the keys of both layers."""
        return len(self._base) + self._new

    def __repr__(self) -> str:
        """Show it as the dict that it stands for."""
        return repr(dict(self))
