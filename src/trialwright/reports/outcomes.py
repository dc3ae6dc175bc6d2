"""What each treated participant brings to the efficacy tables: responses, endpoints, reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.conduct.state import TrialState
from trialwright.endpoints.analysis_sets import AnalysisSet, SetFacts, SetName, analysis_sets
from trialwright.endpoints.attained import clinical_benefit, objective_response
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.progression import progression_free_survival
from trialwright.endpoints.proportions import Attained
from trialwright.endpoints.survival import overall_survival
from trialwright.reports.members import Member
from trialwright.response.best import BestResponse, best_response
from trialwright.response.timepoint import TimepointResponse, timepoint_responses


@dataclass(frozen=True, slots=True)
class Outcome:
    """The efficacy of one participant.

    Attributes
    ----------
    member : Member
        Who.
    visits : tuple of TimepointResponse
        One for each assessment up to the cutoff.
    best : BestResponse
        By the protocol's choice on confirmation.
    follow_up : FollowUp
        The facts endpoints rest on.
    responded, benefited : Attained
        Objective response and clinical benefit.
    pfs, os : TimeToEvent
        Time to progression or death, and to death.
    """

    member: Member
    visits: tuple[TimepointResponse, ...]
    best: BestResponse
    follow_up: FollowUp
    responded: Attained
    benefited: Attained
    pfs: TimeToEvent
    os: TimeToEvent

    @property
    def best_change(self) -> float | None:
        """Lowest change of the sum of diameters from baseline in percent, for a picture.

        None without a complete sum, or from a baseline sum of 0.
        """
        changes = [change for each in self.visits if (change := change_of(each)) is not None
                   and not each.is_after_progression]  # fmt: skip
        return min(changes, default=None)


def change_of(visit: TimepointResponse) -> float | None:
    """Give the change of the sum of diameters from baseline in percent, for a picture.

    Parameters
    ----------
    visit : TimepointResponse
        One assessment.

    Returns
    -------
    float or None, %
        None when a target lesion was not evaluated or there is none.
    """
    if visit.sum_mm is None or not visit.baseline_mm:
        return None
    return float(100 * (visit.sum_mm - visit.baseline_mm) / visit.baseline_mm)


def outcomes(state: TrialState, found: Sequence[Member], cutoff: date) -> tuple[Outcome, ...]:
    """Judge the efficacy of each treated participant.

    Parameters
    ----------
    state : TrialState
        Gives the settings of the protocol.
    found : sequence of Member
        The safety set.
    cutoff : date
        Data cutoff.

    Returns
    -------
    tuple of Outcome
        In the order given. Of a death known by month or year, the last possible day counts, and of
        a later therapy the first one.

    Raises
    ------
    Refusal
        If recorded dates contradict each other.
    """
    return tuple(_outcome(state, each, cutoff) for each in found)


def sets_of(state: TrialState, found: Sequence[Outcome]) -> dict[SetName, AnalysisSet]:
    """Say who belongs to which analysis set.

    Parameters
    ----------
    state : TrialState
        Gives the settings of the protocol.
    found : sequence of Outcome
        Of the safety set.

    Returns
    -------
    dict of str to AnalysisSet
        By name.
    """
    facts = [_set_facts(each) for each in found]
    return dict(analysis_sets(facts, state.study.endpoint_settings))


def _outcome(state: TrialState, member: Member, cutoff: date) -> Outcome:
    """Judge one participant."""
    study, here = state.study, member.here
    assessments = [each for each in here.assessments if each.on <= cutoff]
    visits: tuple[TimepointResponse, ...] = ()
    if here.baseline is not None:
        visits = timepoint_responses(here.baseline, assessments, study.response)
    follow_up = _follow_up(member, visits, cutoff)
    anchors = {"assignment": here.assigned_on, "baseline": here.baseline and here.baseline.on}
    anchor = anchors.get(study.response.stable_disease_from) or member.first_dose
    best = best_response(
        visits,
        anchor,
        study.response,
        confirm=study.response.confirm,
        new_therapy=follow_up.new_therapy,
    )
    every = 7 * study.response.assessment_every_weeks
    return Outcome(
        member=member,
        visits=visits,
        best=best,
        follow_up=follow_up,
        responded=objective_response(follow_up, best.response, best.because),
        benefited=clinical_benefit(
            follow_up, best.response, best.because, study.response, study.endpoint_settings
        ),
        pfs=progression_free_survival(follow_up, every, study.endpoint_settings),
        os=overall_survival(follow_up),
    )


def _follow_up(member: Member, visits: Sequence[TimepointResponse], cutoff: date) -> FollowUp:
    """Gather the dates endpoints rest on."""
    here, start = member.here, member.first_dose
    course = here.course
    died = min(course.death.on.latest, cutoff) if course.death is not None else None
    therapies = [each.since.earliest for each in course.therapies if each.since is not None]
    alive = [each.alive_on for each in course.contacts]
    alive += [each.visit.on for each in course.visits if each.visit.on is not None]
    alive += [dose.on for dose in here.doses if dose.was_taken]
    last = max((day for day in alive if start <= day <= cutoff), default=None)
    progressed = [each.on.earliest for each in course.progressions]
    return FollowUp(
        start=start,
        cutoff=cutoff,
        assessments=tuple(Assessed(each.on, each.overall, each.progression_on) for each in visits),
        died=died,
        new_therapy=min(therapies, default=None),
        last_alive=last,
        has_baseline=here.baseline is not None,
        clinical_progression=min(progressed, default=None),
    )


def _set_facts(outcome: Outcome) -> SetFacts:
    """Gather what decides to which sets a participant belongs."""
    member, here = outcome.member, outcome.member.here
    evaluable = member.status.evaluable
    ends = []
    if not outcome.visits:
        died, progressed = outcome.follow_up.died, outcome.follow_up.clinical_progression
        ends += [f"death on {died.isoformat()}"] if died else []
        ends += [f"clinical progression on {progressed.isoformat()}"] if progressed else []
    return SetFacts(
        participant=member.number,
        first_dose_on=member.first_dose,
        counts_for_dlt=evaluable.state in ("dlt", "evaluable"),
        dlt_because=evaluable.because,
        has_baseline=here.baseline is not None,
        has_targets=here.baseline is not None and bool(here.baseline.targets),
        assessed=len(outcome.visits),
        early_end=", ".join(ends),
        excepted=here.excepted,
    )


ORDER = (
    Response.CR,
    Response.PR,
    Response.SD,
    Response.NON_CR_NON_PD,
    Response.PD,
    Response.NE,
)
"""Best responses as tables list them."""
