"""`timepoint-response`: RECIST 1.1 responses from the lesions of one participant."""

from collections.abc import Iterator, Mapping
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
    NonTargetReading,
    Response,
    TargetLesion,
    TargetReading,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, Gathering
from trialwright.response.new_lesions import NewLesionAnswer
from trialwright.response.timepoint import TimepointResponse, timepoint_responses
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal, shorten
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


class VisitAnswer(Answer):
    """The response of one visit.

    Attributes
    ----------
    day : int
        Study day.
    overall : Response
        Overall response.
    new : {'NONE', 'EQUIVOCAL', 'UNEQUIVOCAL', 'NE'}
        New lesions.
    change_from_baseline, change_from_nadir : str
        Change of the complete sum in percent; empty without one.
    because : str
        The reason, with sums and sections of RECIST 1.1.
    queries : tuple of str
        What somebody should look at.
    """

    day: int
    overall: Response
    new: NewLesionAnswer
    change_from_baseline: str
    change_from_nadir: str
    because: str
    queries: tuple[str, ...]


class TimepointAnswer(Answer):
    """The responses of all visits; each list has one entry a visit, by day.

    Attributes
    ----------
    overall : tuple of Response
        Overall response.
    target, nontarget : tuple of Response or None
        Of the target and the non-target lesions; null without such lesions.
    sum_mm : tuple of Decimal or None, mm
        Sum of diameters, as text; null when it is not complete.
    visits : tuple of VisitAnswer
        Each visit with its reason.
    because : str
        The reasons of all visits.
    """

    overall: tuple[Response, ...]
    target: tuple[Response | None, ...]
    nontarget: tuple[Response | None, ...]
    sum_mm: tuple[Decimal | None, ...]
    visits: tuple[VisitAnswer, ...]
    because: str


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
    baseline, visits = _read(case)
    judged = timepoint_responses(baseline, visits, settings)
    days = {_day(day).isoformat(): f"day {day}" for day in (case.baseline.day, *_days(case))}
    told = tuple(_visit_answer(each, days) for each in judged)
    return TimepointAnswer(
        overall=tuple(each.overall for each in judged),
        target=tuple(each.target for each in judged),
        nontarget=tuple(each.nontarget for each in judged),
        sum_mm=tuple(each.sum_mm for each in judged),
        visits=told,
        because="; ".join(each.because for each in told) or "no visit after baseline",
    ).told()


def _visit_answer(judged: TimepointResponse, days: Mapping[str, str]) -> VisitAnswer:
    """Tell one visit, by study days as in the case."""

    def by_day(sentence: str) -> str:
        for written, day in days.items():
            sentence = sentence.replace(written, day)
        return sentence

    return VisitAnswer(
        day=(judged.on - DAY_1).days + 1,
        overall=judged.overall,
        new=judged.new,
        change_from_baseline=judged.change_from_baseline,
        change_from_nadir=judged.change_from_nadir,
        because=by_day(judged.because),
        queries=tuple(by_day(str(query)) for query in judged.queries),
    )


def _days(case: TimepointCase) -> Iterator[int]:
    """Give the study days of the visits."""
    for visit in case.visits:
        yield visit.day


def _day(day: int) -> date:
    """Turn a study day into a date."""
    return days_after(DAY_1, day - 1)


def _read(case: TimepointCase) -> tuple[TumourBaseline, list[TumourAssessment]]:
    """Read the lesions and every visit, naming the place of every fault."""
    gathered = Gathering()
    targets, nontargets, assessments = [], [], []
    on = DAY_1
    with gathered.at("baseline.day"):
        on = _day(case.baseline.day)
    for place, each in enumerate(case.baseline.target):
        with gathered.at(f"baseline.target.{place}"):
            targets.append(TargetLesion(each.id, each.site, each.node, each.mm))
    for lesion in case.baseline.nontarget:
        nontargets.append(NonTargetLesion(lesion.id, lesion.site, lesion.node))
    for place, visit in enumerate(case.visits):
        with gathered.at(f"visits.{place}"):
            assessments.append(_assessment(visit, f"visits.{place}"))
    gathered.end()
    source = Source("case", "baseline")
    with gathered.at("baseline"):
        return TumourBaseline(on, tuple(targets), tuple(nontargets), source), assessments
    raise Refusal(gathered.faults)


def _assessment(given: VisitGiven, where: str) -> TumourAssessment:
    """Read one visit."""
    gathered, on = Gathering(), DAY_1
    with gathered.at("day"):
        on = _day(given.day)
    targets: dict[str, TargetReading] = {}
    nontargets: dict[str, NonTargetReading] = {}
    for label, said in given.target.items():
        with gathered.at(f"target.{shorten(label)}"):
            targets[label] = read_target(said, "")
    for label, said in given.nontarget.items():
        with gathered.at(f"nontarget.{shorten(label)}"):
            nontargets[label] = read_nontarget(said, "")
    gathered.end()
    new: tuple[NewLesion, ...] | None = ()
    if given.new == "NE":
        new = None
    elif given.new != "NONE":
        new = (NewLesion(Certainty(given.new)),)
    return TumourAssessment(on, targets, nontargets, new, Source("case", where), given.marker)
