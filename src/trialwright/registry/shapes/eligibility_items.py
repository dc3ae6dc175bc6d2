"""A criterion grown from its bullet and the bullets below it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from trialwright.registry.bullets import read_bullet
from trialwright.registry.draft import DraftCriterion, Part
from trialwright.registry.lines import Line
from trialwright.registry.shapes.eligibility_headings import List
from trialwright.registry.shapes.eligibility_layout import Block, unescaped
from trialwright.registry.shapes.json_values import stretch_of

DEEPEST = 6
"""Deepest sub-bullet told apart, as in a page (`registry.bullets`); a deeper one counts as this."""


@dataclass(slots=True)
class Item:
    """A bullet whose wrapped lines and sub-bullets are still to come.

    Attributes
    ----------
    blocks : list of Block
        Its own words: the bullet, then paragraphs that go on with it.
    depth : int
        0 for a criterion, then how deep below it.
    parts : list of Item
        Sub-bullets.
    """

    blocks: list[Block]
    depth: int = 0
    parts: list["Item"] = field(default_factory=list)

    @property
    def first(self) -> Block:
        """The bullet itself."""
        return self.blocks[0]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its own lines, without those of sub-bullets."""
        return tuple(line for block in self.blocks for line in block.lines)

    @property
    def words(self) -> str:
        """Its own words, without the sign, white space single."""
        return " ".join(block.words for block in self.blocks)

    def whole(self) -> Iterator["Item"]:
        """Give the bullet and those below it.

        Yields
        ------
        Item
            In the order of the record.
        """
        yield self
        for part in self.parts:
            yield from part.whole()


def place_below(above: list[Item], block: Block) -> list[Item]:
    """Find the open bullets below which a bullet stands.

    Parameters
    ----------
    above : list of Item
        Open bullets, the criterion first.
    block : Block
        A bullet.

    Returns
    -------
    list of Item
        Those that hold it; empty: it is a criterion of its own. A bullet set in by two characters
        or more stands below; at the same column, one with another kind of sign does when the bullet
        before it ends with a colon, or numbers and letters alternate.
    """
    column = block.column
    for place, item in enumerate(above):
        if column >= item.first.column + 2:
            continue
        if item.first.sign == block.sign:
            return above[:place]
        is_last = place == len(above) - 1
        is_lettered = (item.first.sign, block.sign) == ("number", "letter")
        if not is_last and abs(above[place + 1].first.column - column) < 2:
            continue
        if is_last and column >= item.first.column and (is_lettered or item.words.endswith(":")):
            return above
        return above[:place]
    return above


def criterion_of(
    item: Item, list_name: List, number: int, where: str, *, is_escaped: bool
) -> DraftCriterion:
    """Give the criterion of a grown bullet.

    Parameters
    ----------
    item : Item
        A bullet of depth 0.
    list_name : {'inclusion', 'exclusion'}
        The list it stands in.
    number : int
        Its place in that list, counted from 1.
    where : str
        Where it stands, for people.
    is_escaped : bool
        Whether backslashes stand before signs that Markdown would read.

    Returns
    -------
    DraftCriterion
        Its own words, then each sub-bullet on a line of its own behind as many asterisks as it is
        deep.
    """
    criterion = f"{'I' if list_name == 'inclusion' else 'E'}{number:02d}"
    head = _part(item, f"criteria.{criterion}", f"{list_name} bullet", is_escaped=is_escaped)
    lines = "\n".join(_written(head))
    arms = read_bullet(Line(head.words, 1, 0), list_name, number).arms
    return DraftCriterion(criterion, lines, f"{list_name} bullet {number}, {where}", head, arms)


def _part(item: Item, became: str, kind: str, *, is_escaped: bool) -> Part:
    """Freeze a grown bullet, giving each part its span and its path."""
    words = unescaped(item.words) if is_escaped else item.words
    return Part(
        " ".join(words.split()),
        item.depth,
        stretch_of(item.lines, kind, became),
        tuple(
            _part(below, f"{became}.{place}", kind, is_escaped=is_escaped)
            for place, below in enumerate(item.parts, start=1)
        ),
    )


def _written(part: Part) -> Iterator[str]:
    """Write a part and those below it, one on a line."""
    yield f"{'*' * part.depth} {part.words}" if part.depth else part.words
    for below in part.parts:
        yield from _written(below)
