"""Roles of requests: who a request acts as, and whom that role may see.

The one place that knows where a role comes from: the delegation log of the trial, on the day of
entry. The accounts file tells who signs in, and who keeps accounts or inspects; it grants nothing
in the trial.
"""

from datetime import date
from typing import cast

from django.http import HttpRequest

from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.roles import CARE, CENTRAL, GRANTED, MEDICAL, OPERATOR, Actor
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web import desk
from trialwright.web.models import Standing

PERSON, INSPECTOR = "person", "inspector"

KINDS = (PERSON, INSPECTOR, OPERATOR)
"""What an account can be for. An operator keeps accounts, begins the delegation log, and sees
nothing of participants; an inspector reads and has no task."""

READERS = frozenset({"data-manager", "monitor", INSPECTOR})
"""Roles that see the record of every site."""

STUDY = CARE | READERS | {"pharmacist", "statistician", "sponsor"}
"""Every role that sees participants."""

INSPECTORS = MEDICAL | READERS
"""Roles that read the audit trail."""

_ONE_SITE = frozenset({"coordinator", "investigator", "pharmacist"})
"""Roles that see the participants of their own site alone."""

_KNOWN = "trialwright_choices"
"""Where a request keeps the answer for one state and account, which its page asks several times."""

CHOSEN = "acts_as"
"""Where a session keeps which of several roles was chosen."""


def actors_of(state: TrialState, account: str, kind: str, day: date) -> tuple[Actor, ...]:
    """Give the roles in which an account can act on a day.

    Parameters
    ----------
    state : TrialState
        With the delegation log.
    account : str
        Its name.
    kind : str
        What the account is for.
    day : date
        Day of entry.

    Returns
    -------
    tuple of Actor
        One for each role and site that the log delegates on that day, in its order; empty: none.
    """
    if kind != PERSON:
        return (Actor(account, kind, EVERY_SITE),)
    sites = [each.id for each in state.study.sites]
    rows = [each for each in state.oversight.delegations
            if each.account == account and each.holds_on(day)]  # fmt: skip
    return tuple(
        dict.fromkeys(
            Actor(account, each.role, sites[0] if _is_the_only(each.site, sites) else each.site)
            for each in rows
        )
    )


def kind_of(role: str) -> str:
    """Say what an account is for that acts in a role.

    Parameters
    ----------
    role : str
        E.g. `coordinator`.

    Returns
    -------
    str
        `person` for every role that the delegation log can give.
    """
    return role if role in KINDS else PERSON


def _is_the_only(site: str, sites: list[str]) -> bool:
    """Say whether every site means one."""
    return site == EVERY_SITE and len(sites) == 1


def choices_of(request: HttpRequest) -> tuple[Actor, ...]:
    """Give the roles in which the account of a request can act today.

    Parameters
    ----------
    request : HttpRequest
        Of a page.

    Returns
    -------
    tuple of Actor
        Empty when nobody has signed in, and for a person to whom nothing is delegated today.
    """
    if not request.user.is_authenticated:
        return ()
    state, known = desk.state(), getattr(request, _KNOWN, None)
    if known is not None and known[0] is state and known[1] == request.user.pk:
        return cast("tuple[Actor, ...]", known[2])
    held = Standing.objects.filter(account_id=request.user.pk).first()
    name = request.user.get_username()
    choices = actors_of(state, name, held.kind, desk.today()) if held is not None else ()
    setattr(request, _KNOWN, (state, request.user.pk, choices))
    return choices


def standing_of(request: HttpRequest) -> Actor | None:
    """Give who acts in a request.

    Parameters
    ----------
    request : HttpRequest
        Of a page.

    Returns
    -------
    Actor or None
        The role chosen in this session, else the first; None: the account has none today.
    """
    choices = choices_of(request)
    chosen = request.session.get(CHOSEN) if choices else None
    return next((each for each in choices if [each.role, each.site] == chosen),
                choices[0] if choices else None)  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """Give who acts in a request.

    Parameters
    ----------
    request : HttpRequest
        Of a page that only accounts with a role are admitted to.

    Returns
    -------
    Actor
        Account, role and site.

    Raises
    ------
    PermissionError
        If the account has no role; no page comes so far.
    """
    standing = standing_of(request)
    if standing is None:
        raise PermissionError("an account without a role acts in nothing")
    return standing


def first_page_of(request: HttpRequest) -> str:
    """Name the page with which the role of a request begins.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    str
        Name of a route that the role may see; without a role the public page.
    """
    standing = standing_of(request)
    if standing is None:
        return "trial"
    if standing.role in CENTRAL:
        return "central"
    return "people" if standing.role == OPERATOR else "today"


def may_do(actor: Actor, act: type) -> bool:
    """Say whether the role of an actor grants an act, so that a form is offered.

    Parameters
    ----------
    actor : Actor
        Who would act.
    act : type
        Of the acts.

    Returns
    -------
    bool
        The gateway asks again when the act is done, and asks the delegation log for the task.
    """
    return actor.role in GRANTED.get(act.__name__, frozenset())


def sees(actor: Actor, participant: ParticipantState) -> bool:
    """Say whether an actor may look at a participant.

    Parameters
    ----------
    actor : Actor
        Who looks.
    participant : ParticipantState
        Who is looked at.

    Returns
    -------
    bool
        Coordinators, investigators and pharmacists see their own site.
    """
    return sees_site(actor, participant.site)


def sees_site(actor: Actor, site: str) -> bool:
    """Say whether an actor may look at the participants of a site.

    Parameters
    ----------
    actor : Actor
        Who looks.
    site : str
        Its id.

    Returns
    -------
    bool
        Coordinators, investigators and pharmacists see their own site.
    """
    return actor.role not in _ONE_SITE or actor.site in (EVERY_SITE, site)


def sees_everybody(actor: Actor, state: TrialState) -> bool:
    """Say whether an actor may look at every participant of the trial.

    Parameters
    ----------
    actor : Actor
        Who looks.
    state : TrialState
        Of the trial.

    Returns
    -------
    bool
        Of somebody of one site, as long as nobody takes part elsewhere.
    """
    return all(sees(actor, each) for each in state.participants.values())


def seen_by(actor: Actor, state: TrialState) -> tuple[ParticipantState, ...]:
    """Give the participants whom an actor may look at.

    Parameters
    ----------
    actor : Actor
        Who looks.
    state : TrialState
        Of the trial.

    Returns
    -------
    tuple of ParticipantState
        In the order of consent.
    """
    return tuple(each for each in state.participants.values() if sees(actor, each))
