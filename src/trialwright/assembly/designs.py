"""Designs, scenarios and data that people name: files read, seeds turned into generators."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np

from trialwright.assembly.files import read_text
from trialwright.assembly.protocols import load
from trialwright.escalation import catalogue
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import Scenario
from trialwright.escalation.observed import Given
from trialwright.escalation.participants import Standing, Treated
from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.protocol.design_file import DesignFile, ReadDesign, read_design
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


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
    """

    escalation: DoseEscalation
    data: EscalationDesign
    scenarios: tuple[Scenario, ...]
    agent: str
    label: str
    source: str


def design_of(named: str, arm: str = "", target: float | None = None) -> NamedDesign:
    """Give the design of a design file, or of an arm of a protocol.

    Parameters
    ----------
    named : str
        A design file (YAML, JSON), a protocol file, or the NCT number of a shipped protocol.
    arm : str
        Arm id, for a protocol.
    target : float or None, probability
        Target toxicity rate, where the design has none.

    Returns
    -------
    NamedDesign
        Ready to be asked.

    Raises
    ------
    Refusal
        With every fault of the file; if an arm is named for a design file, or none for a protocol.
    """
    if not _is_design_file(named):
        return _from_protocol(named, arm, target)
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
    faults = catalogue.check(file.escalation, file.number_of_levels, "escalation")
    if faults:
        raise Refusal(read.place(faults))
    stated = float(file.target) if file.target is not None else None
    escalation = DoseEscalation(
        catalogue.design_from(file.escalation, file.number_of_levels),
        tuple(f"{dose:f} {file.unit}".strip() for dose in file.doses or ()),
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
    unit = study.agents[ladder.agent].dose_unit
    escalation = DoseEscalation(
        catalogue.design_from(found.escalation, len(ladder.doses)),
        tuple(f"{dose:f} {unit}".strip() for dose in ladder.doses),
        found.dlt_window.days,
        target,
    )
    label = found.escalation.label or ladder.label
    source = f"{study.identifiers.nct}, arm {arm}"
    return NamedDesign(escalation, found.escalation, (), ladder.agent, label, source)


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
    rows = list(csv.reader(io.StringIO(read_text(path))))
    faults, found = [], []
    for line, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if line == 1 and row[0].strip().lower() in ("scenario", "name"):
            continue
        rates = []
        for column, cell in enumerate(row[1:], start=1):
            try:
                rates.append(float(cell))
            except ValueError:
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
        rates = tuple(float(part) for part in text.split(","))
    except ValueError:
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


def data_of(given: str) -> Given:
    """Read data of a running escalation: a file of participants, or the notation itself.

    Parameters
    ----------
    given : str
        A CSV or JSON file of participants, or e.g. `1NNN 2NTP`.

    Returns
    -------
    str or sequence of Treated
        As a design takes them.

    Raises
    ------
    Refusal
        If the file has other columns, or a value of another type, each named by participant and
        field.
    """
    path = Path(given)
    if path.suffix not in (".csv", ".json"):
        return given
    text = read_text(path)
    records = _json_records(text, path.name) if path.suffix == ".json" else _csv_records(text)
    faults: list[Fault] = []
    found = [_participant(record, line, path.name, faults) for line, record in records]
    if faults:
        raise Refusal(faults)
    return [each for each in found if each is not None]


FIELDS = ("participant", "cohort", "level", "standing", "has_dlt", "dlt_day", "given", "followed",
          "deviation")  # fmt: skip
"""Columns of a file of participants; the first four are needed."""

NEEDED = FIELDS[:4]


def _csv_records(text: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give the rows of CSV with their lines; an empty cell is not stated."""
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        yield reader.line_num, {name: cell for name, cell in row.items() if cell not in ("", None)}


def _json_records(text: str, file: str) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give the objects of a JSON list; no lines are known."""
    try:
        value = json.loads(text)
    except ValueError as wrong:
        raise Refusal([Fault("", shorten(str(wrong)), "JSON", "Correct it", file)]) from None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refusal([Fault("", "another shape", "a list of participants", "Correct it", file)])
    return [(0, each) for each in value]


def _participant(
    record: dict[str, Any], line: int, file: str, faults: list[Fault]
) -> Treated | None:
    """Make a participant of a record, or tell what is wrong with it."""
    who = shorten(record.get("participant", "a participant"), 20)
    missing = [name for name in NEEDED if name not in record]
    strange = [shorten(name) for name in record if name not in FIELDS]
    allowed = ", ".join(FIELDS)
    wrong = [
        *(Fault(f"{who}, {name}", "nothing", "a value", "Add it", file, line) for name in missing),
        *(
            Fault(f"{who}, {name}", "an unknown field", allowed, "Correct the name", file, line)
            for name in strange
        ),
    ]
    if wrong:
        faults += wrong
        return None
    return Treated(
        participant=str(record["participant"]),
        cohort=_number(record["cohort"]),
        level=_number(record["level"]),
        standing=cast(Standing, record["standing"]),
        has_dlt=_yes(record.get("has_dlt", False)),
        dlt_day=_number(record.get("dlt_day")),
        given=_number(record.get("given")),
        followed=_number(record.get("followed")),
        deviation=str(record.get("deviation", "")),
    )


def _number(value: Any) -> Any:
    """Read a whole number; anything else is told by whoever counts."""
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        return int(value)
    return value


_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _yes(value: Any) -> Any:
    """Read yes or no; anything else is told by whoever counts."""
    return _WORDS.get(value.strip().lower(), value) if isinstance(value, str) else value


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
