"""Reference cases of TITE-BOIN: what follows while participants are pending."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import each_case, first_difference
from trialwright.terms.errors import Refusal

Case = Mapping[str, Any]


def next_doses(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare next dose, suspension, stop and closed levels: all equal.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    wanted = ("target", "n", "npend", "y", "ft", "dose_now", "maxt", "next_dose")
    return each_case(parsed["cases"], wanted, _differences)


def _differences(case: Case) -> Iterator[str]:
    """Name each answer of a case that differs."""
    seen = [
        LevelCount(treated - pending, dlts, pending)
        for treated, pending, dlts in zip(case["n"], case["npend"], case["y"], strict=True)
    ]
    design = TiteBoin(  # as the package does: effective numbers, and waiting before leaving
        levels=len(seen),
        target=case["target"],
        max_n=sum(case["n"]) + 3,
        window_days=case["maxt"],
        pending="effective-number",
        leaves_early=False,
    )
    try:
        found = design.next_dose_with(seen, case["dose_now"], case["ft"])
    except Refusal as refused:
        if not case.get("error"):
            yield f"refused: {refused}"
        return
    level = case["next_dose"] or None  # packages write 0 where the trial stops
    yield first_difference("next_dose", found.level, level, 0)
    is_waiting, is_stopped = int(found.act == "wait"), int(found.act == "stop")
    yield first_difference("suspend_accrual", is_waiting, case.get("suspend_accrual"), 0)
    for name in ("stop", "early_stop"):
        if case.get(name):
            yield first_difference(name, is_stopped, case[name], 0)
    closed = design.first_closed(seen) or len(seen) + 1
    eliminated = [int(place >= closed) for place in range(1, len(seen) + 1)]
    yield first_difference("eliminated", eliminated, case.get("eliminated", eliminated), 0)
