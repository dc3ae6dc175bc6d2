"""Time-point responses: baseline and ordered assessments in, one answer with reasons a visit.

RECIST 1.1 section 4.4.1 [1]_. Best overall response is another question.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from trialwright.casebook.tumours import Response, TumourAssessment, TumourBaseline
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.calls import Call
from trialwright.response.lesions import baseline_sizes, lesion_sizes, millimetres
from trialwright.response.new_lesions import NewLesionAnswer, NewLesionCall, judge_new_lesions
from trialwright.response.nontarget import nontarget_response
from trialwright.response.overall import OverallCall, overall_response
from trialwright.response.queries import Query, reading_queries
from trialwright.response.sums import DiameterSum, add_up, nadir_of, percent_text
from trialwright.response.target import Past, has_grown, target_response
from trialwright.terms.errors import Fault, Refusal


@dataclass(frozen=True, slots=True)
class TimepointResponse:
    """The response of one visit, with everything it rests on.

    Attributes
    ----------
    on : date
        Day of the assessment.
    target : Response or None
        CR, PR, SD, PD or NE; None without target lesions.
    nontarget : Response or None
        CR, NON-CR/NON-PD, PD or NE; None without non-target lesions.
    new : {'NONE', 'EQUIVOCAL', 'UNEQUIVOCAL', 'NE'}
        New lesions.
    overall : Response
        Overall response of the visit.
    sum_mm : Decimal or None, mm
        Sum of diameters; None when a target lesion was not evaluated or there is none.
    measured_mm : Decimal or None, mm
        Sum over the target lesions that were evaluated; never a nadir unless it is the sum.
    baseline_mm : Decimal or None, mm
        Sum of diameters at baseline; None without target lesions.
    nadir_mm : Decimal or None, mm
        Smallest complete sum before this visit, baseline included.
    nadir_on : date or None
        Its day.
    change_from_baseline, change_from_nadir : str
        Change of the complete sum in percent, cut and not rounded, e.g. `-30 %`, `+19.9… %`;
        empty without a complete sum.
    progression_on : date or None
        For PD, the day to which it is dated: the scan that first showed the new lesion, if that
        was equivocal then; else this visit.
    is_after_progression : bool
        Whether an earlier visit was PD already; such a visit counts for no endpoint.
    because : str
        The reason: target, non-target, new lesions, overall, with numbers and sections.
    queries : tuple of Query
        What somebody should look at; they change nothing.
    """

    on: date
    target: Response | None
    nontarget: Response | None
    new: NewLesionAnswer
    overall: Response
    sum_mm: Decimal | None
    measured_mm: Decimal | None
    baseline_mm: Decimal | None
    nadir_mm: Decimal | None
    nadir_on: date | None
    change_from_baseline: str
    change_from_nadir: str
    progression_on: date | None
    is_after_progression: bool
    because: str
    queries: tuple[Query, ...]


def timepoint_responses(
    baseline: TumourBaseline,
    assessments: Sequence[TumourAssessment],
    settings: ResponseSettings,
) -> tuple[TimepointResponse, ...]:
    """Judge every assessment of one participant.

    Parameters
    ----------
    baseline : TumourBaseline
        All disease before treatment.
    assessments : sequence of TumourAssessment
        In any order; at most one a day.
    settings : ResponseSettings
        Of these, `continuing_pr` and `reappearing_after_cr` decide.

    Returns
    -------
    tuple of TimepointResponse
        By date. No answer depends on a later assessment.

    Raises
    ------
    Refusal
        If two assessments share a day, or one is not after the baseline.
    """
    visits = sorted(assessments, key=lambda visit: visit.on)
    _check_days(baseline, visits)
    first = add_up(baseline.on, baseline_sizes(baseline))
    nadir = first
    answers: list[TimepointResponse] = []
    for place, visit in enumerate(visits):
        now = add_up(visit.on, lesion_sizes(baseline, visit))
        was_complete = _was_complete(answers)
        is_again = was_complete and settings.reappearing_after_cr == "PD"
        past = Past(first, nadir, is_again, _was_partial(answers))
        target = target_response(now, past, continuing_pr=settings.continuing_pr)
        nontarget = nontarget_response(baseline, visit, was_complete=past.was_complete)
        new = judge_new_lesions(visit, visits[:place])
        overall = overall_response(target.response, nontarget.response, new.answer)
        judged = _Judged(
            visit, now, past, was_complete, target, nontarget, new, overall, tuple(answers)
        )
        queries = (*reading_queries(baseline, visit, visits[:place]), *_doubts(judged))
        answers.append(_answer(judged, queries))
        nadir = nadir_of((nadir, now))
    return tuple(answers)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One visit with the calls of every rule."""

    visit: TumourAssessment
    now: DiameterSum
    past: Past
    was_complete: bool
    target: Call
    nontarget: Call
    new: NewLesionCall
    overall: OverallCall
    earlier: tuple[TimepointResponse, ...]

    @property
    def because(self) -> str:
        """The reasons of all rules, in their order."""
        calls = (self.target, self.nontarget, self.new, self.overall)
        return ". ".join(call.because for call in calls) + "."

    @property
    def is_after_progression(self) -> bool:
        """Whether an earlier visit was PD."""
        return any(before.overall is Response.PD for before in self.earlier)


def _answer(judged: _Judged, queries: tuple[Query, ...]) -> TimepointResponse:
    """Put the answer of one visit together."""
    now, past, new = judged.now, judged.past, judged.new
    has_targets = bool(now.lesions)
    is_summed = has_targets and now.is_complete
    dated = new.first_seen or judged.visit.on
    return TimepointResponse(
        on=judged.visit.on,
        target=judged.target.response,
        nontarget=judged.nontarget.response,
        new=new.answer,
        overall=judged.overall.response,
        sum_mm=millimetres(now.measured) if is_summed else None,
        measured_mm=millimetres(now.measured) if has_targets else None,
        baseline_mm=millimetres(past.baseline.measured) if has_targets else None,
        nadir_mm=millimetres(past.nadir.measured) if has_targets else None,
        nadir_on=past.nadir.on if has_targets else None,
        change_from_baseline=_change(now, past.baseline) if is_summed else "",
        change_from_nadir=_change(now, past.nadir) if is_summed else "",
        progression_on=dated if judged.overall.response is Response.PD else None,
        is_after_progression=judged.is_after_progression,
        because=judged.because,
        queries=queries,
    )


def _change(now: DiameterSum, before: DiameterSum) -> str:
    """Say the change between two sums."""
    return percent_text(now.measured, before.measured)


def _was_complete(answers: Sequence[TimepointResponse]) -> bool:
    """Say whether the last evaluable overall response was CR."""
    evaluable = [answer.overall for answer in answers if answer.overall is not Response.NE]
    return bool(evaluable) and evaluable[-1] is Response.CR


def _was_partial(answers: Sequence[TimepointResponse]) -> bool:
    """Say whether the targets had reached PR or CR, with no progression since."""
    for answer in reversed(answers):
        if answer.overall is Response.PD:
            return False
        if answer.target in (Response.PR, Response.CR):
            return True
    return False


def _doubts(judged: _Judged) -> Iterator[Query]:
    """Query what the answer itself makes doubtful."""
    target, overall = judged.target.response, judged.overall.response
    recorded = judged.visit.recorded_overall
    if target is Response.CR and has_grown(judged.now.measured, judged.past.nadir.measured):
        yield Query(
            "overall",
            "the sum grew by 20 % and 5 mm, but every node is below 10 mm and the rest absent, "
            "which is complete response: check the nodes at the next scan",
        )
    if judged.was_complete and overall not in (Response.CR, Response.NE):
        yield Query(
            "overall",
            f"{overall} after a complete response: check that the complete response was certain",
        )
    if _is_by_nontargets_alone(judged):
        yield Query("overall", "progression by non-target lesions alone is rare: check the reading")
    if recorded not in (None, overall):
        yield Query("overall", f"recorded as {recorded}, derived as {overall}: reconcile")
    if judged.is_after_progression:
        yield Query("overall", "assessed after progression; counts for no endpoint")


def _is_by_nontargets_alone(judged: _Judged) -> bool:
    """Say whether only non-target lesions progressed, beside target lesions that did not."""
    return (
        judged.nontarget.response is Response.PD
        and judged.target.response not in (Response.PD, None)
        and judged.new.answer != "UNEQUIVOCAL"
    )


def _check_days(baseline: TumourBaseline, visits: Sequence[TumourAssessment]) -> None:
    """Refuse two assessments on one day, and those not after the baseline."""
    faults = [
        Fault(
            f"assessments.{visit.on}",
            "a second assessment on this day",
            "one assessment a day",
            "Join them, or keep the one that counts",
        )
        for before, visit in pairwise(visits)
        if visit.on == before.on
    ]
    faults.extend(
        Fault(
            f"assessments.{visit.on}",
            f"an assessment not after the baseline of {baseline.on}",
            "days after the baseline",
            "Correct the day, or record it as the baseline",
        )
        for visit in visits
        if visit.on <= baseline.on
    )
    if faults:
        raise Refusal(faults)
