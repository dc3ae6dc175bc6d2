"""Data checks of one participant: what somebody should look at, each a query that can be raised."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from trialwright.biomarkers.scores import apart, share_in_question
from trialwright.conduct.contradictions import told_contradictions
from trialwright.conduct.evaluations import due_adjudications
from trialwright.conduct.observing import level_amounts
from trialwright.conduct.outcomes import outcome_of
from trialwright.conduct.remembered import remembered
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.warned_medicines import PART, warned_medicines
from trialwright.eligibility.plausibility import result_query
from trialwright.endpoints.outcomes import PersonOutcome
from trialwright.response.queries import baseline_queries
from trialwright.safety.dlt import graded_by
from trialwright.safety.grade_checks import grade_query
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import comparable


@dataclass(frozen=True, slots=True)
class DataCheck:
    """One thing that does not fit.

    Attributes
    ----------
    participant : str
        Study number.
    part : str
        The form it concerns, by its name.
    says : str
        What was found and what to check; the text of the query.
    """

    participant: str
    part: str
    says: str

    @property
    def name(self) -> str:
        """A short name, the same for the same finding."""
        told = f"{self.participant}\n{self.part}\n{self.says}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@remembered
def data_checks(state: TrialState, here: ParticipantState, on: date) -> tuple[DataCheck, ...]:
    """Check what is recorded of a participant.

    Parameters
    ----------
    state : TrialState
        With the version of the protocol in force.
    here : ParticipantState
        The participant.
    on : date
        Data up to this day count.

    Returns
    -------
    tuple of DataCheck
        Lesions at baseline, every assessment, what best response and endpoints leave open, grades
        that contradict their definition, scores of stains that do not follow from their
        percentages and intensity, percentages that may be shares of 1, results that can hardly be
        true, doses taken as planned of another amount than planned, medicines that go on though
        the protocol watches them, and entries that contradict each other. They change no answer.
    """
    found = (
        *_lesions(state, here, on),
        *_grades(state, here),
        *_scores(here, on),
        *_results(state, here, on),
        *_doses(state, here, on),
        *(DataCheck(here.number, PART, says) for says in warned_medicines(state, here, on)),
        *(DataCheck(here.number, "course", says) for says in told_contradictions(state, here)),
    )
    return tuple(dict.fromkeys(found))


def unasked(state: TrialState, checks: tuple[DataCheck, ...]) -> tuple[DataCheck, ...]:
    """Leave out what has been asked already, whatever became of the query.

    Parameters
    ----------
    state : TrialState
        With the queries.
    checks : tuple of DataCheck
        As `data_checks` gives them.

    Returns
    -------
    tuple of DataCheck
        Those of which no query has the words.
    """
    about = {each.participant for each in checks}
    asked = {
        (query.scope.participant, query.scope.part, query.steps[0].text)
        for query in (state.oversight.queries.values() if checks else ())
        if query.scope.participant in about
    }
    return tuple(each for each in checks if (each.participant, each.part, each.says) not in asked)


def _grades(state: TrialState, here: ParticipantState) -> Iterator[DataCheck]:
    """Check the grades of adverse events."""
    for event in here.adverse_events:
        says = grade_query(event, graded_by(event, state.study.dlt))
        if says:
            began = f"{event.started}: " if event.started else ""
            yield DataCheck(here.number, "adverse_events", f"{began}{says}")


def _scores(here: ParticipantState, on: date) -> Iterator[DataCheck]:
    """Check the scores of stains that were told as one number, and percentages below 1."""
    for stain in here.biomarkers.stains:
        if stain.on is not None and stain.on.earliest > on:
            continue
        for each in apart(stain):
            says = f"{stain.analyte} of {stain.material}: {each}; ask which of them holds"
            yield DataCheck(here.number, "biomarkers", says)
        if share := share_in_question(stain):
            says = f"{stain.analyte} of {stain.material}: {share}; ask which of them holds"
            yield DataCheck(here.number, "biomarkers", says)


def _results(state: TrialState, here: ParticipantState, on: date) -> Iterator[DataCheck]:
    """Check the results of laboratory, vital signs and the like."""
    for each in here.casebook.observations:
        term = state.study.terms.get(each.term)
        if term is None or each.on.earliest > on:
            continue
        says = result_query(each, term)
        if says:
            yield DataCheck(here.number, "casebook", says)


def _doses(state: TrialState, here: ParticipantState, on: date) -> Iterator[DataCheck]:
    """Check the amounts of doses that are said to have been taken as planned."""
    planned = level_amounts(state, here)
    for dose in here.doses:
        amount, level = dose.amount, planned.get(dose.agent)
        if dose.status != "given" or amount is None or level is None or dose.on > on:
            continue
        is_apart = comparable(amount.unit, level.unit) and (
            amount.exact_in(level.unit) != level.value
        )
        if is_apart:
            says = (f"{dose.agent} {amount} on {dose.on.isoformat()} is told as given, where "
                    f"{level} is planned; check the amount and what became of it")  # fmt: skip
            yield DataCheck(here.number, "doses", says)


def _lesions(state: TrialState, here: ParticipantState, on: date) -> Iterator[DataCheck]:
    """Check the lesions at baseline and every assessment."""
    if here.baseline is not None and here.baseline.on <= on:
        for query in baseline_queries(here.baseline, state.study.response):
            yield DataCheck(here.number, "baseline", str(query))
    yield from _readers(state, here, on)
    try:
        person = outcome_of(state, here, on)
    except Refusal as refused:
        for fault in refused.faults:
            yield DataCheck(here.number, "assessments", f"{fault.where}: {fault.found}")
        return
    if person is not None:
        yield from _responses(here, person)


def _readers(state: TrialState, here: ParticipantState, on: date) -> Iterator[DataCheck]:
    """Say that readers differ and nobody has adjudicated."""
    with suppress(Refusal):  # readings that contradict each other are refused at their entry
        for found in due_adjudications(state, (here,), on):
            yield DataCheck(here.number, "central_review", f"readers: {found.because}")


def _responses(here: ParticipantState, person: PersonOutcome) -> Iterator[DataCheck]:
    """Give what responses and endpoints ask; those of a visit with its day."""
    of_visits = [query for visit in person.timepoints for query in visit.queries]
    for visit in person.timepoints:
        for query in visit.queries:
            yield DataCheck(here.number, "assessments", f"{visit.on.isoformat()}: {query}")
    others = [query for query in person.queries if query not in of_visits]
    for query in others:
        if query.about != "baseline" and not _is_of_baseline(here, query.about):
            yield DataCheck(here.number, "course", str(query))


def _is_of_baseline(here: ParticipantState, about: str) -> bool:
    """Say whether a query is about a lesion chosen at baseline."""
    return here.baseline is not None and about in {each.label for each in here.baseline.targets}
