"""Reference cases of operating characteristics: simulated elsewhere, or worked out exactly."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.escalation.exact import Walk, walk
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_arguments import boin_of, crm_of, keyboard_of
from trialwright.questions.reference_numbers import each_case, first_difference

EXACT = 1e-9
"""Greatest difference of an exact operating characteristic."""

STANDARD_ERRORS = 4
"""Standard errors within which a simulated number agrees."""

Case = Mapping[str, Any]


def simulated(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare simulated operating characteristics: within 4 of their standard errors.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each scenario.
    """
    return each_case(parsed["scenarios"], ("args", "ntrial", "select_pct"), _simulated_differences)


def _simulated_differences(scenario: Case) -> Iterator[str]:
    """Name each number that is more than 4 standard errors away."""
    args, trials = scenario["args"], scenario["ntrial"]
    rates = args["p.true"]
    design = boin_of(args, levels=len(rates))
    walked = walk(design)
    found, spread = walked.under(rates), walked.spread(rates)

    def percent(name: str, chance: float, expected: Any) -> str:
        """Compare a percentage; an event never seen has the error of its exact probability."""
        error = 100 * math.sqrt(max(chance * (1 - chance), 0.25 / trials) / trials)
        return first_difference(name, 100 * chance, expected, STANDARD_ERRORS * error)

    for level, expected in enumerate(scenario["select_pct"]):
        yield percent(f"select_pct {level + 1}", found.p_select[level], expected)
    if "no_mtd_pct" in scenario:
        yield percent("no_mtd_pct", found.p_no_mtd, scenario["no_mtd_pct"])
    for name, means, deviations in (
        ("mean_n", found.expected_n, spread.evaluable),
        ("mean_dlt", found.expected_dlt, spread.dlts),
        ("total_n", (found.expected_total_n,), (spread.total_evaluable,)),
        ("total_dlt", (found.expected_total_dlt,), (spread.total_dlts,)),
    ):
        given = scenario.get(name, [])
        for place, expected in enumerate(given if isinstance(given, list) else [given]):
            error = max(deviations[place], math.sqrt(0.25 / trials)) / math.sqrt(trials)
            yield first_difference(
                f"{name} {place + 1}", means[place], expected, STANDARD_ERRORS * error + 5e-5
            )
    for name, share in (("overdose60", 0.6), ("overdose80", 0.8)):
        if scenario.get(name) is not None:
            chance = walked.overdosing(rates, args["target"], share * design.max_n)
            yield percent(name, chance, scenario[name])


CHARACTERISTICS = ("p_select", "p_no_mtd", "expected_n", "expected_dlt", "total")
"""Exact operating characteristics that are compared."""


def exact(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare exact operating characteristics: within 1e-9, numbers of states equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each scenario.
    """
    return each_case(parsed["scenarios"], ("design", "args", "p_select"), _exact_differences)


def _exact_differences(scenario: Case) -> Iterator[str]:
    """Name each number that differs."""
    args, words = scenario["args"], str(scenario["design"])
    if words.startswith("CRM"):
        rates, walked = args["PI"], walk(crm_of(args))
    elif words.lower().startswith("keyboard"):
        rates = args["p.true"]
        walked = walk(keyboard_of(args, levels=len(rates)))
    elif words.startswith("BOIN"):
        rates = args["p.true"]
        walked = walk(boin_of(args, levels=len(rates)))
    else:
        yield f"the design {words} is not compared here"
        return
    yield from _characteristics(walked, rates, scenario)


def _characteristics(walked: Walk, rates: Any, scenario: Case) -> Iterator[str]:
    """Compare one scenario of a walked design."""
    found = walked.under(rates)
    for name, number in (("states", walked.states), ("terminal", found.terminal_states)):
        if name in scenario:
            yield first_difference(name, number, scenario[name], 0)
    for name in CHARACTERISTICS:
        if name in scenario:
            yield first_difference(name, getattr(found, name), scenario[name], EXACT)
