"""Electronic signatures: who may sign what, and what a signature is bound to.

21 CFR 11.50 asks for the printed name, date, time and meaning; 11.70 for a link between signature
and record that cannot be taken elsewhere: here the digest of exactly what was shown. The person is
asked for credentials again before the act; the act says by which methods, never a secret.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trialwright.conduct.happenings import Happening
from trialwright.conduct.roles import ADJUDICATOR_ROLE, MEDICAL, REVIEW, SIGNING, Actor
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Sign, Target
from trialwright.conduct.state import TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

SIGNED_BY: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "checklist": MEDICAL,
        "form": MEDICAL | {ADJUDICATOR_ROLE},
        "casebook": MEDICAL,
        "dose-decision": SIGNING - {ADJUDICATOR_ROLE},
        "rp2d": SIGNING - {ADJUDICATOR_ROLE},
        "trail": REVIEW | MEDICAL,
    }
)
"""Kind of target to the roles that sign it."""

METHOD = re.compile(r"[a-z][a-z0-9-]{0,31}")
"""Form of a method: a word such as `password` or `passkey`, too short for most secrets."""


def require_signing_role(act: Sign, actor: Actor) -> None:
    """Refuse a signature that is not the role's to give.

    Parameters
    ----------
    act : Sign
        What is asked.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        If the account is another person's, or the role does not sign such a thing.
    """
    faults = []
    if act.account != actor.account:
        faults.append(Fault("account", "the account of somebody else", "the actor's own",
                            "Let the person who answers for it sign"))  # fmt: skip
    granted = SIGNED_BY[act.target.kind]
    if actor.role not in granted:
        faults.append(Fault("target.kind", f"a {act.target.kind}, signed by a {actor.role}",
                            ", ".join(sorted(granted)), "Ask somebody in such a role"))  # fmt: skip
    if actor.role == ADJUDICATOR_ROLE and act.target.part != "central_review":
        faults.append(Fault("target.part", f"{shorten(act.target.part)}, signed by an adjudicator",
                            "central_review", "Ask an investigator"))  # fmt: skip
    if faults:
        raise Refusal(faults)


def sign(state: TrialState, act: Sign) -> tuple[Happening, ...]:
    """Sign what was shown.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Sign
        What, with which meaning, by which account, at which time.

    Returns
    -------
    tuple of Happening
        `signed`, with the printed name of the account.

    Raises
    ------
    Refusal
        If what is signed is no longer what was shown, the delegation log does not know whose
        account it is, the time has no zone, or no method is named by which the person was asked.
    """
    faults = [*_form_faults(act)]
    names = {each.account: each.name for each in state.oversight.delegations}
    if act.account not in names:
        faults.append(Fault("account", "an account of which no person is known",
                            "an account of the delegation log",
                            "Delegate the signing to the person first"))  # fmt: skip
    if faults:
        raise Refusal(faults)
    if content_digest(state, act.target) != act.digest:
        raise refuse("digest", "another content than the one that stands now",
                     "the digest of what is shown now", "Look at it again, then sign")  # fmt: skip
    payload: dict[str, Json] = {
        "target": written(act.target),
        "meaning": act.meaning,
        "digest": act.digest,
        "name": names[act.account],
        "at": act.at.isoformat(),
        "zone": str(act.at.tzinfo),
        "authenticated_by": sorted(set(act.authenticated_by)),
    }
    return (Happening("signed", act.target.subject, act.on, payload),)


def written(target: Target) -> dict[str, Json]:
    """Write what is signed as a recorded value.

    Parameters
    ----------
    target : Target
        What.

    Returns
    -------
    dict of str to Json
        By the names of its fields.
    """
    return {
        "kind": target.kind,
        "subject": target.subject,
        "part": target.part,
        "on": target.on.isoformat() if target.on else None,
        "first_dose_on": target.first_dose_on.isoformat() if target.first_dose_on else None,
        "sequence": target.sequence,
    }


def _form_faults(act: Sign) -> Iterator[Fault]:
    """Refuse a time without a zone, and methods that are none."""
    if act.at.utcoffset() is None:
        yield Fault("at", "a time without its zone", "a time with its zone",
                    "Give the zone of the site")  # fmt: skip
    methods = act.authenticated_by
    if not methods or not all(METHOD.fullmatch(each) for each in methods):
        found = "something of another form" if methods else "nothing"
        yield Fault("authenticated_by", found, "words such as password or passkey",
                    "Name the methods by which the person was asked, never a secret")  # fmt: skip
