"""Acts of queries. Data only; what people write stands in `text`, which can be redacted."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class RaiseQuery:
    """Ask the site about a data point, a form or a participant.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the act.
    text : str
        The question; never a name.
    part : str
        A form by its name; empty for a data point or the participant as a whole.
    sequence, field : int and str
        The happening and path of a data point; 0 and empty otherwise.
    kind : {'Manual', 'System'}
        Raised by a person, or by an edit check.
    as_candidate : bool
        Keep it from the site until it is opened.
    """

    participant: str
    on: date
    text: str
    part: str = ""
    sequence: int = 0
    field: str = ""
    kind: Literal["Manual", "System"] = "Manual"
    as_candidate: bool = False


@dataclass(frozen=True, slots=True)
class OpenQuery:
    """Show a candidate query to the site.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    """

    participant: str
    query: int
    on: date


@dataclass(frozen=True, slots=True)
class AnswerQuery:
    """Answer an open query.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    text : str
        The answer; never a name.
    """

    participant: str
    query: int
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class CloseQuery:
    """Take an answer as settling a query.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    text : str
        Why; may be empty.
    """

    participant: str
    query: int
    on: date
    text: str = ""


@dataclass(frozen=True, slots=True)
class ReopenQuery:
    """Ask again, because an answer does not settle a query.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    text : str
        Why the answer does not settle it.
    """

    participant: str
    query: int
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class ResolveQuery:
    """End a query because the data were put right, answered or not.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    text : str
        What put it right.
    """

    participant: str
    query: int
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class CancelQuery:
    """Take back a query that should not have been raised.

    Attributes
    ----------
    participant : str
        Study number.
    query : int
        Number of the query.
    on : date
        Day of the act.
    text : str
        Why.
    """

    participant: str
    query: int
    on: date
    text: str


QueryMove = OpenQuery | AnswerQuery | CloseQuery | ReopenQuery | ResolveQuery | CancelQuery
"""What changes the state of a query."""
