"""What the page of a registered participant says of dose levels open for backfilling."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from trialwright.conduct.backfilling import level_taken, levels_open
from trialwright.conduct.slot_holding import places
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.errors import Refusal
from trialwright.web.forms import AssignForm, sentence


class BackfillForm(AssignForm):
    """A dose level below the running cohort for a registered participant."""

    level = forms.IntegerField(label="Dose level", min_value=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """Dose levels below the running cohort, and the form for one that is open.

    Attributes
    ----------
    says : tuple of str
        One sentence a level, or why there is none.
    form : BackfillForm or None
        None while no level is open.
    is_next : bool
        Whether a level is open and no place of the running cohort is free.
    """

    says: tuple[str, ...]
    form: BackfillForm | None
    is_next: bool = False


def offer(
    state: TrialState,
    here: ParticipantState,
    on: date,
    choices: Iterable[tuple[str, str, list[str]]],
    bound: Any,
) -> Offer | None:
    """Give the dose levels open for backfilling, when a level is to be given.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    here : ParticipantState
        The participant.
    on : date
        Data up to this day count.
    choices : iterable of tuple
        Lines of the arm that offer several agents: id, words, agents.
    bound : BackfillForm or None
        The form that was refused, to be shown again.

    Returns
    -------
    Offer or None
        None for an arm without backfill, and for whoever is not registered or has a dose level.
    """
    if here.registered_on is None or here.dose_level is not None:
        return None
    if state.study.required_arm(here.arm).escalation.backfill is None:
        return None
    try:
        found = levels_open(state, here.arm, on)
    except Refusal as refused:
        return Offer(tuple(sentence(fault) for fault in refused.faults), bound)
    says = tuple(
        f"Dose level {each.level} is {'open' if each.is_open else 'closed'}: {each.because}."
        for each in found
    )
    taken = level_taken(state, here.arm, found)
    if bound is None and taken is not None:
        bound = BackfillForm(
            choices=choices, initial={"on": on, "level": taken}, auto_id="backfill-%s"
        )
    is_next = taken is not None and places(state, here.arm, on).free <= 0
    return Offer(says or ("No dose level lies below the running cohort.",), bound, is_next)
