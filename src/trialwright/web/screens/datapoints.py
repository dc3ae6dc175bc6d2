"""The values of one entry: their history, and what is corrected, asked, verified and held."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from trialwright.conduct.acts import Act, Redact
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.corrections import FieldValue, as_corrected, history
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.locking import DataPointState, data_point_state
from trialwright.conduct.locking_acts import DataPoint, Freeze, Lock, Unlock, VerifySource
from trialwright.conduct.query_acts import RaiseQuery
from trialwright.conduct.roles import Actor
from trialwright.conduct.scopes import PART_OF
from trialwright.conduct.state import TrialState
from trialwright.terms.canonical import Json
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.flat import points_of
from trialwright.web.oversight_forms import AskForm, CorrectForm, NoForm, UnlockForm
from trialwright.web.point_words import Said, said_of
from trialwright.web.roles import actor_of, may_do
from trialwright.web.screens.participants import asked_for


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the entry.

    Attributes
    ----------
    field : str
        Its path.
    value : Json
        As it stands, with corrections.
    said : Said
        Both in words.
    word : str
        Where it stands.
    address : str
        Of its history.
    """

    field: str
    value: Json
    said: Said
    word: DataPointState
    address: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with a value.

    Attributes
    ----------
    says, done : str
        Words of the button, and of what came of it.
    act : type
        The act.
    make : callable (number, sequence, field, day, entered) -> Act
        Reads the form.
    """

    says: str
    done: str
    act: type
    make: Callable[[str, int, str, date, Mapping[str, Any]], Act]


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "correct": Deed(
            "Correct", "The value is corrected.", Correct,
            lambda number, sequence, field, on, entered: Correct(
                number, on, sequence, field, entered["old"], entered["new"], entered["reason"]
            ),
        ),
        "ask": Deed(
            "Raise a query", "The query is raised.", RaiseQuery,
            lambda number, sequence, field, on, entered: RaiseQuery(
                number, on, entered["text"], "", sequence, field
            ),
        ),
        "verify": Deed(
            "Agrees with its source", "The value is verified.", VerifySource,
            lambda number, sequence, field, on, _: VerifySource(
                number, on, (DataPoint(sequence, field),)
            ),
        ),
        "freeze": Deed(
            "Freeze", "The value is frozen.", Freeze,
            lambda number, sequence, field, on, _: Freeze(number, on, "", sequence, field),
        ),
        "lock": Deed(
            "Lock", "The value is locked.", Lock,
            lambda number, sequence, field, on, _: Lock(number, on, "", sequence, field),
        ),
        "unlock": Deed(
            "Open again", "The value is open again.", Unlock,
            lambda number, sequence, field, on, entered: Unlock(
                number, on, entered["reason"], "", sequence, field
            ),
        ),
    }
)  # fmt: skip
"""Word of a form to what it does."""


@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest, number: str, sequence: int) -> HttpResponse:
    """Show the values of an entry, and do something with one of them.

    Parameters
    ----------
    request : HttpRequest
        The path of a value in its query shows its history and forms.
    number : str
        Study number.
    sequence : int
        The entry.

    Returns
    -------
    HttpResponse
        Every value as it stands now.

    Raises
    ------
    Http404
        If the entry is none of the participant's, or it enters nothing.
    """
    state, here = asked_for(request, number)
    record = next((each for each in here.records if each.sequence == sequence), None)
    if record is None or record.happening.act not in PART_OF:
        raise Http404
    field, actor = request.GET.get("field", ""), actor_of(request)
    shows_parts = "all" in request.GET
    listed = [*_points(state, record, number)]
    chosen = next((each for each in listed if each.field == field), None)
    bound: dict[str, forms.Form] = {}
    if request.method == "POST" and chosen is not None:
        word = request.POST.get("do", "")
        if word not in DEEDS:
            raise Http404
        form = _form(word, chosen, request.POST)
        if form.is_valid():
            deed = DEEDS[word]
            act = deed.make(number, sequence, field, desk.today(), form.cleaned_data)
            if is_done(request, form, act, deed.done):
                return redirect(chosen.address)
        bound = {word: form}
    context = {
        "participant": here, "page": "values", "record": record,
        "points": [each for each in listed if shows_parts or _is_shown(each, chosen)],
        "hidden": sum(not _is_shown(each, chosen) for each in listed), "all": shows_parts,
        "chosen": chosen, "history": _history(record, chosen),
        "deeds": [*_deeds(actor, chosen, bound)] if chosen else [],
        "may_redact": may_do(actor, Redact) and _is_held(record, field),
    }  # fmt: skip
    return render(request, "web/points.html", context, status=REFUSED if bound else 200)


def _is_shown(point: Point, chosen: Point | None) -> bool:
    """Say whether a value is listed: not one that says again what another says, nor is held."""
    return not point.said.is_part or point == chosen or point.word != "entered"


def _is_held(record: Recorded, field: str) -> bool:
    """Say whether an entry itself holds a value in a field: not a correction, and not erased."""
    return dict(points_of(record.happening.payload)).get(field) not in (None, "", [], {})


def _points(state: TrialState, record: Recorded, number: str) -> Iterator[Point]:
    """Give every value of an entry as corrections left it."""
    shown = as_corrected(record, state.corrected.get(record.sequence, ()))
    at = reverse("participant_points", args=[number, record.sequence])
    for field, value in points_of(shown.happening.payload):
        word = data_point_state(state, number, record.sequence, field)
        said = said_of(state.study, shown.happening.payload, field)
        yield Point(field, value, said, word, f"{at}?{urlencode({'field': field})}#point")


def _history(record: Recorded, chosen: Point | None) -> tuple[FieldValue, ...]:
    """Give every value that a field had; the first one first."""
    if chosen is None:
        return ()
    return history(desk.desk().records(), record.sequence, chosen.field)


def _deeds(
    actor: Actor, chosen: Point, bound: Mapping[str, forms.Form]
) -> Iterator[tuple[str, Deed, forms.Form]]:
    """Give what the account may do with a value as it stands."""
    is_held = chosen.word in ("frozen", "locked")
    for word, deed in DEEDS.items():
        fits = is_held if word == "unlock" else not (is_held and word in ("correct", "freeze"))
        if word in bound or (fits and may_do(actor, deed.act)):
            yield word, deed, bound.get(word) or _form(word, chosen, None)


def _form(word: str, chosen: Point, given: Any) -> forms.Form:
    """Give the form of a deed."""
    ids = f"{word}-%s"
    if word == "correct":
        if given is None:
            return CorrectForm.about(chosen.value, auto_id=ids)
        return CorrectForm(given, auto_id=ids)
    kinds: dict[str, type[forms.Form]] = {"ask": AskForm, "unlock": UnlockForm}
    return kinds.get(word, NoForm)(given, auto_id=ids)
