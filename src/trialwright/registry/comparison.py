"""What comparing a record with a protocol gives: differences, agreements, and what is open."""

from dataclasses import dataclass

NOT_STATED = "not stated"
"""Stands where one side says nothing that was understood."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which the record and the protocol differ, or which cannot be compared.

    Attributes
    ----------
    topic : str
        What it is about, e.g. `title`, `arm C`, `I07`.
    on_page, in_protocol : str
        What each says; `not stated` where it says nothing.
    says : str
        The difference as a sentence.
    """

    topic: str
    on_page: str
    in_protocol: str
    says: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Things on which the record and the protocol agree.

    Attributes
    ----------
    topic : str
        What they are about, e.g. `registration`, `arm C`, `criteria`.
    count : int
        How many things agree.
    says : str
        The agreement as a sentence.
    """

    topic: str
    count: int
    says: str


@dataclass(frozen=True, slots=True)
class BeyondPage:
    """A part of the protocol that the record does not state.

    Attributes
    ----------
    path : str
        Where it stands, by names, e.g. `arms.A.ladder`.
    note : str
        The protocol's own note on it; empty when it has none.
    """

    path: str
    note: str

    @property
    def says(self) -> str:
        """The part with its note, on one line."""
        return f"{self.path}: {self.note}" if self.note else self.path


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a record and a protocol compare.

    Attributes
    ----------
    differences : tuple of Difference
        Empty when they agree in all that both state.
    agreements : tuple of Agreement
        What is the same.
    beyond_page : tuple of BeyondPage
        What the protocol holds and the record does not state.
    bullets : int
        Criteria of the record.
    same_bullets : int
        Those whose words are the words that the protocol was written from.
    """

    differences: tuple[Difference, ...]
    agreements: tuple[Agreement, ...]
    beyond_page: tuple[BeyondPage, ...]
    bullets: int
    same_bullets: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing looked at on both sides.

    Attributes
    ----------
    group : str
        Under which agreements are told together.
    topic : str
        What it is.
    on_page, in_protocol : str
        What each says; empty where it says nothing.
    is_same : bool
        Whether they agree.
    says : str
        The difference as a sentence; made from both sides when empty.
    """

    group: str
    topic: str
    on_page: str
    in_protocol: str
    is_same: bool
    says: str = ""

    @property
    def difference(self) -> Difference:
        """The thing as a difference."""
        on_page, in_protocol = self.on_page or NOT_STATED, self.in_protocol or NOT_STATED
        says = self.says or (
            f"{self.topic[:1].upper()}{self.topic[1:]}: {on_page} on the page,"
            f" {in_protocol} in the protocol."
        )
        return Difference(self.topic, on_page, in_protocol, says)


def seen(group: str, topic: str, on_page: str, in_protocol: str) -> tuple[Seen, ...]:
    """Look at one text on both sides; white space and capitals make no difference.

    Parameters
    ----------
    group, topic : str
        As in `Seen`.
    on_page, in_protocol : str
        What each side says.

    Returns
    -------
    tuple of Seen
        Empty when neither side says anything.
    """
    plain_page, plain_protocol = (" ".join(text.split()) for text in (on_page, in_protocol))
    if not plain_page and not plain_protocol:
        return ()
    is_same = plain_page.casefold() == plain_protocol.casefold()
    return (Seen(group, topic, plain_page, plain_protocol, is_same),)
