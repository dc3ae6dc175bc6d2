"""One object for a dose escalation, and everything from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.escalation.advice import Advice, advise, design_digest
from trialwright.escalation.behaviour import Behaviour
from trialwright.escalation.characteristics import Rate
from trialwright.escalation.decision import Design, MtdEstimate
from trialwright.escalation.evaluating import Effort, Scenario, evaluate
from trialwright.escalation.observed import Given, Observed, observed
from trialwright.escalation.paths import Flow, PathNode, flows, paths
from trialwright.escalation.reopened import reopening_faults
from trialwright.escalation.rule_table import RuleRow, rule_table
from trialwright.escalation.settings import cohort_faults
from trialwright.escalation.simulating import Note
from trialwright.terms.errors import Refusal, refuse, shorten


@dataclass(frozen=True)
class DoseEscalation:
    """A design on its dose ladder.

    Attributes
    ----------
    design : Design
        Any design of the catalogue.
    doses : tuple of str
        Dose of each level as shown, lowest first, e.g. `200 mg`; empty when only the levels are
        known.
    window_days : int or None, days
        Length of the DLT window, by which participants are checked.
    target : float or None, probability
        Target toxicity rate against which levels are called correct; None: that of the design.
    label : str
        What tells it from another of the same design; empty: the name of the design.

    Raises
    ------
    Refusal
        If there is another number of doses than levels, or a window of no days.
    """

    design: Design
    doses: tuple[str, ...] = ()
    window_days: int | None = None
    target: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        """Refuse doses for another ladder, and a window of no days."""
        if self.window_days is not None and tuple(cohort_faults(self.window_days)):
            do = "Give the length of the DLT window"
            raise refuse("window_days", shorten(self.window_days), "a whole number from 1", do)
        if self.doses and len(self.doses) != self.design.levels:
            found = f"{len(self.doses)} doses for {self.design.levels} dose levels"
            raise refuse("doses", found, "one dose a level", "Name the dose of each level")

    @property
    def name(self) -> str:
        """Its label, else the name of the design."""
        return self.label or self.design.name

    @property
    def levels(self) -> int:
        """Number of dose levels."""
        return self.design.levels

    @property
    def digest(self) -> str:
        """SHA-256 of the design with all its settings."""
        return design_digest(self.design)

    @property
    def aim(self) -> float | None:
        """Target toxicity rate: as stated here, else that of the design, else none."""
        found = getattr(self.design, "target", None) if self.target is None else self.target
        return None if found is None else float(found)

    def dose(self, level: int) -> str:
        """Name a dose level with its dose.

        Parameters
        ----------
        level : int
            Dose level, 1 = lowest.

        Returns
        -------
        str
            E.g. `dose level 2 (300 mg)`.
        """
        amount = f" ({self.doses[level - 1]})" if self.doses else ""
        return f"dose level {level}{amount}"

    def observed(self, data: Given) -> Observed:
        """Take data in whatever form they are given.

        Parameters
        ----------
        data : str, Outcomes, Observed, sequence of Treated, or None
            E.g. `1NNN 2NTP`, or participants; None before the first cohort.

        Returns
        -------
        Observed
            Counts by dose level and the last cohort.

        Raises
        ------
        Refusal
            With every fault of the data, or if a closed level was opened again.
        """
        found = observed(data, self.levels, self.design.starting_level, self.window_days)
        faults = reopening_faults(self.design, data)
        if faults:
            raise Refusal(faults)
        return found

    def decide(self, data: Given = None) -> Advice:
        """Say what follows the data.

        Parameters
        ----------
        data : str, Outcomes, Observed, sequence of Treated, or None
            As `observed` takes them.

        Returns
        -------
        Advice
            Act, level, highest admissible level and reason.

        Raises
        ------
        Refusal
            If the data have faults, or the design cannot have led to them.
        """
        return advise(self.design, self.observed(data))

    def decision_table(self) -> tuple[RuleRow, ...]:
        """Tabulate the design, as in a protocol.

        Returns
        -------
        tuple of RuleRow
            By evaluable participants and DLTs at the level of the last cohort.

        Raises
        ------
        Refusal
            If the design has too many states to walk.
        """
        return rule_table(self.design)

    def select_mtd(self, data: Given) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        data : str, Outcomes, Observed, sequence of Treated, or None
            As `observed` takes them.

        Returns
        -------
        MtdEstimate
            With its reason.

        Raises
        ------
        Refusal
            If the escalation has not stopped.
        """
        return self.design.select_mtd(self.observed(data).seen)

    def paths(
        self, data: Given = None, cohorts: int = 3, true_rates: Sequence[Rate] | None = None
    ) -> tuple[PathNode, ...]:
        """Give the tree of what the next cohorts may bring.

        Parameters
        ----------
        data : str, Outcomes, Observed, sequence of Treated, or None
            Where it begins.
        cohorts : int
            How many cohorts ahead.
        true_rates : sequence of int, float, Decimal or Fraction, or None
            True DLT rate of each dose level, for probabilities.

        Returns
        -------
        tuple of PathNode
            As `paths.paths`.

        Raises
        ------
        Refusal
            As `paths.paths`.
        """
        return paths(self.design, self.observed(data), cohorts, true_rates)

    def flows(self, true_rates: Sequence[Rate], data: Given = None) -> tuple[Flow, ...]:
        """Give the exact probability of each move from cohort to cohort, all paths merged.

        Parameters
        ----------
        true_rates : sequence of int, float, Decimal or Fraction
            True DLT rate of each dose level.
        data : str, Outcomes, Observed, sequence of Treated, or None
            Where it begins.

        Returns
        -------
        tuple of Flow
            To the end of the trial.

        Raises
        ------
        Refusal
            As `paths.flows`.
        """
        return flows(self.design, true_rates, self.observed(data))

    def exact_oc(self, scenarios: Sequence[Scenario], given: Given = None) -> tuple[Behaviour, ...]:
        """Give the exact operating characteristics.

        Parameters
        ----------
        scenarios : sequence of Scenario
            True DLT rates.
        given : str, Outcomes, Observed, sequence of Treated, or None
            Data of a running trial: how it ends from here.

        Returns
        -------
        tuple of Behaviour
            One for each scenario.

        Raises
        ------
        Refusal
            If there are too many states, somebody is pending, or as `evaluate`.
        """
        return self.evaluate(scenarios, effort=Effort("exact"), given=given)

    def simulate(
        self,
        scenarios: Sequence[Scenario],
        trials: int,
        random: Callable[[], np.random.Generator],
        given: Given = None,
        note: Note | None = None,
    ) -> tuple[Behaviour, ...]:
        """Simulate the operating characteristics, each with its Monte Carlo standard error.

        Parameters
        ----------
        scenarios : sequence of Scenario
            True DLT rates.
        trials : int
            Trials in each scenario.
        random : callable () -> numpy.random.Generator
            Gives the generator of each scenario.
        given : str, Outcomes, Observed, sequence of Treated, or None
            Data of a running trial.
        note : callable (int, int) -> None, or None
            Told how many scenarios are done.

        Returns
        -------
        tuple of Behaviour
            One for each scenario.

        Raises
        ------
        Refusal
            As `evaluate`.
        """
        effort = Effort("monte-carlo", trials=trials)
        return self.evaluate(scenarios, random, effort, given, note)

    def evaluate(
        self,
        scenarios: Sequence[Scenario],
        random: Callable[[], np.random.Generator] | None = None,
        effort: Effort | None = None,
        given: Given = None,
        note: Note | None = None,
    ) -> tuple[Behaviour, ...]:
        """Give the operating characteristics, exactly where memory allows, else by simulation.

        Parameters
        ----------
        scenarios : sequence of Scenario
            True DLT rates.
        random : callable () -> numpy.random.Generator, or None
            Gives the generator of each scenario; needed to simulate.
        effort : Effort or None
            Method, memory and trials.
        given : str, Outcomes, Observed, sequence of Treated, or None
            Data of a running trial: how it ends from here.
        note : callable (int, int) -> None, or None
            Told how many scenarios are done.

        Returns
        -------
        tuple of Behaviour
            One for each scenario, with the method and why it was taken.

        Raises
        ------
        Refusal
            As `evaluating.evaluate`.
        """
        data = None if given is None else self.observed(given)
        return evaluate(self.design, scenarios, self.aim, random, effort, data, note)
