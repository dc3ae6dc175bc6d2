"""For which arms something holds, across two versions whose arms may be lettered differently."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ArmNames:
    """The letters of the older version's arms in the newer.

    Attributes
    ----------
    newer : mapping of str to str
        Letter in the older version to that in the newer; a letter that is not there keeps.
    every : tuple of str
        Arms of the newer version, then those that only the older has; empty when none is stated.
    """

    newer: Mapping[str, str] = field(default_factory=dict)
    every: tuple[str, ...] = ()

    def mapped(self, arms: Sequence[str]) -> tuple[str, ...]:
        """Give the newer letters of arms.

        Parameters
        ----------
        arms : sequence of str
            Letters of the older version; empty: every arm.

        Returns
        -------
        tuple of str
            Sorted; empty: every arm.
        """
        return tuple(sorted({self._newer(arm) for arm in arms}))

    def _newer(self, arm: str) -> str:
        """Give the newer letter of an arm; one that the older version does not list is no other."""
        if arm in self.newer or arm not in self.newer.values():
            return self.newer.get(arm, arm)
        return f"{arm} (not listed)"  # its letter is that of another arm now

    def only(self, before: Sequence[str], now: Sequence[str]) -> tuple[str, ...] | None:
        """Give the arms of one scope that are not in another.

        Parameters
        ----------
        before, now : sequence of str
            Newer letters; empty: every arm.

        Returns
        -------
        tuple of str or None
            Empty for none; None for those that cannot be named, as the version states no arms.
        """
        if not now or set(before) == set(now):
            return ()
        if before:
            return tuple(sorted(set(before) - set(now)))
        return tuple(sorted(set(self.every) - set(now))) if self.every else None


SAME_NAMES = ArmNames()
"""For one version, or for two in which the letters mean the same."""


def arms_say(arms: Iterable[str] | None, but: Sequence[str] = ()) -> str:
    """Say arms.

    Parameters
    ----------
    arms : iterable of str or None
        Letters; empty: every arm; None: all that are not `but`.
    but : sequence of str
        The arms left out where the others cannot be named.

    Returns
    -------
    str
        E.g. `arm C`, `arms A and B`, `every arm`, `every arm but C`.
    """
    if arms is None:
        return f"every arm but {_joined(but)}"
    named = tuple(arms)
    if not named:
        return "every arm"
    return f"{'arm' if len(named) == 1 else 'arms'} {_joined(named)}"


def _joined(arms: Sequence[str]) -> str:
    """Join letters."""
    return " and ".join((", ".join(arms[:-1]), arms[-1])) if len(arms) > 1 else "".join(arms)
