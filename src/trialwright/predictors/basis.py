"""What stands with every result: who was counted, who was not and why, and how far it carries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.predictors.markers import (
    ANSWERED,
    ASSAYED,
    Cohort,
    Label,
    Marker,
    Responses,
    Times,
    same_length,
)

ONE_ARM = "prognostic and predictive cannot be separated here: those counted are of one arm"
POOLED = (
    "prognostic and predictive are not separated here: the arms are pooled, "
    "and the marker is not tested against the arm"
)


@dataclass(frozen=True, slots=True)
class Basis:
    """Who stands behind a result, and how it may be read.

    Attributes
    ----------
    marker, family, endpoint, analysis_set : str
        What was set against what, and in whom.
    participants, altered, events : int
        Counted participants, those of them with the alteration, and those with the event or the
        response.
    altered_events : int
        Events among the altered.
    arms : tuple of str
        Arms of those counted, in order.
    excluded : mapping of str to str
        Why each participant who is not counted is not, by study number.
    label : {'pre-specified', 'exploratory, hypothesis-generating'}
        Whether the protocol named the marker beforehand.
    caution : str
        Whether prognostic and predictive are told apart.
    """

    marker: str
    family: str
    endpoint: str
    analysis_set: str
    participants: int
    altered: int
    events: int
    altered_events: int
    arms: tuple[str, ...]
    excluded: Mapping[str, str]
    label: Label
    caution: str

    @property
    def excluded_by_reason(self) -> tuple[tuple[str, int], ...]:
        """How many are not counted for each reason, commonest first, then by name."""
        counted = Counter(self.excluded.values())
        return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))

    def __str__(self) -> str:
        """Say it in a sentence."""
        left_out = ", ".join(f"{count} {why}" for why, count in self.excluded_by_reason)
        return (
            f"{self.marker} ({self.family}) and {self.endpoint}: {self.altered_events} of "
            f"{self.altered} altered and {self.events - self.altered_events} of "
            f"{self.participants - self.altered} not altered, analysis set {self.analysis_set}; "
            f"left out: {left_out or 'nobody'}; {self.label}; {self.caution}."
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """The columns of those who are counted.

    Attributes
    ----------
    basis : Basis
        Who they are.
    altered : ndarray of bool, shape (counted,)
        Whether the marker is altered.
    event : ndarray of bool, shape (counted,)
        Whether the participant responded, or had the event.
    days : ndarray of float, shape (counted,)
        Days from day 1 or from the landmark; empty for a response.
    arms : tuple of str, shape (counted,)
        Their arms.
    covariates : mapping of str to ndarray of float, shape (counted,)
        As the cohort gives them.
    """

    basis: Basis
    altered: NDArray[np.bool_]
    event: NDArray[np.bool_]
    days: NDArray[np.float64]
    arms: tuple[str, ...]
    covariates: Mapping[str, NDArray[np.float64]]


def counted_for_response(marker: Marker, cohort: Cohort, responses: Responses) -> Counted:
    """Count who has both an assayed marker and an evaluable answer.

    Parameters
    ----------
    marker : Marker
        The marker.
    cohort : Cohort
        The analysis set.
    responses : Responses
        The answers.

    Returns
    -------
    Counted
        With a reason for everybody who is not.

    Raises
    ------
    Refusal
        If the columns differ in length.
    """
    same_length(cohort, {**_columns(marker), "answers": responses.answers})
    why = _unassayed(marker)
    for place, answer in enumerate(responses.answers):
        if not why[place] and answer not in ANSWERED:
            why[place] = f"{responses.endpoint} {answer}"
    had = [answer == "yes" for answer in responses.answers]
    return _counted(marker, cohort, responses.endpoint, why, had, [])


def counted_for_time(marker: Marker, cohort: Cohort, times: Times) -> Counted:
    """Count who has an assayed marker and was still followed when it was known.

    Parameters
    ----------
    marker : Marker
        With a landmark day, time starts there: who had the event or was censored by that day is
        left out, because only those followed longer could have the marker at all.
    cohort : Cohort
        The analysis set.
    times : Times
        The times.

    Returns
    -------
    Counted
        With a reason for everybody who is not.

    Raises
    ------
    Refusal
        If the columns differ in length.
    """
    same_length(cohort, {**_columns(marker), "days": times.days})
    start = marker.landmark_day or 0
    why = _unassayed(marker)
    for place, (day, had) in enumerate(zip(times.days, times.had_event, strict=True)):
        if day is None:
            why[place] = f"{times.endpoint} not followed"
        elif marker.landmark_day is not None and day <= start:
            what = "event" if had else "censored"
            why[place] = f"{what} by the landmark, day {start}"
    days = [0.0 if day is None else float(day - start) for day in times.days]
    return _counted(marker, cohort, times.endpoint, why, list(times.had_event), days)


def _columns(marker: Marker) -> dict[str, tuple[str, ...]]:
    """Give the columns of a marker."""
    return {"calls": marker.calls} | ({"lacking": marker.lacking} if marker.lacking else {})


def _unassayed(marker: Marker) -> list[str]:
    """Say for each participant why the marker is not known; empty where it is."""
    lacking = marker.lacking or ("",) * len(marker.calls)
    return [
        "" if call in ASSAYED else f"{marker.name} {call}" + (f" ({why})" if why else "")
        for call, why in zip(marker.calls, lacking, strict=True)
    ]


def _counted(
    marker: Marker,
    cohort: Cohort,
    endpoint: str,
    why: Sequence[str],
    had: Sequence[bool],
    days: Sequence[float],
) -> Counted:
    """Keep those without a reason against them."""
    kept = np.array([not reason for reason in why], dtype=np.bool_)
    altered = np.array([call == "altered" for call in marker.calls], dtype=np.bool_)[kept]
    event = np.array(had, dtype=np.bool_)[kept]
    arms = tuple(arm for arm, is_kept in zip(cohort.arms, kept, strict=True) if is_kept)
    names = tuple(sorted(set(arms)))
    basis = Basis(
        marker=marker.name,
        family=marker.family,
        endpoint=endpoint,
        analysis_set=cohort.name,
        participants=len(arms),
        altered=int(altered.sum()),
        events=int(event.sum()),
        altered_events=int((altered & event).sum()),
        arms=names,
        excluded={
            number: reason for number, reason in zip(cohort.numbers, why, strict=True) if reason
        },
        label=marker.label,
        caution=POOLED if len(names) > 1 else ONE_ARM,
    )
    lasted = np.array(days, dtype=np.float64)[kept] if days else np.zeros(0)
    covariates = {
        name: np.array(column, dtype=np.float64)[kept] for name, column in cohort.covariates.items()
    }
    return Counted(basis, altered, event, lasted, arms, covariates)
