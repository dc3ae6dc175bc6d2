"""All markers of a trial, family by family: gated, tested, corrected, and told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.endpoints.conventions import Conventions
from trialwright.predictors.exact import ExactTest
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.multiplicity import Gate, benjamini_hochberg, tarone
from trialwright.predictors.permutation import MaxT, Progress, max_t_response, max_t_time
from trialwright.predictors.response_association import ResponseAssociation, associate_response
from trialwright.predictors.time_association import AS_R, TimeAssociation, associate_time
from trialwright.terms.errors import refuse

PERMUTED = "permuted log-rank"


@dataclass(frozen=True, slots=True)
class Plan:
    """How markers are tested, said before anybody looks.

    Attributes
    ----------
    test : {'Boschloo', 'Fisher'}
        The exact test of a response.
    level : float
        Family-wise level of the gate, above 0 and below 1.
    permutations : int
        Of max-T, 1 or more.
    adjusted_for : tuple of str
        `arm` and covariates of the cohort, for the regressions.
    conventions : Conventions
        Level of limits, and ties.
    """

    test: ExactTest = "Boschloo"
    level: float = 0.05
    permutations: int = 1000
    adjusted_for: tuple[str, ...] = ()
    conventions: Conventions = AS_R


@dataclass(frozen=True, slots=True)
class Tested:
    """One marker among its family.

    Attributes
    ----------
    association : ResponseAssociation or TimeAssociation
        The marker by itself.
    p : float or None
        Of the test that counts; None for a marker that the gate left out.
    false_discovery : float or None
        Adjusted by Benjamini-Hochberg over the testable markers of the family.
    family_wise : float or None
        Adjusted by max-T over the same.
    because : str
        The answer in sentences.
    """

    association: ResponseAssociation | TimeAssociation
    p: float | None
    false_discovery: float | None
    family_wise: float | None
    because: str


@dataclass(frozen=True, slots=True)
class Family:
    """The markers of one family against one endpoint.

    Attributes
    ----------
    name, endpoint : str
        E.g. `tissue DNA` and `objective response`.
    test : str
        Whose p-values are corrected: `Boschloo`, `Fisher` or `permuted log-rank`.
    gate : Gate
        Which markers could be tested.
    max_t : MaxT or None
        None where no marker could.
    markers : tuple of Tested
        Every marker, in the order given; those that were not tested too.
    because : str
        Gate, test and corrections in sentences.
    """

    name: str
    endpoint: str
    test: str
    gate: Gate
    max_t: MaxT | None
    markers: tuple[Tested, ...]
    because: str


def families_of_response(
    markers: Sequence[Marker],
    cohort: Cohort,
    responses: Responses,
    plan: Plan,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[Family, ...]:
    """Test all markers against a response.

    Parameters
    ----------
    markers : sequence of Marker
        Of all families; names are unique within a family.
    cohort : Cohort
        The analysis set.
    responses : Responses
        Who responded.
    plan : Plan
        How.
    generator : numpy.random.Generator
        Of the permutations.
    progress : callable or None
        Told for each family anew how many permutations are done.

    Returns
    -------
    tuple of Family
        In the order in which families first appear.

    Raises
    ------
    Refusal
        If columns differ in length, or a covariate is not the cohort's.
    """

    def told(name: str, own: Sequence[Marker]) -> Family:
        """Test one family."""
        found = [
            associate_response(each, cohort, responses, adjusted_for=plan.adjusted_for,
                               test=plan.test, conf_level=plan.conventions.conf_level)
            for each in own
        ]  # fmt: skip
        gate = tarone({one.basis.marker: one.floor for one in found}, plan.level)
        passed = [each for each in own if each.name in gate.testable]
        corrected = (
            max_t_response(passed, cohort, responses, plan.permutations, generator, progress)
            if passed
            else None
        )
        p_values = {one.basis.marker: one.p for one in found if one.basis.marker in gate.testable}
        return _family(name, responses.endpoint, plan.test, gate, corrected, found, p_values)

    return tuple(told(name, own) for name, own in _by_family(markers))


def families_of_time(
    markers: Sequence[Marker],
    cohort: Cohort,
    times: Times,
    plan: Plan,
    generator: np.random.Generator,
    progress: Progress | None = None,
) -> tuple[Family, ...]:
    """Test all markers against a time to event.

    The p-value that counts is that of the permuted log-rank statistic within arms: unlike those
    of large-sample tests it holds for few participants, and its floor is known.

    Parameters
    ----------
    markers : sequence of Marker
        As for `families_of_response`; a family has one landmark, or none.
    cohort : Cohort
        The analysis set.
    times : Times
        Days and events.
    plan : Plan
        How.
    generator : numpy.random.Generator
        Of the permutations.
    progress : callable or None
        Told for each family anew how many permutations are done.

    Returns
    -------
    tuple of Family
        In the order in which families first appear.

    Raises
    ------
    Refusal
        If columns differ in length, a covariate is not the cohort's, or a family has two
        landmarks.
    """

    def told(name: str, own: Sequence[Marker]) -> Family:
        """Test one family."""
        found = [
            associate_time(each, cohort, times, adjusted_for=plan.adjusted_for,
                           conventions=plan.conventions)
            for each in own
        ]  # fmt: skip
        gate = tarone({one.basis.marker: one.floor for one in found}, plan.level)
        passed = [each for each in own if each.name in gate.testable]
        corrected = (
            max_t_time(passed, cohort, times, plan.permutations, generator, progress)
            if passed
            else None
        )
        p_values = dict(zip(gate.testable, corrected.p, strict=True)) if corrected else {}
        return _family(name, times.endpoint, PERMUTED, gate, corrected, found, p_values)

    return tuple(told(name, own) for name, own in _by_family(markers))


def _by_family(markers: Sequence[Marker]) -> Iterator[tuple[str, list[Marker]]]:
    """Give the markers of each family, each name once."""
    counted = Counter((marker.family, marker.name) for marker in markers)
    twice = [f"{name} ({family})" for (family, name), count in counted.items() if count > 1]
    if twice:
        raise refuse("markers", ", ".join(twice), "each marker once in its family",
                     "Name markers of different times or specimens apart")  # fmt: skip
    for name in dict.fromkeys(marker.family for marker in markers):
        yield name, [marker for marker in markers if marker.family == name]


def _family(
    name: str,
    endpoint: str,
    test: str,
    gate: Gate,
    corrected: MaxT | None,
    found: Sequence[ResponseAssociation | TimeAssociation],
    p_values: dict[str, float],
) -> Family:
    """Put the corrections beside each marker."""
    discovery = dict(zip(p_values, benjamini_hochberg(tuple(p_values.values())), strict=True))
    wise = dict(zip(corrected.markers, corrected.adjusted, strict=True)) if corrected else {}
    rows = []
    for one in found:
        marker = one.basis.marker
        if marker in p_values:
            said = (
                f"{test} p = {p_values[marker]:.6g}, Benjamini-Hochberg {discovery[marker]:.6g}, "
                f"max-T {wise[marker]:.6g}, each over {len(p_values)} testable markers"
            )
        else:
            said = (
                f"not tested: at best p = {one.floor:.3g}, needed {gate.level / gate.divisor:.3g}"
            )
        rows.append(
            Tested(one, p_values.get(marker), discovery.get(marker), wise.get(marker),
                   f"{one.because} {said}.")
        )  # fmt: skip
    because = f"Family {name}, {endpoint}: {gate.because}"
    if corrected:
        because += f" {test}, corrected by Benjamini-Hochberg and by max-T. {corrected.because}"
    return Family(name, endpoint, test, gate, corrected, tuple(rows), because)
