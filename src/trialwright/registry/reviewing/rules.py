"""What reviewed proposals make of a criterion: a rule decided from facts, or a person's answer.

Only what the words plainly say together becomes a rule. Words that turn what was read (an
alternative, an exception, a denial, a circumstance), and an exclusion of which a part is left over,
stay with a person, whose answer covers the whole criterion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from trialwright.protocol.proposals import (
    AgeProposal,
    LimitProposal,
    PerformanceProposal,
    Proposal,
    SexProposal,
)
from trialwright.registry.proposing.analytes import term_of
from trialwright.registry.reviewing.leftovers import asks_more, turning_words
from trialwright.terms.quantities import comparable

Plain: TypeAlias = dict[str, Any]

NOT_YET = {
    "life-expectancy": "an investigator's estimate is a person's answer",
    "wash-out": "which treatments the words cover is for people to list; the kind treatment "
    "then counts from the last dose",
    "prior-lines": "which treatments and which ends count is for people to list; the kind lines "
    "then counts them",
}
"""Kinds of proposal of which the words alone make no rule, with the reason."""

_SIDES = {"at_least": "low", "above": "low", "at_most": "high", "below": "high"}
_ECOG_LIKE = ("ECOG", "Zubrod", "WHO")
_RATIO = "1"  # UCUM's unit of a ratio such as the INR, which nobody writes


@dataclass(frozen=True, slots=True)
class Ruled:
    """What becomes of a criterion when every proposal of it is decided.

    Attributes
    ----------
    kind : {'rule', 'attested', 'kept'}
        Of the criterion; `kept` where people wrote more than a draft's question, which stays.
    rule : dict or None
        In the form of the protocol file; None: the criterion has none.
    terms : dict
        Terms that the rule needs, by name.
    because : str
        What a person still answers, and why; empty when facts decide alone.
    """

    kind: Literal["rule", "attested", "kept"]
    rule: Plain | None
    terms: Plain
    because: str


def ruled(
    criterion_id: str,
    source_text: str,
    asked: Plain,
    proposals: Sequence[Proposal],
    arms: Sequence[str] = (),
) -> Ruled:
    """Make the rule of a criterion whose proposals are decided.

    Parameters
    ----------
    criterion_id : str
        `I04` or `E04`.
    source_text : str
        Its words.
    asked : dict
        The rule by which a person answers for the whole of it.
    proposals : sequence of Proposal
        None of them still `proposed`.
    arms : sequence of str
        Arms to which it applies; empty: every arm.

    Returns
    -------
    Ruled
        A rule only where the words leave nothing open.
    """
    taken = [each for each in proposals if each.standing in ("accepted", "edited")]
    leaves: list[Plain] = []
    terms: Plain = {}
    reasons: list[str] = []
    for each in taken:
        leaf, term, why = _leaf_for(each, arms)
        leaves += [] if leaf is None else [leaf]
        reasons += [why] if why else []
        terms.update(term)
    turned = turning_words(source_text, taken, arms) or _limited_twice(leaves)
    if turned:
        reasons.append(turned)
    elif asks_more(source_text, proposals, arms):
        reasons.append("the words ask for more than what was read")
    if any(each.standing == "attested" for each in proposals):
        reasons.append("a limit is left to a person")
    because = "; ".join(dict.fromkeys(reasons))
    is_exclusion = criterion_id.startswith("E")
    if not leaves or turned or (is_exclusion and (because or len(leaves) > 1)):
        several = "which of its limits excludes alone is for people to say"
        otherwise = several if leaves else "what was taken keeps nobody out"
        return Ruled("attested", asked, {}, because or otherwise)
    whole = leaves if not because else [*leaves, asked]
    rule = whole[0] if len(whole) == 1 else {"kind": "all", "of": whole}
    return Ruled("rule", rule, terms, because)


def _leaf_for(proposal: Proposal, arms: Sequence[str]) -> tuple[Plain | None, Plain, str]:
    """Give the rule of one proposal, if it holds for the arms of its criterion."""
    if proposal.arms and set(proposal.arms) != set(arms):
        return None, {}, f"it holds for arm {' and '.join(proposal.arms)} only"
    return leaf_of(proposal)


def _limited_twice(leaves: Sequence[Plain]) -> str:
    """Say which value has two limits on one side; the words may mean one of them for some."""
    sides = [
        (leaf.get("fact", "age"), side)
        for leaf in leaves
        for name, side in _SIDES.items()
        if name in leaf
    ]
    twice = next((fact for fact, side in sides if sides.count((fact, side)) > 1), "")
    return f"the words limit {twice} twice" if twice else ""


def leaf_of(proposal: Proposal) -> tuple[Plain | None, Plain, str]:
    """Give the rule of one proposal where a kind of rule runs it.

    Parameters
    ----------
    proposal : Proposal
        Taken by a person.

    Returns
    -------
    leaf : dict or None
        In the form of the protocol file.
    terms : dict
        The term it needs, by name.
    because : str
        Why there is no leaf; empty when there is one, and for both sexes, which asks nothing.
    """
    match proposal:
        case LimitProposal():
            return _limit(proposal)
        case AgeProposal(unit="years"):
            return {"kind": "age", **_bounds(proposal)}, {}, ""
        case SexProposal(expect="female" | "male"):
            return {"kind": "sex", "expect": proposal.expect}, {}, ""
        case SexProposal():
            return None, {}, ""
        case PerformanceProposal() if proposal.scale in _ECOG_LIKE:
            leaf = {"kind": "observation", "fact": "ecog", **_bounds(proposal), "unit": "{score}"}
            return leaf, {"ecog": term_of("ecog")}, ""
        case PerformanceProposal():
            return None, {}, f"no fact of the {proposal.scale} scale is known here yet"
        case _:
            return None, {}, NOT_YET.get(proposal.kind, f"no rule runs '{proposal.words}' yet")


def _limit(limit: LimitProposal) -> tuple[Plain | None, Plain, str]:
    """Give the rule of a limit on a measured value."""
    if limit.times == "baseline":
        return None, {}, "no kind of rule counts multiples of the baseline"
    if limit.given:
        return None, {}, f"it holds only given: {limit.given}"
    term = term_of(limit.fact)
    if not term:
        return None, {}, f"no fact {limit.fact} is known here yet"
    if limit.times:
        multiple = {"kind": "multiple", "fact": limit.fact, "times": limit.times}
        return {**multiple, **_bounds(limit)}, {limit.fact: term}, ""
    unit = limit.unit or (_RATIO if term["unit"] == _RATIO else "")
    if not unit:
        return None, {}, f"the unit of {limit.fact} is not stated"
    if not comparable(unit, term["unit"], term.get("substance", "")):
        return None, {}, f"{limit.fact} in {unit} cannot be compared with {term['unit']} here yet"
    leaf = {"kind": "observation", "fact": limit.fact, **_bounds(limit), "unit": unit}
    return leaf, {limit.fact: term}, ""


def _bounds(proposal: Proposal) -> Plain:
    """Give the bounds that a proposal has."""
    found = {name: getattr(proposal, name, None) for name in _SIDES}
    return {name: number for name, number in found.items() if number is not None}
