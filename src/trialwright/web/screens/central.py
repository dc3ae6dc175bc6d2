"""Independent central review: what is to be read, each reader's own readings, and adjudication."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from trialwright.conduct.acts import Act, RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.central_records import ADJUDICATOR, READERS, Adjudicate
from trialwright.conduct.central_review import readable, sees_both_readers
from trialwright.conduct.evaluations import Evaluations, evaluations_of
from trialwright.conduct.person_outcomes import as_read_by
from trialwright.conduct.roles import ADJUDICATOR_ROLE, CENTRAL, READER, Actor
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_made
from trialwright.web.forms import reason_field
from trialwright.web.roles import actor_of, seen_by
from trialwright.web.screens.participants import asked_for
from trialwright.web.tumour_forms import AssessmentForm, BaselineForm

_WORDS = {each.replace(" ", "-"): each for each in (*READERS, ADJUDICATOR)}
"""Word of an address to the evaluator."""

DECISION = "decision"
"""Word of an address for the form of adjudication."""


@dataclass(frozen=True, slots=True)
class Row:
    """A participant as the list of central review shows one.

    Attributes
    ----------
    number : str
        Study number.
    step : str
        What is to be done; for a reader never what another reader found.
    is_due : bool
        Whether an adjudicator has something to do.
    """

    number: str
    step: str
    is_due: bool


class DecisionForm(forms.Form):
    """The decision between two readers."""

    chosen = forms.ChoiceField(
        label="Whose reading counts",
        choices=[("", "choose"), *((each, each.capitalize()) for each in READERS),
                 (ADJUDICATOR, "My own, which is on record")],
    )  # fmt: skip
    reason = reason_field("Why this reading counts.")


@require_safe
def central(request: HttpRequest) -> HttpResponse:
    """List what central review has to do.

    Parameters
    ----------
    request : HttpRequest
        Of a reader, an adjudicator or the study.

    Returns
    -------
    HttpResponse
        Of every participant with a dose level whom the account may see.
    """
    state, actor, on = desk.state(), actor_of(request), desk.today()
    rows = [
        _row(evaluations_of(state, each, on), actor)
        for each in seen_by(actor, state)
        if each.dose_level is not None
    ]
    context = {
        "rows": sorted(rows, key=lambda each: not each.is_due),
        "evaluation": state.study.response.evaluation,
    }
    return render(request, "web/central.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_participant(request: HttpRequest, number: str) -> HttpResponse:
    """Show the readings of a participant that the account may see, and record one.

    Parameters
    ----------
    request : HttpRequest
        A POST records a reading or a decision; `as` of its query says which.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        A reader sees own readings alone.
    """
    state, here = asked_for(request, number)
    actor, on = actor_of(request), desk.today()
    word = request.GET.get("as", "")
    choices = [*_choices(here, actor)]
    form = None
    if word:
        if word not in choices:
            raise Http404
        form = _form(request, state, here, word)
        if request.method == "POST" and form.is_valid():
            said = f"{_says(word)} of {number} is on record."
            if is_made(request, form, lambda: _act(form, here, word, on), said):
                return redirect("participant_central", number=number)
    found = evaluations_of(state, here, on)
    shown = readable(here, found, actor)
    context = {
        "participant": here, "found": found, "is_blind": actor.role == READER, "form": form,
        "is_central": actor.role in CENTRAL, "step": _step(found, actor),
        "readings": [(name, found.readers[name]) for name in shown],
        "choices": [(each, _says(each), each == word) for each in choices],
        "says": _says(word),
        "may_sign": actor.role == ADJUDICATOR_ROLE and sees_both_readers(here, found, actor),
    }  # fmt: skip
    status = REFUSED if form is not None and form.is_bound else 200
    return render(request, "web/participant_central.html", context, status=status)


def _row(found: Evaluations, actor: Actor) -> Row:
    """Say what is to be done about one participant."""
    return Row(found.participant, _step(found, actor), found.is_due and actor.role != READER)


def _step(found: Evaluations, actor: Actor) -> str:
    """Say where central review stands, as far as the actor may know."""
    if actor.role == READER:
        return "; ".join(found.unfinished) or "both readers have finished what is on record"
    return found.because


def _choices(here: ParticipantState, actor: Actor) -> Iterator[str]:
    """Name the forms that an actor may use."""
    review = here.central_review
    if actor.role == READER:
        own = [name for name in READERS if actor.account in review.of(name).accounts]
        free = [name for name in READERS if not review.of(name).accounts]
        for name in own or free:
            yield name.replace(" ", "-")
    elif actor.role == ADJUDICATOR_ROLE:
        yield from (DECISION, ADJUDICATOR)


def _form(request: HttpRequest, state: TrialState, here: ParticipantState, word: str) -> Any:
    """Give the form: a decision, the baseline, or an assessment of that evaluator's lesions."""
    if word == DECISION:
        return DecisionForm(request.POST or None)
    own = as_read_by(here, _WORDS[word])
    kind = BaselineForm if own.baseline is None else AssessmentForm
    return kind(request.POST or None, state=state, here=own)


def _act(form: Any, here: ParticipantState, word: str, on: date) -> Act:
    """Read the form as an act."""
    if word == DECISION:
        entered = form.cleaned_data
        return Adjudicate(here.number, on, entered["chosen"], entered["reason"])
    made = cast(RecordTumourBaseline | RecordTumourAssessment, form.act(on))
    return replace(made, evaluator=_WORDS[word])


def _says(word: str) -> str:
    """Name a form for people."""
    if word == DECISION:
        return "Adjudication"
    return f"Reading as {_WORDS.get(word, '')}"
