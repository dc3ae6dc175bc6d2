"""`timepoint-response`: RECIST 1.1 responses from the lesions of one participant."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from trialwright.casebook.tumour_words import read_nontarget, read_target
from trialwright.casebook.tumours import (
    Certainty,
    Marker,
    NewLesion,
    NonTargetLesion,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.questions.library import Library
from trialwright.questions.reading import Case
from trialwright.response.timepoint import timepoint_responses
from trialwright.terms.dates import days_after
from trialwright.terms.sources import Source

DAY_1 = date(2000, 1, 1)
"""Study days are turned into dates from here and back; the response knows intervals only."""


class TargetGiven(Case):
    """A target lesion at baseline.

    Attributes
    ----------
    id : str
        Label.
    mm : Decimal, mm
        Longest diameter, or short axis for a node.
    node : bool
        Whether it is a lymph node.
    site : str
        Organ.
    """

    mm: Decimal
    node: bool = False
    site: str = ""


class NonTargetGiven(Case):
    """A non-target lesion at baseline.

    Attributes
    ----------
    id : str
        Label.
    node : bool
        Whether it is a lymph node.
    site : str
        Organ.
    """

    node: bool = False
    site: str = ""


class BaselineGiven(Case):
    """All disease before treatment.

    Attributes
    ----------
    target, nontarget : tuple
        The lesions.
    day : int
        Study day of the baseline; before day 1.
    """

    target: tuple[TargetGiven, ...] = ()
    nontarget: tuple[NonTargetGiven, ...] = ()
    day: int = -6


class VisitGiven(Case):
    """One assessment.

    Attributes
    ----------
    day : int
        Study day; day 1 is the first dose.
    target, nontarget : mapping of str to reading
        By label: mm, a word, fragments, or `MERGED:<label>`.
    new : {'NONE', 'EQUIVOCAL', 'UNEQUIVOCAL', 'NE'}
        New lesions.
    marker : str
        Level of the tumour marker, when one is followed.
    """

    day: int
    target: dict[str, Any] = Field(default_factory=dict)
    nontarget: dict[str, Any] = Field(default_factory=dict)
    new: Literal["NONE", "EQUIVOCAL", "UNEQUIVOCAL", "NE"] = "NONE"
    marker: Marker = Marker.NOT_FOLLOWED


class TimepointCase(Case):
    """The lesions of one participant.

    Attributes
    ----------
    baseline : BaselineGiven
        Before treatment.
    visits : tuple of VisitGiven
        After it.
    continuing_pr : bool
        Whether PR goes on until progression; false: each visit is read against baseline.
    """

    baseline: BaselineGiven
    visits: tuple[VisitGiven, ...]
    continuing_pr: bool = True


def answer(case: TimepointCase, library: Library) -> dict[str, Any]:
    """Judge every visit.

    Parameters
    ----------
    case : TimepointCase
        Baseline and visits.
    library : Library
        Not needed here.

    Returns
    -------
    dict of str to object
        Lists with one entry a visit: `overall`, `target`, `nontarget`, `sum_mm`, and `visits` with
        the reason of each.

    Raises
    ------
    Refusal
        If a reading is none that a lesion can have.
    """
    settings = ResponseSettings(
        continuing_pr=case.continuing_pr,
        measurable_conventional_mm=Decimal(20),
        measurable_spiral_mm=Decimal(10),
        bone_only_allowed=True,
    )
    given = [_assessment(visit, f"visits.{place}") for place, visit in enumerate(case.visits)]
    judged = timepoint_responses(_baseline(case.baseline), given, settings)
    return {
        "overall": [str(each.overall) for each in judged],
        "target": [str(each.target) if each.target else None for each in judged],
        "nontarget": [str(each.nontarget) if each.nontarget else None for each in judged],
        "sum_mm": [None if each.sum_mm is None else f"{each.sum_mm:f}" for each in judged],
        "visits": [
            {
                "day": (each.on - DAY_1).days + 1,
                "overall": str(each.overall),
                "new": each.new,
                "change_from_baseline": each.change_from_baseline,
                "change_from_nadir": each.change_from_nadir,
                "because": each.because,
                "queries": [str(query) for query in each.queries],
            }
            for each in judged
        ],
        "because": "; ".join(each.because for each in judged) or "no visit after baseline",
    }


def _day(day: int) -> date:
    """Turn a study day into a date."""
    return days_after(DAY_1, day - 1)


def _baseline(given: BaselineGiven) -> TumourBaseline:
    """Read the disease before treatment."""
    return TumourBaseline(
        _day(given.day),
        tuple(TargetLesion(each.id, each.site, each.node, each.mm) for each in given.target),
        tuple(NonTargetLesion(each.id, each.site, each.node) for each in given.nontarget),
        Source("case", "baseline"),
    )


def _assessment(given: VisitGiven, where: str) -> TumourAssessment:
    """Read one visit."""
    new: tuple[NewLesion, ...] | None = ()
    if given.new == "NE":
        new = None
    elif given.new != "NONE":
        new = (NewLesion(Certainty(given.new)),)
    return TumourAssessment(
        _day(given.day),
        {
            label: read_target(said, f"{where}.target.{label}")
            for label, said in given.target.items()
        },
        {
            label: read_nontarget(said, f"{where}.nontarget.{label}")
            for label, said in given.nontarget.items()
        },
        new,
        Source("case", where),
        given.marker,
    )
