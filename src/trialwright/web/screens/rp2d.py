"""The recommended phase 2 dose of an arm: chosen by people, beside the MTD that is estimated."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.conduct.dose_decision_acts import ChooseRp2d
from trialwright.conduct.signing import SIGNED_BY
from trialwright.conduct.state import TrialState
from trialwright.protocol.arms import Arm
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import day_field, reason_field
from trialwright.web.roles import actor_of, may_do


class Rp2dForm(forms.Form):
    """A dose level, a day and a reason."""

    level = forms.TypedChoiceField(label="Dose level", coerce=int)
    on = day_field("Day of the choice")
    reason = reason_field("Why this level.")

    def __init__(self, *given: Any, levels: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def rp2d(request: HttpRequest, arm: str) -> HttpResponse:
    """Show what was chosen as the RP2D of an arm, and choose it.

    Parameters
    ----------
    request : HttpRequest
        A POST chooses.
    arm : str
        Arm id.

    Returns
    -------
    HttpResponse
        With the MTD, what was chosen so far, and where it is signed.

    Raises
    ------
    Http404
        If there is no such arm, or the trial is not open.
    """
    state, on = desk.state(), desk.today()
    found, cohort = state.study.arm(arm), state.cohorts.get(arm)
    if found is None or cohort is None:
        raise Http404
    levels = _levels(state, found)
    form = Rp2dForm(request.POST or None, levels=levels, initial={"on": on})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        act = ChooseRp2d(arm, entered["level"], entered["on"], entered["reason"])
        says = f"Dose level {act.level} is the RP2D of arm {arm}."
        if is_done(request, form, act, says):
            return redirect("safety_rp2d", arm=arm)
    decision, subject = state.oversight.last_decision(arm), f"arm-{arm}"
    signed = [each for each in state.oversight.signatures
              if each.target.kind == "rp2d" and each.target.subject == subject]  # fmt: skip
    offers = may_do(actor_of(request), ChooseRp2d) and cohort.level is None
    context = {
        "arm": found, "cohort": cohort, "chosen": state.oversight.rp2d.get(arm),
        "doses": dict(levels), "mtd": decision.payload["mtd"] if decision else None,
        "form": form if offers or form.is_bound else None, "signed": signed,
        "signers": sorted(SIGNED_BY["rp2d"]),
        "history": [each for each in desk.desk().records()
                    if each.happening.act == "rp2d_chosen"
                    and each.happening.subject == subject][::-1],
    }  # fmt: skip
    return render(request, "web/rp2d.html", context, status=REFUSED if form.is_bound else 200)


def _levels(state: TrialState, arm: Arm) -> list[tuple[int, str]]:
    """Give the dose levels of an arm with their dose, lowest first."""
    unit = state.study.agents[arm.ladder.agent].dose_unit
    return [(level, f"Level {level}, {dose:f} {unit}")
            for level, dose in enumerate(arm.ladder.doses, start=1)]  # fmt: skip
