"""A participant's calendar: a month of doses and visits, the cycle as a strip, and the rules."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.conduct.course_stages import waits_for_end
from trialwright.conduct.due import (
    DatedVisit,
    DueVisit,
    assessment_at,
    due_of,
    obligations_of,
)
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.treatment_ends import treatment_over
from trialwright.visits.cycles import DayOfCycle
from trialwright.visits.dosing_days import PlannedDose
from trialwright.web import desk
from trialwright.web.planned import Plan, plan_to
from trialwright.web.screens.participants import asked_for
from trialwright.web.standing_points import ended_of, place_of


@dataclass(frozen=True, slots=True)
class Dosed:
    """What is planned or was recorded of one agent on one day.

    Attributes
    ----------
    agent, short : str
        Its name, and three letters for narrow places.
    amount : str
        With unit; empty while unknown.
    word : str
        `planned`, `given`, `held` or `reduced`.
    """

    agent: str
    short: str
    amount: str
    word: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the month.

    Attributes
    ----------
    on : date
        The day.
    is_inside, is_today : bool
        Whether it belongs to the month, and is today.
    cycle_day : DayOfCycle or None
        None before the first dose.
    doses : tuple of Dosed
        By agent.
    visits : tuple of DatedVisit
        Planned on that day.
    in_window : tuple of DatedVisit
        Planned on another day, and allowed on this one.
    """

    on: date
    is_inside: bool
    is_today: bool
    cycle_day: DayOfCycle | None
    doses: tuple[Dosed, ...]
    visits: tuple[DatedVisit, ...]
    in_window: tuple[DatedVisit, ...]


@require_safe
def month(request: HttpRequest, number: str) -> HttpResponse:
    """Show a month of a participant.

    Parameters
    ----------
    request : HttpRequest
        The month may stand in its query, as year-month.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        Before registration a page that says what comes first.
    """
    state, here = asked_for(request, number)
    on = desk.today()
    first = _month(request.GET.get("month", "")) or _usual(here, on)
    context: dict[str, object] = {
        "participant": here, "page": "calendar", "first": first, "on": on,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": _next(first),
        "weekdays": list(calendar.day_name),
        "ended": ended_of(here),
    }  # fmt: skip
    if here.dose_level is not None:
        plan = _plan(state, here, first)
        inside = [each for each in plan.visits if (each.on.year, each.on.month) ==
                  (first.year, first.month)]  # fmt: skip
        recorded = {each.visit.code: each for each in here.course.visits}
        context |= {
            "arm": state.study.required_arm(here.arm),
            "place": place_of(state, here, on),
            "weeks": _weeks(state, here, plan, first, on),
            "strip": _strip(state, here, plan, _cycle(plan, first, on), on),
            "visits": [
                (
                    each,
                    recorded.get(each.code),
                    assessment_at(state, here, each),
                    waits_for_end(here, each),
                )
                for each in inside
            ],
            "missed": _missed(state, here, on),
            "rules": _rules(state, here, plan, first),
            "duties": obligations_of(state, here),
        }
    return render(request, "web/month.html", context)


def _month(text: str) -> date | None:
    """Read a month of an address; what is none, or too far away to lay out, is left out."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first if desk.is_within_reach(first) else None


def _next(first: date) -> date:
    """Give the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def _usual(here: ParticipantState, on: date) -> date:
    """Give the month to begin with: this one, or the one in which treatment was."""
    days = [dose.on for dose in here.doses]
    last = max(days, default=here.first_dose_planned_on or on)
    return (last if last < on else max(on, min(days, default=last))).replace(day=1)


def _plan(state: TrialState, here: ParticipantState, first: date) -> Plan:
    """Lay out what touches a month, weeks at its edges included; no dose after treatment."""
    plan = plan_to(state, here, _next(first) + timedelta(days=6))
    over = treatment_over(state, here, desk.today())
    if over is None:
        return plan
    doses = tuple(each for each in plan.doses if each.on <= over.after)
    return replace(plan, doses=doses, last=over.after)


def _missed(state: TrialState, here: ParticipantState, on: date) -> list[DueVisit]:
    """Give the visits whose window is over without a record, of any month, each once."""
    over = (each for each in due_of(state, here, on) if each.standing == "overdue")
    return [*{each.code: each for each in over}.values()]


def _weeks(
    state: TrialState, here: ParticipantState, plan: Plan, first: date, on: date
) -> list[list[DayCell]]:
    """Lay out the month in weeks from Monday to Sunday."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[_cell(state, here, plan, day, first, on) for day in week] for week in weeks]


def _cell(
    state: TrialState, here: ParticipantState, plan: Plan, day: date, first: date, on: date
) -> DayCell:
    """Fill one day."""
    return DayCell(
        day,
        (day.year, day.month) == (first.year, first.month),
        day == on,
        plan.day_of(day),
        _dosed(here, plan.doses, day, on),
        tuple(each for each in plan.visits if each.on == day),
        tuple(each for each in plan.visits if each.on != day and each.earliest <= day
              <= each.latest),
    )  # fmt: skip


def _dosed(
    here: ParticipantState, planned: Iterable[PlannedDose], day: date, on: date
) -> tuple[Dosed, ...]:
    """Say what was recorded on a day; what is planned later, or not recorded, is planned."""
    recorded = {dose.agent: dose for dose in here.doses if dose.on == day}
    told = [
        Dosed(each.agent, each.agent[:3], str(each.amount or ""), each.status)
        for each in recorded.values()
    ]
    is_over = not _goes_on(here, day, on)
    for dose in planned:
        if dose.on == day and dose.agent not in recorded and not is_over:
            told.append(Dosed(dose.agent, dose.agent[:3], str(dose.amount or ""), "planned"))
    return tuple(sorted(told, key=lambda each: each.agent))


def _goes_on(here: ParticipantState, day: date, on: date) -> bool:
    """Say whether doses are expected on a day: not after the last recorded, when that is old."""
    last = max((dose.on for dose in here.doses), default=None)
    return last is None or day <= last or (on - last).days <= _LAG_DAYS


_LAG_DAYS = 28
"""Days after the last dose recorded in which planned doses are still shown."""


def _rules(
    state: TrialState, here: ParticipantState, plan: Plan, first: date
) -> list[tuple[str, str, str]]:
    """Give the lines of the protocol that made the doses shown: agent, line in words, label."""
    lines = {line.id: line.says for line in state.study.required_arm(here.arm).dosing}
    return [*dict.fromkeys((each.agent, lines[each.rule], each.label) for each in plan.doses
                           if each.on >= first)]  # fmt: skip


def _cycle(plan: Plan, first: date, on: date) -> int:
    """Give the cycle drawn as a strip: today's or the month's; after treatment its last one."""
    is_now = (first.year, first.month) == (on.year, on.month)
    day = on if is_now else first + timedelta(days=13)
    at = plan.day_of(min(day, plan.last) if plan.last else day)
    return at.cycle if at else 1


def _strip(
    state: TrialState, here: ParticipantState, plan: Plan, cycle: int, on: date
) -> dict[str, object]:
    """Draw a cycle: a row for each agent, a column for each day."""
    begun = plan.starts[cycle - 1]
    days = [begun.on + timedelta(days=day) for day in range(state.study.cycle_days)]
    agents = dict.fromkeys(each.agent for each in plan.doses if each.cycle == cycle)
    rows = []
    for agent in agents:
        cells = []
        for day in days:
            found = [each for each in _dosed(here, plan.doses, day, on) if each.agent == agent]
            cells.append((day, found[0].word if found else ""))
        rows.append((agent, cells))
    return {"cycle": cycle, "days": list(enumerate(days, start=1)), "rows": rows,
            "first": days[0], "last": days[-1], "because": begun.because}  # fmt: skip
