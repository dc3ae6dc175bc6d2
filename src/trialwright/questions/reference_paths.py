"""Reference cases of dose paths: what each sequence of outcomes leads to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from trialwright.escalation.crm_rule import CrmRule
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.outcomes import read_outcomes
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_arguments import model_of
from trialwright.questions.reference_crm import CONVERGED
from trialwright.questions.reference_numbers import each_case

Case = Mapping[str, Any]

Next = Callable[[Sequence[LevelCount], int], tuple[int | None, ...]]
"""From counts and the last dose level to the levels that agree; the first is our own."""


def dose_paths(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare all paths of a design: every row equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each design.
    """
    return each_case(parsed["paths"], ("design", "args", "rows"), _differences)


def _differences(entry: Case) -> Iterator[str]:
    """Name each row of a design's paths that differs."""
    name = str(entry["design"]).split("(")[0].strip().upper()
    if name not in DESIGNS:
        yield f"the design {entry['design']} is not compared here"
        return
    known, make = DESIGNS[name]
    strange = set(entry["args"]) - {*known}
    if strange:
        yield f"not known here: {', '.join(sorted(strange))}"
        return
    before = str(entry.get("previous_outcomes") or "")
    levels = entry["args"].get("num_doses") or len(entry["args"]["skeleton"])
    follows = make(entry["args"], levels, before.count("N") + 3 + sum(entry["cohort_sizes"]) + 9)
    for row in entry["rows"]:
        level, history = row[1], before
        for outcomes, expected in zip(row[2::2], row[3::2], strict=True):
            if level is None or not outcomes:
                break
            history = f"{history} {level}{outcomes}"
            allowed = follows(read_outcomes(history, levels).seen, level)
            if expected not in allowed:
                yield f"after {history.strip()} dose level {allowed[0]}, expected {expected}"
                break
            level = expected


def _of(kind: Callable[..., Any], names: Mapping[str, str]) -> Callable[..., Next]:
    """Make the rule of a design from the arguments of its package."""

    def make(args: Case, levels: int, most: int) -> Next:
        settings = {ours: args[name] for name, ours in names.items() if name in args}
        design = kind(levels=levels, target=args["target"], max_n=most, **settings)
        return lambda seen, at: (design.next_dose(seen, at).level,)

    return make


def _three_plus_three(args: Case, levels: int, most: int) -> Next:
    """Make the 3+3; where it stops, the package names the MTD or no dose."""
    goes_back = args.get("allow_deescalate", False)
    design = ThreePlusThree(
        levels, "de-escalate-top-stops-at-three" if goes_back else "no-de-escalation"
    )

    def follows(seen: Sequence[LevelCount], at: int) -> tuple[int | None, ...]:
        decided = design.next_dose(seen, at)
        return (None, decided.mtd) if decided.level is None else (decided.level,)

    return follows


def _crm(args: Case, levels: int, most: int) -> Next:
    """Make the CRM: the level whose rate is nearest to the target, whatever was skipped."""
    design = CrmRule(
        levels=levels,
        target=args["target"],
        skeleton=tuple(args["skeleton"]),
        max_n=most,
        model=model_of(args.get("model", "empiric")),
        prior_variance=args["scale"] ** 2 if "scale" in args else 1.34,
    )

    def follows(seen: Sequence[LevelCount], at: int) -> tuple[int | None, ...]:
        evaluable = np.array([[each.evaluable for each in seen]], np.int16)
        dlts = np.array([[each.dlts for each in seen]], np.int16)
        mean = float(design.curve.posterior(evaluable, dlts, CONVERGED).mean[0])
        return (int(np.argmin(np.abs(design.curve.rates(mean)[0] - design.target))) + 1,)

    return follows


_INTERVALS = {"epsilon1": "epsilon_1", "epsilon2": "epsilon_2", "exclusion_certainty": "eliminate"}
_OF_BOIN = {"p_saf": "p_saf", "p_tox": "p_tox", "exclusion_certainty": "eliminate"}
_OF_KEYBOARD = {"marginL": "margin_left", "marginR": "margin_right", "cutoff.eli": "eliminate"}
_PLAIN = ("num_doses", "target")

DESIGNS: Mapping[str, tuple[tuple[str, ...], Callable[..., Next]]] = MappingProxyType(
    {
        "BOIN": ((*_PLAIN, *_OF_BOIN), _of(Boin, _OF_BOIN)),
        "MTPI": ((*_PLAIN, *_INTERVALS), _of(Mtpi, _INTERVALS)),
        "MTPI-2": ((*_PLAIN, *_INTERVALS), _of(Mtpi2, _INTERVALS)),
        "MTPI2": ((*_PLAIN, *_INTERVALS), _of(Mtpi2, _INTERVALS)),
        "KEYBOARD": ((*_PLAIN, *_OF_KEYBOARD), _of(Keyboard, _OF_KEYBOARD)),
        "3+3": (("num_doses", "allow_deescalate"), _three_plus_three),
        "CRM": ((*_PLAIN, "skeleton", "model", "scale"), _crm),
        "DFCRM": ((*_PLAIN, "skeleton", "model", "scale"), _crm),
    }
)
"""Designs of the package, each with the arguments that are known here."""
