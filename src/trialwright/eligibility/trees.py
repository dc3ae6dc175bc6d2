"""Rule trees: every kind of leaf is judged in its own file, the branches are combined here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds import (
    age,
    approval,
    attested,
    clearance,
    condition,
    finding,
    lines,
    multiple,
    observation,
    qtcf,
    range,  # noqa: A004  # named as the protocol names the kind
    sex,
    specimen,
    stable,
    treatment,
)
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
    below,
    directly_below,
)
from trialwright.protocol.vocabulary import Term
from trialwright.terms.verdicts import Answer, Finding, all_of, any_of, negate

LEAF_KINDS: dict[str, Any] = {
    "observation": observation,
    "multiple": multiple,
    "range": range,
    "finding": finding,
    "clearance": clearance,
    "qtcf": qtcf,
    "condition": condition,
    "stable": stable,
    "treatment": treatment,
    "lines": lines,
    "specimen": specimen,
    "age": age,
    "sex": sex,
    "attested": attested,
    "approval": approval,
}
"""One row a kind of leaf: the file that judges, says and checks it."""


def judge(rule: Rule, casebook: Casebook, context: Context) -> Finding:
    """Judge a tree from its leaves upwards, by Kleene's strong connectives.

    Parameters
    ----------
    rule : Rule
        The tree.
    casebook : Casebook
        What is known.
    context : Context
        Arm, days and vocabulary.

    Returns
    -------
    Finding
        With the findings of the parts; its reason is made of the parts that decide it.
    """
    kind = LEAF_KINDS.get(rule.kind)
    if kind is not None:
        found: Finding = kind.judge(rule, casebook, context)
        return found
    parts = tuple([judge(each, casebook, context) for each in directly_below(rule)])
    return negated(parts[0]) if isinstance(rule, NotRule) else branch(rule, parts)


def negated(found: Finding) -> Finding:
    """Turn the answer of a finding around; its reasons stay.

    Parameters
    ----------
    found : Finding
        What the rule below found.

    Returns
    -------
    Finding
        Unknown and not applicable stay.
    """
    return Finding(
        negate(found.answer),
        found.because,
        found.evidence,
        found.missing,
        found.parts,
        found.turns_on,
    )


def branch(rule: Rule, parts: tuple[Finding, ...]) -> Finding:
    """Give the finding of a branch from those of its parts.

    Parameters
    ----------
    rule : Rule
        Any but a leaf and `not`.
    parts : tuple of Finding
        In its order; of `first`, those that are asked.

    Returns
    -------
    Finding
        Its reason is made of the parts that decide it.
    """
    answers = [each.answer for each in parts]
    match rule:
        case AllRule():
            return combined(all_of(answers), parts)
        case AnyRule():
            return combined(any_of(answers), parts)
        case AtLeastRule():
            return combined(at_least(rule.number, answers), parts)
        case FirstRule():
            return _first(parts)
        case _:  # if
            return _if(parts)


def at_least(number: int, answers: Sequence[Answer]) -> Answer:
    """Say whether so many answers are met.

    Parameters
    ----------
    number : int
        How many must be.
    answers : sequence of Answer
        Not applicable ones are left out.

    Returns
    -------
    Answer
        Unknown while those that are unknown could still decide it.
    """
    met = sum(answer is Answer.MET for answer in answers)
    if met >= number:
        return Answer.MET
    may_be = met + sum(answer is Answer.UNKNOWN for answer in answers)
    return Answer.UNKNOWN if may_be >= number else Answer.NOT_MET


def combined(answer: Answer, parts: tuple[Finding, ...]) -> Finding:
    """Give the finding of a branch: the parts with its own answer are its reason.

    Parameters
    ----------
    answer : Answer
        Of the branch.
    parts : tuple of Finding
        At least one.

    Returns
    -------
    Finding
        With the reasons, facts and missing names of these, each once.
    """
    deciding = [each for each in parts if each.answer is answer]
    return _reasoned(answer, deciding or list(parts), parts)


def _reasoned(answer: Answer, deciding: Sequence[Finding], parts: tuple[Finding, ...]) -> Finding:
    """Give a finding whose reason is made of those of the deciding parts, each once."""
    reasons = (each.because.removesuffix(".").split("; ") for each in deciding)
    return Finding(
        answer,
        "; ".join(dict.fromkeys(one for several in reasons for one in several)),
        tuple(dict.fromkeys(fact for each in deciding for fact in each.evidence)),
        tuple(dict.fromkeys(name for each in deciding for name in each.missing)),
        parts,
        _turns(parts),
    )


def _first(parts: tuple[Finding, ...]) -> Finding:
    """Give the finding of the first part that is decided; else all that is open."""
    decided = next((each for each in parts if each.answer is not Answer.UNKNOWN), None)
    if decided is None:
        return _reasoned(Answer.UNKNOWN, parts, parts)
    return _reasoned(decided.answer, [decided], parts)


def _if(parts: tuple[Finding, ...]) -> Finding:
    """Give the finding of the rule that holds; of both, while it is unknown which."""
    condition, then, otherwise = parts
    if condition.answer is Answer.MET:
        return _reasoned(then.answer, [condition, then], parts)
    if condition.answer is not Answer.UNKNOWN:
        return _reasoned(otherwise.answer, [condition, otherwise], parts)
    if then.answer is otherwise.answer and then.answer is not Answer.UNKNOWN:
        return _reasoned(then.answer, [then, otherwise], parts)
    still = [each for each in (then, otherwise) if each.answer is Answer.UNKNOWN]
    deciding = still if len(still) == 2 else [condition, then, otherwise]
    return _reasoned(Answer.UNKNOWN, deciding, parts)


def _turns(parts: Iterable[Finding]) -> tuple[date, ...]:
    """Give the days on which the answer of any part may turn, in order, each once."""
    return tuple(sorted({day for each in parts for day in each.turns_on}))


def say(rule: Rule, terms: dict[str, Term]) -> str:
    """Say a tree as one sentence.

    Parameters
    ----------
    rule : Rule
        The tree.
    terms : dict of str to Term
        The vocabulary.

    Returns
    -------
    str
        With brackets round branches.
    """
    inner = [say(each, terms) for _, each in below(rule)]
    match rule:
        case AllRule():
            return "(" + " and ".join(inner) + ")"
        case AnyRule():
            return "(" + " or ".join(inner) + ")"
        case NotRule():
            return f"not ({inner[0]})"
        case AtLeastRule():
            return f"at least {rule.number} of (" + "; ".join(inner) + ")"
        case FirstRule():
            return "(" + ", or while that is unknown, ".join(inner) + ")"
        case IfRule():
            return f"(if {inner[0]}: {inner[1]}; otherwise: {inner[2]})"
        case _:
            said: str = LEAF_KINDS[rule.kind].say(rule, terms)
            return said


def check(rule: Rule, terms: dict[str, Term], where: str) -> Iterator[tuple[str, str, str, str]]:
    """Check a tree at design time.

    Parameters
    ----------
    rule : Rule
        The tree.
    terms : dict of str to Term
        The vocabulary.
    where : str
        Dotted path of the tree.

    Yields
    ------
    tuple of str
        Where, found, allowed, do.
    """
    inner = below(rule)
    if not inner:
        for found, allowed, do in LEAF_KINDS[rule.kind].check(rule, terms):
            yield where, found, allowed, do
    if isinstance(rule, AtLeastRule) and rule.number > len(rule.of):
        yield (
            f"{where}.number",
            f"at least {rule.number} of {len(rule.of)}, which nobody meets",
            f"1 to {len(rule.of)}",
            "Correct the number, or add the rules that are missing",
        )
    for path, each in inner:
        yield from check(each, terms, f"{where}.{path}")
