"""The inspector room: the audit trail, the chain, one entry, and the state as of any day."""

import csv
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.assembly.ledger_care import Verified
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.roles import Actor
from trialwright.conduct.scopes import PART_OF
from trialwright.conduct.state import Cohort, TrialState
from trialwright.terms.errors import Fault, Refusal
from trialwright.web import desk
from trialwright.web.flat import leaves_of, points_of
from trialwright.web.forms import sentence
from trialwright.web.point_words import said_of
from trialwright.web.roles import INSPECTORS, actor_of, sees
from trialwright.web.standing_points import step_of

ON_ONE_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail.

    Attributes
    ----------
    record : Recorded
        As the ledger holds it.
    late : int, days
        From the day of the happening to the day of entry.
    source : str
        Door through which it came.
    """

    record: Recorded
    late: int
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the audit trail is asked for; empty fields ask for everything.

    Attributes
    ----------
    subject, act, account : str
        Whom it concerns, what was done, by which account.
    since, until : date or None
        Days of the happening, both included.
    late : int or None, days
        Entered at least so many days after it happened.
    """

    subject: str = ""
    act: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None
    late: int | None = None

    @property
    def query(self) -> str:
        """The same at the end of an address."""
        named = {
            "subject": self.subject, "act": self.act, "account": self.account,
            "since": self.since, "until": self.until, "late": self.late,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in named.items() if value})

    def holds(self, record: Recorded) -> bool:
        """Say whether an entry is asked for.

        Parameters
        ----------
        record : Recorded
            Of the trail.

        Returns
        -------
        bool
            Every field that is not empty must agree.
        """
        done = record.happening
        return (
            self.subject in ("", done.subject)
            and self.act in ("", done.act)
            and self.account in ("", record.actor)
            and (self.since is None or done.on >= self.since)
            and (self.until is None or done.on <= self.until)
            and (self.late is None or _late(record) >= self.late)
        )


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Show the audit trail, newest first.

    Parameters
    ----------
    request : HttpRequest
        Filters and the page stand in its query.

    Returns
    -------
    HttpResponse
        The table alone when a part of the page is asked for.
    """
    seen, names = _seen(actor_of(request)), desk.desk().trail()
    is_whole = not isinstance(seen, list)
    asked = _asked(request.GET)
    found = seen
    if is_whole and asked.subject:
        found = [seen[place] for place in names.places.get(asked.subject, ()) if place < len(seen)]
    if asked.query:
        found = [each for each in found if asked.holds(each)]
    page = max(_number(request.GET.get("page")) or 1, 1)
    begin = (page - 1) * ON_ONE_PAGE
    listed = range(len(found) - 1 - begin, max(len(found) - 1 - begin - ON_ONE_PAGE, -1), -1)
    context = {
        "entries": [_entry(found[place]) for place in listed],
        "found": len(found),
        "all": len(seen),
        "asked": asked,
        "first": begin + 1,
        "last": min(begin + ON_ONE_PAGE, len(found)),
        "newer": page - 1,
        "older": page + 1 if begin + ON_ONE_PAGE < len(found) else 0,
        "subjects": sorted(
            [*names.places] if is_whole else {each.happening.subject for each in seen}
        ),
        "acts": sorted([*names.acts] if is_whole else {each.happening.act for each in seen}),
        "accounts": sorted([*names.accounts] if is_whole else {each.actor for each in seen}),
        "tab": "trail",
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "web/trail_table.html" if is_part else "web/trail.html", context)


def _seen(actor: Actor) -> Sequence[Recorded]:
    """Give the entries that an account may read: those of participants it may see."""
    people, records = desk.state().participants.values(), desk.desk().records()
    hidden = {each.number for each in people if not sees(actor, each)}
    if not hidden:
        return records
    return [each for each in records if each.happening.subject not in hidden]


def _late(record: Recorded) -> int:
    """Give the days from a happening to its entry."""
    entered = date.fromisoformat(record.entered_at[:10])
    return max((entered - record.happening.on).days, 0)


_DIGESTS = ("request", "content")
"""Parts of a source that say which request it was, and nothing to people."""


def _entry(record: Recorded) -> Entry:
    """Give one line of the trail."""
    source = record.source
    if isinstance(source, Mapping):
        told = {name: value for name, value in source.items() if name not in _DIGESTS}
        words = [f"{name} {value}" for name, value in told.items()]
        source = str(told["door"]) if [*told] == ["door"] else ", ".join(words)
    return Entry(record, _late(record), source)


def _asked(given: Mapping[str, str]) -> Asked:
    """Read the filters of an address; what cannot be read asks for nothing."""
    return Asked(
        given.get("subject", ""),
        given.get("act", ""),
        given.get("account", ""),
        _day(given.get("since")),
        _day(given.get("until")),
        _number(given.get("late")),
    )


def _day(text: str | None) -> date | None:
    """Read a day of an address; what is none is left out."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    """Read a number of an address; what is none is left out."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@require_safe
def trail_csv(request: HttpRequest) -> HttpResponse:
    """Give the audit trail as a table file, with the filters of the page.

    Parameters
    ----------
    request : HttpRequest
        Filters stand in its query.

    Returns
    -------
    HttpResponse
        CSV in UTF-8, oldest first; one line for each value of an entry.
    """
    asked = _asked(request.GET)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit-trail.csv"'
    table = csv.writer(response)
    table.writerow(
        ("sequence", "entered_at", "account", "role", "site", "act", "subject", "happened_on",
         "reason", "source", "software", "protocol", "field", "value")
    )  # fmt: skip
    for record in _seen(actor_of(request)):
        if asked.holds(record):
            each, done = _entry(record), record.happening
            envelope = (
                record.sequence, record.entered_at, record.actor, record.role, record.site,
                done.act, done.subject, done.on.isoformat(), done.reason, each.source,
                record.software, record.protocol,
            )  # fmt: skip
            for path, value in leaves_of(done.payload) if done.payload else [("", "")]:
                table.writerow([_safe(str(cell)) for cell in (*envelope, path, value)])
    return response


def _safe(cell: str) -> str:
    """Keep a spreadsheet from taking a text as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and len(cell) > 1 else cell


@require_safe
def entry(request: HttpRequest, sequence: int) -> HttpResponse:
    """Show one entry with everything recorded in it.

    Parameters
    ----------
    request : HttpRequest
        Any.
    sequence : int
        Place in the chain.

    Returns
    -------
    HttpResponse
        A part that was redacted reads as a dash, with the redaction named.

    Raises
    ------
    Http404
        If there is no such entry, or it concerns somebody whom the account may not see.
    """
    state, actor = desk.state(), actor_of(request)
    records = desk.desk().records()
    place = bisect_left(records, sequence, key=lambda each: each.sequence)
    record = records[place] if place < len(records) else None
    here = state.participants.get(record.happening.subject) if record else None
    if record is None or record.sequence != sequence or (here and not sees(actor, here)):
        raise Http404
    payload = record.happening.payload
    values = (
        [(path, said_of(state.study, payload, path)) for path, _ in points_of(payload)]
        if payload
        else []
    )
    context = {
        "entry": _entry(record),
        "values": values,
        "erased": {
            each: said_of(state.study, payload, each).whole or f"{each} of the entry"
            for each in sorted(state.erased.get(sequence, ()))
        },
        "participant": here,
        "is_enterable": here is not None and record.happening.act in PART_OF,
        "newer": sequence + 1 if sequence < state.sequence else 0,
        "older": sequence - 1,
        "tab": "entry",
        "may_inspect": actor.role in INSPECTORS,
    }
    return render(request, "web/entry.html", context)


@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Verify the chain, and offer everything to be taken away.

    Parameters
    ----------
    request : HttpRequest
        `verify` in its query asks for the verification.

    Returns
    -------
    HttpResponse
        With the newest signed head.
    """
    here = desk.desk()
    reports: Sequence[Verified] = ()
    faults: Sequence[Fault] = ()
    try:
        reports = here.verify() if "verify" in request.GET else ()
    except Refusal as refused:
        faults = refused.faults
    context = {
        "faults": [sentence(each) for each in faults],
        "reports": [(each.is_intact, each.says.splitlines()) for each in reports],
        "head": here.gateway.store.head(here.gateway.trial),
        "tab": "chain",
    }
    return render(request, "web/chain.html", context)


@require_safe
def state_as_of(request: HttpRequest) -> HttpResponse:
    """Show the trial as it was on a day, or as it was known at an entry.

    Parameters
    ----------
    request : HttpRequest
        Day and entry stand in its query.

    Returns
    -------
    HttpResponse
        Folded anew from the beginning.
    """
    as_of = _day(request.GET.get("as_of")) or desk.today()
    known_at = _number(request.GET.get("known_at"))
    was = desk.desk().gateway.state_at(as_of, known_at)
    actor = actor_of(request)
    context = {
        "as_of": as_of,
        "known_at": known_at,
        "newest": desk.state().sequence,
        "was": was,
        "participants": [
            (each, step_of(each, as_of)) for each in was.participants.values() if sees(actor, each)
        ],
        "cohorts": _cohorts(was),
        "tab": "state",
    }
    return render(request, "web/state.html", context)


def _cohorts(was: TrialState) -> list[tuple[str, Cohort, str]]:
    """Give what was open in each arm, with the dose."""
    told = []
    for arm in was.study.arms:
        cohort = was.cohorts.get(arm.id)
        if cohort is not None:
            unit = was.study.agents[arm.ladder.agent].dose_unit
            dose = f"{arm.ladder.doses[cohort.level - 1]:f} {unit}" if cohort.level else ""
            told.append((arm.id, cohort, dose))
    return told
