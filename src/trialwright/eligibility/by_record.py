"""What a record alone says of a criterion, if people answer in the participant's favour.

In step with `warehouse.trees.if_people_agree`: what people alone decide is then neither missing nor
in the way, and what is missing is what a record would decide.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.context import Context
from trialwright.eligibility.trees import branch, combined, judge, negated
from trialwright.protocol.criteria import (
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
    directly_below,
    leaves,
)
from trialwright.protocol.event_rules import SpecimenRule
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule, Leaf
from trialwright.terms.verdicts import Answer, Finding, all_of, any_of

OF_PEOPLE = AttestedRule, ApprovalRule, SpecimenRule
"""Kinds of leaves that no record decides."""


def finding_by_record(
    criterion: Criterion, casebook: Casebook, context: Context
) -> tuple[Finding, Mapping[Leaf, Finding]]:
    """Judge a criterion as if people answered in the participant's favour.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    casebook : Casebook
        What is known.
    context : Context
        Days and vocabulary, of the criterion's anchor.

    Returns
    -------
    Finding
        Not applicable for whom it does not concern. What is missing are facts of a record; where
        people say which of two rules holds, those of the one that lets in sooner, or of both.
    mapping of Leaf to Finding
        What was found of each leaf that a record decides, in the order of the criterion.
    """
    if criterion.rule is None:
        return Finding(Answer.MET, "a permission: it never restricts"), {}
    if criterion.sex is not None and casebook.sex not in (None, criterion.sex):
        told = f"asked of {criterion.sex} participants only; recorded sex {casebook.sex}"
        return Finding(Answer.NOT_APPLICABLE, told), {}
    asked = _Asked(casebook, context)
    found = asked.agreed(criterion.rule, is_good=not criterion.is_exclusion)
    return negated(found) if criterion.is_exclusion else found, asked.leaves


class _Asked:
    """One participant, asked leaf by leaf."""

    def __init__(self, casebook: Casebook, context: Context) -> None:
        self._casebook, self._context = casebook, context
        self.leaves: dict[Leaf, Finding] = {}

    def agreed(self, rule: Rule, *, is_good: bool) -> Finding:
        """Judge a tree; `is_good` says whether meeting it lets a participant in."""
        inner: Sequence[Rule] = directly_below(rule)
        if not inner:
            return self._of_leaf(rule, is_good=is_good)  # type: ignore[arg-type]  # nothing below
        if isinstance(rule, NotRule):
            return negated(self.agreed(rule.rule, is_good=not is_good))
        if isinstance(rule, FirstRule):
            inner = [each for each in inner if not all(map(_needs_person, leaves(each)))] or inner
        if isinstance(rule, IfRule) and any(map(_needs_person, leaves(rule.condition))):
            return self._either(rule, is_good=is_good)
        return branch(rule, tuple(self.agreed(each, is_good=is_good) for each in inner))

    def _of_leaf(self, leaf: Leaf, *, is_good: bool) -> Finding:
        """Judge a leaf, once."""
        if _needs_person(leaf):
            answer = Answer.MET if is_good else Answer.NOT_MET
            return Finding(answer, "left to people, in the participant's favour")
        if leaf not in self.leaves:
            self.leaves[leaf] = judge(leaf, self._casebook, self._context)
        return self.leaves[leaf]

    def _either(self, rule: IfRule, *, is_good: bool) -> Finding:
        """Judge by the better of two rules, where people say which one holds."""
        rules = [self.agreed(each, is_good=is_good) for each in (rule.then, rule.otherwise)]
        conditions = [self.agreed(rule.condition, is_good=each) for each in (True, False)]
        either = tuple(branch(rule, (each, *rules)) for each in conditions)
        answers = [each.answer for each in either]
        return combined(any_of(answers) if is_good else all_of(answers), either)


def _needs_person(leaf: Any) -> bool:
    """Say whether no record decides a leaf."""
    return isinstance(leaf, OF_PEOPLE)
