"""Medicines beside the study treatment that the protocol watches, and which of them go on."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from trialwright.casebook.course import ConcomitantMedicine
from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.study import Study

_ANSWERED = ("Answered", "Closed", "Resolved")
"""States of a query after which its question waits for nobody at the site."""

PART = "course"
"""Form of a participant to which medicines belong."""


def medicine_of(study: Study, name: str) -> str | None:
    """Give the protocol's medicine of a name as written.

    Parameters
    ----------
    study : Study
        The protocol.
    name : str
        As written; capitals and spaces do not matter.

    Returns
    -------
    str or None
        None when the protocol has none of that name or synonym.
    """
    written = " ".join(name.casefold().split())
    for key, medicine in study.medicines.items():
        names = (key, medicine.says, *medicine.synonyms)
        if any(written == each.casefold() for each in names):
            return key
    return None


def memberships(study: Study, medicine: str | None) -> Iterator[str]:
    """Say of which sets that the protocol watches a medicine is a member.

    Parameters
    ----------
    study : Study
        The protocol.
    medicine : str or None
        As of `medicine_of`.

    Yields
    ------
    str
        A sentence without its end for each set, with the edition of its list.
    """
    for name in study.course.warned_medicines:
        term = study.terms[name]
        if medicine is not None and medicine in term.members:
            listed = cast(Any, term.listed)
            edition = f", list version {listed.version} of {listed.dated}" if listed else ""
            yield (
                f"{study.medicines[medicine].says} is a member of the set {name} "
                f"({term.says}{edition})"
            )


def warned_medicines(state: TrialState, here: ParticipantState, on: date) -> tuple[str, ...]:
    """Say which medicines on record may go on though the protocol watches them.

    Parameters
    ----------
    state : TrialState
        With the version of the protocol in force.
    here : ParticipantState
        The participant.
    on : date
        The day.

    Returns
    -------
    tuple of str
        A question for each, in the order of their entry. None once treatment, the study or life
        is over, and none of a medicine of which the end is on record by that day.
    """
    if here.course.off_treatment is not None or stage_of(here).name in ENDED:
        return ()
    told = [
        f"{says}, taken from {each.since or 'a day not recorded'}, with no end on record: ask the "
        "investigator whether it has to be stopped, and enter its last dose when it is"
        for each in here.course.medicines
        if not _is_over(each, on)
        for says in memberships(state.study, medicine_of(state.study, each.name))
    ]
    return tuple(dict.fromkeys(told))


def standing_warnings(state: TrialState, here: ParticipantState, on: date) -> tuple[str, ...]:
    """Give the questions about watched medicines that nobody has answered.

    Parameters
    ----------
    state : TrialState
        With the version of the protocol in force, and the queries of the trial.
    here : ParticipantState
        The participant.
    on : date
        The day.

    Returns
    -------
    tuple of str
        As of `warned_medicines`, without those of which a query in the same words was answered. A
        query that was cancelled answers nothing.
    """
    told = warned_medicines(state, here, on)
    answered = {
        each.steps[0].text
        for each in (state.oversight.queries.values() if told else ())
        if each.scope.participant == here.number and each.state in _ANSWERED
    }
    return tuple(each for each in told if each not in answered)


def _is_over(medicine: ConcomitantMedicine, on: date) -> bool:
    """Say whether a medicine is on record as surely ended by a day."""
    if medicine.until is not None:
        return medicine.until.latest <= on
    return medicine.is_ongoing is False
