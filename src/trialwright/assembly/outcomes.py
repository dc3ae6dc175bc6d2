"""Responses and endpoints of a trial, by its ledger, as rows and as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from trialwright.assembly.recruiting import state_on
from trialwright.conduct.evaluations import Evaluations, evaluations_of
from trialwright.conduct.outcomes import outcomes
from trialwright.conduct.screening import known
from trialwright.endpoints.outcomes import GroupOutcome, Outcomes, PersonOutcome
from trialwright.terms.errors import refuse


def outcomes_on(folder: Path, protocol: str, as_of: date, known_at: int | None = None) -> Outcomes:
    """Give the responses, analysis sets and endpoints of a trial at a data cutoff.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    as_of : date
        The data cutoff: what happened later is not looked at, whenever it was entered.
    known_at : int or None
        What was entered after this sequence number is left out; None: nothing is.

    Returns
    -------
    Outcomes
        Of everybody assigned to a dose level.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken.
    """
    return outcomes(state_on(protocol, folder, None, known_at), as_of)


def person_on(
    folder: Path, protocol: str, participant: str, as_of: date, known_at: int | None = None
) -> tuple[PersonOutcome, Evaluations | None]:
    """Give the responses and endpoints of one participant, and independent central review.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    participant : str
        Study number.
    as_of : date
        The data cutoff: what happened later is not looked at, whenever it was entered.
    known_at : int or None
        What was entered after this sequence number is left out; None: nothing is.

    Returns
    -------
    tuple of (PersonOutcome, Evaluations or None)
        With a reason for each answer; what each evaluator found and whose reading counts, None
        where the investigator alone evaluates.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, nobody consented under that number, or the
        participant was assigned to no dose level.
    """
    state = state_on(protocol, folder, None, known_at)
    here = known(state, participant)
    found = outcomes(state, as_of).people.get(participant)
    if found is None:
        raise refuse("--participant", f"{participant}, assigned to no dose level",
                     "a participant assigned to a dose level",
                     "Assign the participant first")  # fmt: skip
    is_reviewed = state.study.response.evaluation.review == "two-readers"
    return found, evaluations_of(state, here, as_of) if is_reviewed else None


def review_lines(found: Evaluations | None) -> Iterator[str]:
    """Tell independent central review of one participant.

    Parameters
    ----------
    found : Evaluations or None
        As `person_on` gives it.

    Yields
    ------
    str
        Every visit and best response by evaluator, and whose reading counts; nothing where the
        investigator alone evaluates.
    """
    if found is None:
        return
    for name, outcome in found.readers.items():
        yield f"  {name}: {outcome.best.because}"
        for visit in outcome.timepoints:
            yield f"    {visit.on.isoformat()}  {visit.overall}: {visit.because}"
    yield f"  central review: {found.because}"


def person_lines(one: PersonOutcome) -> Iterator[str]:
    """Tell the responses and endpoints of one participant.

    Parameters
    ----------
    one : PersonOutcome
        As `person_on` gives it.

    Yields
    ------
    str
        Every visit, the best response, the endpoints, and what somebody should look at.
    """
    yield f"{one.participant}, arm {one.arm}, dose level {one.dose_level}"
    for visit in one.timepoints:
        yield f"  {visit.on.isoformat()}  {visit.overall}: {visit.because}"
    yield f"  {one.best.because}"
    yield f"  objective response, {one.response.answer}: {one.response.because}"
    yield f"  clinical benefit, {one.benefit.answer}: {one.benefit.because}"
    for time in (one.progression_free, one.overall, one.duration):
        if time is not None:
            yield f"  {time.endpoint}, {time.rule}: {time.because}"
    if one.left_out:
        yield f"  no endpoint in time: {one.left_out}"
    for query in one.queries:
        yield f"  query, {query}"


def outcome_lines(found: Outcomes) -> Iterator[str]:
    """Tell the endpoints of every group.

    Parameters
    ----------
    found : Outcomes
        As `outcomes_on` gives them.

    Yields
    ------
    str
        The conventions, then each group with its sets and endpoints.
    """
    label = f"; {found.label}" if found.label else ""
    yield f"Data cutoff {found.cutoff.isoformat()}; {found.conventions}{label}"
    for group in found.groups:
        yield ""
        yield "Everybody" if group.by == "all" else f"{group.by}: {group.group}"
        yield from (f"  {line}" for line in _group_lines(group))
    yield ""
    for endpoint, test in found.between_arms.items():
        yield f"{endpoint} between arms, which were not randomised: {test.because}"
    yield from (each.because for each in found.hazards)


def _group_lines(group: GroupOutcome) -> Iterator[str]:
    """Tell one group."""
    for each in group.sets.values():
        yield f"set {each.because} Rule: {each.rule}."
        for number, why in each.excluded.items():
            yield f"  not {number}: {why}"
    best = ", ".join(f"{response} {count}" for response, count in group.best.items())
    yield f"best overall response: {best}"
    yield group.response.because
    yield group.benefit.because
    for time in (group.progression_free, group.overall, group.duration):
        yield f"{time.endpoint}: {time.count.because}"
        yield f"  {time.median.because}"
        yield from (f"  {found.because}" for found in time.landmarks)
        yield f"  follow-up by reverse Kaplan-Meier: {time.follow_up.because}"
        for number, why in time.left_out.items():
            yield f"  without {number}: {why}"


def plain(value: object) -> Any:
    """Write outcomes as plain values.

    Parameters
    ----------
    value : object
        Outcomes, or a part of them.

    Returns
    -------
    object
        Mappings, lists, texts, numbers; days as year-month-day, exact lengths as text.
    """
    match value:
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Mapping():
            return {str(plain(name)): plain(inner) for name, inner in value.items()}
        case tuple() | list():
            return [plain(each) for each in value]
        case _ if is_dataclass(value):
            return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value
