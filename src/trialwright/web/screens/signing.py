"""Electronic signatures: exactly what is signed is shown, credentials are asked again."""

from datetime import date
from typing import Any, get_args

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from trialwright.assembly import clock
from trialwright.conduct.central_review import sees_both_readers
from trialwright.conduct.evaluations import evaluations_of
from trialwright.conduct.roles import ADJUDICATOR_ROLE, Actor
from trialwright.conduct.shown import content, content_digest
from trialwright.conduct.signing import SIGNED_BY
from trialwright.conduct.signing_acts import Sign, Target, TargetKind
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import sentence
from trialwright.web.known_browsers import is_locked, wrong_code
from trialwright.web.oversight_forms import SignForm
from trialwright.web.roles import actor_of, sees
from trialwright.web.said import groups_of, sections_of
from trialwright.web.screens.participants import asked_for

WRONG = "These are not your credentials. Nothing was signed; enter them again."


@require_safe
def signatures(request: HttpRequest) -> HttpResponse:
    """List every signature, with whether it stands and what voided it.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        Newest first; of participants whom the account may see.
    """
    state, actor = desk.state(), actor_of(request)
    told = desk.desk().standings()
    people = state.participants
    shown = [each for each in told if each.signature.target.subject not in people
             or sees(actor, people[each.signature.target.subject])]  # fmt: skip
    return render(request, "web/signatures.html", {"standings": shown[::-1], "state": state})


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Show exactly what would be signed, and sign it.

    Parameters
    ----------
    request : HttpRequest
        Part, days and entry stand in the query, as far as the kind needs them.
    kind : str
        What sort of thing, e.g. `casebook`.
    subject : str
        Study number, arm as `arm-A`, or the trial's NCT number.

    Returns
    -------
    HttpResponse
        With the digest of what is shown.

    Raises
    ------
    Http404
        If nothing of that kind can be signed, or an adjudicator asks for anything but readings that
        he may see.
    """
    if kind not in get_args(TargetKind):
        raise Http404
    state = desk.state()
    if subject in state.participants:
        asked_for(request, subject)
    target, actor = _target(kind, subject, request.GET), actor_of(request)
    is_central = actor.role == ADJUDICATOR_ROLE
    if is_central and not _is_of_both_readers(state, target, actor):
        raise Http404
    try:
        shown, digest = content(state, target), content_digest(state, target)
    except Refusal as refused:
        faults = [sentence(fault) for fault in refused.faults]
        context: dict[str, Any] = {"target": target, "faults": faults}
        return render(request, "web/sign.html", context, status=REFUSED)
    may_sign = actor.role in SIGNED_BY[target.kind]
    form = SignForm(
        request.POST or None, has_factor=_factor(request) is not None, initial={"digest": digest}
    )
    if request.method == "POST" and form.is_valid():
        methods = _asked_again(request, form)
        if not methods:
            form.add_error("password", WRONG)
        else:
            entered = form.cleaned_data
            act = Sign(target, entered["meaning"], entered["digest"], actor.account,
                       clock.now(), methods)  # fmt: skip
            if is_done(request, form, act, "Signed."):
                if is_central:
                    return redirect("participant_central", number=subject)
                return redirect("signatures")
    context = {
        "is_central": is_central,
        "target": target, "digest": digest,
        "sections": sections_of(
            groups_of(shown["shown"], {name: term.says for name, term in state.study.terms.items()})
        ),
        "is_whole": "whole" in request.GET,
        "whole": _unfolded(request),
        "form": form if may_sign else None, "name": _name(state, actor.account),
        "by": sorted(SIGNED_BY[target.kind]),
    }  # fmt: skip
    return render(request, "web/sign.html", context, status=REFUSED if form.is_bound else 200)


def _unfolded(request: HttpRequest) -> str:
    """Give the query of the same page with every section unfolded."""
    asked = request.GET.copy()
    asked["whole"] = "1"
    return asked.urlencode()


def _is_of_both_readers(state: TrialState, target: Target, actor: Actor) -> bool:
    """Say whether a signature is of readings, and the adjudicator may see both readers'."""
    here = state.participants.get(target.subject)
    if here is None or (target.kind, target.part) != ("form", "central_review"):
        return False
    found = evaluations_of(state, here, desk.today())
    return sees_both_readers(here, found, actor)


def _target(kind: Any, subject: str, given: Any) -> Target:
    """Read from an address what is signed."""
    number = given.get("sequence", "")
    return Target(
        kind, subject, given.get("part", ""), _day(given.get("on")),
        _day(given.get("first_dose_on")), int(number) if number.isdecimal() else 0,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    """Read a day of an address; what is none is left out."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _name(state: TrialState, account: str) -> str:
    """Give the name as it is printed; empty without a row in the delegation log."""
    rows = [each for each in state.oversight.delegations if each.account == account]
    return rows[-1].name if rows else ""


def _factor(request: HttpRequest) -> Authenticator | None:
    """Give the second factor of an account, where one is set."""
    return Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.TOTP
    ).first()


def _asked_again(request: HttpRequest, form: SignForm) -> tuple[str, ...]:
    """Give the methods by which the person was asked again; empty when an answer was wrong.

    A wrong password or code counts towards the lockout as one at signing in does.
    """
    entered, factor = form.cleaned_data, _factor(request)
    user = authenticate(request, username=request.user.get_username(), password=entered["password"])
    if user is None or user.pk != request.user.pk:
        return ()
    if factor is None:
        return ("password",)
    if is_locked(request, user):
        return ()
    if TOTP(factor).validate_code(entered["code"]):
        return ("password", "totp")
    wrong_code(Authenticator, request, user)
    return ()
