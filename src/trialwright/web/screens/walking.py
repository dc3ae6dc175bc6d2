"""Every value of a participant, walked back to the entry that holds it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.web import desk
from trialwright.web.flat import values_of
from trialwright.web.screens.participants import asked_for


@require_safe
def values(request: HttpRequest, number: str) -> HttpResponse:
    """List what is on record of a participant, each with its source and its entry.

    Parameters
    ----------
    request : HttpRequest
        A name in its query leaves the others out.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        Newest entry first.
    """
    state, here = asked_for(request, number)
    found = [*values_of(desk.desk().records(), number)][::-1]
    terms = state.study.terms
    said = {each.what: terms[each.what].says or "" for each in found if each.what in terms}
    told = {each.what: said.get(each.what) or each.what for each in found if each.what}
    names = sorted(told, key=lambda name: told[name].casefold())
    wanted = request.GET.get("of", "")
    shown = [each for each in found if each.what == wanted] if wanted in names else found
    context = {"participant": here, "page": "values",
               "values": [(each, said.get(each.what, "")) for each in shown],
               "names": [(name, said.get(name, "")) for name in names],
               "wanted": wanted, "all": len(found)}  # fmt: skip
    return render(request, "web/values.html", context)
