"""The dose-escalation section of a protocol, in Markdown, ready to paste."""

from collections.abc import Sequence

from trialwright.escalation.behaviour import Behaviour
from trialwright.escalation.catalogue import CATALOGUE
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.reports.design_sheets import decision_sheet, level_sheet, summary_sheet
from trialwright.reports.design_words import rule_sentences
from trialwright.reports.sheets import Sheet, as_markdown


def protocol_text(
    design: DoseEscalation,
    data: EscalationDesign,
    scenarios: Sequence[Scenario],
    found: Sequence[Behaviour],
    agent: str = "",
    label: str = "",
) -> str:
    """Write the section of a protocol.

    Parameters
    ----------
    design : DoseEscalation
        The design on its ladder.
    data : EscalationDesign
        The same, as the protocol file writes it.
    scenarios : sequence of Scenario
        Where it was judged.
    found : sequence of Behaviour
        How it behaves there.
    agent : str
        The escalated agent.
    label : str
        Shown at the top when values are illustrative.

    Returns
    -------
    str
        Ladder, rules, decision table, operating characteristics, source and digest.
    """
    row = CATALOGUE.get(data.name)
    source = f" ({row.source})" if row else ""
    parts = [
        "## Dose escalation",
        *([f"**{label}**"] if label else []),
        f"Dose levels are escalated by {design.name}{source}.",
        "### Dose levels",
        as_markdown(ladder_sheet(design, agent)),
        *([_window(design.window_days)] if design.window_days else []),
        "### Rules",
        "\n".join(f"- {each}" for each in rule_sentences(data, design.levels)),
        "### Decision table",
        as_markdown(decision_sheet(design, design.decision_table())),
    ]
    if found:
        parts += [
            "### Operating characteristics",
            as_markdown(level_sheet(design, scenarios, found)),
            as_markdown(summary_sheet(design, scenarios, found)),
        ]
    parts.append(f"Digest of the design with all its settings (SHA-256): `{design.digest}`.")
    return "\n\n".join(parts) + "\n"


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
