"""What programs do: one door for all acts, and the questions of `trialwright ask`."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from trialwright.assembly.library import library
from trialwright.assembly.requests import Request
from trialwright.conduct.act_forms import ACTS, plain, read_act
from trialwright.conduct.acts import Act
from trialwright.questions.asking import QUESTIONS, ask
from trialwright.terms.errors import Refusal, refuse
from trialwright.web import desk
from trialwright.web.api.reading import reply
from trialwright.web.api.replies import CREATED, DONE, REFUSED, body_of, faulty, missing, programs
from trialwright.web.api.told import DoneTold, HeadTold, QuestionsTold, QuestionTold
from trialwright.web.roles import actor_of, sees

KEY = r"^[A-Za-z0-9_-]{8,64}$"
"""Form of the key by which a retry is known, e.g. a random UUID."""


@programs("POST")
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Do an act by the gateway.

    Parameters
    ----------
    request : HttpRequest
        The fields of the act as JSON, and an `Idempotency-Key`.
    name : str
        Of the act.

    Returns
    -------
    HttpResponse
        201 with the receipt; 200 with the same receipt when the key had been used for the same
        act; 409 with every fault when it is refused, and nothing is recorded.
    """
    if name not in ACTS:
        return missing("act", ", ".join(ACTS))
    key, given = _key(request), plain(body_of(request))
    asked, actor = read_act(name, given), actor_of(request)
    if _is_of_another(request, asked):
        return missing("participant", "a study number of the own site")
    number = Request.of(desk.desk().secret, actor.account, key, name, given)
    try:
        done = desk.desk().gateway.execute(asked, actor, number)
    except Refusal as refused:
        return faulty(REFUSED, refused.faults)
    told = DoneTold(
        act=name,
        subject=done.happenings[0].subject,
        recorded=tuple(each.act for each in done.happenings),
        fell_due=tuple(each.act for each in done.due),
        is_repeated=done.is_repeated,
        receipt=HeadTold.model_validate(done.receipt.as_mapping()),
    )
    return reply(told, DONE if done.is_repeated else CREATED)


@programs("GET")
def questions(request: HttpRequest) -> HttpResponse:
    """List the questions.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        `QuestionsTold`.
    """
    listed = tuple(QuestionTold(name=name, says=each.says) for name, each in QUESTIONS.items())
    return reply(QuestionsTold(questions=listed))


@programs("POST")
def question(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a question, as `trialwright ask` does.

    Parameters
    ----------
    request : HttpRequest
        One case as JSON.
    name : str
        Of the question.

    Returns
    -------
    HttpResponse
        The answer with its reasons; 422 with every fault of the case.
    """
    if name not in QUESTIONS:
        return missing("question", ", ".join(QUESTIONS))
    return JsonResponse(ask(name, body_of(request), library()))


@csrf_exempt
def other(request: HttpRequest, rest: str) -> HttpResponse:
    """Say in JSON that there is no such address.

    Parameters
    ----------
    request : HttpRequest
        By any method.
    rest : str
        What stands in the address.

    Returns
    -------
    HttpResponse
        404.
    """
    return missing("address", "an address of /api/openapi.json")


def _key(request: HttpRequest) -> str:
    """Give the key by which a retry is known."""
    key = request.headers.get("Idempotency-Key", "")
    if re.fullmatch(KEY, key):
        return key
    raise refuse("Idempotency-Key", "nothing, or another form", "8 to 64 letters, digits, - and _",
                 "Choose one for each request, and keep it for its retries")  # fmt: skip


def _is_of_another(request: HttpRequest, asked: Act) -> bool:
    """Say whether an act concerns a participant whom the account does not see."""
    here = desk.state().participants.get(getattr(asked, "participant", ""))
    return here is not None and not sees(actor_of(request), here)
