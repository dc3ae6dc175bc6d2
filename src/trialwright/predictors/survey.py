"""Every marker against every endpoint: gated by what it can reach, then corrected in its family.

The p-value of a response is that of the pre-specified exact test, of a time that of the log-rank
scores permuted within arms: each is the one to which the smallest attainable p-value belongs.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.endpoints.conventions import Conventions
from trialwright.predictors.exact import ExactTest
from trialwright.predictors.markers import Cohort, Label, Marker, Responses, Times
from trialwright.predictors.multiplicity import Gate, benjamini_hochberg, tarone
from trialwright.predictors.permutation import MaxT, Progress, max_t_response, max_t_time
from trialwright.predictors.response_association import (
    FirthOdds,
    ResponseAssociation,
    associate_response,
)
from trialwright.predictors.shrinkage import Shrunk, shrink_response, shrink_time
from trialwright.predictors.time_association import (
    AS_R,
    FirthHazard,
    TimeAssociation,
    associate_time,
)
from trialwright.terms.errors import refuse

Association = ResponseAssociation | TimeAssociation


@dataclass(frozen=True, slots=True)
class Question:
    """One endpoint in its analysis set.

    Attributes
    ----------
    cohort : Cohort
        The analysis set.
    outcome : Responses or Times
        What became of each participant.
    markers : tuple of Marker
        In the order of the cohort.
    """

    cohort: Cohort
    outcome: Responses | Times
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How every question is answered.

    Attributes
    ----------
    adjusted_for : tuple of str
        `arm` and covariates of the cohorts, for the regressions.
    test : {'Boschloo', 'Fisher'}
        The exact test of a response.
    conventions : Conventions
        Level of the limits, and ties.
    level : float
        Family-wise level of the gate.
    permutations : int
        1 or more; 0 where only responses are asked of, which are then without max-T.
    """

    adjusted_for: tuple[str, ...] = ()
    test: ExactTest = "Boschloo"
    conventions: Conventions = AS_R
    level: float = 0.05
    permutations: int = 10_000


@dataclass(frozen=True, slots=True)
class Tested:
    """One marker against one endpoint.

    Attributes
    ----------
    association : ResponseAssociation or TimeAssociation
        Counts, estimates and who is left out.
    p, discovery, family_wise : float or None
        P-value by itself, after Benjamini and Hochberg, and by single-step max-T; None for a
        marker that could not reach significance: it is not tested.
    shrunk : Shrunk or None
        The ratio under a weak prior; None for exploratory markers, and where these counts tell
        nothing of it: the smallest attainable p is 1.
    """

    association: Association
    p: float | None
    discovery: float | None
    family_wise: float | None
    shrunk: Shrunk | None = None

    @property
    def marker(self) -> str:
        """Its id."""
        return self.association.basis.marker

    @property
    def floor(self) -> float:
        """Smallest p-value that these counts allow."""
        return self.association.floor

    @property
    def adjusted(self) -> tuple[float, float, float] | None:
        """Odds or hazard ratio by Firth, adjusted as planned, with limits; None: not estimable."""
        match self.association.firth:
            case FirthOdds() as odds:
                return odds.odds_ratio, odds.lower, odds.upper
            case FirthHazard() as hazard:
                return hazard.hazard_ratio, hazard.lower, hazard.upper
            case _:
                return None


@dataclass(frozen=True, slots=True)
class FamilySurvey:
    """Markers that are corrected together, against one endpoint.

    Attributes
    ----------
    family, endpoint, analysis_set : str
        What was set against what, and in whom; a family of treatment names its landmark.
    label : {'pre-specified', 'exploratory, hypothesis-generating'}
        Of every marker in it: those named beforehand are not corrected for the others.
    gate : Gate
        Which markers could be tested.
    tests : tuple of Tested
        One a marker, in the order given.
    max_t : MaxT or None
        None when no marker could be tested, or no permutation was asked for.
    method : str
        Test, correction and permutations in words.
    """

    family: str
    endpoint: str
    analysis_set: str
    label: Label
    gate: Gate
    tests: tuple[Tested, ...]
    max_t: MaxT | None
    method: str


def survey(
    questions: Sequence[Question],
    plan: Plan,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[FamilySurvey, ...]:
    """Answer every question for every marker.

    Parameters
    ----------
    questions : sequence of Question
        One an endpoint.
    plan : Plan
        How.
    generator : numpy.random.Generator
        Of the permutations; handed in, so that the answer can be had again.
    progress : callable or None
        Told how many permutations are done, of how many.

    Returns
    -------
    tuple of FamilySurvey
        By question, then by family; those named beforehand before exploratory ones.

    Raises
    ------
    Refusal
        If columns differ in length, a covariate is not the cohort's, a marker stands twice in its
        family, or there is no permutation.
    """
    families = [(question, members) for question in questions for members in _families(question)]
    told = _Told(progress, plan.permutations, len(families))
    return tuple(
        _family(question, members, plan, generator, told.of(place))
        for place, (question, members) in enumerate(families)
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells the permutations of one family as a part of all."""

    progress: Progress | None
    permutations: int
    families: int

    def of(self, place: int) -> Callable[[int, int], None]:
        """Give the teller of one family."""

        def tell(done: int, _: int) -> None:
            """Add the families before it."""
            if self.progress:
                here = place * self.permutations + done
                self.progress(here, self.families * self.permutations)

        return tell


def _families(question: Question) -> Iterator[tuple[Marker, ...]]:
    """Give the markers that are corrected together, each name once in its family.

    A marker of treatment has no place beside a response, which may come before it.
    """
    markers = question.markers
    counted = Counter((marker.family, marker.name) for marker in markers)
    twice = [f"{name} ({family})" for (family, name), count in counted.items() if count > 1]
    if twice:
        raise refuse("markers", ", ".join(twice), "each marker once in its family",
                     "Name markers of different times or specimens apart")  # fmt: skip
    if isinstance(question.outcome, Responses):
        markers = tuple(each for each in markers if each.landmark_day is None)
    keys = dict.fromkeys((each.label, each.family, each.landmark_day) for each in markers)
    for key in keys:
        yield tuple(each for each in markers if (each.label, each.family, each.landmark_day) == key)


def _family(
    question: Question,
    members: tuple[Marker, ...],
    plan: Plan,
    generator: np.random.Generator,
    tell: Callable[[int, int], None],
) -> FamilySurvey:
    """Set a family against an endpoint."""
    found = [_associate(each, question, plan) for each in members]
    gate = tarone({each.basis.marker: each.floor for each in found}, plan.level)
    wanted = [each for each in members if each.name in gate.testable]
    is_permuted = wanted and (plan.permutations or isinstance(question.outcome, Times))
    max_t = _permuted(wanted, question, plan, generator, tell) if is_permuted else None
    tell(plan.permutations, plan.permutations)
    alone = _alone(found, gate, max_t)
    discovery = dict(zip(alone, benjamini_hochberg([*alone.values()]), strict=True))
    largest = dict(zip(max_t.markers, max_t.adjusted, strict=True)) if max_t else {}
    tests = tuple(
        Tested(each, alone.get(name), discovery.get(name), largest.get(name),
               _shrunk(marker, each, question, plan))
        for marker, each in zip(members, found, strict=True)
        for name in (marker.name,)
    )  # fmt: skip
    landmark = members[0].landmark_day
    return FamilySurvey(
        members[0].family if landmark is None else f"{members[0].family}, landmark day {landmark}",
        question.outcome.endpoint,
        question.cohort.name,
        members[0].label,
        gate,
        tests,
        max_t,
        _method(question, plan, max_t, landmark),
    )


def _associate(marker: Marker, question: Question, plan: Plan) -> Association:
    """Set one marker against the endpoint of a question."""
    if isinstance(question.outcome, Responses):
        return associate_response(
            marker, question.cohort, question.outcome, adjusted_for=plan.adjusted_for,
            test=plan.test, conf_level=plan.conventions.conf_level,
        )  # fmt: skip
    return associate_time(
        marker, question.cohort, question.outcome, adjusted_for=plan.adjusted_for,
        conventions=plan.conventions,
    )  # fmt: skip


def _shrunk(marker: Marker, found: Association, question: Question, plan: Plan) -> Shrunk | None:
    """Shrink the ratio of a marker that was named beforehand."""
    if marker.label != "pre-specified" or found.floor >= 1:
        return None
    cohort, level = question.cohort, plan.conventions.conf_level
    if isinstance(question.outcome, Responses):
        return shrink_response(marker, cohort, question.outcome, conf_level=level)
    return shrink_time(
        marker, cohort, question.outcome, conf_level=level, ties=plan.conventions.ties
    )


def _permuted(
    wanted: Sequence[Marker],
    question: Question,
    plan: Plan,
    generator: np.random.Generator,
    tell: Callable[[int, int], None],
) -> MaxT:
    """Permute the outcome within arms."""
    if isinstance(question.outcome, Responses):
        return max_t_response(wanted, question.cohort, question.outcome, plan.permutations,
                              generator, tell)  # fmt: skip
    return max_t_time(wanted, question.cohort, question.outcome, plan.permutations, generator,
                      tell)  # fmt: skip


def _alone(found: Sequence[Association], gate: Gate, max_t: MaxT | None) -> Mapping[str, float]:
    """Give the p-value of each marker that is tested."""
    permuted = dict(zip(max_t.markers, max_t.p, strict=True)) if max_t else {}
    return {
        each.basis.marker: each.p
        if isinstance(each, ResponseAssociation)
        else permuted[each.basis.marker]
        for each in found
        if each.basis.marker in gate.testable
    }


def _method(question: Question, plan: Plan, max_t: MaxT | None, landmark: int | None) -> str:
    """Say how a family was tested."""
    if isinstance(question.outcome, Responses):
        said = f"{plan.test}'s exact test, two-sided, sizes of the marker groups held"
    else:
        said = (
            "log-rank scores permuted within arms, two-sided; hazard ratios by Cox regression, "
            f"ties by {plan.conventions.ties}"
        )
    if landmark is not None:
        said += f"; time from the landmark, day {landmark}, of specimens taken by then"
    beside = ", ".join(plan.adjusted_for)
    said += f"; regressions adjusted for {beside}" if beside else "; regressions not adjusted"
    said += f", limits of {plan.conventions.level}; Benjamini-Hochberg within the family"
    return f"{said}; {max_t.because}" if max_t else f"{said}; nothing was permuted."
