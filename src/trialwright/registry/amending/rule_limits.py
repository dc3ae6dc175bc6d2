"""The limits of a protocol's rule, in the form of those read from words.

A leaf that must hold by itself is a limit; one of several ways to meet a rule is an alternative,
and is only compared with the same alternative of the other version.
"""

from collections.abc import Iterator

from trialwright.protocol.criteria import (
    AgeRule,
    AllRule,
    AnyRule,
    AttestedRule,
    ConditionRule,
    Leaf,
    NotRule,
    ObservationRule,
    Rule,
    SexRule,
)
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
    match rule:
        case NotRule():
            yield from _leaves(rule.rule, _TURNED[sense], is_alternative=is_alternative)
        case AllRule() | AnyRule():
            is_choice = isinstance(rule, AnyRule) == (sense == "required") and len(rule.of) > 1
            for below in rule.of:
                yield from _leaves(below, sense, is_alternative=is_alternative or is_choice)
        case _:
            yield rule, sense, is_alternative


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
    match leaf:
        case ObservationRule(fact=fact) if fact in _SCALES:
            return Limit("performance", _SCALES[fact], **_bounds(leaf), **stands)  # type: ignore[arg-type]
        case ObservationRule():
            return Limit("limit", leaf.fact, unit=leaf.unit, **_bounds(leaf), **stands)  # type: ignore[arg-type]
        case AgeRule():
            return Limit("age", "age", unit="years", **_bounds(leaf), **stands)  # type: ignore[arg-type]
        case SexRule():
            return Limit("sex", "sex", expect=leaf.expect, **stands)  # type: ignore[arg-type]
        case ConditionRule():
            silence = "passes" if _passes_unrecorded(leaf, sense) else "unknown"
            return Limit("condition", leaf.fact, expect=leaf.expect, silence=silence, **stands)  # type: ignore[arg-type]
        case AttestedRule():
            return Limit("attested", leaf.question, expect=leaf.expect, **stands)  # type: ignore[arg-type]


def _bounds(leaf: ObservationRule | AgeRule) -> dict[str, object]:
    """Give the bounds of a leaf."""
    return {name: getattr(leaf, name) for name in ("at_least", "above", "at_most", "below")}


def _passes_unrecorded(leaf: ConditionRule, sense: Sense) -> bool:
    """Say whether a condition that is not recorded counts as absent, and that lets in."""
    is_absence_good = (leaf.expect == "absent") == (sense == "required")
    return leaf.not_recorded == "absent" and is_absence_good
