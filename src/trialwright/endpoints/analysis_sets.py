"""Analysis sets: named rules, who is in, and why the others are not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from trialwright.protocol.endpoint_settings import EndpointSettings

SetName = Literal[
    "safety", "DLT-evaluable", "response-evaluable", "benefit-evaluable", "per-protocol"
]
"""Names of the sets."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What decides to which analysis sets one participant belongs.

    Attributes
    ----------
    participant : str
        Study number.
    first_dose_on : date or None
        First dose of any study agent that was taken.
    counts_for_dlt : bool
        Whether the participant had a DLT or completed the DLT window with enough doses.
    dlt_because : str
        Why, or why not.
    has_baseline, has_targets : bool
        Whether disease was assessed before treatment, and whether any of it was measurable.
    assessed : int
        Tumour assessments after baseline, up to the cutoff.
    early_end : str
        Progression or death before the first assessment, in words; empty when there is none.
    excepted : tuple of str
        Criteria that were not met and excepted.
    lost : str
        What of the tumour assessments was redacted, in words; empty when nothing was.
    """

    participant: str
    first_dose_on: date | None
    counts_for_dlt: bool
    dlt_because: str
    has_baseline: bool
    has_targets: bool
    assessed: int
    early_end: str = ""
    excepted: tuple[str, ...] = ()
    lost: str = ""


@dataclass(frozen=True, slots=True)
class AnalysisSet:
    """Participants to which an endpoint is counted.

    Attributes
    ----------
    name : str
        A word of `SetName`.
    rule : str
        Who belongs to it, in words.
    members : tuple of str
        Study numbers, in the order given.
    excluded : mapping of str to str
        Why each other participant does not belong to it, by study number.
    because : str
        The counts in a sentence.
    """

    name: SetName
    rule: str
    members: tuple[str, ...]
    excluded: Mapping[str, str]
    because: str


def analysis_sets(
    people: Sequence[SetFacts], settings: EndpointSettings
) -> Mapping[SetName, AnalysisSet]:
    """Say who belongs to which analysis set.

    Parameters
    ----------
    people : sequence of SetFacts
        Everybody who was assigned to a dose level.
    settings : EndpointSettings
        Whether an early end stands for an assessment.

    Returns
    -------
    mapping of str to AnalysisSet
        Every set, by name.
    """
    return MappingProxyType(
        {
            name: _gathered(name, _rule_in_words(name, settings), people, why_not, settings)
            for name, why_not in _RULES.items()
        }
    )


def _gathered(
    name: SetName,
    rule: str,
    people: Sequence[SetFacts],
    why_not: Callable[[SetFacts, EndpointSettings], str],
    settings: EndpointSettings,
) -> AnalysisSet:
    """Ask a rule of everybody."""
    reasons = {one.participant: why_not(one, settings) for one in people}
    members = tuple(number for number, reason in reasons.items() if not reason)
    excluded = {number: reason for number, reason in reasons.items() if reason}
    because = f"{name}: {len(members)} of {len(people)} participants"
    because += f"; {len(excluded)} excluded." if excluded else "."
    return AnalysisSet(name, rule, members, excluded, because)


def _safety(one: SetFacts, settings: EndpointSettings) -> str:
    """Ask for one dose."""
    return "" if one.first_dose_on else "no dose of a study agent was taken"


def _dlt(one: SetFacts, settings: EndpointSettings) -> str:
    """Ask whether the participant counts in dose decisions."""
    return _safety(one, settings) or ("" if one.counts_for_dlt else one.dlt_because)


def _benefit(one: SetFacts, settings: EndpointSettings) -> str:
    """Ask for a dose, a baseline, and an assessment or an early end."""
    untreated = _safety(one, settings)
    if untreated or one.lost:
        return untreated or one.lost
    if not one.has_baseline:
        return "no tumour assessment before treatment"
    if one.assessed or (one.early_end and settings.early_end_is_evaluable):
        return ""
    if one.early_end:
        return f"no tumour assessment after baseline; {one.early_end} does not stand for one"
    return "no tumour assessment after baseline"


def _response(one: SetFacts, settings: EndpointSettings) -> str:
    """Ask for measurable disease besides."""
    lacking = _benefit(one, settings)
    return lacking or ("" if one.has_targets else "no measurable disease at baseline")


def _per_protocol(one: SetFacts, settings: EndpointSettings) -> str:
    """Ask that no criterion was excepted besides."""
    lacking = _benefit(one, settings)
    if lacking or not one.excepted:
        return lacking
    return f"entered with an exception to {', '.join(one.excepted)}"


_RULES: Mapping[SetName, Callable[[SetFacts, EndpointSettings], str]] = MappingProxyType(
    {
        "safety": _safety,
        "DLT-evaluable": _dlt,
        "response-evaluable": _response,
        "benefit-evaluable": _benefit,
        "per-protocol": _per_protocol,
    }
)
"""Set to what says why a participant is not in it; empty: is in it."""


def _rule_in_words(name: SetName, settings: EndpointSettings) -> str:
    """Say who belongs to a set."""
    after = "an assessment after it"
    if settings.early_end_is_evaluable:
        after += ", or progression or death before the first one"
    benefit = f"took a dose of a study agent, had a tumour assessment before treatment and {after}"
    return {
        "safety": "took at least one dose of a study agent",
        "DLT-evaluable": "took a dose, and had a DLT or completed the DLT window with enough doses",
        "response-evaluable": f"{benefit}; had measurable disease",
        "benefit-evaluable": benefit,
        "per-protocol": f"{benefit}; entered without an exception to any criterion",
    }[name]
