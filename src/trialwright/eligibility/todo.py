"""What would decide the criteria that are open: in words, by whom, and cheapest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from trialwright.casebook.participant import Casebook
from trialwright.protocol.criteria import Anchor, Criterion
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule, Leaf
from trialwright.protocol.rule_parts import Recorded
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Effort
from trialwright.terms.verdicts import Finding

CHEAPEST_FIRST: tuple[Effort, ...] = get_args(Effort)
"""Efforts in the order in which people would make them."""

RECORDER = "coordinator"
"""Role that finds facts; questions and approvals name their own."""

_OF_THE_PERSON = {"age": "Date of birth", "sex": "Sex as recorded"}
_DAYS = {each: f"Day of {each.replace('_', ' ')}" for each in get_args(Anchor)}


@dataclass(frozen=True, slots=True)
class Needed:
    """One fact, answer or approval that is missing.

    Attributes
    ----------
    name : str
        Term of the vocabulary, medicine, `age`, `sex`, or the named day.
    says : str
        In words; for a question, the question.
    by : str
        Role that must answer or approve; of facts, the coordinator who finds them.
    effort : {'ask', 'chart', 'vital', 'laboratory', 'ecg', 'imaging', 'biopsy'}
        What it takes.
    criteria : tuple of str
        Ids of the open criteria that it would help to decide.
    """

    name: str
    says: str
    by: str
    effort: Effort
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """What is missing of one criterion that is unknown.

    Attributes
    ----------
    criterion : str
        Its id.
    missing : tuple of (str, str)
        Each name with the role that answers for it, in the order of the criterion.
    """

    criterion: str
    missing: tuple[tuple[str, str], ...]


def open_of(
    criterion: Criterion,
    below: Sequence[Leaf],
    found: Finding,
    study: Study,
    casebook: Casebook,
    as_of: date,
) -> Open:
    """Say what is missing of a criterion that is unknown.

    Parameters
    ----------
    criterion : Criterion
        The criterion.
    below : sequence of Leaf
        Its leaves.
    found : Finding
        What was found.
    study : Study
        Whose question it is whether the record is complete.
    casebook : Casebook
        What is known.
    as_of : date
        Facts of later days do not count.

    Returns
    -------
    Open
        What the finding names; where a record is silent about something that a complete record
        would hold, also the question whether it is complete.
    """
    roles = {
        leaf.question: leaf.by for leaf in below if isinstance(leaf, AttestedRule | ApprovalRule)
    }
    names = list(found.missing)
    complete = study.completeness
    is_asked = complete and casebook.answered(complete, as_of) is None
    if (
        complete
        and is_asked
        and any(_is_silence(leaf, found, study, casebook, as_of) for leaf in below)
    ):
        names.insert(0, complete)
        roles.setdefault(complete, "investigator")
    return Open(
        criterion.id, tuple((name, roles.get(name, RECORDER)) for name in dict.fromkeys(names))
    )


def needed(undecided: Iterable[Open], study: Study) -> tuple[Needed, ...]:
    """List what is missing, cheapest first.

    Parameters
    ----------
    undecided : iterable of Open
        Criteria that are unknown, in the order of the protocol.
    study : Study
        Gives the words.

    Returns
    -------
    tuple of Needed
        Each once, with every criterion it serves; of one effort, what serves most comes first.
    """
    criteria: dict[tuple[str, str], list[str]] = {}
    for each in undecided:
        for asked in each.missing:
            criteria.setdefault(asked, []).append(each.criterion)
    listed = [
        Needed(name, words_of(name, study), by, _effort(name, study), tuple(serves))
        for (name, by), serves in criteria.items()
    ]
    return tuple(sorted(listed, key=_cost))


def _cost(each: Needed) -> tuple[int, int]:
    """Order by effort; of one effort, what serves most criteria comes first."""
    return CHEAPEST_FIRST.index(each.effort), -len(each.criteria)


def _is_silence(leaf: Leaf, found: Finding, study: Study, casebook: Casebook, as_of: date) -> bool:
    """Say whether a leaf is open because a record is silent that may be incomplete."""
    if not isinstance(leaf, Recorded) or leaf.not_recorded != "absent-if-complete":
        return False
    fact: str = getattr(leaf, "fact", "")
    if fact not in found.missing:
        return False
    if not casebook.unsettled.isdisjoint((fact, *study.terms[fact].members)):
        return False  # what could not be read leaves it open however complete the record is
    match study.terms[fact].kind:
        case "condition":
            return not casebook.conditions_of(fact, as_of)
        case _:  # of a set of treatments nothing is observed: others of it may have been given
            return not casebook.observed(fact, as_of)


def words_of(name: str, study: Study) -> str:
    """Say what is missing.

    Parameters
    ----------
    name : str
        As `Finding.missing` names it.
    study : Study
        Gives the words of its vocabulary.

    Returns
    -------
    str
        E.g. `Hemoglobin`, or a question.
    """
    if name in study.terms:
        return study.terms[name].says
    return _OF_THE_PERSON.get(name) or _DAYS.get(name) or name


def _effort(name: str, study: Study) -> Effort:
    """Give what it takes to find something out."""
    return study.terms[name].takes if name in study.terms else "ask"
