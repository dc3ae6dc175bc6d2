"""The dose-escalation section of a protocol, ready to paste: as blocks, and in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.escalation.catalogue import CATALOGUE
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.reports.design_words import rule_sentences
from trialwright.reports.sheets import Sheet, as_markdown


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.

    Attributes
    ----------
    text : str
        The words.
    depth : int
        1 = of the section, 2 = of a part of it.
    """

    text: str
    depth: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text : str
        The words.
    is_strong : bool
        Whether it must not be overlooked.
    """

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list.

    Attributes
    ----------
    items : tuple of str
        A sentence each.
    """

    items: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Sheet
"""A part of a section, in the order of reading."""


def protocol_section(
    design: DoseEscalation,
    data: EscalationDesign,
    ladder: Sheet,
    decisions: Sheet,
    characteristics: Sequence[Sheet] = (),
    label: str = "",
) -> tuple[Block, ...]:
    """Give the section of a protocol.

    Parameters
    ----------
    design : DoseEscalation
        The design on its ladder.
    data : EscalationDesign
        The same, as the protocol file writes it.
    ladder, decisions : Sheet
        Dose levels and decision table, as laid out by `ladder_sheet` and `decision_sheet`.
    characteristics : sequence of Sheet
        Operating characteristics, as laid out by `level_sheet` and `summary_sheet`.
    label : str
        Shown at the top when values are illustrative.

    Returns
    -------
    tuple of Block
        Ladder, rules, decision table, operating characteristics, source and digest.
    """
    row = CATALOGUE.get(data.name)
    source = f" ({row.source})" if row else ""
    blocks: list[Block] = [
        Heading("Dose escalation", 1),
        *([Paragraph(label, is_strong=True)] if label else []),
        Paragraph(f"Dose levels are escalated by {design.name}{source}."),
        Heading("Dose levels"),
        ladder,
        *([Paragraph(_window(design.window_days))] if design.window_days else []),
        Heading("Rules"),
        Bullets(tuple(rule_sentences(data, design.levels))),
        Heading("Decision table"),
        decisions,
    ]
    if characteristics:
        blocks += [Heading("Operating characteristics"), *characteristics]
    blocks.append(
        Paragraph(f"Digest of the design with all its settings (SHA-256): {design.digest}.")
    )
    return tuple(blocks)


def protocol_text(blocks: Sequence[Block]) -> str:
    """Write a section in Markdown.

    Parameters
    ----------
    blocks : sequence of Block
        As `protocol_section` gives them.

    Returns
    -------
    str
        Headings begin at the second depth.
    """
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def _markdown(block: Block) -> str:
    """Write one block."""
    match block:
        case Heading(text, depth):
            return f"{'#' * (depth + 1)} {text}"
        case Paragraph(text, is_strong):
            return f"**{text}**" if is_strong else text
        case Bullets(items):
            return "\n".join(f"- {each}" for each in items)
        case Sheet():
            return as_markdown(block)


def ladder_sheet(design: DoseEscalation, agent: str = "") -> Sheet:
    """Lay out the dose ladder.

    Parameters
    ----------
    design : DoseEscalation
        The design.
    agent : str
        The escalated agent.

    Returns
    -------
    Sheet
        A row a level; the starting level is marked.
    """
    start = design.design.starting_level
    return Sheet(
        name="Dose levels",
        columns=("dose level", f"dose of {agent}" if agent else "dose", "start"),
        rows=tuple(
            (
                level,
                design.doses[level - 1] if design.doses else None,
                "starting level" if level == start else None,
            )
            for level in range(1, design.levels + 1)
        ),
    )


def _window(days: int) -> str:
    """Say the DLT window."""
    return f"The DLT window is {days} days, day 1 being the first dose."
