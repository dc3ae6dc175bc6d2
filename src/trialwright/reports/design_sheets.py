"""What a dose-escalation design does and how it behaves, as tables."""

from collections.abc import Sequence
from decimal import Decimal

from trialwright.escalation.behaviour import Behaviour, Measure
from trialwright.escalation.calibrating import Calibrated
from trialwright.escalation.comparing import Compared, TablesRow
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.paths import PathNode
from trialwright.escalation.rule_table import RuleRow
from trialwright.reports.sheets import Cell, Sheet


def decision_sheet(design: DoseEscalation, rows: Sequence[RuleRow]) -> Sheet:
    """Lay out a decision table: a row for each number of DLTs, a column for each of participants.

    Parameters
    ----------
    design : DoseEscalation
        The design.
    rows : sequence of RuleRow
        Its decisions.

    Returns
    -------
    Sheet
        E escalate, S stay, D de-escalate, U de-escalate and close the level.
    """
    says = {(row.evaluable, row.dlts): row.says for row in rows}
    closes = ", U de-escalate and close the level and all above" if "U" in says.values() else ""
    evaluable = sorted({row.evaluable for row in rows})
    most = max((row.dlts for row in rows), default=0)
    return Sheet(
        name=f"Decisions of {design.name} at the level of the last cohort",
        columns=("DLTs", *(f"n = {number}" for number in evaluable)),
        rows=tuple(
            (dlts, *(says.get((number, dlts), "") for number in evaluable))
            for dlts in range(most + 1)
        ),
        notes=(
            f"E escalate, S stay, D de-escalate{closes}.",
            f"n: evaluable participants at the level. Design {design.digest[:16]}.",
        ),
    )


def level_sheet(
    design: DoseEscalation, scenarios: Sequence[Scenario], found: Sequence[Behaviour]
) -> Sheet:
    """Lay out what happens at each dose level in each scenario.

    Parameters
    ----------
    design : DoseEscalation
        The design.
    scenarios : sequence of Scenario
        Where it was judged.
    found : sequence of Behaviour
        One a scenario.

    Returns
    -------
    Sheet
        True DLT rate, probability of selection, expected participants and DLTs; which level is
        correct, where there is a target.
    """
    rows: list[tuple[Cell, ...]] = []
    has_target = all(each.judged for each in found)
    for scenario, each in zip(scenarios, found, strict=True):
        for level in range(1, design.levels + 1):
            rows.append(
                (
                    scenario.name,
                    level,
                    design.doses[level - 1] if design.doses else None,
                    each.true_rates[level - 1],
                    *(["correct" if level in each.correct else ""] if has_target else []),
                    each.p_select[level - 1],
                    each.expected_n[level - 1],
                    each.expected_dlt[level - 1],
                )
            )
        correct = ["" if each.correct else "correct"] if has_target else []
        rows.append((scenario.name, None, "none", None, *correct, each.p_no_mtd, None, None))
    columns = ("scenario", "level", "dose", "true DLT rate", *(["MTD"] if has_target else []),
               "selected", "participants", "DLTs")  # fmt: skip
    return Sheet(f"Dose levels, {design.name}", columns, tuple(rows))


def summary_sheet(
    design: DoseEscalation, scenarios: Sequence[Scenario], found: Sequence[Behaviour]
) -> Sheet:
    """Lay out the numbers of each scenario as a whole.

    Parameters
    ----------
    design : DoseEscalation
        The design.
    scenarios : sequence of Scenario
        Where it was judged.
    found : sequence of Behaviour
        One a scenario.

    Returns
    -------
    Sheet
        Correct and overdose selection and allocation, participants, DLTs, early stops; without a
        target what does not depend on one.
    """
    named = zip(scenarios, found, strict=True)
    has_target = all(each.judged for each in found)
    return Sheet(
        name=f"Operating characteristics, {design.name}",
        columns=("scenario", *(_SUMMARY if has_target else _WITHOUT_TARGET)),
        rows=tuple((scenario.name, *_summary(each)) for scenario, each in named),
        notes=(
            *dict.fromkeys(each.because for each in found),
            *(_MEANINGS if has_target else _MEANING_WITHOUT_TARGET),
        ),
    )


_SUMMARY = ("PCS", "PCA", "POS", "POA", "none", "n", "DLTs", "over 60 %", "over 80 %", "early")
_MEANINGS = (
    "PCS, POS: correct level, overdose selected. PCA, POA: share of participants treated there.",
    "over 60 %, 80 %: more than so many of the participants overdosed. early: fewer than max_n.",
)
_WITHOUT_TARGET = ("none", "n", "DLTs", "early")
_MEANING_WITHOUT_TARGET = (
    "No level is told correct: the design has no target DLT rate, and none was named (--target).",
    "early: fewer than max_n.",
)


def _summary(each: Behaviour) -> tuple[Cell, ...]:
    """Give the numbers of one scenario as a whole; those against the target where there is one."""
    if each.judged is None:
        return (each.p_no_mtd, each.total_n, each.total_dlt, each.stopped_early)
    return (
        each.correct_selection,
        each.correct_allocation,
        each.overdose_selection,
        each.overdose_allocation,
        each.p_no_mtd,
        each.total_n,
        each.total_dlt,
        *each.judged.overdosing,
        each.stopped_early,
    )


def comparison_sheet(compared: Sequence[Compared]) -> Sheet:
    """Lay out designs side by side.

    Parameters
    ----------
    compared : sequence of Compared
        Scenario by scenario.

    Returns
    -------
    Sheet
        A row for each design in each scenario.
    """
    reasons = dict.fromkeys(f"{each.design}: {each.found.because}" for each in compared)
    return Sheet(
        name="Designs side by side",
        columns=("scenario", "design", *_SUMMARY),
        rows=tuple((each.scenario, each.design, *_summary(each.found)) for each in compared),
        notes=(*reasons, *_MEANINGS),
    )


def tables_sheet(designs: Sequence[DoseEscalation], rows: Sequence[TablesRow]) -> Sheet:
    """Lay out decision tables side by side.

    Parameters
    ----------
    designs : sequence of DoseEscalation
        The designs.
    rows : sequence of TablesRow
        Their decisions.

    Returns
    -------
    Sheet
        A row for each tally; those at which designs differ are marked.
    """
    return Sheet(
        name="Decisions side by side",
        columns=("tally", *(each.name for each in designs), "differ"),
        rows=tuple(
            (
                f"{row.dlts}/{row.evaluable}",
                *row.says,
                "*" if row.differs else "",
            )
            for row in rows
        ),
        notes=(
            "E escalate, S stay, D de-escalate, U close; empty: the design never decides there.",
        ),
    )


def path_sheet(design: DoseEscalation, nodes: Sequence[PathNode]) -> Sheet:
    """Lay out what the next cohorts may bring.

    Parameters
    ----------
    design : DoseEscalation
        The design.
    nodes : sequence of PathNode
        The tree.

    Returns
    -------
    Sheet
        A row for each sequence of results, with what the design then does.
    """
    with_chance = nodes[0].probability is not None
    columns = ("results", "act", "next level", "MTD", *(("probability",) if with_chance else ()),
               "rule")  # fmt: skip
    return Sheet(
        name=f"Dose paths, {design.name}",
        columns=columns,
        rows=tuple(
            (
                node.outcomes or "(now)",
                node.decision.act,
                node.decision.level,
                node.decision.mtd,
                *((node.probability,) if with_chance else ()),
                node.decision.rule,
            )
            for node in nodes
        ),
        notes=("N no DLT, T a DLT; orders of participants within a cohort are one result.",),
    )


def calibration_sheet(name: str, found: Sequence[Calibrated]) -> Sheet:
    """Lay out how the candidates of a calibration did.

    Parameters
    ----------
    name : str
        Of the design.
    found : sequence of Calibrated
        The best first.

    Returns
    -------
    Sheet
        A row for each, with its settings.
    """
    varied = [setting for setting, _ in found[0].candidate.settings]
    return Sheet(
        name=f"Candidates, {name}",
        columns=("rank", *varied, "mean PCS", "least PCS", "mean POS", "same as", ""),
        rows=tuple(
            (
                rank,
                *(f"{value:f}" if isinstance(value, Decimal) else value
                  for _, value in each.candidate.settings),
                each.correct_selection,
                each.least_correct,
                each.overdose_selection,
                each.same_as,
                "" if each.is_allowed else "too many overdoses",
            )
            for rank, each in enumerate(found, start=1)
        ),
        notes=(
            "PCS, POS: correct level, overdose selected; mean over the scenarios.",
            "same as: rank of a candidate with the same numbers in every scenario.",
        ),
    )  # fmt: skip


def duration_sheet(scenarios: Sequence[Scenario], durations: Sequence[Measure]) -> Sheet:
    """Lay out how long simulated trials took.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Where they were simulated.
    durations : sequence of Measure
        Mean days of each.

    Returns
    -------
    Sheet
        A row a scenario.
    """
    named = zip(scenarios, durations, strict=True)
    return Sheet(
        name="Days from the first enrolment to the end of the escalation",
        columns=("scenario", "days"),
        rows=tuple((scenario.name, days) for scenario, days in named),
    )
