"""Roles of accounts: who a request acts as, and whom that account may see.

The one place that knows where a role comes from: a table in the accounts file, until the
delegation log of the trial says it.
"""

from django.http import HttpRequest

from trialwright.conduct.roles import CARE, GRANTED, Actor
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web.models import Standing

OPERATOR = "operator"
"""Role that keeps accounts and sees nothing of participants."""

READERS = frozenset({"data-manager", "monitor", "inspector"})
"""Roles that see the record of every site."""

STUDY = CARE | READERS
"""Every role that sees participants."""

INSPECTORS = STUDY - {"coordinator"}
"""Roles that read the audit trail."""

ROLES = tuple(sorted(STUDY | {OPERATOR}))
"""Every role that an account can have."""

_ONE_SITE = frozenset({"coordinator", "investigator"})
"""Roles that see the participants of their own site alone."""


def standing_of(request: HttpRequest) -> Standing | None:
    """Give the role and site in which the account of a request stands.

    Parameters
    ----------
    request : HttpRequest
        Of a page.

    Returns
    -------
    Standing or None
        None: nobody has signed in, or the account has no role.
    """
    if not request.user.is_authenticated:
        return None
    return Standing.objects.filter(account_id=request.user.pk).first()


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
    return Actor(request.user.get_username(), standing.role, standing.site)


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
        The gateway asks again when the act is done.
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
        Coordinators and investigators see their own site.
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
        Coordinators and investigators see their own site.
    """
    return actor.role not in _ONE_SITE or actor.site == site


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
