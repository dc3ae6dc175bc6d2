"""The wait list of an arm: who is next under the protocol's policy, and who is passed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.happenings import Happening
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.slot_holding import participant_of, places, waits
from trialwright.conduct.slot_records import SlotRequest
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault, Refusal

Obstacle = Literal["", "site not active", "site at its limit"]
"""What keeps somebody from being next although a place is free; empty: nothing."""

SPONSOR_CHOICE = "sponsor choice"
"""Why somebody is passed over whom nothing keeps from being next."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the wait list.

    Attributes
    ----------
    place : int
        Place in the list, from 1.
    request : SlotRequest
        The request.
    because : str
        Why it stands at this place.
    obstacle : {'', 'site not active', 'site at its limit'}
        What keeps a place from being held for it now, a free place apart.
    """

    place: int
    request: SlotRequest
    because: str
    obstacle: Obstacle


def wait_list(state: TrialState, arm: str, as_of: date) -> tuple[Waiting, ...]:
    """Give the wait list of an arm in the order of the protocol's policy.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; the trial is open.
    arm : str
        Arm id.
    as_of : date
        The day.

    Returns
    -------
    tuple of Waiting
        The first one without an obstacle is next. Empty when the protocol declares no slots.
    """
    settings = state.study.slots
    asked = [each for each in state.slots.every(arm) if waits(state, each, as_of)]
    if settings is None or not asked:
        return ()
    ordered: Sequence[tuple[SlotRequest, str]]
    if settings.policy == "round-robin-by-site":
        ordered = tuple(_by_turn(state, arm, asked))
    else:
        ordered = tuple((each, f"requested on {each.on.isoformat()}") for each in asked)
    active = _active_sites(state, as_of)
    at_limit = _sites_at_limit(state, arm, as_of)
    found = []
    for place, (request, because) in enumerate(ordered, start=1):
        here = participant_of(state, request)
        obstacle: Obstacle = ""
        if request.site not in active and not (here and here.registered_on):
            obstacle = "site not active"
        elif request.site in at_limit:
            obstacle = "site at its limit"
        found.append(Waiting(place, request, because, obstacle))
    return tuple(found)


def next_in_line(line: Sequence[Waiting]) -> Waiting | None:
    """Give who is next.

    Parameters
    ----------
    line : sequence of Waiting
        The wait list.

    Returns
    -------
    Waiting or None
        The first one whom nothing keeps; None when there is none.
    """
    return next((each for each in line if not each.obstacle), None)


def passing_over(ahead: Sequence[Waiting], chosen: str, on: date) -> tuple[Happening, ...]:
    """Record for each one ahead in the list that somebody later was given a place.

    Parameters
    ----------
    ahead : sequence of Waiting
        Those who are passed over.
    chosen : str
        Who was given the place.
    on : date
        Day of that.

    Returns
    -------
    tuple of Happening
        `slot_passed_over`, one each.
    """
    return tuple(
        Happening(
            "slot_passed_over",
            each.request.reference,
            on,
            {
                "arm": each.request.arm,
                "chosen": chosen,
                "place": each.place,
                "why": each.obstacle or SPONSOR_CHOICE,
            },
        )
        for each in ahead
    )


def taking_place(state: TrialState, participant: str, arm: str, on: date) -> tuple[Happening, ...]:
    """Let a registered participant take a place: the one held, or one that nobody else has.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; a place of the arm's cohort is untaken.
    participant : str
        Study number.
    arm : str
        Arm of the registration.
    on : date
        Day of the assignment.

    Returns
    -------
    tuple of Happening
        `slot_passed_over` for those who wait and cannot be next; empty by a place that is held.

    Raises
    ------
    Refusal
        If every untaken place is held for somebody else, or somebody who waits is next.
    """
    if state.study.slots is None:
        return ()
    now = places(state, arm, on)
    names = [each.participant for each in now.held]
    if participant in names:
        if names.index(participant) < now.untaken:
            return ()
        raise Refusal([_more_held_than_untaken(arm, now.untaken, len(names))])
    line = wait_list(state, arm, on)
    faults = [*_held_for_others(arm, now.held, now.free), *_others_wait(line, participant)]
    if faults:
        raise Refusal(faults)
    return passing_over(line, participant, on)


def _more_held_than_untaken(arm: str, untaken: int, held: int) -> Fault:
    """Say that earlier reservations go first: somebody counts after all who was replaced."""
    return Fault(f"arm {arm}", f"{held} places are held and {untaken} untaken: somebody who was "
                 "replaced counts after all, and earlier reservations go first",
                 "one of the earliest reservations", "Wait for the next dose decision")  # fmt: skip


def _held_for_others(arm: str, held: Sequence[SlotRequest], free: int) -> Iterator[Fault]:
    """Refuse a place that is held for somebody else."""
    if free < 1:
        names = ", ".join(each.reference for each in held)
        yield Fault(f"arm {arm}", f"every untaken place is held for somebody else: {names}",
                    "a place that is free, or held for this participant",
                    "Request a slot, and wait until a place is reserved")  # fmt: skip


def _others_wait(line: Sequence[Waiting], participant: str) -> Iterator[Fault]:
    """Refuse a free place to somebody who comes past the list."""
    mine = next((each for each in line if each.request.participant == participant), None)
    upcoming = next_in_line(line)
    if mine is not None:
        yield Fault(participant, f"place {mine.place} in the wait list",
                    "a place that is reserved", "Reserve the place first")  # fmt: skip
    elif upcoming is not None:
        yield Fault(participant, f"not in the wait list, in which {upcoming.request.reference} "
                    f"is next ({upcoming.because})", "a free place for which nobody waits",
                    "Request a slot, and wait until a place is reserved")  # fmt: skip


def _by_turn(
    state: TrialState, arm: str, asked: Sequence[SlotRequest]
) -> Iterator[tuple[SlotRequest, str]]:
    """Order requests so that sites take turns; whose turn is longest ago comes first."""
    given: dict[str, int] = {}
    days: dict[str, date] = {}
    for each in state.slots.every(arm):
        held = each.reservation
        if held is not None and held.sequence > given.get(each.site, 0):
            given[each.site], days[each.site] = held.sequence, held.on
    left = list(asked)
    newest = max(given.values(), default=0)
    while left:
        chosen = min(left, key=lambda each: (given.get(each.site, 0), each.sequence))
        if chosen.site not in given:
            because = f"site {chosen.site} has been given no place yet"
        elif chosen.site in days:
            last = days[chosen.site].isoformat()
            because = f"site {chosen.site} was last given a place on {last}"
        else:
            because = f"site {chosen.site} has its turn before"
        yield chosen, f"{because}; requested on {chosen.on.isoformat()}"
        left.remove(chosen)
        newest += 1
        given[chosen.site] = newest
        days.pop(chosen.site, None)


def _active_sites(state: TrialState, as_of: date) -> frozenset[str]:
    """Name the sites that take participants; every site when the protocol names none."""
    statuses = statuses_on(state, as_of)
    if not statuses.sites:
        named = (each.site for each in state.slots.every())
        return frozenset(named if statuses.trial.status == "active" else ())
    return frozenset(site for site, now in statuses.sites.items() if now.status == "active")


def _sites_at_limit(state: TrialState, arm: str, as_of: date) -> frozenset[str]:
    """Name the sites that hold as many places in the arm as they may."""
    most = state.study.slots.site_reservations if state.study.slots else None
    if most is None:
        return frozenset()
    sites = [each.site for each in places(state, arm, as_of).held]
    return frozenset(site for site in sites if sites.count(site) >= most)
