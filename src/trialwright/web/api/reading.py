"""What programs read: the trial, participants, calendars, the board, what is due, the ledger."""

import re
from dataclasses import asdict
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from trialwright.assembly.calendars import FEED_DAYS
from trialwright.assembly.clock import REACH
from trialwright.conduct.due import calendar_of, due_visits
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.slot_board import ArmBoard
from trialwright.conduct.slot_board import board as board_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.errors import refuse, shape
from trialwright.web import desk
from trialwright.web.api.board_told import ArmTold, BoardTold, LevelTold, SlotTold
from trialwright.web.api.replies import DONE, missing, programs
from trialwright.web.api.told import (
    CalendarTold,
    DueListTold,
    DueTold,
    EntriesTold,
    EntryTold,
    ParticipantsTold,
    ParticipantTold,
    TrialTold,
    VerifiedTold,
    VisitTold,
)
from trialwright.web.roles import actor_of, seen_by, sees
from trialwright.web.standing_points import step_of

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

USUAL_CYCLES, MOST_CYCLES = 3, 100
USUAL_ENTRIES, MOST_ENTRIES = 100, 500
MOST_SEQUENCE = 10**12


def reply(told: BaseModel, status: int = DONE) -> HttpResponse:
    """Write an answer.

    Parameters
    ----------
    told : BaseModel
        The answer.
    status : int
        HTTP status.

    Returns
    -------
    HttpResponse
        JSON, decimals as text, dates in ISO 8601.
    """
    return HttpResponse(told.model_dump_json(), status=status, content_type="application/json")


@programs("GET")
def trial(request: HttpRequest) -> HttpResponse:
    """Tell the trial.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        `TrialTold`.
    """
    state, open_desk = desk.state(), desk.desk()
    return reply(
        TrialTold(
            trial=open_desk.gateway.trial,
            protocol=open_desk.gateway.protocol.digest,
            is_demo=open_desk.is_demo,
            opened_on=state.opened_on,
            sequence=state.sequence,
            arms=tuple(each.id for each in state.study.arms),
            sites=tuple(each.id for each in state.study.sites),
        )
    )


@programs("GET", query=("as_of",))
def participants(request: HttpRequest) -> HttpResponse:
    """Tell where everybody stands whom the account sees.

    Parameters
    ----------
    request : HttpRequest
        With `as_of`, else today.

    Returns
    -------
    HttpResponse
        `ParticipantsTold`.
    """
    state, on = _state(request)
    seen = tuple(_participant(each, on) for each in seen_by(actor_of(request), state))
    return reply(ParticipantsTold(as_of=on, participants=seen))


@programs("GET", query=("as_of",))
def participant(request: HttpRequest, number: str) -> HttpResponse:
    """Tell where a participant stands.

    Parameters
    ----------
    request : HttpRequest
        With `as_of`, else today.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        `ParticipantTold`.
    """
    state, on = _state(request)
    here = _seen(request, state, number)
    return reply(_participant(here, on)) if here else _nobody()


@programs("GET", query=("as_of", "cycles"))
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """Tell the planned visits of a participant.

    Parameters
    ----------
    request : HttpRequest
        With `as_of` and `cycles`.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        `CalendarTold`.
    """
    state, on = _state(request)
    cycles = _number(request, "cycles", USUAL_CYCLES, 1, MOST_CYCLES)
    here = _seen(request, state, number)
    if here is None:
        return _nobody()
    told = tuple(
        VisitTold(
            code=each.code, what=each.says, on=each.on, earliest=each.earliest,
            latest=each.latest, because=each.because,
        )
        for each in calendar_of(
            state.as_at(here.site), here, cycles, on + timedelta(days=FEED_DAYS), on
        )
    )  # fmt: skip
    return reply(CalendarTold(participant=number, as_of=on, visits=told))


@programs("GET", query=("as_of",))
def board(request: HttpRequest) -> HttpResponse:
    """Tell the cohort board.

    Parameters
    ----------
    request : HttpRequest
        With `as_of`, else today.

    Returns
    -------
    HttpResponse
        `BoardTold`; of other sites, study number and state alone, as on the page.
    """
    state, on = _state(request)
    shown = board_of(state, on)
    arms = tuple(_arm(each) for each in shown.arms)
    return reply(BoardTold(as_of=on, policy=shown.policy, arms=arms))


@programs("GET", query=("as_of",))
def due(request: HttpRequest) -> HttpResponse:
    """Tell what is due and overdue.

    Parameters
    ----------
    request : HttpRequest
        With `as_of`, else today.

    Returns
    -------
    HttpResponse
        `DueListTold`, of whom the account sees.
    """
    state, on = _state(request)
    seen = {each.number for each in seen_by(actor_of(request), state)}
    told = tuple(
        DueTold(**asdict(each)) for each in due_visits(state, on) if each.participant in seen
    )
    return reply(DueListTold(as_of=on, due=told))


@programs("GET", query=("after", "limit"))
def entries(request: HttpRequest) -> HttpResponse:
    """Tell a page of the ledger.

    Parameters
    ----------
    request : HttpRequest
        With `after` and `limit`.

    Returns
    -------
    HttpResponse
        `EntriesTold`.
    """
    after = _number(request, "after", 0, 0, MOST_SEQUENCE)
    limit = _number(request, "limit", USUAL_ENTRIES, 1, MOST_ENTRIES)
    state = desk.state()
    page = desk.desk().records()[after : after + limit]
    told = tuple(_entry(each) for each in page if _may_read(request, state, each))
    last = page[-1].sequence if page else 0
    more = last if page and last < state.sequence else None
    return reply(EntriesTold(after=after, entries=told, next_after=more))


@programs("GET")
def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    """Tell an entry of the ledger.

    Parameters
    ----------
    request : HttpRequest
        Any.
    sequence : int
        Its place.

    Returns
    -------
    HttpResponse
        `EntryTold`.
    """
    state, records = desk.state(), desk.desk().records()
    if not 1 <= sequence <= len(records) or not _may_read(request, state, records[sequence - 1]):
        return missing("sequence", "the number of an entry")
    return reply(_entry(records[sequence - 1]))


@programs("GET")
def verify(request: HttpRequest) -> HttpResponse:
    """Verify the ledger, every signature included.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        `VerifiedTold`.
    """
    found = desk.desk().verify()
    intact = all(each.is_intact for each in found)
    return reply(VerifiedTold(is_intact=intact, reports=tuple(each.says for each in found)))


def _state(request: HttpRequest) -> tuple[TrialState, date]:
    """Give the state of the day that is asked for, and the day."""
    said = request.GET.get("as_of")
    if said is None:
        return desk.state(), desk.today()
    try:
        if not DAY.fullmatch(said):
            raise ValueError(said)
        on = date.fromisoformat(said)
    except ValueError:
        raise refuse("as_of", f"text of the form {shape(said)!r}", "year-month-day",
                     "Correct the day") from None  # fmt: skip
    if not desk.is_within_reach(on):
        raise refuse("as_of", on.isoformat(), REACH, "Correct the day")
    return desk.desk().state_on(on), on


def _number(request: HttpRequest, name: str, usual: int, least: int, most: int) -> int:
    """Read a whole number of the query."""
    said = request.GET.get(name)
    if said is None:
        return usual
    if re.fullmatch(r"0|[1-9][0-9]{0,12}", said) and least <= int(said) <= most:
        return int(said)
    raise refuse(name, f"text of the form {shape(said)!r}", f"a whole number, {least} to {most}",
                 "Correct it")  # fmt: skip


def _seen(request: HttpRequest, state: TrialState, number: str) -> ParticipantState | None:
    """Give a participant whom the account sees."""
    here = state.participants.get(number)
    return here if here and sees(actor_of(request), here) else None


def _nobody() -> HttpResponse:
    """Say that there is no such participant."""
    return missing("number", "a study number")


def _may_read(request: HttpRequest, state: TrialState, record: Recorded) -> bool:
    """Say whether the account may read an entry: those of participants whom it sees."""
    here = state.participants.get(record.happening.subject)
    return here is None or sees(actor_of(request), here)


def _participant(here: ParticipantState, on: date) -> ParticipantTold:
    """Tell where somebody stands."""
    return ParticipantTold(
        number=here.number,
        site=here.site,
        step=step_of(here, on),
        consented_on=here.consented_on,
        registered_on=here.registered_on,
        first_dose_planned_on=here.first_dose_planned_on,
        first_dose_on=here.first_dose_on,
        assigned_on=here.assigned_on,
        arm=here.arm,
        dose_level=here.dose_level,
        choice=dict(here.choice),
        screened_for=here.screened_for,
        adverse_events=len(here.adverse_events),
        doses=len(here.doses),
        assessments=len(here.assessments),
        entries=tuple(sequence for sequence, _ in here.entries),
    )


def _arm(shown: ArmBoard) -> ArmTold:
    """Tell an arm of the board."""
    levels = tuple(
        LevelTold(
            level=each.level, dose=each.dose, state=each.state, because=each.because,
            slots=tuple(
                SlotTold(
                    state=card.state, because=card.because, reference=card.reference,
                    participant=card.participant, site=card.site, until=card.until,
                )
                for card in each.slots
            ),
        )
        for each in shown.levels
    )  # fmt: skip
    return ArmTold(
        arm=shown.arm,
        says=shown.says,
        state=shown.cohort.state,
        free=shown.cohort.free,
        waiting=len(shown.waiting),
        next_free_on=shown.forecast.on,
        next_free_because=shown.forecast.because,
        levels=levels,
    )


def _entry(record: Recorded) -> EntryTold:
    """Tell an entry."""
    done, source = record.happening, record.source
    return EntryTold(
        sequence=record.sequence,
        entered_at=record.entered_at,
        actor=record.actor,
        role=record.role,
        site=record.site,
        source=source if isinstance(source, str | None) else dict(source),
        protocol=record.protocol,
        software=record.software,
        act=done.act,
        subject=done.subject,
        on=done.on,
        reason=done.reason,
        payload=dict(done.payload),
    )
