"""Folding queries into the state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from trialwright.conduct.legible import Legible
from trialwright.conduct.oversight_records import Oversight
from trialwright.conduct.query_records import Query, QueryState, QueryStep
from trialwright.conduct.querying import MOVES
from trialwright.conduct.scopes import Scope
from trialwright.conduct.state import changed


def _raised(before: Oversight, seen: Legible) -> Oversight:
    """Add a query; the number of one that cannot be read stays taken."""
    if seen.lost:
        return _with(before, _lost(before, seen))
    told: Mapping[str, Any] = seen.happening.payload
    scope = Scope(seen.happening.subject, told["part"], told["sequence"], told["field"])
    step = _step(seen, told["state"])
    return _with(before, Query(told["query"], scope, told["kind"], (step,)))


def _moved(before: Oversight, seen: Legible) -> Oversight:
    """Add a step to a query; one that cannot be read leads nowhere."""
    if seen.lost:
        return before
    query = before.queries[cast(int, seen.happening.payload["query"])]
    step = _step(seen, _STATE_AFTER[seen.happening.act])
    return _with(before, replace(query, steps=(*query.steps, step)))


def _lost(before: Oversight, seen: Legible) -> Query:
    """Give a query about the participant as a whole, in place of one that cannot be read."""
    scope = Scope(seen.happening.subject)
    number = len(before.queries) + 1
    return Query(number, scope, "Manual", (_step(seen, "Open"),))


def _step(seen: Legible, to: QueryState) -> QueryStep:
    """Give a step; nothing but its words can be redacted."""
    record, done = seen.record, seen.happening
    text = "(the words were redacted)" if "reason" in seen.erased else done.reason
    return QueryStep(to, done.on, record.actor, record.role, text, record.sequence)


def _with(before: Oversight, query: Query) -> Oversight:
    """Give an oversight in which a query stands as said."""
    return changed(before, queries=before.queries.with_entry(query.number, query))


_STATE_AFTER: Mapping[str, QueryState] = {each.happening: each.to for each in MOVES.values()}

QUERY_STEPS: Mapping[str, Callable[[Oversight, Legible], Oversight]] = {
    "query_raised": _raised,
    **dict.fromkeys(_STATE_AFTER, _moved),
}
"""Act of a happening to the function that adds it."""
