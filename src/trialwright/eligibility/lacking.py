"""Which facts of a record would decide a criterion, and why each does not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.eligibility.by_record import finding_by_record
from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.eligibility.newest import amount_of, newest
from trialwright.eligibility.todo import words_of
from trialwright.eligibility.windows import within
from trialwright.protocol.criteria import Anchor, Criterion
from trialwright.protocol.leaf_rules import ClearanceRule, Leaf, MultipleRule, RangeRule
from trialwright.protocol.rule_parts import Recorded
from trialwright.protocol.study import Study
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.verdicts import Answer, Finding


class Why(StrEnum):
    """Why a fact does not decide a criterion."""

    NOTHING = "nothing recorded"
    INCOMPLETE = "nothing in a record not known to be complete"
    UNREADABLE = "cannot be read"
    TOO_OLD = "too old"
    NO_RANGE = "no reference range"
    OPEN = "recorded, and leaves it open"


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact that would decide a criterion.

    Attributes
    ----------
    name : str
        As `Finding.missing` names it.
    says : str
        In words.
    why : Why
        Why it does not decide.
    """

    name: str
    says: str
    why: Why


@dataclass(frozen=True, slots=True)
class MissingFact:
    """How many people lack a fact.

    Attributes
    ----------
    name, says : str
        The fact, and the same in words.
    people : int
        Those who lack it.
    alone : int
        Of these, those who lack nothing else.
    why : tuple of (Why, int)
        Why it does not decide, and of how many; in the order of `Why`, those that occur.
    """

    name: str
    says: str
    people: int
    alone: int
    why: tuple[tuple[Why, int], ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a record lacks to decide a criterion.

    Attributes
    ----------
    finding : Finding
        What the record says if people answer in the participant's favour.
    lacks : tuple of Lack
        While that is unknown, each fact that is missing, in the order of the finding.
    """

    finding: Finding
    lacks: tuple[Lack, ...]


def lacking(
    criterion: Criterion,
    study: Study,
    casebook: Casebook,
    as_of: date,
    anchors: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...] = (),
) -> Lacking:
    """Say which facts would decide a criterion, if people answer in the participant's favour.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    study : Study
        Whose vocabulary it speaks.
    casebook : Casebook
        What is known of the participant.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days that are known.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.

    Returns
    -------
    Lacking
        Nothing lacks where a record decides.
    """
    context = Context(
        "",
        as_of,
        anchors,
        criterion.anchor,
        study.terms,
        study.medicines,
        study.completeness or "",
        laboratory,
    )
    found, of_leaves = finding_by_record(criterion, casebook, context)
    if found.answer is not Answer.UNKNOWN:
        return Lacking(found, ())
    asked: dict[str, Leaf] = {}
    for leaf, each in of_leaves.items():
        for name in each.missing:
            asked.setdefault(name, leaf)
    lacks = (
        Lack(name, words_of(name, study), _why(name, asked[name], casebook, context))
        for name in found.missing
    )
    return Lacking(found, tuple(lacks))


def count_missing(of_people: Iterable[Sequence[Lack]]) -> tuple[MissingFact, ...]:
    """Count the facts that people lack.

    Parameters
    ----------
    of_people : iterable of sequence of Lack
        What each lacks; who lacks several facts counts with each of them.

    Returns
    -------
    tuple of MissingFact
        What most people lack first, then by name.
    """
    whys: dict[tuple[str, str], Counter[Why]] = {}
    alone: Counter[tuple[str, str]] = Counter()
    for lacks in of_people:
        for each in lacks:
            fact = each.name, each.says
            whys.setdefault(fact, Counter())[each.why] += 1
            alone[fact] += len(lacks) == 1
    found = [
        MissingFact(*fact, why.total(), alone[fact], tuple((x, why[x]) for x in Why if why[x]))
        for fact, why in whys.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.people, each.name)))


def _why(name: str, leaf: Leaf, casebook: Casebook, context: Context) -> Why:
    """Say why a fact does not decide a leaf."""
    if name not in context.terms:  # of the person
        is_known = {"age": casebook.born, "sex": casebook.sex}.get(name) is not None
        return Why.OPEN if is_known else Why.NOTHING
    term = context.terms[name]
    if term.kind == "condition":
        is_recorded = bool(casebook.conditions_of(name, context.day))
    elif term.members:
        is_recorded = bool(casebook.treated_with(term.members, context.day))
    else:
        results = newest(name, casebook, context)
        if results:
            return _why_not_by(results, leaf, context)
        is_recorded = False
    if is_recorded:
        return Why.OPEN
    if casebook.unsettled.intersection((name, *term.members)):
        return Why.UNREADABLE
    is_silent = isinstance(leaf, Recorded) and leaf.not_recorded == "absent-if-complete"
    return Why.INCOMPLETE if is_silent else Why.NOTHING


def _why_not_by(results: Sequence[Observation], leaf: Leaf, context: Context) -> Why:
    """Say why the newest results do not decide a leaf."""
    fact = results[0].term
    is_undated = isinstance(leaf, ClearanceRule) and fact != leaf.creatinine
    days = None if is_undated else getattr(leaf, "within_days", None)
    if days is not None and all(
        within(each.on, days, context) is Answer.NOT_MET for each in results
    ):
        return Why.TOO_OLD
    term = context.terms[fact]
    if any(each.value == IN_QUESTION for each in results):
        return Why.UNREADABLE
    if term.unit and any(
        isinstance(amount_of(each, term.unit, context), Finding) for each in results
    ):
        return Why.UNREADABLE
    if isinstance(leaf, MultipleRule | RangeRule) and not any(
        _has_range(each, leaf, context) for each in results
    ):
        return Why.NO_RANGE
    return Why.OPEN


def _has_range(found: Observation, leaf: MultipleRule | RangeRule, context: Context) -> bool:
    """Say whether a result, or the institution's table, has a range that a leaf may use."""
    group = leaf.group if isinstance(leaf, RangeRule) else ""
    is_own = not group and (found.low is not None or found.high is not None)
    lines = (each.term == leaf.fact and each.group == group for each in context.laboratory)
    return is_own or any(each.group == group for each in found.ranges) or any(lines)
