"""Evaluations of tumour response: each reader's, which one counts, and what endpoints rest on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.conduct.central_records import ADJUDICATOR, READERS, Adjudication
from trialwright.conduct.person_outcomes import as_read_by, person_outcome
from trialwright.conduct.remembered import remembered
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.endpoints.concordance import Concordance, concordance
from trialwright.endpoints.outcomes import PersonOutcome
from trialwright.endpoints.proportions import Attained
from trialwright.response.best import BestResponse
from trialwright.response.readers import ReaderCourse, disagreements

CENTRAL_REVIEW = "By independent central review: "
"""Before the reason of an answer that rests on it."""


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What independent central review says of one participant at a data cutoff.

    Attributes
    ----------
    participant : str
        Study number.
    readers : mapping of str to PersonOutcome
        Responses and endpoints by each evaluator who recorded a baseline.
    unfinished : tuple of str
        What a reader has still to read before the two can be compared.
    differing : tuple of str
        In what the readers differ that calls for adjudication; empty while one is unfinished.
    adjudication : Adjudication or None
        The decision that stands.
    counted : str
        Whose reading counts: `reader 1`, `reader 2`, `adjudicator`; empty: nobody's yet.
    because : str
        Why.
    """

    participant: str
    readers: Mapping[str, PersonOutcome]
    unfinished: tuple[str, ...]
    differing: tuple[str, ...]
    adjudication: Adjudication | None
    counted: str
    because: str

    @property
    def is_due(self) -> bool:
        """Whether the adjudicator has something to do."""
        return bool(self.differing) and self.adjudication is None

    @property
    def outcome(self) -> PersonOutcome | None:
        """The outcome by the reading that counts; None while nobody's does."""
        return self.readers.get(self.counted)


@remembered
def evaluations_of(state: TrialState, here: ParticipantState, cutoff: date) -> Evaluations:
    """Give what independent central review says of one participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    cutoff : date
        Data up to this day count; so do decisions of the adjudicator.

    Returns
    -------
    Evaluations
        Equal whatever the order of entry.

    Raises
    ------
    Refusal
        If tumour assessments of one reader contradict each other.
    """
    readers: dict[str, PersonOutcome] = {}
    for name in (*READERS, ADJUDICATOR):
        baseline = here.central_review.of(name).baseline
        if baseline is not None and baseline.on <= cutoff:
            readers[name] = person_outcome(state, as_read_by(here, name), cutoff)
    unfinished = tuple(_unfinished(here, cutoff))
    differing: tuple[str, ...] = ()
    if not unfinished:
        one, two = (_course(readers[name]) for name in READERS)
        differing = disagreements(one, two, state.study.response.evaluation.adjudicate_on)
    standing = _standing(here, differing, cutoff) if differing else None
    counted, because = _counted(unfinished, differing, standing)
    return Evaluations(here.number, readers, unfinished, differing, standing, counted, because)


def still_to_read(here: ParticipantState, evaluator: str, cutoff: date) -> tuple[str, ...]:
    """Say what an evaluator has still to read of what the two readers read.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    evaluator : str
        Of central review.
    cutoff : date
        Later scans are not looked at.

    Returns
    -------
    tuple of str
        The baseline, and days by date; never what another reader found.
    """
    days = {name: _days(here, name, cutoff) for name in (*READERS, evaluator)}
    own = days[evaluator]
    if own is None:
        return (f"{evaluator} has read no baseline",)
    every = {on for each in days.values() if each for on in each}
    return tuple(f"{evaluator} has not read {on.isoformat()}" for on in sorted(every - own))


def by_setting(
    state: TrialState, here: ParticipantState, own: PersonOutcome, cutoff: date
) -> PersonOutcome:
    """Let each endpoint rest on the evaluator whom the protocol names.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    own : PersonOutcome
        By the investigator.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    PersonOutcome
        The investigator's, but for what rests on central review; while that has no answer, response
        and benefit are open and progression-free survival is not given, with the reason.
    """
    settings = state.study.response.evaluation
    if settings.review != "two-readers" or "central" not in (
        settings.response_by,
        settings.progression_by,
    ):
        return own
    found = evaluations_of(state, here, cutoff)
    central = found.outcome
    made = own
    if settings.response_by == "central":
        made = _response_by(made, central, found.because)
    if settings.progression_by == "central":
        if central is None:
            left = "; ".join(each for each in (made.left_out, found.because) if each)
            made = replace(made, progression_free=None, left_out=left)
        else:
            time = central.progression_free
            told = time and replace(time, because=CENTRAL_REVIEW + time.because)
            made = replace(made, progression_free=told)
    return made


def due_adjudications(
    state: TrialState, participants: Iterable[ParticipantState], cutoff: date
) -> Iterator[Evaluations]:
    """Give the participants whose readers differ and whom nobody has adjudicated.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participants : iterable of ParticipantState
        Whom to look at.
    cutoff : date
        Data up to this day count.

    Yields
    ------
    Evaluations
        In the order given.
    """
    for here in participants:
        if here.central_review.readings:
            found = evaluations_of(state, here, cutoff)
            if found.is_due:
                yield found


def reviewed_in(state: TrialState, cutoff: date) -> tuple[Evaluations, ...]:
    """Give central review of everybody with a dose level.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    tuple of Evaluations
        In the order of consent; empty where the investigator alone evaluates.
    """
    if state.study.response.evaluation.review != "two-readers":
        return ()
    return tuple(
        evaluations_of(state, here, cutoff)
        for here in state.participants.values()
        if here.assigned_on is not None and here.assigned_on <= cutoff
    )


def concordance_of(found: tuple[Evaluations, ...], conf_level: float = 0.95) -> Concordance:
    """Say how far the two readers of a trial agree on best overall response.

    Parameters
    ----------
    found : tuple of Evaluations
        Of every participant, in any order.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Concordance
        Of the participants whom both readers finished, before adjudication.
    """
    pairs = [
        (each.readers[READERS[0]].best.response, each.readers[READERS[1]].best.response)
        for each in found
        if not each.unfinished
    ]
    return concordance(pairs, conf_level)


def _response_by(own: PersonOutcome, central: PersonOutcome | None, because: str) -> PersonOutcome:
    """Let response rest on central review."""
    if central is None:
        wait = f"{CENTRAL_REVIEW}{because}."
        none = BestResponse(
            Response.NE, None, None, own.best.is_confirmation_required, (), wait, ()
        )
        nobody = Attained("not yet", wait)
        return replace(
            own, timepoints=(), best=none, confirmed=none, unconfirmed=none, response=nobody,
            benefit=nobody, duration=None,
        )  # fmt: skip
    return replace(
        own,
        facts=central.facts,
        timepoints=central.timepoints,
        best=replace(central.best, because=CENTRAL_REVIEW + central.best.because),
        confirmed=central.confirmed,
        unconfirmed=central.unconfirmed,
        response=replace(central.response, because=CENTRAL_REVIEW + central.response.because),
        benefit=replace(central.benefit, because=CENTRAL_REVIEW + central.benefit.because),
        duration=central.duration,
    )


def _course(outcome: PersonOutcome) -> ReaderCourse:
    """Give what one reader says."""
    progressed = (
        each.progression_on or each.on for each in outcome.timepoints if each.overall is Response.PD
    )
    return ReaderCourse(outcome.timepoints, outcome.best.response, min(progressed, default=None))


def _days(here: ParticipantState, evaluator: str, cutoff: date) -> frozenset[date] | None:
    """Give the days that an evaluator read; None without a baseline."""
    reading = here.central_review.of(evaluator)
    if reading.baseline is None or reading.baseline.on > cutoff:
        return None
    return frozenset(each.on for each in reading.assessments if each.on <= cutoff)


def _unfinished(here: ParticipantState, cutoff: date) -> Iterator[str]:
    """Say what the two readers have still to read."""
    for name in READERS:
        yield from still_to_read(here, name, cutoff)


def _standing(
    here: ParticipantState, differing: tuple[str, ...], cutoff: date
) -> Adjudication | None:
    """Give the last decision about just these differences."""
    made = [
        each
        for each in here.central_review.adjudications
        if each.on <= cutoff and each.differing == differing
    ]
    return made[-1] if made else None


def _counted(
    unfinished: tuple[str, ...], differing: tuple[str, ...], standing: Adjudication | None
) -> tuple[str, str]:
    """Say whose reading counts, and why."""
    if unfinished:
        return "", "; ".join(unfinished)
    if not differing:
        return READERS[0], "both readers agree in what calls for adjudication"
    said = f"the readers differ in {'; '.join(differing)}"
    if standing is None:
        return "", f"{said}; nobody has adjudicated"
    on = standing.on.isoformat()
    return standing.chosen, f"{said}; adjudicated on {on}: {standing.chosen} counts"
