"""The limits of a protocol's rule, in the form of those read from words.

A leaf that must hold by itself is a limit; one of several ways to meet a rule is an alternative,
and is only compared with the same alternative of the other version.
"""

from collections.abc import Iterator
from typing import Any

from trialwright.protocol.criteria import AllRule, AnyRule, IfRule, NotRule, Rule, below
from trialwright.protocol.event_rules import (
    ConditionRule,
    LinesRule,
    SpecimenRule,
    StableRule,
    TreatmentRule,
)
from trialwright.protocol.leaf_rules import (
    AgeRule,
    ApprovalRule,
    AttestedRule,
    ClearanceRule,
    FindingRule,
    Leaf,
    MultipleRule,
    ObservationRule,
    QtcfRule,
    RangeRule,
    SexRule,
)
from trialwright.protocol.rule_parts import Bounded
from trialwright.registry.amending.limit import Limit, Sense

_SCALES = {"ecog": "ECOG", "karnofsky": "Karnofsky", "lansky": "Lansky"}
_TURNED: dict[Sense, Sense] = {"required": "excluded", "excluded": "required"}


def limits_of_rule(
    rule: Rule | None, criterion: str, place: str, arms: tuple[str, ...]
) -> tuple[Limit, ...]:
    """Give the limits of a criterion's rule.

    Parameters
    ----------
    rule : Rule or None
        The tree; None has no limits.
    criterion : str
        The criterion's id: of an exclusion, what meets the rule is kept out.
    place : str
        Its id with its place.
    arms : tuple of str
        Arms of the criterion.

    Returns
    -------
    tuple of Limit
        One for each leaf, from left to right.
    """
    if rule is None:
        return ()
    sense: Sense = "excluded" if criterion.startswith("E") else "required"
    return tuple(
        _limit(leaf, leaf_sense, criterion, place, arms, is_alternative=is_alternative)
        for leaf, leaf_sense, is_alternative in _leaves(rule, sense, is_alternative=False)
    )


def _leaves(
    rule: Rule, sense: Sense, *, is_alternative: bool
) -> Iterator[tuple[Leaf, Sense, bool]]:
    """Give the leaves with the way each works; `any` of what is asked for has alternatives."""
    inner = [each for _, each in below(rule)]
    match rule:
        case NotRule():
            yield from _leaves(rule.rule, _TURNED[sense], is_alternative=is_alternative)
        case AllRule() | AnyRule():
            is_choice = isinstance(rule, AnyRule) == (sense == "required") and len(rule.of) > 1
            for each in inner:
                yield from _leaves(each, sense, is_alternative=is_alternative or is_choice)
        case IfRule():
            for each in (rule.then, rule.otherwise):
                yield from _leaves(each, sense, is_alternative=True)
        case _ if inner:
            for each in inner:
                yield from _leaves(each, sense, is_alternative=True)
        case _:
            yield rule, sense, is_alternative  # type: ignore[misc]  # only a leaf has none below


def _limit(
    leaf: Leaf,
    sense: Sense,
    criterion: str,
    place: str,
    arms: tuple[str, ...],
    *,
    is_alternative: bool,
) -> Limit:
    """Turn a leaf into a limit."""
    stands = {
        "sense": sense,
        "is_alternative": is_alternative,
        "arms": arms,
        "criterion": criterion,
        "place": place,
    }
    kind, subject, told = _told(leaf, sense)
    return Limit(kind, subject, **told, **stands)  # type: ignore[arg-type]


def _told(leaf: Leaf, sense: Sense) -> tuple[str, str, dict[str, Any]]:
    """Say of a leaf which kind of limit it is, of what, and what it states."""
    match leaf:
        case ObservationRule(fact=fact) if fact in _SCALES:
            return "performance", _SCALES[fact], _bounds(leaf)
        case ObservationRule():
            return "limit", leaf.fact, {"unit": leaf.unit, **_bounds(leaf)}
        case MultipleRule():
            return "limit", leaf.fact, {"times": leaf.times, **_bounds(leaf)}
        case ClearanceRule():
            return "limit", "creatinine-clearance", {"unit": "mL/min", **_bounds(leaf)}
        case QtcfRule():
            return "limit", leaf.fact, {"unit": "ms", **_bounds(leaf)}
        case AgeRule():
            return "age", "age", {"unit": "years", **_bounds(leaf)}
        case SexRule():
            return "sex", "sex", {"expect": leaf.expect}
        case LinesRule():
            return "prior-lines", leaf.fact, _bounds(leaf)
        case TreatmentRule(days=int(days)):
            return "wash-out", leaf.fact, {"below": days, "unit": "days"}
        case _:
            return _stated(leaf, sense)


def _stated(leaf: Leaf, sense: Sense) -> tuple[str, str, dict[str, Any]]:
    """Say the same of a leaf that bounds nothing."""
    match leaf:
        case ConditionRule():
            silence = "passes" if _passes_unrecorded(leaf, sense) else "unknown"
            return "condition", leaf.fact, {"expect": leaf.expect, "silence": silence}
        case TreatmentRule():
            return "condition", leaf.fact, {"expect": "present"}
        case FindingRule():
            return "condition", f"{leaf.fact}: {' or '.join(leaf.among)}", {"expect": "present"}
        case RangeRule():
            return "condition", f"{leaf.fact}: {leaf.group}", {"expect": "present"}
        case StableRule():
            return "condition", f"{leaf.fact}-stable", {"expect": "present"}
        case SpecimenRule():
            return "condition", "specimen", {"expect": "present"}
        case AttestedRule():
            return "attested", leaf.question, {"expect": leaf.expect}
        case ApprovalRule():
            return "attested", leaf.question, {"expect": "yes"}
        case _:
            raise TypeError(f"a rule of kind {leaf.kind} is told nowhere")


def _bounds(leaf: Bounded) -> dict[str, object]:
    """Give the bounds of a leaf."""
    return {name: getattr(leaf, name) for name in ("at_least", "above", "at_most", "below")}


def _passes_unrecorded(leaf: ConditionRule, sense: Sense) -> bool:
    """Say whether a condition that is not recorded counts as absent, and that lets in."""
    is_absence_good = (leaf.expect == "absent") == (sense == "required")
    return leaf.not_recorded == "absent" and is_absence_good
