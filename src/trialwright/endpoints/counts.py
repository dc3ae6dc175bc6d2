"""How many participants of an analysis set had an event."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class EventCount:
    """Events and censored follow-ups in one analysis set.

    Attributes
    ----------
    analysis_set : str
        Name of the set, e.g. `treated`.
    endpoint : str
        Name of the endpoint; empty for an empty set.
    participants, events, censored : int
        Participants in the set, and how their follow-up ended.
    by_rule : tuple of (str, int)
        How often each rule decided: commonest first, then by name.
    because : str
        The count in a sentence.
    """

    analysis_set: str
    endpoint: str
    participants: int
    events: int
    censored: int
    by_rule: tuple[tuple[str, int], ...]
    because: str


def count_events(analysis_set: str, answers: Mapping[str, TimeToEvent]) -> EventCount:
    """Count the events of one endpoint in an analysis set.

    Parameters
    ----------
    analysis_set : str
        Name of the set.
    answers : mapping of str to TimeToEvent
        One answer for each participant of the set, by study number.

    Returns
    -------
    EventCount
        With the sentence to show.

    Raises
    ------
    Refusal
        If the answers are of different endpoints.
    """
    endpoints = sorted({answer.endpoint for answer in answers.values()})
    if len(endpoints) > 1:
        raise refuse(
            "answers", " and ".join(endpoints), "answers of one endpoint", "Count each by itself"
        )
    endpoint = endpoints[0] if endpoints else ""
    total = len(answers)
    events = sum(answer.outcome == "event" for answer in answers.values())
    rules = Counter(answer.rule for answer in answers.values())
    by_rule = tuple(sorted(rules.items(), key=lambda counted: (-counted[1], counted[0])))
    return EventCount(
        analysis_set,
        endpoint,
        total,
        events,
        total - events,
        by_rule,
        _sentence(analysis_set, endpoint, total, events, by_rule),
    )


def _sentence(
    analysis_set: str, endpoint: str, total: int, events: int, by_rule: tuple[tuple[str, int], ...]
) -> str:
    """Say the count."""
    if not total:
        return f"No participant in the analysis set {analysis_set}."
    people = "participant" if total == 1 else "participants"
    rules = ", ".join(f"{rule} {count}" for rule, count in by_rule)
    return (
        f"{events} of {total} {people} in the analysis set {analysis_set} had an event of "
        f"{endpoint}, {total - events} censored ({rules})."
    )
