"""What reviewed proposals make of a criterion: a rule decided from facts, or a person's answer.

Only what the words plainly say together becomes a rule. Words that hold an alternative or an
exception, and an exclusion of which a part is left over, stay with a person, whose answer covers
the whole criterion.
"""

import re
from collections.abc import Mapping, Sequence
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

Plain: TypeAlias = dict[str, Any]

NOT_YET = {
    "life-expectancy": "an investigator's estimate is a person's answer",
    "wash-out": "no kind of rule counts wash-outs yet",
    "prior-lines": "no kind of rule counts lines of therapy yet",
}
"""Kinds of proposal that no kind of rule runs, with the reason."""

_OTHERWISE = re.compile(
    r"\b(?:or|unless|except(?:ion)?|if|however|otherwise|provided|alternatively)\b", re.IGNORECASE
)
_IDLE = re.compile(
    r"\b(?:and|a|an|the|of|with|is|are|be|must|should|have|has|had|patients?|participants?|"
    r"subjects?|adequate|serum|total|at|both)\b",
    re.IGNORECASE,
)
_BOUNDS = ("at_least", "above", "at_most", "below")
_ECOG_LIKE = ("ECOG", "Zubrod", "WHO")


@dataclass(frozen=True, slots=True)
class Ruled:
    """What becomes of a criterion when every proposal of it is decided.

    Attributes
    ----------
    kind : {'rule', 'attested'}
        Of the criterion.
    rule : dict
        In the form of the protocol file.
    terms : dict
        Terms that the rule needs, by name.
    because : str
        What a person still answers, and why; empty when facts decide alone.
    """

    kind: Literal["rule", "attested"]
    rule: Plain
    terms: Plain
    because: str


def ruled(
    criterion_id: str, source_text: str, question: str, proposals: Sequence[Proposal]
) -> Ruled:
    """Make the rule of a criterion whose proposals are decided.

    Parameters
    ----------
    criterion_id : str
        `I04` or `E04`.
    source_text : str
        Its words.
    question : str
        Name of the question that a person answers for the whole of it.
    proposals : sequence of Proposal
        None of them still `proposed`.

    Returns
    -------
    Ruled
        A rule only where the words leave nothing open.
    """
    asked: Plain = {"kind": "attested", "question": question}
    taken = [each for each in proposals if each.standing in ("accepted", "edited")]
    leaves: list[Plain] = []
    terms: Plain = {}
    reasons: list[str] = []
    for each in taken:
        leaf, term, why = leaf_of(each)
        if leaf is None:
            reasons.append(why)
            continue
        leaves.append(leaf)
        terms.update(term)
    rest = _rest(source_text, taken)
    otherwise = _OTHERWISE.search(rest)
    if otherwise:
        reasons.append(f"the words hold '{otherwise[0]}' outside what was read")
    elif re.search(r"\w", _IDLE.sub(" ", rest)):
        reasons.append("the words ask for more than what was read")
    if any(each.standing == "attested" for each in proposals):
        reasons.append("a limit is left to a person")
    because = "; ".join(dict.fromkeys(reasons))
    is_exclusion = criterion_id.startswith("E")
    if not leaves or otherwise or (is_exclusion and (because or len(leaves) > 1)):
        several = "which of its limits excludes alone is for people to say"
        return Ruled("attested", asked, {}, because or (several if leaves else "nothing was taken"))
    whole = leaves if not because else [*leaves, asked]
    rule = whole[0] if len(whole) == 1 else {"kind": "all", "of": whole}
    return Ruled("rule", rule, terms, because)


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
        Why there is no leaf; empty when there is one.
    """
    match proposal:
        case LimitProposal():
            return _limit(proposal)
        case AgeProposal(unit="years"):
            return {"kind": "age", **_bounds(proposal)}, {}, ""
        case SexProposal(expect="female" | "male"):
            return {"kind": "sex", "expect": proposal.expect}, {}, ""
        case PerformanceProposal() if proposal.scale in _ECOG_LIKE:
            leaf = {"kind": "observation", "fact": "ecog", **_bounds(proposal), "unit": "{score}"}
            return leaf, {"ecog": term_of("ecog")}, ""
        case PerformanceProposal():
            return None, {}, f"no fact of the {proposal.scale} scale is known here yet"
        case _:
            return None, {}, NOT_YET.get(proposal.kind, f"no rule runs '{proposal.words}' yet")


def _limit(limit: LimitProposal) -> tuple[Plain | None, Plain, str]:
    """Give the rule of a limit on a measured value."""
    if limit.times:
        return None, {}, f"no kind of rule counts multiples of {limit.times} yet"
    if limit.given:
        return None, {}, f"it holds only given: {limit.given}"
    term = term_of(limit.fact)
    if not limit.unit or not term:
        return None, {}, f"the unit of {limit.fact} is not stated"
    leaf = {"kind": "observation", "fact": limit.fact, **_bounds(limit), "unit": limit.unit}
    return leaf, {limit.fact: term}, ""


def _bounds(proposal: Proposal) -> Plain:
    """Give the bounds that a proposal has."""
    found = {name: getattr(proposal, name, None) for name in _BOUNDS}
    return {name: number for name, number in found.items() if number is not None}


def _rest(source_text: str, taken: Sequence[Proposal]) -> str:
    """Give the words of a criterion that no taken proposal was read from."""
    rest = list(source_text)
    for each in taken:
        rest[each.start : each.end] = " " * (each.end - each.start)
    return "".join(rest)


def question_of(rule: Mapping[str, Any]) -> str:
    """Give the question that a drafted criterion asks a person.

    Parameters
    ----------
    rule : mapping of str to object
        The rule of a criterion in a draft.

    Returns
    -------
    str
        Name of the term; empty when the rule asks none.
    """
    if rule.get("kind") == "attested":
        return str(rule.get("question", ""))
    inside = rule.get("of", [rule["rule"]] if "rule" in rule else [])
    return next((found for each in inside if (found := question_of(each))), "")
