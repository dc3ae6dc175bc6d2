"""What comparing a part of two versions gives, and how those who flip are told."""

from dataclasses import dataclass

from trialwright.registry.amending.amendment import Change, Effect, Flip, FlipKind, Wording, both
from trialwright.registry.amending.scope import ArmNames, arms_say

NO_LONGER = "was kept out and no longer is"
"""Said of those whom a looser version lets in."""

NOW = "was not kept out by it and is now"
"""Said of those whom a tighter version keeps out."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing a part of two versions gives.

    Attributes
    ----------
    changes : tuple of Change
        Changes of structure.
    wording : tuple of Wording
        What is told in another way and means the same.
    notes : tuple of str
        What could not be compared, as sentences.
    """

    changes: tuple[Change, ...] = ()
    wording: tuple[Wording, ...] = ()
    notes: tuple[str, ...] = ()


def by_scope(
    before: tuple[str, ...],
    now: tuple[str, ...],
    who: str,
    arms: ArmNames,
    kind: FlipKind = "value",
) -> tuple[Effect, tuple[Flip, ...]]:
    """Compare the arms for which something keeps participants out.

    Parameters
    ----------
    before, now : tuple of str
        Arms by newer letters; empty: every arm.
    who : str
        Whom it keeps out, as the beginning of a sentence.
    arms : ArmNames
        The arms there are.
    kind : {'value', 'words'}
        What decides who they are.

    Returns
    -------
    tuple
        The effect, and who flips for which arm.
    """
    effect: Effect = "none"
    flips: list[Flip] = []
    freed, bound = arms.only(before, now), arms.only(now, before)
    if freed != ():
        effect = "looser"
        flips.append(Flip(kind, "in", f"{who} {NO_LONGER}, for {arms_say(freed, now)}."))
    if bound != ():
        effect = both(effect, "tighter")
        flips.append(Flip(kind, "out", f"{who} {NOW}, for {arms_say(bound, before)}."))
    return effect, tuple(flips)
