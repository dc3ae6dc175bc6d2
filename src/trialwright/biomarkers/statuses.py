"""Statuses of stains by named rules; what the reading leaves open stays unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from trialwright.biomarkers.her2 import her2_2013, her2_2018
from trialwright.biomarkers.scores import allred, apart, h_score
from trialwright.casebook.stains import MOST_PERCENT, Span, Stain
from trialwright.protocol.biomarker_settings import StatusRule
from trialwright.terms.markers import Status


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """What a stain amounts to, and by which rule.

    Attributes
    ----------
    status : str
        Positive, negative, equivocal, lost, retained or unknown.
    because : str
        One sentence with the values and the rule's name.
    rule : str
        Id of the rule.
    """

    status: Status
    because: str
    rule: str


def status_of(stain: Stain, rule: StatusRule) -> StatusFinding:
    """Say what a stain amounts to by a rule of the protocol.

    Parameters
    ----------
    stain : Stain
        As read.
    rule : StatusRule
        The named rule.

    Returns
    -------
    StatusFinding
        Unknown where there is no reading, a part of it is missing, or it lies on both sides of the
        cut. A score that was told counts; where percentage and intensity give another one, only if
        both lie on one side.

    Raises
    ------
    ValueError
        If the rule is of another protein.
    """
    if stain.analyte != rule.analyte:
        raise ValueError(f"the rule {rule.id} is of {rule.analyte}, the stain of {stain.analyte}")
    if stain.outcome != "read":
        return StatusFinding("unknown", f"{stain.analyte}: {stain.outcome} ({rule.id})", rule.id)
    guideline = _GUIDELINES.get(rule.measure)
    if guideline is not None:
        status, said = guideline(stain)
        return StatusFinding(status, f"{stain.analyte} {said} ({rule.id})", rule.id)
    return _by_cut(stain, rule, rule.cut or Decimal(0))


def _by_cut(stain: Stain, rule: StatusRule, cut: Decimal) -> StatusFinding:
    """Compare a measure with the cut of a rule."""
    measured = _MEASURES[rule.measure](stain)
    if measured is None:
        why = f"{stain.analyte}: {rule.measure} is not told ({rule.id})"
        return StatusFinding("unknown", why, rule.id)
    is_from = measured.is_at_least(cut)
    doubt = next((str(each) for each in apart(stain) if each.score == rule.measure), "")
    said = f"{stain.analyte} {doubt or f'{rule.measure} {measured}'}"
    if is_from is None:
        why = f"{said}, on both sides of {cut:f} ({rule.id})"
        return StatusFinding("unknown", why, rule.id)
    status = rule.from_cut if is_from else rule.below_cut
    side = "or more" if is_from else "not reached"
    return StatusFinding(status, f"{said}: {cut:f} {side} ({rule.id})", rule.id)


def _unstained(stain: Stain) -> Span | None:
    """Give the percentage of cells without stain."""
    stained = stain.stained
    if stained is None:
        return None
    return Span(
        MOST_PERCENT - stained.high,
        MOST_PERCENT - stained.low,
        is_above_low=stained.is_below_high,
        is_below_high=stained.is_above_low,
    )


def _h_score(stain: Stain) -> Span | None:
    """Give the H-score that was told, else the one that is derived."""
    return _total(stain, "H-score", stain.h_score, h_score(stain))


def _allred(stain: Stain) -> Span | None:
    """Give the Allred score that was told, else the one that is derived."""
    return _total(stain, "Allred", stain.allred, allred(stain))


def _total(
    stain: Stain, score: str, told: Decimal | int | None, derived: Decimal | int | None
) -> Span | None:
    """Give a score as a number that is exact, or from one to the other where two differ."""
    found = derived if told is None else told
    if found is None:
        return None
    number = Decimal(found)
    for each in apart(stain):
        if each.score == score:
            return Span(min(number, each.derived.low), max(number, each.derived.high))
    return Span.exactly(number)


_MEASURES: Mapping[str, Callable[[Stain], Span | None]] = MappingProxyType(
    {
        "percent stained": lambda stain: stain.stained,
        "percent unstained": _unstained,
        "Allred": _allred,
        "H-score": _h_score,
    }
)
"""What a rule looks at, by its name."""

_GUIDELINES: Mapping[str, Callable[[Stain], tuple[Status, str]]] = MappingProxyType(
    {"HER2 2013": her2_2013, "HER2 2018": her2_2018}
)
"""Guidelines that decide by score and signals together."""
