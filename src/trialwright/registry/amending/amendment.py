"""What comparing two versions of a trial gives: changes of structure, and wording apart."""

from dataclasses import dataclass
from typing import Literal

Effect = Literal["tighter", "looser", "either way", "unclear", "none"]
"""What a change does to who may enter: fewer, more, fewer here and more there, not to be told from
the words, or nothing at all (a title, a dosing day)."""

Section = Literal[
    "criteria", "treatment", "new criterion", "removed criterion", "registration", "settings"
]
"""Under which heading a change is told."""

FlipKind = Literal["value", "missing facts", "words"]
"""Whether a value decides who flips, its absence, or what a person reads in the words."""

Turn = Literal["in", "out", "either"]
"""Whether those who flip were kept out and no longer are, are kept out now, or one or the other."""

OPPOSITE: dict[str, Effect] = {
    "tighter": "looser",
    "looser": "tighter",
    "either way": "either way",
    "unclear": "unclear",
    "none": "none",
}
"""The effect of the change read backwards."""


@dataclass(frozen=True, slots=True)
class Flip:
    """Participants for whom the answer changes.

    Attributes
    ----------
    kind : {'value', 'missing facts', 'words'}
        What decides who they are.
    turn : {'in', 'out', 'either'}
        Kept out before and no longer; kept out now and not before; one or the other.
    says : str
        Who they are, as a sentence.
    """

    kind: FlipKind
    turn: Turn
    says: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change of structure.

    Attributes
    ----------
    topic : str
        What it is about, e.g. `QTcF`, `wash-out after chemotherapy`, `arm C`.
    says : str
        The change as a sentence.
    old, new : str
        What each version states; empty where it states nothing.
    place_old, place_new : str
        Where it stands in each version; empty where it does not stand.
    arms : tuple of str
        Arms concerned, by the letters of the newer version (of the older, for an arm that is gone);
        empty: every arm.
    effect : {'tighter', 'looser', 'either way', 'unclear', 'none'}
        What it does to who may enter.
    flips : tuple of Flip
        Who can flip; empty: nobody.
    section : str
        Under which heading it is told.
    """

    topic: str
    says: str
    old: str
    new: str
    place_old: str
    place_new: str
    arms: tuple[str, ...]
    effect: Effect
    flips: tuple[Flip, ...]
    section: Section = "criteria"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that differ where nothing that was understood as structure does.

    Attributes
    ----------
    topic : str
        What they are about.
    says : str
        The difference as a sentence, with a short inline comparison of the words.
    old, new : str
        The words of each version; empty where it has none.
    place_old, place_new : str
        Where they stand.
    """

    topic: str
    says: str
    old: str
    new: str
    place_old: str
    place_new: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changes from one version of a trial to another.

    Attributes
    ----------
    changes : tuple of Change
        Changes of structure, section by section.
    wording : tuple of Wording
        Differences of words alone.
    same : int
        Criteria of the newer version of which nothing differs.
    not_compared : tuple of str
        What only one version states, or was not understood, as sentences.
    """

    changes: tuple[Change, ...]
    wording: tuple[Wording, ...]
    same: int
    not_compared: tuple[str, ...] = ()

    @property
    def flipping(self) -> tuple[Change, ...]:
        """The changes that can flip a participant."""
        return tuple(each for each in self.changes if each.flips)

    def of(self, section: Section) -> tuple[Change, ...]:
        """Give the changes of one section.

        Parameters
        ----------
        section : str
            Its name.

        Returns
        -------
        tuple of Change
            In their order.
        """
        return tuple(each for each in self.changes if each.section == section)


def both(one: Effect, other: Effect) -> Effect:
    """Join the effects of two parts of one change.

    Parameters
    ----------
    one, other : str
        Effects.

    Returns
    -------
    str
        `either way` when they pull apart; `unclear` when one of them is.
    """
    if one == other or other == "none":
        return one
    if one == "none":
        return other
    return "unclear" if "unclear" in (one, other) else "either way"
