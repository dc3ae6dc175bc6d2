"""Asking: the questions by name, one case or a line each, and their published schemas."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trialwright.questions import (
    calendar_question,
    criterion_question,
    grade_question,
    next_dose_question,
    rescreen_question,
    schemas,
    screen_question,
    timepoint_question,
)
from trialwright.questions.answering import Answer, Refused
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, read_case, read_json
from trialwright.questions.streams import ByteLines, GivenCase, given_cases, lines_of
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
    answers : type
        The typed answer; its schema is made from it.
    """

    says: str
    case: type[Case]
    answer: Callable[[Any, Library], dict[str, Any]]
    answers: type[Answer]


QUESTIONS: dict[str, Question] = {
    "calendar": Question(
        "On which dates is which agent given, and when are visits due?",
        calendar_question.CalendarCase,
        calendar_question.answer,
        calendar_question.CalendarAnswer,
    ),
    "criterion": Question(
        "Does this participant meet this criterion, and why?",
        criterion_question.CriterionCase,
        criterion_question.answer,
        criterion_question.CriterionAnswer,
    ),
    "grade": Question(
        "Which CTCAE grade is this laboratory value?",
        grade_question.GradeCase,
        grade_question.answer,
        grade_question.GradeAnswer,
    ),
    "next-dose": Question(
        "Which dose level does the next cohort get, and why?",
        next_dose_question.NextDoseCase,
        next_dose_question.answer,
        next_dose_question.NextDoseAnswer,
    ),
    "rescreen": Question(
        "Does this participant gain or lose an arm by a new version of the protocol, and why?",
        rescreen_question.RescreenCase,
        rescreen_question.answer,
        rescreen_question.RescreenAnswer,
    ),
    "screen": Question(
        "For which arms is this participant eligible, why, and what is missing?",
        screen_question.ScreenCase,
        screen_question.answer,
        screen_question.ScreenAnswer,
    ),
    "timepoint-response": Question(
        "What are the RECIST 1.1 responses of these visits?",
        timepoint_question.TimepointCase,
        timepoint_question.answer,
        timepoint_question.TimepointAnswer,
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
    for given in lines_of(lines):
        yield _answered(name, given, library)


def ask_stream(name: str, stream: ByteLines, library: Library) -> Iterator[dict[str, Any]]:
    """Answer the cases of a stream: one object over many lines, or one on each line.

    Parameters
    ----------
    name : str
        The question.
    stream : ByteLines
        An open file, UTF-8.
    library : Library
        What answers come from.

    Yields
    ------
    dict of str to object
        In the order of the cases: an answer, or `{"error": {"line": ..., "faults": [...]}}`.

    Raises
    ------
    Refusal
        If there is no such question, or no case.
    """
    question_of(name)
    for given in given_cases(stream):
        yield _answered(name, given, library)


def _answered(name: str, given: GivenCase, library: Library) -> dict[str, Any]:
    """Answer a case as it came, or say what is wrong with it."""
    try:
        text = given.text
    except Refusal as refused:
        return _refused(given.line, refused)
    return answer_or_error(name, text, library, given.line)


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
    given: object = None
    try:
        given = read_json(text)
        return ask(name, given, library)
    except Refusal as refused:
        return _refused(line, refused, given)


def _refused(line: int, refused: Refusal, given: object = None) -> dict[str, Any]:
    """Write a refusal as JSON, with the id of the case where it has one."""
    name = given.get("id") if isinstance(given, Mapping) else None
    named = {"id": name} if name and isinstance(name, str) else {}
    faults = [told(fault) for fault in refused.faults]
    return {**named, "error": {"line": line, "faults": faults}}


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
    return schemas.case_schema(name, question.says, question.case)


def answer_schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a question's answer, refusals included.

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
    return schemas.answer_schema(name, question.says, question.answers, Refused)
