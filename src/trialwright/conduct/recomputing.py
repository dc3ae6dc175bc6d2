"""Taking a recorded dose decision again: from what was known then, by the rules of now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from trialwright.conduct.dose_decision_acts import Override
from trialwright.conduct.dose_decisions import advice_of, decided
from trialwright.conduct.dose_meeting import lay_out, prepare
from trialwright.conduct.folding import fold
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.shown import differences
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal, refuse

_ENTERED = ("minutes", "attended")
"""What people entered; no rule gives it."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A dose decision taken again.

    Attributes
    ----------
    sequence : int
        The happening.
    changed : tuple of str
        Places at which the decision of now differs; empty when it is equal.
    because : str
        That it is equal, or which rule decides otherwise.
    """

    sequence: int
    changed: tuple[str, ...]
    because: str

    @property
    def is_equal(self) -> bool:
        """Whether the decision of now is the recorded one."""
        return not self.changed


def recompute(study: Study, records: Iterable[Recorded], sequence: int) -> Recomputed:
    """Take a dose decision again.

    Parameters
    ----------
    study : Study
        The protocol with which the trial began; amended versions stand in the ledger.
    records : iterable of Recorded
        The whole ledger in order.
    sequence : int
        The happening that records the decision.

    Returns
    -------
    Recomputed
        Equal, or with the places that differ and the rule that decides otherwise.

    Raises
    ------
    Refusal
        If the happening is no dose decision.
    """
    held = tuple(records)
    record = next((each for each in held if each.sequence == sequence), None)
    if record is None or record.happening.act != "dose_decided":
        found = [str(each.sequence) for each in held if each.happening.act == "dose_decided"]
        raise refuse("sequence", f"happening {sequence}", ", ".join(found) or "none is recorded",
                     "Give the number of a dose decision")  # fmt: skip
    told: Mapping[str, Any] = record.happening.payload
    override = None
    if told.get("is_overridden"):
        override = Override(told["level"], told["cohort_size"], record.happening.reason)
    state = fold(study, held, known_at=sequence - 1)
    if state.amendments.versions:
        state = state.under(state.amendments.under(record.protocol))
    try:
        laying = prepare if override is None else lay_out
        meeting = laying(state, told["arm"], date.fromisoformat(told["cutoff"]))
        now = decided(meeting, advice_of(state, meeting), override)
    except Refusal as refused:
        return Recomputed(sequence, ("decision",), f"it cannot be taken again: {refused}")
    before = {name: value for name, value in told.items() if name not in _ENTERED}
    same_form = {name: now[name] for name in before if name in now}
    changed = tuple(differences(cast(Json, before), cast(Json, same_form)))
    return Recomputed(sequence, changed, _because(told, now, changed))


def _because(told: Mapping[str, Any], now: Mapping[str, Any], changed: tuple[str, ...]) -> str:
    """Say that nothing differs, or which rule and what else does."""
    if not changed:
        return "the rules of now decide as recorded"
    was, by = _advised(told), _advised(now)
    if was["rule"] != by["rule"]:
        return f"the rule {by['rule']} decides now, recorded was {was['rule']}"
    if "inputs/design_digest" in changed:
        return f"the settings of the design changed, under the rule {by['rule']}"
    counted = [each for each in changed if each.startswith(("participants", "counts"))]
    if counted:
        return f"who counts changed ({', '.join(counted)}), under the rule {by['rule']}"
    return f"the rule {by['rule']} gives another {', '.join(changed)}"


def _advised(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the advice; the first form of a decision recorded no other than what was decided."""
    return cast("Mapping[str, Any]", told.get("advice") or told)
