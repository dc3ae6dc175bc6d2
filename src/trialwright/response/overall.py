"""Overall response of one visit: Table 1 with target lesions, Table 2 without (RECIST 1.1 [1]_).

References
----------
.. [1] Eisenhauer EA et al. Eur J Cancer 2009;45(2):228-247. doi:10.1016/j.ejca.2008.10.026
"""

from dataclasses import dataclass

from trialwright.casebook.tumours import Response
from trialwright.response.new_lesions import NewLesionAnswer


@dataclass(frozen=True, slots=True)
class OverallCall:
    """The overall response of a visit.

    Attributes
    ----------
    response : Response
        CR, PR, SD, PD, NE or NON-CR/NON-PD.
    because : str
        How the table joins the parts.
    """

    response: Response
    because: str


def overall_response(
    target: Response | None, nontarget: Response | None, new: NewLesionAnswer
) -> OverallCall:
    """Combine the responses of one visit.

    Parameters
    ----------
    target : Response or None
        None when there are no target lesions.
    nontarget : Response or None
        None when there are no non-target lesions.
    new : {'NONE', 'EQUIVOCAL', 'UNEQUIVOCAL', 'NE'}
        New disease; an equivocal lesion leaves the response as it is.

    Returns
    -------
    OverallCall
        SD and PR only with target lesions, NON-CR/NON-PD only without.
    """
    worse = [
        name
        for name, is_worse in (
            ("target lesions", target is Response.PD),
            ("non-target lesions", nontarget is Response.PD),
            ("a new lesion", new == "UNEQUIVOCAL"),
        )
        if is_worse
    ]
    if worse:
        return _call(Response.PD, f"progression by {' and '.join(worse)}", target)
    if new == "NE":
        return _call(Response.NE, "new lesions were not evaluated, so none is not known", target)
    if target is None:
        return _without_targets(nontarget)
    return _with_targets(target, nontarget)


def _without_targets(nontarget: Response | None) -> OverallCall:
    """Read Table 2."""
    if nontarget is None:
        return OverallCall(
            Response.NE,
            "Overall NE: no lesion was recorded at baseline, and without a new lesion there is "
            "nothing to judge",
        )
    return _call(nontarget, f"non-target lesions alone are {nontarget}", None)


def _with_targets(target: Response, nontarget: Response | None) -> OverallCall:
    """Read Table 1 for a visit without progression."""
    if target is Response.CR and nontarget not in (None, Response.CR):
        return _call(Response.PR, f"target lesions CR, but non-target lesions {nontarget}", target)
    beside = "no non-target lesions" if nontarget is None else f"non-target lesions {nontarget}"
    return _call(target, f"target lesions {target}, {beside}", target)


def _call(response: Response, why: str, target: Response | None) -> OverallCall:
    """Give the call with its table."""
    table = 2 if target is None else 1
    return OverallCall(response, f"Overall {response}: {why} (RECIST 1.1 Table {table})")
