"""Response of the target lesions at one visit (RECIST 1.1 section 4.3.1 [1]_).

The order of the rules: a reappearance after complete response; complete response; progression
from the nadir; then, when a lesion was not evaluated, NE; then partial response from baseline.

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
.. [2] EORTC, RECIST 1.1 questions and clarifications, recist.eortc.org: `Abnormal lymph node`,
   `Does a new lesion always result in PD?`, `The definition of SD: a clarification`,
   `Managing PR when TP measurements change slightly over time`.
"""

from dataclasses import dataclass

from trialwright.casebook.tumours import Response
from trialwright.response.calls import Call
from trialwright.response.lesions import MICROMETRES, in_words, listed
from trialwright.response.sums import DiameterSum, percent_text

LEAST_ABSOLUTE_INCREASE = 5 * MICROMETRES
"""Progression needs an increase of at least 5 mm besides the 20 % (section 4.3.1)."""


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier visits mean for this one.

    Attributes
    ----------
    baseline : DiameterSum
        The sum before treatment.
    nadir : DiameterSum
        The smallest complete sum before this visit, baseline included.
    was_complete : bool
        Whether the last evaluable overall response was CR, and a lesion seen again is progression.
    was_partial : bool
        Whether the targets had reached PR or CR, with no progression since.
    """

    baseline: DiameterSum
    nadir: DiameterSum
    was_complete: bool
    was_partial: bool


def has_grown(now: int, nadir: int) -> bool:
    """Say whether a sum has grown enough for progression.

    Parameters
    ----------
    now, nadir : int, 0.001 mm
        The sum and the smallest sum before it.

    Returns
    -------
    bool
        At least 20 % and at least 5 mm, both exact.
    """
    return 5 * now >= 6 * nadir and now - nadir >= LEAST_ABSOLUTE_INCREASE


def has_shrunk(now: int, baseline: int) -> bool:
    """Say whether a sum has shrunk enough for partial response.

    Parameters
    ----------
    now, baseline : int, 0.001 mm
        The sum and the sum before treatment.

    Returns
    -------
    bool
        At least 30 % below baseline, exact.
    """
    return 10 * now <= 7 * baseline


def target_response(now: DiameterSum, past: Past, *, continuing_pr: bool) -> Call:
    """Judge the target lesions at one visit.

    Parameters
    ----------
    now : DiameterSum
        The visit.
    past : Past
        Baseline, nadir and what was reached before.
    continuing_pr : bool
        Whether a PR stays PR until progression [2]_.

    Returns
    -------
    Call
        CR, PR, SD, PD or NE; no response when there are no target lesions.
    """
    if not now.lesions:
        return Call(None, "No target lesions at baseline")
    back = [lesion for lesion in now.lesions if not lesion.is_node and lesion.extent]
    if past.was_complete and back:
        names = listed([lesion.says for lesion in back])
        return Call(
            Response.PD,
            f"Targets PD: {names} after a complete response; a lesion that reappears after "
            "complete response is progression (EORTC clarification to RECIST 1.1)",
        )
    if all(lesion.is_gone for lesion in now.lesions):
        return _complete(now)
    if has_grown(now.measured, past.nadir.measured):
        return _progression(now, past)
    if not now.is_complete:
        return Call(
            Response.NE,
            f"Targets NE: {listed(now.missing)} not evaluated, and the "
            f"{in_words(now.measured)} measured are no progression from the nadir of "
            f"{in_words(past.nadir.measured)} (RECIST 1.1 section 4.4.2; {now.readings})",
        )
    return _measured(now, past, continuing_pr=continuing_pr)


def _complete(now: DiameterSum) -> Call:
    """Call a complete response; normal nodes leave a sum above 0 (section 4.3.2)."""
    nodes = any(lesion.is_node for lesion in now.lesions)
    rule = "every target lesion is absent" + (", nodes below 10 mm short axis" if nodes else "")
    return Call(
        Response.CR,
        f"Targets CR: {rule}, sum {in_words(now.measured)} "
        f"(RECIST 1.1 section 4.3.1; {now.readings})",
    )


def _progression(now: DiameterSum, past: Past) -> Call:
    """Call progression from the nadir, said with what is missing."""
    nadir = past.nadir
    growth = in_words(now.measured - nadir.measured)
    part = "" if now.is_complete else f" even without {listed(now.missing)}, not evaluated"
    section = "4.3.1" if now.is_complete else "4.3.1 and 4.4.2"
    return Call(
        Response.PD,
        f"Targets PD: sum {in_words(now.measured)}{part} is {growth} "
        f"({percent_text(now.measured, nadir.measured)}) above the nadir of "
        f"{in_words(nadir.measured)} on {nadir.on}; limits 20 % and 5 mm "
        f"(RECIST 1.1 section {section}; {now.readings})",
    )


def _measured(now: DiameterSum, past: Past, *, continuing_pr: bool) -> Call:
    """Call PR or SD from a complete sum that is no progression."""
    start, nadir = past.baseline.measured, past.nadir.measured
    compared = (
        f"sum {in_words(now.measured)} is {percent_text(now.measured, start)} from the baseline "
        f"of {in_words(start)}"
    )
    if has_shrunk(now.measured, start):
        return Call(
            Response.PR,
            f"Targets PR: {compared}; limit -30 % (RECIST 1.1 section 4.3.1; {now.readings})",
        )
    steady = (
        f"and {in_words(now.measured - nadir)} ({percent_text(now.measured, nadir)}) from the "
        f"nadir of {in_words(nadir)}, which is no progression"
    )
    if continuing_pr and past.was_partial:
        return Call(
            Response.PR,
            f"Targets PR, continued: {compared} {steady}; a partial response stays until "
            f"progression (EORTC clarification to RECIST 1.1; {now.readings})",
        )
    return Call(
        Response.SD,
        f"Targets SD: {compared} {steady} (RECIST 1.1 section 4.3.1; {now.readings})",
    )
