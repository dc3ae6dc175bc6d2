"""New lesions: unequivocal ones are progression, dated to the scan that first showed them.

RECIST 1.1 section 4.3.5 [1]_.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.casebook.tumours import Certainty, NewLesion, TumourAssessment

NewLesionAnswer = Literal["NONE", "EQUIVOCAL", "UNEQUIVOCAL", "NE"]
"""Whether an assessment shows new disease; NE when nobody could look."""


@dataclass(frozen=True, slots=True)
class NewLesionCall:
    """What an assessment says of new disease.

    Attributes
    ----------
    answer : {'NONE', 'EQUIVOCAL', 'UNEQUIVOCAL', 'NE'}
        The surest finding.
    first_seen : date or None
        For an unequivocal lesion, the day of the scan that first showed it.
    because : str
        One sentence with the rule and its section.
    """

    answer: NewLesionAnswer
    first_seen: date | None
    because: str


def judge_new_lesions(
    assessment: TumourAssessment, earlier: Sequence[TumourAssessment]
) -> NewLesionCall:
    """Judge the new lesions of one assessment.

    Parameters
    ----------
    assessment : TumourAssessment
        The visit.
    earlier : sequence of TumourAssessment, oldest first
        The visits before it, to date a confirmed lesion back.

    Returns
    -------
    NewLesionCall
        Unequivocal when any lesion is.
    """
    if assessment.new_lesions is None:
        return NewLesionCall("NE", None, "Not evaluated for new lesions")
    sure = [one for one in assessment.new_lesions if one.certainty is Certainty.UNEQUIVOCAL]
    if sure:
        return _unequivocal(assessment, sure, earlier)
    if assessment.new_lesions:
        return NewLesionCall(
            "EQUIVOCAL",
            None,
            f"Equivocal new lesion{_sites(assessment.new_lesions)}: treatment goes on until a "
            "later scan clarifies it (RECIST 1.1 section 4.3.5)",
        )
    return NewLesionCall("NONE", None, "No new lesion")


def _unequivocal(
    assessment: TumourAssessment, sure: Sequence[NewLesion], earlier: Sequence[TumourAssessment]
) -> NewLesionCall:
    """Call a new lesion, dated back to the scan that first showed it."""
    first = min(_first_seen(lesion, assessment, earlier) for lesion in sure)
    says = f"Unequivocal new lesion{_sites(sure)} (RECIST 1.1 section 4.3.5)"
    if first < assessment.on:
        says += f", first seen on {first}: the progression is dated to that scan"
    return NewLesionCall("UNEQUIVOCAL", first, says)


def _first_seen(
    lesion: NewLesion, assessment: TumourAssessment, earlier: Sequence[TumourAssessment]
) -> date:
    """Go back through the scans that showed the lesion; one without it breaks the chain."""
    first = assessment.on
    for visit in reversed(earlier):
        if visit.new_lesions is None:
            continue
        if not any(seen.is_same_as(lesion) for seen in visit.new_lesions):
            break
        first = visit.on
    return first


def _sites(lesions: Sequence[NewLesion]) -> str:
    """Say where, when it is recorded."""
    sites = sorted({lesion.site for lesion in lesions if lesion.site})
    return f" ({', '.join(sites)})" if sites else ""
