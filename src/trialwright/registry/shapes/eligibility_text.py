"""Eligibility kept as one text -> criteria: headings, bullets, and the bullets below them.

Nothing is read that no heading makes an inclusion or an exclusion: it stays as text. The headings
of the Physician Data Query name no list; what stands below them is read as inclusion, and the
draft says that this was assumed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from trialwright.registry.bullets import depth_doubt, parts_of
from trialwright.registry.draft import DraftCriterion
from trialwright.registry.lines import Line
from trialwright.registry.shapes.eligibility_headings import (
    List,
    heading_before,
    is_heading,
    is_inner_heading,
    is_pdq,
    list_begun,
    may_end,
    scope_of,
)
from trialwright.registry.shapes.eligibility_items import DEEPEST, Item, criterion_of, place_below
from trialwright.registry.shapes.eligibility_layout import Block, blocks_of
from trialwright.registry.shapes.json_values import stretch_of
from trialwright.registry.shapes.spots import MarkedRecord, Spot
from trialwright.registry.spans import Kept
from trialwright.terms.errors import shorten

MOST_CRITERIA = 99
"""Most criteria of one list: their ids have two digits (`protocol.criteria.Criterion`)."""

NO_HEADING = "no heading of inclusion or exclusion criteria stands above it"
ASSUMED = (
    "The criteria stand under {headings}, which do not say whether they include or exclude: they"
    " are read as inclusion criteria, and this is assumed."
)
NO_BULLETS = "No bullet stands under '{heading}': each paragraph there is read as one criterion."
BEHIND = "it follows sub-bullets, and to which part it belongs is for people to say"
SCOPED = "Under '{heading}' stand {ids}: what the heading names may be all that they hold for."
STUCK = "{criterion} has a part whose hyphen touches its words: it is read as a sub-bullet."
FLAT = (
    "Ending with a colon, with no sub-bullet marked below: {ids}. Which of the criteria that follow"
    " belong to them is for people to say."
)


@dataclass(slots=True)
class _Section:
    """A heading and the blocks below it."""

    heading: str = ""
    list_name: List | None = None
    blocks: list[Block] = field(default_factory=list)
    because: str = NO_HEADING


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a heading of a list holds for, and how many criteria stood above it."""

    heading: str
    list_name: List
    before: int


class CriteriaReader:
    """Gathers the criteria of a record, from one text or several.

    Attributes
    ----------
    record : MarkedRecord
        Takes spans, kept text and remarks.
    """

    def __init__(self, record: MarkedRecord) -> None:
        self.record = record
        self._lists: dict[List, list[DraftCriterion]] = {"inclusion": [], "exclusion": []}
        self._where = ""
        self._is_escaped = False
        self._pdq: list[str] = []
        self._scopes: list[_Scope] = []

    def take_text(self, spot: Spot, *, is_escaped: bool = False) -> None:
        """Take a text.

        Parameters
        ----------
        spot : Spot
            Where it stands.
        is_escaped : bool
            Whether backslashes stand before signs that Markdown would read.
        """
        self._where, self._is_escaped = spot.field, is_escaped
        for section in self._sections(blocks_of(_cut_headings(spot.lines), is_heading)):
            self._note_scope(section)
            if section.list_name is None:
                self._keep_blocks(section.blocks, section.because)
            elif any(block.sign for block in section.blocks):
                self._read_bullets(section, section.list_name)
            else:
                self._read_paragraphs(section, section.list_name)

    def take_list(self, spots: Sequence[Spot]) -> None:
        """Take a list of lines that has lost the depth of its bullets: each is one criterion.

        Parameters
        ----------
        spots : sequence of Spot
            Where the lines stand.
        """
        section = _Section()
        for spot in spots:
            lines = spot.lines
            if not lines:
                continue
            block = Block(lines)
            self._where = spot.field
            if begun := self._begun(block):
                section = begun
                self._note_scope(section)
                continue
            if section.list_name is not None and _ends_list(section.list_name, block):
                section = _ended(section.list_name, block)
            if section.list_name is None:
                self._keep_blocks([block], section.because)
            else:
                self._add(Item([block]), section.list_name)

    def take_one(self, spot: Spot, list_name: List) -> None:
        """Take a text that the record itself names one criterion of a list.

        Parameters
        ----------
        spot : Spot
            Where it stands.
        list_name : {'inclusion', 'exclusion'}
            The list.
        """
        if spot.lines:
            self._where = spot.field
            self._add(Item([Block(spot.lines)]), list_name)

    def finish(self) -> tuple[DraftCriterion, ...]:
        """Note what was assumed, and give the criteria.

        Returns
        -------
        tuple of DraftCriterion
            Inclusions, then exclusions.
        """
        if self._pdq:
            self._remark(ASSUMED.format(headings=" and ".join(dict.fromkeys(self._pdq))))
        criteria = (*self._lists["inclusion"], *self._lists["exclusion"])
        for place, scope in enumerate(self._scopes):
            self._remark_scope(scope, self._scopes[place + 1 :])
        colons = [each.id for each in criteria if _announces(each)]
        if colons:
            self._remark(FLAT.format(ids=", ".join(colons)))
        return criteria

    def _sections(self, blocks: Iterable[Block]) -> list[_Section]:
        """Cut a text at the headings of its lists."""
        sections = [_Section()]
        for block in blocks:
            if begun := self._begun(block):
                sections.append(begun)
            else:
                sections[-1].blocks.append(block)
        return sections

    def _begun(self, block: Block) -> _Section | None:
        """Begin a list when the block is a heading of one."""
        list_name = list_begun(block.words)
        if list_name is None and is_pdq(block.words):
            self._pdq.append(block.words.rstrip(":"))
            list_name = "inclusion"
        if list_name is None:
            return None
        self.record.understand(stretch_of(block.lines, "heading", f"criteria.{list_name}"))
        return _Section(block.words, list_name)

    def _note_scope(self, section: _Section) -> None:
        """Note where a list begins, and what its heading says it holds for."""
        if section.list_name is not None:
            before = len(self._lists[section.list_name])
            self._scopes.append(_Scope(section.heading, section.list_name, before))

    def _remark_scope(self, scope: _Scope, later: Sequence[_Scope]) -> None:
        """Say which criteria may hold only for what their heading names."""
        criteria = self._lists[scope.list_name]
        ends = [each.before for each in later if each.list_name == scope.list_name]
        held = criteria[scope.before : ends[0] if ends else len(criteria)]
        if held and scope_of(scope.heading):
            ids = held[0].id if len(held) == 1 else f"{held[0].id} to {held[-1].id}"
            self._remark(SCOPED.format(ids=ids, heading=shorten(scope.heading)))

    def _read_paragraphs(self, section: _Section, list_name: List) -> None:
        """Read a list without bullets."""
        if section.blocks:
            self._remark(NO_BULLETS.format(heading=shorten(section.heading)))
        for place, block in enumerate(section.blocks):
            if _ends_list(list_name, block):
                because = _ended(list_name, block).because
                self._keep_blocks(section.blocks[place:], because)
                return
            self._add(Item([block]), list_name)

    def _read_bullets(self, section: _Section, list_name: List) -> None:
        """Read a list of bullets; a paragraph goes on with a bullet, or is kept."""
        items: list[Item] = []
        above: list[Item] = []
        for place, block in enumerate(section.blocks):
            held = _held_by(above, block)
            if block.sign not in ("", "stuck"):
                above = self._grow(items, place_below(above, block), block)
            elif block.sign == "stuck" and held:
                above = self._grow(items, held, block)
            elif held and not held[-1].parts:
                held[-1].blocks.append(block)
                above = held
            elif held:
                self._keep_blocks([block], BEHIND)
            else:
                above = []
                if may_end(list_name, block.words, is_alone=True) and is_inner_heading(block.words):
                    self._keep_blocks(section.blocks[place:], _ended(list_name, block).because)
                    break
                self._keep_blocks([block], self._no_bullet(list_name, block, len(items)))
        for item in items:
            self._add(item, list_name)

    def _grow(self, items: list[Item], above: list[Item], block: Block) -> list[Item]:
        """Begin a criterion, or a sub-bullet of the last open bullet; give the open ones."""
        above = above[:DEEPEST]
        item = Item([block], len(above))
        (above[-1].parts if above else items).append(item)
        return [*above, item]

    def _no_bullet(self, list_name: List, block: Block, before: int) -> str:
        """Say why a line among bullets is kept."""
        if not is_inner_heading(block.words):
            return f"it stands among the {list_name} criteria and is no bullet"
        number = len(self._lists[list_name]) + before + 1
        criterion = f"{list_name[0].upper()}{number:02d}"
        return (
            f"it is a heading among the {list_name} criteria: {criterion} and what follows it may"
            " hold under this heading only"
        )

    def _add(self, item: Item, list_name: List) -> None:
        """Take a criterion under its number, or keep one too many."""
        criteria = self._lists[list_name]
        if len(criteria) == MOST_CRITERIA:
            why = f"a protocol numbers up to {MOST_CRITERIA} criteria of one list"
            self._keep_blocks([block for each in item.whole() for block in each.blocks], why)
            return
        where = f"line {item.first.lines[0].line} of {self._where}"
        criterion = criterion_of(
            item, list_name, len(criteria) + 1, where, is_escaped=self._is_escaped
        )
        criteria.append(criterion)
        for part in parts_of(criterion.head):
            self.record.understand(part.span)
        if doubt := depth_doubt(criterion):
            self._remark(doubt)
        if any(each.first.sign == "stuck" for each in item.whole()):
            self._remark(STUCK.format(criterion=criterion.id))

    def _keep_blocks(self, blocks: Iterable[Block], because: str) -> None:
        """Keep blocks as they stand."""
        for block in blocks:
            kind = "bullet" if block.sign else "words"
            self.record.take(Kept(stretch_of(block.lines, kind), block.verbatim, because))

    def _remark(self, says: str) -> None:
        """Note what people should look at."""
        self.record.sheet.remark(0, says)


def _cut_headings(lines: Iterable[Line]) -> Iterator[Line]:
    """Cut lines that begin with the heading of a list and go on with a criterion."""
    for line in lines:
        length = heading_before(line.words)
        if not length:
            yield line
            continue
        rest = line.words[length:].lstrip()
        yield replace(line, words=line.words[:length].rstrip())
        yield replace(
            line, words=rest, start=line.start + len(line.words) - len(rest), is_after_blank=True
        )


def _held_by(above: list[Item], block: Block) -> list[Item]:
    """Find the open bullets that a paragraph is set in below."""
    held = [each for each in above if block.column >= each.first.column + 2]
    return above[: len(held)]


def _ends_list(list_name: List, block: Block) -> bool:
    """Say whether a line among criteria without bullets is a heading that may end the list."""
    is_short = len(block.words) <= 60 and block.words.endswith(":")
    return is_short and may_end(list_name, block.words, is_alone=False)


def _ended(list_name: List, block: Block) -> _Section:
    """Give the section after a heading that may end a list."""
    words = shorten(block.words)
    because = f"it stands at or below '{words}', which may end the {list_name} criteria"
    return _Section(block.words, None, [], because)


def _announces(criterion: DraftCriterion) -> bool:
    """Say whether a criterion announces a list and has none below it."""
    return criterion.head.words.endswith(":") and not criterion.head.parts
