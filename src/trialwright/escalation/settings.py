"""Settings of designs checked: what is no level, no count and no probability is named."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import chain, pairwise
from typing import Any

from trialwright.escalation.decision import is_level
from trialwright.terms.errors import Fault, shorten


def hold_as_tuples(design: Any) -> None:
    """Hold settings that are given as lists or arrays as tuples, as a frozen value must.

    Parameters
    ----------
    design : dataclass
        A design that is being made.
    """
    for each in fields(design):
        value = getattr(design, each.name)
        if isinstance(value, tuple | list) or hasattr(value, "tolist"):
            object.__setattr__(design, each.name, _held(value))


def _held(value: object) -> object:
    """Turn lists and arrays into tuples of plain numbers."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, list | tuple):
        return tuple(_held(each) for each in plain)
    return plain


def ladder_faults(levels: object, starting_level: object) -> Iterator[Fault]:
    """Find what is wrong with a ladder and where it is begun.

    Parameters
    ----------
    levels : object
        Number of dose levels as given.
    starting_level : object
        Dose level of the first cohort as given.

    Yields
    ------
    Fault
        One for each.
    """
    if not _is_count(levels) or not isinstance(levels, int):
        found = f"{shorten(levels)} dose levels"
        yield Fault("levels", found, "a whole number from 1", "Count the dose levels")
    elif not is_level(starting_level, levels):
        found = f"dose level {shorten(starting_level)}"
        yield Fault("starting_level", found, f"1-{levels}", "Start at a level of the ladder")


def cohort_faults(
    max_n: object, cohort_size: object = 1, stop_at: object = None, name: str = "max_n"
) -> Iterator[Fault]:
    """Find numbers of participants that are none.

    Parameters
    ----------
    max_n, cohort_size : object
        Whole numbers from 1, as given.
    stop_at : object
        The same, or None.
    name : str
        Name of the first.

    Yields
    ------
    Fault
        One for each.
    """
    given = {name: max_n, "cohort_size": cohort_size, "stop_at": 1 if stop_at is None else stop_at}
    for where, count in given.items():
        if not _is_count(count):
            yield Fault(where, shorten(count), "a whole number from 1", "Count participants")


def probability_faults(**given: object) -> Iterator[Fault]:
    """Find probabilities that are none, and say what a percentage would be.

    Parameters
    ----------
    **given : object
        By name; None is passed over.

    Yields
    ------
    Fault
        One for each.
    """
    for where, number in given.items():
        if number is None:
            continue
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not 0 < float(number) < 1:  # type: ignore[arg-type]
            is_percent = is_number and 2 < float(number) < 100  # type: ignore[arg-type]
            meant = f"; did you mean {float(number) / 100:g}?" if is_percent else ""  # type: ignore[arg-type]
            word = "target is a probability" if where == "target" else "a probability"
            allowed = f"{word} above 0 and below 1{meant}"
            yield Fault(where, shorten(number), allowed, "Write 25 % as 0.25")


def _is_count(value: object) -> bool:
    """Say whether a value is a whole number from 1."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def interval_faults(target: float, **reach: float) -> Iterator[Fault]:
    """Find what is wrong with an interval around the target.

    Parameters
    ----------
    target : float, probability
        Target toxicity rate.
    **reach : float
        How far it reaches below, and above, by name and in this order.

    Yields
    ------
    Fault
        One for each side that is none, or that reaches to 0 or 1.
    """
    wrong = [*probability_faults(target=target), *probability_faults(**reach)]
    if wrong:
        yield from (fault for fault in wrong if fault.where != "target")
        return
    below, above = reach
    if target - reach[below] <= 0:
        do = "Take a narrower interval"
        yield Fault(below, f"{reach[below]:g}", f"less than the target {target:g}", do)
    if target + reach[above] >= 1:
        do = "Take a narrower interval"
        yield Fault(above, f"{reach[above]:g}", f"less than {1 - target:g}", do)


def skeleton_faults(skeleton: Sequence[float], levels: int) -> Iterator[Fault]:
    """Find what is wrong with a skeleton.

    Parameters
    ----------
    skeleton : sequence of float
        Prior guesses as given.
    levels : int
        Number of dose levels.

    Yields
    ------
    Fault
        One for each value that is no probability or not above the one before, and one when they
        are too few or too many.
    """
    if len(skeleton) != levels:
        found = f"{len(skeleton)} prior guesses for {levels} dose levels"
        do = "Give one prior guess for each dose level"
        yield Fault("skeleton", found, f"{levels} probabilities", do)
    wrong = [
        list(probability_faults(**{f"skeleton.{at}": rate})) for at, rate in enumerate(skeleton)
    ]
    yield from chain.from_iterable(wrong)
    for place, (below, rate) in enumerate(pairwise(skeleton), start=1):
        if not wrong[place - 1] and not wrong[place] and rate <= below:
            found = f"{rate:g} after {below:g}"
            do = "List the prior guesses from the lowest dose level to the highest"
            yield Fault(f"skeleton.{place}", found, f"a probability above {below:g}", do)
