"""The next dose of an arm, from its ledger or from data given by hand."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from trialwright.assembly import ledgers
from trialwright.assembly.designs import design_of
from trialwright.assembly.dose_data import data_of
from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import state_on
from trialwright.conduct.dose_decisions import advice_of
from trialwright.conduct.dose_meeting import design_at, lay_out
from trialwright.escalation.advice import NO_ADVICE, Advice, advised
from trialwright.escalation.backfill import Backfill
from trialwright.escalation.backfilling import (
    Backfilled,
    backfill_from,
    decide_backfilled,
    levels_said,
    nobody_backfilled,
    together,
    with_backfilled,
)
from trialwright.escalation.decision import Design
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.observed import Given, Observed
from trialwright.escalation.outcomes import Outcomes
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Asked:
    """What a design says to the data so far.

    Attributes
    ----------
    source : str
        Where the data stand.
    people : tuple of str
        How each participant counts, where that is known.
    ended : str
        Why the escalation had ended before; empty while it goes on.
    advice : Advice or None
        What the design says; None when the escalation had ended before.
    escalation : DoseEscalation
        The design on its ladder.
    label : str
        `illustrative, ...` when the registry page states no such design; else empty.
    backfill : tuple of str
        Whether each level below the running cohort is open for backfilling.
    """

    source: str
    people: tuple[str, ...]
    ended: str
    advice: Advice | None
    escalation: DoseEscalation
    label: str
    backfill: tuple[str, ...] = ()


def from_ledger(folder: Path, protocol: str, arm: str, as_of: date) -> Asked:
    """Ask the design of an arm what follows its ledger up to a day.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        Name or file; empty: the one trial of the ledger, when it ships.
    arm : str
        Arm id.
    as_of : date
        Data up to this day count.

    Returns
    -------
    Asked
        With how each participant counts.

    Raises
    ------
    Refusal
        If the ledger cannot be opened or is not intact, the trial is not open, or it is not known
        whether somebody counts.
    """
    ledgers.require_ledger(folder)
    name = protocol or _only_trial(folder)
    named = design_of(name, arm, shares=True)
    state = state_on(name, folder, as_of)
    source = f"arm {arm}, ledger {folder.name}, data up to {as_of.isoformat()}"
    cohort = state.cohorts.get(arm)
    if cohort is not None and cohort.level is None:
        return Asked(source, (), cohort.because, None, named.escalation, named.label)
    meeting = lay_out(state, arm, as_of)
    people = tuple(
        f"{each.participant}, dose level {each.dose_level}"
        f"{', backfilled' if each.is_backfilled else ''}: {each.evaluable.state}: "
        f"{each.evaluable.because}"
        for each in meeting.statuses
    )
    advice = advice_of(state, meeting)
    escalation = replace(named.escalation, design=design_at(state, arm, as_of))
    around = backfill_from(named.data, escalation.levels)
    if around is not None and meeting.beside is not None:
        levels = () if meeting.decision is None else levels_said(
            around, meeting.beside, responses_known=True
        )  # fmt: skip
        return Asked(source, people, "", advice, escalation, named.label, levels)
    return Asked(source, people, "", advice, escalation, named.label)


def from_data(named: str, arm: str, given: str, others: Mapping[str, str] | None = None) -> Asked:
    """Ask a design what follows data given by hand.

    Parameters
    ----------
    named : str
        A design file or a protocol.
    arm : str
        Arm id, for a protocol.
    given : str
        A file of participants, or e.g. `1NNN 2NTP`; empty before the first cohort.
    others : mapping of str to str, or None
        The same of each arm that the arm shares with.

    Returns
    -------
    Asked
        With the advice.

    Raises
    ------
    Refusal
        If the data have faults, or the design cannot have led to them.
    """
    found = design_of(named, arm, shares=True)
    escalation = found.escalation
    if others or found.partners:
        escalation = replace(escalation, design=_sharing(named, arm, others or {}))
    around = backfill_from(found.data, escalation.levels)
    if around is not None:
        advice, levels = _with_backfill(around, data_of(given), escalation)
        return Asked(found.source, (), "", advice, escalation, found.label, levels)
    advice = escalation.decide(data_of(given))
    return Asked(found.source, (), "", advice, escalation, found.label)


def _with_backfill(
    around: Backfill, data: Given, escalation: DoseEscalation
) -> tuple[Advice, tuple[str, ...]]:
    """Ask a design with backfill; in the notation nobody is backfilled, and no response known."""
    if data is None or isinstance(data, str | Outcomes | Observed):
        return _backfilled(around, nobody_backfilled(escalation.observed(data)), knows=False)
    start, window = escalation.design.starting_level, escalation.window_days
    counted = with_backfilled(data, escalation.levels, start, window)
    return _backfilled(around, counted, knows=True)


def _backfilled(
    around: Backfill, data: Backfilled, *, knows: bool
) -> tuple[Advice, tuple[str, ...]]:
    """Ask a design with backfill what follows, and which levels are open."""
    decided = decide_backfilled(around, data)
    advice = advised(around.design, together(data), decided, around)
    return advice, levels_said(around, data, responses_known=knows)


def _sharing(named: str, arm: str, others: Mapping[str, str]) -> Design:
    """Make the design of an arm with what was seen in the arms it shares with."""
    from trialwright.escalation.sharing import sharing_arm

    seen = {
        each: design_of(named, each, shares=True).escalation.observed(data_of(given)).seen
        for each, given in others.items()
    }
    return sharing_arm(load(named).study, arm, seen)


def _only_trial(folder: Path) -> str:
    """Give the one trial of a ledger."""
    trials = tuple(ledgers.look_at(folder).trials())
    if len(trials) != 1:
        names = ", ".join(trials) or "none"
        raise refuse(str(folder), f"the trials {names}", "one trial", "Name it: --protocol")
    return trials[0]


def told(asked: Asked) -> tuple[str, ...]:
    """Say what a design advises, line by line.

    Parameters
    ----------
    asked : Asked
        As found.

    Returns
    -------
    tuple of str
        Source, participants, advice, reason, warnings, digests.
    """
    head = f"{asked.source}: {asked.escalation.name}"
    label = (f"design or doses: {asked.label}",) if asked.label else ()
    advice = asked.advice
    if advice is None:
        return (head, f"the escalation has ended: {asked.ended}", *label)
    return (
        head,
        *asked.people,
        _headline(advice, asked.escalation),
        advice.because,
        *asked.backfill,
        *(f"warning: {each}" for each in advice.warnings),
        f"design {advice.design_digest[:16]}, data {advice.data_digest[:16]}",
        *label,
    )


def _headline(advice: Advice, escalation: DoseEscalation) -> str:
    """Say act, level, places and how high one may go."""
    if advice.act == NO_ADVICE:
        may = ", ".join(map(str, advice.admissible)) or "none"
        return (
            "no advice: the design does not decide on these data; people may, with a reason, at "
            f"dose levels: {may}"
        )
    if advice.level is None:
        mtd = "no MTD" if advice.mtd is None else f"MTD {escalation.dose(advice.mtd)}"
        return f"{advice.act}: {mtd}"
    highest = advice.highest_admissible
    may = "" if highest is None else f"; highest admissible dose level {highest}"
    if advice.admissible != tuple(range(1, (highest or 0) + 1)):  # a grid has no highest
        may = f"; admissible dose levels {', '.join(map(str, advice.admissible))}"
    size = advice.cohort_size
    places = {0: "nobody", 1: "1 participant"}.get(size, f"{size} participants")
    return f"{advice.act}: {escalation.dose(advice.level)}, {places} next{may}"


def plain(asked: Asked) -> dict[str, Any]:
    """Give the same as a plain value, for JSON.

    Parameters
    ----------
    asked : Asked
        As found.

    Returns
    -------
    dict of str to object
        With the advice field by field; null when the escalation had ended before.
    """
    return {
        "source": asked.source,
        "participants": list(asked.people),
        "ended": asked.ended,
        "advice": None if asked.advice is None else asdict(asked.advice),
        "label": asked.label,
        "backfill": list(asked.backfill),
    }
