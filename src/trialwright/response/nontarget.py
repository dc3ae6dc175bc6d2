"""Response of the non-target lesions and the tumour marker at one visit.

RECIST 1.1 sections 4.3.3 and 4.3.4 [1]_.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
"""

from decimal import Decimal

from trialwright.casebook.tumours import (
    Marker,
    NonTargetLesion,
    NonTargetReading,
    NonTargetWord,
    Response,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.response.calls import Call
from trialwright.response.lesions import NORMAL_NODE_BELOW, in_words, listed, micrometres


def nontarget_response(
    baseline: TumourBaseline, assessment: TumourAssessment, *, was_complete: bool
) -> Call:
    """Judge the non-target lesions and the marker at one visit.

    Parameters
    ----------
    baseline : TumourBaseline
        Names the non-target lesions.
    assessment : TumourAssessment
        The readings; lesions it does not name were not evaluated.
    was_complete : bool
        Whether the last evaluable overall response was CR.

    Returns
    -------
    Call
        CR, NON-CR/NON-PD, PD or NE; no response when there is nothing to judge. A marker alone
        is never judged (section 4.2).
    """
    if not baseline.targets and not baseline.nontargets:
        return Call(None, "No lesion at baseline")
    seen = [
        (lesion, assessment.nontargets.get(lesion.label, NonTargetWord.NOT_EVALUATED))
        for lesion in baseline.nontargets
    ]
    worse = [here.label for here, reading in seen if reading == "UNEQUIVOCAL PROGRESSION"]
    if worse:
        return Call(
            Response.PD,
            f"Non-targets PD: {listed(worse)} unequivocally progressed (RECIST 1.1 section 4.3.4)",
        )
    left = [(here, reading) for here, reading in seen if _persists(here, reading)]
    back = [here.label for here, _ in left if not here.is_node]
    if was_complete and back:
        return Call(
            Response.PD,
            f"Non-targets PD: {listed(back)} present after a complete response; a lesion that "
            "reappears after complete response is progression (EORTC clarification to RECIST 1.1)",
        )
    unseen = [here.label for here, reading in seen if reading == "NE"]
    if unseen:
        return Call(
            Response.NE,
            f"Non-targets NE: {listed(unseen)} not evaluated, and nothing evaluated progressed "
            "(RECIST 1.1 section 4.4.2, Tables 1 and 2: not all evaluated)",
        )
    if left:
        names = listed([_words(here, reading) for here, reading in left])
        return Call(
            Response.NON_CR_NON_PD,
            f"Non-targets NON-CR/NON-PD: {names}, without unequivocal progression "
            "(RECIST 1.1 section 4.3.3)",
        )
    return _without_lesions(assessment.marker, is_followed=bool(seen))


def _without_lesions(marker: Marker, *, is_followed: bool) -> Call:
    """Judge by the marker when no non-target lesion is left (section 4.3.3)."""
    gone = "every non-target lesion is gone" if is_followed else "no non-target lesion"
    match marker:
        case Marker.ABOVE_NORMAL:
            return Call(
                Response.NON_CR_NON_PD,
                f"Non-targets NON-CR/NON-PD: {gone}, but the tumour marker is above normal "
                "(RECIST 1.1 section 4.3.3)",
            )
        case Marker.NOT_EVALUATED:
            return Call(
                Response.NE,
                f"Non-targets NE: {gone}, but the tumour marker, which must be normal for CR, "
                "was not evaluated (RECIST 1.1 section 4.3.3)",
            )
    if not is_followed:
        return Call(None, "No non-target lesions at baseline")
    level = " and the tumour marker is normal" if marker is Marker.NORMAL else ""
    return Call(
        Response.CR,
        f"Non-targets CR: {gone}, nodes below 10 mm short axis{level} (RECIST 1.1 section 4.3.3)",
    )


def _persists(lesion: NonTargetLesion, reading: NonTargetReading) -> bool:
    """Say whether a non-target lesion is still disease."""
    if isinstance(reading, Decimal):
        length = micrometres(reading)
        return length >= NORMAL_NODE_BELOW if lesion.is_node else length > 0
    return reading is NonTargetWord.PRESENT


def _words(lesion: NonTargetLesion, reading: NonTargetReading) -> str:
    """Say a persisting lesion, with its size when it was measured."""
    if isinstance(reading, Decimal):
        return f"{lesion.label} {in_words(micrometres(reading))}"
    return f"{lesion.label} present"
