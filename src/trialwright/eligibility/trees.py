"""Rule trees: every kind of leaf is judged in its own file, the branches are combined here."""

from collections.abc import Iterator
from typing import Any

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds import age, attested, condition, observation, sex
from trialwright.protocol.criteria import AllRule, AnyRule, NotRule, Rule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.verdicts import Answer, Finding, all_of, any_of, negate

LEAF_KINDS: dict[str, Any] = {
    "observation": observation,
    "condition": condition,
    "age": age,
    "sex": sex,
    "attested": attested,
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
    match rule:
        case AllRule():
            parts = tuple(judge(each, casebook, context) for each in rule.of)
            return _combined(all_of([each.answer for each in parts]), parts)
        case AnyRule():
            parts = tuple(judge(each, casebook, context) for each in rule.of)
            return _combined(any_of([each.answer for each in parts]), parts)
        case NotRule():
            below = judge(rule.rule, casebook, context)
            return Finding(
                negate(below.answer), below.because, below.evidence, below.missing, below.parts
            )
        case _:
            finding: Finding = LEAF_KINDS[rule.kind].judge(rule, casebook, context)
            return finding


def _combined(answer: Answer, parts: tuple[Finding, ...]) -> Finding:
    """Give the finding of a branch: the parts with its own answer are its reason."""
    deciding = [each for each in parts if each.answer is answer]
    return Finding(
        answer,
        "; ".join(each.because.removesuffix(".") for each in deciding),
        tuple(dict.fromkeys(fact for each in deciding for fact in each.evidence)),
        tuple(dict.fromkeys(name for each in deciding for name in each.missing)),
        parts,
    )


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
    match rule:
        case AllRule():
            return "(" + " and ".join(say(each, terms) for each in rule.of) + ")"
        case AnyRule():
            return "(" + " or ".join(say(each, terms) for each in rule.of) + ")"
        case NotRule():
            return f"not ({say(rule.rule, terms)})"
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
    match rule:
        case AllRule() | AnyRule():
            for place, below in enumerate(rule.of):
                yield from check(below, terms, f"{where}.of.{place}")
        case NotRule():
            yield from check(rule.rule, terms, f"{where}.rule")
        case _:
            for found, allowed, do in LEAF_KINDS[rule.kind].check(rule, terms):
                yield where, found, allowed, do
