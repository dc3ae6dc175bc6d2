"""Grades entered of adverse events against what was seen of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialwright.casebook.adverse_events import AdverseEvent, EventSigns
from trialwright.grading.clinical import grade_diarrhea, grade_fatigue, grade_rash, query_of
from trialwright.grading.criteria import american
from trialwright.grading.findings import GradeFinding
from trialwright.grading.terms_table import EnteredGrade
from trialwright.terms.errors import Refusal

GRADED_BY = "5.0"
"""Version of CTCAE whose clinical definitions are shipped."""


def _diarrhea(signs: EventSigns) -> GradeFinding:
    """Grade diarrhea by what was seen."""
    return grade_diarrhea(
        signs.stools_over_baseline,
        ostomy_output=signs.ostomy_output,
        hospitalization_indicated=signs.hospitalization_indicated,
        limits=signs.limits,
        life_threatening=signs.life_threatening,
    )


def _rash(signs: EventSigns) -> GradeFinding:
    """Grade a rash by what was seen."""
    return grade_rash(signs.body_surface_percent, symptoms=signs.symptoms, limits=signs.limits)


def _fatigue(signs: EventSigns) -> GradeFinding:
    """Grade fatigue by what was seen."""
    return grade_fatigue(relieved_by_rest=signs.relieved_by_rest, limits=signs.limits)


DEFINED: Mapping[str, Callable[[EventSigns], GradeFinding]] = MappingProxyType(
    {"diarrhea": _diarrhea, "rash maculo-papular": _rash, "fatigue": _fatigue}
)
"""Term, in lower case and American spelling, to what grades it."""


def grade_query(event: AdverseEvent, version: str) -> str:
    """Ask about a grade entered that the definition of its term contradicts.

    Parameters
    ----------
    event : AdverseEvent
        As recorded.
    version : str
        Version of CTCAE by which the protocol grades the term.

    Returns
    -------
    str
        A question for the site; empty when the grade agrees or is left open, nothing was seen that
        grades it, or the term has no definition here in that version.
    """
    defined = DEFINED.get(american(event.term))
    if defined is None or event.grade is None or event.signs is None or version != GRADED_BY:
        return ""
    try:
        computed = defined(event.signs)
    except Refusal as refused:
        return "; ".join(f"{event.term}: {each.where}: {each.found}" for each in refused.faults)
    entered = EnteredGrade(event.term, event.grade, "", "", f"grade {event.grade} as entered")
    return query_of(entered, computed)
