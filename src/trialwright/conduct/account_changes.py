"""Changes of accounts, on the record of the trial: who could sign in, and who changed that.

Accounts lie in a database of their own, without a chain. So what is done to one is recorded among
the happenings of the trial as well, where nothing can be changed unseen. It is no act: nobody is
delegated to do it, no rule of the protocol decides it, and it can be done in a trial that is not
open.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from trialwright.conduct.delegating import ACCOUNT
from trialwright.conduct.happenings import Happening
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault, Refusal, shorten

ACCOUNT_CHANGED = "account_changed"
"""Act of such a happening."""

CHANGES = ("invited", "made", "locked", "unlocked", "closed", "reopened", "password changed",
           "second factor set", "second factor removed", "recovery codes made anew",
           "recovery begun", "recovery confirmed", "recovered", "moved")  # fmt: skip
"""What can happen to an account; `invited` stands with the account that made the link."""


def account_changed(account: str, change: str, on: date, reason: str = "") -> Happening:
    """Give the happening of a change.

    Parameters
    ----------
    account : str
        Whose.
    change : str
        One of `CHANGES`.
    on : date
        Day of the change.
    reason : str
        Why; may be empty.

    Returns
    -------
    Happening
        To be recorded.

    Raises
    ------
    Refusal
        If the account is of another form, or there is no such change.
    """
    faults = []
    if not ACCOUNT.fullmatch(account):
        faults.append(Fault("account", "something of another form", "the name of an account",
                            "Name the account"))  # fmt: skip
    if change not in CHANGES:
        faults.append(Fault("change", shorten(change), ", ".join(CHANGES), "Name one of these"))
    if faults:
        raise Refusal(faults)
    payload = {"account": account, "change": change}
    return Happening(ACCOUNT_CHANGED, "accounts", on, payload, reason.strip())


def _noted(state: TrialState, seen: Legible) -> TrialState:
    """Note the entry; nothing else of the trial rests on it."""
    done = seen.happening
    noted = state.oversight.with_entry(done.subject, seen.record.sequence, done.act)
    return replace(state, oversight=noted)


ACCOUNT_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = MappingProxyType(
    {ACCOUNT_CHANGED: _noted}
)
"""Act of a happening to the function that adds it."""
