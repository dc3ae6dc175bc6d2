"""Queries: asked, answered and ended, in the states of CDISC ODM version 2.0.

ODM names the states, that Candidate and Open begin and that Closed, Resolved and Cancelled end a
query (ODM v2.0, element Query, section Query Workflow). What leads from one to the next is told by
`MOVES`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.conduct.happenings import Happening
from trialwright.conduct.locking import entry_scope, holds_over
from trialwright.conduct.query_acts import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    OpenQuery,
    QueryMove,
    RaiseQuery,
    ReopenQuery,
    ResolveQuery,
)
from trialwright.conduct.query_records import Query, QueryState
from trialwright.conduct.scopes import Scope
from trialwright.conduct.screening import known
from trialwright.conduct.state import TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


@dataclass(frozen=True, slots=True)
class QueryPath:
    """One way from a state of a query to another.

    Attributes
    ----------
    happening : str
        What is recorded.
    starts : tuple of str
        States from which it leads.
    to : str
        The state it leads to.
    needs_text : bool
        Whether words are needed.
    """

    happening: str
    starts: tuple[QueryState, ...]
    to: QueryState
    needs_text: bool = True


MOVES: Mapping[type, QueryPath] = MappingProxyType(
    {
        OpenQuery: QueryPath("query_opened", ("Candidate",), "Open", needs_text=False),
        AnswerQuery: QueryPath("query_answered", ("Open",), "Answered"),
        CloseQuery: QueryPath("query_closed", ("Answered",), "Closed", needs_text=False),
        ReopenQuery: QueryPath("query_reopened", ("Answered",), "Open"),
        ResolveQuery: QueryPath("query_resolved", ("Open", "Answered"), "Resolved"),
        CancelQuery: QueryPath("query_cancelled", ("Candidate", "Open"), "Cancelled"),
    }
)
"""Act to what it does to a query."""


def raise_query(state: TrialState, act: RaiseQuery) -> tuple[Happening, ...]:
    """Ask the site about data.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RaiseQuery
        About what, and the question.

    Returns
    -------
    tuple of Happening
        `query_raised`, with the number of the query; the question stands where it can be redacted.

    Raises
    ------
    Refusal
        If the participant has not consented, there is no such entry or form, what is asked about
        is locked, or nothing is asked.
    """
    scope = entry_scope(state, act.participant, act.on, act.part, act.sequence, act.field)
    faults = [*_text_faults(act.text), *_lock_faults(state, scope)]
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {
        "query": len(state.oversight.queries) + 1,
        "part": scope.part,
        "sequence": scope.sequence,
        "field": scope.field,
        "kind": act.kind,
        "state": "Candidate" if act.as_candidate else "Open",
    }
    return (Happening("query_raised", act.participant, act.on, payload, act.text.strip()),)


def move_query(state: TrialState, act: QueryMove) -> tuple[Happening, ...]:
    """Open, answer, close, reopen, resolve or cancel a query.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : OpenQuery or AnswerQuery or CloseQuery or ReopenQuery or ResolveQuery or CancelQuery
        Which query of which participant, the day, and words where they are needed.

    Returns
    -------
    tuple of Happening
        As `MOVES` names it.

    Raises
    ------
    Refusal
        If the participant has no such query, it stands otherwise, a later step was recorded before,
        or words are missing.
    """
    known(state, act.participant, act.on)
    move, query = MOVES[type(act)], _query(state, act)
    last, text = query.steps[-1], getattr(act, "text", "")
    faults: list[Fault] = []
    if move.needs_text:
        faults += _text_faults(text)
    if act.on < last.on:
        faults.append(Fault("on", f"{act.on.isoformat()}, before it became {last.state} on "
                            f"{last.on.isoformat()} (happening {last.sequence})",
                            f"{last.on.isoformat()} or later", "Correct the day"))  # fmt: skip
    if query.state not in move.starts:
        found = f"{query.state} since {last.on.isoformat()} by entry {last.sequence}"
        allowed = f"{' or '.join(move.starts)}, to become {move.to}"
        faults.append(Fault(f"query {query.number}", found, allowed, _do(query)))
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {"query": query.number}
    return (Happening(move.happening, act.participant, act.on, payload, text.strip()),)


def _query(state: TrialState, act: QueryMove) -> Query:
    """Give the query that is meant."""
    query = state.oversight.queries.get(act.query)
    if query is None or query.scope.participant != act.participant:
        listed = [
            str(each.number)
            for each in state.oversight.queries.values()
            if each.scope.participant == act.participant
        ]
        raise refuse("query", f"query {shorten(act.query)} of {act.participant}",
                     ", ".join(listed) or "none; none was raised",
                     "Correct the number of the query or of the participant")  # fmt: skip
    return query


def _do(query: Query) -> str:
    """Say what leads on."""
    if query.has_ended:
        return "Raise a new query; one that has ended stays ended"
    allowed = [kind.__name__ for kind, move in MOVES.items() if query.state in move.starts]
    return f"Do one of {', '.join(allowed)}"


def _text_faults(text: str) -> Iterator[Fault]:
    """Refuse an act that says nothing."""
    if not text.strip():
        yield Fault("text", "nothing", "words", "Say it, without naming the participant")


def _lock_faults(state: TrialState, scope: Scope) -> Iterator[Fault]:
    """Refuse to ask about what is locked; what is frozen may be asked about."""
    for hold in holds_over(state, scope):
        if hold.state == "locked":
            yield Fault(str(scope), str(hold), "data that are not locked",
                        "Unlock them first, with the reason")  # fmt: skip
