"""The delegation log: who may do what, at which site, on which days.

ICH E6(R3) 2.3.3 asks for a record of the persons to whom tasks are delegated; 21 CFR 11.10(d), (g)
and (i) for authority checks and training. Before the first delegation roles are taken as said;
from then on an act needs a delegation, and what none grants is refused.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from trialwright.conduct.acts import Act, Redact
from trialwright.conduct.cohort_acts import HoldCohort
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate, EndDelegation
from trialwright.conduct.delegation_records import Delegation
from trialwright.conduct.happenings import Happening
from trialwright.conduct.roles import CENTRAL, GRANTED, OPERATOR, Actor, require_role
from trialwright.conduct.screening import STUDY_NUMBER
from trialwright.conduct.signing import require_signing_role
from trialwright.conduct.signing_acts import Sign
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.state import TrialState
from trialwright.conduct.tasks import DELEGATION, TASK_OF
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
"""Form of an account, as the ledger's envelope holds it."""

CHIEF = "principal-investigator"
"""The role that keeps the log."""


def require_authority(state: TrialState, act: Act, actor: Actor) -> None:
    """Refuse an act that role and delegation log do not grant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked.
    actor : Actor
        Who asks, in which role, at which site.

    Raises
    ------
    Refusal
        Naming what is missing: a role, or a delegation of account, role, site and task on the day
        of the act.
    """
    require_role(act, actor)
    if isinstance(act, Sign):
        require_signing_role(act, actor)
    if actor.role == OPERATOR:
        _require_beginning(state, act)
    elif state.oversight.delegations:
        require_delegated(state, act, actor, act.on)


def require_delegated(state: TrialState, act: Act, actor: Actor, day: date) -> None:
    """Refuse an act that nobody delegated to this account on a day; without a log nothing is.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked.
    actor : Actor
        Who asks, in which role, at which site.
    day : date
        Day of the act, or of its entry.

    Raises
    ------
    Refusal
        Naming the first of account, role, site, task and day for which no delegation is left.
    """
    log = state.oversight.delegations
    if not log or actor.role == OPERATOR:
        return
    where, task = site_of(state, act, actor), TASK_OF.get(type(act).__name__, "")
    only = _only_site(state)
    asked: tuple[tuple[str, Callable[[Delegation], bool]], ...] = (
        (f"account {shorten(actor.account)}", lambda each: each.account == actor.account),
        (f"role {actor.role}", lambda each: each.role == actor.role),
        (f"site {shorten(actor.site)}", lambda each: each.holds_at(actor.site)),
        (f"site {shorten(where)}", lambda each: each.holds_at(where, only)),
        (f"task {task}", lambda each: task in each.tasks),
        (f"day {day.isoformat()}", lambda each: each.holds_on(day)),
    )
    left: Sequence[Delegation] = log
    for what, holds in asked:
        found, left = left, [each for each in left if holds(each)]
        if not left:
            allowed = "; ".join(str(each) for each in found if each.account == actor.account)
            raise refuse("delegation", f"{type(act).__name__} by {shorten(actor.account)}: "
                         f"none with {what}", allowed or "accounts of the delegation log",
                         "Ask the principal investigator to delegate the task")  # fmt: skip


def site_of(state: TrialState, act: Act, actor: Actor) -> str:
    """Say at which site an act takes place.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked.
    actor : Actor
        Who asks.

    Returns
    -------
    str
        That of the participant, request or site it concerns; of somebody not known and of a hold
        of a cohort, the actor's own; `all-sites` when it concerns an arm or the whole trial.
    """
    if isinstance(act, EndDelegation):
        ended = [each for each in state.oversight.delegations if each.number == act.delegation]
        return ended[0].site if ended else actor.site
    if isinstance(act, HoldCohort):  # whoever sees a danger stops the arm, wherever it is seen
        return actor.site
    if isinstance(act, _ON_REQUESTS):
        request = state.slots.of(act.reference)
        return request.site if request else actor.site
    whom = getattr(act, "participant", getattr(act, "site", ""))
    if whom in state.participants:
        return state.participants[whom].site
    if whom in (each.id for each in state.study.sites):
        return str(whom)
    is_somebody = bool(getattr(act, "participant", "")) and not isinstance(act, Redact)
    # of nobody known, the act is refused in its own words; a redaction may concern the trial
    return actor.site if is_somebody or STUDY_NUMBER.fullmatch(whom) else EVERY_SITE


def delegate(state: TrialState, act: Delegate) -> tuple[Happening, ...]:
    """Add a row to the delegation log.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Delegate
        Person, role, site, tasks, days and training.

    Returns
    -------
    tuple of Happening
        `delegated`, under the number of the row.

    Raises
    ------
    Refusal
        If the account is of another form or belongs to another person, site, role or task are
        none, the training is missing or later than the first day, the days are turned round,
        such a delegation is in force already, or the account would be of central review and of the
        study. The first one delegates a principal investigator,
        who can delegate.
    """
    faults = [*_account_faults(state, act), *_role_faults(state, act), *_day_faults(act)]
    faults += _first_faults(state, act)
    faults += _twice_faults(state, act)
    faults += _blinding_faults(state, act)
    if faults:
        raise Refusal(faults)
    number = len(state.oversight.delegations) + 1
    payload = {
        "account": act.account,
        "name": act.name.strip(),
        "role": act.role,
        "site": act.site,
        "tasks": sorted(set(act.tasks)),
        "since": act.since.isoformat(),
        "until": act.until.isoformat() if act.until else None,
        "trained_on": act.trained_on.isoformat() if act.trained_on else None,
    }
    return (Happening("delegated", f"delegation-{number}", act.on, payload),)


def end_delegation(state: TrialState, act: EndDelegation) -> tuple[Happening, ...]:
    """End a delegation with the day of the act.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : EndDelegation
        Number, day and reason.

    Returns
    -------
    tuple of Happening
        `delegation_ended`; the row is kept, and so is what was done under it.

    Raises
    ------
    Refusal
        If the log has no such row, or it has ended or not begun by that day.
    """
    rows = {each.number: each for each in state.oversight.delegations}
    row = rows.get(act.delegation)
    if row is None:
        allowed = ", ".join(str(each) for each in rows) or "none; nothing is delegated"
        raise refuse("delegation", f"number {shorten(act.delegation)}", allowed,
                     "Give the number of the row")  # fmt: skip
    if not row.holds_on(act.on) or row.until == act.on:
        raise refuse("on", act.on.isoformat(), f"a day on which it goes on ({row})",
                     "Correct the day")  # fmt: skip
    payload = {"delegation": row.number}
    subject = f"delegation-{row.number}"
    return (Happening("delegation_ended", subject, act.on, payload, act.reason.strip()),)


def may_delegate(state: TrialState, day: date) -> tuple[Delegation, ...]:
    """Give the delegations under which others can be added on a day.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    day : date
        The day.

    Returns
    -------
    tuple of Delegation
        Empty before the first, and when the last has ended: then the operator delegates a
        principal investigator.
    """
    return tuple(
        each
        for each in state.oversight.delegations
        if each.role == CHIEF and DELEGATION in each.tasks and each.holds_on(day)
    )


def tasks_of(role: str) -> frozenset[str]:
    """Give the tasks that can be delegated to a role.

    Parameters
    ----------
    role : str
        E.g. `coordinator`.

    Returns
    -------
    frozenset of str
        Those in which the role may do at least one act; empty for no role of the trial.
    """
    if role == OPERATOR:
        return frozenset()
    return frozenset(TASK_OF[act] for act, roles in GRANTED.items() if role in roles)


def _require_beginning(state: TrialState, act: Act) -> None:
    """Refuse the operator whatever is not the beginning of a trial."""
    if not isinstance(act, Delegate):
        if state.oversight.delegations:
            raise refuse("role", f"{type(act).__name__} by the operator",
                         "an account of the delegation log",
                         "Let somebody to whom the task is delegated do it")  # fmt: skip
    elif may_delegate(state, act.on) or act.role != CHIEF:
        raise refuse("role", f"a {shorten(act.role)} delegated by the operator",
                     "a principal investigator, while nobody else can delegate",
                     "Ask the principal investigator to delegate the task")  # fmt: skip


def _account_faults(state: TrialState, act: Delegate) -> Iterator[Fault]:
    """Refuse an account of another form or another person; no name is shown."""
    if not ACCOUNT.fullmatch(act.account):
        yield Fault("account", "something of another form",
                    "a letter or digit, then up to 63 of letters, digits and ._@+- (ASCII)",
                    "Give the account")  # fmt: skip
    if not act.name.strip():
        yield Fault("name", "nothing", "the name as it is printed", "Name the person")
    if any(each.account == act.account and each.name != act.name.strip()
           for each in state.oversight.delegations):  # fmt: skip
        yield Fault("account", f"{shorten(act.account)}, the account of another person",
                    "a new account for each person",
                    "Give the person an account; accounts are never used again")  # fmt: skip


def _role_faults(state: TrialState, act: Delegate) -> Iterator[Fault]:
    """Refuse a role, a site or tasks that the trial does not know."""
    sites = (*(each.id for each in state.study.sites), EVERY_SITE)
    if act.site not in sites:
        yield Fault("site", shorten(act.site), ", ".join(sites), "Name a site of the protocol")
    can = tasks_of(act.role)
    if not can:
        roles = sorted({role for granted in GRANTED.values() for role in granted} - {OPERATOR})
        yield Fault("role", shorten(act.role), ", ".join(roles), "Name a role of the trial")
    elif not act.tasks or set(act.tasks) - can:
        found = ", ".join(sorted(shorten(each) for each in set(act.tasks) - can)) or "no task"
        yield Fault("tasks", f"{found}, for a {act.role}", ", ".join(sorted(can)),
                    "Delegate tasks of the role")  # fmt: skip


def _day_faults(act: Delegate) -> Iterator[Fault]:
    """Refuse days turned round, and a role without training."""
    if act.until is not None and act.until < act.since:
        yield Fault("until", f"{act.until.isoformat()}, before {act.since.isoformat()}",
                    "the first day or later", "Correct one of the days")  # fmt: skip
    if act.trained_on is None or act.trained_on > act.since:
        found = "no training" if act.trained_on is None else act.trained_on.isoformat()
        yield Fault("trained_on", found, f"a training by {act.since.isoformat()}, the first day",
                    "Record the training; the role begins after it")  # fmt: skip


def _first_faults(state: TrialState, act: Delegate) -> Iterator[Fault]:
    """Refuse a log that nobody could go on with."""
    can_go_on = act.role == CHIEF and DELEGATION in act.tasks and act.since <= act.on
    if not state.oversight.delegations and not can_go_on:
        yield Fault("delegation", "the first of the trial",
                    f"a principal investigator with the task {DELEGATION}, from that day on",
                    "Delegate the principal investigator first")  # fmt: skip


def _twice_faults(state: TrialState, act: Delegate) -> Iterator[Fault]:
    """Refuse a row for days on which the account has the same role at the same site."""
    for each in state.oversight.delegations:
        is_same = (each.account, each.role, each.site) == (act.account, act.role, act.site)
        ends_before = each.until is not None and each.until < act.since
        begins_after = act.until is not None and act.until < each.since
        if is_same and not ends_before and not begins_after:
            yield Fault("delegation", str(each), "one at a time for account, role and site",
                        "End that one first, or correct the days")  # fmt: skip


def _blinding_faults(state: TrialState, act: Delegate) -> Iterator[Fault]:
    """Refuse a role of central review beside one of the study, whatever their days.

    Whoever has a role of the study sees what every reader found; what was seen stays known when
    that role has ended.
    """
    is_central = act.role in CENTRAL
    others = [each for each in state.oversight.delegations
              if each.account == act.account and (each.role in CENTRAL) != is_central]  # fmt: skip
    if others and tasks_of(act.role):
        held = "; ".join(str(each) for each in others)
        yield Fault("role", f"{act.role} for {shorten(act.account)}, beside {held}",
                    "roles of central review alone, or of the study alone: a role of the study "
                    "shows what the other reader found",
                    "Delegate to somebody else")  # fmt: skip


_ON_REQUESTS = ReserveSlot | ReleaseSlot | RefuseSlot | WithdrawSlot | LinkSlot
"""Acts on a request for a place that was made before."""


def _only_site(state: TrialState) -> str:
    """Give the one site of the protocol; empty when there are more or none."""
    sites = state.study.sites
    return sites[0].id if len(sites) == 1 else ""
