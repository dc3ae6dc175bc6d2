"""Reference cases of time-point responses, from the lesions of one participant."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.questions.asking import ask
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reading import Case
from trialwright.questions.reference_numbers import put_each, same
from trialwright.questions.timepoint_question import (
    BaselineGiven,
    NonTargetGiven,
    TargetGiven,
    VisitGiven,
)

AGAINST_BASELINE = "overall_if_each_visit_is_read_against_baseline"
"""Field that expects the overall responses when no PR is continued."""

COMPARED = ("overall", "target", "nontarget", "sum_mm")
"""Fields of a time-point response that are compared."""


def timepoints(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare time-point responses: every field of `expected` equal, sums as numbers.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Asked for each case.

    Returns
    -------
    iterator of Comparison
        One a case; fields of the input or the answer that are not known here are named.
    """
    return put_each(
        parsed["cases"],
        ("baseline", "visits", "expected"),
        lambda name, case: _compared(name, case, library),
    )


def _compared(name: str, case: Mapping[str, Any], library: Library) -> Comparison:
    """Compare one case field by field."""
    expected, wrong, by_acceptance = case["expected"], [], False
    if not isinstance(expected, Mapping):
        return Comparison(name, agrees=False, says="`expected` is no object")
    given, strange = _given(case)
    found = ask("timepoint-response", given, library)
    if AGAINST_BASELINE in expected:
        anew = ask("timepoint-response", {**given, "continuing_pr": False}, library)
        found[AGAINST_BASELINE] = anew["overall"]
    known = (*COMPARED, AGAINST_BASELINE)
    for each in known:
        if each not in expected or same(found[each], expected[each]):
            continue
        accepted = expected.get(f"accept_{each}", case.get(f"accept_{each}"))
        if case.get("ambiguous") or _is_accepted(found[each], accepted):
            by_acceptance = True
        else:
            wrong.append(f"{each} {found[each]}, expected {expected[each]}")
    strange += [
        each
        for each, value in expected.items()
        if each not in known and not each.startswith("accept_") and not isinstance(value, str)
    ]
    if not set(known) & set(expected):
        wrong.append("`expected` names no field that is known here")
    return Comparison(name, not wrong, by_acceptance and not wrong, "; ".join(wrong), (*strange,))


def _given(case: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Give the question of a case, and the fields that it does not ask about.

    A policy that is not known is left to the question, which refuses it.
    """
    strange: list[str] = []
    settings = case.get("settings", {})
    before = _known(BaselineGiven, case["baseline"], "baseline", strange)
    for group, kind in (("target", TargetGiven), ("nontarget", NonTargetGiven)):
        if isinstance(before, Mapping) and isinstance(before.get(group), list):
            kept = [_known(kind, each, group, strange) for each in before[group]]
            before = {**before, group: kept}
    visits = case["visits"]
    if isinstance(visits, list):
        visits = [_seen(_known(VisitGiven, each, "visits", strange)) for each in visits]
    given = {"baseline": before, "visits": visits}
    given |= settings if isinstance(settings, Mapping) else {"settings": settings}
    return given, list(dict.fromkeys(strange))


def _known(kind: type[Case], given: Any, where: str, strange: list[str]) -> Any:
    """Keep the fields that a part of the question has, and note the others."""
    if not isinstance(given, Mapping):
        return given
    names = {*kind.model_fields}
    strange += [f"{where} {name}" for name in given if name not in names]
    return {name: value for name, value in given.items() if name in names}


def _seen(visit: Any) -> Any:
    """Leave out the readings of a visit that were not recorded."""
    if not isinstance(visit, Mapping):
        return visit
    return {
        name: {label: each for label, each in value.items() if each is not None}
        if isinstance(value, Mapping)
        else value
        for name, value in visit.items()
    }


def _is_accepted(found: Any, accepted: Any) -> bool:
    """Say whether a value is among those a case lists as acceptable."""
    if not isinstance(accepted, list):
        return False
    return same(found, accepted) or any(same(found, each) for each in accepted)
