"""A criterion in words, on one line or as a tree of bullets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trialwright.registry.bullets import read_bullet
from trialwright.registry.draft import Part
from trialwright.registry.lines import Line
from trialwright.registry.record import RecordCriterion
from trialwright.registry.writing.arm_words import one_line

_SIGN = re.compile(r"(\*{1,6}|[•-])\s+(?=\S)")
_ARMS_ONLY = re.compile(
    r"(?:For )?Arms? ([A-Z](?:(?:, and |, | and )[A-Z])*) only\s*[-–:,]?\s*", re.IGNORECASE
)
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")  # one that Markdown would take away
_TWO = r"\\\\"


@dataclass(frozen=True, slots=True)
class Bullet:
    """A criterion, or a sub-bullet of one.

    Attributes
    ----------
    words : str
        On one line, without its sign.
    parts : tuple of Bullet
        Sub-bullets below it.
    """

    words: str
    parts: tuple["Bullet", ...] = ()


def words_of_criterion(criterion: RecordCriterion) -> str:
    """Give the words of a criterion; where arms are named, a reader finds them at the beginning.

    Parameters
    ----------
    criterion : RecordCriterion
        Any criterion.

    Returns
    -------
    str
        The record's own words where they are kept, line ends included. Else ours, with `For Arm C
        only:` before them where the criterion is for some arms.
    """
    if criterion.source_text is not None:
        return criterion.source_text
    says = one_line(criterion.says)
    if not criterion.arms:
        return says
    named = _ARMS_ONLY.match(says)
    rest = says[named.end() :] if named else says
    return f"For Arm{'s' if len(criterion.arms) > 1 else ''} {_arms(criterion)} only: {rest}"


def line_of_criterion(criterion: RecordCriterion) -> str:
    """Give the words of a criterion on one line, sub-bullets with their signs.

    Parameters
    ----------
    criterion : RecordCriterion
        Any criterion.

    Returns
    -------
    str
        White space single.
    """
    return one_line(words_of_criterion(criterion))


def tree_of_criterion(criterion: RecordCriterion) -> Bullet:
    """Give the words of a criterion as a tree of bullets.

    Parameters
    ----------
    criterion : RecordCriterion
        Any criterion.

    Returns
    -------
    Bullet
        Its head. A line that begins with a sign is a sub-bullet; inside a line they begin after a
        colon, as `registry.bullets` reads them.
    """
    lines = [line.strip() for line in words_of_criterion(criterion).splitlines() if line.strip()]
    head = Bullet("")
    above: list[int] = []
    for line in lines:
        sign = _SIGN.match(line) if head.words else None
        if not head.words:
            head = _inline(line)
        elif sign is None:
            head = _went_on(head, line)
        else:
            depth = len(sign[1]) if sign[1].startswith("*") else 1
            while above and above[-1] >= depth:
                above.pop()
            head = _added(head, _inline(line[sign.end() :]), len(above))
            above.append(depth)
    return head


def for_arms(criterion: RecordCriterion) -> tuple[str, str]:
    """Cut off what says for which arms a criterion is.

    Parameters
    ----------
    criterion : RecordCriterion
        Any criterion.

    Returns
    -------
    tuple of (str, str)
        E.g. `For Arm C only:` and the other words of its head; the first is made from its arms
        where its words do not begin so, and is empty when it is for every arm.
    """
    head = tree_of_criterion(criterion).words
    if not criterion.arms:
        return "", head
    named = _ARMS_ONLY.match(head)
    if named:
        return head[: named.end()].rstrip(), head[named.end() :]
    return f"For Arm{'s' if len(criterion.arms) > 1 else ''} {_arms(criterion)} only:", head


def lines_of_bullet(bullet: Bullet, depth: int = 0) -> Iterator[str]:
    """Give a tree of bullets line by line, as the registry writes nested lists in Markdown.

    Parameters
    ----------
    bullet : Bullet
        Any.
    depth : int
        Depth of this one.

    Yields
    ------
    str
        E.g. `  * Women > 60 years`: two blanks for each depth, an empty line before a deeper list.
    """
    yield f"{'  ' * depth}* {_BACKSLASH.sub(_TWO, bullet.words)}"
    if bullet.parts:
        yield ""
    for each in bullet.parts:
        yield from lines_of_bullet(each, depth + 1)


def _arms(criterion: RecordCriterion) -> str:
    """List the arms of a criterion as its reader reads them."""
    *some, last = criterion.arms
    return f"{', '.join(some)} and {last}" if some else last


def _inline(words: str) -> Bullet:
    """Cut one line into its head and its sub-bullets."""
    line = Line(f"• {words}", 1, 0)
    return _bullet(read_bullet(line, "inclusion", 1).head)


def _bullet(part: Part) -> Bullet:
    """Take the words of a part and of those below it."""
    return Bullet(one_line(part.words), tuple(_bullet(each) for each in part.parts))


def _went_on(bullet: Bullet, words: str) -> Bullet:
    """Let the last bullet of a tree go on with more words."""
    if not bullet.parts:
        return replace(bullet, words=f"{bullet.words} {one_line(words)}")
    *before, last = bullet.parts
    return replace(bullet, parts=(*before, _went_on(last, words)))


def _added(bullet: Bullet, below: Bullet, depth: int) -> Bullet:
    """Add a bullet below the last one at a depth."""
    if depth == 0 or not bullet.parts:
        return replace(bullet, parts=(*bullet.parts, below))
    *before, last = bullet.parts
    return replace(bullet, parts=(*before, _added(last, below, depth - 1)))
