"""The cohort board: arms and dose levels, who is where, and which places are free."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.conduct.registration import open_places
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.arms import Arm
from trialwright.web import desk
from trialwright.web.roles import actor_of, sees
from trialwright.web.standing_points import Outlook, Place, outlook_of, place_of


@dataclass(frozen=True, slots=True)
class Level:
    """One dose level of an arm.

    Attributes
    ----------
    number : int
        1 = lowest.
    dose : str
        With unit.
    word : str
        `open`, `completed` or `not reached`.
    places : tuple of (Place, bool)
        Who is there, and whether the viewer may open the participant.
    free : range
        One for each free place.
    tally : str
        DLTs in evaluable participants, and how many are pending.
    """

    number: int
    dose: str
    word: str
    places: tuple[tuple[Place, bool], ...]
    free: range
    tally: str


@dataclass(frozen=True, slots=True)
class Column:
    """One arm of the board.

    Attributes
    ----------
    arm : Arm
        As in the protocol.
    levels : tuple of Level
        Highest first, as a ladder stands.
    outlook : Outlook
        What comes next.
    waiting : tuple of (ParticipantState, bool)
        Registered without a dose level, and in screening for this arm.
    """

    arm: Arm
    levels: tuple[Level, ...]
    outlook: Outlook
    waiting: tuple[tuple[ParticipantState, bool], ...]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the board as of a day.

    Parameters
    ----------
    request : HttpRequest
        Of anybody who sees participants.

    Returns
    -------
    HttpResponse
        Participants of other sites are shown by number and state alone.
    """
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    shown = {each.number: sees(actor, each) for each in state.participants.values()}
    columns = [_column(state, arm, on, shown) for arm in state.study.arms] if state.cohorts else []
    return render(request, "web/board.html", {"columns": columns, "on": on, "state": state})


def _column(state: TrialState, arm: Arm, on: date, shown: dict[str, bool]) -> Column:
    """Lay out one arm."""
    places = [place_of(state, each, on) for each in state.of_arm(arm.id)]
    free = open_places(state, arm.id, on)
    levels = [
        _level(state, arm, number, [each for each in places if each.status.dose_level == number],
               free, shown)
        for number in range(len(arm.ladder.doses), 0, -1)
    ]  # fmt: skip
    waiting = tuple(
        (each, shown[each.number])
        for each in state.participants.values()
        if each.dose_level is None and _heads_for(each) == arm.id
    )
    return Column(arm, tuple(levels), outlook_of(state, arm.id, on, free), waiting)


def _heads_for(participant: ParticipantState) -> str:
    """Give the arm that somebody is registered in or was last screened for."""
    return participant.arm or (participant.screened_for or ("",))[-1]


def _level(
    state: TrialState, arm: Arm, number: int, places: list[Place], free: int, shown: dict[str, bool]
) -> Level:
    """Lay out one dose level."""
    cohort = state.cohorts[arm.id]
    is_open = cohort.level == number
    word = "open" if is_open else "completed" if places else "not reached"
    unit = state.study.agents[arm.ladder.agent].dose_unit
    states = [each.word for each in places]
    dlts = states.count("dlt")
    tally = f"{dlts} DLT in {dlts + states.count('evaluable')} evaluable"
    pending = states.count("pending")
    return Level(
        number,
        f"{arm.ladder.doses[number - 1]:f} {unit}",
        word,
        tuple((each, shown[each.participant.number]) for each in places),
        range(free if is_open else 0),
        f"{tally}, {pending} pending" if pending else tally if places else "nobody treated",
    )
