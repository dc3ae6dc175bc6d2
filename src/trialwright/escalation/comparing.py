"""Designs side by side: the same scenarios, the same numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from trialwright.escalation.behaviour import Behaviour
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Effort, Scenario, require_scenarios
from trialwright.escalation.simulating import Note
from trialwright.terms.errors import Fault, Refusal, refuse

Judge = Callable[[DoseEscalation], tuple[Behaviour, ...]]
"""Says how one design behaves in every scenario."""

Run = Callable[[Judge, Sequence[DoseEscalation]], Iterable[tuple[Behaviour, ...]]]
"""Asks a judge of every design, in order, as `map` does."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One design in one scenario.

    Attributes
    ----------
    design : str
        Name of the design.
    scenario : str
        Name of the scenario.
    found : Behaviour
        How it behaves there.
    """

    design: str
    scenario: str
    found: Behaviour


def compare(
    designs: Sequence[DoseEscalation],
    scenarios: Sequence[Scenario],
    target: float,
    random: Callable[[], np.random.Generator] | None = None,
    effort: Effort | None = None,
    note: Note | None = None,
    run: Run = map,
) -> tuple[Compared, ...]:
    """Set designs side by side.

    Parameters
    ----------
    designs : sequence of DoseEscalation
        On ladders of one length.
    scenarios : sequence of Scenario
        True DLT rates.
    target : float, probability
        Target toxicity rate against which levels are called correct, the same for all designs.
    random : callable () -> numpy.random.Generator, or None
        Gives the generator of each scenario; needed where a design is simulated.
    effort : Effort or None
        Method, memory and trials.
    note : callable (int, int) -> None, or None
        Told how many designs are done, of how many.
    run : callable (function, designs) -> iterable
        Asks a function of each design, in order, as `map` does: here, in other processes, or on a
        cluster. The numbers are the same.

    Returns
    -------
    tuple of Compared
        Scenario by scenario, in each the designs in their order.

    Raises
    ------
    Refusal
        If there is no design or no scenario, a name stands twice, the ladders differ, or as
        `evaluate`.
    """
    _require_alike(designs)
    require_scenarios(scenarios)
    one = partial(_behaviours, scenarios=scenarios, random=random, effort=effort)
    found = []
    for each in run(one, [replace(each, target=target) for each in designs]):
        found.append(each)
        if note is not None:
            note(len(found), len(designs))
    return tuple(
        Compared(design.name, scenario.name, behaviours[place])
        for place, scenario in enumerate(scenarios)
        for design, behaviours in zip(designs, found, strict=True)
    )


def _behaviours(
    design: DoseEscalation,
    scenarios: Sequence[Scenario],
    random: Callable[[], np.random.Generator] | None,
    effort: Effort | None,
) -> tuple[Behaviour, ...]:
    """Judge one design in all scenarios; by name, so that other processes find it."""
    return design.evaluate(scenarios, random, effort)


@dataclass(frozen=True, slots=True)
class TablesRow:
    """What several designs do at one tally.

    Attributes
    ----------
    evaluable, dlts : int
        Tally at the level of the last cohort.
    says : tuple of str
        For each design what its rule does there, as `rule_table` has it; empty where it never
        decides at the tally.
    """

    evaluable: int
    dlts: int
    says: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether two designs that decide at the tally do different things; U goes down as D."""
        return len({each.replace("U", "D") for each in self.says if each}) > 1


def compare_tables(designs: Sequence[DoseEscalation]) -> tuple[TablesRow, ...]:
    """Set the decision tables of designs side by side.

    Parameters
    ----------
    designs : sequence of DoseEscalation
        On ladders of one length.

    Returns
    -------
    tuple of TablesRow
        Every tally at which one of them decides.

    Raises
    ------
    Refusal
        If there is no design, a name stands twice, the ladders differ, or one has too many states.
    """
    _require_alike(designs)
    tables = [
        {(row.evaluable, row.dlts): row.says for row in each.decision_table()} for each in designs
    ]
    tallies = sorted({tally for table in tables for tally in table})
    return tuple(
        TablesRow(*tally, tuple(table.get(tally, "") for table in tables)) for tally in tallies
    )


def _require_alike(designs: Sequence[DoseEscalation]) -> None:
    """Refuse no design, two of one name, and ladders of several lengths."""
    if not designs:
        raise refuse("designs", "none", "at least one", "Name designs")
    names = [each.name for each in designs]
    faults = [
        Fault("designs", f"{name} twice", "each once", "Label them apart")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if len({each.levels for each in designs}) > 1:
        found = ", ".join(f"{each.name} on {each.levels}" for each in designs)
        do = "Compare designs on one ladder"
        faults.append(Fault("designs", f"{found} dose levels", "one number of levels", do))
    if faults:
        raise Refusal(faults)
