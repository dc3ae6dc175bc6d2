"""Responses and endpoints of one participant, as one evaluator read the tumours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from trialwright.casebook.tumours import Response, TumourAssessment
from trialwright.conduct.central_records import CENTRAL_ACTS, TUMOUR_ACTS, Central
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.lives import Life, life_of
from trialwright.conduct.state import ParticipantState, TrialState, changed
from trialwright.endpoints.analysis_sets import SetFacts
from trialwright.endpoints.attained import (
    clinical_benefit,
    duration_of_response,
    objective_response,
)
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.outcomes import PersonOutcome
from trialwright.endpoints.progression import progression_free_survival
from trialwright.endpoints.proportions import Attained
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.study import Study
from trialwright.response.best import BestResponse, Seen, best_response
from trialwright.response.queries import Query, baseline_queries
from trialwright.response.timepoint import TimepointResponse, timepoint_responses
from trialwright.terms.errors import Refusal

DAYS_A_WEEK = 7


def responses_of(
    study: Study, here: ParticipantState, cutoff: date
) -> tuple[TimepointResponse, ...]:
    """Give the time-point responses of one participant up to a day.

    Parameters
    ----------
    study : Study
        The protocol in force.
    here : ParticipantState
        The participant.
    cutoff : date
        Later assessments are not looked at.

    Returns
    -------
    tuple of TimepointResponse
        By date; empty without a baseline.

    Raises
    ------
    Refusal
        If two assessments share a day, or one is not after the baseline.
    """
    if here.baseline is None or here.baseline.on > cutoff:
        return ()
    return timepoint_responses(here.baseline, _assessed(here, cutoff), study.response)


def person_outcome(state: TrialState, here: ParticipantState, cutoff: date) -> PersonOutcome:
    """Judge one participant by the tumours that stand in `baseline` and `assessments`.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant; of an independent reader as `as_read_by` gives it.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    PersonOutcome
        With a reason for each answer.

    Raises
    ------
    Refusal
        If tumour assessments contradict each other.
    """
    study = state.study
    timepoints = responses_of(study, here, cutoff)
    first_dose = _first_dose(here, cutoff)
    life = life_of(here, first_dose, cutoff) if first_dose else None
    visits, anchor = _dated(timepoints), _anchor(study, here, first_dose)
    confirmed, unconfirmed = (
        best_response(
            visits,
            anchor,
            study.response,
            confirm=each,
            new_therapy=life.new_therapy if life else None,
            has_targets=bool(here.baseline.targets) if here.baseline else None,
        )
        for each in (True, False)
    )
    best = confirmed if study.response.confirm else unconfirmed
    lost = _lost(here)
    follow_up, left_out = _follow_up(here, timepoints, life, cutoff)
    if lost:
        follow_up, left_out = None, lost
    times = _times(study, follow_up, best)
    response, benefit = _attained(study, follow_up, best, left_out)
    return PersonOutcome(
        participant=here.number,
        arm=here.arm,
        dose_level=here.dose_level or 0,
        subgroups=_subgroups(study, here, first_dose or cutoff),
        facts=_facts(state, here, timepoints, first_dose, life, lost, cutoff),
        timepoints=timepoints,
        best=best,
        confirmed=confirmed,
        unconfirmed=unconfirmed,
        response=response,
        benefit=benefit,
        progression_free=times[0],
        overall=times[1],
        duration=times[2],
        left_out=left_out,
        queries=tuple(_queries(study, here, timepoints, best, life)),
    )


def _times(
    study: Study, follow_up: FollowUp | None, best: BestResponse
) -> tuple[TimeToEvent | None, TimeToEvent | None, TimeToEvent | None]:
    """Give progression-free and overall survival, and the duration of a response."""
    if follow_up is None:
        return None, None, None
    every, settings = DAYS_A_WEEK * study.response.assessment_every_weeks, study.endpoint_settings
    responded = best.on if best.response in (Response.CR, Response.PR) else None
    return (
        progression_free_survival(follow_up, every, settings),
        overall_survival(follow_up),
        duration_of_response(follow_up, responded, every, settings) if responded else None,
    )


def _attained(
    study: Study, follow_up: FollowUp | None, best: BestResponse, left_out: str
) -> tuple[Attained, Attained]:
    """Say whether the participant responded and had benefit."""
    if follow_up is None:
        unknown = Attained("not yet", f"{left_out[:1].upper()}{left_out[1:]}.")
        return unknown, unknown
    return (
        objective_response(follow_up, best.response, best.because),
        clinical_benefit(
            follow_up, best.response, best.because, study.response, study.endpoint_settings
        ),
    )


def _follow_up(
    here: ParticipantState,
    timepoints: Sequence[TimepointResponse],
    life: Life | None,
    cutoff: date,
) -> tuple[FollowUp | None, str]:
    """Give what the endpoints in time rest on, or why there is nothing."""
    if life is None:
        return None, "no dose of a study agent was taken"
    assessed = tuple(
        Assessed(each.on, each.overall, each.progression_on)
        for each in timepoints
        if each.on >= life.start
    )
    try:
        return FollowUp(
            life.start,
            cutoff,
            assessed,
            died=life.died,
            new_therapy=life.new_therapy,
            last_alive=life.last_alive,
            has_baseline=bool(here.baseline and here.baseline.on <= cutoff),
            clinical_progression=life.clinical_progression,
        ), ""
    except Refusal as refused:
        return None, "; ".join(f"{each.where}: {each.found}" for each in refused.faults)


def _facts(
    state: TrialState,
    here: ParticipantState,
    timepoints: Sequence[TimepointResponse],
    first_dose: date | None,
    life: Life | None,
    lost: str,
    cutoff: date,
) -> SetFacts:
    """Give what decides on analysis sets."""
    counted = dlt_status(state, here, cutoff).evaluable
    baseline = here.baseline if here.baseline and here.baseline.on <= cutoff else None
    early = ""
    if life and life.died:
        early = f"death on {life.died.isoformat()}"
    elif life and life.clinical_progression:
        early = f"clinical progression on {life.clinical_progression.isoformat()}"
    return SetFacts(
        participant=here.number,
        first_dose_on=first_dose,
        counts_for_dlt=counted.state in ("dlt", "evaluable"),
        dlt_because=counted.because,
        has_baseline=baseline is not None,
        has_targets=bool(baseline and baseline.targets),
        assessed=sum(1 for each in timepoints if first_dose is None or each.on >= first_dose),
        early_end=early,
        excepted=here.excepted,
        lost=lost,
    )


def _queries(
    study: Study,
    here: ParticipantState,
    timepoints: Sequence[TimepointResponse],
    best: BestResponse,
    life: Life | None,
) -> Iterator[Query]:
    """Gather what somebody should look at."""
    if timepoints and here.baseline:
        yield from baseline_queries(here.baseline, study.response)
    for each in timepoints:
        yield from each.queries
        if life and each.on < life.start:
            yield Query("assessment",
                        f"imaged on {each.on.isoformat()}, before the first dose on "
                        f"{life.start.isoformat()}; counts for no endpoint")  # fmt: skip
    yield from best.queries
    if life:
        yield from life.queries


def _dated(timepoints: Sequence[TimepointResponse]) -> list[Seen]:
    """Give the responses by the days to which they are dated: a progression dated back is then."""
    return [Seen(each.progression_on or each.on, each.overall) for each in timepoints]


def _anchor(study: Study, here: ParticipantState, first_dose: date | None) -> date:
    """Give the day from which the time of stable disease counts."""
    named = {
        "first-dose": first_dose,
        "assignment": here.assigned_on,
        "baseline": here.baseline.on if here.baseline else None,
    }[study.response.stable_disease_from]
    return named or first_dose or here.assigned_on or here.consented_on


def _first_dose(here: ParticipantState, cutoff: date) -> date | None:
    """Give the day of the first dose that was taken up to the cutoff."""
    taken = [dose.on for dose in here.doses if dose.was_taken and dose.on <= cutoff]
    return min(taken, default=None)


def _assessed(here: ParticipantState, cutoff: date) -> list[TumourAssessment]:
    """Give the assessments up to the cutoff."""
    return [each for each in here.assessments if each.on <= cutoff]


def _lost(here: ParticipantState) -> str:
    """Say what of the tumour assessments was redacted."""
    return "; ".join(f"{each} was redacted" for each in here.unreadable if each.act in TUMOUR_ACTS)


def _subgroups(study: Study, here: ParticipantState, before: date) -> dict[str, str]:
    """Say for each treatment of the protocol whether something was recorded before a day."""
    return {
        name: "recorded"
        if here.casebook.treated_with(study.terms[name].members, before)
        else "none recorded"
        for name in study.endpoint_settings.subgroups
    }


def as_read_by(here: ParticipantState, evaluator: Central) -> ParticipantState:
    """Give a participant with the tumours as an independent reader read them.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    evaluator : {'reader 1', 'reader 2', 'adjudicator'}
        Whose reading stands in place of the investigator's.

    Returns
    -------
    ParticipantState
        What redactions took from central review is lost to it, and nothing of the investigator's.
    """
    reading = here.central_review.of(evaluator)
    lost = [
        replace(each, act=TUMOUR_ACTS[CENTRAL_ACTS.index(each.act)])
        for each in here.unreadable
        if each.act in CENTRAL_ACTS
    ]
    kept = [each for each in here.unreadable if each.act not in TUMOUR_ACTS]
    return changed(
        here,
        baseline=reading.baseline,
        assessments=reading.assessments,
        unreadable=(*kept, *lost),
    )
