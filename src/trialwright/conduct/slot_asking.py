"""Asking for a place, linking the request with the participant, and who may do so for a site."""

from collections.abc import Iterator

from trialwright.conduct.acts import Act
from trialwright.conduct.happenings import Happening
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.redaction import require_legible
from trialwright.conduct.roles import OFFICE, Actor
from trialwright.conduct.screening import known
from trialwright.conduct.slot_acts import (
    LinkSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    SlotAct,
    WithdrawSlot,
)
from trialwright.conduct.slot_holding import ending, holds_place, is_assigned, waits
from trialwright.conduct.slot_records import REQUEST_ID, SlotRequest
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


def request_slot(state: TrialState, act: RequestSlot) -> tuple[Happening, ...]:
    """Put a request for a place of an arm into its wait list.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RequestSlot
        Reference, arm, site and day.

    Returns
    -------
    tuple of Happening
        `slot_requested`.

    Raises
    ------
    Refusal
        If the protocol declares no slots, the arm's escalation has stopped, the site takes nobody,
        the reference is no request id and no participant of the site, it was used before, or the
        participant asks already or has a dose level.
    """
    require_slots(state)
    state.study.required_arm(act.arm)
    require_legible(state)
    faults = [
        *day_faults(state, act, act.arm),
        *_arm_faults(state, act),
        *_site_faults(state, act),
        *_reference_faults(state, act),
    ]
    if faults:
        raise Refusal(faults)
    payload = {"arm": act.arm, "site": act.site}
    return (Happening("slot_requested", act.reference, act.on, payload),)


def link_slot(state: TrialState, act: LinkSlot) -> tuple[Happening, ...]:
    """Say which participant a request made before consent was for.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : LinkSlot
        Request id, study number and day.

    Returns
    -------
    tuple of Happening
        `slot_linked`.

    Raises
    ------
    Refusal
        If the request has ended or is linked, or the participant has not consented, is of another
        site, asks already or has a dose level.
    """
    request = required_request(state, act.reference)
    here = known(state, act.participant, act.on)
    faults = [*day_faults(state, act, request.arm), *_live_faults(state, request, act)]
    if request.participant:
        faults.append(Fault("reference", f"{request.reference} is for {request.participant}",
                            "a request made before consent, not linked yet",
                            "Nothing is to link"))  # fmt: skip
    faults += _participant_faults(state, act.participant, request.arm, act)
    if here.site != request.site:
        faults.append(_other_site(act.participant, here.site, request.site))
    if faults:
        raise Refusal(faults)
    payload = {"participant": act.participant}
    return (Happening("slot_linked", request.reference, act.on, payload),)


def require_own_site(state: TrialState, act: Act, actor: Actor) -> None:
    """Refuse acts on requests of another site, except to the roles that keep the list of sites.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; only acts on requests are looked at.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        Naming the site. Where the sponsor chooses, places are reserved by those roles alone.
    """
    if actor.role in OFFICE:
        return
    office = ", ".join(sorted(OFFICE))
    match act:
        case RequestSlot():
            site = act.site
        case ReserveSlot() | ReleaseSlot() | WithdrawSlot() | LinkSlot():
            request = state.slots.of(act.reference)
            site = request.site if request else actor.site
        case _:
            return
    if site != actor.site:
        raise refuse("site", f"a request of {shorten(site)}, by a {actor.role} of "
                     f"{shorten(actor.site)}", f"the own site, or one of the roles {office}",
                     "Ask somebody of that site, or who holds such a role")  # fmt: skip
    settings = state.study.slots
    if isinstance(act, ReserveSlot) and settings and settings.policy == "sponsor-choice":
        raise refuse("ReserveSlot", f"the role {actor.role}", office,
                     "The sponsor chooses here: ask somebody who holds such a role")  # fmt: skip


def require_slots(state: TrialState) -> None:
    """Refuse acts on places when the protocol declares none.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.

    Raises
    ------
    Refusal
        Saying which setting is missing.
    """
    if state.study.slots is None:
        raise refuse("slots", "a protocol that declares no slots", "the setting `slots`",
                     "Assign the participant to a free place, or amend the protocol")  # fmt: skip


def required_request(state: TrialState, name: str) -> SlotRequest:
    """Give the last request of somebody.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    name : str
        Its reference, or the study number linked with it.

    Returns
    -------
    SlotRequest
        As it stands.

    Raises
    ------
    Refusal
        If the protocol declares no slots, or nobody asked under that name.
    """
    require_slots(state)
    require_legible(state)
    request = state.slots.of(name)
    if request is None:
        raise refuse("reference", "a name under which nobody asked for a place",
                     "a request id, or the study number of somebody who asked",
                     "Correct the reference, or request a slot first")  # fmt: skip
    return request


def day_faults(state: TrialState, act: SlotAct, arm: str) -> Iterator[Fault]:
    """Refuse a day before the last act on the places of the arm: the list is never rewritten.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : SlotAct
        What is asked.
    arm : str
        Arm of the request.

    Yields
    ------
    Fault
        Naming the happening.
    """
    opened, last = state.opened_on, state.slots.last_on(arm)
    if opened is not None and act.on < opened:
        yield Fault("on", f"{act.on.isoformat()}, before the trial was opened on "
                    f"{opened.isoformat()}", "the day of opening or later",
                    "Correct the day")  # fmt: skip
    elif last is not None and act.on < last[0]:
        day, sequence = last
        yield Fault("on", f"{act.on.isoformat()}, before {day.isoformat()}, the day of the last "
                    f"act on the places of arm {arm} (happening {sequence})",
                    f"{day.isoformat()} or later", "Correct the day")  # fmt: skip


def _arm_faults(state: TrialState, act: RequestSlot) -> Iterator[Fault]:
    """Refuse a request for an arm whose escalation has stopped."""
    cohort = state.cohorts[act.arm]
    if cohort.level is None:
        yield Fault(f"arm {act.arm}", cohort.because, "an arm whose escalation goes on",
                    "Ask for a place in another arm")  # fmt: skip


def _site_faults(state: TrialState, act: RequestSlot) -> Iterator[Fault]:
    """Refuse a request of a site that takes nobody; a suspended trial holds every site."""
    statuses = statuses_on(state, act.on)
    here = state.participants.get(act.reference)
    if here is not None and here.registered_on is not None:
        return  # whoever is registered goes on
    if statuses.trial.status != "active":
        yield Fault("trial", statuses.trial.because, "an active trial on the day of the act",
                    "Wait until the trial is reopened")  # fmt: skip
    elif statuses.sites and act.site not in statuses.sites:
        yield Fault("site", shorten(act.site), ", ".join(statuses.sites),
                    "Name a site of the protocol")  # fmt: skip
    elif statuses.sites and statuses.sites[act.site].status != "active":
        yield Fault(f"site {act.site}", statuses.sites[act.site].because,
                    "an active site on the day of the act",
                    "Wait until the site is opened")  # fmt: skip


def _reference_faults(state: TrialState, act: RequestSlot) -> Iterator[Fault]:
    """Refuse a reference of another form, or one that cannot ask now."""
    if act.reference in state.participants:
        here = known(state, act.reference, act.on)
        if here.site != act.site:
            yield _other_site(here.number, here.site, act.site)
        yield from _participant_faults(state, act.reference, act.arm, act)
    elif not REQUEST_ID.fullmatch(act.reference):
        yield Fault(  # what was found is not shown: it may be a name
            "reference", "neither a request id nor somebody who has consented",
            "`request-` and up to 6 digits, or the study number of a participant",
            "Ask under a request id until the participant has consented")  # fmt: skip
    elif act.reference in state.slots.requests:
        yield Fault("reference", f"{act.reference}, which was used before", "a new request id",
                    "Give the next free number; request ids are never used twice")  # fmt: skip


def _participant_faults(
    state: TrialState, participant: str, arm: str, act: RequestSlot | LinkSlot
) -> Iterator[Fault]:
    """Refuse a participant who asks already, has a dose level, or is registered for another arm."""
    here, asked = state.participants[participant], state.slots.of(participant)
    if here.assigned_on is not None:
        yield Fault(participant, f"assigned to dose level {here.dose_level} on "
                    f"{here.assigned_on.isoformat()}", "a participant without a dose level",
                    "Nothing is to request")  # fmt: skip
    elif here.registered_on is not None and here.arm != arm:
        yield Fault(participant, f"registered for arm {here.arm}", f"arm {here.arm}",
                    "Ask for a place in the arm of the registration")  # fmt: skip
    if asked is not None and ending(state, asked, act.on) is None and not is_assigned(state, asked):
        now = "holds a place" if holds_place(state, asked, act.on) else "waits"
        yield Fault(participant, f"request {asked.reference} of {asked.on.isoformat()} {now} in "
                    f"arm {asked.arm}", "one request at a time",
                    "Withdraw that request or release the place first")  # fmt: skip


def _live_faults(state: TrialState, request: SlotRequest, act: LinkSlot) -> Iterator[Fault]:
    """Refuse to link a request that neither waits nor holds a place."""
    ended = ending(state, request, act.on)
    if ended is not None:
        yield Fault("reference", f"{request.reference} {ended.word} on {ended.on.isoformat()}",
                    "a request that waits or holds a place", "Request a slot anew")  # fmt: skip
    elif not (waits(state, request, act.on) or holds_place(state, request, act.on)):
        yield Fault("reference", f"{request.reference}, by which somebody was assigned",
                    "a request that waits or holds a place", "Nothing is to link")  # fmt: skip


def _other_site(participant: str, site: str, asked: str) -> Fault:
    """Say that a participant is of another site than the request."""
    return Fault(participant, f"a participant of site {site}, asked for by {shorten(asked)}",
                 f"site {site}", "Let the participant's own site ask")  # fmt: skip
