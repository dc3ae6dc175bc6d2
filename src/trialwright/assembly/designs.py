"""Designs and scenarios that people name: files read, seeds turned into generators."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np

from trialwright.assembly.files import read_text
from trialwright.assembly.protocols import checked_design, load
from trialwright.escalation import catalogue
from trialwright.escalation.accruing import Accrual, behaviour_in_time
from trialwright.escalation.behaviour import Behaviour, Measure
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario, checked_scenario
from trialwright.escalation.simulating import Note
from trialwright.intake.table_text import csv_lines
from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.protocol.design_file import DesignFile, ReadDesign, read_design
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.quantities import decimal


@dataclass(frozen=True, slots=True)
class NamedDesign:
    """A design that somebody named.

    Attributes
    ----------
    escalation : DoseEscalation
        The design on its ladder.
    data : EscalationDesign
        As the file writes it.
    scenarios : tuple of Scenario
        Those of its file; empty when it has none.
    agent : str
        The escalated agent; empty when it is not known.
    label : str
        `illustrative, ...` when a registry page states no such design or ladder; else empty.
    source : str
        Where it stands, e.g. `NCT03959891, arm C`.
    partners : tuple of str
        Arms that it shares information with.
    """

    escalation: DoseEscalation
    data: EscalationDesign
    scenarios: tuple[Scenario, ...]
    agent: str
    label: str
    source: str
    partners: tuple[str, ...] = ()


def design_of(
    named: str, arm: str = "", target: float | None = None, *, shares: bool = False
) -> NamedDesign:
    """Give the design of a design file, or of an arm of a protocol.

    Parameters
    ----------
    named : str
        A design file (YAML, JSON), a protocol file, or the NCT number of a shipped protocol.
    arm : str
        Arm id, for a protocol.
    target : float or None, probability
        Target toxicity rate, where the design has none.
    shares : bool
        Whether whoever asks brings the data of the arms that the arm shares with.

    Returns
    -------
    NamedDesign
        Ready to be asked.

    Raises
    ------
    Refusal
        With every fault of the file; if an arm is named for a design file, or none for a protocol;
        if an arm that shares information is asked about by itself.
    """
    if not _is_design_file(named):
        found = _from_protocol(named, arm, target)
        if found.partners and not shares:
            says = f"shares information with {', '.join(found.partners)}: a posterior takes seconds"
            allowed = "an arm by itself, or next-dose with the data of all"
            do = "Put the arm's escalation and doses into a design file, and ask about that"
            raise refuse(f"arm {arm}", says, allowed, do)
        return found
    path = Path(named)
    if arm:
        do = "Leave --arm out: a design file has no arms"
        raise refuse("--arm", shorten(arm), f"nothing for {path.name}", do)
    return _from_file(read_design(read_text(path), path.name), target)


def _is_design_file(named: str) -> bool:
    """Say whether a file is there that is no whole protocol, which has arms."""
    path = Path(named)
    if not path.is_file() and path.suffix not in (".yaml", ".yml", ".json"):
        return False
    return not any(line.startswith(("arms:", "criteria:")) for line in read_text(path).splitlines())


def _from_file(read: ReadDesign, target: float | None) -> NamedDesign:
    """Make the design of a design file."""
    file = read.design
    faults = checked_design(file.escalation, file.number_of_levels, "escalation")
    if faults:
        raise Refusal(read.place(faults))
    stated = float(file.target) if file.target is not None else None
    escalation = DoseEscalation(
        catalogue.design_from(file.escalation, file.number_of_levels),
        file.said_doses,
        file.window_days,
        stated if target is None else target,
        file.title,
    )
    scenarios = tuple(Scenario(each.name, each.rates) for each in file.scenarios)
    return NamedDesign(
        escalation, file.escalation, scenarios, file.agent or "", _marked(file), read.file
    )


def _marked(file: DesignFile) -> str:
    """Give the label of a file that marks its values as not in the registry."""
    is_marked = "not_in_registry" in (file.origin, file.escalation.origin)
    return ILLUSTRATIVE if is_marked else ""


def _from_protocol(named: str, arm: str, target: float | None) -> NamedDesign:
    """Make the design of an arm."""
    study = load(named).study
    if not arm:
        ids = ", ".join(each.id for each in study.arms)
        raise refuse("--arm", "nothing", ids, "Say which arm's design is meant")
    found = study.required_arm(arm)
    ladder = found.ladder
    escalation = DoseEscalation(
        catalogue.design_from(found.escalation, len(ladder.doses)),
        tuple(ladder.said(level, study.agents) for level in range(1, len(ladder.doses) + 1)),
        found.dlt_window.days,
        target,
    )
    label = found.escalation.label or ladder.label
    source = f"{study.identifiers.nct}, arm {arm}"
    partners = tuple(
        each for group in study.sharing if arm in group.arms for each in group.arms if each != arm
    )
    agent = " + ".join(ladder.agents)
    return NamedDesign(escalation, found.escalation, (), agent, label, source, partners)


def scenarios_in(path: Path) -> tuple[Scenario, ...]:
    """Read scenarios from CSV: a name, then the true DLT rate of each level, lowest first.

    Parameters
    ----------
    path : Path
        The file; a first row that begins with `scenario` or `name` is a heading.

    Returns
    -------
    tuple of Scenario
        In the order of the file.

    Raises
    ------
    Refusal
        Naming line and column of whatever is no number.
    """
    faults, found = [], []
    for each in csv_lines(io.StringIO(read_text(path), newline=""), "comma", path.name):
        line, row = each.number, [str(cell) for cell in each.cells]
        if not any(cell.strip() for cell in row):
            continue
        if line == 1 and row[0].strip().lower() in ("scenario", "name"):
            continue
        rates = []
        for column, cell in enumerate(row[1:], start=1):
            try:
                rates.append(float(decimal(cell.strip())))
            except Refusal:
                where = f"scenario {row[0]}, dose level {column}"
                do = "Write 25 % as 0.25"
                faults.append(Fault(where, shorten(repr(cell)), "a probability from 0 to 1", do,
                                    path.name, line))  # fmt: skip
        found.append(Scenario(row[0].strip(), tuple(rates)))
    if faults:
        raise Refusal(faults)
    return tuple(found)


def rates_from(text: str, where: str = "--rates") -> Scenario:
    """Read the true DLT rates of one scenario from a command line.

    Parameters
    ----------
    text : str
        E.g. `0.05,0.12,0.30`.
    where : str
        The option.

    Returns
    -------
    Scenario
        Named by its rates.

    Raises
    ------
    Refusal
        If a part is no number.
    """
    try:
        rates = tuple(float(decimal(part.strip())) for part in text.split(","))
    except Refusal:
        do = "Separate the rates by commas, one a dose level"
        raise refuse(where, shorten(repr(text)), "numbers such as 0.05,0.12,0.3", do) from None
    return Scenario(text.replace(" ", ""), rates)


def seeded(seed: int) -> Callable[[], np.random.Generator]:
    """Give what makes generators of one seed.

    Parameters
    ----------
    seed : int
        From 0.

    Returns
    -------
    callable () -> numpy.random.Generator
        A PCG64 generator, the same each time, so that scenarios meet the same chance.
    """
    return partial(_generator, seed)


def _generator(seed: int) -> np.random.Generator:
    """Make a generator; by name, so that other processes find it."""
    return np.random.Generator(np.random.PCG64(seed))


def compared_designs(
    names: Sequence[str], arm: str = ""
) -> tuple[tuple[NamedDesign, ...], tuple[DoseEscalation, ...]]:
    """Give designs to set side by side; two of one name are told apart by where they stand.

    Parameters
    ----------
    names : sequence of str
        Design files and protocols.
    arm : str
        Arm id, for each that is a protocol.

    Returns
    -------
    named : tuple of NamedDesign
        As read.
    labelled : tuple of DoseEscalation
        With names of their own.

    Raises
    ------
    Refusal
        As `design_of`.
    """
    found = tuple(design_of(each, "" if _is_design_file(each) else arm) for each in names)
    spoken = [each.escalation.name for each in found]
    return found, tuple(
        replace(each.escalation, label=f"{each.escalation.name} ({each.source})")
        if spoken.count(each.escalation.name) > 1
        else each.escalation
        for each in found
    )


def in_time(
    named: NamedDesign,
    scenarios: Sequence[Scenario],
    days_between: float,
    trials: int,
    random: Callable[[], np.random.Generator],
    note: Note,
) -> tuple[tuple[Behaviour, Measure], ...]:
    """Simulate whole trials with their accrual in each scenario.

    Parameters
    ----------
    named : NamedDesign
        The design; its file or its arm states the DLT window.
    scenarios : sequence of Scenario
        True DLT rates.
    days_between : float, days
        Mean time from one enrolment until the next participant is ready.
    trials : int
        Trials in each scenario.
    random : callable () -> numpy.random.Generator
        Gives the generator of each scenario.
    note : callable (int, int) -> None
        Told how many trials of a scenario are done, of how many.

    Returns
    -------
    tuple of (Behaviour, Measure)
        The usual numbers, and the mean duration in days, of each scenario.

    Raises
    ------
    Refusal
        If no window is known, or as `simulate_in_time`.
    """
    escalation = named.escalation
    window = getattr(escalation.design, "window_days", None) or escalation.window_days
    if window is None:
        do = "State window_days in the design file"
        raise refuse("window_days", f"none in {named.source}", "the length of the DLT window", do)
    accrual = Accrual(days_between, window)
    return tuple(
        behaviour_in_time(
            escalation.design,
            checked_scenario(each, escalation.levels),
            escalation.aim,
            accrual,
            trials,
            random(),
            note,
        )
        for each in scenarios
    )


def varied(written: Sequence[str]) -> dict[str, tuple[int | Decimal, ...]]:
    """Read settings with the values to try.

    Parameters
    ----------
    written : sequence of str
        E.g. `p_tox=0.36:0.48:7` (seven values, both ends among them) or `stop_at=9,12`.

    Returns
    -------
    dict of str to tuple of int or Decimal
        By setting.

    Raises
    ------
    Refusal
        If one cannot be read, or a setting is named twice.
    """
    found: dict[str, tuple[int | Decimal, ...]] = {}
    for each in written:
        name, sign, values = each.partition("=")
        try:
            found_values = _spread(values) if ":" in values else _listed(values)
        except (ArithmeticError, ValueError):
            found_values = ()
        if not sign or not found_values or name in found:
            where, allowed = (
                "--vary",
                "each setting once, as SETTING=A,B,C or SETTING=LOW:HIGH:NUMBER",
            )
            raise refuse(where, shorten(repr(each)), allowed, "Correct it")
        found[name.strip().replace("-", "_")] = found_values
    return found


def _listed(values: str) -> tuple[int | Decimal, ...]:
    """Read values one by one; whole numbers stay whole."""
    return tuple(
        int(part) if part.strip().isdecimal() else Decimal(part.strip())
        for part in values.split(",")
    )


def _spread(values: str) -> tuple[Decimal, ...]:
    """Spread values evenly between two ends."""
    low, high, number = values.split(":")
    steps = int(number) - 1
    if steps < 1:
        raise ValueError("at least two values")
    first, last = Decimal(low), Decimal(high)
    step = (last - first) / steps
    return tuple((first + place * step).quantize(MICRO).normalize() for place in range(steps + 1))


MICRO = Decimal("0.000001")
"""Values between two ends are rounded to six places."""
