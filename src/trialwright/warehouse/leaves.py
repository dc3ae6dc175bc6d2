"""The leaves of a protocol's criteria for a warehouse: each once, and what facts they ask for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.eligibility.context import Context
from trialwright.protocol.criteria import leaves
from trialwright.protocol.event_rules import LinesRule, StableRule
from trialwright.protocol.leaf_rules import (
    ClearanceRule,
    FindingRule,
    MultipleRule,
    ObservationRule,
    QtcfRule,
    RangeRule,
)
from trialwright.protocol.leaf_rules import Leaf as LeafRule
from trialwright.protocol.study import Study
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Fault, Refusal
from trialwright.warehouse.answering import ROOM, Latest
from trialwright.warehouse.columns import RESULTS, Bits, Leaf
from trialwright.warehouse.reads import Wanted
from trialwright.warehouse.trees import LEAF_KINDS


@dataclass(frozen=True, slots=True)
class Numbered:
    """Leaves, each once, and which criterion asks which.

    Attributes
    ----------
    leaves : tuple of Leaf
        By number; the leaf of number 3 is named `l3`.
    of_criterion : mapping of str to mapping of leaf rule to int
        By criterion, the numbers of its leaves.
    """

    leaves: tuple[Leaf, ...]
    of_criterion: Mapping[str, Mapping[LeafRule, int]]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which they are judged, in order."""
        return tuple(sorted({each.context.day for each in self.leaves}))

    def on(self, day: date) -> tuple[tuple[int, Leaf], ...]:
        """Give the leaves judged on a day.

        Parameters
        ----------
        day : date
            The day.

        Returns
        -------
        tuple of (int, Leaf)
            With their numbers.
        """
        return tuple(pair for pair in enumerate(self.leaves) if pair[1].context.day == day)


def numbered(study: Study, contexts: Mapping[str, Context]) -> Numbered:
    """Give the leaves of a protocol numbers; equal rules of one anchor's day are one leaf.

    Parameters
    ----------
    study : Study
        The protocol.
    contexts : mapping of str to Context
        By anchor.

    Returns
    -------
    Numbered
        In the order of the protocol.
    """
    found: dict[tuple[LeafRule, date | None, date], int] = {}
    listed: list[Leaf] = []
    of_criterion: dict[str, dict[LeafRule, int]] = {}
    for criterion in study.criteria:
        context = contexts[criterion.anchor]
        mine = of_criterion.setdefault(criterion.id, {})
        for rule in leaves(criterion.rule):
            key = rule, context.anchored_on, context.day
            if key not in found:
                found[key] = len(listed)
                listed.append(Leaf(f"l{len(listed)}", rule, context))
            mine[rule] = found[key]
    return Numbered(tuple(listed), of_criterion)


def wanted(found: Sequence[Leaf], study: Study) -> Wanted:
    """Say what leaves ask of results.

    Parameters
    ----------
    found : sequence of Leaf
        All of one day; of several where the terms alone are wanted.
    study : Study
        Vocabulary.

    Returns
    -------
    Wanted
        Rules on the latest result of a term share a word.

    Raises
    ------
    Refusal
        If more rules of a day ask for the latest result of a term than a word has room for.
    """
    terms = frozenset(
        name for each in found for name in facts(each.rule) if study.terms[name].kind in RESULTS
    )
    older = frozenset(name for each in found for name in _older(each.rule))
    daily = frozenset(name for each in found for name in _daily(each.rule))
    by_fact: dict[str, list[Leaf]] = {}
    for each in found:
        fact = _latest(each.rule)
        if fact:
            by_fact.setdefault(fact, []).append(each)
    faults = [*_crowded(by_fact)]
    if faults:
        raise Refusal(faults)
    latest: dict[str, list[Latest]] = {}
    word = used = 0
    for fact, some in by_fact.items():
        if used + len(some) > ROOM:
            word, used = word + 1, 0
        latest[fact] = [
            Latest(leaf, fact, Bits(word, 2 * place), LEAF_KINDS[leaf.rule.kind], _since(leaf))
            for place, leaf in enumerate(some, used)
        ]
        used += len(some)
    return Wanted(terms, older, daily, latest)


def _crowded(by_fact: Mapping[str, Sequence[Leaf]]) -> Iterator[Fault]:
    """Find terms on whose latest result more rules of one day ask than a word has room for."""
    for fact, some in by_fact.items():
        most = max(Counter(each.context.day for each in some).values())
        if most > ROOM:
            yield Fault(
                f"criteria: {fact}",
                f"{most} rules on its latest result",
                f"at most {ROOM} in a hospital that is screened at once",
                "Put bounds that criteria or arms share in equal rules, which count once",
            )


def facts(rule: LeafRule) -> Iterator[str]:
    """Give the terms that a leaf asks for.

    Parameters
    ----------
    rule : LeafRule
        The leaf.

    Yields
    ------
    str
        Names in the vocabulary.
    """
    match rule:
        case ClearanceRule():
            yield from (rule.creatinine, rule.weight)
        case QtcfRule():
            yield from (rule.fact, rule.qt, rule.rr)
        case StableRule():
            yield from (rule.fact, rule.status)
        case LinesRule():
            named = (rule.fact, rule.relapse, rule.relapse_after)
            yield from (name for name in named if name is not None)
        case _:
            fact = getattr(rule, "fact", None)
            if fact is not None:
                yield fact


def _older(rule: LeafRule) -> Iterator[str]:
    """Give the terms of which a leaf reads older results than the newest."""
    match rule:
        case ObservationRule(pick="any" | "worst"):
            yield rule.fact
        case QtcfRule():
            yield rule.rr
        case StableRule():
            yield rule.status


def _daily(rule: LeafRule) -> Iterator[str]:
    """Give the terms of which all results of the newest day make one answer."""
    match rule:
        case ObservationRule(pick="mean"):
            yield rule.fact
        case QtcfRule():
            yield from (rule.fact, rule.qt)
        case ClearanceRule():
            yield from (rule.creatinine, rule.weight)


def _latest(rule: LeafRule) -> str:
    """Give the term on whose latest result a leaf is a rule; empty for others."""
    match rule:
        case ObservationRule(pick="latest") | MultipleRule() | RangeRule() | FindingRule():
            return rule.fact
        case _:
            return ""


def _since(leaf: Leaf) -> date | None:
    """Give the first day on which a result counts; None: any day."""
    days = getattr(leaf.rule, "within_days", None)
    if days is None:
        return None
    anchored = leaf.context.anchored_on
    return date.max if anchored is None else days_after(anchored, -days)
