"""A design report written: page, protocol section, tables and pictures in one new folder."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from trialwright.assembly.designs import NamedDesign
from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.files import refuse_existing, write_new
from trialwright.escalation.behaviour import Behaviour
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.level_rates import level_rates
from trialwright.escalation.observed import Given
from trialwright.escalation.paths import PathNode
from trialwright.escalation.rule_table import RuleRow
from trialwright.figures.attrition import svg
from trialwright.figures.dose_designs import (
    CurvePoint,
    decision_map,
    selection_bars,
    toxicity_curve,
)
from trialwright.figures.dose_paths import MOST_LEAVES, path_tree, trial_streams
from trialwright.reports.design_pdf import pdf_page
from trialwright.reports.design_report import DesignPage, html_page
from trialwright.reports.design_sheets import (
    decision_sheet,
    level_sheet,
    path_sheet,
    summary_sheet,
)
from trialwright.reports.design_words import rule_sentences
from trialwright.reports.protocol_docx import protocol_docx
from trialwright.reports.protocol_section import ladder_sheet, protocol_section, protocol_text
from trialwright.reports.sheets import Sheet, as_csv, as_records

PAGE, PRINT, RECORD = "design.html", "design.pdf", "design.json"
"""Names of the files; tables and pictures stand beside them, by their own names."""

SECTION, PASTED = "protocol-section.md", "protocol-section.docx"
"""The section of a protocol, as text and for a word processor."""

AHEAD = 2
"""Cohorts ahead in the tree of paths; one where two would have more leaves than can be read."""


def write_report(
    named: NamedDesign,
    scenarios: Sequence[Scenario],
    found: Sequence[Behaviour],
    folder: Path,
    data: Given = None,
) -> tuple[str, ...]:
    """Write everything about a design into a folder.

    Parameters
    ----------
    named : NamedDesign
        The design.
    scenarios : sequence of Scenario
        Where it was judged.
    found : sequence of Behaviour
        How it behaves there.
    folder : Path
        A new folder.
    data : str, Outcomes, Observed, sequence of Treated, or None
        Data of a running trial; paths begin there, and DLT rates are drawn.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    Refusal
        If the folder exists or cannot be written.
    """
    refuse_existing(folder)
    escalation = named.escalation
    decisions, nodes = escalation.decision_table(), _tree(escalation, scenarios[0], data)
    tables = {
        "dose-levels": ladder_sheet(escalation, named.agent),
        "decision-table": decision_sheet(escalation, decisions),
        "levels": level_sheet(escalation, scenarios, found),
        "summary": summary_sheet(escalation, scenarios, found),
        "paths": path_sheet(escalation, nodes),
    }
    pictures = _pictures(escalation, scenarios, found, data, decisions, nodes)
    page = _page(named, found, tables, pictures, data)
    section = protocol_section(
        escalation,
        named.data,
        tables["dose-levels"],
        tables["decision-table"],
        [tables["levels"], tables["summary"]],
        named.label,
    )
    files: dict[str, str | bytes] = {
        PAGE: html_page(page),
        PRINT: pdf_page(page),
        SECTION: protocol_text(section),
        PASTED: protocol_docx(section),
        RECORD: exact_json(_record(named, found, tables), indent=2) + "\n",
        **{f"{name}.csv": as_csv(sheet) for name, sheet in tables.items()},
        **{f"{name}.svg": picture for name, picture in pictures.items()},
    }
    folder.mkdir(parents=True)
    for name, text in files.items():
        write_new(folder / name, text)
    return tuple(files)


def _tree(escalation: DoseEscalation, scenario: Scenario, data: Given) -> tuple[PathNode, ...]:
    """Give the paths of the next cohorts, as many as can be read."""
    nodes = escalation.paths(data, AHEAD, scenario.rates)
    leaves = len(nodes) - len({node.parent for node in nodes if node.parent is not None})
    return nodes if leaves <= MOST_LEAVES else escalation.paths(data, 1, scenario.rates)


def _pictures(
    escalation: DoseEscalation,
    scenarios: Sequence[Scenario],
    found: Sequence[Behaviour],
    data: Given,
    decisions: Sequence[RuleRow],
    nodes: Sequence[PathNode],
) -> dict[str, str]:
    """Give the pictures by name, as SVG."""
    name, first = escalation.name, scenarios[0]
    doses = escalation.doses or tuple(f"level {each + 1}" for each in range(escalation.levels))
    drawn: dict[str, Figure] = {
        "decision-table": decision_map(decisions, f"Decisions of {name}"),
        "levels": selection_bars(
            [each.name for each in scenarios], found, doses, f"{name}, {found[0].method}"
        ),
        "paths": path_tree(nodes, f"{name}: the next cohorts ({first.name})"),
    }
    if found[0].method == "exact":
        drawn["streams"] = trial_streams(
            escalation.flows(first.rates, data),
            escalation.levels,
            doses,
            f"{name}: trials between dose levels ({first.name})",
        )
    if data is not None:
        drawn["dlt-rates"] = _curve(escalation, doses, data)
    return {each: svg(figure) for each, figure in drawn.items()}


def _curve(escalation: DoseEscalation, doses: Sequence[str], data: Given) -> Figure:
    """Draw the DLT rates by what was seen."""
    rates = level_rates(escalation.observed(data).seen)
    points = [
        CurvePoint(dose, each.estimate, each.low, each.high, str(each.seen))
        if each.estimate is not None
        else CurvePoint(dose, None, None, None)
        for dose, each in zip(doses, rates, strict=True)
    ]
    title = "DLT rates, isotonic, with exact 95 % intervals"
    return toxicity_curve(points, escalation.aim, title)


def _page(
    named: NamedDesign,
    found: Sequence[Behaviour],
    tables: dict[str, Sheet],
    pictures: dict[str, str],
    data: Given,
) -> DesignPage:
    """Lay out the page."""
    escalation = named.escalation
    facts = [
        ("design", escalation.name),
        ("source", named.source),
        ("agent", named.agent or "not stated"),
        ("target DLT rate", "none" if found[0].target is None else f"{found[0].target:g}"),
        ("method", found[0].because),
        ("digest of the design", escalation.digest),
    ]
    if data is not None:
        advice = escalation.decide(data)
        facts += [("advice", advice.because), ("digest of the data", advice.data_digest)]
    none = Sheet("", (), ())
    sections = [
        ("Dose levels", tables["dose-levels"], pictures.get("dlt-rates", "")),
        ("Decision table", tables["decision-table"], pictures["decision-table"]),
        ("Dose levels in each scenario", tables["levels"], pictures["levels"]),
        ("Operating characteristics", tables["summary"], ""),
        ("From cohort to cohort", none, pictures.get("streams", "")),
        ("What the next cohorts may bring", tables["paths"], pictures["paths"]),
    ]
    sections = [each for each in sections if each[1].rows or each[2]]
    rules = rule_sentences(named.data, escalation.levels)
    return DesignPage(f"Dose escalation by {escalation.name}", named.label, facts, rules, sections)


def _record(
    named: NamedDesign, found: Sequence[Behaviour], tables: dict[str, Sheet]
) -> dict[str, object]:
    """Give everything as a plain value."""
    return {
        "design": named.escalation.name,
        "digest": named.escalation.digest,
        "source": named.source,
        "label": named.label,
        "settings": named.data.model_dump(),
        "doses": list(named.escalation.doses),
        "target": found[0].target,
        "method": found[0].method,
        "because": found[0].because,
        "tables": {name: as_records(sheet) for name, sheet in tables.items()},
    }
