"""Queries as the ledger holds them, in the words of CDISC ODM version 2.0 (element Query)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.scopes import Scope

QueryState = Literal["Candidate", "Open", "Answered", "Closed", "Cancelled", "Resolved"]
"""ODM v2.0, type QueryStateType."""

ENDED: tuple[QueryState, ...] = ("Closed", "Cancelled", "Resolved")
"""States from which nothing leads on."""


@dataclass(frozen=True, slots=True)
class QueryStep:
    """One step of a query.

    Attributes
    ----------
    state : str
        State after it.
    on : date
        Its day.
    account, role : str
        Who took it.
    text : str
        Question, answer or reason.
    sequence : int
        The happening.
    """

    state: QueryState
    on: date
    account: str
    role: str
    text: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the site about data.

    Attributes
    ----------
    number : int
        Counted from 1 in the trial.
    scope : Scope
        What it is about.
    kind : {'Manual', 'System'}
        Raised by a person, or by an edit check.
    steps : tuple of QueryStep
        From its raising on; at least one.
    """

    number: int
    scope: Scope
    kind: str
    steps: tuple[QueryStep, ...]

    @property
    def state(self) -> QueryState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def has_ended(self) -> bool:
        """Whether nothing is to be done about it any more."""
        return self.state in ENDED

    def age_days(self, as_of: date) -> int:
        """Give its age.

        Parameters
        ----------
        as_of : date
            The day; a query that has ended ages no further than the day on which it did.

        Returns
        -------
        int
            Days since it was raised; 0 on that day and before.
        """
        last = min(as_of, self.steps[-1].on) if self.has_ended else as_of
        return max(0, (last - self.steps[0].on).days)


def unended(queries: Mapping[int, Query], scope: Scope) -> tuple[Query, ...]:
    """Give the queries in a part of the data that have not ended.

    Parameters
    ----------
    queries : mapping of int to Query
        All of the trial.
    scope : Scope
        The part; the empty one is the whole trial.

    Returns
    -------
    tuple of Query
        In the order in which they were raised.
    """
    return tuple(
        each for each in queries.values() if not each.has_ended and scope.covers(each.scope)
    )
