"""Amending the protocol of a running trial: what may change, where it is in force, who consents.

What participants were given and what was decided stays as it was: an amendment adds dose levels,
arms and sites and takes none away that somebody was assigned to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.amendment_folding import AMENDED, version_read
from trialwright.conduct.amendment_records import ProtocolVersion
from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.happenings import Happening
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

MOST_DAYS = 365
"""Longest time allowed for a consent to an amended version, days."""


@dataclass(frozen=True, slots=True)
class DueReconsent:
    """A participant who has yet to consent to an amended version.

    Attributes
    ----------
    participant, site : str
        Study number and site.
    version : int
        Number of the newest version to which consent is asked.
    since, until : date
        Day from which the first version not consented to was in force there, and last day for it.
    standing : {'due', 'overdue'}
        Whether that day is over.
    """

    participant: str
    site: str
    version: int
    since: date
    until: date
    standing: Literal["due", "overdue"]


def amend(state: TrialState, act: AmendProtocol) -> tuple[Happening, ...]:
    """Put another version of the protocol on record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : AmendProtocol
        Text, day, reason, and what changes.

    Returns
    -------
    tuple of Happening
        `protocol_amended`, with the text; of the first amendment also with the text before it.

    Raises
    ------
    Refusal
        If a text cannot be read, is of another trial, or is a version already; if it takes away
        what the trial rests on; if no reason is given or a day is out of order.
    """
    new = version_read(act.text)
    faults = [
        *_text_faults(state, act), *_identity_faults(state, new.study, new.digest),
        *_kept_faults(state, new.study), *_arm_faults(state, new.study), *_day_faults(state, act),
    ]  # fmt: skip
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {
        "number": len(state.amendments.versions) or 1,
        "label": new.study.version,
        "digest": new.digest,
        "text": act.text,
        "changes": list(act.changes),
        "consent_within": act.consent_within,
        "first": act.first,
    }
    nct = state.study.identifiers.nct
    return (Happening(AMENDED, nct, act.on, payload, act.reason.strip()),)


def activate(state: TrialState, act: ActivateAmendment) -> tuple[Happening, ...]:
    """Let a version be in force at a site, or for the trial as a whole.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : ActivateAmendment
        Version, site and first day.

    Returns
    -------
    tuple of Happening
        `amendment_activated`.

    Raises
    ------
    Refusal
        If there is no such amendment or site, the version in force there is not an earlier one, a
        day is out of order, or a site would go ahead of the trial.
    """
    version, amendments = _version(state, act.version), state.amendments
    listed = {each.id for held in amendments.versions for each in held.study.sites}
    if act.site != EVERY_SITE and act.site not in listed:
        raise refuse("site", shorten(act.site), ", ".join((*sorted(listed), EVERY_SITE)),
                     "Name a site of the protocol")  # fmt: skip
    faults = [*_order_faults(state, act, version)]
    whole = amendments.at(EVERY_SITE, act.on)
    if act.site != EVERY_SITE and (whole is None or whole.number < version.number):
        found = whole.number if whole else 0
        faults.append(
            Fault("version", f"version {version.number} at a site, and version {found} for the "
                  f"trial on {act.on.isoformat()}", "a version in force for the trial as a whole",
                  f"Activate it at {EVERY_SITE} first")
        )  # fmt: skip
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {
        "version": version.number, "digest": version.digest, "site": act.site,
    }  # fmt: skip
    subject = state.study.identifiers.nct if act.site == EVERY_SITE else act.site
    return (Happening("amendment_activated", subject, act.on, payload, act.reason.strip()),)


def reconsent(state: TrialState, act: RecordReconsent) -> tuple[Happening, ...]:
    """Record that a participant consented to an amended version.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordReconsent
        Participant, version and day.

    Returns
    -------
    tuple of Happening
        `reconsented`.

    Raises
    ------
    Refusal
        If there is no such amendment, it was not in force at the site by that day, or the
        participant consented to it or a later one already.
    """
    here, version = known(state, act.participant, act.on), _version(state, act.version)
    begun = [
        each.on
        for each in state.amendments.activations.get(here.site, ())
        if each.version == version.number
    ]
    if not begun or act.on < begun[0]:
        since = begun[0].isoformat() if begun else "not yet"
        raise refuse("on", f"{act.on.isoformat()}; version {version.number} is in force at "
                     f"{here.site} since: {since}", "a version in force at the site",
                     "Activate it at the site first, or correct the day")  # fmt: skip
    to = consented_to(state, here)
    if to >= version.number:
        raise refuse("version", f"{version.number}; {here.number} consented to version {to}",
                     f"a version after {to}", "Nothing is to record")  # fmt: skip
    payload: dict[str, Json] = {"version": version.number}
    return (Happening("reconsented", here.number, act.on, payload),)


def consented_to(state: TrialState, here: ParticipantState) -> int:
    """Give the newest version to which a participant consented.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.

    Returns
    -------
    int
        Number of the version; at first the one in force at the site on the day of the consent.
    """
    first = state.amendments.at(here.site, here.consented_on)
    later = (each.version for each in state.amendments.reconsents.get(here.number, ()))
    return max((first.number if first else 0, *later))


def reconsents_due(state: TrialState, as_of: date) -> tuple[DueReconsent, ...]:
    """List who has yet to consent to an amended version.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to that day.
    as_of : date
        The day.

    Returns
    -------
    tuple of DueReconsent
        The one with the earliest last day first; nobody who is screen-failed, off study or dead.
    """
    found = [each for here in state.participants.values() for each in _due(state, here, as_of)]
    return tuple(sorted(found, key=lambda each: (each.until, each.participant)))


def _due(state: TrialState, here: ParticipantState, as_of: date) -> Iterator[DueReconsent]:
    """Give what one participant has yet to consent to."""
    if stage_of(here).name in ENDED:
        return
    to, versions = consented_to(state, here), state.amendments.versions
    asked = [
        (each, within)
        for each in state.amendments.activations.get(here.site, ())
        if to < each.version and each.on <= as_of
        and (within := versions[each.version].consent_within) is not None
    ]  # fmt: skip
    if not asked:
        return
    until = min(each.on + timedelta(days=within) for each, within in asked)
    standing: Literal["due", "overdue"] = "due" if as_of <= until else "overdue"
    yield DueReconsent(
        here.number, here.site, asked[-1][0].version, asked[0][0].on, until, standing
    )  # fmt: skip


def _version(state: TrialState, number: int) -> ProtocolVersion:
    """Give an amended version by its number."""
    versions = state.amendments.versions
    if not 1 <= number < len(versions):
        allowed = f"1-{len(versions) - 1}" if versions else "none; the protocol was never amended"
        raise refuse("version", shorten(number), allowed, "Record the amendment first")
    return versions[number]


def _text_faults(state: TrialState, act: AmendProtocol) -> Iterator[Fault]:
    """Refuse a first amendment without the version before, and a text of it that is another."""
    if state.amendments.versions:
        if act.first:
            yield Fault("first", "a text", "none: the ledger holds it", "Leave it out")
    elif not act.first or version_read(act.first).study != state.study:
        yield Fault("first", "another protocol than the one in force" if act.first else "no text",
                    "the text of the version with which the trial began",
                    "Give that version as the protocol of the ledger")  # fmt: skip


def _identity_faults(state: TrialState, new: Study, digest: str) -> Iterator[Fault]:
    """Refuse another trial, and a version that is on record."""
    nct, versions = state.study.identifiers.nct, state.amendments.versions
    if new.identifiers.nct != nct:
        yield Fault("identifiers.nct", new.identifiers.nct, nct, "Amend this trial's protocol")
    labels = {each.study.version for each in versions} | {state.study.version}
    if new.version in labels or digest in {each.digest for each in versions}:
        yield Fault("version", f"{shorten(new.version)}, which is on record",
                    "a name that no version has", "Name the new version")  # fmt: skip


def _kept_faults(state: TrialState, new: Study) -> Iterator[Fault]:
    """Refuse to take away sites, agents or slots on which what is recorded rests."""
    old = state.amendments.versions[-1].study if state.amendments.versions else state.study
    for where, had, has in (
        ("sites", {each.id for each in old.sites}, {each.id for each in new.sites}),
        ("agents", set(old.agents), set(new.agents)),
        ("arms", {each.id for each in old.arms}, {each.id for each in new.arms}),
    ):
        gone = ", ".join(sorted(had - has))
        if gone:
            yield Fault(where, f"without {gone}", "what the version before has, and more",
                        "Keep it; close a site or a cohort instead")  # fmt: skip
    if old.slots is not None and new.slots is None:
        yield Fault("slots", "none", "settings of slots, which the version before has", "Keep them")


def _arm_faults(state: TrialState, new: Study) -> Iterator[Fault]:
    """Refuse another dose at a level that was open or assigned."""
    for arm in new.arms:
        cohort, before = state.cohorts.get(arm.id), state.study.arm(arm.id)
        if cohort is None or before is None:
            continue
        assigned = [each.dose_level or 0 for each in state.of_arm(arm.id)]
        reached = max([cohort.last_level, cohort.level or 0, *assigned])
        agents = before.ladder.agents
        was = [[before.ladder.amount(each, at) for each in agents] for at in _levels(reached)]
        levels = len(arm.ladder.doses)
        if (
            arm.ladder.agents != agents
            or levels < reached
            or was != [[arm.ladder.amount(each, at) for each in agents] for at in _levels(reached)]
        ):
            yield Fault(f"arms.{arm.id}.ladder", f"other doses at dose levels 1-{reached}",
                        "the doses of every level that was open",
                        "Add a level, and leave those as they are")  # fmt: skip


def _levels(reached: int) -> range:
    """Give the dose levels up to one."""
    return range(1, reached + 1)


def _day_faults(state: TrialState, act: AmendProtocol) -> Iterator[Fault]:
    """Refuse an amendment without a reason, before the one before it, or with an odd time."""
    last = state.amendments.versions[-1].on if state.amendments.versions else state.opened_on
    if last is not None and act.on < last:
        yield Fault("on", act.on.isoformat(), f"{last.isoformat()} or later", "Correct the day")
    if not act.reason.strip():
        yield Fault("reason", "no reason", "a reason", "Say why the protocol is amended")
    if act.consent_within is not None and not 0 <= act.consent_within <= MOST_DAYS:
        yield Fault("consent_within", shorten(act.consent_within), f"0-{MOST_DAYS} days, or none",
                    "Correct the time")  # fmt: skip


def _order_faults(
    state: TrialState, act: ActivateAmendment, version: ProtocolVersion
) -> Iterator[Fault]:
    """Refuse a version before its amendment, or one that is not after the version in force."""
    now, earlier = state.amendments.at(act.site), state.amendments.activations.get(act.site, ())
    if now is not None and now.number >= version.number:
        yield Fault("version", f"{version.number}, and version {now.number} is in force",
                    "a later version", "Correct the number")  # fmt: skip
    first = max([day for day in (version.on, *(each.on for each in earlier)) if day is not None])
    if act.on < first:
        yield Fault("on", act.on.isoformat(), f"{first.isoformat()} or later", "Correct the day")
