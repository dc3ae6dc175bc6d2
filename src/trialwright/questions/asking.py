"""Asking: the questions by name, one case or a line each, and their published schemas."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from trialwright.questions import (
    calendar_question,
    criterion_question,
    grade_question,
    next_dose_question,
    timepoint_question,
)
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, read_case, read_json
from trialwright.terms.errors import Fault, Refusal, refuse


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked in JSON.

    Attributes
    ----------
    says : str
        What it answers.
    case : type
        Its typed case; the schema is made from it.
    answer : callable (case, Library) -> dict
        The call.
    """

    says: str
    case: type[Case]
    answer: Callable[[Any, Library], dict[str, Any]]


QUESTIONS: dict[str, Question] = {
    "calendar": Question(
        "On which dates is which agent given, and when are visits due?",
        calendar_question.CalendarCase,
        calendar_question.answer,
    ),
    "criterion": Question(
        "Does this participant meet this criterion, and why?",
        criterion_question.CriterionCase,
        criterion_question.answer,
    ),
    "grade": Question(
        "Which CTCAE grade is this laboratory value?",
        grade_question.GradeCase,
        grade_question.answer,
    ),
    "next-dose": Question(
        "Which dose level does the next cohort get, and why?",
        next_dose_question.NextDoseCase,
        next_dose_question.answer,
    ),
    "timepoint-response": Question(
        "What are the RECIST 1.1 responses of these visits?",
        timepoint_question.TimepointCase,
        timepoint_question.answer,
    ),
}
"""One row a question."""


def question_of(name: str) -> Question:
    """Give a question by its name.

    Parameters
    ----------
    name : str
        As listed by `trialwright ask --help`.

    Returns
    -------
    Question
        The question.

    Raises
    ------
    Refusal
        If there is no such question.
    """
    if name not in QUESTIONS:
        raise refuse("question", name, ", ".join(QUESTIONS), "Ask one of these")
    return QUESTIONS[name]


def ask(name: str, given: object, library: Library) -> dict[str, Any]:
    """Answer one case.

    Parameters
    ----------
    name : str
        The question.
    given : object
        The case, as `read_json` gave it.
    library : Library
        What answers come from.

    Returns
    -------
    dict of str to object
        The answer with its reasons; the case's id is handed back.

    Raises
    ------
    Refusal
        With every fault of the case.
    """
    question = question_of(name)
    case = read_case(question.case, given)
    named = {"id": case.id} if case.id else {}
    return {**named, "question": name, **question.answer(case, library)}


def ask_lines(name: str, lines: Iterable[str], library: Library) -> Iterator[dict[str, Any]]:
    """Answer one case a line; a bad one gives an error on its own line.

    Parameters
    ----------
    name : str
        The question.
    lines : iterable of str
        JSON Lines; blank ones are passed over.
    library : Library
        What answers come from.

    Yields
    ------
    dict of str to object
        An answer, or `{"error": {"line": ..., "faults": [...]}}`.

    Raises
    ------
    Refusal
        If there is no such question.
    """
    question_of(name)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield answer_or_error(name, line, library, number)


def answer_or_error(name: str, text: str, library: Library, line: int) -> dict[str, Any]:
    """Answer a case given as text, or say what is wrong with it.

    Parameters
    ----------
    name : str
        The question.
    text : str
        The case as JSON.
    library : Library
        What answers come from.
    line : int
        Line of the input, for the message.

    Returns
    -------
    dict of str to object
        An answer, or an error with every fault.
    """
    try:
        return ask(name, read_json(text), library)
    except Refusal as refused:
        return {"error": {"line": line, "faults": [told(fault) for fault in refused.faults]}}


def told(fault: Fault) -> dict[str, Any]:
    """Write a fault as JSON.

    Parameters
    ----------
    fault : Fault
        The fault.

    Returns
    -------
    dict of str to object
        Where, found, allowed, do.
    """
    return {
        "where": fault.where,
        "found": fault.found,
        "allowed": fault.allowed,
        "do": fault.do,
    }


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a question's case.

    Parameters
    ----------
    name : str
        The question.

    Returns
    -------
    dict of str to object
        JSON Schema 2020-12.

    Raises
    ------
    Refusal
        If there is no such question.
    """
    question = question_of(name)
    described = question.case.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **described,
        "title": name,
        "description": question.says,
    }
