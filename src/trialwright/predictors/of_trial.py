"""The questions of a trial: its endpoints, each in its own analysis set, against every marker."""

from collections.abc import Mapping, Sequence

from trialwright.biomarkers.marker_table import MarkerTable
from trialwright.endpoints.analysis_sets import SetName
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.outcomes import Outcomes, PersonOutcome
from trialwright.predictors.adjustment import ARM
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Cohort, Responses, Times
from trialwright.predictors.survey import Question

DOSE_LEVEL = "dose level"
"""Number of the dose level within its arm, lowest 1, as a covariate."""

ROSTER: SetName = "safety"
"""Analysis set whose members have a row in the marker table."""


def roster_of(found: Outcomes) -> tuple[str, ...]:
    """Give the participants whom the marker table must hold.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Returns
    -------
    tuple of str
        Study numbers of the safety set, which every other set lies in; empty before anybody took a
        dose.
    """
    return _members(found, ROSTER)


def covariates_of(found: Outcomes) -> tuple[str, ...]:
    """Name what estimates of a trial are adjusted for.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Returns
    -------
    tuple of str
        Arm, dose level, and the protocol's subgroups by treatment before the first dose, as `prior
        cdk46-inhibitor`.
    """
    names = dict.fromkeys(name for one in found.people.values() for name in one.subgroups)
    return (ARM, DOSE_LEVEL, *(f"prior {name}" for name in names))


def trial_questions(found: Outcomes, table: MarkerTable) -> tuple[Question, ...]:
    """Ask for response, clinical benefit, progression-free and overall survival.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.
    table : MarkerTable
        With a row for everybody of the safety set.

    Returns
    -------
    tuple of Question
        One an endpoint; none for an analysis set without members. A response that is not decided at
        the cutoff is neither yes nor no.

    Raises
    ------
    Refusal
        If the table has no row of a member.
    """
    questions = []
    for endpoint, analysis_set in _ENDPOINTS:
        people = [found.people[number] for number in _members(found, analysis_set)]
        if people:
            numbers = tuple(one.participant for one in people)
            outcome = _outcome(endpoint, people)
            cohort = _cohort(analysis_set, people)
            questions.append(Question(cohort, outcome, markers_of(table, numbers)))
    return tuple(questions)


_ENDPOINTS: tuple[tuple[str, SetName], ...] = (
    ("objective response", "response-evaluable"),
    ("clinical benefit", "benefit-evaluable"),
    ("progression-free survival", "safety"),
    ("overall survival", "safety"),
)
"""Endpoint to the analysis set in which it is shown elsewhere too."""


def _members(found: Outcomes, analysis_set: SetName) -> tuple[str, ...]:
    """Give the members of an analysis set."""
    everybody = found.group("all", "all")
    return everybody.sets[analysis_set].members if everybody else ()


def _cohort(analysis_set: str, people: Sequence[PersonOutcome]) -> Cohort:
    """Give arms and covariates of an analysis set."""
    covariates: Mapping[str, tuple[float, ...]] = {
        DOSE_LEVEL: tuple(float(one.dose_level) for one in people),
        **{
            f"prior {name}": tuple(float(one.subgroups[name] == "recorded") for one in people)
            for name in people[0].subgroups
        },
    }
    numbers = tuple(one.participant for one in people)
    return Cohort(analysis_set, numbers, tuple(one.arm for one in people), covariates)


def _outcome(endpoint: str, people: Sequence[PersonOutcome]) -> Responses | Times:
    """Give what became of each participant."""
    match endpoint:
        case "objective response":
            return Responses(endpoint, tuple(one.response.answer for one in people))
        case "clinical benefit":
            return Responses(endpoint, tuple(one.benefit.answer for one in people))
        case "progression-free survival":
            return _times(endpoint, [one.progression_free for one in people])
        case _:
            return _times(endpoint, [one.overall for one in people])


def _times(endpoint: str, answers: Sequence[TimeToEvent | None]) -> Times:
    """Give days and events; nobody is followed whose dates are not known."""
    return Times(
        endpoint,
        tuple(each.days if each else None for each in answers),
        tuple(each is not None and each.outcome == "event" for each in answers),
    )
