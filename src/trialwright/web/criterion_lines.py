"""Lines of a checklist: a criterion, its verdict, and what it asks of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trialwright.casebook.facts import Attestation
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.eligibility.screening import CriterionVerdict
from trialwright.protocol.criteria import Criterion, leaves
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.web.checklists import Wanted, missing_beside
from trialwright.web.forms import AnswerForm


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a criterion asks of a person.

    Attributes
    ----------
    name, says : str
        Of the vocabulary.
    by : str
        Role that answers.
    given : Attestation or None
        The last answer on record.
    form : AnswerForm or None
        None: the account may not answer.
    """

    name: str
    says: str
    by: str
    given: Attestation | None
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of the checklist.

    Attributes
    ----------
    criterion : Criterion
        As in the protocol.
    verdict : CriterionVerdict
        With its reason and evidence.
    questions : tuple of Question
        What it asks of people.
    is_open : bool
        Whether it stands in the way of registration.
    is_answering : bool
        Whether an answer to one of its questions was refused just now.
    is_excepted : bool
        Whether an exception or deviation stands on record for it.
    missing : tuple of str
        What is not on record, beside the answers to its questions.
    """

    criterion: Criterion
    verdict: CriterionVerdict
    questions: tuple[Question, ...]
    is_open: bool
    is_answering: bool
    is_excepted: bool
    missing: tuple[str, ...]


def line_of(
    state: TrialState,
    here: ParticipantState,
    verdict: CriterionVerdict,
    actor: Actor,
    bound: Mapping[str, Any],
    wanted: Wanted,
) -> Line:
    """Give one line of the checklist.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    verdict : CriterionVerdict
        On one criterion.
    actor : Actor
        Who looks.
    bound : mapping of str to object
        Forms that were refused, by `answer-` and the question.
    wanted : Wanted
        Arm and days judged.

    Returns
    -------
    Line
        With a form for each question that the actor may answer.

    Raises
    ------
    KeyError
        If the verdict is on no criterion of the protocol.
    """
    criterion = state.study.criterion(verdict.criterion)
    if criterion is None:
        raise KeyError(verdict.criterion)
    asked = {
        leaf.question: leaf.by
        for leaf in leaves(criterion.rule)
        if isinstance(leaf, AttestedRule | ApprovalRule)
    }
    questions = tuple(
        _question(state, here, name, by, actor, bound.get(f"answer-{name}"), wanted)
        for name, by in asked.items()
    )
    is_open = str(verdict.finding.answer) in ("not met", "unknown")
    is_answering = any(f"answer-{each.name}" in bound for each in questions)
    is_excepted = criterion.id in here.excepted
    missing = missing_beside(state, verdict, asked)
    return Line(criterion, verdict, questions, is_open, is_answering, is_excepted, missing)


def whole_record(
    state: TrialState,
    here: ParticipantState,
    actor: Actor,
    bound: Mapping[str, Any],
    wanted: Wanted,
) -> Question | None:
    """Give the question whether the record is complete, which many criteria rest on.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    actor : Actor
        Who looks.
    bound : mapping of str to object
        Forms that were refused, by `answer-` and the question.
    wanted : Wanted
        Arm and days judged.

    Returns
    -------
    Question or None
        None: the protocol asks no such question.
    """
    name = state.study.completeness
    if name is None:
        return None
    return _question(state, here, name, "investigator", actor, bound.get(f"answer-{name}"), wanted)


def _question(
    state: TrialState,
    here: ParticipantState,
    name: str,
    by: str,
    actor: Actor,
    bound: AnswerForm | None,
    wanted: Wanted,
) -> Question:
    """Give a question with the last answer, and a form when the account may answer."""
    answers = [each for each in here.casebook.attestations if each.question == name]
    form = bound
    if form is None and actor.role == by and here.registered_on is None:
        initial = {"question": name, "on": wanted.on}
        form = AnswerForm(initial=initial, auto_id=f"{name}-%s")
    return Question(name, state.study.terms[name].says, by, answers[-1] if answers else None, form)
