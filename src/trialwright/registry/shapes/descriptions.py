"""A detailed description: objectives under their headings, outline and follow-up among free text.

The National Cancer Institute's trials state them so at every registry. The words of the whole stay
in the draft as well, as the description.
"""

import re
from dataclasses import dataclass, field

from trialwright.protocol.schedule import FollowUp
from trialwright.protocol.study import Rank
from trialwright.registry.dosing import Unclear
from trialwright.registry.draft import DraftObjective
from trialwright.registry.lines import Line
from trialwright.registry.outline import Design, read_design, read_follow_up, sentences_of
from trialwright.registry.shapes.house_words import rank_of
from trialwright.registry.shapes.spots import Spot

_HEADING = re.compile(
    r"(?P<rank>PRIMARY|SECONDARY|EXPLORATORY|TERTIARY) OBJECTIVES?:?", re.IGNORECASE
)
_OBJECTIVE = re.compile(r"(?:[IVX]{1,6}|[0-9]{1,2})\.\s+(?P<says>\S.*)|[•*-]\s+(?P<said>\S.*)")
OUTLINE = "OUTLINE:"
"""Begins the paragraph on the design."""

AFTER = "After completion of study treatment,"
"""Begins the paragraph on follow-up."""


@dataclass(frozen=True, slots=True)
class Described:
    """What a description states beside its words.

    Attributes
    ----------
    objectives : tuple of DraftObjective
        In the order of the text.
    design : Design
        What the outline says.
    outline, follow_up_words : str
        The paragraphs on design and follow-up, on one line; empty when there is none.
    follow_up : FollowUp or None
        What follows the end of treatment.
    """

    objectives: tuple[DraftObjective, ...] = ()
    design: Design = field(default_factory=Design)
    outline: str = ""
    follow_up_words: str = ""
    follow_up: FollowUp | None = None


def read_description(spot: Spot) -> Described:
    """Read what a description states beside its words, and mark where it stands.

    Parameters
    ----------
    spot : Spot
        Where it stands; its other lines are left for the caller to take.

    Returns
    -------
    Described
        Empty where nothing of this kind stands in it.
    """
    paragraphs = _paragraphs(spot.lines)
    objectives = _objectives(paragraphs, spot)
    outlines = [each for each in paragraphs if each[0].words.startswith(OUTLINE)]
    ends = [each for each in paragraphs if each[0].words.startswith(AFTER)]
    outline = _joined(outlines[0]) if len(outlines) == 1 else ""
    follow_up_words = _joined(ends[0]) if len(ends) == 1 else ""
    follow_up = read_follow_up(_sentence(follow_up_words)) if follow_up_words else None
    if not isinstance(follow_up, FollowUp):
        return Described(objectives, _design(outline), outline)
    for line in ends[0]:
        spot.record.understand(line.span("follow-up", "follow_up"))
    return Described(objectives, _design(outline), outline, follow_up_words, follow_up)


def _objectives(paragraphs: list[list[Line]], spot: Spot) -> tuple[DraftObjective, ...]:
    """Read the numbered lines below headings of objectives."""
    objectives: list[DraftObjective] = []
    rank: Rank | None = None
    for line in (line for paragraph in paragraphs for line in _starts(paragraph)):
        heading = _HEADING.fullmatch(line[0].words)
        if heading:
            rank = rank_of(heading["rank"])
            spot.record.understand(line[0].span("heading", f"objectives.{rank}"))
            continue
        found = _OBJECTIVE.fullmatch(_joined(line)) if rank else None
        if rank is None or found is None:
            rank = None
            continue
        place = sum(each.rank == rank for each in objectives)
        says = found["says"] or found["said"]
        objectives.append(DraftObjective(rank, says, "", line[0].line))
        for part in line:
            spot.record.understand(part.span("objective", f"objectives.{rank}.{place}"))
    return tuple(objectives)


def _design(outline: str) -> Design:
    """Read the sentences of an outline that are about design and assignment; others say nothing."""
    design = Design()
    for sentence in sentences_of(outline.removeprefix(OUTLINE).strip(), 1, 0):
        meant = read_design(sentence)
        joined = design.joined(meant) if isinstance(meant, Design) else meant
        if not isinstance(joined, Unclear):
            design = joined
    return design


def _sentence(words: str) -> Line:
    """Give words as a line."""
    return Line(words, 1, 0)


def _paragraphs(lines: tuple[Line, ...]) -> list[list[Line]]:
    """Put together the lines between empty lines."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        if line.is_after_blank or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
    return paragraphs


def _starts(paragraph: list[Line]) -> list[list[Line]]:
    """Cut a paragraph where a line begins an objective, or is a heading of objectives."""
    parts: list[list[Line]] = []
    for line in paragraph:
        is_start = _OBJECTIVE.match(line.words) or _HEADING.fullmatch(line.words)
        is_after_heading = bool(parts) and _HEADING.fullmatch(parts[-1][0].words)
        if not parts or is_start or is_after_heading:
            parts.append([])
        parts[-1].append(line)
    return parts


def _joined(lines: list[Line]) -> str:
    """Give lines on one line."""
    return " ".join(line.plain for line in lines)
