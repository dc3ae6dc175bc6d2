"""Data queries: what somebody should look at before the response is believed.

A query never changes a response. Limits are those of RECIST 1.1 [1]_ unless the protocol sets
another.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
.. [2] EORTC, RECIST 1.1 questions and clarifications, recist.eortc.org.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from trialwright.casebook.tumours import (
    Merged,
    Split,
    TargetLesion,
    TargetWord,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.lesions import carrier_of

MOST_TARGETS = 5
"""At most five target lesions (section 3.2)."""

MOST_IN_ONE_ORGAN = 2
"""At most two target lesions in one organ; all lymph nodes are one organ (section 3.2, [2]_)."""

LEAST_TARGET_NODE_MM = 15
"""A node is measurable from 15 mm short axis on (section 3.1)."""

BONE = "BONE"
"""Site whose lesions are targets only by a soft-tissue part (section 3.1)."""


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to look at.

    Attributes
    ----------
    about : str
        Label of the lesion, or `baseline`, `assessment`, `overall`, `new lesion`.
    says : str
        What was found and what to check.
    """

    about: str
    says: str

    def __str__(self) -> str:
        """Say the query on one line."""
        return f"{self.about}: {self.says}"


def baseline_queries(baseline: TumourBaseline, settings: ResponseSettings) -> tuple[Query, ...]:
    """Check the choice of lesions at baseline.

    Parameters
    ----------
    baseline : TumourBaseline
        All disease before treatment.
    settings : ResponseSettings
        The protocol's measurability limits and whether it takes bone-only disease.

    Returns
    -------
    tuple of Query
        Empty when nothing is to be looked at.
    """
    return (
        *_too_many(baseline.targets),
        *(query for lesion in baseline.targets for query in _unfit(lesion, settings)),
        *_no_targets(baseline, settings),
    )


def reading_queries(
    baseline: TumourBaseline, assessment: TumourAssessment, earlier: Sequence[TumourAssessment]
) -> tuple[Query, ...]:
    """Check the readings of one assessment against the baseline and the visits before.

    Parameters
    ----------
    baseline : TumourBaseline
        Names the lesions.
    assessment : TumourAssessment
        The visit.
    earlier : sequence of TumourAssessment, oldest first
        The visits before it.

    Returns
    -------
    tuple of Query
        Empty when nothing is to be looked at.
    """
    return (
        *_labels(baseline, assessment),
        *(
            query
            for lesion in baseline.targets
            for query in _target_reading(lesion, baseline, assessment, earlier)
        ),
        *_method(baseline, assessment),
        *_equivocal(assessment, earlier),
    )


def _too_many(targets: Sequence[TargetLesion]) -> Iterator[Query]:
    """Count target lesions, in all and by organ."""
    if len(targets) > MOST_TARGETS:
        yield Query(
            "baseline",
            f"{len(targets)} target lesions; at most {MOST_TARGETS} (RECIST 1.1 section 3.2)",
        )
    organs = Counter(
        "lymph nodes" if lesion.is_node else lesion.site.casefold() for lesion in targets
    )
    for organ, count in sorted(organs.items()):
        if organ and count > MOST_IN_ONE_ORGAN:
            yield Query(
                "baseline",
                f"{count} target lesions in {organ}; at most {MOST_IN_ONE_ORGAN} in one organ, "
                "all lymph nodes being one (RECIST 1.1 section 3.2)",
            )


def _unfit(lesion: TargetLesion, settings: ResponseSettings) -> Iterator[Query]:
    """Check that a target lesion was measurable."""
    if lesion.is_node and lesion.mm < LEAST_TARGET_NODE_MM:
        yield Query(
            lesion.label,
            f"target node of {lesion.mm:f} mm short axis; at least {LEAST_TARGET_NODE_MM} mm "
            "(RECIST 1.1 section 3.1)",
        )
    if not lesion.is_node and lesion.mm < settings.measurable_spiral_mm:
        yield Query(
            lesion.label,
            f"target lesion of {lesion.mm:f} mm; the protocol calls lesions measurable from "
            f"{settings.measurable_spiral_mm:f} mm on",
        )
    if lesion.site.upper() == BONE:
        yield Query(
            lesion.label,
            "bone lesion as target; only one with a measurable soft-tissue part can be "
            "(RECIST 1.1 section 3.1)",
        )


def _no_targets(baseline: TumourBaseline, settings: ResponseSettings) -> Iterator[Query]:
    """Check disease without target lesions against the protocol."""
    if baseline.targets:
        return
    if not baseline.nontargets:
        yield Query("baseline", "no lesion recorded; every response will be NE or PD")
    elif not settings.bone_only_allowed:
        yield Query("baseline", "no target lesion; the protocol requires measurable disease")
    elif any(lesion.site and lesion.site.upper() != BONE for lesion in baseline.nontargets):
        yield Query(
            "baseline", "no target lesion, and not bone alone; the protocol allows bone only"
        )


def _labels(baseline: TumourBaseline, assessment: TumourAssessment) -> Iterator[Query]:
    """Compare the labels read with those of the baseline."""
    for kind, known, read in (
        ("target", [lesion.label for lesion in baseline.targets], assessment.targets),
        ("non-target", [lesion.label for lesion in baseline.nontargets], assessment.nontargets),
    ):
        for label in read:
            if label not in known:
                yield Query(label, f"no {kind} lesion of the baseline; its reading is not used")
        for label in known:
            if label not in read:
                yield Query(label, f"no reading of this {kind} lesion; taken as not evaluated")


def _target_reading(
    lesion: TargetLesion,
    baseline: TumourBaseline,
    assessment: TumourAssessment,
    earlier: Sequence[TumourAssessment],
) -> Iterator[Query]:
    """Check one reading: mergers that lead nowhere, split nodes, lesions that came back."""
    reading = assessment.targets.get(lesion.label)
    if isinstance(reading, Merged):
        carrier = carrier_of(lesion.label, assessment)
        known = {here.label for here in baseline.targets}
        if carrier not in known or isinstance(assessment.targets.get(carrier), Merged):
            yield Query(
                lesion.label,
                f"merged into {reading.into}, which leads to no measured target lesion; taken as "
                "not evaluated",
            )
    if isinstance(reading, Split) and lesion.is_node:
        yield Query(
            lesion.label,
            "a node split into fragments, for which RECIST 1.1 has no rule; their sum was used",
        )
    if lesion.is_node or not earlier or not _is_measured(reading):
        return
    last = next((seen for seen in reversed(earlier) if _is_evaluated(lesion, seen)), None)
    if last is not None and _is_absent(last.targets[lesion.label]):
        yield Query(
            lesion.label,
            f"absent on {last.on}, seen again now: check that it is the same lesion",
        )


def _is_evaluated(lesion: TargetLesion, seen: TumourAssessment) -> bool:
    """Say whether a visit tells anything of a lesion; one it leaves out was not evaluated."""
    unknown = TargetWord.NOT_EVALUATED
    return seen.targets.get(lesion.label, unknown) is not unknown


def _is_absent(reading: object) -> bool:
    """Say whether a reading shows no lesion; 0 mm is the same as absent."""
    return reading is TargetWord.ABSENT or (isinstance(reading, Decimal) and not reading)


def _is_measured(reading: object) -> bool:
    """Say whether a reading shows a lesion."""
    if isinstance(reading, Decimal):
        return reading > 0
    return isinstance(reading, Split) or reading is TargetWord.TOO_SMALL


def _method(baseline: TumourBaseline, assessment: TumourAssessment) -> Iterator[Query]:
    """Check that the imaging method stayed the same (section 4.2)."""
    before, now = baseline.method.casefold(), assessment.method.casefold()
    if before and now and before != now:
        yield Query(
            "assessment",
            f"imaged by {assessment.method}, baseline by {baseline.method}; the same method "
            "should be used (RECIST 1.1 section 4.2)",
        )


def _equivocal(
    assessment: TumourAssessment, earlier: Sequence[TumourAssessment]
) -> Iterator[Query]:
    """Follow new lesions from visit to visit; a visit at which nobody could look is passed over."""
    last = next((seen for seen in reversed(earlier) if seen.new_lesions is not None), None)
    if assessment.new_lesions is None or last is None:
        return
    for lesion in last.new_lesions or ():
        if not any(seen.is_same_as(lesion) for seen in assessment.new_lesions):
            yield Query(
                "new lesion",
                f"{lesion.certainty.lower()} new lesion of {last.on} is not mentioned: "
                "record whether it resolved",
            )
