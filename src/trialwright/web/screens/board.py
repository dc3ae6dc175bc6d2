"""The cohort board: arms and dose levels, who holds which place, who waits, and what comes next."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_board import ArmBoard, LevelColumn, SlotCard
from trialwright.conduct.slot_windows import WindowProgress
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.arms import Arm
from trialwright.web import desk
from trialwright.web.bars import Bar, progress
from trialwright.web.paging import page_of
from trialwright.web.roles import actor_of, sees, sees_site
from trialwright.web.standing_points import Outlook
from trialwright.web.whole_trial import looked_at


@dataclass(frozen=True, slots=True)
class Level:
    """One dose level of an arm.

    Attributes
    ----------
    column : LevelColumn
        Dose, state of its cohort, and places.
    name : str
        Of its places in the page.
    page : Page of SlotCard
        The places that are shown, of all of them.
    cards : tuple of (SlotCard, Bar or None, bool)
        Each of those with its DLT window while that runs, and whether the viewer sees that site.
    tally : str
        DLTs in evaluable participants, and how many are pending.
    """

    column: LevelColumn
    name: str
    page: Page[SlotCard]
    cards: tuple[tuple[SlotCard, Bar | None, bool], ...]
    tally: str


@dataclass(frozen=True, slots=True)
class Column:
    """One arm of the board.

    Attributes
    ----------
    arm : Arm
        As in the protocol.
    board : ArmBoard
        Places, wait list, ended requests and forecast.
    levels : tuple of Level
        Highest first, as a ladder stands.
    outlook : Outlook
        What the design says.
    coming : tuple of (ParticipantState, bool)
        Registered without a dose level, and in screening for this arm.
    """

    arm: Arm
    board: ArmBoard
    levels: tuple[Level, ...]
    outlook: Outlook
    coming: tuple[tuple[ParticipantState, bool], ...]


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
    whole = looked_at(state, on)
    shown = whole.board
    columns = (
        [_column(request, state, each, whole.outlooks[each.arm], on, actor) for each in shown.arms]
        if state.cohorts else []
    )  # fmt: skip
    context = {"columns": columns, "on": on, "state": state, "policy": shown}
    return render(request, "web/board.html", context)


def _column(
    request: HttpRequest,
    state: TrialState,
    shown: ArmBoard,
    outlook: Outlook,
    on: date,
    actor: Actor,
) -> Column:
    """Lay out one arm."""
    coming = tuple(
        (each, sees(actor, each))
        for each in state.participants.values()
        if each.dose_level is None
        and stage_of(each).name not in ENDED
        and _heads_for(each) == shown.arm
    )
    levels = tuple(_level(request, each, shown, on, actor) for each in reversed(shown.levels))
    arm = state.study.required_arm(shown.arm)
    return Column(arm, shown, levels, outlook, coming)


def _heads_for(participant: ParticipantState) -> str:
    """Give the arm that somebody is registered in or was last screened for."""
    return participant.arm or (participant.screened_for or ("",))[-1]


def _level(
    request: HttpRequest, column: LevelColumn, shown: ArmBoard, on: date, actor: Actor
) -> Level:
    """Lay out one dose level."""
    name = f"places-{shown.arm}-{column.level}"
    page = page_of(request, name, column.slots)
    cards = tuple((each, _bar(each.window, on), sees_site(actor, each.site)) for each in page)
    windows = [each for each in shown.cohort.windows if each.dose_level == column.level]
    return Level(column, name, page, cards, _tally(windows))


def _bar(window: WindowProgress | None, on: date) -> Bar | None:
    """Draw a DLT window while it runs."""
    if window is None or window.opened is None or window.last is None or on > window.last:
        return None
    return progress(window.opened, window.last, on, "DLT window")


def _tally(windows: list[WindowProgress]) -> str:
    """Say how many were seen at a dose level."""
    states = [each.evaluable.state for each in windows]
    dlts, pending = states.count("dlt"), states.count("pending")
    tally = f"{dlts} DLT in {dlts + states.count('evaluable')} evaluable"
    if pending:
        return f"{tally}, {pending} pending"
    return tally if windows else "nobody treated"
